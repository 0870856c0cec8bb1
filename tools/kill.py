"""Kill training and reading at random moments, resume them, and compare with whole runs.

    make kill [KILLS=100] [SEED=1]
    python tools/kill.py [--n N] [--seed S]

1. `train` and `read --jobs 2` are killed N times each, at moments spread evenly over a whole run:
   six of ten times with KILL, else with TERM, HUP or INT, to the process or to its whole group.
   Each killed run is resumed, each second time killed again, until it ends; then every byte of its
   results is compared with those of a run that was left alone, but for dates and times in records.
2. Two runs write one output: the second is refused with a sentence that names the first.
3. The disk is full: files may grow to a random size only, as by `ulimit -f`. The run ends with one
   sentence, and goes on to the same bytes when there is space.
4. The folder of the output is read-only: one sentence.

Counted too: processes of a run that live 5 seconds after it ended or was killed; hidden files that
a kill leaves, and those that are left after the resumed run; exit codes other than 130 (INT), 143
(TERM) and 129 (HUP); tracebacks. The exit code is 1 if anything is lost or left.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image
from safetensors import safe_open

from digitus.imaging import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

ORPHAN_S, END_S = 5.0, 120.0
N_PAGES, N_ROWS = 6, 3_000
_START = "from digitus.cli import main; main()"
_SIGNALS = (*[signal.SIGKILL] * 6, signal.SIGTERM, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_TIMED = ("seconds", "date")
_OF_PYTHON = "EOFError: Ran out of input"
"""What Python prints in a worker whose parent is killed before it has told it what to do."""
_READ_ONLY = Path("/sys")  # for root, whom permissions do not stop

Content = dict[str, Any]
"""What of the results must be equal, by file."""


@dataclass(frozen=True)
class Program:
    """A command that is killed, and its results.

    Attributes:
        name: of the command.
        command: words of the command line for an output folder; True resumes.
        content: reads the results in the output folder.
        is_resumable: whether an output folder holds what can be resumed.
    """

    name: str
    command: Callable[[Path, bool], list[str]]
    content: Callable[[Path], Content]
    is_resumable: Callable[[Path], bool]


@dataclass
class Tally:
    """What happened to a command."""

    kills: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    lost: int = 0
    orphans: int = 0
    wrong_codes: Counter[int] = field(default_factory=Counter)
    tracebacks: int = 0
    left_by_kills: int = 0
    left_at_end: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or left."""
        return not (
            self.lost + self.orphans + self.wrong_codes.total() + self.tracebacks + self.left_at_end
        )


@dataclass
class Started:
    """A command that runs, in a session of its own."""

    process: subprocess.Popen[bytes]
    errors: Path

    @classmethod
    def start(cls, words: list[str], folder: Path, *, most_bytes: int | None = None) -> "Started":
        """Start a command; files that it writes may have ``most_bytes`` bytes."""
        errors = folder / "stderr.txt"

        def prepare() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent may ignore it
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        with errors.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", _START, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE if most_bytes is not None else file,
                start_new_session=True,
                preexec_fn=prepare,
            )
        if process.stderr is not None:  # a limited process cannot write much into a file
            errors.write_bytes(process.stderr.read())
            process.stderr.close()
        return cls(process, errors)

    def end(self, tally: Tally) -> tuple[int, str]:
        """Wait for the end; count orphans and tracebacks; return exit code and errors."""
        try:
            code = self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            tally.lost += 1
            self.process.kill()
            code = self.process.wait()
        tally.orphans += n_orphans(self.process.pid)
        text = self.errors.read_text(errors="replace")
        if "Traceback" in text and _OF_PYTHON not in text:
            tally.tracebacks += 1
            click.echo(text, err=True)
        return code, text

    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self.process.poll() is None


