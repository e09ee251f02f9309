"""Viber's chats and files, what a message tells of, languages and doubts at the desk, records of joinings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables. Nothing is known of anybody at first, as after each restart before."""
    op.create_table(
        "viber_chat",
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("hour", WHEN, nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("told_to_wait", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("external_id", name=op.f("pk_viber_chat")),
    )
    op.create_table(
        "viber_file",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_viber_file")),
    )
    op.create_index("ix_viber_file_external_id", "viber_file", ["external_id"])
    op.create_index("ix_viber_file_until", "viber_file", ["until"])
    op.create_table(
        "joining",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
    )
    op.create_index("ix_joining_kept_id", "joining", ["kept_id"])
    op.create_index("ix_joining_until", "joining", ["until"])
    op.add_column("desk_topic", sa.Column("opening_at", WHEN, nullable=True))
    op.add_column("desk_topic", sa.Column("doubted_at", WHEN, nullable=True))
    op.add_column("desk_topic", sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("desk_topic", sa.Column("refused", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("desk_group", sa.Column("tag", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("outgoing", sa.Column("listing_id", sa.BigInteger(), nullable=True))
    unpaid = sa.text("reason = 'budget'")
    op.create_index("ix_outgoing_unpaid", "outgoing", ["listing_id"], sqlite_where=unpaid, postgresql_where=unpaid)


def downgrade() -> None:
    """Take them away: files that were not fetched yet cannot be fetched any more."""
    op.drop_index("ix_outgoing_unpaid", table_name="outgoing")
    op.drop_column("outgoing", "listing_id")
    op.drop_column("desk_group", "tag")
    for column in ("refused", "doubts", "doubted_at", "opening_at"):
        op.drop_column("desk_topic", column)
    op.drop_index("ix_joining_until", table_name="joining")
    op.drop_index("ix_joining_kept_id", table_name="joining")
    op.drop_table("joining")
    op.drop_index("ix_viber_file_until", table_name="viber_file")
    op.drop_index("ix_viber_file_external_id", table_name="viber_file")
    op.drop_table("viber_file")
    op.drop_table("viber_chat")
