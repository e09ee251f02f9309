"""Certificates: the register of who completed what, each with a number and a code by which anybody can check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.attending import attendance
from models.attending.attendance import Attendance
from models.base import Base, Id, Instant, Object, When, fresh_token, partial_index, to
from models.house import next_number
from models.lessons import exam
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import units_among
from models.places.booking import Booking
from models.places.locking import lock_people
from models.who.people import Person

REVOKED_BY_ERASURE = "erased"


class Certificate(Base):
    """Somebody completed a listing: what, how many minutes, from when to when. `code` is in the link that checks it.

    `name` is what the person wants to stand on it, "" until they said so; `name_public` whether the page that checks
    it shows the whole name or only its first letters. `revoked_reason` is for staff, the page only says "withdrawn".
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("code"),
        Index("ix_certificate_listing_id", "listing_id"),
        partial_index("uq_certificate_valid", "listing_id", "person_id", unique=True, where="revoked_at IS NULL"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(22))
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int | None] = mapped_column(to("person"))
    title: Mapped[Object]
    minutes: Mapped[int]
    first_at: Mapped[When]
    last_at: Mapped[When]
    name: Mapped[str] = mapped_column(String(320), default="")
    name_public: Mapped[bool] = mapped_column(default=False)
    issued_by_id: Mapped[int | None] = mapped_column(to("person"))
    issued_at: Mapped[When]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_reason: Mapped[str] = mapped_column(String(200), default="")


@dataclass(frozen=True, slots=True)
class Completed:
    """Somebody who completed a listing, and what that came to."""

    person_id: int
    minutes: int
    first_at: datetime
    last_at: datetime


def completed(session: Session, now: datetime, listing: Listing) -> list[Completed]:
    """Who completed a listing by its rule (models/attending/attendance.py); of single meetings, who came to one.

    Where the listing asks for the exam, nobody who has not passed it.
    """
    rows = session.scalars(
        select(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Meeting.listing_id == listing.id,
            Meeting.starts_at <= now,
            Booking.state == "booked",
            Person.erased_at.is_(None),
        )
        .order_by(Booking.person_id, Booking.id)
    ).all()
    meetings = {one.id: one for one in session.scalars(select(Meeting).where(Meeting.listing_id == listing.id))}
    units = {place: units_among(meetings.values(), meetings[place]) for place in {one.session_id for one in rows}}
    known = _known(session, listing.id)
    by_person: dict[int, list[Meeting]] = {}
    for booking in rows:
        theirs, planned = known.get(booking.id, {}), units[booking.session_id]
        if listing.exam_needed and not exam.passed_all(planned, {at for at, row in theirs.items() if row.passed}):
            continue
        present = [meetings[at] for at, row in theirs.items() if row.state == "present"]
        if attendance.is_enough(listing, planned, {one.id for one in present}):
            by_person.setdefault(booking.person_id, []).extend(present)
    return [_sum(person_id, there) for person_id, there in by_person.items()]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a booking at a meeting."""

    state: str
    passed: bool


def _known(session: Session, listing_id: int) -> dict[int, dict[int, _Known]]:
    """What is known of the bookings of a listing: by booking, by meeting."""
    rows = session.execute(
        select(Attendance.booking_id, Attendance.session_id, Attendance.state, Attendance.result)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .where(Meeting.listing_id == listing_id)
        .order_by(Attendance.id)
    )
    found: dict[int, dict[int, _Known]] = {}
    for row in rows:
        found.setdefault(row.booking_id, {})[row.session_id] = _Known(row.state, row.result == "passed")
    return found


def _sum(person_id: int, meetings: list[Meeting]) -> Completed:
    minutes = sum(int((one.ends_at - one.starts_at).total_seconds() // 60) for one in meetings)
    return Completed(person_id, minutes, min(one.starts_at for one in meetings), max(one.ends_at for one in meetings))


def of_person(session: Session, listing_id: int, person_id: int) -> Certificate | None:
    """The valid certificate of somebody for a listing."""
    return session.scalars(
        select(Certificate).where(
            Certificate.listing_id == listing_id,
            Certificate.person_id == person_id,
            Certificate.revoked_at.is_(None),
        )
    ).first()


def issue(session: Session, now: datetime, listing: Listing, by_id: int) -> list[Certificate]:
    """Issue one for everybody who completed a listing and has none. Those that were made."""
    done = {one.person_id: one for one in completed(session, now, listing)}
    lock_people(session, sorted(done))
    made = []
    for one in done.values():
        if of_person(session, listing.id, one.person_id) is not None:
            continue
        row = Certificate(
            number=next_number(session, "certificate"),
            code=fresh_token(),
            listing_id=listing.id,
            person_id=one.person_id,
            title=dict(listing.title),
            minutes=one.minutes,
            first_at=one.first_at,
            last_at=one.last_at,
            issued_by_id=by_id,
            issued_at=now,
        )
        session.add(row)
        made.append(row)
    session.flush()
    return made


def claim(session: Session, certificate_id: int, name: str, *, public: bool) -> bool:
    """Say whose name stands on a certificate: once, whoever asks is authorised by the caller."""
    row = session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    if row is None or row.revoked_at is not None or row.name:
        return False
    row.name, row.name_public = name, public
    session.flush()
    return True


def revoke(session: Session, now: datetime, certificate_id: int, reason: str) -> bool:
    """Withdraw a certificate: the page that checks it says so from now on. False if it was withdrawn before."""
    row = session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at, row.revoked_reason = now, reason
    session.flush()
    return True


def register(session: Session, listing_id: int) -> Sequence[Certificate]:
    """Everything ever issued for a listing, the newest first."""
    return session.scalars(
        select(Certificate).where(Certificate.listing_id == listing_id).order_by(Certificate.number.desc())
    ).all()


def of_people(session: Session, person_ids: Sequence[int]) -> Sequence[Certificate]:
    """The valid certificates of some people, the newest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.person_id.in_(person_ids), Certificate.revoked_at.is_(None))
        .order_by(Certificate.number.desc())
    ).all()


def by_code(session: Session, code: str) -> Certificate | None:
    """The certificate that a link checks, valid or withdrawn."""
    return session.scalars(select(Certificate).where(Certificate.code == code)).first() if len(code) == 22 else None


def initials(name: str) -> str:
    """The first letters of a name: "М. П."."""
    return " ".join(f"{part[0].upper()}." for part in name.split() if part[0].isalpha())


def forget(session: Session, now: datetime, person_id: int) -> None:
    """Of somebody who is erased the register keeps the numbers, without a name; they are not valid any more."""
    for row in session.scalars(select(Certificate).where(Certificate.person_id == person_id)).all():
        row.name, row.name_public, row.person_id = "", False, None
        if row.revoked_at is None:
            row.revoked_at, row.revoked_reason = now, REVOKED_BY_ERASURE
    session.flush()


def of_two(session: Session, now: datetime, kept_id: int, other_id: int) -> None:
    """Two people become one: of two valid certificates for a listing the older stays valid; the register keeps both."""
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.person_id.in_((kept_id, other_id)), Certificate.revoked_at.is_(None))
        .order_by(Certificate.number)
        .with_for_update()
    ).all()
    seen: set[int] = set()
    for row in rows:
        if row.listing_id in seen:
            row.revoked_at, row.revoked_reason = now, "there twice"
        seen.add(row.listing_id)
    session.flush()
