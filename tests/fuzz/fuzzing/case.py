"""One mutated file: which, and how it is made again from three words."""

import warnings
import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np

from fuzzing.formats import FORMATS, Command
from fuzzing.mutators.raw import change_raw, pick, splice
from fuzzing.seeds.data_sets import Files

_SHARE_SPLICED = 0.06
_N_CHANGES = (1, 1, 1, 2, 4)  # one change reaches deeper code than many


@dataclass(frozen=True)
class Case:
    """A mutated file by its format, the seed of the run, and its number.

    The same three give the same bytes, with the same versions of the libraries that write seeds.
    """

    format: str
    seed: int
    number: int

    def __str__(self) -> str:
        return f"{self.format}:{self.seed}:{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Case":
        """Return the case that `str` was called on; ValueError for another text."""
        name, seed, number = text.rsplit(":", 2)
        if name not in FORMATS:
            raise ValueError(f"no format {name!r}; there are {', '.join(FORMATS)}")
        return cls(name, int(seed), int(number))

    def make(self) -> tuple[Files, Command]:
        """Return the files of the case, and the command that is given them."""
        chosen = FORMATS[self.format]
        rng = np.random.default_rng([zlib.crc32(self.format.encode()), self.seed, self.number])
        seeds = _seeds(self.format)
        files = dict(pick(seeds, rng))
        targets = sorted(name for name in files if name.endswith(chosen.mutated))
        target = pick(targets, rng)
        content = files[target]
        if rng.random() < _SHARE_SPLICED:
            others = [one[name] for one in seeds for name in one if name.endswith(chosen.mutated)]
            content = splice(content, pick(others, rng), rng)
        for _ in range(pick(_N_CHANGES, rng)):
            content = _changed(content, pick(chosen.mutators, rng), rng)
        files[target] = content
        return files, pick(chosen.commands, rng)


def _changed(content, mutator, rng):
    """Apply a mutator; what it cannot parse after earlier changes is changed raw."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of NumPy, about the values of damaged arrays
        try:
            return mutator(content, rng)
        except Exception:
            return change_raw(content, rng)


@cache
def _seeds(name: str) -> tuple[Files, ...]:
    return tuple(FORMATS[name].seeds())
