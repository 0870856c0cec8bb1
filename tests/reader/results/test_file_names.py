"""Names of files that are written about sources differ and are valid."""

import os

from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.results.file_names import names_of, readable


@given(st.lists(st.text(alphabet="aB1./-", min_size=1, max_size=6), unique=True, max_size=8))
def test_no_two_sources_share_a_name_even_where_case_does_not_count(sources):
    names = names_of(sources)
    assert len({name.casefold() for name in names.values()}) == len(sources)


@given(st.lists(st.text(alphabet="ab./", min_size=1, max_size=6), unique=True, max_size=8))
def test_a_name_never_leads_to_another_folder(sources):
    assert not any("/" in name or name in (".", "..") for name in names_of(sources).values())


def test_a_very_long_name_is_cut_to_what_a_file_may_be_called():
    assert len(names_of(["x" * 300 + ".png"]).popitem()[1]) <= 60


@given(
    st.lists(st.text(alphabet="aB1./-", min_size=1, max_size=6), unique=True, max_size=8),
    st.lists(st.text(alphabet="aB1./-", min_size=1, max_size=6), unique=True, max_size=8),
)
def test_known_sources_keep_their_names_and_no_other_source_gets_them(first, later):
    known = names_of(first)
    both = {**known, **names_of(later, known)}
    assert {source: both[source] for source in first} == known
    assert len({name.casefold() for name in both.values()}) == len({*first, *later})


def test_bytes_that_are_not_utf_8_are_replaced():
    source = os.fsdecode(b"scans/b\xe4d.p\xffg")
    for name in (readable(source), names_of([source])[source]):
        assert name.encode("utf-8")
    assert readable("scans/ä.png") == "scans/ä.png"
