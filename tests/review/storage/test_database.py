from select import select
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from digitus.errors import DatabaseError, WriteError
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Base, Batch

SOON_S = 60


@pytest.fixture
def database(empty_url):
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_of_the_schema(database):
    with database.reading() as session:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() is not None


def test_a_table_that_the_migrations_lack_is_found(database):
    with database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE edit")
    with database.reading() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Base.metadata)[0][0] == "add_table"


def test_a_database_of_a_newer_version_is_refused_and_unchanged(database, empty_url):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError, match="newer version of Digitus; install that version"):
        Database(empty_url)
    with database.reading() as session:
        version = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version")
        assert version.scalar_one() == "9999"


def test_servers_that_start_at_the_same_time_make_the_tables_once(empty_url):
    opened = []
    threads = [Thread(target=lambda: opened.append(Database(empty_url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for one in opened:
        one.close()


def test_a_transaction_that_fails_changes_nothing(database):
    facts = {"is_cancelled": False, "change_number": 0, "decimal": "auto", "min_confidence": 0.0}

    def add_and_fail():
        with database.writing() as session:
            session.add(Batch(name="a", created_at=database.now(session), **facts))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    with database.reading() as session:
        assert session.query(Batch).count() == 0


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_that_hangs_in_a_transaction_does_not_hold_up_others_for_ever(
    store, url, monkeypatch
):
    import psycopg

    monkeypatch.setattr("digitus.review.storage.database._BUSY_S", 0.1)
    batch = store.make_batch()["id"]
    with psycopg.connect(url) as hanging:
        hanging.execute("SELECT * FROM batch FOR UPDATE")
        with pytest.raises(DatabaseError, match="lock timeout"):
            store.rename_batch(batch, "a")
    assert store.rename_batch(batch, "a")["name"] == "a"


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_whose_server_does_nothing_is_ended(url, monkeypatch):
    monkeypatch.setattr("digitus.review.storage.database._STALLED_S", 0.1)
    database = Database(url)

    def hang():
        with database.writing() as session:
            connection = session.connection().connection.driver_connection
            assert select([connection.fileno()], [], [], SOON_S)[0]  # told that it was ended

    with pytest.raises(DatabaseError, match="idle-in-transaction"):
        hang()
    database.close()


@pytest.mark.parametrize(
    "address", ["nonsense", "mysql://a:secret@localhost/b", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_of_another_database_is_refused_without_its_password(address):
    with pytest.raises(DatabaseError, match=r"^--database.*expected") as caught:
        Database(address)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path):
    with pytest.raises(DatabaseError, match="check that it runs") as caught:
        Database(f"postgresql://me:secret@/scores?host={tmp_path}")
    assert "secret" not in str(caught.value)
    assert "me:***@" in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "a.db").write_bytes(b"no database" * 100)
    with pytest.raises(DatabaseError, match=r"a\.db.*not a database"):
        Database(f"sqlite:///{tmp_path / 'a.db'}")


@pytest.mark.parametrize("change", ["deleted", "replaced"])
def test_nothing_is_written_to_a_file_that_was_moved_away(tmp_path, change):
    file = tmp_path / "a.db"
    database = Database(f"sqlite:///{file}")
    file.rename(tmp_path / "moved.db")
    if change == "replaced":
        file.touch()
    with pytest.raises(DatabaseError, match=r"moved or deleted .* start"), database.writing():
        pass
    (tmp_path / "moved.db").replace(file)
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM batch")
    database.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be made"):
        Database(f"sqlite:///{tmp_path / 'file' / 'a.db'}")


def test_sqlite_writes_what_is_confirmed_to_the_disk_and_overwrites_what_is_deleted(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.reading() as session:
        pragma = session.connection().exec_driver_sql
        values = {
            name: pragma(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.close()
    full = 2
    assert values == {
        **{"journal_mode": "wal", "synchronous": full},
        **{"foreign_keys": 1, "secure_delete": 1},
    }
