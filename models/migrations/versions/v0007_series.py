"""Series with units, attendance of each unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
UNITS = sa.text("first_id IS NOT NULL")
OLD = "state IN ('booked', 'waiting', 'offered', 'cancelled', 'lapsed', 'attended', 'absent')"
NEW = "state IN ('booked', 'waiting', 'offered', 'cancelled', 'lapsed')"
OLD_ONCE = ["about", "about_id", "recipient_id", "before_minutes", "sequence"]
OLD_NAME = "uq_reminder_about_about_id_recipient_id_before_minutes_sequence"
BEST_FIRST = ("attended", "absent", "booked", "offered", "waiting")


def upgrade() -> None:
    """Each meeting stays one that is booked on its own; who came, and who said that they come, is kept apart."""
    with op.batch_alter_table("listing") as batch:
        batch.add_column(sa.Column("enrols", sa.String(length=8), nullable=False, server_default="each"))
        batch.add_column(sa.Column("join_late", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("rule_percent", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("shows", sa.JSON(), nullable=False, server_default="{}"))
        batch.create_check_constraint(op.f("ck_listing_enrols"), "enrols IN ('each', 'series')")
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("first_id", ID, nullable=True))
        batch.add_column(sa.Column("topic", sa.JSON(), nullable=False, server_default="{}"))
        batch.create_foreign_key(op.f("fk_session_first_id"), "session", ["first_id"], ["id"], ondelete="RESTRICT")
    op.create_index("ix_session_first_id", "session", ["first_id"], sqlite_where=UNITS, postgresql_where=UNITS)
    _attendance()
    _one_active_each()
    _move_marks()
    with op.batch_alter_table("booking") as batch:
        batch.drop_constraint(op.f("ck_booking_state"), type_="check")
        batch.create_check_constraint(op.f("ck_booking_state"), NEW)
        batch.drop_column("comes")
        batch.add_column(sa.Column("shown_at", WHEN, nullable=True))
        batch.add_column(sa.Column("shown_to_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_booking_shown_to_id"), "person", ["shown_to_id"], ["id"], ondelete="RESTRICT")
    with op.batch_alter_table("reminder") as batch:
        batch.add_column(sa.Column("session_id", sa.BigInteger(), nullable=False, server_default="0"))
        batch.drop_constraint(op.f(OLD_NAME), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_reminder_once"),
            ["about", "about_id", "session_id", "recipient_id", "before_minutes", "sequence"],
        )
    op.execute(
        "UPDATE reminder SET session_id = (SELECT booking.session_id FROM booking WHERE booking.id = reminder.about_id)"
        " WHERE about = 'booking' AND EXISTS (SELECT 1 FROM booking WHERE booking.id = reminder.about_id)"
    )


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", ID, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("marked_by_id", ID, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.CheckConstraint("state IN ('coming', 'excused', 'present', 'absent')", name=op.f("ck_attendance_state")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_attendance_booking_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_attendance_session_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["person.id"], name=op.f("fk_attendance_marked_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("booking_id", "session_id", name=op.f("uq_attendance_booking_id_session_id")),
    )
    op.create_index("ix_attendance_session_id", "attendance", ["session_id"])


def _one_active_each() -> None:
    """Who was marked and had booked the same meeting once more keeps the marked one: now both would be alive."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT id, session_id, person_id, state FROM booking WHERE state NOT IN ('cancelled', 'lapsed') AND EXISTS"
            " (SELECT 1 FROM booking AS other WHERE other.session_id = booking.session_id AND other.person_id ="
            " booking.person_id AND other.id <> booking.id AND other.state NOT IN ('cancelled', 'lapsed'))"
        )
    ).all()
    best: dict[tuple[int, int], int] = {}
    for row in sorted(rows, key=lambda row: (BEST_FIRST.index(row.state), row.id)):
        if best.setdefault((row.session_id, row.person_id), row.id) == row.id:
            continue
        connection.execute(
            sa.text("UPDATE booking SET state = 'cancelled', reason = 'merged' WHERE id = :id"), {"id": row.id}
        )
        if row.state != "waiting":
            connection.execute(
                sa.text("UPDATE session SET taken = taken - 1 WHERE id = :id AND taken > 0"), {"id": row.session_id}
            )


