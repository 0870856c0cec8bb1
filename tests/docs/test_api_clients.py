"""The clients of the API reference run against a server, as they are written there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/reference/api.md").read_text("utf-8")
STATED = "http://127.0.0.1:8000"
TIME_S = 300


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of `digitus serve` with data of its own."""
    folder = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "digitus", "serve", "--no-open", "--offline", "--port", "0"]
    command += ["--workers", "1", "--data-folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            line = server.stdout.readline().decode()
            yield re.search(r"http://[\d.]+:\d+", line)[0]
        finally:
            server.terminate()
            server.communicate()


def block(language: str) -> str:
    """Return the first block of code in a language."""
    return re.search(rf"^```{language}\n(.*?)^```", TEXT, flags=re.M | re.S)[1]


def test_the_client_in_python_has_ten_lines():
    lines = [line for line in block("python").splitlines() if line.strip()]
    assert len(lines) == 10


def run_python(tmp_path, address, *pages):
    client = tmp_path / "client.py"
    client.write_text(block("python"), encoding="utf-8")
    command = [sys.executable, client, address, *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_S, check=True)
    return done.stdout.splitlines()


def test_the_client_in_python_reads_a_page(tmp_path, address):
    page = ROOT / "examples/pages/scores.jpg"
    truth = json.loads((ROOT / "examples/pages/truth.json").read_text("utf-8"))[page.name]
    (line,) = run_python(tmp_path, address, page)
    name, *numbers = line.split()
    assert name == "scores.jpg"
    assert numbers == [one["text"] for row in truth["lines"] for one in row["numbers"]]


def test_the_client_in_python_waits_for_a_job(tmp_path, address):
    pages = [ROOT / "examples" / f"{name}.png" for name in ("2-light-on-dark", "9-dark-on-light")]
    lines = run_python(tmp_path, address, *pages * 3)
    assert [line.split()[0] for line in lines] == [page.name for page in pages * 3]


def test_the_clients_with_curl_run(address):
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    script = "set -e\n" + block("sh").replace(STATED, address)
    done = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, capture_output=True, timeout=TIME_S, check=True
    )
    decoder, text = json.JSONDecoder(), done.stdout.decode().strip()
    found = []
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    image, pages, drawing = found
    assert image["results"][0]["digit"] == 4
    assert pages["pages"][0]["source"] == "scores.jpg"
    assert drawing["results"][0]["digit"] == 7
