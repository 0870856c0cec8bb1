"""Time the augmentation of 60,000 images, and a loop of scipy.ndimage.map_coordinates.

    python benchmarks/augment.py [--quick] [--json] [--plot FILE]

The loop applies an affine map and an elastic distortion to one image at a time, the usual way for
MNIST: two fields of noise, `gaussian_filter`, `map_coordinates` of first order, all float32. It is
timed on a sample and extrapolated. `augment` is timed with these two changes alone, and with all
its changes. One core, best of three.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from threadpoolctl import threadpool_limits

from digitus.data import load
from digitus.synthesis.augmentation.augmentation import STANDARD, augment

IMAGES, SAMPLE, AT_LEAST = 60_000, 500, 20
WARPS_ALONE = replace(
    STANDARD, thickness_share=0, blur_share=0, contrast_share=0, speckle_share=0, bar_share=0
)


def load_patches(n: int) -> np.ndarray:
    """Return the first MNIST training images, (n, 28, 28) float32, 0 to 1."""
    return load("mnist").train.pixels[:n].reshape(-1, 28, 28) / np.float32(255)


def bend_one(patch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one image (28, 28) rotated, sheared, scaled, shifted and distorted, with SciPy."""
    how = WARPS_ALONE
    angle = np.deg2rad(rng.uniform(*how.rotation_deg))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, 0], [rng.uniform(*how.shear), 1]])
    inverse = shear @ turn / rng.uniform(*how.scale, (2, 1))
    places = np.indices((28, 28), np.float32).reshape(2, -1) - 13.5 - rng.uniform(-1.5, 1.5, (2, 1))
    noise = rng.standard_normal((2, 28, 28), dtype=np.float32)
    sigma = rng.uniform(*how.elastic_sigma_px)
    field = gaussian_filter(noise, sigma, axes=(1, 2)).reshape(2, -1)
    field *= rng.uniform(*how.elastic_px) / field.std()
    source = (inverse @ places + 13.5 + field).astype(np.float32)
    return map_coordinates(patch, source, order=1).reshape(28, 28)


def best_of(repeats: int, work: Callable[[], Any]) -> float:
    """Return the shortest of several run times, in seconds."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def compare(n: int) -> dict[str, Any]:
    """Time the loop and `augment` on n images; return seconds for 60,000 images, and ratios."""
    patches, rng = load_patches(n), np.random.default_rng(0)
    out = np.empty_like(patches)
    loop_s = best_of(3, lambda: [bend_one(patch, rng) for patch in patches[:SAMPLE]])
    row: dict[str, Any] = {"images": IMAGES, "loop_s": loop_s * IMAGES / SAMPLE}
    for name, how in (("warps", WARPS_ALONE), ("all", STANDARD)):
        augment_s = best_of(3, lambda how=how: augment(patches, rng, how, out=out))
        row[f"{name}_s"] = augment_s * IMAGES / len(patches)
        row[f"{name}_ratio"] = row["loop_s"] / row[f"{name}_s"]
    return row | {"at_least": AT_LEAST}


def show(row: dict[str, Any]) -> None:
    """Print the three run times."""
    print(f"{row['images']:,} images, one core")
    print(f"  loop of map_coordinates, affine and elastic {row['loop_s']:8.2f} s")
    for name, label in (("warps", "affine and elastic"), ("all", "all changes")):
        ratio = f"{row[f'{name}_ratio']:.0f} times as fast (at least {row['at_least']})"
        print(f"  augment, {label:<34} {row[f'{name}_s']:8.2f} s   {ratio}")


def plot(path: Path) -> None:
    """Write a grid of 8 digits: the originals in the first column, then 8 augmentations of each."""
    patches = load_patches(8)
    rng = np.random.default_rng(0)
    columns = [patches, *(augment(patches, rng) for _ in range(8))]
    framed = [
        np.pad(1 - column, ((0, 0), (1, 1), (1, 1)), constant_values=0.7) for column in columns
    ]
    grid = np.hstack([column.reshape(-1, 30) for column in framed]) * 255
    pixels = cv2.resize(grid, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    cv2.imwrite(str(path), pixels.round().astype(np.uint8))


def main() -> None:
    """Print the run times, and write the figure if --plot is given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="6,000 images, extrapolated")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write a PNG of examples")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.plot:
        plot(options.plot)
    with threadpool_limits(1):
        row = compare(IMAGES // 10 if options.quick else IMAGES)
    print(json.dumps(row, indent=2)) if options.as_json else show(row)


if __name__ == "__main__":
    main()
