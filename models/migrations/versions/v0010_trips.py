"""Trips and events: consent for each trip, what happened on the way, tools, buddies, requests about places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
STANDS = sa.text("withdrawn_at IS NULL")
WAITS = sa.text("ended_at IS NULL")


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, nullable=nullable)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, ID, autoincrement=False, nullable=False)


def _to(table: str, column: str, target: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Add the tables and columns: what is there is no trip, and nobody is asked about tools or buddies."""
    for column in ("trip", "tools", "buddies"):
        op.add_column("listing", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("listing", sa.Column("meeting_point", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("booking", sa.Column("tools", sa.String(length=8), nullable=False, server_default=""))
    _consents()
    _on_the_way()
    _buddies()


def _consents() -> None:
    op.create_table(
        "trip_consent",
        _id(),
        _id("session_id"),
        _id("child_id"),
        _id("guardian_id", nullable=True),
        _id("seen_by_id", nullable=True),
        _id("wording_id", nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("given_at", WHEN, nullable=False),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        sa.CheckConstraint("guardian_id IS NOT NULL OR seen_by_id IS NOT NULL", name=op.f("ck_trip_consent_whose")),
        _to("trip_consent", "session_id", "session"),
        _to("trip_consent", "child_id", "person"),
        _to("trip_consent", "guardian_id", "person"),
        _to("trip_consent", "seen_by_id", "person"),
        _to("trip_consent", "wording_id", "wording"),
        _primary("trip_consent"),
    )
    op.create_index("ix_trip_consent_child_id", "trip_consent", ["child_id"])
    op.create_index(
        "uq_trip_consent_stands",
        "trip_consent",
        ["session_id", "child_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "trip_ask",
        _key("booking_id"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("remind_at", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.Column("reminded_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        _to("trip_ask", "booking_id", "booking", "CASCADE"),
        _primary("trip_ask", "booking_id"),
    )
    op.create_index("ix_trip_ask_until", "trip_ask", ["until"], sqlite_where=WAITS, postgresql_where=WAITS)


def _on_the_way() -> None:
    op.create_table(
        "trip_step",
        _key("session_id"),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        _id("by_id"),
        sa.Column("at", WHEN, nullable=False),
        sa.CheckConstraint("step IN ('left', 'back', 'late', 'miscount')", name=op.f("ck_trip_step_step")),
        _to("trip_step", "session_id", "session", "CASCADE"),
        _to("trip_step", "by_id", "person"),
        _primary("trip_step", "session_id", "step", "number"),
    )


def _buddies() -> None:
    op.create_table(
        "buddy_wish",
        _key("listing_id"),
        _key("person_id"),
        sa.Column("wish", sa.String(length=8), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.CheckConstraint("wish IN ('wants', 'is')", name=op.f("ck_buddy_wish_wish")),
        _to("buddy_wish", "listing_id", "listing"),
        _to("buddy_wish", "person_id", "person", "CASCADE"),
        _primary("buddy_wish", "listing_id", "person_id"),
    )
    op.create_index("ix_buddy_wish_person_id", "buddy_wish", ["person_id"])
    op.create_table(
        "buddy_pair",
        _id(),
        _id("listing_id"),
        _id("wants_id"),
        _id("is_id"),
        sa.Column("wants_says", sa.String(length=4), nullable=False),
        sa.Column("is_says", sa.String(length=4), nullable=False),
        _id("by_id"),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("told_at", WHEN, nullable=True),
        _to("buddy_pair", "listing_id", "listing"),
        _to("buddy_pair", "wants_id", "person", "CASCADE"),
        _to("buddy_pair", "is_id", "person", "CASCADE"),
        _to("buddy_pair", "by_id", "person"),
        sa.UniqueConstraint("listing_id", "wants_id", "is_id", name=op.f("uq_buddy_pair_once")),
        _primary("buddy_pair"),
    )
    op.create_index("ix_buddy_pair_wants_id", "buddy_pair", ["wants_id"])
    op.create_index("ix_buddy_pair_is_id", "buddy_pair", ["is_id"])


def downgrade() -> None:
    """Take them away: bookings stay; what was asked of the team about a place becomes a talk, or is closed."""
    for table in ("buddy_pair", "buddy_wish", "trip_step", "trip_ask", "trip_consent"):
        op.drop_table(table)
    op.execute(
        "UPDATE request SET state = 'closed' WHERE kind = 'place' AND state <> 'closed' AND EXISTS"
        " (SELECT 1 FROM request AS other WHERE other.person_id = request.person_id"
        " AND other.kind = 'talk' AND other.state <> 'closed')"
    )
    op.execute("UPDATE request SET kind = 'talk' WHERE kind = 'place'")
    with op.batch_alter_table("booking") as batch:
        batch.drop_column("tools")
    with op.batch_alter_table("listing") as batch:
        for column in ("meeting_point", "buddies", "tools", "trip"):
            batch.drop_column(column)
