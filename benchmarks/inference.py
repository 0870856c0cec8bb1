"""Reading with `mlp` as shipped: Digitus beside ONNX Runtime and PyTorch with the same weights.

    python benchmarks/inference.py [--quick] [--json] [--threads N]

Two duties:
- network: normalized float32 rows to probabilities, the network alone;
- model: float32 pixels 0..255 to calibrated probabilities, normalization and temperature included.
ONNX Runtime runs files that our own exporter wrote. Latency is of one image at a time (median
and 99th percentile of all calls), throughput of 10,000 at a time (median).

Each contestant has a process of its own with one thread and another one with N, and does its
calls in blocks, in turn with the others (A B A B ...); the better of the two counts. Before, all
must give the same probabilities within 1e-5. PyTorch runs in inference mode, eager and as a
frozen trace; the better one counts.
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
"""By call and number of threads."""
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


def make_digitus(duty: str, folder: str, threads: int) -> Duty:
    """Prepare our own network or model."""
    from digitus.models import load_model

    model = load_model("mlp")
    if duty == "model":
        return serve({"Digitus": model.probabilities}, duty)
    network = model.network
    return serve({"Digitus": network.probabilities, "Digitus, class only": network.predict}, duty)


def make_onnx(duty: str, folder: str, threads: int) -> Duty:
    """Prepare ONNX Runtime on the exported file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        str(Path(folder) / f"{duty}.onnx"), options, providers=["CPUExecutionProvider"]
    )
    names = ["probabilities"]
    return serve({ONNX: lambda x: session.run(names, {"pixels": x})[0]}, duty)


def make_torch(duty: str, folder: str, threads: int) -> Duty:
    """Prepare PyTorch with the same weights, eager and as a frozen trace."""
    import torch

    torch.set_num_threads(threads)
    network = torch_network(duty).eval()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore", DeprecationWarning)  # still there, and the quicker form
        trace = torch.jit.freeze(torch.jit.trace(network, torch.zeros(1, 784)))

    def call(network: Any) -> Call:
        def run(x: Any) -> Any:
            with torch.inference_mode():
                return network(torch.from_numpy(x)).numpy()

        return run

    return serve({"PyTorch eager": call(network), "PyTorch trace": call(trace)}, duty)


def torch_network(duty: str) -> Any:
    """Return the network, for the model's duty between its normalization and temperature."""
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
    if duty == "model":
        layers = [Scale(1 / 255), *layers[:-1], Scale(1 / model.temperature), layers[-1]]
    return nn.Sequential(*layers)


def serve(calls: Calls, duty: str) -> Duty:
    """Return the duty of a worker: name its calls, answer, or time a block of calls."""
    x = load_pixels() / 255 if duty == "network" else load_pixels()
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
    """Time a call."""
    start = perf_counter()
    call(x)
    return perf_counter() - start


def start_workers(duty: str, folder: str, threads: int) -> Workers:
    """Start each contestant with one thread and with all; give the workers by call and threads."""
    makers: list[Callable[..., Duty]] = [make_digitus]
    makers += [make_onnx] if installed("onnx") and installed("onnxruntime") else []
    makers += [make_torch] if installed("torch") else []
    workers = {}
    for make in makers:
        for n in sorted({1, threads}):
            worker = Worker(make, duty, folder, n, threads=n)
            workers.update({(name, n): worker for name in worker.ask("names")})
    return workers


def check(workers: Workers) -> float:
    """Return the largest difference from our probabilities."""
    import numpy as np

    wanted = workers["Digitus", 1].ask("answers", "Digitus", MANY)
    found = [worker.ask("answers", name, MANY) for (name, _), worker in workers.items()]
    same_kind = [each for each in found if each.ndim == 2]  # a class has no probability
    largest = max(float(np.abs(each - wanted).max()) for each in same_kind)
    if not largest <= LARGEST_DIFFERENCE:
        raise SystemExit(f"probabilities differ by {largest:.1e}, above {LARGEST_DIFFERENCE:.0e}")
    return largest


def measure(workers: Workers, what: str, *, rounds: int, n: int) -> Times:
    """Time blocks of n calls in turn, after one block each to warm up."""
    times: Times = {key: [] for key in workers}
    for number in range(rounds + 1):
        for key, worker in workers.items():
            block = worker.ask(what, key[0], n)
            times[key] += block if number else []
    return times


def best(times: Times, name: str) -> tuple[int, list[float]]:
    """Return the number of threads with which a contestant's median is smallest, and its times."""
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


def compare(duty: str, folder: str, threads: int, *, quick: bool) -> dict[str, Any]:
    """Run one duty."""
    workers = start_workers(duty, folder, threads)
    try:
        difference = check(workers)
        one = measure(workers, ONE_IMAGE, rounds=10 if quick else 30, n=200)
        many = measure(workers, "many", rounds=3 if quick else 7, n=3)
    finally:
        for worker in dict.fromkeys(workers.values()):
            worker.close()
    rows = summarize(one, many)
    return {"duty": duty, "largest_difference": difference, "contestants": rows}


def show(found: dict[str, Any]) -> None:
    """Print one duty's table and the ratios to ONNX Runtime."""
    rows = {row["name"]: row for row in found["contestants"]}
    print(f"{found['duty']}: probabilities differ by {found['largest_difference']:.1e} at most")
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
    """Print both duties."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2,000 calls each instead of 6,000")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if installed("onnx") and installed("onnxruntime"):
            export(Path(folder))
        duties = ("network", "model")
        found = [compare(duty, folder, options.threads, quick=options.quick) for duty in duties]
    if options.as_json:
        print(json.dumps(found, indent=2))
        return
    for each in found:
        show(each)


if __name__ == "__main__":
    main()
