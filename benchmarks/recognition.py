"""Time preprocessing and prediction: a photo, a canvas, and 1,000 drawings at once.

    python benchmarks/recognition.py [--quick] [--json] [--model NAME|FILE]

The photo is synthetic: a digit drawn on shaded, noisy, ruled paper, as a JPEG of 640 x 480. Names
with "read" time everything from the image to the Prediction, the others preprocessing alone. One
core.
"""

import argparse
import io
import json
import time
from collections.abc import Callable
from statistics import median

import cv2
import numpy as np
from PIL import Image
from threadpoolctl import threadpool_limits

from digitus import Recognizer
from digitus.imaging import Strokes, make_patch, preprocess, render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

PHOTO_ROWS, PHOTO_COLS = 480, 640
CANVAS_PX, PEN_PX = 280, 16


def main() -> None:
    """Print median run times in milliseconds, and drawings per second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", default="cnn", metavar="NAME|FILE")
    options = parser.parse_args()
    cv2.setNumThreads(1)  # the figures are for one core
    with threadpool_limits(1):
        results = measure(Recognizer(options.model), repeats=10 if options.quick else 100)
    if options.json:
        print(json.dumps(results))
        return
    for name, value in results.items():
        print(f"{name:<34} {value:8.2f}")


def measure(recognizer: Recognizer, repeats: int) -> dict[str, float]:
    """Return the median run times, in milliseconds unless the name says otherwise."""
    drawings = [drawing(seed) for seed in range(10 * repeats)]
    canvas = (255 - 255 * rendered(drawings[0])).astype(np.uint8)
    plain, ruled = photo(ruled=False), photo(ruled=True)
    patches = np.stack([make_patch(rendered(strokes)) for strokes in drawings])
    all_ms = median_ms(lambda: read_all(recognizer, drawings), 5)
    return {
        "photo_640x480_read_ms": median_ms(lambda: recognizer.predict(plain), repeats),
        "photo_640x480_ruled_read_ms": median_ms(lambda: recognizer.predict(ruled), repeats),
        "canvas_280x280_read_ms": median_ms(lambda: recognizer.predict(canvas), repeats),
        "strokes_280x280_read_ms": median_ms(lambda: read_one(recognizer, drawings[0]), repeats),
        "drawings_read_per_second": 1000 * len(drawings) / all_ms,
        "patches_read_per_second": 1000
        * len(drawings)
        / median_ms(lambda: recognizer.predict_patches(patches), 5),
        "photo_640x480_ms": median_ms(lambda: preprocess(plain), repeats),
        "photo_640x480_ruled_ms": median_ms(lambda: preprocess(ruled), repeats),
        "canvas_280x280_ms": median_ms(lambda: preprocess(canvas), repeats),
        "strokes_280x280_ms": median_ms(lambda: make_patch(rendered(drawings[0])), repeats),
        "render_5_strokes_of_60_points_ms": median_ms(lambda: rendered(scribble()), repeats),
    }


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median wall time of calls, after two calls to warm up."""
    times = []
    for _ in range(repeats + 2):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return median(times[2:])


def read_one(recognizer: Recognizer, strokes: Strokes) -> object:
    """Read one drawing, as the window does after every stroke."""
    return recognizer.predict_strokes(strokes, width=CANVAS_PX, height=CANVAS_PX, pen_px=PEN_PX)


def read_all(recognizer: Recognizer, drawings: list[Strokes]) -> object:
    """Read many drawings at once."""
    return recognizer.predict_patches(
        np.stack([make_patch(rendered(strokes)) for strokes in drawings])
    )


def drawing(seed: int) -> Strokes:
    """Return the strokes of a digit on the canvas."""
    return place(draw_digit(seed % 10, np.random.default_rng(seed)), size=180, left=50, top=50)


def scribble() -> Strokes:
    """Return five loops of 60 points each."""
    angles = np.linspace(0, 6, 60)
    loops = [
        np.stack([140 + 100 * np.cos(angles + k), 140 + 90 * np.sin(2 * angles + k)], 1)
        for k in range(5)
    ]
    return [[(float(x), float(y)) for x, y in loop] for loop in loops]


def rendered(strokes: Strokes) -> np.ndarray:
    """Return strokes drawn on the canvas as ink."""
    return render_strokes(strokes, width=CANVAS_PX, height=CANVAS_PX, pen_px=PEN_PX)


def photo(*, ruled: bool) -> bytes:
    """Return a JPEG of a digit on shaded, noisy paper."""
    rng = np.random.default_rng(5)
    strokes = place(draw_digit(5, rng), size=220, left=200, top=120)
    ink = render_strokes(strokes, width=PHOTO_COLS, height=PHOTO_ROWS, pen_px=14)
    page = 0.9 - 0.75 * ink
    if ruled:
        page[::40] = np.minimum(page[::40], 0.6)
    page = page * np.linspace(1, 0.5, PHOTO_COLS) + rng.normal(0, 0.02, page.shape)
    levels = (255 * page.clip(0, 1)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


if __name__ == "__main__":
    main()
