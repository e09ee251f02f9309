"""Three absences in a row: found once each, so that somebody can ask kindly what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending.attendance import Attendance
from models.base import Base, Id, Instant, When, inserting, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.people import Person

IN_A_ROW = 3
LOOK_BACK = timedelta(days=7)
"""The last of the absences is no older than this: nobody is asked about something long over."""
LONGEST = timedelta(days=2)
"""No session is longer: the index is of beginnings."""
KEEP = timedelta(days=180)
REASONS = ("far", "time", "other")


class AbsenceNotice(Base):
    """Somebody was not there three times in a row: from `first_session_id` to `last_session_id` at least.

    `why` is what they tapped; `settled_at` when staff had talked to them.
    """

    __tablename__ = "absence_notice"
    __table_args__ = (
        UniqueConstraint("person_id", "listing_id", "first_session_id"),
        Index("ix_absence_notice_listing_id", "listing_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(to("listing"))
    first_session_id: Mapped[int] = mapped_column(to("session"))
    last_session_id: Mapped[int] = mapped_column(to("session"))
    at: Mapped[When]
    why: Mapped[str] = mapped_column(String(12), default="")
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


def find(session: Session, now: datetime) -> list[AbsenceNotice]:
    """Note every streak that nobody has noted, and return those. A second time it finds nothing."""
    missed = session.execute(
        select(Booking.person_id, Meeting.listing_id)
        .join(Attendance, Attendance.booking_id == Booking.id)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Attendance.state == "absent",
            Booking.state == "booked",
            Meeting.ends_at <= now,
            Meeting.ends_at > now - LOOK_BACK,
            Meeting.starts_at > now - LOOK_BACK - LONGEST,
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Booking.person_id, Meeting.listing_id)
    ).all()
    noted = (_note(session, now, person_id, listing_id) for person_id, listing_id in missed)
    return [one for one in noted if one is not None]


def _note(session: Session, now: datetime, person_id: int, listing_id: int) -> AbsenceNotice | None:
    """Note the present streak of somebody in a listing, if there is one and it began after the last one noted."""
    streak = _streak(session, now, person_id, listing_id)
    if len(streak) < IN_A_ROW or not any(meeting.ends_at > now - LOOK_BACK for meeting in streak):
        return None
    first, last = streak[-1], streak[0]
    earlier = select(AbsenceNotice.id).where(
        AbsenceNotice.person_id == person_id,
        AbsenceNotice.listing_id == listing_id,
        AbsenceNotice.at >= first.starts_at,
    )
    if session.scalars(earlier.limit(1)).first() is not None:
        return None
    made = inserting(session.get_bind().dialect.name)(AbsenceNotice).values(
        person_id=person_id,
        listing_id=listing_id,
        first_session_id=first.id,
        last_session_id=last.id,
        at=now,
        why="",
    )
    keys = ["person_id", "listing_id", "first_session_id"]
    noted = session.execute(made.on_conflict_do_nothing(index_elements=keys).returning(AbsenceNotice.id)).first()
    return session.get(AbsenceNotice, noted[0]) if noted is not None else None


def _streak(session: Session, now: datetime, person_id: int, listing_id: int) -> list[Meeting]:
    """The absences since somebody was last there, the newest first. Being excused is no absence, and ends no streak."""
    rows = session.execute(
        select(Attendance.state, Meeting)
        .join(Booking, Booking.id == Attendance.booking_id)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .where(
            Booking.person_id == person_id,
            Booking.state == "booked",
            Meeting.listing_id == listing_id,
            Meeting.ends_at <= now,
            Attendance.state.in_(("present", "absent")),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(60)
    ).all()
    found: list[Meeting] = []
    for state, meeting in rows:
        if state != "absent":
            break
        found.append(meeting)
    return found


def open_for(session: Session, now: datetime, organisation_ids: set[int]) -> Sequence[AbsenceNotice]:
    """What staff of these organisations should look at: unsettled notices of the last two months, newest first."""
    return session.scalars(
        select(AbsenceNotice)
        .join(Listing, Listing.id == AbsenceNotice.listing_id)
        .join(Person, Person.id == AbsenceNotice.person_id)
        .where(
            Listing.organisation_id.in_(organisation_ids),
            AbsenceNotice.settled_at.is_(None),
            AbsenceNotice.at > now - timedelta(days=60),
            Person.erased_at.is_(None),
        )
        .order_by(AbsenceNotice.id.desc())
    ).all()
