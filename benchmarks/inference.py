"""Inference with the shipped model `mlp`: Digitus, ONNX Runtime and PyTorch, the same weights.

    python benchmarks/inference.py [--quick] [--json] [--threads N]

Two tasks:
- network: normalized float32 rows to probabilities, the network alone;
- model: float32 pixels 0..255 to calibrated probabilities, with normalization and temperature.
ONNX Runtime runs files written by the exporter of Digitus. Latency is that of one image at a time
(median and 99th percentile of all calls), throughput that of 10,000 at a time (median).

Each contestant has one process with one thread and one with N, and does its calls in blocks,
alternating with the others (A B A B ...); the faster process counts. First, all must give the same
probabilities within 1e-5. PyTorch runs in inference mode, eager and as a frozen trace; the faster
one counts.
"""

import argparse
import json
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from contest.interleave import Duty, Worker, installed, percentile

ONE_IMAGE, MANY, LARGEST_DIFFERENCE = "one", 10_000, 1e-5
LATENCY_AT_MOST, THROUGHPUT_AT_MOST = 1.5, 1.2
ONNX = "ONNX Runtime"
Call = Callable[[Any], Any]
Calls = dict[str, Call]
Workers = dict[tuple[str, int], Worker]
"""By name of the call and number of threads."""
Times = dict[tuple[str, int], list[float]]


def load_pixels() -> Any:
    """Return the 10,000 test images (n, 784), float32, 0 to 255."""
    import numpy as np

    from digitus.data import load

    return load("mnist").test.pixels[:MANY].astype(np.float32)


def bare_model() -> Any:
    """Return `mlp` without normalization and calibration: the network alone."""
    from digitus.data import Normalizer
    from digitus.models import load_model

    return replace(load_model("mlp"), normalizer=Normalizer("none"), temperature=1.0)


def export(folder: Path) -> None:
    """Write the whole model and the network alone with our exporter."""
    from digitus.models import load_model
    from digitus.models.formats.onnx_file import export_onnx

    export_onnx(load_model("mlp"), folder / "model.onnx")
    export_onnx(bare_model(), folder / "network.onnx")


def make_digitus(task: str, folder: str, threads: int) -> Duty:
    """Prepare the network or model of Digitus."""
    from digitus.models import load_model

    model = load_model("mlp")
    if task == "model":
        return serve({"Digitus": model.probabilities}, task)
    network = model.network
    return serve({"Digitus": network.probabilities, "Digitus, class only": network.predict}, task)


