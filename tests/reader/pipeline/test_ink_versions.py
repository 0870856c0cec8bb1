"""Of two readings of one page the better one is kept in each region, in reading order."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import join_numbers
from digitus.reader.pipeline.ink_versions import (
    expected_score,
    merge_versions,
    without_ruled_ones,
)


@pytest.fixture
def line(make_number):
    def make(text, top, *, left=40, confidence=0.99):
        return join_numbers([make_number(text, left, top, confidence=confidence)])

    return make


def texts(lines):
    return [line.text for line in lines]


def test_each_region_is_taken_from_the_version_with_the_higher_confidence_there(line):
    plain = [line("12", 50, confidence=0.95), line("34", 150, confidence=0.6)]
    cleaned = [line("17", 50, confidence=0.7), line("84", 150, confidence=0.9)]
    assert texts(merge_versions([plain, cleaned])) == ["12", "84"]


def test_two_numbers_that_one_version_joins_are_one_region(line):
    plain = [line("1234", 50, confidence=0.8)]
    cleaned = [line("12", 50, confidence=0.95), line("34", 50, left=90, confidence=0.95)]
    assert texts(merge_versions([plain, cleaned])) == ["12", "34"]


def test_lines_of_one_version_that_overlap_are_different_regions(line):
    plain = [line("12", 50, confidence=0.9), line("34", 70, confidence=0.9)]
    cleaned = [line("17", 45, confidence=0.95)]  # shares its area with the first line alone
    assert texts(merge_versions([plain, cleaned])) == ["17", "34"]


def test_a_line_of_one_version_only_is_inserted_by_its_height(line):
    plain = [line("1", 50), line("33", 250)]
    cleaned = [line("1", 50), line("2", 150), line("33", 250)]
    assert texts(merge_versions([plain, cleaned])) == ["1", "2", "33"]
    assert texts(merge_versions([cleaned, plain])) == ["1", "2", "33"]


def test_another_digit_raises_the_score_only_if_it_is_probably_right(line):
    def score(text, confidence):
        return expected_score([line(text, 50, confidence=confidence)])

    assert score("123", 0.9) > score("12", 0.9)
    assert score("123", 0.4) < score("12", 0.4)


def test_the_first_of_two_equal_versions_is_kept(line):
    one = line("12", 50)
    assert merge_versions([[one], [replace(one, text="other")]])[0] is one


@pytest.mark.parametrize("versions", [[], [[]], [[], []]])
def test_versions_without_lines_give_none(versions):
    assert merge_versions(versions) == []


@pytest.mark.parametrize(
    ("text", "left_over", "kept"), [("1", 0.0, []), ("1", 0.6, ["1"]), ("7", 0.0, ["7"])]
)
def test_a_1_of_which_nothing_is_left_without_ruled_lines_is_one_of_them(
    line, text, left_over, kept
):
    ink = np.ones((200, 200), np.float32)
    assert texts(without_ruled_ones([line(text, 50)], ink, left_over * ink)) == kept
