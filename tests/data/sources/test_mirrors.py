"""Downloads from mirrors, with servers on this machine."""

import gzip

import pytest

from digitus.data import mnist
from digitus.data.sources.mirrors import MIRRORS
from digitus.data.sources.remote import MNIST, is_whole
from digitus.errors import Cancelled, DownloadError


def _whole_files(folder):
    return [file.name for file in mnist.MNIST if is_whole(folder, file)]


@pytest.fixture
def dead() -> str:
    """An address without a server: port 1 is never assigned to a server of the tests."""
    return "http://127.0.0.1:1"


def test_a_good_mirror_fills_the_cache(published, serve):
    folder = mnist.fetch_mnist(mirrors=[serve(published)], registries=[])
    assert len(_whole_files(folder)) == 4


def test_the_next_mirror_is_used_if_one_does_not_answer(published, serve, dead):
    folder = mnist.fetch_mnist(mirrors=[dead, serve(published)], registries=[])
    assert len(_whole_files(folder)) == 4


def test_the_next_mirror_is_used_if_one_lacks_the_files(published, serve, tmp_path):
    (tmp_path / "empty").mkdir()
    mirrors = [serve(tmp_path / "empty"), serve(published)]
    assert len(_whole_files(mnist.fetch_mnist(mirrors=mirrors, registries=[]))) == 4


def test_wrong_bytes_are_discarded_and_the_next_mirror_is_used(published, serve, tmp_path):
    (tmp_path / "wrong").mkdir()
    for path in published.iterdir():
        (tmp_path / "wrong" / path.name).write_bytes(gzip.compress(b"something else"))
    mirrors = [serve(tmp_path / "wrong"), serve(published)]
    assert len(_whole_files(mnist.fetch_mnist(mirrors=mirrors, registries=[]))) == 4


def test_the_second_mirror_is_asked_only_for_missing_files(published, serve, tmp_path):
    (tmp_path / "rest").mkdir()
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (published / name).rename(tmp_path / "rest" / name)
    mirrors = [serve(published), serve(tmp_path / "rest")]
    assert len(_whole_files(mnist.fetch_mnist(mirrors=mirrors, registries=[]))) == 4


def test_the_registries_are_used_if_no_mirror_answers(published, dead):
    asked = []

    def registry(files, watch):
        asked.extend(file.name for file in files)
        return iter(())

    with pytest.raises(DownloadError):
        mnist.fetch_mnist(mirrors=[dead], registries=[registry])
    assert asked == [file.name for file in MNIST]


def test_if_no_source_answers_the_error_names_all_sources_and_a_remedy(
    published, serve, dead, tmp_path
):
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        DownloadError,
        match=r"\(127\.0\.0\.1:1: no answer, 127.*: answered 404\); .*set DIGITUS_DATA to it",
    ):
        mnist.fetch_mnist(mirrors=[dead, serve(tmp_path / "empty")], registries=[])


def test_a_failed_fetch_leaves_no_folder_behind(published, dead, tmp_path):
    with pytest.raises(DownloadError):
        mnist.fetch_mnist(mirrors=[dead], registries=[])
    assert not (tmp_path / "cache").exists()


def test_progress_names_the_file_and_ends_at_its_size(published, serve):
    seen = {}
    mnist.fetch_mnist(
        mirrors=[serve(published)],
        registries=[],
        progress=lambda what, done, total: seen.update({what: (done, total)}),
    )
    sizes = {path.name: path.stat().st_size for path in published.iterdir()}
    assert seen == {name: (size, size) for name, size in sizes.items()}


def test_a_fetch_cancelled_in_its_second_file_keeps_the_first(published, serve):
    seen = []
    with pytest.raises(Cancelled, match=r"train-labels.* was cancelled; run it again"):
        mnist.fetch_mnist(
            mirrors=[serve(published)],
            registries=[],
            progress=lambda what, done, total: seen.append(what),
            cancelled=lambda: any("train-labels" in what for what in seen),
        )
    folder = mnist.cache_folder()
    kept = [path.name for path in folder.iterdir()]
    assert kept == _whole_files(folder) == ["train-images-idx3-ubyte"]


def test_a_fetch_cancelled_in_its_first_file_leaves_nothing(published, serve):
    seen = []
    with pytest.raises(Cancelled):
        mnist.fetch_mnist(
            mirrors=[serve(published)],
            registries=[],
            progress=lambda *step: seen.append(step),
            cancelled=lambda: bool(seen),
        )
    _, done, total = seen[0]
    assert 0 < done < total
    assert not mnist.cache_folder().exists()


def test_a_cancelled_fetch_is_completed_by_the_next(published, serve):
    mirrors = [serve(published)]
    seen = []
    with pytest.raises(Cancelled):
        mnist.fetch_mnist(
            mirrors=mirrors,
            registries=[],
            progress=lambda what, done, total: seen.append(what),
            cancelled=lambda: len(set(seen)) > 1,
        )
    assert len(_whole_files(mnist.fetch_mnist(mirrors=mirrors, registries=[]))) == 4


def test_the_public_mirrors_use_https():
    assert [address.split("/")[0] for address in MIRRORS] == ["https:", "https:"]
