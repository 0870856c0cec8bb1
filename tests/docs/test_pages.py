"""The pages say what is true: commands parse, examples run, tables are those of the record."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from digitus.cli.main import digitus

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def _command_lines() -> list[str]:
    lines = [
        line.split("#")[0].strip()
        for page in PAGES
        for block in _blocks(page.read_text(encoding="utf-8"), "sh")
        for line in block.splitlines()
    ]
    return sorted({line for line in lines if line.startswith("digitus ")})


@pytest.mark.parametrize("line", _command_lines())
def test_every_command_line_of_the_pages_is_one_that_the_program_takes(line):
    command: click.Command = digitus
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        context = click.Context(command)
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    command.make_context("digitus", words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page):
    links = re.findall(
        r"\]\((?!http)([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", page.read_text("utf-8")
    )
    targets = [page.parent / (first or second) for first, second in links]
    assert [target for target in targets if not target.exists()] == []


@pytest.mark.parametrize("script", ["benchmarks/results.py", "tools/cli_reference.py"])
def test_the_generated_pages_are_up_to_date(script):
    done = subprocess.run(
        [sys.executable, ROOT / script, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.mnist
def test_the_readme_examples_run(monkeypatch, mnist):
    monkeypatch.chdir(ROOT)
    names = {}
    code = "\n".join(_blocks(README, "python"))
    exec(code, names)  # the page is ours
    assert names["prediction"].digit == 7
