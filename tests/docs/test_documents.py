"""The documents say what is true: commands parse, links resolve, examples run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from digitus.cli.main import digitus

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.rglob("*.md")),
]
MOST_LINES_OF_THE_README = 120


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def _prose(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`]*`", "", text, flags=re.M | re.S)


def _links(text: str) -> list[str]:
    found = re.findall(r"\]\((?!http)([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", text)
    return [first or second for first, second in found]


def _unknown_modules(text: str) -> list[str]:
    """Return the Python files that a text names, in whole or by the end of their path, in vain."""
    folders = ("src", "tests", "benchmarks", "tools")
    known = [f"/{_name(path)}" for folder in folders for path in (ROOT / folder).rglob("*.py")]
    named = re.findall(r"[\w/]+\.py\b", text)
    return [
        name
        for name in named
        if not name.startswith("sklearn/") and not any(path.endswith(f"/{name}") for path in known)
    ]


def _command_lines() -> list[str]:
    lines = [
        line.split("#")[0].strip()
        for page in DOCUMENTS
        for block in _blocks(page.read_text(encoding="utf-8"), "sh")
        for line in block.splitlines()
    ]
    return sorted({line for line in lines if line.startswith("digitus ")})


def _parse(line: str) -> None:
    command: click.Command = digitus
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    command.make_context("digitus", words)


@pytest.mark.parametrize("line", _command_lines())
def test_every_command_line_is_one_that_the_program_takes(line):
    _parse(line)


def test_a_command_line_with_an_unknown_option_is_found():
    with pytest.raises(click.UsageError):
        _parse("digitus predict a.png --no-such-option")


@pytest.mark.parametrize("page", DOCUMENTS, ids=_name)
def test_every_link_to_a_file_leads_somewhere(page):
    targets = [page.parent / link for link in _links(page.read_text("utf-8"))]
    assert [target for target in targets if not target.exists()] == []


def test_links_of_markdown_and_of_images_are_found():
    text = '[a](b.md) [c](https://d) [e](f.md#g) <img src="h.png">'
    assert _links(text) == ["b.md", "h.png"]


@pytest.mark.parametrize("page", DOCUMENTS, ids=_name)
def test_every_python_file_that_a_document_names_is_there(page):
    assert _unknown_modules(page.read_text("utf-8")) == []


def test_a_python_file_that_is_gone_is_found():
    text = "`nn/ctc.py`, tests/docs/test_documents.py, `benchmarks/gone.py`, `tc.py`"
    assert _unknown_modules(text) == ["benchmarks/gone.py", "tc.py"]


def test_the_index_leads_to_every_document_but_the_decisions():
    index = DOCS / "README.md"
    linked = {(DOCS / link).resolve() for link in _links(index.read_text("utf-8"))}
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"} - {index}
    assert pages - linked == set()


@pytest.mark.parametrize("page", [page for page in DOCUMENTS if page != README], ids=_name)
def test_no_document_but_the_readme_holds_raw_html(page):
    assert re.findall(r"</?[a-z]+[^>\n]*>", _prose(page.read_text("utf-8"))) == []


def test_the_rooms_and_files_that_the_architecture_names_are_there():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    source = ROOT / "src" / "digitus"
    rows = re.findall(r"^\| `([\w/.]+)` \|.*\|([^|]*)\|$", text, flags=re.M)
    places = [source / room for room, _ in rows]
    places += [source / room / name for room, cell in rows for name in re.findall(r"`(.+?)`", cell)]
    missing = [
        place for place in places if not place.exists() and not place.with_suffix(".py").exists()
    ]
    assert missing == []
    assert len(places) > len(rows) > 10


def test_the_readme_is_short():
    assert len(README.read_text("utf-8").splitlines()) <= MOST_LINES_OF_THE_README


@pytest.mark.parametrize("script", ["benchmarks/results.py", "tools/cli_reference.py"])
def test_the_generated_documents_are_up_to_date(script):
    done = subprocess.run(
        [sys.executable, ROOT / script, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.mnist
def test_the_readme_examples_run(monkeypatch, mnist):
    monkeypatch.chdir(ROOT)
    names = {}
    code = "\n".join(_blocks(README.read_text("utf-8"), "python"))
    exec(code, names)  # the document is ours
    assert names["prediction"].digit == 7
    assert len(list(names["reading"].numbers)) == 21
