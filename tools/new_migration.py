"""Write a migration of what changed in the tables of reviews since the last one.

    python tools/new_migration.py "Add a column"

Read it before it is committed: a renamed column looks like one that is dropped and one that is new.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from digitus.review.storage.database import Database
from digitus.review.storage.schema_version import migrations


def main() -> None:
    """Bring an empty database up to date, and write what the schema has more."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("message", help="what it does, in the imperative")
    message = parser.parse_args().message
    config = migrations()
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'review.db'}")
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
        database.close()


if __name__ == "__main__":
    main()
