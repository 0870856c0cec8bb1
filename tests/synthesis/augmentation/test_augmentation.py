"""Augmentation of patches: every change has the stated size and direction."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.synthesis.augmentation.augmentation import CHUNK, STANDARD, Augmentation, augment

IDENTITY = Augmentation(
    rotation_deg=(0, 0),
    shear=(0, 0),
    scale=(1, 1),
    aspect=(1, 1),
    shift_px=(0, 0),
    elastic_px=(0, 0),
    thickness_share=0,
    blur_share=0,
    contrast_share=0,
    speckle_share=0,
    bar_share=0,
)

STRONG = Augmentation(
    rotation_deg=(-20, 20),
    shear=(-0.35, 0.35),
    scale=(0.75, 1.15),
    shift_px=(-2.5, 2.5),
    elastic_px=(0, 1.3),
    thickness_px=(-1, 1),
    blur_px=(0, 1),
    contrast=(0.4, 2.5),
    speckle=(0, 0.45),
    bar_share=0.25,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def blobs(n=3, seed=1):
    """Different grey blobs with a margin of 8 pixels."""
    patches = np.zeros((n, 28, 28), np.float32)
    patches[:, 8:20, 8:20] = rng(seed).random((n, 12, 12), dtype=np.float32)
    return patches


def stroke(width, *, length=16):
    """One upright stroke of full ink in the middle."""
    patch = np.zeros((1, 28, 28), np.float32)
    patch[0, 14 - length // 2 : 14 + length // 2, 14 - width // 2 : 14 + (width + 1) // 2] = 1
    return patch


def center(patch):
    rows, cols = np.indices(patch.shape)
    return np.array([(patch * rows).sum(), (patch * cols).sum()]) / patch.sum()


@pytest.mark.parametrize("n", [0, 1, CHUNK, CHUNK + 1])
def test_any_number_of_patches_keeps_shape_and_type(n):
    result = augment(blobs(n), rng())
    assert result.shape == (n, 28, 28)
    assert result.dtype == np.float32


@pytest.mark.parametrize("how", [STANDARD, STRONG])
def test_ink_stays_between_paper_and_full(how):
    noise = rng().random((2000, 28, 28), dtype=np.float32)
    result = augment(noise, rng(), how)
    assert result.min() >= 0
    assert result.max() <= 1


def test_blank_paper_stays_blank():
    assert not augment(np.zeros((500, 28, 28), np.float32), rng(), STRONG).any()


def test_ranges_without_any_change_keep_the_patches():
    patches = rng().random((300, 28, 28), dtype=np.float32)
    np.testing.assert_allclose(augment(patches, rng(), IDENTITY), patches, atol=1e-4)


def test_the_input_is_not_modified():
    patches = blobs()
    before = patches.copy()
    augment(patches, rng(), STRONG)
    assert np.array_equal(patches, before)


def test_the_same_generator_state_gives_the_same_result():
    assert np.array_equal(augment(blobs(), rng(5)), augment(blobs(), rng(5)))


def test_different_generator_states_give_different_results():
    assert not np.array_equal(augment(blobs(), rng(5)), augment(blobs(), rng(6)))


def test_equal_patches_get_different_changes():
    same = np.repeat(blobs(1), CHUNK * 2, axis=0)
    result = augment(same, rng(), STANDARD).reshape(len(same), -1)
    assert len(np.unique(result, axis=0)) == len(same)


def test_the_result_is_written_to_out():
    out = np.empty((3, 28, 28), np.float32)
    assert augment(blobs(), rng(), out=out) is out
    assert np.array_equal(out, augment(blobs(), rng()))


def test_out_may_be_the_input_itself():
    patches = blobs()
    wanted = augment(patches, rng())
    augment(patches, rng(), out=patches)
    assert np.array_equal(patches, wanted)


@settings(max_examples=20)
@given(st.sampled_from([STANDARD, STRONG]), st.integers(0, 1000))
def test_no_ink_crosses_from_one_patch_to_another(how, seed):
    """An empty patch among full ones stays empty, also where the warps reach far beyond it."""
    far = replace(how, shift_px=(-20, 20), scale=(0.3, 1), rotation_deg=(-180, 180))
    patches = np.ones((5, 28, 28), np.float32)
    patches[2] = 0
    assert not augment(patches, rng(seed), far)[2].any()


def test_a_quarter_turn_is_counterclockwise():
    turned = augment(blobs(), rng(), replace(IDENTITY, rotation_deg=(90, 90)))
    np.testing.assert_allclose(turned, np.rot90(blobs(), axes=(1, 2)), atol=1e-3)


def test_a_shift_goes_down_and_to_the_right():
    moved = augment(blobs(), rng(), replace(IDENTITY, shift_px=(3, 3)))
    np.testing.assert_allclose(moved, np.roll(blobs(), (3, 3), axis=(1, 2)), atol=1e-4)


def test_ink_shifted_out_of_the_patch_is_lost():
    assert not augment(blobs(), rng(), replace(IDENTITY, shift_px=(28, 28))).any()


def test_positive_shear_moves_the_top_to_the_right():
    leaning = augment(stroke(3), rng(), replace(IDENTITY, shear=(0.5, 0.5)))[0]
    top, bottom = center(leaning[7:9])[1], center(leaning[19:21])[1]
    assert top - bottom == pytest.approx(12 * 0.5, abs=0.1)


def spread(patch):
    """Standard deviation of the ink down and across, in pixels."""
    offsets = (np.indices(patch.shape).T - center(patch)).T
    return np.sqrt((patch * offsets**2).sum(axis=(1, 2)) / patch.sum())


def soft_disc():
    offset = np.arange(28, dtype=np.float32) - 13.5
    return np.exp(-(offset[:, None] ** 2 + offset**2) / 18)[None]


@pytest.mark.parametrize("scale", [0.7, 1.2])
def test_scale_multiplies_height_and_width_by_its_factor(scale):
    scaled = augment(soft_disc(), rng(), replace(IDENTITY, scale=(scale, scale)))[0]
    np.testing.assert_allclose(spread(scaled), 3 * scale, rtol=0.02)


def test_aspect_changes_the_ratio_of_width_to_height_and_keeps_the_area():
    scaled = augment(soft_disc(), rng(), replace(IDENTITY, aspect=(1.44, 1.44)))[0]
    np.testing.assert_allclose(spread(scaled), [3 / 1.2, 3 * 1.2], rtol=0.02)


def test_the_elastic_displacement_of_the_digit_has_the_stated_root_mean_square():
    """On a linear gradient the change of a value is proportional to the displacement."""
    slope = np.tile(np.linspace(0, 1, 28, dtype=np.float32), (2000, 28, 1))
    how = replace(IDENTITY, elastic_px=(0.6, 0.6), elastic_sigma_px=(4, 4))
    for image in (slope, slope.transpose(0, 2, 1)):
        moved_px = (augment(np.ascontiguousarray(image), rng(), how) - image) * 27
        digit = moved_px[:, 4:-4, 4:-4]
        assert np.sqrt((digit**2).mean()) == pytest.approx(0.6, rel=0.03)


def test_the_elastic_displacement_is_smooth():
    slope = np.tile(np.linspace(0, 1, 28, dtype=np.float32), (500, 28, 1))
    bent = augment(slope, rng(), replace(IDENTITY, elastic_px=(1, 1), elastic_sigma_px=(3, 3)))
    moved_px = (bent - slope)[:, 6:-6, 6:-6] * 27
    assert np.abs(np.diff(moved_px, axis=1)).max() < 1.2


def test_thickening_by_one_pixel_adds_one_pixel_on_every_side():
    thick = augment(stroke(3), rng(), replace(IDENTITY, thickness_px=(1, 1), thickness_share=1))
    assert thick[0, 14].sum() == pytest.approx(5, abs=1e-3)


def test_thinning_by_one_pixel_removes_one_pixel_on_every_side():
    fine = augment(stroke(5), rng(), replace(IDENTITY, thickness_px=(-1, -1), thickness_share=1))
    assert fine[0, 14].sum() == pytest.approx(3, abs=1e-3)


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5])
def test_thinning_breaks_no_stroke(width):
    fine = augment(
        stroke(width), rng(), replace(IDENTITY, thickness_px=(-1, -1), thickness_share=1)
    )[0]
    assert (fine[8:20].max(axis=1) > 0.99).all()


@pytest.mark.parametrize(("change", "grows"), [((-0.4, -0.4), False), ((0.4, 0.4), True)])
def test_a_fraction_of_a_pixel_of_thickness_is_that_fraction_of_the_change(change, grows):
    changed = augment(stroke(4), rng(), replace(IDENTITY, thickness_px=change, thickness_share=1))
    assert changed[0, 14].sum() == pytest.approx(4.8 if grows else 3.2, abs=1e-3)


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_blur_adds_its_variance_and_keeps_the_ink(sigma):
    blurred = augment(stroke(1), rng(), replace(IDENTITY, blur_px=(sigma, sigma), blur_share=1))[0]
    line = blurred[14]
    variance = (line * (np.arange(28) - center(blurred)[1]) ** 2).sum() / line.sum()
    assert blurred.sum() == pytest.approx(16, rel=1e-3)
    assert variance == pytest.approx(sigma**2, rel=1e-2)


def test_contrast_multiplies_the_ink_and_clips_it_at_full_ink():
    darker = augment(blobs(), rng(), replace(IDENTITY, contrast=(2, 2), contrast_share=1))
    np.testing.assert_allclose(darker, np.minimum(2 * blobs(), 1), atol=1e-3)


def test_speckle_has_the_stated_standard_deviation_and_adds_no_ink_to_paper():
    patches = np.zeros((200, 28, 28), np.float32)
    patches[:, 4:24, 4:24] = 0.5
    grained = augment(patches, rng(), replace(IDENTITY, speckle=(0.2, 0.2), speckle_share=1))
    assert (grained[:, 6:22, 6:22] / 0.5).std() == pytest.approx(0.2, abs=0.01)
    assert not grained[:, :3].any()


def test_a_bar_erases_an_area_of_its_width_and_length():
    full = np.ones((500, 28, 28), np.float32)
    gone_px = (1 - augment(full, rng(), replace(IDENTITY, bar_px=(2, 2), bar_share=1))).sum((1, 2))
    assert gone_px.min() > 2 * 3 * 0.9
    assert gone_px.max() < 2 * 9 * 1.1


@pytest.mark.parametrize("name", ["thickness", "blur", "contrast", "speckle", "bar"])
def test_a_change_applies_to_its_share_of_the_patches(name):
    patches = np.repeat(stroke(12, length=24) * np.float32(0.5), 2000, axis=0)
    least = {"thickness": (0.5, 0.9), "contrast": (0.2, 0.8), "blur": (0.5, 1), "bar": (2, 4)}
    ranges = {f"{name}_px" if name in ("thickness", "blur", "bar") else name: least.get(name)}
    how = replace(IDENTITY, **{key: value for key, value in ranges.items() if value})
    changed = augment(patches, rng(), replace(how, **{f"{name}_share": 0.3})) - patches
    assert (np.abs(changed).max((1, 2)) > 1e-3).mean() == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scale", (1.2, 0.8)),
        ("scale", (0, 1)),
        ("elastic_sigma_px", (1, 4)),
        ("thickness_px", (-2, 0)),
        ("blur_px", (0, 3)),
        ("bar_share", 1.5),
        ("shift_px", (0, float("nan"))),
    ],
)
def test_an_invalid_range_is_rejected_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} goes from"):
        Augmentation(**{name: value})


@pytest.mark.parametrize(
    "patches",
    [np.zeros((2, 784), np.float32), np.zeros((28, 28), np.float32), np.zeros((2, 28, 28))],
)
def test_patches_of_another_shape_or_type_are_rejected(patches):
    with pytest.raises(ValueError, match="float32"):
        augment(patches, rng())


def test_out_of_another_length_is_rejected():
    with pytest.raises(ValueError, match="needs 3 patches"):
        augment(blobs(), rng(), out=np.empty((2, 28, 28), np.float32))
