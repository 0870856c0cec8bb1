"""One epoch on MNIST in Chromium beside ConvNetJS and TensorFlow.js, and the time of an answer.

    python benchmarks/browser.py [--quick] [--json] [--only NAME] [--packages DIR]

Each contestant trains in a worker of its own, one at a time, from the same first weights on the
same batches in the same order. They alternate (A B C A B C ...) after every part of the epoch, so
that other programs on the machine disturb all alike: an epoch is the number of parts times the
median part, and the ratio the median of the ratios of the parts. The loss of the last part shows
that all do the same work. TensorFlow.js uses its WebAssembly backend with SIMD, on one thread as
in every page without cross-origin isolation. ConvNetJS has no Adam. Both are installed with npm
into `build/browser`, for this benchmark only.

Then the shipped models answer drawings: from the strokes, rendered anew, to the verdict. Last, a
run of 784-128-64-10 trains on 60,000 images as one batch, while it is paused and taken back: how
long a command takes until the page shows its effect, and how long one tick comes after another.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

import numpy as np

import digitus.models
import digitus.web
from digitus.data import load
from digitus.synthesis.pen.digit_strokes import draw_digit, place

HERE = Path(__file__).parent
STATIC = Path(digitus.web.__file__).parent / "static"
WEIGHTS = Path(digitus.models.__file__).parent / "weights"
PACKAGES = HERE.parent / "build" / "browser"
NPM = ("convnetjs@0.3.0", "@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0")
OURS, THEIRS = "digitus", ("convnetjs", "tensorflow")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
MODELS, CANVAS_PX, PEN_PX, ANSWER_AT_MOST_MS = ("cnn", "mlp"), 280, 24, 16.0
COMMAND_AT_MOST_MS, TICK_AT_MOST_MS = 100.0, 300.0
RACE = """async ({ names, task }) => {
    const workers = names.map((name) => new Worker(`/in_browser/${name}.js`, { type: "module" }));
    const ask = (worker, message) => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) =>
            data.error ? reject(new Error(data.error)) : resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message ?? "a worker does not start"));
        worker.postMessage(message);
    });
    for (const worker of workers) await ask(worker, { command: "prepare", task });
    const found = Object.fromEntries(names.map((name) => [name, []]));
    for (let part = 0; part < task.parts; part++) {
        for (const [i, name] of names.entries()) {
            found[name].push(await ask(workers[i], { command: "train", part }));
        }
    }
    workers.forEach((worker) => worker.terminate());
    return found;
}"""
ANSWER = """async ({ name, drawings }) => {
    const { patchOfDrawing } = await import("/imaging/preprocessing.js");
    const { Recognizer } = await import("/recognizer.js");
    const { readModel } = await import("/models/safetensors.js");
    const file = `${name}.safetensors`;
    const response = await fetch(`/weights/${file}`);
    const recognizer = new Recognizer(readModel(await response.arrayBuffer(), file));
    let right = 0;
    const timesMs = drawings.map(({ digit, ...drawing }) => {
        const start = performance.now();
        const answer = recognizer.predictPatch(patchOfDrawing(drawing));
        const tookMs = performance.now() - start;
        right += answer.digit === digit;
        return tookMs;
    });
    return { timesMs, right };
}"""

COMMANDS = """async ({ n, times }) => {
    const { DEFAULT_CONFIG } = await import("/training/config.js");
    const { Run } = await import("/training/run.js");
    const bytes = await (await fetch(`/images/${n}`)).arrayBuffer();
    const train = { labels: new Uint8Array(bytes, 0, n), pixels: new Uint8Array(bytes, n) };
    const last = Math.floor(n / 3);
    const validation = {
        labels: train.labels.subarray(0, last), pixels: train.pixels.subarray(0, last * 784),
    };
    const config = { ...DEFAULT_CONFIG, hidden: [128, 64], batchSize: null, epochs: 1000 };
    const run = new Run(config, { train, validation });
    const until = (holds) => new Promise((resolve) => {
        const look = () => {
            if (!holds()) return;
            run.removeEventListener("tick", look);
            resolve();
        };
        run.addEventListener("tick", look);
        look();
    });
    await until(() => run.history.length > 0);
    const commandsMs = [];
    for (let i = 0; i < times; i++) {
        const { images } = run.position;
        run.start();
        await until(() => run.position.images > images + 100);
        const start = performance.now();
        if (i % 2) run.rewind(0);
        else run.pause();
        await until(() => (i % 2 ? run.position.images === 0 : run.state === "paused"));
        commandsMs.push(performance.now() - start);
    }
    const ticks = [];
    const note = () => ticks.push(performance.now());
    run.start();
    run.addEventListener("tick", note);
    await until(() => ticks.length > times + 1);
    run.close();
    return { commandsMs, ticksMs: ticks.slice(2).map((at, i) => at - ticks[i + 1]) };
}"""


@dataclass(frozen=True)
class Task:
    """A network and how it is trained.

    Attributes:
        widths: from the pixels to the classes.
        optimizer: ``sgd`` or ``adam``.
        rate: learning rate.
        batch: images in a batch.
        n: images in an epoch.
        parts: of the epoch.
    """

    widths: tuple[int, ...]
    optimizer: str
    rate: float
    batch: int
    n: int
    parts: int

    def __str__(self) -> str:
        """Name the network, the optimizer and the batch."""
        return f"{'-'.join(map(str, self.widths))}, {self.optimizer}, batches of {self.batch}"


def tasks(n: int, parts: int) -> list[Task]:
    """Return the two networks with both optimizers."""
    return [
        Task(widths, optimizer, rate, batch, n, parts)
        for widths, batch in (((784, 30, 10), 50), ((784, 128, 64, 10), 128))
        for optimizer, rate in (("sgd", 0.1), ("adam", 1e-3))
    ]


class Handler(SimpleHTTPRequestHandler):
    """Serves the page's modules, the contestants, the npm packages and the images."""

    folders: dict[str, Path]
    images: dict[str, bytes]

    def translate_path(self, path: str) -> str:
        """Return the file of an address whose first part names a folder."""
        first, _, rest = path.split("?")[0].lstrip("/").partition("/")
        return str(self.folders.get(first, STATIC / first) / rest)

    def do_GET(self) -> None:
        """Answer with the images or a file."""
        if self.path not in self.images:
            super().do_GET()
            return
        body = self.images[self.path]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(packages: Path, n: int) -> Iterator[str]:
    """Serve everything on a free port of this machine; yield the address."""
    train = load("mnist").train
    labels, pixels = train.labels[:n].astype("u1"), train.pixels[:n]
    page = b"<!doctype html><html lang='en'><title>Benchmark</title>"
    fields = {
        "folders": {
            "in_browser": HERE / "in_browser",
            "npm": packages / "node_modules",
            "weights": WEIGHTS,
        },
        "images": {f"/images/{n}": labels.tobytes() + pixels.tobytes(), "/": page},
    }
    handler = type("Serving", (Handler,), fields)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(STATIC)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def chromium() -> str:
    """Return the browser's program."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("no Chromium on this machine; install it with: apt-get install chromium")
    return program


def install(packages: Path) -> None:
    """Install the other contestants with npm, unless they are there."""
    if (packages / "node_modules" / "@tensorflow" / "tfjs-backend-wasm").is_dir():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found; install Node.js to compare, or pass --only digitus")
    packages.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(packages), "--no-audit", "--no-fund", *NPM]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def measure(page: Any, task: Task, names: list[str]) -> dict[str, dict[str, float]]:
    """Return the seconds of an epoch and the last loss of each contestant, alternating."""
    found = page.evaluate(RACE, {"names": names, "task": asdict(task)})
    seconds = {name: np.array([part["seconds"] for part in found[name]]) for name in names}
    return {
        name: {
            "epoch_s": task.parts * float(np.median(seconds[name])),
            "whole_s": float(seconds[name].sum()),
            "ratio": float(np.median(seconds[name] / seconds[names[0]])),
            "loss": found[name][-1]["loss"],
        }
        for name in names
    }


def answer(page: Any, name: str, n: int) -> dict[str, float]:
    """Return how long a shipped model takes to answer n drawings, after a tenth as a warm-up."""
    rng = np.random.default_rng(0)
    canvas = {"width": CANVAS_PX, "height": CANVAS_PX, "penPx": PEN_PX}
    drawings = [
        {
            **canvas,
            "digit": i % 10,
            "strokes": place(draw_digit(i % 10, rng, freedom=0.6), size=190, left=45, top=45),
        }
        for i in range(n)
    ]
    found = page.evaluate(ANSWER, {"name": name, "drawings": drawings})
    times = found["timesMs"][n // 10 :]
    return {
        "first_ms": found["timesMs"][0],
        "median_ms": median(times),
        "p95_ms": float(np.percentile(times, 95)),
        "right": found["right"] / n,
    }


def command(page: Any, n: int, times: int) -> dict[str, float]:
    """Return how long commands and ticks take in a full batch of n images."""
    found = page.evaluate(COMMANDS, {"n": n, "times": times})
    return {
        f"{name}_{part}_ms": float(value)
        for name in ("commands", "ticks")
        for part, value in (
            ("median", median(found[f"{name}Ms"])),
            ("p95", np.percentile(found[f"{name}Ms"], 95)),
        )
    }


def main() -> None:
    """Print a table for each network and optimizer, and the times of answers and commands."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="6,000 images, 100 drawings")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--only", choices=(OURS, *THEIRS), help="one contestant")
    parser.add_argument("--packages", type=Path, default=PACKAGES, help="with node_modules")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    n, parts = (6_000, 5) if options.quick else (60_000, 25)
    if options.only != OURS:
        install(options.packages)
    program = chromium()
    results = []
    with serving(options.packages, n) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(address)
        for task in tasks(n, parts):
            names = [options.only] if options.only else [OURS, *THEIRS]
            if task.optimizer == "adam":
                names = [name for name in names if name != "convnetjs"]
            if not names:
                continue
            found = measure(page, task, names)
            results.append({"task": asdict(task), "found": found})
            if not options.as_json:
                show(task, found)
        answers = {name: answer(page, name, n=100 if options.quick else 1000) for name in MODELS}
        commands = command(page, n, times=10 if options.quick else 40)
        browser.close()
    if options.as_json:
        report = {"images": n, "results": results, "answers": answers, "commands": commands}
        print(json.dumps(report))
        return
    print(f"from strokes to the answer, aim {ANSWER_AT_MOST_MS:.0f} ms")
    for name, row in answers.items():
        print(
            f"  {name:<12} median {row['median_ms']:7.1f} ms   p95 {row['p95_ms']:7.1f} ms"
            f"   first {row['first_ms']:.1f} ms   right {row['right']:.1%}"
        )
    aims = f"{COMMAND_AT_MOST_MS:.0f} and {TICK_AT_MOST_MS:.0f} ms"
    print(f"a command, and one tick after another, in a full batch of {n:,}, aims {aims}")
    for name in ("commands", "ticks"):
        print(
            f"  {name:<12} median {commands[f'{name}_median_ms']:7.1f} ms"
            f"   p95 {commands[f'{name}_p95_ms']:7.1f} ms"
        )


def show(task: Task, found: dict[str, dict[str, float]]) -> None:
    """Print the contestants of one task and how much longer the others take."""
    print(f"{task}, {task.n:,} images")
    for name, row in found.items():
        print(
            f"  {name:<12} epoch {row['epoch_s']:7.2f} s   whole {row['whole_s']:7.2f} s"
            f"   loss {row['loss']:.4f}   ratio {row['ratio']:5.2f}"
        )


if __name__ == "__main__":
    main()
