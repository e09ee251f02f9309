"""What staff do to listings and their sessions. Their rights are checked by whoever calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.asking.club import member_count
from models.attending.attendance import forget_said
from models.base import fresh_token
from models.messages.reminder import drop
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.offers.series import SERIES, begins, is_series, units_of
from models.offers.series_changes import call_off_unit, places_of_listing
from models.places.booking import ACTIVE, Booking
from models.places.locking import lock_places, lock_session
from models.places.quota import copy_conditions

UNDO_WITHIN = timedelta(minutes=15)
WORDS = ("title", "summary", "bring", "criteria")
"""Columns of a listing that hold words by language."""
COPIED = (
    "child_care", "transport", "trip", "meeting_point", "tools", "tools_needed", "buddies", "cost", "travel_paid",
    "travel", "exam_needed",
)  # fmt: skip
"""What a listing asks and says, and says once more on new dates."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A listing as staff put it together. `starts` are instants (UTC); without any it is a call.

    `zone` is the time zone of its town. Words are by language.
    """

    organisation_id: int
    author_id: int
    block: str
    kind: str
    title: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, str] = field(default_factory=dict)
    bring: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)
    subject_id: int | None = None
    site_id: int | None = None
    town_id: int | None = None
    zone: str = "Europe/Belgrade"
    bands: Sequence[str] = ()
    capacity: int = 0
    remind_minutes: Sequence[int] = ()
    closes_at: datetime | None = None
    starts: Sequence[datetime] = ()
    minutes: int = 60
    enrols: str = "each"


def publish(session: Session, now: datetime, draft: Draft) -> Listing:
    """Add an open listing with its sessions."""
    listing = Listing(
        code=fresh_token(),
        organisation_id=draft.organisation_id,
        block=draft.block,
        kind=draft.kind,
        title=dict(draft.title),
        summary=dict(draft.summary),
        bring=dict(draft.bring),
        criteria=dict(draft.criteria),
        subject_id=draft.subject_id,
        site_id=draft.site_id,
        town_id=draft.town_id,
        bands=list(draft.bands),
        capacity=draft.capacity,
        remind_minutes=list(draft.remind_minutes),
        services=[],
        state="open",
        closes_at=draft.closes_at,
        created_by_id=draft.author_id,
        created_at=now,
        enrols=draft.enrols if len(draft.starts) > 1 else "each",
    )
    session.add(listing)
    session.flush()
    listing.code = f"n{listing.id}"  # short enough to be read out; listings are no secret
    add_sessions(session, listing, draft.starts, draft.minutes, draft.zone)
    return listing


def add_sessions(session: Session, listing: Listing, starts: Sequence[datetime], minutes: int, zone: str) -> None:
    """Add sessions to a listing: each as long, at its site, with its places; of a series those of the first one."""
    first: Meeting | None = None
    for at in starts:
        meeting = Meeting(
            listing_id=listing.id,
            site_id=listing.site_id,
            starts_at=at,
            ends_at=at + timedelta(minutes=minutes),
            zone=zone,
            capacity=listing.capacity,
            first_id=first.id if first is not None else None,
        )
        session.add(meeting)
        if first is None and listing.enrols == SERIES:
            session.flush()
            first = meeting
    session.flush()


def add_site(session: Session, town_id: int, name: str, language: str) -> Site:
    """A place that was not known yet, at a name that staff typed; its address is its town."""
    town = session.get_one(Town, town_id)
    known = session.scalars(select(Site).where(Site.town_id == town_id)).all()
    for site in known:
        if any(str(words).casefold() == name.casefold() for words in site.name.values()):
            return site
    site = Site(code=fresh_token(), town_id=town_id, name={language: name}, address=dict(town.name))
    session.add(site)
    session.flush()
    return site


def locked(session: Session, listing_id: int) -> Listing | None:
    """A listing, locked and read afresh."""
    return session.get(Listing, listing_id, with_for_update=True, populate_existing=True)


def sessions_of(session: Session, listing_id: int, *, after: datetime | None = None) -> list[Meeting]:
    """The planned sessions of a listing, in order; with `after` (UTC) only those that begin later."""
    wanted = select(Meeting).where(Meeting.listing_id == listing_id, Meeting.state == "planned")
    if after is not None:
        wanted = wanted.where(Meeting.starts_at > after)
    return list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))


def anybody_in(session: Session, listing_id: int) -> bool:
    """True if somebody is booked, waits or has applied."""
    booked = (
        select(Booking.id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id == listing_id, Booking.state.in_(ACTIVE))
    )
    applied = select(Application.id).where(Application.listing_id == listing_id, Application.state != "withdrawn")
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in (booked, applied))


def withdraw(session: Session, now: datetime, listing_id: int, *, whenever: bool = False) -> str:
    """Take back what was just published: "withdrawn", "late" after 15 minutes, "booked" once somebody is in it.

    With `whenever` it is never too late, also for a draft: whoever takes a whole table back has minutes of their own.
    """
    listing = locked(session, listing_id)
    if listing is None or listing.state not in (("open", "draft") if whenever else ("open",)):
        return "late"
    if now - listing.created_at > UNDO_WITHIN and not whenever:
        return "late"
    meetings = sessions_of(session, listing_id)
    for meeting in meetings:  # under their locks nobody can book in between
        lock_session(session, meeting.id)
    if anybody_in(session, listing_id) or member_count(session, listing_id):
        return "booked"
    listing.state = "cancelled"
    for meeting in meetings:
        meeting.state = "cancelled"
    session.flush()
    return "withdrawn"


def set_words(session: Session, listing_id: int, name: str, language: str, words: str) -> bool:
    """Write a title, summary and so on in one language; the other languages stay. Empty words take it away."""
    listing = locked(session, listing_id)
    if listing is None or name not in WORDS:
        return False
    present: dict[str, Any] = dict(getattr(listing, name))
    if words:
        present[language] = words
    else:
        present.pop(language, None)
    setattr(listing, name, present)
    session.flush()
    return True


def set_capacity(session: Session, now: datetime, listing_id: int, places: int) -> tuple[int, list[int]]:
    """Set the places of a listing and its sessions to come: (the most already taken, sessions that got more).

    Nothing changes where more places than that are taken somewhere: nobody loses a place by it.
    """
    listing = locked(session, listing_id)
    if listing is None:
        return 0, []
    places_at = places_of_listing(session, now, listing_id)
    meetings = [found for one in places_at if (found := lock_session(session, one))]
    most = max((meeting.taken for meeting in meetings), default=0)
    if most > places:
        return most, []
    grown = [meeting.id for meeting in meetings if meeting.capacity < places]
    listing.capacity = places
    for meeting in meetings:
        if meeting.capacity != places:
            meeting.capacity = places
    session.execute(update(Meeting).where(Meeting.first_id.in_(places_at)).values(capacity=places))
    session.flush()
    return most, grown


def move_session(session: Session, now: datetime, session_id: int, starts_at: datetime) -> datetime | None:
    """Move a session that has not begun; it stays as long. When it was (UTC), or None where it cannot be moved.

    Its `sequence` grows, so that calendars and reminders follow; whoever calls plans the reminders anew.
    """
    meeting = _locked_meeting(session, session_id)
    if meeting is None or meeting.state != "planned" or begins(session, meeting) <= now or starts_at <= now:
        return None
    before, length = meeting.starts_at, meeting.ends_at - meeting.starts_at
    if starts_at == before:
        return None
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + length
    meeting.sequence += 1
    forget_said(session, session_id)
    session.flush()
    return before


def _locked_meeting(session: Session, session_id: int) -> Meeting | None:
    """A meeting, read afresh under the lock of the session at which its places live."""
    places = lock_places(session, session_id)
    if places is None or places.id == session_id:
        return places
    return session.get(Meeting, session_id, populate_existing=True)


def cancel_session(session: Session, now: datetime, session_id: int) -> list[Booking] | None:
    """Cancel a session that has not begun: its bookings end with it. Those bookings, or None where it cannot be.

    Of a series this is one unit, unless it is the only one: the bookings stay for the others.
    """
    meeting = _locked_meeting(session, session_id)
    if meeting is None or meeting.state != "planned" or begins(session, meeting) <= now:
        return None
    if is_series(session, meeting) and len(units_of(session, meeting)) > 1:
        return call_off_unit(session, meeting)
    meeting.state = "cancelled"
    meeting.sequence += 1
    ended = list(
        session.scalars(select(Booking).where(Booking.session_id == session_id, Booking.state.in_(ACTIVE))).all()
    )
    for booking in ended:
        booking.state, booking.reason = "cancelled", "session cancelled"
        booking.offer_until, booking.changed_at = None, now
        drop(session, "booking", booking.id, "session cancelled")
    meeting.taken = 0
    session.flush()
    return ended


def close(session: Session, listing_id: int) -> bool:
    """Close a listing to new people; what is booked stays. False if it was not open."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "open":
        return False
    listing.state = "closed"
    session.flush()
    return True


