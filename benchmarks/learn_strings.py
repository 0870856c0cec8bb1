"""Learn the reading of strings anew, and write what is learned into the package.

    python benchmarks/learn_strings.py [network] [scores] [calibration] [--out FOLDER]

Stages, all of them in this order unless some are named; seeds are fixed:
  network      tune a copy of the model `cnn` on what is cut out of strings (about 5 min)
  scores       the sieve of candidates and the scores of the lattice (about 20 min)
  calibration  honest confidences, and how often numbers of a confidence are wrong (about 5 min)
Digits: the network learns from MNIST's first 55,000 training rows, as `cnn` did;
sieve and scores from 3,000 that no network has seen; confidences are measured on the last 2,000.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import digitus.reader
from digitus.data import Samples, load
from digitus.models import load_model
from digitus.models.file import read_model, save_model
from digitus.reader.scores import SCORER, SIEVE, Scorer, read_scorer, read_sieve
from digitus.reader.sieve import Sieve
from digitus.reader.strings import CUTTER
from digitus.recipes.string_course import Course, Judges, examine, take
from digitus.recipes.string_learning import as_arrays
from digitus.recipes.string_lessons import make_string
from digitus.recipes.string_measure import calibrate
from digitus.recipes.string_network import tune

STAGES = ("network", "scores", "calibration")
SEED = 6
STRINGS, EPOCHS = 6000, 4
MEASURED = 6000


def rows(start: int, stop: int) -> Samples:
    """Give some of MNIST's training rows."""
    train = load("mnist").train
    if train.labels is None:
        raise SystemExit("MNIST has no labels")
    part = slice(start, stop)
    return Samples(train.pixels[part], train.labels[part], train.source)


def learn_network(folder: Path) -> None:
    """Tune the cutter."""
    rng = np.random.default_rng([SEED, 0])
    model = tune(load_model("cnn"), rows(0, 55_000), rng, strings=STRINGS, epochs=EPOCHS)
    save_model(replace(model, name="cutter", errors=None), folder / CUTTER)


def learn_scores(folder: Path) -> None:
    """Learn the sieve and the scores."""
    rng = np.random.default_rng([SEED, 1])
    judges = Judges(load_model("cnn"), read_model(folder / CUTTER))
    sieve, scorer = take(Course(), judges, rows(55_000, 58_000), rng)
    save_file(as_arrays(sieve), folder / SIEVE)
    save_file(as_arrays(scorer), folder / SCORER)


def measure(folder: Path) -> None:
    """Fit the confidences, and print what comes of it."""
    rng = np.random.default_rng([SEED, 2])
    judges = Judges(load_model("cnn"), read_model(folder / CUTTER))
    sieve: Sieve = read_sieve(folder / SIEVE)
    scorer: Scorer = read_scorer(folder / SCORER)
    samples = rows(58_000, 60_000)
    lessons = [make_string(samples, rng) for _ in range(MEASURED)]
    outcome = examine(lessons, judges, sieve, scorer)
    calibration = calibrate(outcome)
    text = json.dumps(calibration.to_json())
    (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
    curve = calibration.numbers
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
