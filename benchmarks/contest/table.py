"""The results as a table of text."""

from collections.abc import Sequence

from contest.result import COMPILED, FLOOR, OURS, Result

HEAD = (
    f"{'network':<19}{'batch':>6} {'opt':<5}{'floor':>7}{'Digitus':>9}{'+Numba':>8}{'PyTorch':>9} "
    f"{'':<9}{'JAX':>7}{'compile':>9}{'sklearn':>9}{'peer/D':>8}{'peer/N':>8}{'D/floor':>9}"
    f"{'N/floor':>9}{'loss':>8}{'final':>8}"
)


def table(results: Sequence[Result]) -> list[str]:
    """Return the header and one line per cell, in seconds per epoch."""
    note = "!  other programs were computing: this line is not reliable"
    notes = [note] if any(result.disturbed for result in results) else []
    return [HEAD, *map(line, results), *notes]


def line(result: Result) -> str:
    """Return the line of a cell."""
    cell, torch, jax = result.cell, result.best("PyTorch"), result.best("JAX")
    variant = torch.partition(" ")[2] if torch else ""
    compile_s = result.compile_s.get(jax or "")
    return (
        f"{cell.shape!s:<19}{cell.batch:>6} {cell.optimizer:<5}"
        f"{number(result.seconds(FLOOR), 7)}{number(result.seconds(OURS), 9)}"
        f"{seconds(result, result.best(COMPILED), 8)}"
        f"{seconds(result, torch, 9)} {variant:<9}{seconds(result, jax, 7)}"
        f"{number(compile_s, 9, 1)}{seconds(result, result.best('scikit-learn'), 9)}"
        f"{number(result.speed(), 8, 2)}{number(result.speed(COMPILED), 8, 2)}"
        f"{number(result.above_floor(), 9, 2)}{number(result.above_floor(COMPILED), 9, 2)}"
        f"{result.spread:>8.2%}{result.final_spread:>8.1%}{'  !' if result.disturbed else ''}"
    )


def seconds(result: Result, name: str | None, width: int) -> str:
    """Return a contestant's median, or a dash."""
    return number(None if name is None else result.seconds(name), width)


def number(value: float | None, width: int, decimals: int = 3) -> str:
    """Return a number right-aligned, or a dash."""
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{decimals}f}"


def summary(results: Sequence[Result]) -> str:
    """Return in how many cells Digitus is ahead, with NumPy and with Numba."""
    return "\n".join(filter(None, (ahead(results, name) for name in (OURS, COMPILED))))


def ahead(results: Sequence[Result], name: str) -> str:
    """Return in how many cells one of our two contestants is ahead."""
    speeds = [speed for result in results if (speed := result.speed(name)) is not None]
    as_fast, faster = (sum(speed >= limit for speed in speeds) for limit in (1.0, 1.5))
    if not speeds:
        return ""
    return (
        f"{name} is at least as fast as the fastest peer in {as_fast} of {len(speeds)} cells, "
        f"at least 1.5 times as fast in {faster}"
    )
