"""Start-up time: the help against an empty click app, the import against NumPy's.

    python benchmarks/startup.py [--quick] [--json] [--threads N]

Whole processes, alternating (A B A B ...); the ratio is that of the medians. Then the first
prediction of one image: `digitus predict`, which finds and centers the ink, calibrates and prints
a table; scripts that resize the same image with Pillow, run ONNX Runtime or PyTorch with the same
weights and print a digit; and `import numpy`, which is a part of all of them.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from contest.interleave import installed, run_in_turn

EMPTY_APP = "import click; click.command()(lambda: None)(['--help'], standalone_mode=False)"
PAIRS = {
    "digitus --help / empty click app": (
        "from digitus.cli import main; main(['--help'])",
        EMPTY_APP,
        1.2,
    ),
    "import digitus / import numpy": ("import digitus", "import numpy", 1.3),
}
SCRIPTS = Path(__file__).with_name("contest") / "scripts"
IMAGE = Path(__file__).resolve().parents[1] / "examples" / "1-light-on-dark.png"
DIGIT = "1"
OURS = "digitus predict one.png"


def python(code: str) -> list[str]:
    """Return the command that runs Python code."""
    return [sys.executable, "-c", code]


def compare_pairs(runs: int) -> list[dict[str, Any]]:
    """Return both medians and the ratio of each pair."""
    rows = []
    for name, (ours, theirs, limit) in PAIRS.items():
        found = run_in_turn({"ours": python(ours), "theirs": python(theirs)}, runs)
        a, b = median(found["ours"]), median(found["theirs"])
        rows.append({"pair": name, "ours_s": a, "theirs_s": b, "ratio": a / b, "at_most": limit})
    return rows


def first_predictions(folder: Path) -> dict[str, list[str]]:
    """Return the commands that read one image, of all installed contestants."""
    import digitus.models
    from digitus.models.formats.onnx_file import export_onnx

    weights = Path(digitus.models.__file__).with_name("weights") / "mlp.safetensors"
    commands = {
        OURS: [str(Path(sys.executable).with_name("digitus")), "predict", str(IMAGE)],
        "python -c 'import numpy'": python("import numpy"),
    }
    if installed("onnx") and installed("onnxruntime"):
        exported = folder / "mlp.onnx"
        export_onnx(digitus.models.load_model("mlp"), exported)
        commands["ONNX Runtime script"] = script("onnx_predict.py", exported)
    if installed("torch"):
        commands["PyTorch script"] = script("torch_predict.py", weights)
    return commands


def script(name: str, model: Path) -> list[str]:
    """Return the command that runs a script on the image."""
    return [sys.executable, str(SCRIPTS / name), str(IMAGE), str(model)]


def check(name: str, printed: str) -> None:
    """Exit if the answer is wrong; an import prints nothing."""
    if printed and DIGIT not in printed.split():
        raise SystemExit(f"{name} read the image of a {DIGIT} as {printed.strip()}")


def compare_predictions(runs: int) -> list[dict[str, Any]]:
    """Return median and ratio to Digitus of one first prediction of each contestant."""
    with tempfile.TemporaryDirectory() as folder:
        found = run_in_turn(first_predictions(Path(folder)), runs, check=check)
    ours = median(found[OURS])
    return [
        {"name": name, "median_s": median(each), "times_ours": median(each) / ours}
        for name, each in found.items()
    ]


def show(pairs: list[dict[str, Any]], predictions: list[dict[str, Any]]) -> None:
    """Print both tables."""
    for row in pairs:
        print(
            f"{row['pair']:<34} {row['ours_s'] * 1e3:6.0f} ms {row['theirs_s'] * 1e3:6.0f} ms"
            f"   ratio {row['ratio']:.2f} (at most {row['at_most']})"
        )
    print("first prediction of one image")
    for row in predictions:
        times = f"{row['times_ours']:.2f} times ours"
        print(f"  {row['name']:<32} {row['median_s'] * 1e3:6.0f} ms   {times}")


def main() -> None:
    """Print the ratios of the pairs with their limits, and the predictions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="5 runs each instead of 21")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument(
        "--threads", type=int, help="threads of all; by default as many as they choose"
    )
    options = parser.parse_args()
    if options.threads:
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        os.environ.update(dict.fromkeys(names, str(options.threads)))
    runs = 5 if options.quick else 21
    pairs, predictions = compare_pairs(runs), compare_predictions(runs)
    if options.as_json:
        print(json.dumps({"pairs": pairs, "one_image": predictions}, indent=2))
    else:
        show(pairs, predictions)


if __name__ == "__main__":
    main()
