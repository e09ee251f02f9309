"""Appointments: calendars of professionals, slots taken, visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
LIVE = sa.text("state <> 'cancelled'")
OF_PEOPLE = sa.text("person_id IS NOT NULL")


def upgrade() -> None:
    """Add the tables. Listings of the block APT that are there already get rules that let nobody in by surprise:
    half an hour, a day ahead, one at a time, discreet.
    """
    _professionals()
    _hours()
    _appointments()
    op.execute(
        "INSERT INTO appointment_rules (listing_id, discreet, wish, home, minutes, before_minutes, after_minutes, "
        "notice_minutes, horizon_days, most_at_once) "
        "SELECT id, true, false, false, 30, 0, 0, 1440, 28, 1 FROM listing WHERE block = 'APT'"
    )


def _key(table: str, column: str, to: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _professionals() -> None:
    op.create_table(
        "appointment_rules",
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("wish", sa.Boolean(), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("most_at_once", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_appointment_rules_minutes")),
        _key("appointment_rules", "listing_id", "listing", "CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_appointment_rules")),
    )
    op.create_table(
        "professional",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("called", sa.String(length=80), nullable=False),
        sa.Column("profession", sa.String(length=40), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        _key("professional", "organisation_id", "organisation"),
        _key("professional", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional")),
    )
    op.create_index("ix_professional_organisation_id", "professional", ["organisation_id"])
    op.create_index(
        "ix_professional_person_id",
        "professional",
        ["person_id"],
        sqlite_where=OF_PEOPLE,
        postgresql_where=OF_PEOPLE,
    )
    op.create_table(
        "professional_service",
        sa.Column("professional_id", ID, autoincrement=False, nullable=False),
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        _key("professional_service", "professional_id", "professional", "CASCADE"),
        _key("professional_service", "listing_id", "listing", "CASCADE"),
        sa.PrimaryKeyConstraint("professional_id", "listing_id", name=op.f("pk_professional_service")),
    )
    op.create_index("ix_professional_service_listing_id", "professional_service", ["listing_id"])


def _hours() -> None:
    op.create_table(
        "working_hours",
        sa.Column("id", ID, nullable=False),
        sa.Column("professional_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440",
            name=op.f("ck_working_hours_order"),
        ),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_working_hours_weekday")),
        _key("working_hours", "professional_id", "professional", "CASCADE"),
        _key("working_hours", "site_id", "site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_hours")),
    )
    op.create_index("ix_working_hours_professional_id", "working_hours", ["professional_id"])
    op.create_table(
        "day_exception",
        sa.Column("id", ID, nullable=False),
        sa.Column("professional_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('off', 'extra')", name=op.f("ck_day_exception_kind")),
        _key("day_exception", "professional_id", "professional", "CASCADE"),
        _key("day_exception", "site_id", "site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_exception")),
    )
    op.create_index("ix_day_exception_professional_id_day", "day_exception", ["professional_id", "day"])


def _appointments() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("professional_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("booked_by_id", ID, nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("starts_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.CheckConstraint("state IN ('booked', 'attended', 'absent', 'cancelled')", name=op.f("ck_appointment_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_order")),
        _key("appointment", "listing_id", "listing"),
        _key("appointment", "professional_id", "professional"),
        _key("appointment", "site_id", "site"),
        _key("appointment", "person_id", "person"),
        _key("appointment", "booked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("number", name=op.f("uq_appointment_number")),
    )
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"])
    op.create_index("ix_appointment_listing_id", "appointment", ["listing_id"])
    op.create_index("ix_appointment_professional_id_starts_at", "appointment", ["professional_id", "starts_at"])
    op.create_index(
        "uq_appointment_start",
        "appointment",
        ["professional_id", "starts_at"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "busy_time",
        sa.Column("professional_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        _key("busy_time", "professional_id", "professional", "CASCADE"),
        _key("busy_time", "appointment_id", "appointment", "CASCADE"),
        sa.PrimaryKeyConstraint("professional_id", "at", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_appointment_id", "busy_time", ["appointment_id"])
    op.create_table(
        "visit_detail",
        sa.Column("appointment_id", ID, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("wish", sa.String(length=300), nullable=False),
        _key("visit_detail", "appointment_id", "appointment", "CASCADE"),
        _key("visit_detail", "attachment_id", "attachment", "SET NULL"),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_visit_detail")),
    )


def downgrade() -> None:
    """Older versions know no appointments: they and what is planned for them go; the listings stay, see 0006."""
    op.execute(
        "UPDATE outgoing SET reminder_id = NULL WHERE reminder_id IN "
        "(SELECT id FROM reminder WHERE about = 'appointment')"
    )
    op.execute("DELETE FROM reminder WHERE about = 'appointment'")
    op.execute("UPDATE staff_role SET ended_at = given_at WHERE role = 'professional' AND ended_at IS NULL")
    for table in (
        "visit_detail",
        "busy_time",
        "appointment",
        "day_exception",
        "working_hours",
        "professional_service",
        "professional",
        "appointment_rules",
    ):
        op.drop_table(table)
