"""The five generators of held-out pages by name."""

from typing import Protocol

import numpy as np

from held_out import blackboard, carbon_form, lab_book, market_bill, time_log
from held_out.truth import HeldOutPage


class Generator(Protocol):
    """Makes pages of one kind."""

    def __call__(self, rng: np.random.Generator, *, mnist: bool) -> HeldOutPage:
        """Return a page; its digits are skeletons of MNIST's held-out rows, or shapes."""


GENERATORS: dict[str, Generator] = {
    "lab book": lab_book.make,
    "market bill": market_bill.make,
    "blackboard": blackboard.make,
    "time log": time_log.make,
    "carbon form": carbon_form.make,
}


def page_of(kind: str, number: int, seed: int) -> HeldOutPage:
    """Return a page of a kind by its number; odd ones have digits of MNIST's held-out rows."""
    rng = np.random.default_rng([seed, list(GENERATORS).index(kind), number])
    return GENERATORS[kind](rng, mnist=bool(number % 2))
