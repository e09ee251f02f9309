"""Receipts, answers in the answer to an arrival, merged reminders, and messages that cost money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MERGED = "said_with_id IS NOT NULL"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "spending",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("stopped_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "month", name=op.f("pk_spending")),
    )
    op.create_table(
        "paid_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outgoing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_paid_message_address_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_paid_message_outgoing_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_message")),
    )
    for column in ("address_id", "outgoing_id", "at"):
        op.create_index(f"ix_paid_message_{column}", "paid_message", [column])
    op.add_column("outgoing", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outgoing", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("answer_id", sa.BigInteger(), nullable=True))
    op.add_column("broadcast", sa.Column("free_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("reminder", sa.Column("said_with_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_reminder_said_with_id",
        "reminder",
        ["said_with_id"],
        sqlite_where=sa.text(MERGED),
        postgresql_where=sa.text(MERGED),
    )


def downgrade() -> None:
    """Bring them back. No table is built anew, so that no row is lost by a cascade."""
    op.drop_index("ix_reminder_said_with_id", "reminder")
    op.drop_column("reminder", "said_with_id")
    op.drop_column("broadcast", "free_only")
    op.drop_column("inbox", "answer_id")
    op.drop_column("outgoing", "seen_at")
    op.drop_column("outgoing", "delivered_at")
    op.drop_table("paid_message")
    op.drop_table("spending")
