"""Affine maps and elastic distortions."""

import numpy as np
import pytest

from digitus.synthesis.augmentation.distortions import put_into_cells
from digitus.synthesis.augmentation.warping import Warps, inverse_maps, warp


def ones(*values):
    return np.array(values, np.float32)


def identity(n, **changes):
    fields = {
        "inverse": np.repeat(np.eye(2, dtype=np.float32)[None], n, axis=0),
        "shift_px": np.zeros((n, 2), np.float32),
        "elastic_px": np.zeros(n, np.float32),
        "sigma_px": np.full(n, 4, np.float32),
    }
    return Warps(**(fields | changes))


def noise(n):
    return np.random.default_rng(0).random((n, 28, 28), dtype=np.float32)


@pytest.mark.parametrize("angle", [-40.0, 0.0, 90.0])
def test_the_inverse_map_undoes_rotation_shear_and_scale(angle):
    inverse = inverse_maps(ones(angle), shear=ones(0.3), row_scale=ones(1.5), col_scale=ones(0.8))
    turn = np.deg2rad(angle)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    forward = rotate @ np.array([[1, 0], [-0.3, 1]]) @ np.diag([1.5, 0.8])
    np.testing.assert_allclose(forward @ inverse[0], np.eye(2), atol=1e-5)


def test_the_identity_returns_the_patches():
    warped = warp(put_into_cells(noise(4)), identity(4), np.random.default_rng(0))
    np.testing.assert_allclose(warped, noise(4), atol=1e-4)


def test_each_patch_has_its_own_shift():
    shift = np.array([[0, 0], [2, 0], [0, -3]], np.float32)
    cells = put_into_cells(np.pad(noise(3)[:, 5:23, 5:23], ((0, 0), (5, 5), (5, 5))))
    warped = warp(cells, identity(3, shift_px=shift), np.random.default_rng(0))
    for one, cell, (down, right) in zip(warped, cells, shift.astype(int), strict=True):
        expected = np.roll(cell[2:-2, 2:-2], (down, right), axis=(0, 1))
        np.testing.assert_allclose(one, expected, atol=1e-4)


def test_a_larger_sigma_gives_a_smoother_displacement():
    slope = np.tile(np.linspace(0, 1, 28, dtype=np.float32), (400, 28, 1))

    def roughness(sigma):
        warps = identity(400, elastic_px=np.ones(400, np.float32), sigma_px=np.full(400, sigma))
        moved = warp(put_into_cells(slope), warps, np.random.default_rng(0)) - slope
        return np.abs(np.diff(moved[:, 6:-6, 6:-6], axis=1)).mean()

    assert roughness(np.float32(6)) < 0.8 * roughness(np.float32(3))
