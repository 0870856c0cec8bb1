"""Skeletons keep the holes and the ends of strokes."""

import cv2
import numpy as np
import pytest

from digitus.synthesis.pen.skeletons import count_holes, skeletons, thin


def drawn(*strokes, width=3):
    """Draw strokes, lists of (x, y), on a patch; return its row (784,)."""
    patch = np.zeros((28, 28), np.uint8)
    for stroke in strokes:
        cv2.polylines(patch, [np.array(stroke, np.int32)], False, 255, width)
    return patch.ravel()


def test_thinning_keeps_components_and_holes():
    rng = np.random.default_rng(3)
    for _ in range(20):
        mask = np.zeros((60, 60), np.uint8)
        for _ in range(6):
            cv2.line(mask, *rng.integers(5, 55, (2, 2)).tolist(), 1, 5)
        skeleton = thin(mask.astype(bool))
        assert count_holes(skeleton) == count_holes(mask.astype(bool))
        components = (cv2.connectedComponents(one)[0] for one in (mask, skeleton.astype(np.uint8)))
        assert len(set(components)) == 1


def test_a_skeleton_has_no_blocks_of_four_pixels():
    mask = np.zeros((60, 60), np.uint8)
    cv2.ellipse(mask, (30, 30), (20, 12), 30, 0, 360, 1, 7)
    skeleton = thin(mask.astype(bool))
    blocks = skeleton[1:, 1:] & skeleton[:-1, 1:] & skeleton[1:, :-1] & skeleton[:-1, :-1]
    assert skeleton.any()
    assert not blocks.any()


def test_a_straight_stroke_is_one_curve_along_its_middle():
    (skeleton,) = skeletons(drawn([(14, 5), (14, 22)])[None])
    (curve,) = skeleton.curves
    assert curve[:, 0] == pytest.approx(14.5, abs=0.6)
    assert np.ptp(curve[:, 1]) == pytest.approx(17, abs=3)


def test_strokes_that_cross_meet_in_a_point():
    (skeleton,) = skeletons(drawn([(5, 14), (23, 14)], [(14, 5), (14, 23)])[None])
    ends = np.vstack([curve[[0, -1]] for curve in skeleton.curves])
    middle = np.hypot(*(ends - 14.5).T) < 2
    assert middle.sum() >= 4
    assert (~middle).sum() == 4


def test_a_ring_is_a_closed_curve_and_has_a_hole():
    patch = np.zeros((28, 28), np.uint8)
    cv2.circle(patch, (14, 14), 8, 255, 3)
    (skeleton,) = skeletons(patch.reshape(1, -1))
    (curve,) = skeleton.curves
    assert skeleton.n_holes == 1
    assert np.hypot(*(curve[0] - curve[-1])) < 1
    assert np.hypot(*(curve - 14.5).T) == pytest.approx(8, abs=1)


def test_a_filled_loop_swells_the_stroke():
    stem = [(14, 4), (14, 24)]
    patch = drawn(stem).reshape(28, 28)
    cv2.circle(patch, (14, 19), 5, 255, -1)
    plain, swollen = skeletons(np.stack([drawn(stem), patch.ravel()]))
    assert plain.swelling < 1.4 < swollen.swelling


def test_a_speck_is_no_stroke():
    (skeleton,) = skeletons(drawn([(14, 4), (14, 24)], [(22, 22), (22, 22)], width=2)[None])
    assert len(skeleton.curves) == 1


def test_the_rough_edge_of_a_stroke_makes_no_branch():
    patch = drawn([(14, 4), (14, 24)], width=5).reshape(28, 28)
    patch[12, 17] = 255
    (skeleton,) = skeletons(patch.reshape(1, -1))
    assert len(skeleton.curves) == 1
