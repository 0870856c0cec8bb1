"""Exit codes and help; no failure prints a traceback."""

import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import click
import pytest

from digitus.cli.main import digitus as group
from digitus.cli.main import run
from digitus.cli.signals import Ended

EVERY_COMMAND = [
    (),
    ("train",),
    ("evaluate",),
    ("predict",),
    ("read",),
    ("draw",),
    ("serve",),
    ("data",),
    ("data", "fetch"),
    ("data", "info"),
    ("data", "show"),
    ("model",),
    ("model", "info"),
    ("model", "import"),
    ("model", "export"),
]


def commands_below(command, path=()):
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(None):
            yield from commands_below(command.get_command(None, name), (*path, name))


def test_the_list_of_commands_in_this_file_is_complete():
    assert set(commands_below(group)) == set(EVERY_COMMAND)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_every_command_has_a_help_text(digitus, command):
    result = digitus(*command, "--help")
    assert result.code == 0
    assert result.out.startswith(f"Usage: {' '.join(['digitus', *command])} ")


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_every_option_has_a_help_text_or_a_name_that_needs_none(command):
    found = group
    for name in command:
        found = found.get_command(None, name)
    silent = {p.name for p in found.params if isinstance(p, click.Option) and not p.help}
    assert silent <= {"part", "count"}


def test_the_version_is_printed_to_stdout(digitus):
    assert digitus("--version").out.startswith("digitus, version ")


