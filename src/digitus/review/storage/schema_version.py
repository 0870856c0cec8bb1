"""Bring the schema of a database up to date with Alembic."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from digitus.errors import DatabaseError


def upgrade(connection: Connection) -> None:
    """Create the tables, or change those of an older version; commit.

    Raises:
        DatabaseError: if a newer version has written the database.
    """
    config = migrations()
    config.attributes["connection"] = connection
    with connection.begin():
        if connection.dialect.name == "postgresql":  # servers that start at the same time
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6514023)")
        current = set(MigrationContext.configure(connection).get_current_heads())
        script = ScriptDirectory.from_config(config)
        known = {revision.revision for revision in script.walk_revisions()}
        if not current <= known:
            raise DatabaseError(
                "the database was written by a newer version of Digitus; install that version, or "
                "name another database with --database"
            )
        if current != set(script.get_heads()):
            command.upgrade(config, "head")


def migrations() -> Config:
    """Return the configuration of Alembic, with the migrations of this package."""
    config = Config()
    config.set_main_option("script_location", "digitus.review.storage:migrations")
    return config
