"""Answers that a browser keeps, and asks for again with the tag of what it has."""

from fastapi import Request, Response

REVALIDATE = {"Cache-Control": "no-cache"}
"""Kept, but only shown after a question with its ETag."""


def with_etag(content: bytes, media_type: str, tag: str) -> Response:
    """Return a content under its entity tag."""
    return Response(content, media_type=media_type, headers={"ETag": tag} | REVALIDATE)


def has_tag(request: Request, tag: str) -> bool:
    """Return whether the browser has the content of an entity tag already."""
    return tag in request.headers.get("if-none-match", "")


def unchanged(tag: str) -> Response:
    """Return the note that the browser has the content already."""
    return Response(status_code=304, headers={"ETag": tag} | REVALIDATE)
