"""Files are written completely or not at all."""

import os
import stat
import subprocess
import sys
import threading

import pytest

from digitus.errors import WriteError
from digitus.files import is_stream, replacing


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


def test_a_missing_folder_is_made(tmp_path):
    with replacing(tmp_path / "new" / "er" / "a.txt") as draft:
        draft.write_text("kept")
    assert (tmp_path / "new" / "er" / "a.txt").read_text() == "kept"


def test_a_failure_while_writing_leaves_no_new_folder(tmp_path):
    with pytest.raises(KeyError), replacing(tmp_path / "new" / "er" / "a.txt"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_write_error(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(WriteError, match="choose another place"),
        replacing(tmp_path / "file" / "a.txt") as draft,
    ):
        draft.write_text("lost")


def test_a_link_to_a_file_in_a_missing_folder_creates_both(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "new" / "a.txt")
    with replacing(tmp_path / "link.txt") as draft:
        draft.write_text("there")
    assert (tmp_path / "new" / "a.txt").read_text() == "there"


def test_the_target_is_readable_as_the_umask_allows(tmp_path):
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    plain = tmp_path / "plain.txt"
    plain.write_text("new")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "a.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as draft:
        draft.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_link_to_a_missing_file_creates_it(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    with replacing(tmp_path / "link.txt") as draft:
        draft.write_text("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path):
    pipe, heard = tmp_path / "pipe", []
    os.mkfifo(pipe)
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    with replacing(pipe) as draft:
        draft.write_text("new")
    listener.join(timeout=10)
    assert heard == ["new"]
    assert is_stream(pipe)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_failure_while_writing_puts_nothing_into_a_pipe(tmp_path):
    read_end, write_end = os.pipe()
    with pytest.raises(UnicodeEncodeError), replacing(f"/dev/fd/{write_end}") as draft:
        draft.write_text("half of it\ud800", encoding="utf-8")
    os.close(write_end)
    assert os.read(read_end, 99) == b""
    os.close(read_end)


def test_an_open_file_is_appended_to(tmp_path):
    with (tmp_path / "log.txt").open("w") as log:
        log.write("before\n")
        log.flush()
        with replacing(f"/dev/fd/{log.fileno()}") as draft:
            draft.write_text("new\n")
    assert (tmp_path / "log.txt").read_text() == "before\nnew\n"


WRITE = """
import sys
from digitus.files import replacing
with replacing(sys.argv[1]) as draft:
    draft.write_text("of another process")
    print(draft, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start_writer(tmp_path):
    """Start processes that hold a draft of ``a.txt``; return process and draft."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", WRITE, tmp_path / "a.txt"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, process.stdout.readline().rstrip("\n")

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_drafts_of_killed_processes_are_deleted_by_the_next_one(tmp_path, start_writer):
    writers = [start_writer() for _ in range(3)]
    for process, _ in writers:
        process.kill()
        process.wait()
    assert {str(path) for path in tmp_path.iterdir()} == {draft for _, draft in writers}
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]
    assert (tmp_path / "a.txt").read_text() == "new"


def test_the_draft_of_a_living_process_stays_and_is_moved_at_its_end(tmp_path, start_writer):
    process, theirs = start_writer()
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert os.path.exists(theirs)
    process.communicate("")
    assert process.returncode == 0
    assert (tmp_path / "a.txt").read_text() == "of another process"
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_drafts_of_other_targets_are_left_alone(tmp_path, start_writer):
    process, theirs = start_writer()
    process.kill()
    process.wait()
    with replacing(tmp_path / "a.csv") as draft:
        draft.write_text("new")
    assert os.path.exists(theirs)


def test_threads_write_one_target_side_by_side(tmp_path):
    target, barrier, failures = tmp_path / "a.txt", threading.Barrier(20), []

    def write(number):
        try:
            with replacing(target) as draft:
                draft.write_text(f"{number}" * 999)
                barrier.wait(timeout=10)  # all hold a draft: more than have a number
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failures == []
    assert target.read_text() in {f"{number}" * 999 for number in range(20)}
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_as_long_as_the_file_system_allows_is_written(tmp_path):
    target = tmp_path / ("\N{LATIN SMALL LETTER E WITH ACUTE}" * 125 + ".json")
    with replacing(target) as draft:
        draft.write_text("new")
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_is_not_ours_to_delete_does_not_stop_the_writing(tmp_path):
    os.mkfifo(tmp_path / ".a-0.draft.txt")
    (tmp_path / ".a-1.draft.txt").symlink_to(tmp_path / "precious.txt")
    (tmp_path / "precious.txt").write_text("kept")
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert (tmp_path / "precious.txt").read_text() == "kept"
