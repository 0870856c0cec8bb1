"""The command group, and the exit codes and messages of failures."""

import os
import sys
import warnings
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper

import click

from digitus.cli.screen import note, visible
from digitus.cli.signals import Ended, end_at_signals, exit_code
from digitus.errors import Cancelled, DigitusError

EXPECTED_FAILURE = 1

_TOO_LITTLE_MEMORY = (
    "not enough memory; use smaller layers (--hidden), a smaller --batch-size or less data"
)
_WORKER_ENDED = (
    "one of the processes that share the work was ended from outside, for lack of memory perhaps; "
    "try again, with --threads 1 if there is that option"
)

_COMMANDS = {
    "train": "Train a preset or a network of your own.",
    "evaluate": "Score a model: accuracy, confusion, calibration, mistakes.",
    "predict": "Read one digit in each image.",
    "read": "Read the numbers on whole pages.",
    "draw": "Draw digits in a window and watch them being read.",
    "serve": "Open the page in the browser: draw, look inside, train.",
    "data": "Fetch, show and describe data sets.",
    "model": "Describe, import and export models.",
}


class Commands(click.Group):
    """Imports a command when it is used, so that ``digitus --help`` is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in their usual order of use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and return it; None if there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"digitus.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a misspelt name, suggest the nearest one."""
        meant = get_close_matches(args[0], _COMMANDS, 1)
        if args[0] not in _COMMANDS and meant:
            ctx.fail(f"no command {args[0]!r}; did you mean {meant[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digitus", prog_name="digitus")
def digitus() -> None:
    """Read handwritten digits with a neural network written from scratch on NumPy."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    warnings.filterwarnings("ignore", module=r"PIL\.")  # about unusual metadata
    warnings.filterwarnings("ignore", category=RuntimeWarning)  # NumPy's, about numbers of others
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # unknown characters become "?"
            stream.reconfigure(errors="replace")
    end_at_signals()
    sys.exit(run(arguments))


def _open_closed_streams() -> None:
    """Give output that the caller has closed (``>&-``) a place to go.

    Otherwise the next file to be opened would get its number, and what C libraries print.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            sink = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the end
            setattr(sys, name, sink)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: without the program's name; None takes those of the process.
    """
    try:
        code = digitus.main(arguments, prog_name="digitus", standalone_mode=False)
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except Cancelled as error:
        return _fail(error, exit_code())
    except DigitusError as error:
        return _fail(error, EXPECTED_FAILURE)
    except MemoryError:
        return _fail(_TOO_LITTLE_MEMORY, EXPECTED_FAILURE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", exit_code())
    except BrokenPipeError:
        # The reader, such as `head`, has closed the pipe; without this Python reports it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        what = error.filename if error.filename is not None else "system error"
        return _fail(f"{what}: {error.strerror or error}", EXPECTED_FAILURE)
    except Exception as error:
        if Ended.has_come:
            return _fail("interrupted", exit_code())
        if _is_lost_worker(error):
            return _fail(_WORKER_ENDED, EXPECTED_FAILURE)
        raise
    return int(code or 0)


def _is_lost_worker(error: Exception) -> bool:
    """Return whether a process of a pool was ended from outside, as by Linux without memory."""
    from concurrent.futures import BrokenExecutor

    return isinstance(error, BrokenExecutor)


def _show(error: click.ClickException) -> None:
    """Print the error of a wrong use, which may quote what was typed; without any, the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    click.UsageError(visible(error.format_message()), ctx).show()


def _fail(message: object, code: int) -> int:
    note(f"digitus: {message}")
    return code
