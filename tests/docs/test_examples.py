"""Every command line and every Python example of the documents runs.

Commands run in a folder that holds the files which they name. Training is shortened to an epoch on
few images, and stands for the whole of it.
"""

import re
import shlex
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitus.cli.main import run
from digitus.data import DataSet, Samples
from digitus.data.formats.idx import idx_header
from digitus.data.normalization import Normalizer
from digitus.models import load_model, save_model
from digitus.models.config import build_network
from digitus.models.formats.import_export import export_model
from digitus.models.model import Model
from digitus.models.presets import PRESETS
from digitus.reader.cluster.archive_pages import ArchivePage
from digitus.reader.cluster.parts import Archive, page_rows
from digitus.reader.results.reading import PageReading
from digitus.synthesis.pen.pen_drawings import pen_patches

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "digitus" / "models" / "weights" / "lines.safetensors"
SECURITY = ROOT / "docs" / "reference" / "security.md"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
N_TRAIN, N_TEST = 1600, 100
SHORTER = ("--epochs", "1", "--validation", "40", "--averaged", "0", "--hard-rounds", "0")
SHORTER_LINES = ("--lines", "60", "--epochs", "1", "--validation", "1000", "--threads", "1")
BLANK = PageReading("a.png", 1, 10, 10, (), ())
EXPORTABLE = ("s0", "s1", "s4")


def _blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def _command_lines() -> list[Any]:
    """Return each command of the documents once, without its comment and what it is piped to.

    Of those that train the preset lines, eight seconds each, `make test` runs the shortest.
    """
    lines = [
        line for path in DOCUMENTS for block in _blocks(path, "sh") for line in block.split("\n")
    ]
    bare = {line.split("#")[0].split("|")[0].strip() for line in lines}
    commands = sorted(line for line in bare if line.startswith("digitus "))
    train_lines = sorted((line for line in commands if "--preset lines" in line), key=len)[1:]
    return [
        pytest.param(line, marks=pytest.mark.long) if line in train_lines else line
        for line in commands
    ]


def _pen_digits() -> DataSet:
    patches, labels = pen_patches(N_TRAIN + N_TEST, np.random.default_rng(0))
    pixels = np.rint(255 * patches).astype(np.uint8).reshape(-1, 784)
    parts = (slice(N_TRAIN), slice(N_TRAIN, None))
    train, test = (Samples(pixels[part], labels[part], "pen") for part in parts)
    return DataSet("pen", train, test)


def _write_idx(folder: Path, data: DataSet) -> None:
    folder.mkdir()
    for part, samples in (("train", data.train), ("t10k", data.test)):
        images = samples.pixels.reshape(-1, 28, 28)
        for name, values in (("images-idx3", images), ("labels-idx1", samples.labels)):
            content = idx_header(values.shape) + values.astype(np.uint8).tobytes()
            (folder / f"{part}-{name}-ubyte").write_bytes(content)


def _write_classes(folder: Path, samples: Samples, n: int) -> None:
    for number in range(n):
        place = folder / str(samples.labels[number])
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(samples.pixels[number].reshape(28, 28)).save(place / f"{number}.png")


def _write_models(folder: Path) -> None:
    save_model(load_model("mlp"), folder / "mine.safetensors")
    save_model(load_model("cnn"), folder / "first.safetensors")
    for stage in ("first", "second"):
        shutil.copy(SHIPPED, folder / f"{stage}-lines.safetensors")
    for name in EXPORTABLE:
        network = build_network(PRESETS[name].config)
        save_model(Model(name, network, Normalizer("unit")), folder / f"{name}.safetensors")
    export_model(load_model(folder / "s1.safetensors"), "theta", folder / "Theta1-and-Theta2")
    export_model(load_model("mlp"), "npz", folder / "weights.npz")


