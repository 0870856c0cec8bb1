"""Right ranges take the ink of one symbol."""

from types import SimpleNamespace

import numpy as np

from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.arcs import find_arcs
from digitus.reader.sequence.cuts import cut_components
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer
from digitus.training.sequence.arc_truth import right_ranges
from digitus.training.sequence.training_lines import TrainingLine


def touching_symbols():
    """Make an upright bar, and beside it one with an arm that reaches it."""
    layers = np.zeros((2, 40, 44), np.float32)
    layers[0, 5:35, 10:14] = 1
    layers[1, 5:35, 26:30] = 1
    layers[1, 18:22, 14:26] = 1
    return TrainingLine(LineImage(layers.max(axis=0), 0, 0, 30.0), layers, np.array([1, 7]))


def ranges_of(line):
    components = find_line_components(line.image)
    (cuts,) = cut_components([components], [np.ones(len(components), bool)])
    (output,) = shipped_sequence_recognizer().recognize([line.image])
    ranges = find_arcs(components, cuts, np.zeros(len(components), bool), output).ranges
    return ranges, right_ranges(line, ranges)


def test_a_range_with_all_of_two_symbols_is_right_as_neither():
    ranges, right = ranges_of(touching_symbols())
    whole = ranges.is_uncut()
    assert whole.sum() == 1
    assert not right[whole].any()


def test_cuts_between_two_symbols_make_each_right():
    _, right = ranges_of(touching_symbols())
    assert right[:, 1].any()
    assert right[:, 7].any()


class Ranges:
    """Ranges with the given ink, each over the whole line image."""

    def __init__(self, *inks):
        self.inks, rows_cols = inks, inks[0].shape
        self.boxes = [(0, 0, rows_cols[1], rows_cols[0])] * len(inks)
        self.nodes = SimpleNamespace(components=SimpleNamespace(scale=1.0))

    def __len__(self):
        return len(self.inks)

    def mass(self):
        return np.array([ink.sum() for ink in self.inks])


def test_a_large_symbol_with_all_of_a_small_one_beside_it_is_not_right():
    layers = np.zeros((2, 40, 40), np.float32)
    layers[0, 5:35, 5:25] = 1  # 600 px
    layers[1, 20:30, 30:36] = 1  # 60 px, so that both together share 91 % with the large one
    line = TrainingLine(LineImage(layers.max(axis=0), 0, 0, 30.0), layers, np.array([4, 1]))
    right = right_ranges(line, Ranges(layers[0], layers.sum(axis=0)))
    assert right[:, 4].tolist() == [True, False]
