"""Headers of every answer: what the browser may do with it."""

from collections.abc import Mapping


def _policy(form_action: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            f"form-action {form_action}",
            "frame-ancestors 'none'",
        )
    )


CONTENT_POLICY = _policy("'none'")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
}
SIGN_IN_HEADERS: Mapping[str, str] = {
    **HEADERS,
    "Content-Security-Policy": _policy("'self'"),
    # With no-referrer, browsers send `Origin: null` with the form.
    "Referrer-Policy": "same-origin",
}
