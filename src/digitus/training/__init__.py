"""Training of everything that ships, end to end. Read `preset_run` first, for lines `sequence`."""

from digitus.training.listeners import Listener
from digitus.training.output_files import beside, refuse_replacement
from digitus.training.preset_run import Outcome, score, train
from digitus.training.rate_search import find_rates

__all__ = [
    "Listener",
    "Outcome",
    "beside",
    "find_rates",
    "refuse_replacement",
    "score",
    "train",
]
