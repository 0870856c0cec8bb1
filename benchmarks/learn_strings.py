"""Learn the reading of strings anew, and write what is learned into the package.

    python benchmarks/learn_strings.py [network] [scores] [calibration] [--out FOLDER]

Stages, all of them in this order unless some are named; seeds are fixed:
  network      the network that slides along strips of handwriting (about 40 min)
  scores       the scores of the lattice (about 5 min)
  calibration  honest confidences, and how often numbers of a confidence are wrong (about 5 min)
Digits: the network learns from MNIST's first 55,000 training rows, as `cnn` did;
the scores from 3,000 that no network has seen; confidences are measured on the last 2,000.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import digitus.reader
from digitus.data import Samples, load
from digitus.models import load_model
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer
from digitus.reader.sequence.arc_scores import SCORER, read_scorer
from digitus.reader.sequence.sequence_recognizer import FILE as STRIP
from digitus.reader.sequence.sequence_recognizer import (
    read_sequence_recognizer,
    save_sequence_recognizer,
)
from digitus.training.sequence.arc_training import as_arrays
from digitus.training.sequence.confidence_fit import calibrate, error_curve
from digitus.training.sequence.course import Course, Judges, examine, take
from digitus.training.sequence.network_training import Lessons, learn_strips
from digitus.training.sequence.training_lines import make_string

STAGES = ("network", "scores", "calibration")
SEED = 6
FIRST = Lessons(written=50_000, epochs=13, rate=0.003)
SECOND = Lessons(written=50_000, epochs=15, rate=0.0015)
MEASURED = 6000


def rows(start: int, stop: int) -> Samples:
    """Return some of MNIST's training rows."""
    train = load("mnist").train
    if train.labels is None:
        raise SystemExit("MNIST has no labels")
    part = slice(start, stop)
    return Samples(train.pixels[part], train.labels[part], train.source)


class Kept(Callback):
    """Prints every epoch, and stores what was learned so far."""

    name = "kept"

    def __init__(self, path: Path) -> None:
        self._path = path

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Print and store."""
        save_sequence_recognizer(trainer.network.parameters, self._path)
        print(
            f"epoch {epoch.epoch}: loss {epoch.loss:.3f}, strips wholly right "
            f"{epoch.accuracy:.2%}, {epoch.seconds:.0f} s",
            flush=True,
        )


def learn_network(folder: Path) -> None:
    """Train the network that slides."""
    rng = np.random.default_rng([SEED, 0])
    kept, digits = Kept(folder / STRIP), rows(0, 55_000)
    first = learn_strips(digits, rng, FIRST, kept)
    learn_strips(digits, rng, SECOND, kept, start=first.parameters)


def learn_scores(folder: Path) -> None:
    """Learn the scores."""
    rng = np.random.default_rng([SEED, 1])
    judges = Judges(load_model("cnn"), read_sequence_recognizer(folder / STRIP))
    scorer = take(Course(), judges, rows(55_000, 58_000), rng)
    save_file(as_arrays(scorer), folder / SCORER)


def measure(folder: Path) -> None:
    """Fit the confidences, and print what comes of it."""
    rng = np.random.default_rng([SEED, 2])
    judges = Judges(load_model("cnn"), read_sequence_recognizer(folder / STRIP))
    scorer = read_scorer(folder / SCORER)
    samples = rows(58_000, 60_000)
    lessons = [make_string(samples, rng) for _ in range(MEASURED)]
    outcome = examine(lessons, judges, scorer)
    text = json.dumps(calibrate(outcome).to_json())
    (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
    curve = error_curve(outcome)
    print(f"wholly right: {outcome.numbers.mean():.3f} of {MEASURED} strings")
    for most in (0.01, 0.02, 0.05):
        least = curve.threshold(most)
        kept = "none" if least is None else f"{curve.kept_above(least) / curve.n:.3f}"
        print(f"at most {most:.0%} wrong: accepted {kept}")


def main() -> None:
    """Run the stages that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="*", default=STAGES, choices=STAGES)
    default = Path(digitus.reader.__file__).parent / "weights"
    parser.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    work = {"network": learn_network, "scores": learn_scores, "calibration": measure}
    for stage in STAGES:
        if stage in options.stages:
            work[stage](options.out)


if __name__ == "__main__":
    main()
