"""A small data set of drawn digits, a model trained on it, and an in-process command line."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from digitus.cli.main import run
from digitus.data import Samples, load
from digitus.data.formats.idx import idx_header
from digitus.imaging import render_strokes
from digitus.models.config import TrainingConfig
from digitus.synthesis.pen.digit_strokes import draw_digit, place
from digitus.training import train

N_TRAIN, N_TEST = 200, 60
DIGIT_PX, STEP_PX = 48, 60
_START = "from digitus.cli import main; main()"


class Result(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("digitus: ")]


def _draw(n: int, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 10
    strokes = [place(draw_digit(int(d), rng), size=20, left=4, top=4) for d in labels]
    inks = [render_strokes(one, width=28, height=28, pen_px=2.5) for one in strokes]
    pixels = (np.stack(inks).reshape(n, -1) * 255).round().astype(np.uint8)
    return Samples(pixels, labels, "drawn")


def _write_idx(folder: Path, part: str, samples: Samples) -> None:
    images = samples.pixels.reshape(-1, 28, 28)
    labels = samples.labels.astype(np.uint8)
    for name, values in (("images-idx3", images), ("labels-idx1", labels)):
        path = folder / f"{part}-{name}-ubyte"
        path.write_bytes(idx_header(values.shape) + values.tobytes())


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An IDX folder of 200 drawn training digits and 60 test digits."""
    folder = tmp_path_factory.mktemp("data") / "drawn"
    folder.mkdir()
    _write_idx(folder, "train", _draw(N_TRAIN, seed=1))
    _write_idx(folder, "t10k", _draw(N_TEST, seed=2))
    return folder


@pytest.fixture(scope="session")
def many(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .npz file of 4,000 noisy digits, so that training takes long enough to be interrupted."""
    train_part, rng = load(drawn).train, np.random.default_rng(3)
    pixels = np.tile(train_part.pixels, (20, 1))
    noise = rng.integers(0, 128, pixels.shape)
    path = tmp_path_factory.mktemp("data") / "many.npz"
    np.savez(
        path,
        x_train=np.clip(pixels + noise, 0, 255).astype(np.uint8),
        y_train=np.tile(train_part.labels, 20),
    )
    return path


@pytest.fixture(scope="session")
def model_file(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that reads nearly all drawn digits."""
    config = TrainingConfig(hidden=(32,), epochs=40, batch_size=20, rate=3e-3, validation=40)
    out = tmp_path_factory.mktemp("models") / "small.safetensors"
    train(config, load(drawn), out=out, name="small")
    return out


@pytest.fixture(scope="session")
def draw_image() -> Callable[..., Path]:
    """Write an image of a digit, dark on light; None writes blank paper."""

    def draw(path: Path, digit: int | None, *, seed: int = 0) -> Path:
        ink = np.zeros((120, 100), np.float32)
        if digit is not None:
            strokes = place(draw_digit(digit, np.random.default_rng(seed)), size=80, left=8, top=15)
            ink = render_strokes(strokes, width=100, height=120, pen_px=9)
        Image.fromarray((255 - 255 * ink).astype(np.uint8)).save(path)
        return path

    return draw


@pytest.fixture
def digitus(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command line in-process; unexpected failures are raised as exceptions."""

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command line as a process, which is killed at the end of the test."""
    started = []

    def call(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _START, *map(str, arguments)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(
            command,
            text=True,
            # a parent may ignore SIGINT, which a child inherits
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            **{**pipes, **options},
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture(scope="session")
def same_arrays() -> Callable[[Path, Path], bool]:
    """Return whether two model files have the same arrays, bit for bit."""

    def compare(one: Path, other: Path) -> bool:
        a, b = load_file(one), load_file(other)
        return a.keys() == b.keys() and all(a[name].tobytes() == b[name].tobytes() for name in a)

    return compare


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy a file into the test's own folder."""
    return lambda path: Path(shutil.copy(path, tmp_path / path.name))


@pytest.fixture(scope="session")
def draw_page() -> Callable[..., Path]:
    """Write a page with lines of drawn numbers."""

    def draw(path: Path, *lines: str, seed: int = 0) -> Path:
        rng = np.random.default_rng(seed)
        cols = 100 + STEP_PX * max((len(line) for line in lines), default=4)
        rows = 100 + 2 * STEP_PX * max(1, len(lines))
        strokes = [
            stroke
            for i, line in enumerate(lines)
            for j, one in enumerate(line)
            if one != " "
            for stroke in place(
                draw_digit(int(one), rng),
                size=DIGIT_PX,
                left=50 + STEP_PX * j,
                top=50 + 2 * STEP_PX * i,
            )
        ]
        ink = render_strokes(strokes, width=cols, height=rows, pen_px=6)
        image = Image.fromarray((235 - 200 * ink).astype(np.uint8))
        image.save(path)
        return path

    return draw


@pytest.fixture
def scans(tmp_path: Path, draw_page: Callable[..., Path]) -> Path:
    """A folder of three pages with a number each."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for i, number in enumerate(("417", "5260", "38")):
        draw_page(folder / f"{i}.png", number, seed=i)
    return folder
