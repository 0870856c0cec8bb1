import pytest
from sqlalchemy import event

from digitus.errors import NotThere, ReviewError


def kept_files(store):
    return sorted(
        path.relative_to(store.folder).parts[0]
        for path in store.folder.rglob("*")
        if path.is_file()
    )


def test_a_new_batch_is_open_and_keeps_its_settings(store):
    batch = store.make_batch("Scores", decimal="comma", min_confidence=0.5, max_error=0.01)
    assert (batch["name"], batch["state"]) == ("Scores", "open")
    assert batch["settings"] == {"decimal": "comma", "min_confidence": 0.5, "max_error": 0.01}
    assert set(batch["counts"].values()) == {0}
    assert store.batch(batch["id"]) == batch


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"decimal": "dot"}, "decimal: expected auto, point or comma"),
        ({"min_confidence": 1.5}, "min_confidence: expected 0 to 1"),
        ({"max_error": 0.0}, "max_error: expected more than 0"),
        ({"max_error": float("nan")}, "max_error: expected more than 0"),
    ],
)
def test_a_setting_that_is_out_of_range_is_refused(store, settings, sentence):
    with pytest.raises(ReviewError, match=sentence):
        store.make_batch(**settings)
    assert store.list_batches() == []


def test_batches_are_listed_the_newest_first_and_renamed(store):
    first, second = store.make_batch("a"), store.make_batch("b")
    store.rename_batch(first["id"], " c ")
    assert [one["name"] for one in store.list_batches()] == ["b", "c"]
    with pytest.raises(ReviewError, match="expected some characters"):
        store.rename_batch(second["id"], "\n")


def test_the_list_has_each_batch_as_it_is_alone(store, batch_id):
    others = [store.make_batch(name)["id"] for name in ("empty", "waiting")]
    store.add_documents(others[1], [("a.png", b"a"), ("b.png", b"b")])
    found = {one["id"]: one for one in store.list_batches()}
    assert found == {one: store.batch(one) for one in (batch_id, *others)}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_list_of_many_batches_takes_few_queries(store):
    queries = []
    event.listen(
        store._database.engine, "before_cursor_execute", lambda *found: queries.append(found[2])
    )
    for n in (1, 20):
        for _ in range(n):
            store.make_batch()
        queries.clear()
        store.list_batches()
        # The beginning; batches, documents with parts of archives, pages, cells.
        assert len(queries) <= 5


@pytest.mark.parametrize("name", ["bad\udcff.png", "a\x00b", "x" * 300, "../../etc/passwd", ""])
def test_any_name_of_a_document_is_kept_as_text_alone(store, name):
    batch = store.make_batch()
    document = store.add_documents(batch["id"], [(name, b"content")])[0]
    assert 0 < len(document["name"]) <= 200
    assert store.next_work().path.is_relative_to(store.folder / "content")


def test_a_document_can_come_from_a_file(store, tmp_path):
    (tmp_path / "upload").write_bytes(b"content")
    batch = store.make_batch()
    store.add_documents(batch["id"], [("a.png", tmp_path / "upload")])
    assert store.next_work().path.read_bytes() == b"content"


def test_deleting_a_batch_deletes_its_rows_files_and_crops(store, batch_id, page_id):
    cell = store.cells(batch_id)["cells"][0]
    store.cell_crop(cell["id"])
    assert kept_files(store) == ["content", "crops"]
    store.delete_batch(batch_id)
    assert kept_files(store) == []
    for call in (store.batch, store.pages, store.delete_batch, store.groups, store.change_number):
        with pytest.raises(NotThere, match="no such batch"):
            call(batch_id)
    with pytest.raises(NotThere, match="no such page"):
        store.page(page_id)
    with pytest.raises(NotThere, match="no such cell"):
        store.cell_crop(cell["id"])


def test_a_file_that_another_batch_has_is_kept(store, batch_id):
    other = store.make_batch()

    shared = store.add_documents(other["id"], [("the same.png", b"shared")])[0]
    store.add_documents(batch_id, [("the same again.png", b"shared")])
    store.delete_batch(batch_id)
    work = store.next_work()
    assert (work.document_id, work.path.read_bytes()) == (shared["id"], b"shared")


def test_an_id_is_never_used_again(store, batch_id):
    store.delete_batch(batch_id)
    assert store.make_batch()["id"] > batch_id


def test_files_that_nobody_names_are_deleted_at_the_start(store, open_store, batch_id):
    before = kept_files(store)
    image = store._files.put(b"left by a kill")
    crop = store._files.crop_path(image[::-1], (0, 0, 1, 1))
    crop.parent.mkdir(parents=True)
    crop.touch()
    assert len(kept_files(store)) == len(before) + 2
    open_store()
    assert kept_files(store) == before


def test_what_somebody_else_has_put_into_the_folder_stays(store, open_store, tmp_path):
    folder = store.folder / "content" / "ab"
    folder.mkdir(parents=True)
    (store.folder / "content" / "cd").write_text("a file")
    (store.folder / "content" / "ef").symlink_to(tmp_path)
    (folder / "abc.txt").write_text("a note")
    (folder / "folder").mkdir()
    open_store()
    assert sorted(path.name for path in folder.iterdir()) == ["abc.txt", "folder"]
    assert {path.name for path in folder.parent.iterdir()} == {"ab", "cd", "ef"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_was_deleted_is_not_left_in_the_file_of_the_database(store, tmp_path):
    secret = "the name of nobody else"
    store.delete_batch(store.make_batch(secret)["id"])
    left = [path.read_bytes() for path in tmp_path.glob("review.db*")]
    assert left
    assert not any(secret.encode() in content for content in left)


def test_without_an_address_everything_lies_in_one_folder(tmp_path):
    from digitus.review.store import ReviewStore

    store = ReviewStore.open(None, tmp_path / "review")
    store.add_documents(store.make_batch()["id"], [("a.png", b"a")])
    store.close()
    assert {path.name for path in (tmp_path / "review").iterdir()} >= {"review.db", "content"}


def test_a_new_folder_is_readable_by_its_owner_alone(tmp_path):
    from digitus.review.store import ReviewStore

    (tmp_path / "shared").mkdir(mode=0o755)
    for name, mode in (("own/review", 0o700), ("shared", 0o755)):
        ReviewStore.open(None, tmp_path / name).close()
        assert (tmp_path / name).stat().st_mode & 0o777 == mode


def test_the_default_folder_is_in_the_users_data_folder(monkeypatch, tmp_path):
    from digitus.review import store

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.default_folder() == tmp_path / "digitus" / "review"
