"""The server under load: 64 clients draw for 30 s while a batch of 50 pages is read.

Usage: python benchmarks/server_load.py [--seconds 30] [--clients 64] [--pages 50] [--json]

Starts `digitus serve` with an empty data folder, reads four pages, adds a batch of pages, and lets
the clients send drawings, each the next one as soon as the last is answered. Then the same beside
clients that send a byte a second, bodies that are too large, and uploads that are cut off. Prints
answers, errors, predictions a second, the median and the 99th percentile of the times, the
processor time of the server for a prediction, and its memory at the begin and the end of each part.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import numpy as np

PAGE = Path(__file__).parent.parent / "examples" / "pages" / "scores.jpg"
SIZE, PEN = 280, 18
SHAPES = {
    1: [[(140, 40), (140, 240)]],
    7: [[(70, 50), (210, 50), (120, 240)]],
    4: [[(150, 40), (70, 170), (220, 170)], [(180, 110), (180, 240)]],
    0: [[(140 + 70 * np.cos(a), 140 + 100 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)]],
}
START_S = 120


@dataclass
class Part:
    """What a part of the run gave.

    Attributes:
        name: of the part.
        seconds: that it took.
        answered: drawings that were answered as they should.
        wrong: answers with another digit than the one drawn.
        errors: answers with a status other than 200.
        lost: drawings without an answer.
        per_s: predictions a second.
        p50_ms: median of the times from sending to the whole answer.
        p99_ms: 99th percentile.
        cpu_ms: processor time of the server's own process for a prediction.
        server_mb: resident memory of the server alone, at the begin and the end.
        all_mb: the same with its workers.
        pages_read: pages of the batch at the end.
        hostile: answers to the hostile clients, by status; closed without an answer is 0.
    """

    name: str
    seconds: float
    answered: int
    wrong: int
    errors: int
    lost: int
    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    server_mb: tuple[float, float]
    all_mb: tuple[float, float]
    pages_read: int
    hostile: dict[int, int]


def drawing(rng: random.Random) -> tuple[int, bytes]:
    """Return a digit and the request that draws it, shifted and slanted at random."""
    digit = rng.choice(list(SHAPES))
    slant, dx, dy = rng.uniform(-0.2, 0.2), rng.uniform(-15, 15), rng.uniform(-15, 15)
    strokes = []
    for shape in SHAPES[digit]:
        xs, ys = np.array(shape).T
        n = np.linspace(0, len(xs) - 1, 40)  # as many points as a pen gives
        xs, ys = np.interp(n, range(len(xs)), xs), np.interp(n, range(len(ys)), ys)
        points = np.column_stack([xs + dx + slant * (140 - ys), ys + dy])
        strokes.append(np.round(points, 1).tolist())
    body = {"width": SIZE, "height": SIZE, "pen_px": PEN, "strokes": strokes}
    return digit, json.dumps(body).encode()


class Drawer:
    """A client that keeps one connection and sends drawings until a time."""

    def __init__(self, port: int, seed: int) -> None:
        self.port, self.rng = port, random.Random(seed)
        self.times: list[float] = []
        self.wrong = self.errors = self.lost = 0
        self.ready = [drawing(self.rng) for _ in range(20)]

    async def run(self, until: float) -> None:
        """Draw; a connection that breaks loses the drawing and is opened again."""
        reader = writer = None
        while time.monotonic() < until:
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                await self._draw(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                self.lost += 1
                writer = None
        if writer is not None:
            writer.close()

    async def _draw(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        digit, body = self.rng.choice(self.ready)
        began = time.perf_counter()
        writer.write(request("/api/predict", "application/json", len(body)) + body)
        status, content = await answer(reader)
        self.times.append(time.perf_counter() - began)
        if status != 200:
            self.errors += 1
        elif json.loads(content)["results"][0]["best_guess"] != digit:
            self.wrong += 1


def request(path: str, kind: str, length: int) -> bytes:
    """Return the head of a request."""
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}")
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return status and content of an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
    return int(head.split()[1]), await reader.readexactly(length)


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'


async def slow(port: int, until: float) -> int:
    """Send a byte a second; return the status of the answer, 0 without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/api/read", MULTIPART, 100_000))
    body = iter(PART * 100)
    sending = asyncio.create_task(_a_byte_a_second(writer, body, until))
    try:
        status, _ = await answer(reader)
    except (OSError, asyncio.IncompleteReadError):
        status = 0
    sending.cancel()
    writer.close()
    return status


async def _a_byte_a_second(writer: asyncio.StreamWriter, body: object, until: float) -> None:
    for byte in body:
        if time.monotonic() > until:
            writer.close()
            return
        writer.write(bytes([byte]))
        await asyncio.sleep(1)


