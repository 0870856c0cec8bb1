"""Progress and cancellation of a fetch."""

import pytest

from digitus.data.sources.watching import Watch
from digitus.errors import Cancelled


def test_progress_is_reported_to_the_callback():
    reports = []
    Watch(progress=lambda *report: reports.append(report)).report("file", 3, 10)
    assert reports == [("file", 3, 10)]


def test_a_cancelled_fetch_reports_nothing_more():
    reports = []
    watch = Watch(lambda *report: reports.append(report), cancelled=lambda: True)
    with pytest.raises(Cancelled, match="the fetch of file was cancelled"):
        watch.report("file", 3, 10)
    assert not reports


def test_a_watch_without_callbacks_does_nothing():
    Watch().report("file", 0, 0)