def processes_of(session: int) -> list[int]:
    """Return the living processes of a session (Linux, proc(5): fields 3 and 6 of stat)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                found.append(int(stat.parent.name))
    return found


def n_orphans(session: int) -> int:
    """Wait until no process of a session lives; end those that do, and return their number."""
    end = time.monotonic() + ORPHAN_S
    while (found := processes_of(session)) and time.monotonic() < end:
        time.sleep(0.02)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def hidden_files(folder: Path) -> list[Path]:
    """Return drafts and locks below a folder."""
    return [path for path in folder.rglob(".*") if path.is_file()]


def kill_at_random(
    program: Program, whole: Content, seconds: float, *, n: int, rng: np.random.Generator
) -> Tally:
    """Kill a program n times, resume it until it ends, and compare with the whole run."""
    tally = Tally()
    while tally.kills.total() < n:
        with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
            _kill_until_it_ends(program, Path(place), tally, whole, seconds, n=n, rng=rng)
        _show_progress(program.name, tally.kills.total(), n)
    return tally


def _kill_until_it_ends(
    program: Program,
    place: Path,
    tally: Tally,
    whole: Content,
    seconds: float,
    *,
    n: int,
    rng: np.random.Generator,
) -> None:
    """Kill and resume one run until it ends by itself, or no kill is left."""
    out = place / "out"
    out.mkdir()
    first = True
    while True:
        spared = tally.kills.total() >= n or (not first and rng.random() < 0.5)
        first = False
        run = Started.start(program.command(out, program.is_resumable(out)), place)
        number = _SIGNALS[int(rng.integers(len(_SIGNALS)))]
        if not spared:
            _wait_or_end(run, float(rng.uniform(0, 1.1 * seconds)))
            _send(run, number, to_group=bool(rng.integers(2)))
        code, errors = run.end(tally)
        if code != 0:
            if spared or code not in (-number, 128 + number):
                tally.wrong_codes[code] += 1
                click.echo(
                    f"{program.name}: exit code {code} after {number.name}: {errors}", err=True
                )
            tally.kills[number.name] += 1
            tally.left_by_kills += len(hidden_files(out))
        if code == 0 or spared:
            break
    tally.runs += 1
    tally.left_at_end += len(hidden_files(out))
    if code != 0 or program.content(out) != whole:
        tally.lost += 1
        _keep(out, program.name)


def _wait_or_end(run: Started, seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        run.process.wait(seconds)


def _send(run: Started, number: signal.Signals, *, to_group: bool) -> None:
    if not run.is_running():
        return
    if to_group and number != signal.SIGKILL:  # KILL to the parent alone is what leaves orphans
        os.killpg(run.process.pid, number)
    else:
        run.process.send_signal(number)


def _keep(out: Path, name: str) -> None:
    """Copy what differs to a folder that stays."""
    kept = Path("build/kill") / f"{name}-{time.time_ns()}"
    shutil.copytree(out, kept)
    click.echo(f"{name}: differs from the whole run; see {kept}", err=True)


def run_whole(program: Program) -> tuple[Content, float]:
    """Run a program undisturbed; return its results and the seconds that it took."""
    with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
        out = Path(place) / "out"
        out.mkdir()
        start, tally = time.monotonic(), Tally()
        code, errors = Started.start(program.command(out, False), Path(place)).end(tally)
        if code != 0 or not tally.is_clean:
            raise SystemExit(f"{program.name} fails without a kill: {errors}")
        return program.content(out), time.monotonic() - start


def write_twice(program: Program, whole: Content, *, n: int) -> Tally:
    """Start a second run on the output of the first, n times; one is refused, one is whole."""
    tally = Tally()
    for _ in range(n):
        with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
            folder, other = Path(place), Path(place) / "other"
            out = folder / "out"
            out.mkdir()
            other.mkdir()
            first = Started.start(program.command(out, False), folder)
            while not hidden_files(out) and first.is_running():
                time.sleep(0.005)
            second = Started.start(program.command(out, False), other)
            code, errors = second.end(tally)
            named = f"another run (process {first.process.pid}," in errors
            if (code, named) != (1, True):
                tally.wrong_codes[code] += 1
            code, _ = first.end(tally)
            tally.runs += 1
            tally.lost += code != 0 or program.content(out) != whole
            tally.left_at_end += len(hidden_files(out))
    return tally


def fill_disk(program: Program, whole: Content, *, n: int, rng: np.random.Generator) -> Tally:
    """Limit the size of files to random sizes, n times, then go on without the limit."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
        largest = _largest_file(program, Path(place))
    for _ in range(n):
        with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
            out = Path(place) / "out"
            out.mkdir()
            limit = int(rng.integers(largest))
            run = Started.start(program.command(out, False), Path(place), most_bytes=limit)
            code, errors = run.end(tally)
            if code != 1 or "cannot be written" not in errors:
                tally.wrong_codes[code] += 1
                click.echo(f"{program.name}, {limit:,} bytes: exit code {code}: {errors}", err=True)
            tally.left_by_kills += len(hidden_files(out))
            words = program.command(out, program.is_resumable(out))
            code, _ = Started.start(words, Path(place)).end(tally)
            tally.runs += 1
            tally.lost += code != 0 or program.content(out) != whole
            tally.left_at_end += len(hidden_files(out))
    return tally


def _largest_file(program: Program, place: Path) -> int:
    out = place / "out"
    out.mkdir()
    Started.start(program.command(out, False), place).end(Tally())
    return max(path.stat().st_size for path in out.rglob("*") if path.is_file())


def write_read_only(program: Program) -> Tally:
    """Write into a folder in which nothing can be made."""
    tally = Tally(runs=1)
    with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
        out = _READ_ONLY
        if os.geteuid() != 0:
            out = Path(place) / "out"
            out.mkdir(mode=0o500)
        code, errors = Started.start(program.command(out, False), Path(place)).end(tally)
        if code != 1 or len(errors.strip().splitlines()[-1:]) != 1 or "cannot be" not in errors:
            tally.wrong_codes[code] += 1
            click.echo(f"{program.name}, read-only: exit code {code}: {errors}", err=True)
    return tally