def _move_marks() -> None:
    op.execute(
        "INSERT INTO attendance (booking_id, session_id, state, marked_by_id, at)"
        " SELECT id, session_id, CASE state WHEN 'attended' THEN 'present' WHEN 'absent' THEN 'absent'"
        " ELSE 'coming' END, NULL, changed_at FROM booking"
        " WHERE state IN ('attended', 'absent') OR (state = 'booked' AND comes)"
    )
    op.execute("UPDATE booking SET state = 'booked' WHERE state IN ('attended', 'absent')")


def downgrade() -> None:
    """Every meeting is booked on its own again: a place in a series becomes one in each of its units.

    An excused absence becomes an absence: older versions know no other.
    """
    _a_place_in_each_unit()
    with op.batch_alter_table("booking") as batch:
        batch.drop_constraint(op.f("ck_booking_state"), type_="check")
        batch.create_check_constraint(op.f("ck_booking_state"), OLD)
        batch.add_column(sa.Column("comes", sa.Boolean(), nullable=True))
        batch.drop_constraint(op.f("fk_booking_shown_to_id"), type_="foreignkey")
        batch.drop_column("shown_to_id")
        batch.drop_column("shown_at")
    for states, change in (
        ("('present')", "state = 'attended'"),
        ("('absent', 'excused')", "state = 'absent'"),
        ("('coming')", "comes = true"),
    ):
        op.execute(
            f"UPDATE booking SET {change} WHERE state = 'booked' AND id IN (SELECT booking_id FROM attendance"  # noqa: S608  # constants
            f" WHERE attendance.session_id = booking.session_id AND attendance.state IN {states})"
        )
    op.drop_table("attendance")
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(op.f("uq_reminder_once"), type_="unique")
        batch.drop_column("session_id")
        batch.create_unique_constraint(op.f(OLD_NAME), OLD_ONCE)
    op.drop_index("ix_session_first_id", table_name="session")
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("fk_session_first_id"), type_="foreignkey")
        batch.drop_column("topic")
        batch.drop_column("first_id")
    with op.batch_alter_table("listing") as batch:
        batch.drop_constraint(op.f("ck_listing_enrols"), type_="check")
        for column in ("shows", "rule_percent", "join_late", "enrols"):
            batch.drop_column(column)


def _a_place_in_each_unit() -> None:
    """Bookings, what is known of them and their reminders, for each later unit of what is booked of its first one."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT booking.id, session.id AS unit, booking.state FROM booking JOIN session ON session.first_id ="
            " booking.session_id WHERE booking.state IN ('booked', 'offered', 'waiting') AND session.state = 'planned'"
            " ORDER BY booking.id, session.starts_at"
        )
    ).all()
    number = connection.execute(sa.text("SELECT max(number) FROM booking")).scalar() or 0
    for row in rows:
        number += 1
        values = {"of": row.id, "unit": row.unit, "number": number}
        made = connection.execute(
            sa.text(
                "INSERT INTO booking (number, session_id, person_id, booked_by_id, state, line, together_id,"
                " offer_until, reason, created_at, changed_at) SELECT :number, :unit, person_id, booked_by_id, state,"
                " line, NULL, offer_until, reason, created_at, changed_at FROM booking WHERE id = :of RETURNING id"
            ),
            values,
        ).scalar_one()
        moved = {**values, "made": made}
        connection.execute(
            sa.text("UPDATE attendance SET booking_id = :made WHERE booking_id = :of AND session_id = :unit"), moved
        )
        connection.execute(
            sa.text(
                "UPDATE reminder SET about_id = :made WHERE about = 'booking' AND about_id = :of AND session_id = :unit"
            ),
            moved,
        )
        if row.state != "waiting":
            connection.execute(sa.text("UPDATE session SET taken = taken + 1 WHERE id = :unit"), moved)
    if rows:
        connection.execute(
            sa.text("UPDATE counter SET value = :number WHERE name = 'booking' AND value < :number"), {"number": number}
        )
    # what is left of units: reminders that were sent, or of meetings that were cancelled
    connection.execute(
        sa.text(
            "DELETE FROM reminder WHERE about = 'booking' AND session_id NOT IN"
            " (SELECT booking.session_id FROM booking WHERE booking.id = reminder.about_id)"
        )
    )
