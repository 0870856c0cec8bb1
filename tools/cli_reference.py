"""Write docs/reference/cli.md from the program itself, or check that it is up to date.

python tools/cli_reference.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from digitus.cli.main import digitus

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
_HEAD = """# The command line

Written by `make docs` from the program itself; `make test` compares the two.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 expected failure (some
input failed; the others were done), 2 wrong usage, 130 interrupted.
"""


def pages(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    """Return a section for the command and each of its subcommands."""
    context = click.Context(command, info_name=" ".join(path), max_content_width=96)
    context.terminal_width = 96
    context.help_option_names = ["-h", "--help"]
    yield f"## `{' '.join(path)}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            subcommand = command.get_command(context, name)
            if subcommand is not None:
                yield from pages(subcommand, (*path, name))


def main() -> int:
    """Write the page; with --check only compare, and fail if it differs."""
    text = "\n".join([_HEAD, *pages(digitus, ("digitus",))])
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/reference/cli.md is not what the program says; run `make docs`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
