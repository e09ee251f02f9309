"""Conditions of an offer: quotas, windows, minimum numbers, eligibility, drop-ins, institutions, school breaks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def _to(table: str, column: str, other: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def upgrade() -> None:
    """Add the tables and columns; what is there is for everybody, at once, without conditions."""
    for column in (
        sa.Column("opens_at", WHEN, nullable=True),
        sa.Column("least", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("least_state", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("checked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("audience", sa.String(length=16), nullable=False, server_default="all"),
        sa.Column("after_id", sa.BigInteger(), nullable=True),
        sa.Column("drop_in", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("listing", column)
    op.add_column("booking", sa.Column("quota_id", sa.Integer(), nullable=True))
    _institutions()
    _quotas()
    _eligibility()
    _counts()
    _breaks()


def _institutions() -> None:
    op.create_table(
        "institution",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("town_id", ID, nullable=False),
        _to("institution", "town_id", "town"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("code", name=op.f("uq_institution_code")),
    )
    op.create_index("ix_institution_town_id", "institution", ["town_id"])
    op.create_table(
        "works_at",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("institution_id", ID, nullable=False),
        sa.Column("since", WHEN, nullable=False),
        _to("works_at", "person_id", "person", "CASCADE"),
        _to("works_at", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_works_at")),
    )
    op.create_index("ix_works_at_institution_id", "works_at", ["institution_id"])


def _quotas() -> None:
    op.create_table(
        "quota",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("town_id", ID, nullable=True),
        sa.Column("institution_id", ID, nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("release_at", WHEN, nullable=True),
        sa.CheckConstraint("(town_id IS NULL) <> (institution_id IS NULL)", name=op.f("ck_quota_one_kind")),
        sa.CheckConstraint("places >= 0", name=op.f("ck_quota_places")),
        _to("quota", "listing_id", "listing", "CASCADE"),
        _to("quota", "town_id", "town"),
        _to("quota", "institution_id", "institution"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
    )
    _partial("uq_quota_town", "quota", ["listing_id", "town_id"], "town_id IS NOT NULL", unique=True)
    _partial(
        "uq_quota_institution", "quota", ["listing_id", "institution_id"], "institution_id IS NOT NULL", unique=True
    )
    _partial("ix_quota_release_at", "quota", ["release_at"], "release_at IS NOT NULL", unique=False)


def _eligibility() -> None:
    op.create_table(
        "eligibility",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=True),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        _to("eligibility", "organisation_id", "organisation"),
        _to("eligibility", "person_id", "person"),
        _to("eligibility", "listing_id", "listing"),
        _to("eligibility", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility")),
    )
    op.create_index("ix_eligibility_person_id", "eligibility", ["person_id"])
    op.create_index("ix_eligibility_organisation_id", "eligibility", ["organisation_id"])
    named, all_of_them = "listing_id IS NOT NULL", "listing_id IS NULL"
    _partial("uq_eligibility_listing", "eligibility", ["person_id", "listing_id"], named, unique=True)
    _partial("uq_eligibility_organisation", "eligibility", ["person_id", "organisation_id"], all_of_them, unique=True)


def _counts() -> None:
    op.create_table(
        "head_count",
        sa.Column("session_id", ID, autoincrement=False, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("girls", sa.Integer(), nullable=False),
        sa.Column("boys", sa.Integer(), nullable=False),
        sa.Column("unsaid", sa.Integer(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("entered_by_id", ID, nullable=False),
        sa.Column("entered_at", WHEN, nullable=False),
        sa.CheckConstraint(
            "total >= 0 AND girls >= 0 AND boys >= 0 AND unsaid >= 0", name=op.f("ck_head_count_counted")
        ),
        sa.CheckConstraint("girls + boys + unsaid <= total", name=op.f("ck_head_count_parts")),
        _to("head_count", "session_id", "session", "CASCADE"),
        _to("head_count", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_head_count")),
    )


def _breaks() -> None:
    op.create_table(
        "school_break",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_school_break_order")),
        _to("school_break", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_break")),
    )
    op.create_index("ix_school_break_organisation_id", "school_break", ["organisation_id"])


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take them away again. What an older version could not keep to (nothing to book, only some people) is closed;
    who is booked or waits stays so.
    """
    listing = sa.table(
        "listing",
        *(sa.column(name) for name in ("state", "audience", "after_id")),
        sa.column("checked", sa.Boolean()),
        sa.column("drop_in", sa.Boolean()),
        sa.column("opens_at", WHEN),
    )
    bound = sa.or_(
        listing.c.drop_in,
        listing.c.checked,
        listing.c.audience != "all",
        listing.c.after_id.is_not(None),
        listing.c.opens_at > sa.func.current_timestamp(),
    )
    op.execute(sa.update(listing).where(listing.c.state == "open", bound).values(state="closed"))
    for table in ("school_break", "head_count", "eligibility", "quota", "works_at", "institution"):
        op.drop_table(table)
    op.drop_column("booking", "quota_id")
    for name in ("drop_in", "after_id", "audience", "checked", "least_state", "least", "opens_at"):
        op.drop_column("listing", name)
