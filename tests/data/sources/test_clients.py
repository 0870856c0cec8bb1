import sys

import pytest

from digitus.data.sources import clients
from digitus.data.sources.clients import npm_pack, pip_download, run_client
from digitus.data.sources.watching import Watch
from digitus.errors import Cancelled, DownloadError

FOREVER = [sys.executable, "-c", "import threading; threading.Event().wait()"]


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_client_runs_in_the_given_folder(tmp_path):
    run_client(_python("open('here', 'w').close()"), tmp_path, "it", Watch())
    assert (tmp_path / "here").exists()


def test_the_output_of_a_client_is_not_printed(tmp_path, capfd):
    run_client(_python("print('loud')"), tmp_path, "it", Watch())
    assert capfd.readouterr() == ("", "")


def test_the_first_error_line_of_a_failing_client_is_quoted(tmp_path):
    code = "print('note'); print('ERROR: no such package'); print('see the log'); exit(1)"
    with pytest.raises(DownloadError, match=r"^it: ERROR: no such package$"):
        run_client(_python(code), tmp_path, "it", Watch())


def test_a_client_that_fails_without_output_is_named(tmp_path):
    with pytest.raises(DownloadError, match=r"^it: failed without a message$"):
        run_client(_python("exit(1)"), tmp_path, "it", Watch())


def test_a_client_is_killed_after_its_timeout(tmp_path):
    with pytest.raises(DownloadError, match="took too long"):
        run_client(FOREVER, tmp_path, "it", Watch(), timeout_s=0)


def test_a_client_can_be_cancelled_while_it_runs(tmp_path):
    seen = []
    watch = Watch(lambda *step: seen.append(step), lambda: bool(seen))
    with pytest.raises(Cancelled, match="the fetch of it was cancelled"):
        run_client(FOREVER, tmp_path, "it", watch)


def test_a_missing_client_is_named(tmp_path):
    with pytest.raises(DownloadError, match="it: cannot be run"):
        run_client([str(tmp_path / "none")], tmp_path, "it", Watch())


@pytest.mark.parametrize(("fetch", "client"), [(npm_pack, "npm"), (pip_download, "pip")])
def test_a_machine_without_the_client_gets_an_error_that_says_so(
    tmp_path, monkeypatch, fetch, client
):
    monkeypatch.setattr(clients.shutil, "which", lambda name: None)
    monkeypatch.setattr(clients.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DownloadError, match=f"{client}: not installed"):
        fetch("package", tmp_path, Watch())


@pytest.mark.parametrize(
    ("present", "command"),
    [("pip3", ["/bin/pip3"]), ("uv", ["/bin/uv", "tool", "run", "pip"])],
)
def test_another_client_is_used_if_this_python_has_no_pip(tmp_path, monkeypatch, present, command):
    ran = []
    which = {present: f"/bin/{present}"}
    monkeypatch.setattr(clients.shutil, "which", which.get)
    monkeypatch.setattr(clients.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(clients, "run_client", lambda command, *rest: ran.append(command))
    with pytest.raises(DownloadError, match="expected one package file, found 0"):
        pip_download("package==1", tmp_path, Watch())
    assert ran[0][: len(command)] == command
