"""Of two readings of one page the surer part of each is kept, in reading order."""

from dataclasses import replace

import pytest

from digitus.reader.pipeline.assembly import line_of
from digitus.reader.pipeline.ink_versions import promise, surest


@pytest.fixture
def line(make_number):
    def make(text, top, *, left=40, sure=0.99):
        return line_of([make_number(text, left, top, sure=sure)])

    return make


def texts(lines):
    return [line.text for line in lines]


def test_each_place_is_read_from_the_version_that_is_surer_there(line):
    plain = [line("12", 50, sure=0.95), line("34", 150, sure=0.6)]
    cleaned = [line("17", 50, sure=0.7), line("84", 150, sure=0.9)]
    assert texts(surest([plain, cleaned])) == ["12", "84"]


def test_two_numbers_that_one_version_joins_are_chosen_together(line):
    plain = [line("1234", 50, sure=0.8)]
    cleaned = [line("12", 50, sure=0.95), line("34", 50, left=90, sure=0.95)]
    assert texts(surest([plain, cleaned])) == ["12", "34"]


def test_a_line_that_only_one_version_has_is_kept_where_it_stands(line):
    plain = [line("1", 50), line("33", 250)]
    cleaned = [line("1", 50), line("2", 150), line("33", 250)]
    assert texts(surest([plain, cleaned])) == ["1", "2", "33"]
    assert texts(surest([cleaned, plain])) == ["1", "2", "33"]


def test_more_digits_count_for_more_only_if_they_are_rather_right_than_wrong(line):
    assert promise([line("123", 50, sure=0.9)]) > promise([line("12", 50, sure=0.9)])
    assert promise([line("123", 50, sure=0.4)]) < promise([line("12", 50, sure=0.4)])


def test_of_equals_the_first_version_counts(line):
    one = line("12", 50)
    assert surest([[one], [replace(one, text="other")]])[0] is one


@pytest.mark.parametrize("versions", [[], [[]], [[], []]])
def test_no_line_at_all_gives_none(versions):
    assert surest(versions) == []