def make_onnx(task: str, folder: str, threads: int) -> Duty:
    """Prepare ONNX Runtime on the exported file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        str(Path(folder) / f"{task}.onnx"), options, providers=["CPUExecutionProvider"]
    )
    names = ["probabilities"]
    return serve({ONNX: lambda x: session.run(names, {"pixels": x})[0]}, task)


def make_torch(task: str, folder: str, threads: int) -> Duty:
    """Prepare PyTorch with the same weights, eager and as a frozen trace."""
    import torch

    torch.set_num_threads(threads)
    network = torch_network(task).eval()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore", DeprecationWarning)  # deprecated, but faster
        trace = torch.jit.freeze(torch.jit.trace(network, torch.zeros(1, 784)))

    def call(network: Any) -> Call:
        def run(x: Any) -> Any:
            with torch.inference_mode():
                return network(torch.from_numpy(x)).numpy()

        return run

    return serve({"PyTorch eager": call(network), "PyTorch trace": call(trace)}, task)


def torch_network(task: str) -> Any:
    """Return the network, for the task `model` between normalization and temperature."""
    import torch
    from torch import nn

    from digitus.models import load_model

    class Scale(nn.Module):
        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

        def forward(self, x: Any) -> Any:
            return x * self.factor

    model = load_model("mlp")
    dense = model.network.dense_layers()
    linear = [nn.Linear(*layer.weight.shape) for layer in dense]
    for ours, theirs in zip(dense, linear, strict=True):
        theirs.weight.data = torch.from_numpy(ours.weight.T.copy())
        theirs.bias.data = torch.from_numpy(ours.bias.copy())
    layers = [linear[0], nn.ReLU(), linear[1], nn.ReLU(), linear[2], nn.Softmax(dim=1)]
    if task == "model":
        layers = [Scale(1 / 255), *layers[:-1], Scale(1 / model.temperature), layers[-1]]
    return nn.Sequential(*layers)


def serve(calls: Calls, task: str) -> Duty:
    """Return the duty of a worker: list its calls, return outputs, or time a block of calls."""
    x = load_pixels() / 255 if task == "network" else load_pixels()
    ones = [x[row : row + 1] for row in range(1000)]

    def answer(question: str, name: str = "", n: int = 0) -> Any:
        if question == "names":
            return list(calls)
        if question == "answers":
            return calls[name](x[:n])
        if question == ONE_IMAGE:
            return [seconds(calls[name], ones[i % len(ones)]) for i in range(n)]
        return [seconds(calls[name], x) for _ in range(n)]

    return answer


def seconds(call: Call, x: Any) -> float:
    """Return the duration of a call."""
    start = perf_counter()
    call(x)
    return perf_counter() - start


def start_workers(task: str, folder: str, threads: int) -> Workers:
    """Start each contestant with one thread and with all; return the workers."""
    makers: list[Callable[..., Duty]] = [make_digitus]
    makers += [make_onnx] if installed("onnx") and installed("onnxruntime") else []
    makers += [make_torch] if installed("torch") else []
    workers = {}
    for make in makers:
        for n in sorted({1, threads}):
            worker = Worker(make, task, folder, n, threads=n)
            workers.update({(name, n): worker for name in worker.ask("names")})
    return workers


def check(workers: Workers) -> float:
    """Return the largest difference of the probabilities from those of Digitus."""
    import numpy as np

    wanted = workers["Digitus", 1].ask("answers", "Digitus", MANY)
    found = [worker.ask("answers", name, MANY) for (name, _), worker in workers.items()]
    same_kind = [each for each in found if each.ndim == 2]  # a call that returns classes has none
    largest = max(float(np.abs(each - wanted).max()) for each in same_kind)
    if not largest <= LARGEST_DIFFERENCE:
        raise SystemExit(f"probabilities differ by {largest:.1e}, above {LARGEST_DIFFERENCE:.0e}")
    return largest


def measure(workers: Workers, what: str, *, rounds: int, n: int) -> Times:
    """Return the times of blocks of n calls, alternating, after one warm-up block each."""
    times: Times = {key: [] for key in workers}
    for number in range(rounds + 1):
        for key, worker in workers.items():
            block = worker.ask(what, key[0], n)
            times[key] += block if number else []
    return times


def best(times: Times, name: str) -> tuple[int, list[float]]:
    """Return the number of threads with the smallest median of a contestant, and its times."""
    key = min((key for key in times if key[0] == name), key=lambda key: median(times[key]))
    return key[1], times[key]


def summarize(one: Times, many: Times) -> list[dict[str, Any]]:
    """Return latency and throughput of each contestant."""
    rows = []
    for name in dict.fromkeys(name for name, _ in one):
        (quick, latencies), (broad, batches) = best(one, name), best(many, name)
        rows.append(
            {
                "name": name,
                "latency_us": median(latencies) * 1e6,
                "p99_us": percentile(latencies, 0.99) * 1e6,
                "latency_threads": quick,
                "images_per_s": MANY / median(batches),
                "throughput_threads": broad,
            }
        )
    return rows


def compare(task: str, folder: str, threads: int, *, quick: bool) -> dict[str, Any]:
    """Measure one task."""
    workers = start_workers(task, folder, threads)
    try:
        difference = check(workers)
        one = measure(workers, ONE_IMAGE, rounds=10 if quick else 30, n=200)
        many = measure(workers, "many", rounds=3 if quick else 7, n=3)
    finally:
        for worker in dict.fromkeys(workers.values()):
            worker.close()
    rows = summarize(one, many)
    return {"task": task, "largest_difference": difference, "contestants": rows}


def show(found: dict[str, Any]) -> None:
    """Print the table of a task and the ratios to ONNX Runtime."""
    rows = {row["name"]: row for row in found["contestants"]}
    print(f"{found['task']}: probabilities differ by {found['largest_difference']:.1e} at most")
    print("                     one image: median       p99  threads    images/s  threads")
    for name, row in rows.items():
        print(
            f"  {name:<20} {row['latency_us']:15.1f} us {row['p99_us']:6.1f} us"
            f" {row['latency_threads']:8} {row['images_per_s']:13,.0f}"
            f" {row['throughput_threads']:8}"
        )
    if ONNX not in rows:
        return
    ours, theirs = rows["Digitus"], rows[ONNX]
    slower = ours["latency_us"] / theirs["latency_us"]
    longer = theirs["images_per_s"] / ours["images_per_s"]
    print(f"  Digitus takes {slower:.2f} times {ONNX}'s latency (at most {LATENCY_AT_MOST}),")
    print(f"  and {longer:.2f} times its time for 10,000 (at most {THROUGHPUT_AT_MOST})")


def main() -> None:
    """Print both tasks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2,000 calls each instead of 6,000")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if installed("onnx") and installed("onnxruntime"):
            export(Path(folder))
        tasks = ("network", "model")
        found = [compare(task, folder, options.threads, quick=options.quick) for task in tasks]
    if options.as_json:
        print(json.dumps(found, indent=2))
        return
    for each in found:
        show(each)


if __name__ == "__main__":
    main()
