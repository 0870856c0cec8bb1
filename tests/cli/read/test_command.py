"""``digitus read`` reads files, folders and stdin, and prints and writes the numbers."""

import csv
import json
import os
import signal
import time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

ROOT = Path(__file__).parents[3]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_json_of_a_page_has_exactly_the_documented_keys(digitus, draw_page, tmp_path):
    entry = digitus("read", "--json", draw_page(tmp_path / "a.png", "417", "52")).json
    assert set(entry) == {"pages", "errors"}
    (page,) = entry["pages"]
    assert set(page) == {"source", "page", "width", "height", "lines", "grids", "warnings"}
    assert (page["source"], page["page"]) == (str(tmp_path / "a.png"), 1)
    assert (page["width"], page["height"]) == (280, 340)


def test_the_heading_of_a_page_counts_lines_and_numbers(digitus, draw_page, tmp_path):
    result = digitus("read", draw_page(tmp_path / "a.png", "417", "52"))
    assert result.code == 0
    assert "2 lines, 2 numbers" in result.out


def test_the_csv_holds_every_page_of_a_folder_in_order(digitus, scans, tmp_path):
    result = digitus("read", scans, "--csv", tmp_path / "out.csv")
    assert result.code == 0
    assert list(dict.fromkeys(row["source"] for row in rows_of(tmp_path / "out.csv"))) == [
        str(scans / f"{i}.png") for i in range(3)
    ]
    assert "wrote" in result.err
    assert "3 pages" in result.err


def test_the_journal_is_deleted_when_all_pages_are_read(digitus, scans, tmp_path):
    digitus("read", scans, "--csv", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv.journal").exists()


def test_one_run_writes_csv_workbook_overlays_and_crops(digitus, scans, tmp_path):
    words = ["--csv", tmp_path / "o.csv", "--xlsx", tmp_path / "o.xlsx"]
    words += ["--overlay", tmp_path / "boxes", "--crops", tmp_path / "crops"]
    assert digitus("read", scans, *words).code == 0
    assert sorted(path.name for path in (tmp_path / "boxes").iterdir()) == [
        "0.png",
        "1.png",
        "2.png",
    ]
    assert openpyxl.load_workbook(tmp_path / "o.xlsx").sheetnames == ["Numbers"]
    crops = sum(1 for _ in (tmp_path / "crops").glob("*/*.png"))
    assert crops == len(rows_of(tmp_path / "o.csv")) > 0


def test_a_csv_has_rows_of_numbers_also_where_every_page_has_a_grid(digitus, tmp_path):
    words = ["--csv", tmp_path / "o.csv", "--grid-csv", tmp_path / "grids"]
    result = digitus("read", ROOT / "examples" / "pages" / "grid.jpg", *words)
    assert f"wrote {tmp_path / 'o.csv'}, {tmp_path / 'grids'}: 1 page" in result.err
    texts = [row["text"] for row in rows_of(tmp_path / "o.csv") if row["verdict"] == "digit"]
    (grid,) = (rows_of(path) for path in (tmp_path / "grids").iterdir())
    cells = [row[name] for row in grid for name in row if name.startswith("text_")]
    assert [text for text in cells if text] == texts
    assert len(texts) > 9


def test_without_a_grid_no_folder_of_grids_is_left(digitus, scans, tmp_path):
    result = digitus("read", scans / "0.png", "--grid-csv", tmp_path / "grids")
    assert result.code == 0
    assert f"{tmp_path / 'grids'}: no grid was found" in result.err
    assert "wrote" not in result.err
    assert not (tmp_path / "grids").exists()


def test_each_broken_page_is_reported_and_the_others_are_read(digitus, scans, tmp_path):
    (scans / "a.png").write_bytes(b"no image")
    (scans / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (scans / "c.tif").touch()
    result = digitus("read", scans, "--csv", tmp_path / "out.csv")
    assert result.code == 1
    assert len(result.complaints) == 3
    assert {row["source"] for row in rows_of(tmp_path / "out.csv")} == {
        str(scans / f"{i}.png") for i in range(3)
    }


def test_failures_are_errors_in_the_json(digitus, scans):
    result = digitus("read", "--json", scans / "0.png", scans / "nowhere.png")
    assert result.code == 1
    assert len(result.json["pages"]) == 1
    (error,) = result.json["errors"]
    assert error["source"] == str(scans / "nowhere.png")
    assert error["error"].startswith(f"{scans / 'nowhere.png'}: no such file")


def test_an_empty_page_is_no_failure(digitus, draw_page, tmp_path):
    result = digitus("read", draw_page(tmp_path / "blank.png"))
    assert (result.code, result.err) == (0, "")
    assert "no number found" in result.out


def test_an_empty_folder_is_one_error(digitus, tmp_path):
    (tmp_path / "empty").mkdir()
    result = digitus("read", tmp_path / "empty")
    assert (result.code, result.out) == (1, "")
    assert len(result.complaints) == 1


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (3, 3)])
def test_an_image_of_a_few_pixels_is_one_error(digitus, tmp_path, size):
    Image.new("L", size, 255).save(tmp_path / "narrow.png")
    result = digitus("read", tmp_path / "narrow.png")
    assert result.code == 1
    assert len(result.complaints) == 1