def reopen(session: Session, now: datetime, listing_id: int, closes_at: datetime | None = None) -> str:
    """Open a closed listing again: "open", "deadline" where a new one is needed, or "gone" where it cannot be."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "closed":
        return "gone"
    if closes_at is not None:
        listing.closes_at = closes_at
    if listing.closes_at is not None and listing.closes_at <= now:
        return "deadline"
    listing.state = "open"
    session.flush()
    return "open"


def duplicate(
    session: Session,
    now: datetime,
    listing_id: int,
    author_id: int,
    starts: Sequence[datetime],
    closes_at: datetime | None,
) -> Listing | None:
    """The same listing once more, with new dates (UTC): as long as the last session of the old one, its own code."""
    listing = session.get(Listing, listing_id)
    if listing is None:
        return None
    last = session.scalars(
        select(Meeting).where(Meeting.listing_id == listing_id).order_by(Meeting.starts_at.desc()).limit(1)
    ).first()
    town = session.get(Town, listing.town_id) if listing.town_id is not None else None
    zone = last.zone if last else (town.zone if town else "Europe/Belgrade")
    draft = Draft(
        organisation_id=listing.organisation_id,
        author_id=author_id,
        block=listing.block,
        kind=listing.kind,
        title=listing.title,
        summary=listing.summary,
        bring=listing.bring,
        criteria=listing.criteria,
        subject_id=listing.subject_id,
        site_id=listing.site_id,
        town_id=listing.town_id,
        zone=zone,
        bands=listing.bands,
        capacity=listing.capacity,
        remind_minutes=listing.remind_minutes,
        closes_at=closes_at,
        starts=starts,
        enrols=listing.enrols,
        minutes=int((last.ends_at - last.starts_at).total_seconds() // 60) if last else 60,
    )
    made = publish(session, now, draft)
    made.project_id, made.services = listing.project_id, list(listing.services)
    copy_conditions(session, listing, made)
    made.join_late, made.rule_percent, made.shows = listing.join_late, listing.rule_percent, dict(listing.shows)
    for column in COPIED:
        setattr(made, column, getattr(listing, column))
    topics = [meeting.topic for meeting in sessions_of(session, listing_id)]
    for meeting, topic in zip(sessions_of(session, made.id), topics, strict=False):
        meeting.topic = dict(topic)
    session.flush()
    return made
