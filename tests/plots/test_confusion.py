"""The confusion matrix."""

import numpy as np
import pytest

from digitus.plots import confusion_matrix


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def note(figure):
    return figure.texts[1].get_text()


def test_cells_show_their_counts_and_a_dot_for_zero():
    cells = texts(confusion_matrix([[5, 2], [0, 3]]))[:4]
    assert cells == ["5", "2", "·", "3"]


def test_each_row_has_its_accuracy():
    assert texts(confusion_matrix([[1, 2], [0, 0]]))[4:] == ["right", "33.3 %", "none"]


def test_the_most_frequent_confusion_is_named():
    figure = confusion_matrix([[90, 1, 0], [7, 90, 2], [0, 0, 90]])
    assert note(figure) == "10 of 280 misread, most often 1 as 0 (7 times)"


def test_mistakes_are_colored_more_than_the_diagonal():
    cells = confusion_matrix([[900, 1], [0, 900]]).axes[0].images[0].get_array()
    spread = np.ptp(cells, axis=2)  # grey has none
    assert spread[0, 1] > spread[0, 0]


@pytest.mark.parametrize("confusion", [[], [[1, 2]], [1, 2], [[0.5, 1], [1, 1]], [[-1, 1], [1, 1]]])
def test_anything_but_a_square_of_counts_is_refused(confusion):
    with pytest.raises(ValueError, match="confusion must"):
        confusion_matrix(confusion)
