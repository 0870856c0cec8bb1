"""Features of arcs: their order, their range, and what single ones measure."""

import numpy as np
import pytest

from digitus.models import Classification
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.reader.sequence.arc_features import NAMES, features_of
from digitus.reader.sequence.arc_scores import ArcProbabilities
from digitus.reader.sequence.arcs import find_arcs
from digitus.reader.sequence.cuts import cut_components
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer


@pytest.fixture(scope="module")
def touching(line_image, write_digits):
    """Arcs of two touching digits and one apart, and their features by name."""
    ink = np.pad(write_digits("38", gap=None, seed=4).ink, ((0, 0), (0, 40)))
    ink[4:32, -6:-3] = 1
    return featured(line_image(ink))


def featured(image):
    components = find_line_components(image)
    (cuts,) = cut_components([components], [np.ones(len(components), bool)])
    (output,) = shipped_sequence_recognizer().recognize([image])
    arcs = find_arcs(components, cuts, np.zeros(len(components), bool), output)
    n = len(arcs.ranges)
    classified = Classification(np.full((n, 10), 0.1), np.zeros(n))
    probabilities = ArcProbabilities.of(classified, arcs.range, arcs.probabilities)
    features = features_of(arcs, probabilities)
    return arcs, dict(zip(NAMES, features.T, strict=True))


def test_every_feature_of_every_arc_is_a_number(touching):
    arcs, features = touching
    assert all(values.shape == arcs.start.shape for values in features.values())
    assert all(np.isfinite(values).all() for values in features.values())


def test_width_and_height_are_those_of_the_box_in_digit_heights(touching):
    arcs, features = touching
    sizes = arcs.ranges.boxes[:, 2:] - arcs.ranges.boxes[:, :2]
    wanted = np.minimum(sizes[arcs.range] / arcs.nodes.components.height_px, 3)
    np.testing.assert_allclose(np.stack([features["width"], features["height"]], 1), wanted)


def test_shared_ink_is_positive_skipped_ink_negative_and_else_it_is_zero(touching):
    arcs, features = touching
    shift = arcs.start - arcs.ranges.first[arcs.range]
    np.testing.assert_array_equal(np.sign(features["shared ink"]), np.sign(shift))


def test_only_arcs_at_the_ends_of_the_line_are_first_or_last(touching):
    arcs, features = touching
    first, last = arcs.ranges.first[arcs.range], arcs.ranges.last[arcs.range]
    np.testing.assert_array_equal(features["is first"] == 1, first == 0)
    np.testing.assert_array_equal(features["is last"] == 1, last == len(arcs.nodes) - 1)


def test_a_cut_through_ink_has_a_price_and_an_uncut_end_has_none(touching):
    arcs, features = touching
    uncut = arcs.nodes.is_between_components()[arcs.ranges.first[arcs.range]]
    assert (features["price of the left cut"][uncut] == 0).all()
    assert (features["price of the left cut"][~uncut] > 0).all()


def test_a_component_alone_in_its_box_has_no_other_ink(line_image, bars):
    arcs, features = featured(line_image(bars(2, 30)))
    nodes, ranges = arcs.nodes, arcs.ranges
    single = ranges.is_uncut() & (nodes.component[ranges.last] - nodes.component[ranges.first] == 1)
    single = single[arcs.range] & (arcs.start == ranges.first[arcs.range])
    assert single.sum() == 2
    np.testing.assert_allclose(features["other ink in its box"][single], 0, atol=1e-3)


def test_probabilities_are_taken_from_the_networks(touching):
    arcs, features = touching
    assert (features["not classified"] == 1).all()
    np.testing.assert_allclose(
        features["probability of 3 by the sequence network"], arcs.probabilities[:, 3]
    )
    assert arcs.probabilities.shape[1] == N_CLASSES + 1
