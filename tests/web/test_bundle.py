"""Modules become one classic script; forms that it cannot hold are refused."""

import re
from pathlib import Path

import pytest

from digitus.web.bundle import BundleError, bundle, in_order_of_imports, read_module
from digitus.web.page_export import with_own_worker
from digitus.web.static_files import read_text, static_files

MODULES = {
    "main.js": """\
/** The page. */
import { twice, Counter as Tally } from "./a/numbers.js";
import * as texts from "./a/texts.js";

globalThis.result = [twice(2), new Tally().n, texts.text];
""",
    "a/numbers.js": """\
import { HALF } from "../b/constants.js";

export function twice(x) { return x / HALF; }

export class Counter { n = 0; }
export async function later() { return await Promise.resolve(3); }
""",
    "a/texts.js": """\
import {
    HALF,
} from "../b/constants.js";

export const text = `${HALF}`;
""",
    "b/constants.js": "export const HALF = 0.5; // a half",
}


def test_a_module_stands_after_those_that_it_imports():
    paths = [module.path for module in in_order_of_imports(("main.js",), MODULES.get)]
    assert paths == ["b/constants.js", "a/numbers.js", "a/texts.js", "main.js"]


def test_the_script_runs_as_the_modules_do(new_page):
    page = new_page()
    script = bundle(("main.js",), '"main.js"', MODULES.get)
    assert page.evaluate(f"() => {{ {script}; return globalThis.result; }}") == [4, 0, "0.5"]


def test_the_lines_of_a_module_keep_their_order_and_number():
    text = MODULES["a/texts.js"]
    code = read_module("a/texts.js", text).code
    assert code.splitlines()[4] == "const text = `${HALF}`;"


def test_imports_and_exports_are_listed():
    module = read_module("a/numbers.js", MODULES["a/numbers.js"])
    assert [(one.path, one.names) for one in module.imports] == [("b/constants.js", ("HALF",))]
    assert module.exports == ("twice", "Counter", "later")


@pytest.mark.parametrize(
    "line",
    [
        'import x from "./x.js";',
        'import "./x.js";',
        "import { a } from './x.js';",
        'export { a } from "./x.js";',
        'export * from "./x.js";',
        "export default function f() {}",
        "export let x = 1;",
        "export { x };",
        'import { a } from "lodash";',
        'import { a.b } from "./x.js";',
        'const x = import("./x.js");',
        "const x = import.meta.url;",
        "await f();",
        "const x = await f();",
        "export const x = await f();",
    ],
)
def test_a_form_that_cannot_be_bundled_is_refused(line):
    with pytest.raises(BundleError, match=r"^a\.js: "):
        read_module("a.js", f"/** A module. */\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        '/** @typedef {import("./x.js").X} X */',
        "// export let x = import.meta",
        'const x = "import(1) // ";',
        "async function f() {\n    await g();\n    const x = await g();\n}",
        'const accept = "image/*"; const other = "*/";',
    ],
)
def test_what_only_looks_like_such_a_form_is_taken(line):
    assert line in read_module("a.js", f"{line}\n").code


@pytest.mark.parametrize(
    ("modules", "sentence"),
    [
        ({"a.js": 'import { b } from "./b.js";'}, "b.js: expected a module, found none; a.js"),
        (
            {"a.js": 'import { c } from "./b.js";', "b.js": "export const d = 1;"},
            "a.js: imports 'c', which b.js lacks",
        ),
        (
            {"a.js": 'import { c } from "./b.js";', "b.js": 'import { d } from "./a.js";'},
            "a.js -> b.js -> a.js: expected imports without a circle",
        ),
    ],
    ids=["missing", "lacks", "circle"],
)
def test_modules_that_do_not_fit_together_are_refused(modules, sentence):
    with pytest.raises(BundleError, match=f"^{sentence}"):
        bundle(("a.js",), '"a.js"', modules.get)


MODULE_PATHS = [path for path in static_files() if path.endswith(".js")]


@pytest.mark.parametrize("path", MODULE_PATHS)
def test_every_module_of_the_page_can_be_bundled(path):
    read = with_own_worker(read_text)
    assert read_module(path, read(path)).path == path


def test_every_module_is_reached_from_the_page_or_its_worker():
    modules = in_order_of_imports(("main.js", "training/worker.js"), with_own_worker(read_text))
    assert set(MODULE_PATHS) - {module.path for module in modules} == set()


ONLY_TESTS_IMPORT = {
    "engine/gradient_check.js": {"numericalGradient"},
    "engine/inspection.js": {"inputGradient"},
    "several_digits.js": {"shapeOf", "splitConfidence"},
    "training/training_images.js": {"repeats", "shifted"},
    "ui/percents.js": {"percentTexts"},
}
"""Parts of what their modules do that are tested by themselves."""


def beside(path: str, target: str) -> str:
    """Return the path of a module that another imports as `target`."""
    return (Path("/") / path).parent.joinpath(target).resolve().relative_to("/").as_posix()


def names_used(path: str, text: str) -> set[tuple[str, str]]:
    """Return (module, name) of all that a module imports or takes a type from."""
    used = {(one.path, name) for one in read_module(path, text).imports for name in one.names}
    wholes = dict(re.findall(r'^import \* as (\w+) from "([^"]+)"', text, re.MULTILINE))
    for alias, target in wholes.items():
        names = re.findall(rf"\b{alias}\.(\w+)", text)
        used.update((beside(path, target), name) for name in names)
    for target, name in re.findall(r'import\("([^"]+)"\)\.(\w+)', text):
        used.add((beside(path, target), name))
    return used


def unused(texts: dict[str, str]) -> set[tuple[str, str]]:
    """Return (module, name) of all exports that no module imports."""
    used = set().union(*(names_used(path, text) for path, text in texts.items()))
    exports = {
        (path, name) for path, text in texts.items() for name in read_module(path, text).exports
    }
    return exports - used


def test_an_export_that_no_module_imports_is_found():
    assert unused(MODULES) == {("a/numbers.js", "later")}
    others = {
        "of_type.js": '/** @typedef {import("./a/numbers.js").later} Later */',
        "whole.js": 'import * as numbers from "./a/numbers.js";\nnumbers.later();',
    }
    for path, text in others.items():
        assert unused({**MODULES, path: text}) == set()


def test_what_a_module_exports_is_imported_somewhere():
    read = with_own_worker(read_text)
    excused = {(path, name) for path, names in ONLY_TESTS_IMPORT.items() for name in names}
    assert unused({path: read(path) for path in MODULE_PATHS}) == excused
