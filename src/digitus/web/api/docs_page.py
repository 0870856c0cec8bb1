"""``/docs``: the description of the interface as a page, without a script."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Digitus: HTTP interface</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/tokens.css">
<link rel="stylesheet" href="/styles/base.css">
<link rel="stylesheet" href="/styles/docs.css">
</head>
<body>
<header class="top">
<h1 class="wordmark">Digitus: HTTP interface</h1>
<a href="/">The page</a>
</header>
<main class="operations">
{content}
</main>
</body>
</html>
"""
_METHODS = ("get", "post", "put", "patch", "delete")
_ORDER = ("Single digits", "Pages", "Batches", "Review", "Server", "Page")
_DEEPEST = 6

Json = Mapping[str, Any]


def docs_page(document: Json) -> str:
    """Return the page of an OpenAPI document: operations by tag, with parameters and examples."""
    return _PAGE.format(content="\n".join(_content(document)))


def _content(document: Json) -> Iterator[str]:
    for paragraph in document["info"].get("description", "").split("\n\n"):
        yield f"<p>{_text(paragraph)}</p>"
    yield '<p>As a file for programs: <a href="/openapi.json">openapi.json</a>.</p>'
    tags: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in filter(operations.__contains__, _METHODS):
            operation = operations[method]
            shown = "".join(_operation(document, method, path, operation))
            tags.setdefault(operation["tags"][0], []).append(shown)
    for tag in sorted(tags, key=_ORDER.index):
        yield f"<h2>{_text(tag)}</h2>"
        yield from tags[tag]


def _operation(document: Json, method: str, path: str, operation: Json) -> Iterator[str]:
    yield '<details class="operation"><summary>'
    yield f'<span class="method">{method.upper()}</span><code>{_text(path)}</code>'
    yield f"<span>{_text(operation.get('summary', ''))}</span></summary><div>"
    for paragraph in operation.get("description", "").split("\n\n"):
        yield f"<p>{_text(paragraph)}</p>"
    yield from _parameters(document, operation)
    yield from _body(document, operation)
    yield from _responses(document, operation)
    yield "</div></details>"


def _parameters(document: Json, operation: Json) -> Iterator[str]:
    found = operation.get("parameters", [])
    if not found:
        return
    yield "<h3>Parameters</h3><table>"
    for one in found:
        kind = _kind(document, one.get("schema", {}))
        needed = "" if one.get("required") else ", optional"
        yield (
            f"<tr><th><code>{_text(one['name'])}</code></th><td>{_text(one['in'])}, {_text(kind)}"
            f"{needed}</td><td>{_text(one.get('description', ''))}</td></tr>"
        )
    yield "</table>"


def _body(document: Json, operation: Json) -> Iterator[str]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<h3>Body: {_text(media_type)}</h3>"
        if media_type.startswith("multipart/"):
            yield "<table>"
            for name, schema in content["schema"]["properties"].items():
                about = f"{_kind(document, schema)}. {schema.get('description', '')}"
                yield f"<tr><th><code>{_text(name)}</code></th><td>{_text(about)}</td></tr>"
            yield "</table>"
        else:
            yield from _examples(document, content)


def _responses(document: Json, operation: Json) -> Iterator[str]:
    yield "<h3>Answers</h3>"
    failures = []
    for status, response in sorted(operation["responses"].items()):
        about = _text(response.get("description", ""))
        if status >= "4":
            failures.append(f"<tr><th><code>{status}</code></th><td>{about}</td></tr>")
            continue
        yield f"<p><code>{status}</code> {about}</p>"
        for media_type, content in response.get("content", {}).items():
            if media_type == "application/json":
                yield from _examples(document, content)
            else:
                yield f"<p><code>{_text(media_type)}</code></p>"
    yield f"<table>{''.join(failures)}</table>"


def _examples(document: Json, content: Json) -> Iterator[str]:
    examples = [one["value"] for one in content.get("examples", {}).values()]
    if "example" in content:
        examples.append(content["example"])
    if not examples:
        examples = [example_of(document, content.get("schema", {}))]
    for one in examples:
        yield f"<pre>{escape(json.dumps(one, indent=2, ensure_ascii=False))}</pre>"


def example_of(document: Json, schema: Json, depth: int = 0) -> Any:
    """Return an example of a schema: the one it names, or one that is made of its parts."""
    schema = _resolved(document, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    for name in ("example", "default", "const"):
        if name in schema:
            return schema[name]
    if schema.get("enum"):
        return schema["enum"][0]
    for name in ("anyOf", "oneOf", "allOf"):
        if schema.get(name):
            return example_of(document, schema[name][0], depth)
    if depth > _DEEPEST:
        return None
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: example_of(document, one, depth + 1) for name, one in properties.items()}
        case "array":
            return [example_of(document, schema.get("items", {}), depth + 1)]
        case kind:
            plain = {"string": "text", "integer": 1, "number": 0.5, "boolean": True}
            return plain.get(kind) if isinstance(kind, str) else None


def _kind(document: Json, schema: Json) -> str:
    """Return the type of a value in words."""
    schema = _resolved(document, schema)
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("anyOf"):
        kinds = [_kind(document, one) for one in schema["anyOf"]]
        return " or ".join(one for one in kinds if one != "null")
    if schema.get("type") == "array":
        return "files" if schema["items"].get("format") == "binary" else "list"
    return str(schema.get("type", "value"))


def _resolved(document: Json, schema: Json) -> Json:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Json = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def _text(value: str) -> str:
    """Return a text for HTML; what stands between backticks is code."""
    parts = escape(value).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