async def oversized(port: int, until: float) -> int:
    """Declare a terabyte and send a megabyte; return the status of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request("/api/read", MULTIPART, 10**12) + PART + bytes(2**20))
        status, _ = await answer(reader)
    except (OSError, asyncio.IncompleteReadError):
        status = 0
    writer.close()
    return status


async def aborted(port: int, until: float) -> int:
    """Break off in the middle of an upload."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/api/read", MULTIPART, 10**6) + PART + bytes(200_000))
    await writer.drain()
    writer.transport.abort()
    await asyncio.sleep(0.1)
    return 0


async def again(one, port: int, until: float) -> list[int]:
    """Be one hostile client after another until a time."""
    statuses = []
    while time.monotonic() < until:
        try:
            statuses.append(await one(port, until))
        except OSError:
            statuses.append(0)
    return statuses


def resident_mb(process: int, *, whole: bool) -> float:
    """Return the resident memory of a process, and of its children if ``whole``."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in entry.read_text().splitlines())
        except OSError:
            continue
        own = int(facts["Pid"]) == process
        if own or (whole and int(facts["PPid"]) == process):
            total += int(facts.get("VmRSS", "0").split()[0])
    return round(total / 1024, 1)


def cpu_s(process: int) -> float:
    """Return the processor time of a process in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def part(name: str, port: int, process: int, options, hostile=()) -> Part:
    """Run the clients for a while; hostile ones beside them."""
    drawers = [Drawer(port, seed) for seed in range(options.clients)]
    before = resident_mb(process, whole=False), resident_mb(process, whole=True)
    spent = cpu_s(process)
    began = time.monotonic()
    until = began + options.seconds
    others = [again(one, port, until) for one in hostile for _ in range(8)]
    found = await asyncio.gather(*(one.run(until) for one in drawers), *others)
    seconds = time.monotonic() - began
    after = resident_mb(process, whole=False), resident_mb(process, whole=True)
    spent = cpu_s(process) - spent
    times = np.array([one for drawer in drawers for one in drawer.times])
    statuses = [status for one in found[len(drawers) :] for status in one]
    return Part(
        name=name,
        seconds=round(seconds, 1),
        answered=len(times),
        wrong=sum(one.wrong for one in drawers),
        errors=sum(one.errors for one in drawers),
        lost=sum(one.lost for one in drawers),
        per_s=round(len(times) / seconds, 1),
        p50_ms=round(float(np.percentile(times, 50)) * 1000, 1),
        p99_ms=round(float(np.percentile(times, 99)) * 1000, 1),
        cpu_ms=round(1000 * spent / max(1, len(times)), 2),
        server_mb=(before[0], after[0]),
        all_mb=(before[1], after[1]),
        pages_read=0,
        hostile={status: statuses.count(status) for status in sorted(set(statuses))},
    )


def add_batch(address: str, n_pages: int) -> str:
    """Add a batch of pages; return its address."""
    with httpx.Client(base_url=address, timeout=300) as api:
        batch = f"/api/batches/{api.post('/api/batches', json={'name': 'Load'}).json()['id']}"
        content = PAGE.read_bytes()
        files = [("files", (f"{i}.jpg", content)) for i in range(n_pages)]
        api.post(f"{batch}/documents", files=files).raise_for_status()
    return batch


def warm_up(address: str) -> None:
    """Read a few pages, so that the workers run and have their models."""
    batch = add_batch(address, 4)
    end = time.monotonic() + START_S
    while pages_read(address, batch) < 4 and time.monotonic() < end:
        time.sleep(0.2)
    httpx.delete(address + batch, timeout=60)


def pages_read(address: str, batch: str) -> int:
    """Return how many pages of a batch have been read."""
    return httpx.get(address + batch, timeout=60).json()["counts"]["read"]


def started(folder: str, port: int) -> subprocess.Popen[str]:
    """Start the server, and wait until it answers."""
    command = [sys.executable, "-m", "digitus", "serve", "--no-open", "--offline"]
    command += ["--port", str(port), "--data-folder", folder, "--upload-timeout", "10"]
    server = subprocess.Popen(command, text=True, stdout=subprocess.DEVNULL)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return server
    server.kill()
    raise SystemExit("the server did not start")


def main() -> None:
    """Run all parts and print what they gave."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    address = f"http://127.0.0.1:{options.port}"
    with tempfile.TemporaryDirectory() as folder:
        server = started(folder, options.port)
        try:
            warm_up(address)
            found = []
            kinds = {"drawing, a batch being read": (), "the same, hostile clients": HOSTILE}
            for name, hostile in kinds.items():
                batch = add_batch(address, options.pages)
                one = asyncio.run(part(name, options.port, server.pid, options, hostile))
                one.pages_read = pages_read(address, batch)
                httpx.delete(address + batch, timeout=60)
                found.append(one)
        finally:
            server.terminate()
            server.wait()
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    for one in found:
        print(f"\n{one.name}")
        for name, value in asdict(one).items():
            print(f"  {name:12} {value}")


HOSTILE = (slow, oversized, aborted)

if __name__ == "__main__":
    main()
