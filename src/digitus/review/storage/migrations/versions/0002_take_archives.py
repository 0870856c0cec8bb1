"""Add the parts of archives, and where the files of their pages lie."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema from the version before to this one."""
    op.add_column("document", sa.Column("location", sa.String(), nullable=True))
    op.create_table(
        "archive_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("n_sure_pages", sa.Integer(), nullable=False),
        sa.Column("n_sure_numbers", sa.Integer(), nullable=False),
        sa.Column("n_failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_archive_part_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_part")),
        sa.UniqueConstraint("result", "name", name=op.f("uq_archive_part_result_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_archive_part_batch_id"), "archive_part", ["batch_id"], unique=False)
