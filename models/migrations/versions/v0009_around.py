"""Around a session: leaders, materials, attendance codes, feedback, certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
VALID = sa.text("revoked_at IS NULL")


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, nullable=nullable)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, ID, autoincrement=False, nullable=False)


def _to(table: str, column: str, target: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Add the tables and columns; nobody leads what is there, and nobody is asked about child care."""
    _leaders()
    _materials()
    _questions_and_codes()
    _afterwards()
    _certificates()
    _leanings()
    op.add_column("listing", sa.Column("child_care", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("booking", sa.Column("care", sa.Boolean(), nullable=False, server_default=sa.false()))


def _leaders() -> None:
    op.create_table(
        "leader",
        _id(),
        _id("organisation_id"),
        sa.Column("called", sa.String(length=320), nullable=False),
        _id("person_id", nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        _to("leader", "organisation_id", "organisation"),
        _to("leader", "person_id", "person"),
        _primary("leader"),
    )
    op.create_index("ix_leader_organisation_id", "leader", ["organisation_id"])
    op.create_index("ix_leader_person_id", "leader", ["person_id"])
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("leader_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_session_leader_id"), "leader", ["leader_id"], ["id"], ondelete="RESTRICT")


def _materials() -> None:
    op.create_table(
        "material",
        _id(),
        _id("listing_id"),
        _id("session_id", nullable=True),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("attachment_kind", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _id("attachment_id", nullable=True),
        _id("added_by_id", nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        _to("material", "listing_id", "listing", "CASCADE"),
        _to("material", "session_id", "session", "CASCADE"),
        _to("material", "attachment_id", "attachment", "SET NULL"),
        _to("material", "added_by_id", "person"),
        sa.CheckConstraint("part IN ('before', 'after')", name=op.f("ck_material_part")),
        sa.CheckConstraint("kind IN ('file', 'link', 'text')", name=op.f("ck_material_kind")),
        _primary("material"),
    )
    op.create_index("ix_material_listing_id", "material", ["listing_id"])
    op.create_table(
        "material_notice",
        _key("session_id"),
        _key("person_id"),
        sa.Column("at", WHEN, nullable=False),
        _to("material_notice", "session_id", "session", "CASCADE"),
        _to("material_notice", "person_id", "person", "CASCADE"),
        _primary("material_notice", "session_id", "person_id"),
    )


def _questions_and_codes() -> None:
    op.create_table(
        "lesson_question",
        _id(),
        _id("session_id"),
        _id("person_id"),
        sa.Column("text", sa.Text(), nullable=False),
        _id("attachment_id", nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        _to("lesson_question", "session_id", "session", "CASCADE"),
        _to("lesson_question", "person_id", "person", "CASCADE"),
        _to("lesson_question", "attachment_id", "attachment", "SET NULL"),
        _primary("lesson_question"),
    )
    op.create_index("ix_lesson_question_session_id", "lesson_question", ["session_id"])
    op.create_index("ix_lesson_question_person_id", "lesson_question", ["person_id"])
    op.create_table(
        "room_code",
        _key("session_id"),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        _to("room_code", "session_id", "session", "CASCADE"),
        _primary("room_code", "session_id"),
    )


def _afterwards() -> None:
    op.create_table(
        "feedback",
        _id(),
        _id("session_id"),
        _id("person_id", nullable=True),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("mood", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", WHEN, nullable=True),
        _to("feedback", "session_id", "session", "CASCADE"),
        _to("feedback", "person_id", "person", "SET NULL"),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_feedback_session_id_person_id")),
        _primary("feedback"),
    )
    op.create_index("ix_feedback_person_id_asked_at", "feedback", ["person_id", "asked_at"])
    op.create_table(
        "absence_notice",
        _id(),
        _id("person_id"),
        _id("listing_id"),
        _id("first_session_id"),
        _id("last_session_id"),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("settled_at", WHEN, nullable=True),
        _to("absence_notice", "person_id", "person", "CASCADE"),
        _to("absence_notice", "listing_id", "listing"),
        _to("absence_notice", "first_session_id", "session"),
        _to("absence_notice", "last_session_id", "session"),
        sa.UniqueConstraint(
            "person_id",
            "listing_id",
            "first_session_id",
            name=op.f("uq_absence_notice_person_id_listing_id_first_session_id"),
        ),
        _primary("absence_notice"),
    )
    op.create_index("ix_absence_notice_listing_id", "absence_notice", ["listing_id"])


def _certificates() -> None:
    op.create_table(
        "certificate",
        _id(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=22), nullable=False),
        _id("listing_id"),
        _id("person_id", nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_at", WHEN, nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("name_public", sa.Boolean(), nullable=False),
        _id("issued_by_id", nullable=True),
        sa.Column("issued_at", WHEN, nullable=False),
        sa.Column("revoked_at", WHEN, nullable=True),
        sa.Column("revoked_reason", sa.String(length=200), nullable=False),
        _to("certificate", "listing_id", "listing"),
        _to("certificate", "person_id", "person"),
        _to("certificate", "issued_by_id", "person"),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        _primary("certificate"),
    )
    op.create_index("ix_certificate_listing_id", "certificate", ["listing_id"])
    op.create_index(
        "uq_certificate_valid",
        "certificate",
        ["listing_id", "person_id"],
        unique=True,
        sqlite_where=VALID,
        postgresql_where=VALID,
    )


def _leanings() -> None:
    op.create_table(
        "leaning",
        _key("person_id"),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=False),
        _to("leaning", "person_id", "person", "CASCADE"),
        _primary("leaning", "person_id"),
    )
    op.create_index("ix_leaning_until", "leaning", ["until"])


def downgrade() -> None:
    """Take them away again: meetings, bookings and listings stay as they are."""
    with op.batch_alter_table("booking") as batch:
        batch.drop_column("care")
    with op.batch_alter_table("listing") as batch:
        batch.drop_column("child_care")
    with op.batch_alter_table("session") as batch:
        batch.drop_column("leader_id")
    for table in (
        "leaning",
        "certificate",
        "absence_notice",
        "feedback",
        "room_code",
        "lesson_question",
        "material_notice",
        "material",
        "leader",
    ):
        op.drop_table(table)
