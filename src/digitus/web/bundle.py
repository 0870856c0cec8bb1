"""Modules of JavaScript as one classic script, which also runs from ``file://`` and in a worker.

Browsers load modules from a server only. So each module becomes a function that returns what the
module exports, its imports become calls of ``require``, and all functions stand in one table, in
the order of their imports. No JavaScript is parsed: the modules keep to a few forms of ``import``
and ``export``, each at the beginning of a line, and everything else is refused::

    import { a, b as c } from "./x.js";
    import * as name from "./x.js";
    export function f() {}    (also async function, class, const)
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TypeAlias

ReadModule: TypeAlias = Callable[[str], str | None]
"""Returns the text of a module by its path, or None if there is none."""

_IMPORT = re.compile(
    r'^import\s+(?:\{(?P<names>[^{}]*)\}|\*\s+as\s+(?P<whole>\w+))\s+from\s+"(?P<path>[^"\n]+)";',
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export\s+(?=(?P<kind>async\s+function\s*\*?|function\s*\*?|class|const)\s+(?P<name>[\w$]+))",
    re.MULTILINE,
)
_NAME = re.compile(r"(?P<there>[\w$]+)(?:\s+as\s+(?P<here>[\w$]+))?")
_OTHER_FORMS = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_TEXT_OR_COMMENT = re.compile(
    r'"(?:[^"\\\n]|\\.)*"' r"|'(?:[^'\\\n]|\\.)*'" r"|`(?:[^`\\]|\\.)*`" r"|/\*.*?\*/|//[^\n]*",
    re.DOTALL,
)
_FORBIDDEN = {
    "a dynamic import": re.compile(r"\bimport\s*\("),
    "import.meta": re.compile(r"\bimport\s*\.\s*meta\b"),
    "await at the top": re.compile(
        r"^(?:(?:export\s+)?(?:const|let|var)\b[^;\n]*=\s*)?await\b", re.MULTILINE
    ),
}

_RUNTIME = """\
"use strict";
const MODULES = {
%s};

/** Return what a module exports; it runs when it is first asked for. */
const require = (() => {
    const loaded = new Map();
    return (path) => {
        if (!loaded.has(path)) loaded.set(path, MODULES[path](require));
        return loaded.get(path);
    };
})();

require(%s);
"""


class BundleError(ValueError):
    """A module is missing or has a form that cannot be bundled; a mistake in our own files."""


@dataclass(frozen=True)
class Import:
    """An import of a module.

    Attributes:
        path: of the other module, from the folder of all modules.
        names: that the other module must export; none for ``* as name``.
    """

    path: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A module as a function.

    Attributes:
        path: from the folder of all modules, such as ``engine/random.js``.
        imports: in the order of the text.
        exports: names.
        code: body of a function of ``require`` that returns the exports.
    """

    path: str
    imports: tuple[Import, ...]
    exports: tuple[str, ...]
    code: str


def bundle(entries: tuple[str, ...], start: str, read: ReadModule) -> str:
    """Return one classic script with all modules that the entries import.

    Args:
        entries: paths of modules.
        start: JavaScript expression for the path of the entry that runs.
        read: returns the text of a module.

    Raises:
        BundleError: if a module is missing, imports itself through others, imports a name that is
            not exported, or has another form of import or export.
    """
    functions = "".join(
        f'"{module.path}": (require) => {{\n{module.code}\n}},\n'
        for module in in_order_of_imports(entries, read)
    )
    return _RUNTIME % (functions, start)


def in_order_of_imports(entries: tuple[str, ...], read: ReadModule) -> list[Module]:
    """Return the modules that the entries import, each after those that it imports.

    Raises:
        BundleError: see ``bundle``.
    """
    done: dict[str, Module] = {}
    for entry in entries:
        _visit(entry, (), done, read)
    return list(done.values())


def _visit(
    path: str, importers: tuple[str, ...], done: dict[str, Module], read: ReadModule
) -> None:
    if path in done:
        return
    if path in importers:
        circle = " -> ".join((*importers[importers.index(path) :], path))
        raise BundleError(f"{circle}: expected imports without a circle; move what both need")
    text = read(path)
    if text is None:
        importer = importers[-1] if importers else "the page"
        raise BundleError(f"{path}: expected a module, found none; {importer} imports it")
    module = read_module(path, text)
    for other in module.imports:
        _visit(other.path, (*importers, path), done, read)
        _check_names(module, other, done)
    done[path] = module


def _check_names(module: Module, other: Import, done: Mapping[str, Module]) -> None:
    unknown = [name for name in other.names if name not in done[other.path].exports]
    if unknown:
        raise BundleError(f"{module.path}: imports {unknown[0]!r}, which {other.path} lacks")


def read_module(path: str, text: str) -> Module:
    """Turn the text of a module into the body of a function.

    Raises:
        BundleError: if it has another form of import or export.
    """
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    imports: list[Import] = []

    def to_call(found: re.Match[str]) -> str:
        made, call = _read_import(path, found)
        imports.append(made)
        return call + "\n" * found[0].count("\n")  # so that line numbers stay

    exports = tuple(found["name"] for found in _EXPORT.finditer(text))
    code = _EXPORT.sub("", _IMPORT.sub(to_call, text))
    _refuse_other_forms(path, code)
    return Module(path, tuple(imports), exports, f"{code}return {{ {', '.join(exports)} }};")


def _read_import(path: str, found: re.Match[str]) -> tuple[Import, str]:
    """Return an import, and the call of ``require`` that stands for it."""
    address = found["path"]
    if not address.startswith(("./", "../")):
        raise BundleError(f'{path}: expected "./..." or "../..." in an import, found "{address}"')
    target = normpath(join(dirname(path), address))
    if found["whole"]:
        return Import(target, ()), f'const {found["whole"]} = require("{target}");'
    there: list[str] = []
    here: list[str] = []
    for words in filter(None, map(str.strip, found["names"].split(","))):
        name = _NAME.fullmatch(words)
        if name is None:
            raise BundleError(f"{path}: expected names in an import, found {words!r}")
        there.append(name["there"])
        here.append(f"{name['there']}: {name['here']}" if name["here"] else name["there"])
    call = f'const {{ {", ".join(here)} }} = require("{target}");'
    return Import(target, tuple(there)), call


def _refuse_other_forms(path: str, code: str) -> None:
    """Refuse what is left of imports and exports once those of the known forms are gone."""
    bare = _TEXT_OR_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), code)
    other = _OTHER_FORMS.search(bare)
    if other:
        raise BundleError(f"{path}: {other[0]!r} is a form that cannot be bundled; see bundle.py")
    for what, pattern in _FORBIDDEN.items():
        if pattern.search(bare):
            raise BundleError(f"{path}: {what} cannot be bundled; see bundle.py")
