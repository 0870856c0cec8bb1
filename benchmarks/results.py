"""Train every preset from the command line, write docs/results.md and ship the best `mlp`.

    python benchmarks/results.py            # everything, about a quarter of an hour on two cores
    python benchmarks/results.py s0 s3      # some rows, the others as recorded
    python benchmarks/results.py --quick    # two epochs each into a temporary folder, no files kept
    python benchmarks/results.py --check    # do the pages say what docs/results.json records?

Each run is a `digitus train --preset NAME ...` with one thread; two are under way at a time. What
they printed is recorded in docs/results.json, and docs/results.md and the README's table are made
from that record alone.
"""

import argparse
import json
import shutil
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
PAGE = ROOT / "docs" / "results.md"
README = ROOT / "README.md"
WEIGHTS = ROOT / "src" / "digitus" / "models" / "weights"
RUNS: dict[str, list[list[str]]] = {
    "s0": [[]],
    "s1": [[]],
    "s1-tuned": [[]],
    "s2": [[]],
    "s3": [[]],
    "s3 --epochs 600": [["--epochs", "600"]],
    "s4": [[]],
    "mlp": [["--seed", str(seed)] for seed in range(5)],
}
LONGEST_FIRST = ("s3", "s3 --epochs 600", "s1-tuned")
Record = dict[str, Any]
Results = dict[str, list[Record]]
START, END = "<!-- results: made by benchmarks/results.py -->", "<!-- end of results -->"


def run(row: str, number: int, folder: Path, *, quick: bool) -> Record:
    """Train one preset; give its record and what it printed."""
    options = RUNS[row][number] + (["--epochs", "2"] if quick else [])
    out = folder / "-".join([*row.replace("--", "").split(), str(number)])
    words = ["train", "--preset", row.split()[0], *options]
    print("$ digitus", *words, file=sys.stderr, flush=True)
    executable = str(Path(sys.executable).with_name("digitus"))
    files = ["--out", f"{out}.safetensors", "--json"]
    done = subprocess.run([executable, *words, *files], check=True, capture_output=True, text=True)
    log = [line for line in done.stderr.splitlines() if not line.startswith("wrote ")]
    return {"command": " ".join(["digitus", *words]), "log": log, **json.loads(done.stdout)}


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


def best(runs: list[Record]) -> Record:
    """Choose the run with the best validation accuracy; the test set has no say."""
    return max(runs, key=lambda one: one["scores"].get("validation", {}).get("accuracy", 0))


def ship(runs: list[Record]) -> None:
    """Put the chosen `mlp` into the package."""
    WEIGHTS.mkdir(exist_ok=True)
    with replacing(WEIGHTS / "mlp.safetensors") as draft:
        shutil.copyfile(best(runs)["files"][0], draft)


def percent(share: float | None) -> str:
    """Write a share as per cent."""
    return "-" if share is None else f"{share:.2%}".replace("%", " %")


def accuracy(runs: list[Record], part: str) -> float | None:
    """Mean accuracy of the runs on a part."""
    found = [one["scores"][part]["accuracy"] for one in runs if part in one["scores"]]
    return mean(found) if found else None


def spread(runs: list[Record]) -> str:
    """Lowest and highest test accuracy of several runs."""
    found = [one["scores"]["test"]["accuracy"] for one in runs]
    return f" ({percent(min(found))} to {percent(max(found))})" if len(found) > 1 else ""


def table(results: Results) -> str:
    """Make the table of all rows."""
    lines = [
        "| preset | network and training | the original's claim | train | validation | test |",
        "|---|---|---|---|---|---|",
    ]
    for row, runs in results.items():
        preset = PRESETS[row.split()[0]]
        title = preset.title if row in PRESETS else "the same, one run alone"
        seeds = f", mean of {len(runs)} seeds" if len(runs) > 1 else ""
        claim = f"{percent(preset.claim)}, " if preset.claim else ""
        scores = [percent(accuracy(runs, part)) for part in ("train", "validation")]
        test = f"**{percent(accuracy(runs, 'test'))}**{spread(runs)}"
        cells = [f"`{row}`", title + seeds, claim + preset.claim_source, *scores, test]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def log_of(name: str, runs: list[Record]) -> str:
    """Make the section with the command and log of each run of a preset."""
    blocks = []
    for one in runs:
        test = one["scores"]["test"]
        tail = f"test {percent(test['accuracy'])}  ECE {test['ece']:.4f}  NLL {test['nll']:.4f}"
        blocks.append("\n".join(["```text", f"$ {one['command']}", *one["log"], tail, "```"]))
    versions = ", ".join(f"{key} {value}" for key, value in runs[0]["versions"].items())
    seconds = mean(one["seconds"] for one in runs)
    return f"### {name}\n\n{seconds:.0f} s a run; {versions}.\n\n" + "\n\n".join(blocks)


def page(results: Results) -> str:
    """Make docs/results.md."""
    logs = "\n\n".join(log_of(name, runs) for name, runs in results.items())
    text = (ROOT / "docs" / "results.in.md").read_text(encoding="utf-8")
    return text.replace("{{table}}", table(results)).replace("{{logs}}", logs)


def readme(results: Results) -> str:
    """Give the README with its table made anew."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table(results)}\n{END}{after}"


def write_pages(results: Results) -> None:
    """Write the pages that are made from the record."""
    PAGE.write_text(page(results), encoding="utf-8")
    README.write_text(readme(results), encoding="utf-8")


def check() -> int:
    """Compare the pages with the record."""
    results = json.loads(RECORD.read_text(encoding="utf-8"))
    wanted = {PAGE: page(results), README: readme(results)}
    stale = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path}: is not what docs/results.json says; run benchmarks/results.py --pages")
    return int(bool(stale))


def record(found: Results) -> Results:
    """Put new runs among the recorded ones, and ship the best `mlp` of them."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if "mlp" in found:
        ship(found["mlp"])
    for one in (one for runs in found.values() for one in runs):
        del one["files"]
    merged = {**old, **found}
    results = {row: merged[row] for row in RUNS if row in merged}
    with replacing(RECORD) as draft:
        draft.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return results


def main() -> int:
    """Train, record, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", help=f"of {', '.join(RUNS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="two epochs, nothing is kept")
    parser.add_argument("--check", action="store_true", help="only compare the pages")
    parser.add_argument("--pages", action="store_true", help="only write the pages anew")
    options = parser.parse_args()
    if options.check:
        return check()
    if options.pages:
        write_pages(json.loads(RECORD.read_text(encoding="utf-8")))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run_all(options.rows or [*RUNS], Path(folder), quick=options.quick)
        if options.quick:
            print(table(found))
        else:
            write_pages(record(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
