"""``digitus serve``: the address, the browser, Ctrl-C, and one sentence where it cannot listen."""

import os
import signal
import socket
import sys
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import httpx
import pytest

from digitus.web import listening

SOON_S = 30


@pytest.fixture(autouse=True)
def data_home(monkeypatch, tmp_path):
    """The user's data folder, made anew."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def taken_port():
    """A port on which something else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def opened(monkeypatch):
    """A queue of the addresses that were opened; the server only says that it listens."""
    addresses = Queue()

    def run_server(app, listener, *, listening, **options):
        with listener:
            listening()

    monkeypatch.setattr(webbrowser, "open", addresses.put)
    monkeypatch.setattr(listening, "run_server", run_server)
    return addresses


def test_the_address_is_printed_and_opened(digitus, opened):
    result = digitus("serve", "--port", 0)
    assert result.code == 0
    assert opened.get(timeout=SOON_S) == result.out.split()[4]
    assert result.out.startswith("The page is at http://127.0.0.1:")


def test_the_address_for_other_machines_is_printed_where_they_can_connect(digitus, opened):
    result = digitus("serve", "--port", 0, "--host", "0.0.0.0")
    assert result.out.startswith("The page is at http://127.0.0.1:")
    assert "Other machines of this network open http://" in result.out
    assert opened.get(timeout=SOON_S).startswith("http://127.0.0.1:")


def test_the_browser_stays_closed_if_asked(digitus, monkeypatch, opened):
    started = []
    monkeypatch.setattr("digitus.cli.serve._open", started.append)
    digitus("serve", "--port", 0)
    digitus("serve", "--port", 0, "--no-open")
    assert len(started) == 1


def test_a_port_in_use_is_one_sentence(digitus, taken_port):
    result = digitus("serve", "--no-open", "--port", taken_port)
    assert (result.code, result.out) == (1, "")
    sentence = f"port {taken_port} is in use; choose another, such as --port {taken_port + 1}"
    assert result.err == f"digitus: {sentence}\n"


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a..b"])
def test_an_address_that_is_not_this_machines_is_one_sentence(digitus, host):
    result = digitus("serve", "--no-open", "--host", host)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"digitus: --host {host}: ")


@pytest.mark.parametrize("library", ["fastapi", "uvicorn", "segno"])
def test_without_the_extra_the_sentence_says_what_to_install(digitus, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "digitus.web.server", raising=False)
    result = digitus("serve", "--no-open")
    assert (result.code, result.out) == (1, "")
    assert result.err == "digitus: to serve the page, pip install 'digitus[web]'\n"


def test_a_model_that_cannot_be_read_is_one_sentence(digitus, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_text("no model")
    result = digitus("serve", "--no-open", "--model", path)
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert str(path) in result.err


@pytest.mark.parametrize("words", [["--port", "-1"], ["--port", "65536"], ["extra"]], ids=" ".join)
def test_wrong_usage_is_exit_2(digitus, words):
    assert digitus("serve", *words).code == 2


@pytest.fixture
def running(start, tmp_path):
    """A server as a process whose MNIST folder is empty, and its address."""
    environment = os.environ | {"DIGITUS_DATA": str(tmp_path)}
    process = start("serve", "--no-open", "--port", "0", env=environment)
    line = process.stdout.readline()
    assert line.startswith("The page is at http://"), process.stderr.read()
    return process, line.split()[4]


def test_ctrl_c_ends_the_server_with_code_130(running):
    process, address = running
    assert httpx.get(f"{address}healthz").json() == {"status": "ok"}
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=SOON_S)
    assert (process.returncode, err.strip()) == (130, "digitus: interrupted")


def test_ctrl_c_while_mnist_is_prepared_ends_the_server_without_a_traceback(start, mnist):
    process = start("serve", "--no-open", "--port", "0")
    address = process.stdout.readline().split()[4]
    with ThreadPoolExecutor(1) as pool:
        request = pool.submit(httpx.get, f"{address}api/mnist/train", timeout=SOON_S)
        assert httpx.get(f"{address}healthz").json() == {"status": "ok"}  # the other is on its way
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SOON_S)
        request.exception()  # cut off, or answered in time
    assert (process.returncode, err.strip()) == (130, "digitus: interrupted")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_ending_signals_end_the_server_too(running, number, code):
    process, _ = running
    process.send_signal(number)
    _, err = process.communicate(timeout=SOON_S)
    assert (process.returncode, err.strip()) == (code, "digitus: interrupted")


def test_where_mnist_is_missing_the_server_says_so_and_goes_on(running):
    _, address = running
    answer = httpx.get(f"{address}api/mnist/train")
    assert answer.status_code == 503
    assert "put the four MNIST files there" in answer.json()["detail"]
    assert httpx.get(f"{address}resources.json").status_code == 200
