"""Answers with owners and voices, opening hours and closures, subscriptions, announcements, call-backs, counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
REFERENCES = (
    ("town_id", "town"),
    ("organisation_id", "organisation"),
    ("owner_id", "person"),
)


def upgrade() -> None:
    """Add the tables and columns. Answers that are there belong to the house, as before; messages are of no topic."""
    _announcements()
    _answers()
    _places()
    _subscriptions()
    _callbacks()
    op.create_table(
        "reach_count",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "about_id", "what", "day", name=op.f("pk_reach_count")),
    )
    op.add_column("request_message", sa.Column("about", sa.String(length=24), server_default="", nullable=False))
    op.add_column("broadcast", sa.Column("topic", sa.String(length=12), server_default="", nullable=False))
    with op.batch_alter_table("broadcast") as batch:
        batch.add_column(sa.Column("announcement_id", ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_broadcast_announcement_id"), "announcement", ["announcement_id"], ["id"], ondelete="RESTRICT"
        )


def _to(table: str, column: str, other: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("starts_at", WHEN, nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        _to("announcement", "organisation_id", "organisation"),
        _to("announcement", "author_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("code", name=op.f("uq_announcement_code")),
    )
    op.create_index("ix_announcement_starts_at", "announcement", ["starts_at"])
    op.create_table(
        "evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("announcement_id", ID, nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("added_by_id", ID, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        _to("evidence", "announcement_id", "announcement", "CASCADE"),
        _to("evidence", "attachment_id", "attachment", "SET NULL"),
        _to("evidence", "added_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_announcement_id", "evidence", ["announcement_id"])


def _answers() -> None:
    with op.batch_alter_table("answer_card") as batch:
        for column, other in REFERENCES:
            batch.add_column(sa.Column(column, ID, nullable=True))
            batch.create_foreign_key(op.f(f"fk_answer_card_{column}"), other, [column], ["id"], ondelete="RESTRICT")
        batch.add_column(sa.Column("warned_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("hidden_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("retired_at", WHEN, nullable=True))
    op.create_table(
        "answer_voice",
        sa.Column("card_id", ID, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("attachment_id", ID, nullable=False),
        _to("answer_voice", "card_id", "answer_card", "CASCADE"),
        _to("answer_voice", "attachment_id", "attachment", "CASCADE"),
        sa.PrimaryKeyConstraint("card_id", "language", name=op.f("pk_answer_voice")),
    )


def _places() -> None:
    op.create_table(
        "opening",
        sa.Column("site_id", ID, autoincrement=False, nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("bus", sa.JSON(), nullable=False),
        sa.Column("on_holidays", sa.Boolean(), nullable=False),
        _to("opening", "site_id", "site", "CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_opening")),
    )
    op.create_table(
        "closure",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("created_by_id", ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        _to("closure", "site_id", "site"),
        _to("closure", "organisation_id", "organisation"),
        _to("closure", "created_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_site_id_last_day", "closure", ["site_id", "last_day"])


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        _to("subscription", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_topic", "subscription", ["topic", "person_id"])
    op.create_table(
        "digest",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        _to("digest", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_digest")),
    )
    op.create_index("ix_digest_created_at", "digest", ["created_at"])
    op.create_table(
        "digest_run",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_digest_run")),
    )


def _callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("called_at", WHEN, nullable=True),
        sa.Column("called_by_id", ID, nullable=True),
        _to("callback", "request_id", "request", "CASCADE"),
        _to("callback", "person_id", "person"),
        _to("callback", "called_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index("ix_callback_person_id", "callback", ["person_id"])
    op.create_index(
        "uq_callback_waiting",
        "callback",
        ["request_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Take them away again. What only subscribers should get is stopped: without topics it would go to everybody.

    Answers that were retired stay hidden; reminders of announcements are cancelled with them.
    """
    op.execute(
        "UPDATE broadcast SET state = 'stopped' WHERE state = 'digest' "
        "OR ((topic <> '' OR announcement_id IS NOT NULL) AND state IN ('scheduled', 'sending'))"
    )
    op.execute("UPDATE reminder SET state = 'cancelled' WHERE about = 'event' AND state = 'planned'")
    op.execute("UPDATE answer_card SET review_on = '2000-01-01' WHERE retired_at IS NOT NULL")
    with op.batch_alter_table("broadcast") as batch:
        batch.drop_constraint(op.f("fk_broadcast_announcement_id"), type_="foreignkey")
        batch.drop_column("announcement_id")
    op.drop_column("broadcast", "topic")
    op.drop_column("request_message", "about")
    op.drop_table("reach_count")
    op.drop_table("callback")
    op.drop_table("digest_run")
    op.drop_table("digest")
    op.drop_table("subscription")
    op.drop_table("closure")
    op.drop_table("opening")
    op.drop_table("answer_voice")
    with op.batch_alter_table("answer_card") as batch:
        for column, _other in REFERENCES:
            batch.drop_constraint(op.f(f"fk_answer_card_{column}"), type_="foreignkey")
            batch.drop_column(column)
        batch.drop_column("warned_on")
        batch.drop_column("hidden_on")
        batch.drop_column("retired_at")
    op.drop_table("evidence")
    op.drop_table("announcement")