def make_train(place: Path) -> Program:
    """Write a data set; return the training of a network on it."""
    rng = np.random.default_rng(1)
    labels = np.arange(N_ROWS) % 10
    pixels = rng.integers(0, 128, (N_ROWS, 28, 28))
    for image, label in zip(pixels, labels, strict=True):
        image[2 + 2 * label : 5 + 2 * label] += 90
    data = place / "digits.npz"
    np.savez(data, x=pixels.astype(np.uint8), y=labels)
    options = ["--hidden", "96,32", "--epochs", "20", "--batch-size", "25", "--dropout", "0.1"]
    options += ["--validation", "300", "--schedule", "cosine", "--averaged", "3", "--threads", "1"]

    def command(out: Path, resume: bool) -> list[str]:
        target = ["--data", str(data), "--out", str(out / "net.safetensors")]
        return ["train", *options, *target, *["--resume"] * resume]

    return Program(
        "train", command, trained, lambda out: (out / "net.checkpoint.safetensors").exists()
    )


def trained(out: Path) -> Content:
    """Return model and history without times, and the names of all files."""
    names = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    found: Content = {"files": names}
    with suppress(OSError), safe_open(out / "net.safetensors", framework="numpy") as file:
        found |= {name: file.get_tensor(name).tobytes() for name in file.keys()}  # noqa: SIM118  # the file is no mapping
        found["header"] = without_times(json.loads(file.metadata()["digitus"]))
    with suppress(OSError):
        found["history"] = without_times(json.loads((out / "net.history.json").read_text()))
    return found


def without_times(value: Any) -> Any:
    """Return a JSON value without the entries that name a time."""
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key not in _TIMED}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def make_read(place: Path) -> Program:
    """Write pages; return the reading of them in two processes."""
    pages = place / "pages"
    pages.mkdir()
    rng = np.random.default_rng(2)
    for number in range(N_PAGES):
        draw_page(pages / f"{number}.png", rng)

    def command(out: Path, resume: bool) -> list[str]:
        targets = ["--csv", str(out / "out.csv"), "--overlay", str(out / "seen")]
        targets += ["--crops", str(out / "crops")]
        return ["read", str(pages), *targets, "--jobs", "2", "--resume"]

    return Program("read", command, read_results, lambda out: True)


def draw_page(path: Path, rng: np.random.Generator) -> None:
    """Draw two lines of digits."""
    strokes = [
        stroke
        for row in range(2)
        for col in range(4)
        for stroke in place(
            draw_digit(int(rng.integers(10)), rng), size=44, left=40 + 55 * col, top=40 + 90 * row
        )
    ]
    ink = render_strokes(strokes, width=320, height=240, pen_px=5)
    Image.fromarray((235 - 200 * ink).astype(np.uint8)).save(path)


def read_results(out: Path) -> Content:
    """Return the bytes of all files but the journal, whose pages may stand in another order."""
    return dict(_visible_files(out))


def _visible_files(out: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(out.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".journal":
            yield str(path.relative_to(out)), path.read_bytes()


def _show_progress(name: str, done: int, n: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"{name}: {done} of {n} kills", err=True)


def print_table(tallies: dict[str, Tally]) -> None:
    """Print a row for each trial."""
    row = "{:<20}{:>6}{:>7}{:>6}{:>9}{:>12}{:>11}{:>14}{:>10}".format
    heads = ("trial", "kills", "runs", "lost", "orphans", "wrong codes", "tracebacks")
    click.echo(row(*heads, "left by kills", "left last"))
    for name, one in tallies.items():
        numbers = (one.kills.total(), one.runs, one.lost, one.orphans, one.wrong_codes.total())
        click.echo(row(name, *numbers, one.tracebacks, one.left_by_kills, one.left_at_end))
    kills = sum((one.kills for one in tallies.values()), Counter[str]())
    click.echo("kills by signal: " + ", ".join(f"{name} {count}" for name, count in kills.items()))


@click.command()
@click.option("--n", default=100, show_default=True, help="Kills of each command.")
@click.option("--seed", default=1, show_default=True)
def main(n: int, seed: int) -> None:
    """Kill training and reading at random moments, resume them, compare with whole runs."""
    rng, tallies = np.random.default_rng(seed), {}
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="digitus-kill-") as place:
        for program in (make_train(Path(place)), make_read(Path(place))):
            whole, seconds = run_whole(program)
            name, some = program.name, max(1, n // 10)
            tallies[f"{name}, killed"] = kill_at_random(program, whole, seconds, n=n, rng=rng)
            tallies[f"{name}, two at once"] = write_twice(program, whole, n=some)
            tallies[f"{name}, full disk"] = fill_disk(program, whole, n=some, rng=rng)
            tallies[f"{name}, read-only"] = write_read_only(program)
    print_table(tallies)
    click.echo(f"{time.monotonic() - start:,.0f} s, seed {seed}")
    raise SystemExit(not all(tally.is_clean for tally in tallies.values()))


if __name__ == "__main__":
    main()
