"""One image to one `Prediction`: a digit, or that it holds none or several."""

from digitus.recognizer.digit_model import FULL_INK_IN_MNIST, DigitModel, load_digit_model
from digitus.recognizer.recognizer import BLANK, Prediction, Recognizer, Verdict, predict

__all__ = [
    "BLANK",
    "FULL_INK_IN_MNIST",
    "DigitModel",
    "Prediction",
    "Recognizer",
    "Verdict",
    "load_digit_model",
    "predict",
]
