"""Where ``digitus read`` writes: never over what it reads, and nothing is lost in silence."""

import csv
import os
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from digitus.cli.read.destinations import Targets
from digitus.cli.read.table_files import write_tables
from digitus.reader.batch.journal import Journal
from digitus.reader.batch.journal_entries import Entry
from digitus.reader.results.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading

MAIN = "from digitus.cli import main; main()"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused(result, *, code):
    """Give the one sentence with which nothing was done."""
    assert (result.code, result.out) == (code, "")
    lines = [one for one in result.err.splitlines() if one and not one.startswith(("Usage", "Try"))]
    assert len(lines) == 1
    return lines[0]


# Inputs are never replaced


@pytest.mark.parametrize("option", ["--csv", "--overlay"])
def test_no_result_replaces_the_page_that_is_read(digitus, scans, option):
    page = scans / "0.png"
    before = page.read_bytes()
    result = digitus("read", page, option, page if option == "--csv" else scans)
    assert f"{option} would replace {page}" in refused(result, code=2)
    assert page.read_bytes() == before
    assert sorted(path.name for path in scans.iterdir()) == ["0.png", "1.png", "2.png"]


def test_a_workbook_does_not_replace_a_page_by_another_name_of_it(digitus, scans, tmp_path):
    os.link(scans / "0.png", tmp_path / "o.xlsx")
    sentence = refused(digitus("read", scans, "--xlsx", tmp_path / "o.xlsx"), code=2)
    assert f"--xlsx would replace {scans / '0.png'}" in sentence


def test_an_overlay_does_not_go_through_a_link_to_a_page(digitus, scans, tmp_path):
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "1.png").symlink_to(scans / "1.png")
    sentence = refused(digitus("read", scans, "--overlay", tmp_path / "seen"), code=2)
    assert "--overlay would replace" in sentence


def test_crops_do_not_replace_a_page_that_lies_where_they_go(digitus, scans, tmp_path):
    page = tmp_path / "crops" / "p001-l01-n01-42" / "p001-l01-n01-42.png"
    page.parent.mkdir(parents=True)
    shutil.copy(scans / "0.png", page)
    result = digitus("read", page, "--crops", tmp_path / "crops")
    assert "--crops would replace" in refused(result, code=2)
    assert page.exists()


def test_an_overlay_beside_a_photo_of_another_kind_is_no_danger(digitus, scans, tmp_path):
    with Image.open(scans / "0.png") as image:
        image.save(tmp_path / "a.jpg")
    assert digitus("read", tmp_path / "a.jpg", "--overlay", tmp_path).code == 0
    assert (tmp_path / "a.png").exists()


# Two results are two files, of the kind that their names say


def test_two_results_are_not_one_file(digitus, scans, tmp_path):
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "o.csv")
    words = ["--csv", tmp_path / "o.csv", "--xlsx", tmp_path / "link.xlsx"]
    assert "--csv and --xlsx are one file" in refused(digitus("read", scans, *words), code=2)


@pytest.mark.parametrize(
    "words", [["--xlsx", "a.txt"], ["--xlsx", "a.xls"], ["--csv", "a.xlsx"], ["--csv", "a.XLS"]]
)
def test_a_name_of_another_kind_of_file_is_wrong_usage(digitus, scans, monkeypatch, words):
    monkeypatch.chdir(scans)
    assert "expected a name" in refused(digitus("read", "0.png", *words), code=2)
    assert not (scans / words[1]).exists()


def test_a_folder_that_is_not_there_is_named(digitus, scans, tmp_path):
    sentence = refused(digitus("read", scans, "--csv", tmp_path / "no" / "a.csv"), code=1)
    assert f"no folder {tmp_path / 'no'}" in sentence
    assert "journal" not in sentence


def test_a_folder_to_read_that_is_not_there_is_called_a_folder(digitus, tmp_path):
    result = digitus("read", f"{tmp_path}/nothere/")
    assert result.complaints == [f"digitus: {tmp_path}/nothere/: no such folder; check the path"]


# Folders are made when everything else is in order, and stay when they are of use


def test_what_is_found_wrong_at_the_start_leaves_no_folder(digitus, scans, tmp_path):
    made = tmp_path / "new" / "seen"
    words = ["read", scans, "--overlay", made, "--csv", tmp_path / "o.csv"]
    assert digitus(*words, "--model", tmp_path / "no.safetensors").code == 1
    assert digitus(*words, "--max-error", "0.0001").code == 1
    assert not made.parent.exists()
    (tmp_path / "o.csv.journal").write_text("my notes\n")
    assert "no journal" in refused(digitus(*words), code=1)
    assert not made.parent.exists()


def test_where_no_page_was_read_no_empty_folder_stays(digitus, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "old").mkdir()
    words = ["--overlay", tmp_path / "new" / "seen", "--crops", tmp_path / "old"]
    assert digitus("read", tmp_path / "broken.png", *words).code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.png", "old"]


