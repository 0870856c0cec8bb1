"""The server: its answers, their headers, and what it says where something is missing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import httpx
import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.data.samples import DataSet, Samples
from digitus.errors import DownloadError, ModelFileError
from digitus.models import save_model
from digitus.models.config import TrainingConfig, build_network
from digitus.models.model import Model
from digitus.web import packed_mnist
from digitus.web.page_models import page_models
from digitus.web.server import make_server
from digitus.web.static_files import FOLDER, MEDIA_TYPES, static_files

ADDRESS = "http://127.0.0.1:8000"
POLICY = "content-security-policy"


class Client:
    """Sends requests to an ASGI application, each in an event loop of its own.

    The loop runs in a thread, because Playwright keeps one running in the main thread.
    """

    def __init__(self, app, base_url=ADDRESS):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.options = {"transport": transport, "base_url": base_url}

    def request(self, method, path, **options) -> httpx.Response:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(**self.options) as client:
                return await client.request(method, path, **options)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, send()).result()

    def get(self, path, **options) -> httpx.Response:
        return self.request("GET", path, **options)


def made_up(n: int) -> Samples:
    random = np.random.default_rng(n)
    pixels = random.integers(0, 256, (n, 784)).astype(np.uint8)
    return Samples(pixels, random.integers(0, 10, n), "made up")


@pytest.fixture
def data() -> DataSet:
    return DataSet("made up", made_up(40), made_up(8))


@pytest.fixture
def client(data):
    """A client of a server with the shipped models and made-up images."""
    return Client(make_server(page_models(None), lambda: data))


def test_the_page_is_at_the_root(client):
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (200, (FOLDER / "index.html").read_text("utf-8"))


@pytest.mark.parametrize("path", ["main.js", "styles/base.css", "icon.svg", "ui/element.js"])
def test_a_file_of_the_page_has_its_media_type_and_content(client, path):
    answer = client.get(f"/{path}")
    assert answer.content == (FOLDER / path).read_bytes()
    assert answer.headers["content-type"] == MEDIA_TYPES[(FOLDER / path).suffix]


def test_every_file_of_the_page_has_a_media_type():
    found = {path for path in FOLDER.rglob("*") if path.is_file()}
    assert found == set(static_files().values())


def test_a_browser_that_has_the_file_is_told_so(client):
    tag = client.get("/main.js").headers["etag"]
    again = client.get("/main.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/main.js", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/main.js", "/healthz", "/resources.json", "/api/models/cnn", "/api/mnist/test", "/none"],
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_head_is_answered_as_get_without_the_content(client, path, encoding):
    headers = {"Accept-Encoding": encoding}
    answer = client.request("HEAD", path, headers=headers)
    wanted = client.get(path, headers=headers)
    assert (answer.status_code, answer.content) == (wanted.status_code, b"")
    assert answer.headers == wanted.headers


@pytest.mark.parametrize(
    "path",
    ["/", "/main.js", "/resources.json", "/api/models", "/api/mnist/test", "/none", "/api/none"],
)
def test_every_answer_carries_the_content_policy(client, path):
    headers = client.get(path).headers
    assert "'unsafe" not in headers[POLICY]
    assert headers[POLICY].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in ("no-cache", "no-store")


def test_a_failure_inside_carries_the_content_policy_and_shows_nothing():
    def fail():
        raise RuntimeError("secret")

    app = make_server(page_models(None), fail)
    answer = Client(app).get("/api/mnist/test")
    assert (answer.status_code, POLICY in answer.headers) == (500, True)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The server failed; its terminal shows why."


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:8000"])
def test_this_machines_own_names_are_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_the_list_of_resources_is_made_without_mnist():
    app = make_server(page_models(None), lambda: pytest.fail("was loaded"))
    listed = Client(app).get("/resources.json").json()
    assert [one["name"] for one in listed["models"]] == ["cnn", "mlp"]
    assert listed["mnist"] == {
        "train": {"n": 60000, "url": "api/mnist/train"},
        "test": {"n": 10000, "url": "api/mnist/test"},
    }


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_a_models_address_gives_its_file(client, name):
    (entry,) = [
        one for one in client.get("/resources.json").json()["models"] if one["name"] == name
    ]
    assert client.get(f"/{entry['url']}").content == page_models(name)[0].content


def test_the_models_are_described(client):
    first, second = client.get("/api/models").json()["models"]
    assert (first["name"], first["declines"], second["declines"]) == ("cnn", True, False)
    assert second["title"] == "784-128-64-10"


@pytest.fixture
def own_model(tmp_path):
    """A model file whose name has signs that addresses escape."""
    network = build_network(TrainingConfig(hidden=()))
    path = tmp_path / "m.safetensors"
    save_model(Model("a/b? <c>", network, Normalizer("unit")), path)
    return path


def test_a_model_file_comes_first_and_keeps_its_name(own_model, data):
    client = Client(make_server(page_models(str(own_model)), lambda: data))
    entries = client.get("/resources.json").json()["models"]
    assert [one["name"] for one in entries] == ["a/b? <c>", "cnn", "mlp"]
    assert client.get(f"/{entries[0]['url']}").content == own_model.read_bytes()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("..", "model"), ("", "model"), ("a\ud800b\u202e\n", "a\ufffdb\ufffd\ufffd")],
)
def test_a_model_whose_name_no_address_can_hold_is_served(tmp_path, data, name, shown):
    path = tmp_path / "m.safetensors"
    save_model(Model(name, build_network(TrainingConfig(hidden=())), Normalizer("unit")), path)
    client = Client(make_server(page_models(str(path)), lambda: data))
    first = client.get("/resources.json").json()["models"][0]
    assert first["name"] == shown
    assert client.get(f"/{first['url']}").content == path.read_bytes()
    assert client.get("/api/models").json()["models"][0]["name"] == shown


def test_a_model_with_the_name_of_a_shipped_one_takes_its_place(tmp_path):
    path = tmp_path / "cnn.safetensors"
    save_model(Model("cnn", build_network(TrainingConfig(hidden=())), Normalizer("unit")), path)
    models = page_models(str(path))
    assert [one.name for one in models] == ["cnn", "mlp"]
    assert models[0].content == path.read_bytes()


def test_a_model_of_something_else_is_refused_before_the_server_starts(tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"no model")
    with pytest.raises(ModelFileError, match=r"m\.safetensors"):
        page_models(str(path))


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_part_of_mnist_is_its_labels_then_its_pixels(client, data, part, encoding):
    accepted = "br, gzip;q=0.5" if encoding == "gzip" else "identity, gzip;q=0"
    answer = client.get(f"/api/mnist/{part}", headers={"Accept-Encoding": accepted})
    samples = getattr(data, part)
    wanted = samples.labels.astype(np.uint8).tobytes() + samples.pixels.tobytes()
    assert answer.content == wanted
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    known = {"Accept-Encoding": accepted, "If-None-Match": answer.headers["etag"]}
    again = client.get(f"/api/mnist/{part}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    other = {"Accept-Encoding": "gzip" if encoding == "identity" else "br"}
    assert client.get(f"/api/mnist/{part}", headers=known | other).status_code == 200


def test_mnist_is_loaded_and_compressed_once(data, monkeypatch):
    calls = []
    app = make_server(page_models(None), lambda: calls.append("load") or data)
    compress = packed_mnist.zipped
    monkeypatch.setattr(packed_mnist, "zipped", lambda *a: calls.append("zip") or compress(*a))
    client = Client(app)
    threads = [
        Thread(target=client.get, args=(f"/api/mnist/{part}",)) for part in ("train", "test") * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["load", "zip", "zip"]


@pytest.mark.parametrize("fails", [False, True])
def test_many_who_wait_for_mnist_share_one_load_and_stop_nothing_else(data, fails):
    n, calls, release = 100, [], Event()

    def load():
        calls.append("load")
        assert release.wait(30)
        if fails:
            raise DownloadError("no network; go online")
        return data

    app = make_server(page_models(None), load)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def ask() -> tuple[list[int], int]:
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            headers = {"Accept-Encoding": "identity"}
            waiting = [
                asyncio.create_task(client.get("/api/mnist/train", headers=headers))
                for _ in range(n)
            ]
            health = await asyncio.wait_for(client.get("/healthz"), 20)
            waiting[0].cancel()
            assert not any(one.done() and not one.cancelled() for one in waiting)
            release.set()
            answers = await asyncio.gather(*waiting[1:])
            return [one.status_code for one in answers], health.status_code

    with ThreadPoolExecutor(1) as thread:
        found, health = thread.submit(asyncio.run, ask()).result()
    assert health == 200
    assert found == [503 if fails else 200] * (n - 1)
    assert calls == ["load"]
    assert Client(app).get("/api/mnist/train").status_code == found[0]
    assert calls == ["load"]  # a failure is kept for a moment


def test_a_server_that_is_being_ended_compresses_no_more(data):
    app = make_server(page_models(None), lambda: data, cancelled=lambda: True)
    answer = Client(app).get("/api/mnist/train")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "the server is being ended; start it again for MNIST"


def test_where_mnist_is_missing_the_answer_says_what_to_do_and_the_next_one_tries_again(
    data, monkeypatch
):
    monkeypatch.setattr(packed_mnist, "FAILURE_KEPT_S", 0)
    answers = [DownloadError("MNIST is not on this machine; go online"), data]

    def load():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = Client(make_server(page_models(None), load))
    refused = client.get("/api/mnist/train")
    assert refused.status_code == 503
    assert refused.json()["detail"] == "MNIST is not on this machine; go online"
    assert refused.headers["retry-after"].isdecimal()
    assert client.get("/api/mnist/train").status_code == 200


@pytest.mark.parametrize("path", ["/api/none", "/api/models/none", "/api/mnist/none"])
def test_an_unknown_address_below_api_is_a_sentence_in_json(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "; " in answer.json()["detail"]
    assert answer.json()["status"] == 404


@pytest.mark.parametrize("path", ["/none", "/docs", "/redoc", "/..%2f..%2fserver.py", "/ui"])
def test_an_unknown_address_is_a_page_of_our_own(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Open the page" in answer.text


def test_what_the_address_holds_is_shown_as_text(client):
    assert "&lt;script&gt;" in client.get("/<script>alert(1)</script>").text


def test_another_method_is_refused(client):
    answer = client.request("POST", "/api/models")
    assert (answer.status_code, answer.json()["status"]) == (405, 405)


def test_the_health_and_the_openapi_description_are_there(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    paths = client.get("/openapi.json").json()["paths"]
    assert paths.keys() == {
        "/healthz",
        "/resources.json",
        "/api/models",
        "/api/models/{name}",
        "/api/mnist/{part}",
    }
