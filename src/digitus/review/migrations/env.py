"""Run the migrations on the connection that `schema_version.py` gives to Alembic."""

from alembic import context

from digitus.review.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
)
context.run_migrations()