def test_a_folder_for_images_that_is_closed_is_named(digitus, scans, tmp_path, monkeypatch):
    closed, may = tmp_path / "closed", os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and may(path, mode))
    sentence = refused(digitus("read", scans / "0.png", "--overlay", closed), code=1)
    assert f"{closed}: cannot be written into" in sentence


# Pipes and stdout


def test_the_csv_goes_to_stdout_and_no_view_with_it(digitus, scans, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = digitus("read", scans, "--csv", "-")
    digitus("read", scans, "--csv", "out.csv")
    assert result.out == (tmp_path / "out.csv").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "scans"]


def test_csv_and_json_do_not_both_go_to_stdout(digitus, scans):
    assert "--csv - and --json" in refused(digitus("read", scans, "--csv", "-", "--json"), code=2)


def test_a_csv_goes_through_a_pipe_with_no_journal_beside_it(scans, tmp_path):
    ours = [sys.executable, "-c", MAIN, "read", str(scans / "0.png")]
    script = 'out=$1; shift; "$@" --csv >(cat >"$out") >/dev/null; wait $!'
    bash = ["bash", "-c", script, "bash", str(tmp_path / "got.csv"), *ours]
    found = subprocess.run(bash, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert rows_of(tmp_path / "got.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["got.csv", "scans"]


def test_through_a_link_the_file_behind_it_gets_the_rows(digitus, scans, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert digitus("read", scans, "--csv", tmp_path / "link.csv").code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert rows_of(tmp_path / "real.csv")


# A finished result is not lost in silence


def test_a_result_without_its_journal_is_not_gone_on_with(digitus, scans, tmp_path):
    out = tmp_path / "out.csv"
    digitus("read", scans, "--csv", out)
    before = out.read_bytes()
    sentence = refused(digitus("read", scans / "0.png", "--csv", out, "--resume"), code=1)
    assert f"its journal {out}.journal is not there" in sentence
    assert out.read_bytes() == before


def test_a_result_that_is_replaced_is_told(digitus, scans, tmp_path):
    out = tmp_path / "out.csv"
    assert f"replaced {out}" not in digitus("read", scans, "--csv", out).err
    assert f"replaced {out}:" in digitus("read", scans / "0.png", "--csv", out).err


def test_an_unfinished_run_is_not_started_anew_by_mistake(digitus, scans, tmp_path):
    (scans / "9.png").write_bytes(b"no image")
    words = ["read", scans, "--csv", tmp_path / "out.csv"]
    first = digitus(*words)
    assert f"{tmp_path / 'out.csv'}.journal holds what was read; go on with --resume" in first.err
    before = (tmp_path / "out.csv").read_bytes()
    assert "3 of them; go on with --resume, or delete it" in refused(digitus(*words), code=1)
    assert (tmp_path / "out.csv").read_bytes() == before


def test_where_no_page_was_read_nothing_is_replaced(digitus, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "out.csv").write_text("of an earlier run\n")
    result = digitus("read", tmp_path / "broken.png", "--csv", tmp_path / "out.csv")
    assert (result.code, len(result.complaints)) == (1, 1)
    assert result.err.endswith("no page was read, so nothing was written\n")
    assert (tmp_path / "out.csv").read_text() == "of an earlier run\n"
    assert not (tmp_path / "out.csv.journal").exists()


def test_one_page_is_not_called_pages(digitus, scans, tmp_path):
    result = digitus("read", scans / "0.png", "--csv", tmp_path / "out.csv")
    assert ": 1 page, 1 number, 0 to check" in result.err


def test_a_table_of_grids_says_that_marks_are_left_out(capsys, tmp_path, marked_grid):
    journal = Journal(None, {})
    journal.add(marked_grid)
    write_tables(Targets(csv=tmp_path / "o.csv"), journal, {})
    journal.close(keep=False)
    assert (tmp_path / "o.csv").read_text() == '"75"\n'
    assert "o.csv: the grids as they lie; 1 number with dots" in capsys.readouterr().err


@pytest.fixture
def marked_grid():
    """A grid of one cell with 7.5 in it."""
    digits = tuple(
        Digit(one, "digit", 0.99, (left, 20, 20, 30), ((one, 0.99),))
        for one, left in ((7, 30), (5, 54))
    )
    number = Number("75", 0.98, False, (30, 20, 44, 30), digits, (Mark("dot", (51, 48, 2, 2)),))
    grid = Grid((20, 10, 90, 60), ((Cell("75", "digit", 0.98, False, (20, 10, 90, 60)),),))
    line = Line("75", 0.98, number.box, (number,))
    return Entry(PageReading("a.png", 1, 200, 100, (line,), (grid,)), {}, 1, None)
