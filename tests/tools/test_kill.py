"""The kill harness notices what is lost or left, with programs that lose or leave it."""

import importlib
from pathlib import Path

import numpy as np
import pytest

TOOLS = Path(__file__).parents[2] / "tools"
COUNTS = """
import sys, time, pathlib
out = pathlib.Path(sys.argv[1])
draft = out.with_suffix(".draft")
while (n := len(list(out.iterdir()))) < 40:
    draft.write_text("x")
    draft.replace(out / f"{n}.txt")  # a kill leaves no empty file
    time.sleep(0.002)
"""
FAST = "import sys, pathlib; (pathlib.Path(sys.argv[1]) / '0.txt').write_text('x')\n"


@pytest.fixture
def kill(monkeypatch):
    monkeypatch.syspath_prepend(TOOLS)
    module = importlib.import_module("kill")
    monkeypatch.setattr(module, "ORPHAN_S", 0.3)
    return module


@pytest.fixture
def program(kill, monkeypatch):
    """Return a function that makes a program of a script, whose argument is its output folder."""

    def make(script, content=None):
        monkeypatch.setattr(kill, "_START", script)
        return kill.Program(
            "test", lambda out, _: [str(out)], content or kill.read_results, lambda _: True
        )

    return make


def killed(kill, program, n=4, seconds=0.15):
    whole, _ = kill.run_whole(program)
    return kill.kill_at_random(program, whole, seconds, n=n, rng=np.random.default_rng(1))


def test_a_program_that_goes_on_where_it_was_killed_loses_nothing(kill, program):
    tally = killed(kill, program(COUNTS))
    assert tally.kills.total() == 4
    found = (tally.lost, tally.orphans, tally.wrong_codes.total(), tally.left_at_end)
    assert found == (0, 0, 0, 0)


def test_results_that_differ_from_those_of_a_whole_run_are_lost(kill, program, monkeypatch):
    monkeypatch.setattr(kill, "_keep", lambda out, name: None)
    made = program(COUNTS, lambda out: {"differs each time": str(out)})
    tally = killed(kill, made)
    assert tally.lost == tally.runs > 0
    assert not tally.is_clean


def end_of(kill, made, tmp_path):
    tally = kill.Tally()
    return kill.Started.start(made.command(tmp_path, False), tmp_path).end(tally), tally


def test_a_process_that_outlives_its_run_is_an_orphan_and_is_ended(kill, program, tmp_path):
    made = program(
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "(pathlib.Path(sys.argv[1]) / 'pid').write_text(str(child.pid))\n"
    )
    _, tally = end_of(kill, made, tmp_path)
    assert tally.orphans == 1
    assert not tally.is_clean
    pid = int((tmp_path / "pid").read_text())
    assert pid not in kill.processes_of(pid)


def test_a_traceback_is_counted(kill, program, tmp_path):
    (code, errors), tally = end_of(kill, program("1 / 0"), tmp_path)
    assert (code, tally.tracebacks) == (1, 1)
    assert "ZeroDivisionError" in errors


def test_another_exit_code_than_that_of_the_signal_is_wrong(kill, program):
    script = "import signal, sys\nfor n in (2, 15, 1): signal.signal(n, lambda *_: sys.exit(9))\n"
    whole, _ = kill.run_whole(program(FAST))
    made = program(script + COUNTS.replace("40", "400"))
    tally = kill.kill_at_random(made, whole, 0.2, n=6, rng=np.random.default_rng(2))
    assert tally.wrong_codes[9] > 0


def test_hidden_files_that_stay_are_counted(kill, program):
    script = FAST + "(pathlib.Path(sys.argv[1]) / '.0.draft.txt').touch()\n"
    made = program(script)
    tally = kill.kill_at_random(made, {"0.txt": b"x"}, 0.01, n=2, rng=np.random.default_rng(1))
    assert tally.left_at_end > 0
    assert tally.lost == 0


def test_a_second_writer_that_is_not_refused_is_noticed(kill, program):
    script = "import sys, pathlib, time; (pathlib.Path(sys.argv[1]) / '.l').touch(); time.sleep(1)"
    tally = kill.write_twice(program(script), {}, n=1)
    assert tally.wrong_codes[0] == 1


def test_a_full_disk_without_a_sentence_is_noticed(kill, program):
    script = "import sys, pathlib; (pathlib.Path(sys.argv[1]) / '0').write_text('x' * 9999)"
    rng = np.random.default_rng(1)
    tally = kill.fill_disk(program(script), {"0": b"x" * 9999}, n=2, rng=rng)
    assert tally.wrong_codes.total() == 2
    assert tally.lost == 0


def test_times_are_left_out_of_records(kill):
    record = {"scores": [{"n": 3, "seconds": 1.5}], "date": "2026-01-01"}
    assert kill.without_times(record) == {"scores": [{"n": 3}]}
