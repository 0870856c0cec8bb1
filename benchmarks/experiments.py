"""The page's six experiments in Chromium, with all their epochs and three seeds.

    python benchmarks/experiments.py [--seeds N] [--only NAME] [--json]

Each experiment is a pair of runs in `src/digitus/web/static/training/experiments.js`; the
sentences there say what is printed here. A run trains on the first of 50,000 MNIST images and
answers the other 10,000 after each tenth of its epochs, as in the page; the last answers count.

Columns: share of the training images of the last epoch answered right, as they were trained on;
the same of the validation images, and their loss; the least validation loss on the way; the
largest loss of a batch; the share of dead units in the first hidden layer; and the gradient norm
of the first layer divided by that of the last, in the first step and at the end.
"""

import argparse
import json
import sys
from typing import Any

from browser import ARGUMENTS, PACKAGES, chromium, serving

N_IMAGES = 60_000
NAMES = ("rate", "zeros", "deep", "by-heart", "ten-units", "off-center")
RUN = """async ({ name, run, seed, n }) => {
    const { EXPERIMENTS } = await import("/training/experiments.js");
    const { Trainer } = await import("/training/trainer.js");
    const { splitImages, trainingData } = await import("/training/training_images.js");
    const bytes = await (await fetch(`/images/${n}`)).arrayBuffer();
    const images = { labels: new Uint8Array(bytes, 0, n), pixels: new Uint8Array(bytes, n) };
    const config = { ...EXPERIMENTS.find(({ id }) => id === name)[run], seed };
    const trainer = new Trainer({ config, ...trainingData(config, splitImages(images)) });
    const ratio = () => {
        const norms = trainer.histograms().map((one) => one.gradientNorm);
        return norms[0] / norms.at(-1);
    };
    let [first, largest, least, point] = [null, 0, Infinity, null];
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
        trainer.takePoint();
        do {
            trainer.step();
            first ??= ratio();
            largest = Math.max(largest, trainer.batchLoss);
        } while (!trainer.atEpochEnd);
        if (epoch % Math.ceil(config.epochs / 10) && epoch < config.epochs) continue;
        for (const _ of trainer.evaluate());
        point = trainer.takePoint();
        least = Math.min(least, point.validationLoss);
    }
    const [layer] = trainer.histograms();
    return {
        training: point.trainAccuracy, validation: point.validationAccuracy,
        loss: point.validationLoss, least, largest, dead: layer.dead, first, last: ratio(),
    };
}"""


def main() -> None:
    """Print a row for each run of each experiment and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="0 to N - 1")
    parser.add_argument("--only", choices=NAMES, help="one experiment")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    program = chromium()
    found: list[dict[str, Any]] = []
    with serving(PACKAGES, N_IMAGES) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(address)
        if not options.as_json:
            print(
                f"{'experiment':<12}run  seed  training  validation   loss   least  largest"
                "   dead   gradient norms"
            )
        for name in [options.only] if options.only else NAMES:
            for run in ("config", "versus"):
                for seed in range(options.seeds):
                    task = {"name": name, "run": run, "seed": seed, "n": N_IMAGES}
                    row = task | page.evaluate(RUN, task)
                    found.append(row)
                    if not options.as_json:
                        show(row)
        browser.close()
    if options.as_json:
        json.dump(found, sys.stdout)


def show(row: dict[str, Any]) -> None:
    """Print one run."""
    dead = "   none" if row["dead"] is None else f"{row['dead']:7.1%}"
    letter = "A" if row["run"] == "config" else "B"
    print(
        f"{row['name']:<12} {letter}   {row['seed']:>3}   {row['training']:7.1%}  "
        f"{row['validation']:10.1%}  {row['loss']:5.2f}   {row['least']:5.2f}  "
        f"{row['largest']:7.2f}{dead}   {row['first']:.4f} {row['last']:.4f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
