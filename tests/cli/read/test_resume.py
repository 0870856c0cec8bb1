"""``digitus read --resume`` keeps, updates or refuses what an earlier run wrote."""

import csv
import shutil
from importlib.resources import files

import pytest
from PIL import Image


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("option", ["--overlay", "--crops"])
def test_overlays_or_crops_that_the_earlier_run_did_not_write_are_refused(
    digitus, scans, tmp_path, option
):
    words = ["read", scans / "0.png", "--csv", tmp_path / "o.csv", "--resume"]
    digitus(*words)
    before = (tmp_path / "o.csv").read_bytes()
    result = digitus(*words, option, tmp_path / "seen")
    assert (result.code, result.out, len(result.complaints)) == (1, "", 1)
    assert f"the run to resume had another {option[2:]}; repeat its options" in result.err
    assert (tmp_path / "o.csv").read_bytes() == before
    assert not (tmp_path / "seen").exists()


def test_the_same_folder_by_another_path_is_resumed(digitus, scans, tmp_path, monkeypatch):
    words = ["read", scans / "0.png", "--resume", "--csv", tmp_path / "o.csv"]
    digitus(*words, "--overlay", tmp_path / "seen")
    monkeypatch.chdir(tmp_path)
    assert digitus(*words, "--overlay", "scans/../seen").code == 0


def test_another_model_in_a_file_of_the_same_name_is_refused(digitus, scans, tmp_path):
    weights = files("digitus.models").joinpath("weights")
    model = tmp_path / "mine.safetensors"
    words = ["read", scans / "0.png", "--csv", tmp_path / "o.csv", "--resume", "--model", model]
    shutil.copy(str(weights.joinpath("cnn.safetensors")), model)
    assert digitus(*words).code == 0
    shutil.copy(str(weights.joinpath("mlp.safetensors")), model)
    result = digitus(*words)
    assert result.code == 1
    assert "had another model" in result.err


def test_a_page_of_the_same_name_in_another_folder_gets_another_overlay(
    digitus, draw_page, tmp_path
):
    for folder, number in (("a", "417"), ("b", "5260")):
        (tmp_path / folder).mkdir()
        draw_page(tmp_path / folder / "x.png", number)
    words = ["--overlay", tmp_path / "seen", "--crops", tmp_path / "crops", "--resume"]
    digitus("read", tmp_path / "a" / "x.png", *words)
    first = (tmp_path / "seen" / "x.png").read_bytes()
    assert digitus("read", tmp_path / "b" / "x.png", *words).code == 0
    assert (tmp_path / "seen" / "x.png").read_bytes() == first
    for folder in ("seen", "crops"):
        assert len(list((tmp_path / folder).iterdir())) == 2


def test_a_source_with_fewer_pages_than_before_keeps_none_of_the_former_ones(
    digitus, draw_page, tmp_path
):
    pages = [
        Image.open(draw_page(tmp_path / f"{i}.png", number, seed=i))
        for i, number in enumerate(("417", "52", "900"))
    ]
    source = tmp_path / "a.tif"
    pages[0].save(source, save_all=True, append_images=pages[1:])
    words = ["read", source, "--csv", tmp_path / "o.csv", "--resume"]
    digitus(*words)
    assert len(rows_of(tmp_path / "o.csv")) == 3
    pages[1].save(source)
    assert digitus(*words).code == 0
    assert [row["page"] for row in rows_of(tmp_path / "o.csv")] == ["1"]


def test_a_source_that_is_broken_by_now_keeps_none_of_its_former_pages(digitus, scans, tmp_path):
    words = ["read", scans, "--csv", tmp_path / "o.csv", "--resume"]
    digitus(*words)
    (scans / "1.png").write_bytes(b"no image any more")
    assert digitus(*words).code == 1
    assert {row["source"] for row in rows_of(tmp_path / "o.csv")} == {
        str(scans / "0.png"),
        str(scans / "2.png"),
    }
