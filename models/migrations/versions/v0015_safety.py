"""Safety cases handed over by id, safe words, timers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables. The clock of cases that nobody has taken begins at once; what was taken stays taken."""
    op.create_table(
        "safety_case",
        sa.Column("request_id", ID, autoincrement=False, nullable=False),
        sa.Column("asked_id", ID, nullable=True),
        sa.Column("next_at", WHEN, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("write_here", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_safety_case_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name=op.f("fk_safety_case_asked_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_safety_case")),
    )
    op.create_index("ix_safety_case_next_at", "safety_case", ["next_at"])
    op.create_table(
        "case_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_case_step_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_step_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
        sa.UniqueConstraint(
            "request_id", "step", "person_id", "round", name=op.f("uq_case_step_request_id_step_person_id_round")
        ),
    )
    op.create_table(
        "safety_duty",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("away_until", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_safety_duty_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safety_duty")),
    )
    op.create_table(
        "safe_word",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safe_word_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safe_word")),
    )
    op.execute(
        "INSERT INTO safety_case (request_id, asked_id, next_at, round, write_here) "
        "SELECT id, taken_by_id, CASE WHEN state = 'open' THEN changed_at END, 1, '' "
        "FROM request WHERE kind = 'safety' AND state <> 'closed'"
    )


def downgrade() -> None:
    """Take them away: an open case is read by the whole team again."""
    op.drop_table("safe_word")
    op.drop_table("safety_duty")
    op.drop_table("case_step")
    op.drop_index("ix_safety_case_next_at", table_name="safety_case")
    op.drop_table("safety_case")