def test_python_m_digitus_is_the_program():
    line = [sys.executable, "-m", "digitus", "--version"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("digitus, version ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_completion_script(shell):
    environment = os.environ | {"_DIGITUS_COMPLETE": f"{shell}_source"}
    line = [sys.executable, "-m", "digitus"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "_DIGITUS_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("mod", "plain,model"),
        ("train --pres", "plain,--preset"),
        ("train --preset c", "plain,cnn"),
        ("predict exam", "file,exam"),
        ("predict --model m", "plain,mlp"),
        ("predict --model m", "plain,mine.safetensors"),
        ("predict --model m", "file,m"),
        ("predict --model models/o", "plain,models/other.safetensors"),
        ("model info m", "plain,mine.safetensors"),
        ("model export onnx --model c", "plain,cnn"),
        ("train --start-from m", "plain,mine.safetensors"),
        ("draw --model m", "plain,mlp"),
        ("serve --model c", "plain,cnn"),
        ("data show --model c", "plain,cnn"),
        ("evaluate --data m", "plain,mnist"),
        ("evaluate --data m", "file,m"),
    ],
)
def test_commands_options_choices_models_and_files_are_completed(
    folder_of_models, typed, completed
):
    assert completed in completions(typed, folder_of_models)


def test_checkpoints_and_names_that_bash_would_divide_are_no_models_to_complete(folder_of_models):
    found = completions("predict --model m", folder_of_models)
    assert found == ["file,m", "plain,mlp", "plain,mine.safetensors"]
    assert completions("predict --model missing/x", folder_of_models) == ["file,missing/x"]


@pytest.fixture
def folder_of_models(tmp_path):
    """A folder with model files, some of them in a folder, and others."""
    (tmp_path / "models").mkdir()
    names = ("mine.safetensors", "mine.checkpoint.safetensors", "my own.safetensors", "mine.png")
    for name in (*names, "models/other.safetensors"):
        (tmp_path / name).touch()
    return tmp_path


def completions(typed, folder):
    """Return what bash is offered for a line, in a folder."""
    words = f"digitus {typed}"
    variables = {"COMP_WORDS": words, "COMP_CWORD": f"{len(words.split()) - 1}"}
    environment = os.environ | variables | {"_DIGITUS_COMPLETE": "bash_complete"}
    line = [sys.executable, "-m", "digitus"]
    done = subprocess.run(
        line, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("words", [["nonsense"], ["data", "nonsense"], ["predict"], ["--nonsense"]])
def test_wrong_usage_is_exit_2_with_nothing_on_stdout(digitus, words):
    result = digitus(*words)
    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize(
    "words",
    [
        ("predict", ""),
        ("read", "a.png", ""),
        ("predict", "a.png", "--model", ""),
        ("evaluate", "--data", ""),
    ],
)
def test_an_empty_name_is_wrong_usage(digitus, words):
    result = digitus(*words)
    assert result.code == 2
    assert "expected a name, got an empty text" in result.err


@pytest.mark.parametrize(("typed", "meant"), [("red", "read"), ("evalute", "evaluate")])
def test_a_misspelt_command_gets_a_suggestion(digitus, typed, meant):
    result = digitus(typed, "a.png")
    assert result.code == 2
    assert f"did you mean '{meant}'?" in result.err


@pytest.mark.parametrize("words", [(), ("data",), ("model",)])
def test_no_command_is_wrong_usage_and_shows_the_help(digitus, words):
    result = digitus(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err == digitus(*words, "--help").out


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (
            PermissionError(13, "Permission denied", "secret.npz"),
            1,
            "secret.npz: Permission denied",
        ),
        (
            MemoryError("Unable to allocate 1.09 TiB"),
            1,
            "not enough memory; use smaller layers (--hidden), a smaller --batch-size or less data",
        ),
        (OSError(5, "Input/output error"), 1, "system error: Input/output error"),
        (
            BrokenProcessPool("terminated abruptly"),
            1,
            "one of the processes that share the work was ended from outside, for lack of memory "
            "perhaps; try again, with --threads 1 if there is that option",
        ),
    ],
)
def test_a_system_error_is_a_message_of_one_line(digitus, monkeypatch, raised, code, words):
    def fail(*_, **__):
        raise raised

    monkeypatch.setattr(group, "main", fail)
    result = digitus("data", "info")
    assert (result.code, result.err) == (code, f"digitus: {words}\n")


def test_a_closed_pipe_gives_no_traceback(start, drawn):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("data", "info", "--data", drawn, stdout=write_end)
    os.close(write_end)
    assert process.communicate()[1] == ""


def test_a_closed_stdin_gives_no_traceback(start, model_file):
    command = ["bash", "-c", '"$@" <&-', "bash"]
    ours = [sys.executable, "-c", "from digitus.cli import main; main()"]
    words = ["predict", "-", "--model", str(model_file)]
    found = subprocess.run([*command, *ours, *words], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr.startswith("digitus: ")


def test_a_terminal_without_unicode_gets_ascii(start, model_file, draw_image, tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    image = draw_image(tmp_path / "3.png", 3)
    process = start("predict", "--show", image, "--model", model_file, env=environment)
    out, err = process.communicate()
    assert process.returncode == 0
    assert err == ""
    assert "3.png" in out


def test_a_hostile_file_name_reaches_the_terminal_as_signs(digitus, tmp_path):
    name = tmp_path / "a\x1b]0;owned\x07\n.png"
    name.write_bytes(b"no image")
    for words in (["predict", name], ["read", name], ["evaluate", "--model", name]):
        result = digitus(*words)
        assert result.code == 1
        assert "\x1b" not in result.out + result.err
        assert "\x07" not in result.out + result.err
        assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_output_is_no_failure(closed, tmp_path):
    image = Path(__file__).parents[2] / "examples" / "7-light-on-dark.png"
    command = f'exec "$@" {closed}'
    code = "from digitus.cli import main; main()"
    words = [sys.executable, "-c", code, "predict", str(image)]
    done = subprocess.run(
        ["sh", "-c", command, "sh", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_traceback():
    code = (
        "import builtins\n"
        "def interrupted(name, *rest, load=builtins.__import__):\n"
        "    if name == 'digitus.cli.signals':\n"
        "        raise KeyboardInterrupt\n"
        "    return load(name, *rest)\n"
        "builtins.__import__ = interrupted\n"
        "from digitus.cli import main\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (130, "")


def test_a_signal_that_a_module_turns_into_another_error_still_interrupts(monkeypatch, capsys):
    def load(*arguments, **options):
        try:
            raise Ended(signal.SIGTERM)
        except Ended as error:
            raise ImportError("initialization failed") from error

    monkeypatch.setattr(Ended, "number", int(signal.SIGINT))
    monkeypatch.setattr(Ended, "has_come", False)
    monkeypatch.setattr(group, "main", load)
    assert run(["predict", "a.png"]) == 143
    assert capsys.readouterr().err == "digitus: interrupted\n"
