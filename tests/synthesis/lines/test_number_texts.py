"""Numbers are written with every mark, and never without digits."""

import re

import numpy as np

from digitus.synthesis.lines.number_texts import random_number_text
from digitus.synthesis.lines.punctuation import MARKS


def texts(n=600):
    rng = np.random.default_rng(0)
    return [random_number_text(rng) for _ in range(n)]


def test_every_mark_occurs_often():
    found = "".join(texts())
    assert all(found.count(mark) > 20 for mark in MARKS)


def test_a_text_holds_a_digit_and_a_mark():
    for text in texts():
        assert any(one.isdigit() for one in text)
        assert any(one in MARKS for one in text)


def test_a_text_fits_a_line():
    assert max(map(len, texts(3000))) <= 16


def test_a_mark_stands_at_the_start_within_and_at_the_end():
    some = texts()
    assert sum(text[0] in MARKS for text in some) > 50
    assert sum(text[-1] in MARKS for text in some) > 50
    assert sum(any(one in MARKS for one in text[1:-1]) for text in some) > 200


def test_a_plausible_number_has_its_marks_where_people_write_them():
    rng = np.random.default_rng(3)
    form = re.compile(r"[(]?[-+]?\d[\d.,:/-]*(\(?\d*[)%])?[\d/-]*")
    texts = [random_number_text(rng, is_plausible=True) for _ in range(1000)]
    assert all(form.fullmatch(text) for text in texts)
    assert set("".join(texts)) == set("0123456789.,-+/:%()")
    assert not all(form.fullmatch(random_number_text(rng)) for _ in range(1000))
