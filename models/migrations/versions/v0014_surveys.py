"""Surveys, clubs with members, votes, and boxes for questions and stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables; nothing that is there changes."""
    _surveys()
    _clubs()
    _votes()
    _boxes()


def _surveys() -> None:
    op.create_table(
        "survey_turn",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("asked_at", WHEN, nullable=True),
        sa.Column("refused_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_turn_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_survey_turn")),
    )
    op.create_table(
        "survey",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("root_id", ID, nullable=True),
        sa.Column("broadcast_id", ID, nullable=False),
        sa.Column("results_id", ID, nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closes_at", WHEN, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_survey_author_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_survey_broadcast_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_survey_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["results_id"], ["broadcast.id"], name=op.f("fk_survey_results_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["root_id"], ["survey.id"], name=op.f("fk_survey_root_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("broadcast_id", name=op.f("uq_survey_broadcast_id")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_code")),
    )
    op.create_index("ix_survey_organisation_id", "survey", ["organisation_id"])
    op.create_index("ix_survey_root_id", "survey", ["root_id"])
    op.create_index("ix_survey_state_closes_at", "survey", ["state", "closes_at"])
    op.create_table(
        "survey_answer",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("question", sa.String(length=8), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_survey_id", "survey_answer", ["survey_id", "question"])
    op.create_table(
        "survey_person",
        sa.Column("survey_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_person_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_person_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_person")),
    )
    op.create_index("ix_survey_person_person_id", "survey_person", ["person_id"])


def _clubs() -> None:
    op.create_table(
        "club",
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_club_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_club")),
    )
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("joined_at", WHEN, nullable=False),
        sa.Column("left_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_membership_listing_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_index(
        "uq_membership_now",
        "membership",
        ["listing_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_proposal_listing_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_listing_id_state", "proposal", ["listing_id", "state"])
    op.create_index("ix_proposal_person_id", "proposal", ["person_id"])


def _votes() -> None:
    op.create_table(
        "poll",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=True),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(length=8), nullable=False),
        sa.Column("shows", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closes_at", WHEN, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_poll_author_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_poll_listing_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_poll_organisation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("code", name=op.f("uq_poll_code")),
    )
    op.create_index("ix_poll_listing_id", "poll", ["listing_id"])
    op.create_index("ix_poll_organisation_id", "poll", ["organisation_id"])
    op.create_index("ix_poll_state_closes_at", "poll", ["state", "closes_at"])
    op.create_table(
        "poll_option",
        sa.Column("id", ID, nullable=False),
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("at", WHEN, nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
    )
    op.create_index("ix_poll_option_poll_id", "poll_option", ["poll_id"])
    op.create_table(
        "ballot",
        sa.Column("poll_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("option_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["poll_option.id"], name=op.f("fk_ballot_option_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_ballot")),
    )
    op.create_index("ix_ballot_option_id", "ballot", ["option_id"])
    op.create_index("ix_ballot_person_id", "ballot", ["person_id"])


def _boxes() -> None:
    op.create_table(
        "box",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=True),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("town_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("intro", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_box_author_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_box_listing_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_box_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"], name=op.f("fk_box_town_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("code", name=op.f("uq_box_code")),
    )
    op.create_index("ix_box_organisation_id", "box", ["organisation_id"])
    op.create_table(
        "box_entry",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("box_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_box_entry_box_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_box_entry_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_box_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_box_entry_box_id_state", "box_entry", ["box_id", "state"])
    op.create_index("ix_box_entry_person_id", "box_entry", ["person_id"])


def downgrade() -> None:
    """Take them away again, with what was asked and answered. What was still to carry a survey to people is stopped."""
    op.execute(
        "UPDATE broadcast SET state = 'stopped', ended_at = due_at"
        " WHERE state IN ('scheduled', 'sending') AND id IN (SELECT broadcast_id FROM survey)"
    )
    op.execute(
        "UPDATE outgoing SET state = 'cancelled', reason = 'stopped' WHERE state = 'waiting'"
        " AND broadcast_id IN (SELECT broadcast_id FROM survey)"
    )
    for table in (
        "box_entry",
        "box",
        "ballot",
        "poll_option",
        "poll",
        "proposal",
        "membership",
        "club",
        "survey_person",
        "survey_answer",
        "survey",
        "survey_turn",
    ):
        op.drop_table(table)
