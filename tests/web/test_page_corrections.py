"""ZIPs of labelled drawings: written by the page, written by Python, and damaged."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitus.data.corrections import Correction, CorrectionStore, DrawnStrokes
from digitus.data.formats.class_folders import read_folders

WRITE = """async ({ load }, corrections) => {
    const { writeCorrections } = await load("data/corrections.js");
    const list = corrections.map((one) => ({ ...one, patch: Uint8Array.from(one.patch) }));
    const bytes = await writeCorrections(list);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""
READ = """async ({ load }, files) => {
    const { readCorrections } = await load("data/corrections.js");
    const outcomes = [];
    for (const file of files) {
        const buffer = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)).buffer;
        try {
            const { corrections, problems } = await readCorrections(buffer, "class.zip");
            outcomes.push({
                corrections: corrections.map((one) => ({ ...one, patch: Array.from(one.patch) })),
                problems,
            });
        } catch (error) {
            outcomes.push({ refused: error.message, kind: error.constructor.name });
        }
    }
    return outcomes;
}"""
RECORD = {
    "answer": 1,
    "confidence": 0.75,
    "model": "run A",
    "source_kind": "drawing",
    "drawing": {
        "width": 280,
        "height": 280,
        "penPx": 24,
        "strokes": [[[31.5, 40], [50, 60.25]], [[10, 10, 0.5]]],
    },
    "date": "2026-11-30T10:27:31.123Z",
}


def patches(count: int) -> Any:
    """Random patches with every byte in them."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 256, (count, 784), np.uint8)
    values[0, :256] = np.arange(256)
    return values


@pytest.fixture
def write(run_module: Any) -> Any:
    """A function from corrections to the archive that the page writes."""
    return lambda corrections: base64.b64decode(run_module(WRITE, corrections))


@pytest.fixture
def read(run_module: Any) -> Any:
    """A function from archives to what the page reads of each."""
    return lambda *files: run_module(READ, [base64.b64encode(file).decode() for file in files])


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write an archive by Python's own module."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def png(pixels: Any, **options: Any) -> bytes:
    """Write an image by Pillow."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", **options)
    return buffer.getvalue()


def test_python_reads_what_the_page_saved(write, read, tmp_path):
    values = patches(12)
    labels = [i % 10 for i in range(12)]
    given = [
        {"label": label, "patch": patch.tolist(), "record": {**RECORD, "label": label}}
        for label, patch in zip(labels, values, strict=True)
    ]
    given[1]["record"] = {**given[1]["record"], "answer": None, "drawing": None}
    saved = write(given)
    with zipfile.ZipFile(io.BytesIO(saved)) as found:
        assert found.testzip() is None
        found.extractall(tmp_path)

    store = CorrectionStore(tmp_path)
    listing = store.listing()
    assert listing.problems == ()
    assert [one.label for one in listing.corrections] == labels  # in the order of the drawings
    for one, patch in zip(listing.corrections, values, strict=True):
        np.testing.assert_array_equal(np.rint(store.patch(one).ravel() * 255), patch)
    first, second = listing.corrections[:2]
    assert (first.answer, first.confidence, first.model) == (1, 0.75, "run A")
    assert first.drawing == DrawnStrokes(
        280, 280, 24.0, (((31.5, 40.0), (50.0, 60.25)), ((10.0, 10.0, 0.5),))
    )
    assert (second.answer, second.drawing) == (None, None)

    samples = read_folders(tmp_path).train
    assert samples.labels.tolist() == sorted(labels)

    (back,) = read(saved)
    assert back["problems"] == []
    by_label = {tuple(one["patch"]): one for one in back["corrections"]}
    for one in given:
        found = by_label[tuple(one["patch"])]
        name = found.pop("name")
        assert found == one
        assert (tmp_path / str(one["label"]) / f"{name}.png").is_file()
    # Saved again, each drawing keeps its name; two of one name do not overwrite each other.
    (again,) = read(write([{**one, "name": "same"} for one in given]))
    assert len(again["corrections"]) == len(given)
    kept = [one["label"] for one in again["corrections"] if one["name"] == "same"]
    assert kept == sorted(set(labels))


def test_the_page_reads_what_python_wrote(read, tmp_path):
    store = CorrectionStore(tmp_path / "digits")
    values = patches(6)
    strokes = DrawnStrokes(280, 280, 24, (((1.0, 2.0), (3.0, 4.5)),))
    for i, patch in enumerate(values):
        drawing = strokes if i % 2 else None
        kind = "drawing" if i % 2 else "image"
        store.add(patch.reshape(28, 28) / 255, Correction(i, 9 - i, 0.5, "cnn", kind, drawing))
    files = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in sorted((tmp_path / "digits").rglob("*"))
        if path.is_file()
    }
    extra = {"digits/": b"", "__MACOSX/digits/0/._a.png": b"x", "digits/Thumbs.db": b"x"}
    deflated, stored = read(archive({**extra, **files}), archive(files, zipfile.ZIP_STORED))

    assert deflated == stored
    assert deflated["problems"] == []
    for i, one in enumerate(deflated["corrections"]):
        assert one["label"] == one["record"]["label"] == i
        assert one["patch"] == values[i].tolist()
        assert one["record"]["answer"] == 9 - i
    assert deflated["corrections"][1]["record"]["drawing"] == {
        "width": 280,
        "height": 280,
        "penPx": 24,
        "strokes": [[[1, 2], [3, 4.5]]],
    }


