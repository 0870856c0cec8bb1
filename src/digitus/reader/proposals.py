"""What is proposed to the networks: parts cut in all likely ways, as patches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch import PATCH_PX
from digitus.imaging.patches import lay_out_all
from digitus.reader.candidates import Candidates, candidates_of
from digitus.reader.cuts import cut_runs
from digitus.reader.features import geometry_of
from digitus.reader.parts import Parts
from digitus.reader.sieve import Sieve

NARROWEST_CUT = 0.3  # digit heights; a narrower part holds no two digits


@dataclass(frozen=True, eq=False)
class Proposal:
    """The candidates of one run, before they are judged.

    Attributes:
        candidates: ranges and arcs.
        patches: (n, 28, 28) of the ranges; paper where one is too small or wide for a digit.
        geometry: (n, g) of the ranges.
    """

    candidates: Candidates
    patches: NDArray[np.float32]
    geometry: NDArray[np.float64]

    def sifted(self, sieve: Sieve) -> "Proposal":
        """Drop what is not worth a look."""
        keep = self.candidates.is_whole() | sieve.keeps(self.patches, self.geometry)
        return Proposal(self.candidates.kept(keep), self.patches[keep], self.geometry[keep])


def propose(parts: Sequence[Parts], settled: Sequence[NDArray[np.bool_]]) -> list[Proposal]:
    """List the candidates of every run; parts that are settled are not cut."""
    cut = cut_runs(parts, [_may_be_cut(*pair) for pair in zip(parts, settled, strict=True)])
    candidates = [candidates_of(*three) for three in zip(parts, cut, settled, strict=True)]
    return [Proposal(found, patches_of(found), geometry_of(found)) for found in candidates]


def patches_of(candidates: Candidates) -> NDArray[np.float32]:
    """Lay out all ranges (n, 28, 28) that might be digits."""
    large = candidates.is_large()
    patches = np.zeros((len(large), PATCH_PX, PATCH_PX), np.float32)
    patches[large] = lay_out_all([candidates.inks[n] for n in np.flatnonzero(large).tolist()])
    return patches


def _may_be_cut(parts: Parts, settled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    width = parts.boxes[:, 2] - parts.boxes[:, 0]
    return ~settled & (width >= NARROWEST_CUT * parts.height_px)
