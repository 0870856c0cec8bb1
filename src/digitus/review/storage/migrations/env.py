"""Run the migrations on the connection that `schema_version.py` gives to Alembic."""

from typing import Any, Literal

from alembic import context

from digitus.review.storage.schema import Base, UtcTime


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write the types of this program as those that they are stored as."""
    is_time = kind == "type" and isinstance(item, UtcTime)
    return "sa.DateTime(timezone=True)" if is_time else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
    render_item=render_item,
)
context.run_migrations()
