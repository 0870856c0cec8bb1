"""``digitus read`` never overwrites what it reads, and replaces no result silently."""

import csv
import os
import shutil
import subprocess
import sys

import pytest
from PIL import Image

MAIN = "from digitus.cli import main; main()"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused(result, *, code):
    """Return the only message of a run that did nothing."""
    assert (result.code, result.out) == (code, "")
    lines = [one for one in result.err.splitlines() if one and not one.startswith(("Usage", "Try"))]
    assert len(lines) == 1
    return lines[0]


# Inputs are never overwritten


@pytest.mark.parametrize("option", ["--csv", "--overlay"])
def test_a_result_that_would_replace_an_input_is_refused(digitus, scans, option):
    page = scans / "0.png"
    before = page.read_bytes()
    result = digitus("read", page, option, page if option == "--csv" else scans)
    assert f"{option} would replace {page}" in refused(result, code=2)
    assert page.read_bytes() == before
    assert sorted(path.name for path in scans.iterdir()) == ["0.png", "1.png", "2.png"]


def test_a_workbook_that_is_a_hard_link_to_an_input_is_refused(digitus, scans, tmp_path):
    os.link(scans / "0.png", tmp_path / "o.xlsx")
    sentence = refused(digitus("read", scans, "--xlsx", tmp_path / "o.xlsx"), code=2)
    assert f"--xlsx would replace {scans / '0.png'}" in sentence


def test_an_overlay_that_is_a_symbolic_link_to_an_input_is_refused(digitus, scans, tmp_path):
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "1.png").symlink_to(scans / "1.png")
    sentence = refused(digitus("read", scans, "--overlay", tmp_path / "seen"), code=2)
    assert "--overlay would replace" in sentence


def test_crops_that_would_replace_an_input_are_refused(digitus, scans, tmp_path):
    page = tmp_path / "crops" / "p001-l01-n01-42" / "p001-l01-n01-42.png"
    page.parent.mkdir(parents=True)
    shutil.copy(scans / "0.png", page)
    result = digitus("read", page, "--crops", tmp_path / "crops")
    assert "--crops would replace" in refused(result, code=2)
    assert page.exists()


def test_an_overlay_beside_an_input_of_another_suffix_is_written(digitus, scans, tmp_path):
    with Image.open(scans / "0.png") as image:
        image.save(tmp_path / "a.jpg")
    assert digitus("read", tmp_path / "a.jpg", "--overlay", tmp_path).code == 0
    assert (tmp_path / "a.png").exists()


# Two results are two files, with the suffix of their kind


def test_two_results_in_one_file_are_refused(digitus, scans, tmp_path):
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "o.csv")
    words = ["--csv", tmp_path / "o.csv", "--xlsx", tmp_path / "link.xlsx"]
    assert "--csv and --xlsx are one file" in refused(digitus("read", scans, *words), code=2)


@pytest.mark.parametrize(
    "words", [["--xlsx", "a.txt"], ["--xlsx", "a.xls"], ["--csv", "a.xlsx"], ["--csv", "a.XLS"]]
)
def test_a_suffix_of_another_kind_of_file_is_wrong_usage(digitus, scans, monkeypatch, words):
    monkeypatch.chdir(scans)
    assert "expected a name" in refused(digitus("read", "0.png", *words), code=2)
    assert not (scans / words[1]).exists()


def test_a_missing_folder_of_a_result_is_made(digitus, scans, tmp_path):
    assert digitus("read", scans, "--csv", tmp_path / "new" / "a.csv").code == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.csv"]


def test_a_folder_of_a_result_that_cannot_be_made_is_named(digitus, scans):
    sentence = refused(digitus("read", scans, "--csv", scans / "0.png" / "a.csv"), code=1)
    assert f"{scans / '0.png'}: cannot be made" in sentence


def test_a_missing_folder_to_read_is_called_a_folder(digitus, tmp_path):
    result = digitus("read", f"{tmp_path}/nothere/")
    assert result.complaints == [f"digitus: {tmp_path}/nothere/: no such folder; check the path"]


# Folders are made after all checks, and removed if they stay empty


