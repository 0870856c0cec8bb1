"""Open the database, and run transactions on it.

SQLite keeps one file, and lets one process write at a time. PostgreSQL lets several servers share
their batches. What a transaction has committed is on the disk.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from digitus.errors import DatabaseError, MissingLibraryError, WriteError
from digitus.files import make_folder
from digitus.review.storage.schema import UtcTime
from digitus.review.storage.schema_version import upgrade

_BUSY_S = 15  # seconds that a transaction waits for another one
_STALLED_S = 60  # seconds after which PostgreSQL ends a transaction whose server does nothing
_FILES_LOCK = 0x646967  # number of the lock on the content files in PostgreSQL
_WRITES = "digitus_writes"  # execution option of transactions that write


class Database:
    """A database whose schema is up to date.

    Args:
        url: such as ``sqlite:///scores.db`` or ``postgresql://name:password@host/database``.

    Raises:
        DatabaseError: if it cannot be opened, or was written by a newer version.
        MissingLibraryError: if the driver is not installed.
        WriteError: if the folder of an SQLite file cannot be made.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(_parsed(url))
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._reader = self.engine
        if not self.is_sqlite:
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ")
        try:
            with self._as_sentences(), self._writer.connect() as connection:
                upgrade(connection)
        except BaseException:
            self.close()
            raise
        self._file = self._file_of_sqlite()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database, and changes nothing."""
        with self._as_sentences(), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session; commit at the end, or roll back if the block raises."""
        if self._file_of_sqlite() != self._file:  # SQLite would write where nobody finds it
            raise DatabaseError(
                f"database {self.engine.url.render_as_string()}: the file was moved or deleted "
                f"while it was open; put it back and start the server again"
            )
        with (
            self._as_sentences(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def now(self, session: Session) -> datetime:
        """Return the time by the clock that all servers of the database share."""
        if self.is_sqlite:
            return datetime.now(UTC)
        return session.scalars(select(func.clock_timestamp(type_=UtcTime))).one()

    def lock_files(self, session: Session, *, to_delete: bool = False) -> None:
        """Keep content files from being deleted until the transaction ends; or from being named.

        In SQLite, one transaction writes at a time anyway.
        """
        if not self.is_sqlite:
            function = (
                func.pg_advisory_xact_lock if to_delete else func.pg_advisory_xact_lock_shared
            )
            session.execute(select(function(_FILES_LOCK)))

    def forget_deleted(self) -> None:
        """Drop deleted rows from SQLite's log; they are overwritten in the file already."""
        if self.is_sqlite:
            with self._as_sentences(), closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _file_of_sqlite(self) -> tuple[int, int] | None:
        """Return what identifies the file, whatever its name; None without one."""
        if not self.is_sqlite:
            return None
        try:
            found = os.stat(str(self.engine.url.database))
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @contextmanager
    def _as_sentences(self) -> Iterator[None]:
        """Turn errors of the database into sentences, which never show the password."""
        try:
            yield
        except SQLAlchemyError as error:
            raise _sentence(error, self.engine.url) from error


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise DatabaseError(
            "--database: expected a URL such as sqlite:///scores.db or "
            "postgresql://name:password@host/database, got something else; check it"
        ) from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise DatabaseError(
            f"--database {url.render_as_string()}: expected a file of SQLite or a database of "
            f"PostgreSQL; use sqlite:///scores.db or postgresql://name:password@host/database"
        )
    return url


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        make_folder(Path(str(url.database)).absolute().parent)
        engine = create_engine(url, connect_args={"timeout": _BUSY_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _BUSY_S})
    except (ImportError, NoSuchModuleError) as error:
        raise MissingLibraryError("for PostgreSQL, pip install 'digitus[postgres]'") from error
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in (
        "journal_mode = WAL",  # readers do not wait for the writer
        "synchronous = FULL",  # committed is on the disk, also after a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # deleted is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """Let a server that hangs in mid-transaction keep the others for a minute at most."""
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{_BUSY_S}s'; "
            f"SET LOCAL idle_in_transaction_session_timeout = '{_STALLED_S}s'"
        )


def _sentence(error: SQLAlchemyError, url: URL) -> DatabaseError | WriteError:
    """Return what happened, by the driver's words and without the statement."""
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    reason = reason.splitlines()[0] if reason else type(error).__name__
    if url.password:
        reason = reason.replace(str(url.password), "***")
    where = f"database {url.render_as_string()}"
    full = ("disk is full", "disk I/O error", "No space left", "could not extend", "readonly")
    if any(words in reason for words in full):
        if url.drivername != "sqlite":  # this sentence is for clients, too
            where = "database"
        return WriteError(
            f"{where}: cannot be written ({reason}); free some space, nothing that was confirmed "
            f"before is lost"
        )
    return DatabaseError(f"{where}: {reason}; check that it runs and can be reached")
