"""Closed pipes, signals and SIGKILL lose nothing that ``digitus read`` has read."""

import csv
import os
import signal
import subprocess
import sys

import pytest

MAIN = "from digitus.cli import main; main()"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def many(draw_page, tmp_path):
    page = draw_page(tmp_path / "page.png", "417", "52", "900").read_bytes()
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(24):
        (folder / f"{i:02}.png").write_bytes(page)
    return folder


def test_a_pipe_closed_during_the_run_leaves_the_csv_and_a_journal_to_resume(many, tmp_path):
    ours = [sys.executable, "-c", MAIN, "read", many, "--csv", tmp_path / "o.csv", "--jobs", "1"]
    found = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | head -n 1', "bash", *map(str, ours)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0
    assert "continue with --resume" in found.stderr
    assert "Traceback" not in found.stderr
    assert 0 < len({row["source"] for row in rows_of(tmp_path / "o.csv")}) < 24


def test_a_closed_pipe_for_json_leaves_a_complete_csv_and_no_journal(many, start, tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    words = ["read", many / "00.png", "--csv", tmp_path / "o.csv", "--json"]
    process = start(*words, stdout=write_end)
    os.close(write_end)
    assert process.communicate(timeout=60)[1] == ""
    assert len(rows_of(tmp_path / "o.csv")) == 3
    assert not (tmp_path / "o.csv.journal").exists()


def test_a_pipe_closed_at_the_last_page_leaves_nothing_to_resume(many, start, tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("read", many / "00.png", "--csv", tmp_path / "o.csv", stdout=write_end)
    os.close(write_end)
    assert "--resume" not in process.communicate(timeout=60)[1]
    assert len(rows_of(tmp_path / "o.csv")) == 3


def test_resume_after_sigkill_keeps_the_pages_that_were_read(many, start, digitus, tmp_path):
    words = ["read", many, "--csv", tmp_path / "o.csv", "--jobs", 1]
    process = start(*words)
    shown = 0
    while shown < 3:
        shown += process.stdout.readline().startswith(str(many))
    process.send_signal(signal.SIGKILL)
    process.wait()
    for i in range(3):
        (many / f"{i:02}.png").unlink()
    assert digitus(*words, "--resume").code == 0
    assert len({row["source"] for row in rows_of(tmp_path / "o.csv")}) == 24


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_ending_signals_save_everything_like_ctrl_c(many, start, tmp_path, number, code):
    process = start("read", many, "--csv", tmp_path / "o.csv", "--jobs", 2)
    process.stdout.readline()  # the first page
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "o.csv.journal holds what was read; continue with --resume" in err
    assert 0 < len({row["source"] for row in rows_of(tmp_path / "o.csv")}) <= 24


def test_a_second_run_on_the_same_output_is_refused(many, start, digitus, tmp_path):
    words = ["read", many, "--csv", tmp_path / "o.csv", "--jobs", 1]
    process = start(*words)
    process.stdout.readline()  # the first page
    second = digitus(*words)
    assert second.code == 1
    assert len(second.complaints) == 1
    assert f"o.csv: is being written by another run (process {process.pid}," in second.complaints[0]
    process.communicate(timeout=60)
    assert len({row["source"] for row in rows_of(tmp_path / "o.csv")}) == 24
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many", "o.csv", "page.png"]


SLOW = """
import time
from digitus.cli import main
from digitus.reader.pipeline.reader import Reader

def read_slowly(self, sheet, do=Reader.read_upright):
    if not sheet.source.endswith("00.png"):
        print("slow", flush=True)
        while True:
            time.sleep(0.05)
    return do(self, sheet)

Reader.read_upright = read_slowly
main()
"""


def test_a_second_ctrl_c_abandons_the_page_in_progress_and_keeps_the_journal(many, tmp_path):
    words = ["read", many, "--csv", tmp_path / "o.csv", "--jobs", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        assert "slow\n" in iter(process.stdout.readline, "")
        process.send_signal(signal.SIGINT)
        assert "press Ctrl-C again to stop at once" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "o.csv.journal holds what was read; continue with --resume" in err
    assert (tmp_path / "o.csv.journal").stat().st_size > 1000
