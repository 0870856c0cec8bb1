"""For all tests: MNIST, PostgreSQL, a full disk, garbage collection, what was skipped."""

import gc
import os
import pwd
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from digitus.data import DataSet, load
from digitus.desktop.garbage import collect_due
from digitus.errors import DownloadError

NO_MNIST = "MNIST is not available"
NO_REGISTRY = "no package registry"
NO_BROWSER = "no Chromium"
NO_POSTGRESQL = "no PostgreSQL"
_databases = count(1)
REMEDIES = {
    NO_MNIST: "set DIGITUS_DATA to a folder with the four IDX files, or go online",
    NO_REGISTRY: "go online with npm and pip installed",
    NO_BROWSER: "install Chromium (on Debian: apt-get install -y chromium)",
    NO_POSTGRESQL: "install PostgreSQL (on Debian: apt-get install -y postgresql)",
}

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def mnist() -> DataSet:
    """The 60,000 training and 10,000 test images; without them the test is skipped."""
    try:
        return load("mnist")
    except DownloadError as error:
        pytest.skip(f"{NO_MNIST}: {error}")


@pytest.fixture(scope="session")
def full_disk() -> Callable[[], AbstractContextManager[None]]:
    """Limit the size of files to 1,000 bytes; writing more fails as on a full disk."""

    @contextmanager
    def limit() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limit


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect garbage between tests, in the main thread alone.

    A thread of a server or of a browser would delete widgets of earlier tests, and Qt crash.
    """
    gc.disable()
    handled = yield
    collect_due()
    return handled


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report tests that were skipped for missing data or network, and the remedy."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for cause, remedy in REMEDIES.items():
        count = sum(cause in reason for reason in reasons)
        if count:
            terminalreporter.section(f"NOT TESTED: {count} TESTS WERE SKIPPED", sep="!", red=True)
            terminalreporter.line(f"{cause.upper()}. To run them: {remedy}.", red=True, bold=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server with a role, without a database."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path is short
    user = _unprivileged_user()
    if user is not None:
        shutil.chown(folder, user, user)

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, *arguments]
        rights: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **rights)
        assert done.returncode == 0, done.stdout + done.stderr

    data, log = f"{folder}/data", f"{folder}/log"
    try:
        options = ("--auth=trust", "--username=digitus", "--encoding=UTF8", "--locale=C.UTF-8")
        run("initdb", f"--pgdata={data}", "--no-sync", *options)
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        run("pg_ctl", f"--pgdata={data}", f"--log={log}", "-w", f"--options={settings}", "start")
        try:
            yield f"postgresql://digitus@/postgres?host={folder}"
        finally:
            run("pg_ctl", f"--pgdata={data}", "-w", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def make_database(postgresql: str) -> Callable[[], str]:
    """Make databases without tables on PostgreSQL; return their addresses."""
    import psycopg

    def make() -> str:
        name = f"reviews_{next(_databases)}"
        with psycopg.connect(postgresql, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgresql.replace("/postgres?", f"/{name}?")

    return make


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs; without it the test is skipped."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), shutil.which("pg_ctl")]
    program = next((one for one in found if one is not None), None)
    if program is None:
        pytest.skip(f"{NO_POSTGRESQL} on this machine")
    return Path(program).parent


def _unprivileged_user() -> str | None:
    """Return a user for PostgreSQL, which refuses to run as root; None is the own one."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
