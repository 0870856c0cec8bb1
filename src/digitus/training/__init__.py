"""Recipes: a preset trained end to end, from the data to the model file."""

from digitus.training.listeners import Listener
from digitus.training.preset_run import Outcome, beside, score, train
from digitus.training.rate_search import find_rates

__all__ = ["Listener", "Outcome", "beside", "find_rates", "score", "train"]
