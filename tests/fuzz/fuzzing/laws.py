"""The three laws: only our own errors come out, soon, and within little memory."""

import json
import os
import re
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from digitus.cli.main import run
from digitus.data.corrections import CorrectionStore
from digitus.errors import DigitusError
from fuzzing.case import Case
from fuzzing.formats import Command
from fuzzing.seeds.data_sets import write

MOST_SECONDS = 10.0
"""Of processor time for one call; the harness ends a call that waits."""
MOST_BYTES = 1 << 30
"""Resident memory above that at the start of the call."""
_HARD_LIMIT_BYTES = 4 << 30
"""Address space that a call may add; more is refused by the system, to protect the machine."""
_TOO_LITTLE_MEMORY = "not enough memory"
_CLEAR_PEAK = "5"  # what clears VmHWM in /proc/self/clear_refs (Linux, proc(5))


@dataclass(frozen=True)
class Verdict:
    """What became of a case.

    Attributes:
        outcome: answered, refused or find.
        text: the last line of the errors, or what a find is, with its traceback.
        seconds: processor time of the call.
        peak_bytes: resident memory above the start, at most.
        has_noise: whether stderr held lines that are not ours, such as a library's warnings.
    """

    outcome: str
    text: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0
    has_noise: bool = False


def try_case(case: Case) -> Verdict:
    """Make the files of a case, run its command on them, and compare what happens to the laws."""
    files, command = case.make()
    with tempfile.TemporaryDirectory(prefix="digitus-fuzz-") as folder, chdir(folder):
        write(files, Path(folder))
        with _limited():
            before = _peak_bytes(clear=True)
            start = time.process_time()
            code, out, errors, failure = _call(command)
            seconds, peak = time.process_time() - start, _peak_bytes() - before
        broken = (
            failure
            or _broken_answer(code, out, errors, is_json="--json" in command)
            or _broken_bound(seconds, peak)
        )
        if Path("ESCAPED").exists() or Path(folder, "..", "ESCAPED").exists():
            broken = "a file wrote where it must not, or ran code"
    noise = [line for line in errors.splitlines() if not _OURS.match(line)]
    outcome = "find" if broken else "answered" if code == 0 else "refused"
    last = errors.strip().splitlines()[-1:] or [""]
    return Verdict(outcome, broken or last[0], seconds, max(0, peak), bool(noise))


_OURS = re.compile(
    r"digitus: |wrote |Usage: |Try |Error: |$|.*(\.journal|resume|checkpoint| read;| to check)"
    r"|.*(images to train|layer|held out|epoch)|\d+ "
)


def _call(command: Command) -> tuple[int, str, str, str]:
    """Return exit code, output, errors, and the traceback of what escaped."""
    out, errors, noise = StringIO(), StringIO(), []
    with _file_descriptors(noise), redirect_stdout(out), redirect_stderr(errors):
        try:
            code = _list_corrections() if command[0] == "corrections" else run([*command])
            failure = ""
        except BaseException:
            code, failure = -1, traceback.format_exc()
    return code, out.getvalue(), "".join([errors.getvalue(), *noise]), failure


def _list_corrections() -> int:
    """List a folder of corrections and open each, as the window does."""
    try:
        store = CorrectionStore("set")
        found = store.listing()
        for one in found.corrections:
            store.patch(one)
        problems = list(found.problems)
    except DigitusError as error:
        problems = [str(error)]
    for problem in problems:
        sys.stderr.write(f"digitus: {problem}\n")
    return int(bool(problems))


def _broken_answer(code: int, out: str, errors: str, *, is_json: bool) -> str:
    """Return what is wrong with an answer or a refusal; empty if nothing is."""
    if code not in (0, 1, 2):
        return f"exit code {code}"
    if "Traceback (most recent call last)" in errors or "internal error" in errors:
        return f"a traceback in the errors:\n{errors}"
    if _TOO_LITTLE_MEMORY in errors:
        return f"out of memory, and no sentence about the file:\n{errors}"
    if is_json and out.strip():
        try:
            json.loads(out, parse_constant=_refuse_constant)
        except ValueError as error:
            return f"no JSON: {error}\n{out:.2000}"
    if code and not errors.strip() and not (is_json and '"error' in out):
        return f"exit code {code} without a sentence"
    return ""


def _refuse_constant(name: str) -> None:
    raise ValueError(f"JSON has no {name}")


def _broken_bound(seconds: float, peak_bytes: int) -> str:
    """Return which bound a call exceeded; empty if none."""
    if seconds > MOST_SECONDS:
        return f"took {seconds:.1f} s"
    if peak_bytes > MOST_BYTES:
        return f"took {peak_bytes / 2**20:,.0f} MB more than at the start"
    return ""


@contextmanager
def _limited() -> Iterator[None]:
    """Let the address space grow by so much at most."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + _HARD_LIMIT_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _peak_bytes(*, clear: bool = False) -> int:
    """Return the peak of resident memory since it was last cleared."""
    if clear:
        Path("/proc/self/clear_refs").write_text(_CLEAR_PEAK)
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    if match is None:
        raise RuntimeError("this system does not say how much memory a process took")
    return int(match[1]) << 10


@contextmanager
def _file_descriptors(written: list[str]) -> Iterator[None]:
    """Catch what C libraries write to stdout and stderr; append it to a list at the end."""
    kept = [os.dup(1), os.dup(2)]
    with tempfile.TemporaryFile() as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            yield
        finally:
            for number, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, number)
                os.close(copy)
            file.seek(0)
            written.append(file.read().decode(errors="replace"))
