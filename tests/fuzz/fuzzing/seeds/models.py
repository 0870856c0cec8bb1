"""Models of every format, a checkpoint, and the journal of a run of `read`."""

import io
import pickle
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path

import numpy as np

from digitus.cli.main import run
from digitus.data import load
from digitus.data.normalization import Normalizer
from digitus.errors import Cancelled
from digitus.models import save_model
from digitus.models.architecture import build
from digitus.models.formats.import_export import export_model
from digitus.models.model import Model
from digitus.nn.fitting.history import Epoch
from digitus.training import Listener, train
from fuzzing.seeds import images
from fuzzing.seeds.data_sets import Files, idx, write

TRAINING = ("--hidden", "6", "--epochs", "3", "--batch-size", "10", "--validation", "5")
"""Options of the run that the checkpoint belongs to."""


def _network(activation: str, output: str, dtype: str) -> Model:
    network = build(
        {
            "inputs": 784,
            "layers": [
                {"kind": "dense", "width": 6},
                {"kind": activation},
                {"kind": "dense", "width": 10},
            ],
            "loss": {"kind": output},
            "dtype": dtype,
        }
    )
    network.parameters[...] = np.random.default_rng(3).normal(0, 0.1, network.parameters.size)
    return Model("small", network, Normalizer("unit"))


def _files_below(folder: str | Path) -> Files:
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@cache
def _exported(form: str) -> Files:
    output = "sigmoid_binary_cross_entropy" if form == "theta" else "softmax_cross_entropy"
    model = _network("sigmoid" if form == "theta" else "relu", output, "float64")
    with tempfile.TemporaryDirectory() as folder:
        name = "net" if form in ("theta", "npy") else f"net.{form}"
        export_model(model, form, Path(folder) / name)
        return _files_below(folder)


def exported(form: str) -> list[Files]:
    """Return the files of a network in the format theta, npy or npz."""
    return [dict(_exported(form))]


def pickled() -> list[Files]:
    """Return pickles of layers, by several protocols and names."""
    rng = np.random.default_rng(2)
    weights = [rng.normal(0, 0.1, shape) for shape in ((784, 5), (5, 10))]
    layers = [{"W": one, "b": np.zeros(one.shape[1])} for one in weights]
    named = [
        {"weights": one.T.astype("f4"), "bias": np.zeros(one.shape[1], "f4")} for one in weights
    ]
    kinds = [(layers, 0), (layers, 2), (named, 4), ([{}, *layers], 5), (tuple(named), 3)]
    return [{"net.pkl": pickle.dumps(value, protocol)} for value, protocol in kinds]


@cache
def own_models() -> tuple[Files, ...]:
    """Return model files: one without a training record, and one with all of it."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.safetensors"
        save_model(_network("tanh", "softmax_cross_entropy", "float32"), plain)
        whole, _ = _trained(Path(folder), interrupted=False)
        found = [plain.read_bytes(), whole.read_bytes()]
    digit = images.png()[0]
    return tuple({"net.safetensors": one, "digit.png": digit} for one in found)


@cache
def checkpoints() -> tuple[Files, ...]:
    """Return a checkpoint after the first of three epochs, and the data set of its run."""
    with tempfile.TemporaryDirectory() as folder:
        _, checkpoint = _trained(Path(folder), interrupted=True)
        return ({"net.checkpoint.safetensors": checkpoint.read_bytes(), **idx(zipped=False)[0]},)


class _StopAfterOneEpoch(Listener):
    """Interrupts the run after its first epoch."""

    has_ended = False

    def epoch(self, epoch: Epoch, n_epochs: int) -> None:
        self.has_ended = True

    def wants_to_stop(self) -> bool:
        return self.has_ended


def _trained(folder: Path, *, interrupted: bool) -> tuple[Path, Path]:
    """Train in a folder; return model and checkpoint, of which one exists."""
    from digitus.cli.train.config_options import make_config

    write(idx(zipped=False)[0], folder)
    changes = {"hidden": (6,), "epochs": 3, "batch_size": 10, "validation": 5}
    listener = _StopAfterOneEpoch() if interrupted else Listener()
    out = folder / "net.safetensors"
    config, data = make_config(None, changes), load(folder / "set")
    with suppress(Cancelled):
        train(config, data, out=out, name="net", listener=listener)
    return out, folder / "net.checkpoint.safetensors"


@cache
def journals() -> tuple[Files, ...]:
    """Return the journal of two pages, and the pages."""
    pages = {"pages/a.png": images.png()[-1], "pages/b.png": images.png()[0]}
    command = ["read", "pages", "--csv", "out.csv", "--resume", "--jobs", "1"]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        write(pages, Path(folder))
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            code = run(command)
        if code != 0:
            raise RuntimeError(f"the seed could not be read: exit code {code}")
        return (_files_below(folder),)