def test_an_image_that_cannot_be_used_is_named_and_left_out(read):
    good = png(patches(1)[0].reshape(28, 28))
    clear = np.zeros((28, 28, 4), np.uint8)
    facts = {"source_kind": "drawing", "answer": 99, "confidence": 7, "model": "x"}
    huge = bytearray(png(np.zeros((28, 28), np.uint8)))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    (found,) = read(
        archive(
            {
                "1/good.png": good,
                "1/good.json": json.dumps(facts).encode(),
                "2/no_record.png": good,
                "3/small.png": png(np.zeros((14, 14), np.uint8)),
                "3/huge.png": bytes(huge),
                "3/text.png": b"not an image at all, but long enough",
                "3/cut.png": good[:100],
                "3/clear.png": png(clear),
                "4/record.png": good,
                "4/record.json": b"{broken",
                "5/strokes.png": good,
                "5/strokes.json": json.dumps({**facts, "drawing": {"strokes": 5}}).encode(),
                "10/other.png": good,
                "notes.txt": b"nothing",
            }
        )
    )
    assert [one["label"] for one in found["corrections"]] == [1, 2]
    record = found["corrections"][0]["record"]
    assert (record["label"], record["answer"], record["confidence"]) == (1, None, 1)
    named = [problem.split(":")[0] for problem in found["problems"]]
    assert named == [
        "3/clear.png",
        "3/cut.png",
        "3/huge.png",
        "3/small.png",
        "3/text.png",
        "4/record.png",
        "5/strokes.png",
    ]
    assert "60000 x 60000" in found["problems"][2]


def test_a_file_that_is_no_archive_of_digits_is_refused_in_one_sentence(read):
    good = png(patches(1)[0].reshape(28, 28))
    whole = archive({"1/a.png": good}, zipfile.ZIP_STORED)
    directory = whole.index(b"PK\x01\x02")
    flipped = bytearray(whole)
    flipped[60] ^= 1
    encrypted = bytearray(whole)
    encrypted[directory + 8] |= 1
    beyond = bytearray(whole)
    beyond[directory + 42 : directory + 46] = (2**31).to_bytes(4, "little")
    long = bytearray(archive({"1/a.png": bytes(100_000)}))
    directory = long.index(b"PK\x01\x02")
    long[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    bomb = bytearray(long)
    bomb[directory + 24 : directory + 28] = (2**31).to_bytes(4, "little")
    cases = {
        "not a ZIP": [b"", b"text", whole[:-30], Path(__file__).read_bytes()],
        "checksum": [bytes(flipped)],
        "encrypted": [bytes(encrypted)],
        "beyond": [bytes(beyond)],
        "longer than it says": [bytes(long)],
        "too large": [bytes(bomb)],
        "method": [archive({"1/a.png": good}, zipfile.ZIP_BZIP2)],
        "found none": [archive({}), archive({"a.txt": b"x"}), archive({"a/b.png": good})],
    }
    names = [name for name, files in cases.items() for _ in files]
    outcomes = read(*(file for files in cases.values() for file in files))
    for name, found in zip(names, outcomes, strict=True):
        assert found.get("kind") == "DigitusError", (name, found)
        assert name in found["refused"]


def test_no_drawing_makes_no_archive(run_module):
    refused = run_module("""async ({ load }) => {
        const { writeCorrections } = await load("data/corrections.js");
        try { await writeCorrections([]); } catch (error) { return error.message; }
        return null;
    }""")
    assert refused is not None
    assert "draw a digit" in refused


def test_archives_behind_other_bytes_are_read_and_lost_files_are_said(run_module: Any) -> None:
    whole = archive({"1/a.png": b"one", "2/b.png": b"two"})
    doubled = whole.replace(b"2/b.png", b"1/a.png")
    found = run_module(
        """async ({ load }, archives) => {
            const { readZip, writeZip } = await load("data/zip.js");
            const read = async (text) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                try {
                    const files = await readZip(bytes.buffer);
                    return [...files].map(([name, data]) => name + new TextDecoder().decode(data));
                } catch (error) {
                    return `${error.constructor.name}: ${error.message}`;
                }
            };
            const results = [];
            for (const one of archives) results.push(await read(one));
            const bytes = new Uint8Array(0);
            const entries = Array.from({ length: 50001 }, (_, i) => ({ name: `${i}`, bytes }));
            try {
                writeZip(entries);
            } catch (error) {
                results.push(`${error.constructor.name}: ${error.message}`);
            }
            results.push((await readZip(writeZip(entries.slice(1)).buffer)).size);
            return results;
        }""",
        [base64.b64encode(data).decode() for data in (whole, b"#!/bin/sh\n" + whole, doubled)],
    )
    assert found[0] == found[1] == ["1/a.pngone", "2/b.pngtwo"]
    assert found[2] == "DigitusError: 1/a.png: is in the ZIP archive twice; rename one of them."
    assert found[3].startswith("DigitusError: A ZIP archive is saved with at most 50000 files")
    assert found[4] == 50000
