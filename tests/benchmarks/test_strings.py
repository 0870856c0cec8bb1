"""Strings are written reproducibly, and scored with and without an error bound."""

import numpy as np
import pytest

from digitus.synthesis.pen.writers import PatchWriter, PenWriter

IMAGE = np.full((30, 30), 255, np.uint8)


@pytest.fixture
def strings(script):
    return script("strings")


def _read(strings, fake_reader, truth, found, with_bound):
    return strings.read_string(IMAGE, truth, fake_reader(*found), fake_reader(*with_bound))


def test_a_string_read_as_two_numbers_is_right_if_its_digits_are(strings, fake_reader):
    assert _read(strings, fake_reader, "1234", ["12", "34"], ["12", "34"]).right


def test_a_string_with_a_flagged_number_is_not_accepted(strings, fake_reader):
    assert not _read(strings, fake_reader, "1234", ["1234"], ["12", "3?!"]).is_accepted


def test_a_string_without_any_number_is_not_accepted(strings, fake_reader):
    assert not _read(strings, fake_reader, "12", [], []).is_accepted


def test_wrong_is_the_share_of_accepted_strings(strings, fake_reader):
    answers = [
        _read(strings, fake_reader, "12", ["12"], ["12"]),
        _read(strings, fake_reader, "12", ["13"], ["13"]),
        _read(strings, fake_reader, "12", ["13"], ["13!"]),
        _read(strings, fake_reader, "12", ["12"], ["12!"]),
    ]
    found = strings.score(answers)
    assert (found["right"]["hits"], found["right"]["n"]) == (2, 4)
    assert (found["coverage"]["hits"], found["wrong"]["hits"], found["wrong"]["n"]) == (2, 1, 2)
    assert found["digit_error_rate"] == pytest.approx(2 / 8)


def test_scores_without_an_accepted_string_are_printed(strings, fake_reader, capsys):
    answers = [_read(strings, fake_reader, "12", ["12"], ["12!"])]
    strings.show({"apart": strings.score(answers)}, 0.01)
    assert "none" in capsys.readouterr().out


def test_the_same_seed_writes_the_same_strings(strings):
    writer = PenWriter(np.random.default_rng(0), 40)
    one, two = (list(strings.images("touching", 4, writer, seed=3)) for _ in range(2))
    assert [text for text, _ in one] == [text for text, _ in two]
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(one, two, strict=True))


@pytest.mark.mnist
def test_every_string_is_written_with_test_digits(strings, monkeypatch, mnist, fake_reader):
    used = []

    def writer(samples, height_px):
        used.append(samples)
        return PatchWriter(samples, height_px)

    monkeypatch.setattr(strings, "PatchWriter", writer)
    monkeypatch.setattr(strings, "load", lambda _: mnist)
    answers = strings.measure(2, 0, fake_reader("1"), fake_reader("1"))
    assert [len(samples) for samples in used] == [len(mnist.test)]
    assert used[0].pixels is mnist.test.pixels
    assert [len(found) for found in answers.values()] == [2] * 4
