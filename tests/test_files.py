"""Writing files whole or not at all."""

import stat

import pytest

from digitus.errors import WriteError
from digitus.files import replacing


def test_the_target_holds_what_was_written(tmp_path):
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_failure_while_writing_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing(target) as draft:
        draft.write_text("half of the n\ud800", encoding="utf-8")
    assert target.read_text() == "old"


def test_a_failure_while_writing_leaves_no_temporary_file(tmp_path):
    with pytest.raises(RuntimeError), replacing(tmp_path / "a.txt"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence_that_names_the_target(tmp_path):
    def fill_the_disk():
        raise OSError(28, "No space left on device")

    sentence = r"a\.txt: cannot be written \(No space left"
    with pytest.raises(WriteError, match=sentence), replacing(tmp_path / "a.txt"):
        fill_the_disk()


def test_a_missing_folder_is_a_write_error(tmp_path):
    with (
        pytest.raises(WriteError, match="choose another place"),
        replacing(tmp_path / "no" / "a.txt") as draft,
    ):
        draft.write_text("lost")


def test_the_target_is_readable_as_the_umask_allows(tmp_path):
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    plain = tmp_path / "plain.txt"
    plain.write_text("new")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
