"""Train every preset but `lines`, record the scores and write docs/explanation/results.md.

    python benchmarks/results.py            # all but cnn, about twenty minutes on two cores
    python benchmarks/results.py cnn        # about an hour
    python benchmarks/results.py s0 s3      # some rows, the others as recorded
    python benchmarks/results.py --quick    # two epochs each into a temporary folder, no files kept
    python benchmarks/results.py --check    # compare the page with docs/results.json

Each run is a `digitus train --preset NAME ...`; two at a time. `cnn` is trained in two steps,
the second from the weights of the first, as the shipped file was. What they printed is recorded in
docs/results.json; docs/explanation/results.md is made from that record and
docs/explanation/results.md.in alone. The models are deleted: the shipped files are written by
`digitus train` itself, with the commands in digitus/models/presets.py. The preset `lines` is not
among them: strings.py, synthetic.py, pages.py and cheques.py measure it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean
from typing import Any

from digitus.files import replacing
from digitus.models.presets import PRESETS

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "results.json"
PAGE = ROOT / "docs" / "explanation" / "results.md"
PLAIN = (
    *("--no-augmentation", "--epochs", "30", "--batch-size", "64"),
    *("--dropout", "0.15", "--weight-decay", "0.1"),
)
RUNS: dict[str, list[list[str]]] = {
    "s0": [[]],
    "s1": [[]],
    "s1-tuned": [[]],
    "s2": [[]],
    "s3": [[]],
    "s3 --epochs 600": [["--epochs", "600"]],
    "s4": [[]],
    "mlp --no-augmentation": [[*PLAIN, "--seed", str(seed)] for seed in range(5)],
    "mlp": [[]],
    "cnn": [[]],
}
SECOND_STEP = {
    "cnn": (
        *("--validation", "5000", "--schedule", "constant", "--rate", "0.001"),
        *("--epochs", "24", "--averaged", "22", "--seed", "1"),
    )
}
"""Second step, from the weights of the first: more training rows, averaged weights."""
LONGEST_FIRST = ("s3", "s3 --epochs 600", "s1-tuned")
OTHER_TITLES = {
    "s3 --epochs 600": "the same, one run alone",
    "mlp --no-augmentation": "the same network on MNIST as it is, 30 epochs with dropout",
}
APART = ("cnn",)
"""Trained only when it is named."""
Record = dict[str, Any]
Results = dict[str, list[Record]]


def run(row: str, number: int, folder: Path, *, quick: bool) -> Record:
    """Train one preset, in one step or two; return its record and what it printed."""
    out = folder / "-".join([*row.replace("--", "").split(), str(number)])
    found = step(row, RUNS[row][number], out.with_suffix(".safetensors"), quick=quick)
    if row not in SECOND_STEP:
        return found
    first = Path(found["files"][0])
    options = ["--start-from", str(first), *SECOND_STEP[row]]
    second = step(row, options, out.with_suffix(".second.safetensors"), quick=quick)
    command = second["command"].replace(str(first), "FIRST.safetensors")
    found["command"] += " --out FIRST.safetensors"
    return joined(found, {**second, "command": command})


def step(row: str, options: list[str], out: Path, *, quick: bool) -> Record:
    """Run one command; return its record and what it printed."""
    words = ["train", "--preset", row.split()[0], *options]
    words += ["--epochs", "2", "--averaged", "0"] if quick else []
    print("$ digitus", *words, file=sys.stderr, flush=True)
    executable = str(Path(sys.executable).with_name("digitus"))
    files = ["--out", str(out), "--json"]
    done = subprocess.run([executable, *words, *files], check=True, capture_output=True, text=True)
    log = [line for line in done.stderr.splitlines() if not line.startswith("wrote ")]
    return {"command": " ".join(["digitus", *words]), "log": log, **json.loads(done.stdout)}


def joined(first: Record, second: Record) -> Record:
    """Join two steps: the model and scores of the second, the logs of both."""
    log = [*first["log"], f"$ {second['command']}", *second["log"]]
    seconds = first["seconds"] + second["seconds"]
    return {**second, "command": first["command"], "log": log, "seconds": seconds}


def run_all(rows: list[str], folder: Path, *, quick: bool) -> Results:
    """Train the presets of the given rows, two at a time, the longest runs first."""
    order = sorted(rows, key=lambda row: row not in LONGEST_FIRST)
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            row: [
                pool.submit(run, row, number, folder, quick=quick)
                for number in range(1 if quick else len(RUNS[row]))
            ]
            for row in order
        }
        return {row: [job.result() for job in jobs[row]] for row in rows}


def percent(share: float | None) -> str:
    """Return a share as a percentage, ``-`` for None."""
    return "-" if share is None else f"{share:.2%}".replace("%", " %")


def accuracy(runs: list[Record], part: str) -> float | None:
    """Return the mean accuracy of the runs on a part, None where no run has it."""
    found = [one["scores"][part]["accuracy"] for one in runs if part in one["scores"]]
    return mean(found) if found else None


def spread(runs: list[Record]) -> str:
    """Return the lowest and highest test accuracy of several runs."""
    found = [one["scores"]["test"]["accuracy"] for one in runs]
    return f" ({percent(min(found))} to {percent(max(found))})" if len(found) > 1 else ""


def table(results: Results) -> str:
    """Return the table of all rows in Markdown."""
    lines = [
        "| preset | network and training | the original's claim | train | validation | test |",
        "|---|---|---|---|---|---|",
    ]
    for row, runs in results.items():
        preset = PRESETS[row.split()[0]]
        title = preset.title if row in PRESETS else OTHER_TITLES[row]
        seeds = f", mean of {len(runs)} seeds" if len(runs) > 1 else ""
        claim = f"{percent(preset.claim)}, " if preset.claim else ""
        scores = [percent(accuracy(runs, part)) for part in ("train", "validation")]
        test = f"**{percent(accuracy(runs, 'test'))}**{spread(runs)}"
        cells = [f"`{row}`", title + seeds, claim + preset.claim_source, *scores, test]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def log_of(name: str, runs: list[Record]) -> str:
    """Return the section with the command and log of each run of a preset."""
    blocks = []
    for one in runs:
        test = one["scores"]["test"]
        tail = f"test {percent(test['accuracy'])}  ECE {test['ece']:.4f}  NLL {test['nll']:.4f}"
        blocks.append("\n".join(["```text", f"$ {one['command']}", *one["log"], tail, "```"]))
    versions = ", ".join(f"{key} {value}" for key, value in runs[0]["versions"].items())
    seconds = mean(one["seconds"] for one in runs)
    return f"### {name}\n\n{seconds:.0f} s a run; {versions}.\n\n" + "\n\n".join(blocks)


def page(results: Results) -> str:
    """Return the text of docs/explanation/results.md."""
    logs = "\n\n".join(log_of(name, runs) for name, runs in results.items())
    text = PAGE.with_name("results.md.in").read_text(encoding="utf-8")
    return text.replace("{{table}}", table(results)).replace("{{logs}}", logs)


def write_page(results: Results) -> None:
    """Write the page that is made from the record."""
    PAGE.write_text(page(results), encoding="utf-8")


def check() -> int:
    """Compare the page with the record; return the exit code."""
    results = json.loads(RECORD.read_text(encoding="utf-8"))
    if PAGE.read_text(encoding="utf-8") == page(results):
        return 0
    print(f"{PAGE}: differs from docs/results.json; run benchmarks/results.py --page")
    return 1


def record(found: Results) -> Results:
    """Merge new runs into the record."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    for one in (one for runs in found.values() for one in runs):
        del one["files"]
    merged = {**old, **found}
    results = {row: merged[row] for row in RUNS if row in merged}
    with replacing(RECORD) as draft:
        draft.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return results


def main() -> int:
    """Train the rows asked for, record them and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help=f"of {', '.join(RUNS)}; default: all but cnn")
    parser.add_argument("--quick", action="store_true", help="two epochs, nothing is kept")
    parser.add_argument("--check", action="store_true", help="only compare the page")
    parser.add_argument("--page", action="store_true", help="only write the page")
    options = parser.parse_args()
    if options.check:
        return check()
    if options.page:
        write_page(json.loads(RECORD.read_text(encoding="utf-8")))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run_all(
            options.rows or [row for row in RUNS if row not in APART],
            Path(folder),
            quick=options.quick,
        )
        if options.quick:
            print(table(found))
        else:
            write_page(record(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