def test_a_scan_of_500_megapixels_is_refused_before_it_is_decoded(digitus, tmp_path):
    image = Image.new("1", (25_000, 20_000), 1)
    image.save(tmp_path / "huge.tif", compression="group4")
    start = time.monotonic()
    result = digitus("read", tmp_path / "huge.tif")
    assert result.code == 1
    assert "million" in result.complaints[0]
    assert time.monotonic() - start < 10


def test_a_page_from_stdin_is_read(digitus, scans, monkeypatch):
    with (scans / "0.png").open("rb") as file:
        data = BytesIO(file.read())
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": data})())
    assert digitus("read", "--json", "-").json["pages"][0]["source"] == "stdin"


def test_resume_keeps_pages_that_were_read_even_if_their_source_is_deleted(
    digitus, scans, tmp_path
):
    (scans / "9.png").write_bytes(b"no image yet")
    words = ["read", *sorted(scans.iterdir()), "--csv", tmp_path / "out.csv"]
    assert digitus(*words).code == 1
    before = rows_of(tmp_path / "out.csv")
    (scans / "0.png").unlink()
    (scans / "9.png").write_bytes((scans / "1.png").read_bytes())
    result = digitus(*words, "--resume")
    assert (result.code, result.complaints) == (0, [])
    assert "0.png" not in result.out
    rows = rows_of(tmp_path / "out.csv")
    assert rows[: len(before)] == before
    assert rows[-1]["source"] == str(scans / "9.png")


def test_resume_reads_a_changed_page_again(digitus, scans, draw_page, tmp_path):
    words = ["read", scans, "--csv", tmp_path / "out.csv", "--resume"]
    digitus(*words)
    draw_page(scans / "1.png", "12", "34")
    result = digitus(*words)
    assert "1.png" in result.out
    assert "0.png" not in result.out


def test_resume_refuses_a_journal_with_other_settings(digitus, scans, tmp_path):
    words = ["read", scans, "--csv", tmp_path / "out.csv", "--resume"]
    digitus(*words)
    result = digitus(*words, "--min-confidence", "0.5")
    assert result.code == 1
    assert "min-confidence" in result.complaints[0]


def test_resume_refuses_another_decimal_sign(digitus, scans, tmp_path):
    words = ["read", scans / "0.png", "--csv", tmp_path / "out.csv", "--resume"]
    digitus(*words)
    result = digitus(*words, "--decimal", "comma")
    assert result.code == 1
    assert "decimal" in result.complaints[0]


def test_with_an_unreachable_confidence_every_number_is_flagged(digitus, scans, tmp_path):
    result = digitus("read", scans, "--min-confidence", "1", "--csv", tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert {row["to_check"] for row in rows} == {"yes"}
    assert all(set(row["text"]) == {"?"} for row in rows)
    assert "to check" in result.out


def test_a_wrong_number_of_processes_is_answered_with_what_is_expected(digitus):
    assert "expected a whole number, got 'abc'" in digitus("read", "a.png", "--jobs", "abc").err


@pytest.mark.parametrize(
    "words",
    [
        ["--resume", "a.png"],
        ["--min-confidence", "2", "a.png"],
        ["--max-error", "0", "a.png"],
        ["--jobs", "0", "a.png"],
        ["--jobs", "two", "a.png"],
        ["--decimal", "dot", "a.png"],
        ["--resume", "--csv", "-", "a.png"],
        [],
    ],
)
def test_wrong_usage_is_exit_2(digitus, words):
    assert digitus("read", *words).code == 2


def test_a_folder_for_overlays_within_the_pages_is_refused(digitus, scans):
    result = digitus("read", scans, "--overlay", scans / "boxes")
    assert result.code == 2
    assert "choose another folder" in result.err


def test_several_processes_give_the_same_result_as_one(digitus, scans, draw_page, tmp_path):
    for i in range(3, 6):
        draw_page(scans / f"{i}.png", "907", seed=i)
    words = ["read", "--json", scans]
    assert digitus(*words, "--jobs", 2).json == digitus(*words, "--jobs", 1).json


def test_ctrl_c_keeps_what_was_read_and_resume_reads_the_rest(start, digitus, draw_page, tmp_path):
    page = draw_page(tmp_path / "page.png", "417", "52", "900")
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(24):
        (folder / f"{i:02}.png").write_bytes(page.read_bytes())
    words = ["read", folder, "--csv", tmp_path / "out.csv", "--jobs", 1]
    process = start(*words)
    assert process.stdout is not None
    process.stdout.readline()  # the first page
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"{tmp_path / 'out.csv.journal'} holds what was read; continue with --resume" in err
    done = {row["source"] for row in rows_of(tmp_path / "out.csv")}
    assert 0 < len(done) < 24
    for path in done:
        os.unlink(path)
    result = digitus(*words, "--resume")
    assert result.code == 0
    assert f"24 pages ({24 - len(done)} new), " in result.err
    assert len({row["source"] for row in rows_of(tmp_path / "out.csv")}) == 24


def test_json_is_complete_after_ctrl_c(start, draw_page, tmp_path):
    page = draw_page(tmp_path / "page.png", "417", "52", "900")
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(24):
        (folder / f"{i:02}.png").write_bytes(page.read_bytes())
    process = start("read", folder, "--json", "--jobs", 1)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    whole = first + process.stdout.read()
    assert process.wait(timeout=60) == 130
    assert 0 < len(json.loads(whole)["pages"]) < 24
