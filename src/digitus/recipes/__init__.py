"""Recipes: a preset trained end to end, from the data to the model file."""

from digitus.recipes.listening import Listener
from digitus.recipes.rates import find_rates
from digitus.recipes.training import Outcome, beside, score, train

__all__ = ["Listener", "Outcome", "beside", "find_rates", "score", "train"]
