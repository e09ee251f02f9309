"""Calls for a child, notices about registrations, consent on paper, growing up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the tables and columns; what is there keeps its meaning: registered by the person, given in the chat."""
    _paper_forms()
    _notices()
    op.add_column("person", sa.Column("ask_band_at", WHEN, nullable=True))
    op.add_column("guardianship", sa.Column("grown_at", WHEN, nullable=True))
    _add_reference("application", "registered_by_id", "person")
    _add_reference("consent", "form_id", "paper_form")


def _paper_forms() -> None:
    op.create_table(
        "paper_form",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("child_id", ID, nullable=False),
        sa.Column("guardian_id", ID, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_form_organisation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_paper_form_child_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["person.id"], name=op.f("fk_paper_form_guardian_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_paper_form_recorded_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
    )
    op.create_index("ix_paper_form_child_id", "paper_form", ["child_id"])
    op.create_index(
        "uq_paper_form_number",
        "paper_form",
        ["organisation_id", "number"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def _notices() -> None:
    op.create_table(
        "staff_choice",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("registrations", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_staff_choice_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_staff_choice")),
    )
    op.create_table(
        "registration_notice",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        sa.Column("outgoing_id", ID, nullable=True),
        sa.Column("since", WHEN, nullable=False),
        sa.Column("at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_notice_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_registration_notice_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"], ["outgoing.id"], name=op.f("fk_registration_notice_outgoing_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("person_id", "listing_id", name=op.f("pk_registration_notice")),
    )


def _add_reference(table: str, column: str, to: str) -> None:
    """A nullable reference. On SQLite the table is rebuilt with it; nothing refers to these two."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, ID, nullable=True))
        batch.create_foreign_key(op.f(f"fk_{table}_{column}"), to, [column], ["id"], ondelete="RESTRICT")


def downgrade() -> None:
    """Take them away again. What stands on paper or was registered for a child stays, without saying so; guardians of
    who decides alone stay without a say.
    """
    op.execute("UPDATE guardianship SET ended_at = grown_at WHERE grown_at IS NOT NULL AND ended_at IS NULL")
    for table, column in (("consent", "form_id"), ("application", "registered_by_id")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_column("guardianship", "grown_at")
    op.drop_column("person", "ask_band_at")
    op.drop_table("registration_notice")
    op.drop_table("staff_choice")
    op.drop_table("paper_form")
