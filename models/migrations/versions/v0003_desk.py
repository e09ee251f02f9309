"""The staff desk: its groups, topics, cards and ready answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", KEY, nullable=False)


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "desk_group",
        _id(),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("named", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=False),
        sa.Column("address_id", KEY, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_desk_group_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["room_id"], ["person.id"], name=op.f("fk_desk_group_room_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_desk_group_address_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_group")),
        sa.UniqueConstraint("kind", name=op.f("uq_desk_group_kind")),
    )
    op.create_table(
        "desk_topic",
        _id(),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("address_id", KEY, nullable=True),
        sa.Column("thread", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("shown_name", sa.String(length=128), nullable=False),
        sa.Column("wanted", sa.String(length=8), nullable=False),
        sa.Column("shown", sa.String(length=8), nullable=False),
        sa.Column("posted_id", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["desk_group.id"], name=op.f("fk_desk_topic_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_desk_topic_request_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_desk_topic_address_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_topic")),
        sa.UniqueConstraint("request_id", name=op.f("uq_desk_topic_request_id")),
    )
    op.create_index("ix_desk_topic_group_id_thread", "desk_topic", ["group_id", "thread"])
    op.create_table(
        "desk_card",
        _id(),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("outgoing_id", KEY, nullable=True),
        sa.Column("edit_id", KEY, nullable=True),
        sa.Column("drawn", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["desk_group.id"], name=op.f("fk_desk_card_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_desk_card_decided_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_desk_card_outgoing_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["edit_id"], ["outgoing.id"], name=op.f("fk_desk_card_edit_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_card")),
        sa.UniqueConstraint("group_id", "about", "about_id", name=op.f("uq_desk_card_group_id_about_about_id")),
    )
    op.create_index("ix_desk_card_state", "desk_card", ["state"])
    op.create_table(
        "ready_answer",
        _id(),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_ready_answer_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_ready_answer_changed_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_answer")),
        sa.UniqueConstraint(
            "organisation_id", "name", "language", name=op.f("uq_ready_answer_organisation_id_name_language")
        ),
    )


def downgrade() -> None:
    """Bring them back. What still waits to be posted at the desk is called off: nobody would send it."""
    op.execute(
        "UPDATE outgoing SET state = 'cancelled', reason = 'the desk is switched off' WHERE state IN "
        "('waiting', 'sending') AND address_id IN (SELECT id FROM address WHERE channel = 'desk')"
    )
    op.drop_table("ready_answer")
    op.drop_index("ix_desk_card_state", table_name="desk_card")
    op.drop_table("desk_card")
    op.drop_index("ix_desk_topic_group_id_thread", table_name="desk_topic")
    op.drop_table("desk_topic")
    op.drop_table("desk_group")
