"""One person with several addresses, several people on one address, helpers with a mandate, waiting together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
STANDS = sa.text("ended_at IS NULL")
TOGETHER = sa.text("together_id IS NOT NULL")


def _to(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")


def upgrade() -> None:
    """Add the tables and columns; everybody who is there is themself, prefers nothing and waits alone."""
    op.add_column("person", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.add_column("address", sa.Column("preferred_at", WHEN, nullable=True))
    op.add_column("booking", sa.Column("together_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_booking_together_id", "booking", ["together_id"], sqlite_where=TOGETHER, postgresql_where=TOGETHER
    )
    op.create_table(
        "sharing",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("confirmed_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.CheckConstraint("host_id <> person_id", name=op.f("ck_sharing_two_people")),
        _to("sharing", "host_id", "person"),
        _to("sharing", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing")),
    )
    op.create_index("ix_sharing_person_id", "sharing", ["person_id"])
    op.create_index(
        "uq_sharing_active",
        "sharing",
        ["host_id", "person_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "mandate",
        sa.Column("id", ID, nullable=False),
        sa.Column("helper_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("children", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.Column("given_at", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.CheckConstraint("helper_id <> person_id", name=op.f("ck_mandate_two_people")),
        _to("mandate", "helper_id", "person"),
        _to("mandate", "person_id", "person"),
        _to("mandate", "organisation_id", "organisation"),
        _to("mandate", "recorded_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"])
    op.create_index(
        "uq_mandate_active",
        "mandate",
        ["helper_id", "person_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    """Take them away. People who were joined stay joined: their data is one person's by now.

    Who waits together waits alone again, in the same place of the line.
    """
    op.drop_table("mandate")
    op.drop_table("sharing")
    op.drop_index("ix_booking_together_id", table_name="booking")
    op.drop_column("booking", "together_id")
    op.drop_column("address", "preferred_at")
    op.drop_column("person", "merged_into_id")
