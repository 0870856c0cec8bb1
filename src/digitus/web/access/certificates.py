"""The certificate for HTTPS, checked before the server starts."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from digitus.errors import ServerError


@dataclass(frozen=True)
class Certificate:
    """A certificate and its private key, both as PEM files.

    Attributes:
        file: the certificate; those of the authorities between it and the root may follow in it.
        key: not encrypted, because nobody is there to type a password.
    """

    file: Path
    key: Path

    def check(self) -> None:
        """Load both.

        Raises:
            ServerError: if one cannot be read, or they do not belong together.
        """
        for path, option in ((self.file, "--tls-cert"), (self.key, "--tls-key")):
            try:
                path.read_bytes()
            except OSError as error:
                reason = error.strerror or error
                raise ServerError(f"{option} {path}: cannot be read ({reason})") from error
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.file, self.key, password=self._refuse_password)
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                problem = f"{self.key}: expected the key of {self.file}, got another one"
            else:
                problem = f"{self.file} and {self.key}: expected a certificate and its key as PEM"
            remedy = "docs/reference/security.md says how to make them"
            raise ServerError(f"{problem}; {remedy}") from error

    def _refuse_password(self) -> str:
        remedy = f"decrypt it with `openssl pkey -in {self.key.name} -out plain.pem`"
        raise ServerError(f"{self.key}: expected a key without a password; {remedy}")
