"""A few hundred mutated files, and files that break each law, which the suite must notice."""

import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fuzzing import laws
from fuzzing.case import Case
from fuzzing.formats import FORMATS
from fuzzing.harness import Harness
from fuzzing.laws import Verdict, try_case

CASES_OF_A_FORMAT = 14
SEED = 2026


def test_no_mutated_file_breaks_a_law():
    cases = [Case(name, SEED, k) for k in range(CASES_OF_A_FORMAT) for name in FORMATS]
    found = dict(Harness(n_jobs=2).run(cases))
    assert len(found) == len(cases)
    finds = {str(case): one.text for case, one in found.items() if one.outcome == "find"}
    assert {case: text.strip().splitlines()[-1] for case, text in finds.items()} == {}
    assert {one.outcome for one in found.values()} == {"answered", "refused"}


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_seeds_of_a_format_are_answered(name, monkeypatch):
    for files in FORMATS[name].seeds():
        verdicts = []
        for command in FORMATS[name].commands:
            monkeypatch.setattr(Case, "make", lambda _, made=(files, command): made)
            verdicts.append(try_case(Case(name, 0, 0)))
        # a table without labels is no training data, but rows to predict
        assert "answered" in [one.outcome for one in verdicts], verdicts
        assert "find" not in [one.outcome for one in verdicts], verdicts


@pytest.mark.parametrize("name", FORMATS)
def test_most_cases_differ_from_their_seeds_and_are_made_again_alike(name):
    seeds = [content for files in FORMATS[name].seeds() for content in files.values()]
    made = [Case(name, 1, number).make() for number in range(20)]
    assert made == [Case(name, 1, number).make() for number in range(20)]
    changed = [any(content not in seeds for content in files.values()) for files, _ in made]
    assert sum(changed) > len(changed) / 2


def test_every_mutator_accepts_the_seeds_of_its_format():
    for one in FORMATS.values():
        for files in one.seeds():
            for name, content in files.items():
                for mutator in one.mutators if name.endswith(one.mutated) else ():
                    for number in range(6):
                        rng = np.random.default_rng(number)
                        assert isinstance(mutator(content, rng), bytes)


def do_instead(monkeypatch, action):
    """Let the command of every case do something else."""
    monkeypatch.setattr(laws, "run", lambda arguments: action())
    return try_case(Case("png", 1, 0))


def fail(error):
    raise error


def refuse(sentence):
    sys.stderr.write(f"{sentence}\n")
    return 1


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (lambda: fail(ZeroDivisionError("x")), "ZeroDivisionError"),
        (lambda: fail(SystemExit(3)), "SystemExit"),
        (lambda: 7, "exit code 7"),
        (lambda: 1, "without a sentence"),
        (lambda: refuse("Traceback (most recent call last)"), "traceback"),
        (lambda: refuse("digitus: not enough memory"), "out of memory"),
        (lambda: Path("ESCAPED").touch() or 0, "wrote where it must not"),
        (lambda: bytearray(b"x") * (1200 << 20) and 0, "MB more than"),
    ],
)
def test_a_broken_law_is_a_find(monkeypatch, action, wanted):
    verdict = do_instead(monkeypatch, action)
    assert verdict.outcome == "find"
    assert wanted in verdict.text


def test_json_with_nan_is_a_find(monkeypatch):
    monkeypatch.setattr(Case, "make", lambda _: ({}, ("predict", "--json")))
    assert "JSON" in do_instead(monkeypatch, lambda: sys.stdout.write('{"p": NaN}') and 0).text


def test_a_slow_call_is_a_find(monkeypatch):
    monkeypatch.setattr(laws, "MOST_SECONDS", 0.05)

    def compute():
        end = time.process_time() + 0.06
        while time.process_time() < end:
            pass
        return 0

    assert do_instead(monkeypatch, compute).text.startswith("took 0.")


def test_a_refusal_and_an_answer_are_none(monkeypatch):
    assert do_instead(monkeypatch, lambda: 0).outcome == "answered"
    refusal = do_instead(monkeypatch, lambda: refuse("digitus: no"))
    assert refusal == Verdict("refused", "digitus: no", refusal.seconds, refusal.peak_bytes)


def test_a_process_that_dies_is_a_find_and_the_cases_after_it_are_tried():
    cases = [0, signal.SIGSEGV, 0]  # nothing is raised by signal 0
    found = list(Harness(signal.raise_signal, n_jobs=1).run(cases))
    assert [case for case, _ in found] == cases
    assert [verdict and verdict.text for _, verdict in found] == [
        None,
        f"the process ended with -{signal.SIGSEGV.value}",
        None,
    ]


def test_a_process_that_hangs_is_a_find_and_the_cases_after_it_are_tried():
    found = list(Harness(time.sleep, n_jobs=1, hang_s=2).run([0, 600, 0]))
    assert [verdict and verdict.text for _, verdict in found] == [None, "no answer for 2 s", None]