def test_a_failed_check_leaves_no_folder(digitus, scans, tmp_path):
    made = tmp_path / "new" / "seen"
    words = ["read", scans, "--overlay", made, "--csv", tmp_path / "o.csv"]
    assert digitus(*words, "--model", tmp_path / "no.safetensors").code == 1
    assert digitus(*words, "--max-error", "0.0001").code == 1
    assert not made.parent.exists()
    (tmp_path / "o.csv.journal").write_text("my notes\n")
    assert "not a journal" in refused(digitus(*words), code=1)
    assert not made.parent.exists()


def test_without_a_page_read_no_empty_folder_is_left(digitus, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "old").mkdir()
    words = ["--overlay", tmp_path / "new" / "seen", "--crops", tmp_path / "old"]
    assert digitus("read", tmp_path / "broken.png", *words).code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.png", "old"]


def test_a_folder_without_write_permission_is_named(digitus, scans, tmp_path, monkeypatch):
    closed, may = tmp_path / "closed", os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and may(path, mode))
    sentence = refused(digitus("read", scans / "0.png", "--overlay", closed), code=1)
    assert f"{closed}: cannot be written into" in sentence


# Pipes and stdout


def test_a_csv_on_stdout_comes_without_the_view(digitus, scans, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = digitus("read", scans, "--csv", "-")
    digitus("read", scans, "--csv", "out.csv")
    assert result.out == (tmp_path / "out.csv").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "scans"]


def test_csv_and_json_on_stdout_together_are_refused(digitus, scans):
    assert "--csv - and --json" in refused(digitus("read", scans, "--csv", "-", "--json"), code=2)


def test_a_csv_into_a_pipe_has_no_journal(scans, tmp_path):
    ours = [sys.executable, "-c", MAIN, "read", str(scans / "0.png")]
    script = 'out=$1; shift; "$@" --csv >(cat >"$out") >/dev/null; wait $!'
    bash = ["bash", "-c", script, "bash", str(tmp_path / "got.csv"), *ours]
    found = subprocess.run(bash, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert rows_of(tmp_path / "got.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["got.csv", "scans"]


def test_a_csv_through_a_symbolic_link_goes_to_its_target(digitus, scans, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert digitus("read", scans, "--csv", tmp_path / "link.csv").code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert rows_of(tmp_path / "real.csv")


# No result is replaced silently


def test_a_result_without_its_journal_is_not_resumed(digitus, scans, tmp_path):
    out = tmp_path / "out.csv"
    digitus("read", scans, "--csv", out)
    before = out.read_bytes()
    sentence = refused(digitus("read", scans / "0.png", "--csv", out, "--resume"), code=1)
    assert f"its journal {out}.journal does not exist" in sentence
    assert out.read_bytes() == before


def test_a_replaced_result_is_reported(digitus, scans, tmp_path):
    out = tmp_path / "out.csv"
    assert f"replaced {out}" not in digitus("read", scans, "--csv", out).err
    assert f"replaced {out}:" in digitus("read", scans / "0.png", "--csv", out).err


def test_an_unfinished_run_is_not_started_again_without_resume(digitus, scans, tmp_path):
    (scans / "9.png").write_bytes(b"no image")
    words = ["read", scans, "--csv", tmp_path / "out.csv"]
    first = digitus(*words)
    assert (
        f"{tmp_path / 'out.csv'}.journal holds what was read; continue with --resume" in first.err
    )
    before = (tmp_path / "out.csv").read_bytes()
    assert "3 of them; continue it with --resume, or delete the file" in refused(
        digitus(*words), code=1
    )
    assert (tmp_path / "out.csv").read_bytes() == before


def test_without_a_page_read_no_result_is_replaced(digitus, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "out.csv").write_text("of an earlier run\n")
    result = digitus("read", tmp_path / "broken.png", "--csv", tmp_path / "out.csv")
    assert (result.code, len(result.complaints)) == (1, 1)
    assert result.err.endswith("no page was read, so nothing was written\n")
    assert (tmp_path / "out.csv").read_text() == "of an earlier run\n"
    assert not (tmp_path / "out.csv.journal").exists()


def test_the_summary_says_1_page_and_1_number(digitus, scans, tmp_path):
    result = digitus("read", scans / "0.png", "--csv", tmp_path / "out.csv")
    assert ": 1 page, 1 number, 0 to check" in result.err
