"""How the learning goes, exams, costs, tools by kind, transport, voices and invitations to many, a log of meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
RESULTS = "result IN ('', 'passed', 'failed')"
LISTING = ("exam_needed", "travel", "travel_paid", "cost", "transport", "tools_needed")


def _to(table: str, column: str, target: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _words(name: str, empty: str = "{}") -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=empty)


def upgrade() -> None:
    """Add the table and columns: nothing is an exam, nothing was said about costs, and nobody is asked anything new."""
    op.create_table(
        "learning_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        _to("learning_note", "session_id", "session", "CASCADE"),
        _to("learning_note", "person_id", "person", "CASCADE"),
        _to("learning_note", "author_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_note")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_learning_note_session_id_person_id")),
    )
    op.create_index("ix_learning_note_person_id", "learning_note", ["person_id"])
    for column in (
        _words("tools_needed"),
        _flag("transport"),
        _words("cost"),
        sa.Column("travel_paid", sa.String(length=4), nullable=False, server_default=""),
        _words("travel"),
        _flag("exam_needed"),
    ):
        op.add_column("listing", column)
    op.add_column("session", _flag("exam"))
    op.add_column("session", sa.Column("log", sa.Text(), nullable=False, server_default=""))
    op.add_column("booking", _words("brings", "[]"))
    op.add_column("booking", _flag("transport"))
    with op.batch_alter_table("attendance") as batch:
        batch.add_column(sa.Column("result", sa.String(length=8), nullable=False, server_default=""))
        batch.add_column(sa.Column("told", sa.String(length=8), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_attendance_result"), RESULTS)
    with op.batch_alter_table("broadcast") as batch:
        batch.add_column(sa.Column("attachment_id", ID, nullable=True))
        batch.add_column(_flag("invites"))
        batch.create_foreign_key(
            op.f("fk_broadcast_attachment_id"), "attachment", ["attachment_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    """Take them away: bookings, marks and what was sent stay; invitations that only the bot worded are stopped."""
    op.execute("UPDATE broadcast SET state = 'stopped' WHERE invites AND state IN ('scheduled', 'sending')")
    with op.batch_alter_table("broadcast") as batch:
        batch.drop_constraint(op.f("fk_broadcast_attachment_id"), type_="foreignkey")
        batch.drop_column("invites")
        batch.drop_column("attachment_id")
    with op.batch_alter_table("attendance") as batch:
        batch.drop_constraint(op.f("ck_attendance_result"), type_="check")
        batch.drop_column("told")
        batch.drop_column("result")
    with op.batch_alter_table("booking") as batch:
        batch.drop_column("transport")
        batch.drop_column("brings")
    with op.batch_alter_table("session") as batch:
        batch.drop_column("log")
        batch.drop_column("exam")
    with op.batch_alter_table("listing") as batch:
        for column in LISTING:
            batch.drop_column(column)
    op.drop_table("learning_note")
