"""The ten shares of an answer: what bars and words both tell, so that they agree."""

from digitus.desktop.answer.percents import percent_texts
from digitus.recognizer import Prediction


def shares_of(found: Prediction) -> tuple[float, ...] | None:
    """Return how likely each digit is, summing to one; None for a blank.

    Of a digit that was answered it is the confidence: that it is a digit, and this one. What is not
    sure is shared among the others. Where the answer was declined, the shares tell which digit it
    would be if it were one.
    """
    shares, best, sure = found.probabilities, found.digit, found.confidence
    if shares is None or best is None or sure is None or shares[best] >= 1:
        return shares
    rest = (1 - sure) / (1 - shares[best])
    told = tuple(sure if i == best else rest * share for i, share in enumerate(shares))
    return told if sure >= max(told) else shares  # the answer is always the longest bar


def texts_of(found: Prediction) -> list[str]:
    """Return the shares as texts; nothing for a blank."""
    shares = shares_of(found)
    return [] if shares is None else percent_texts(shares)
