"""Try mutated files of every format, print a table, and keep what breaks a law.

    make fuzz [CASES=20000] [SEED=1] [FORMATS="png pdf"]
    PYTHONPATH=tests/fuzz .venv/bin/python -m fuzzing --only png:1:17   # one case again

The exit code is 1 if there is a find. Its files lie in build/fuzz/.
"""

import os
import time
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path

import click

from fuzzing.case import Case
from fuzzing.formats import FORMATS
from fuzzing.harness import Harness
from fuzzing.laws import Verdict, try_case
from fuzzing.seeds.data_sets import write

FINDS = Path("build/fuzz")
_AGAIN = "PYTHONPATH=tests/fuzz .venv/bin/python -m fuzzing --only {case}"


def cases_of(names: tuple[str, ...], seed: int, n: int) -> list[Case]:
    """Return n cases, as many of each format as of the others."""
    turns = (Case(name, seed, number) for number in range(n) for name in names)
    return list(islice(turns, n))


def keep(case: Case, verdict: Verdict) -> Path:
    """Write the files of a find and what happened; return the folder."""
    folder = FINDS / str(case).replace(":", "-")
    files, command = case.make()
    write(files, folder)
    again = _AGAIN.format(case=case)
    text = f"digitus {' '.join(command)}\n\n{again}\n\n{verdict.text}\n"
    (folder / "find.txt").write_text(text, errors="backslashreplace")
    return folder


@click.command()
@click.option("--cases", "n_cases", default=20_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--format", "names", multiple=True, type=click.Choice(list(FORMATS)))
@click.option("--jobs", "n_jobs", default=os.cpu_count() or 1, show_default=True)
@click.option("--only", metavar="FORMAT:SEED:NUMBER", help="Try one case, in this process.")
def main(n_cases: int, seed: int, names: tuple[str, ...], n_jobs: int, only: str | None) -> None:
    """Try mutated files of every format that Digitus reads."""
    if only is not None:
        raise SystemExit(_try_one(Case.parse(only)))
    start, finds = time.monotonic(), []
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    cases = cases_of(names or tuple(FORMATS), seed, n_cases)
    for case, verdict in Harness(n_jobs=n_jobs).run(cases):
        verdicts[case.format].append(verdict)
        if verdict.outcome == "find":
            finds.append((case, verdict))
            last = verdict.text.strip().splitlines()[-1]
            click.echo(f"{keep(case, verdict)}: {last:.150}", err=True)
    _print_table(verdicts)
    click.echo(f"{time.monotonic() - start:,.0f} s with {n_jobs} processes, seed {seed}")
    raise SystemExit(int(bool(finds)))


def _try_one(case: Case) -> int:
    verdict = try_case(case)
    click.echo(f"{keep(case, verdict)}\n{verdict.outcome}\n{verdict.text}")
    click.echo(f"{verdict.seconds:.2f} s, {verdict.peak_bytes / 2**20:,.0f} MB")
    return int(verdict.outcome == "find")


def _print_table(verdicts: dict[str, list[Verdict]]) -> None:
    row = "{:<12}{:>8}{:>10}{:>9}{:>7}{:>9}{:>9}{:>8}".format
    click.echo(row("format", "cases", "answered", "refused", "finds", "most s", "most MB", "noise"))
    everything = [verdict for found in verdicts.values() for verdict in found]
    for name, found in [*verdicts.items(), ("all", everything)]:
        counts = Counter(verdict.outcome for verdict in found)
        click.echo(
            row(
                name,
                f"{len(found):,}",
                f"{counts['answered']:,}",
                f"{counts['refused']:,}",
                counts["find"],
                f"{max(verdict.seconds for verdict in found):.1f}",
                f"{max(verdict.peak_bytes for verdict in found) / 2**20:,.0f}",
                sum(verdict.has_noise for verdict in found),
            )
        )


if __name__ == "__main__":
    main()
