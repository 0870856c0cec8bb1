"""For all tests: MNIST, a full disk, garbage collection, and a summary of skipped tests."""

import gc
import os
import resource
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from hypothesis import settings

from digitus.data import DataSet, load
from digitus.desktop.garbage import collect_due
from digitus.errors import DownloadError

NO_MNIST = "MNIST is not available"
NO_REGISTRY = "no package registry"
NO_BROWSER = "no Chromium"
NO_POSTGRESQL = "no PostgreSQL"
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
