"""Resources: seats by slot, the print queue; spreadsheets that are taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
SLOT = sa.text("slot")


def upgrade() -> None:
    """Add them; the meetings that are there are no slots."""
    op.add_column("session", sa.Column("slot", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "uq_session_slot",
        "session",
        ["listing_id", "starts_at"],
        unique=True,
        sqlite_where=SLOT,
        postgresql_where=SLOT,
    )
    _resources()
    _prints()
    op.create_table(
        "sheet_import",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("added_at", WHEN, nullable=True),
        _to("sheet_import", "person_id", "person"),
        _to("sheet_import", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
    )


def _resources() -> None:
    op.create_table(
        "resource",
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("week_slots", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("week_pages", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=True),
        sa.CheckConstraint("slot_minutes > 0", name=op.f("ck_resource_slot_minutes")),
        _to("resource", "listing_id", "listing", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_resource")),
    )


def _prints() -> None:
    op.create_table(
        "print_job",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("sent_by_id", ID, nullable=False),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.Column("warned_at", WHEN, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'printed', 'collected', 'refused', 'cancelled', 'lapsed')",
            name=op.f("ck_print_job_state"),
        ),
        _to("print_job", "listing_id", "listing"),
        _to("print_job", "person_id", "person"),
        _to("print_job", "sent_by_id", "person"),
        _to("print_job", "attachment_id", "attachment", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("number", name=op.f("uq_print_job_number")),
    )
    op.create_index("ix_print_job_person_id", "print_job", ["person_id"])
    op.create_index("ix_print_job_listing_id_state", "print_job", ["listing_id", "state"])
    op.create_index("ix_print_job_waiting", "print_job", ["until"], sqlite_where=WAITING, postgresql_where=WAITING)


def _to(table: str, column: str, other: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def downgrade() -> None:
    """Take them away again, with the papers that wait: older versions would keep them for good. What is booked stays."""
    op.execute("DELETE FROM attachment WHERE id IN (SELECT attachment_id FROM print_job WHERE state = 'waiting')")
    op.drop_table("sheet_import")
    op.drop_table("print_job")
    op.drop_table("resource")
    op.drop_index("uq_session_slot", "session")
    op.drop_column("session", "slot")