@pytest.fixture(scope="module")
def data():
    return _pen_digits()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, data):
    """A folder with every file that the documents name."""
    folder = tmp_path_factory.mktemp("documents") / "work"
    shutil.copytree(ROOT / "examples", folder / "examples")
    digit, page = folder / "examples" / "7-red.jpg", folder / "examples" / "pages" / "scores.jpg"
    for name in ("photo.jpg", "digit.jpg"):
        shutil.copy(digit, folder / name)
    for name in ("page.jpg", "scans/1.jpg", "sheets/1.jpg", "more/7.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(digit if name.startswith("more") else page, folder / name)
    with Image.open(page) as image:
        image.convert("RGB").save(folder / "sheets.pdf")
    rows = "\n".join(",".join(map(str, row)) for row in data.test.pixels[:3])
    (folder / "test.csv").write_text(rows + "\n")
    (folder / "token.txt").write_text("0123456789abcdef\n")
    if shutil.which("openssl"):
        (command,) = re.findall(r"^openssl req .*", SECURITY.read_text("utf-8"), flags=re.M)
        subprocess.run(command.split(), check=True, capture_output=True, cwd=folder)
    _write_idx(folder / "folder", data)
    _write_classes(folder / "corrections", data.train, 60)
    _write_classes(folder / "more-corrections", data.test, 20)
    with zipfile.ZipFile(folder / "drawings.zip", "w") as archive:
        for path in sorted((folder / "corrections").rglob("*.png")):
            archive.write(path, Path("drawings") / path.relative_to(folder / "corrections"))
    (folder / "src" / "digitus" / "models" / "weights").mkdir(parents=True)
    _write_models(folder)
    return folder


@pytest.fixture
def work(prepared, data, tmp_path, monkeypatch):
    """The current folder: a copy of the prepared one. MNIST is a few digits of the pen."""
    folder = tmp_path / "work"
    shutil.copytree(prepared, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("digitus.data.mnist.load_mnist", lambda **_: data)
    monkeypatch.setattr("digitus.desktop.run", lambda model: 0)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder


@pytest.fixture
def no_server(monkeypatch):
    """`digitus serve` ends as soon as it listens, and opens nothing."""

    def run_server(app, listener, *, listening, **_):
        with listener:
            listening()

    monkeypatch.setattr("digitus.web.listening.run_server", run_server)
    monkeypatch.setattr("digitus.cli.serve._open", lambda address: None)


def _shortened(words: list[str]) -> list[str]:
    """Return the words of a command that ends soon: an epoch, and any free port."""
    if words[0] == "serve":
        return [*words, "--port", "0"]
    if words[0] != "train" or "--find-rate" in words:
        return words
    if "lines" in words:
        return [*words, *SHORTER_LINES]
    keeps_calibration = ("--validation", "0") if "--validation 0" in " ".join(words) else ()
    return [*words, *SHORTER, *keeps_calibration]


def _interrupt(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what an interrupted training leaves."""
    with monkeypatch.context() as patch:
        screen = "digitus.cli.train.progress.TrainingScreen.wants_to_stop"
        patch.setattr(screen, lambda self: True)
        assert run([word for word in words if word != "--resume"]) != 0


@pytest.mark.usefixtures("no_server")
@pytest.mark.parametrize("line", _command_lines())
def test_every_command_of_the_documents_runs(work, line, capsys, monkeypatch):
    words = _shortened(shlex.split(line)[1:])
    if "cert.pem" in words and not (work / "cert.pem").exists():
        pytest.skip("no openssl on this machine")
    if words[0] == "train" and "--out" in words:
        (work / words[words.index("--out") + 1]).unlink(missing_ok=True)
    if words[0] == "train" and "--preset" in words and "--out" not in words:
        (work / f"{words[words.index('--preset') + 1]}.safetensors").unlink(missing_ok=True)
    if words[0] == "train" and "--resume" in words:
        _interrupt(words, monkeypatch)
    if "--from-parquet" in words:
        (work / "out").mkdir()
        page = ArchivePage("a.png", "0", 1, 1, 10)
        Archive(str(work / "out"), "s", "cnn").write_part([page], page_rows(page, BLANK, None))
    code = run(words)
    assert code == 0, capsys.readouterr().err


def test_a_command_that_fails_is_found(work):
    assert run(["model", "export", "theta", "thetas/", "--model", "mine.safetensors"]) == 1


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "path",
    [
        path
        for path in DOCUMENTS[1:]
        if "tutorial" not in path.parts  # doctests
        and path.name != "api.md"  # test_api_clients.py
        and path.name != "read-an-archive.md"  # tests/cli/read/test_archive.py
        and _blocks(path, "python")
    ],
    ids=lambda path: path.name,
)
def test_the_python_examples_of_a_document_run(work, data, path):
    X, y = data.train.pixels / 255, data.train.labels
    names = {"X": X, "y": y, "Xv": data.test.pixels / 255, "yv": data.test.labels}
    exec("\n".join(_blocks(path, "python")), names)  # the documents are ours
