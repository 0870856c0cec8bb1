"""The plot of a learning-rate search."""

from digitus.plots import learning_rate_search


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_lowest_loss_is_marked_with_its_rate():
    figure = learning_rate_search([(0.1, 0.3), (0.01, 1.0), (1.0, float("nan"))])
    assert texts(figure) == ["lowest loss 0.3 at rate 0.1"]


def test_rates_that_diverged_are_counted():
    figure = learning_rate_search([(0.1, 0.3), (0.01, 1.0), (1.0, float("inf"))])
    assert figure.texts[1].get_text() == "3 rates from 0.01 to 1, 1 of them diverged"
