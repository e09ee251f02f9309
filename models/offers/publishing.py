"""How a listing comes to be: put together, published, taken back at once, made once more on new dates.

The rights of staff are checked by whoever calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.asking.club import member_count
from models.base import fresh_token
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.listing_changes import anybody_in, locked, sessions_of
from models.offers.programme import Site, Town
from models.offers.series import SERIES
from models.places.locking import lock_session
from models.places.quota import copy_conditions

UNDO_WITHIN = timedelta(minutes=15)
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
    drop_in: bool = False
    trip: bool = False
    meeting_point: Mapping[str, str] = field(default_factory=dict)


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
        drop_in=draft.drop_in,
        trip=draft.trip and draft.enrols != SERIES,
        meeting_point=dict(draft.meeting_point),
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


def withdraw(session: Session, now: datetime, listing_id: int) -> str:
    """Take back what was just published: "withdrawn", "late" after 15 minutes, "booked" once somebody is in it."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "open" or now - listing.created_at > UNDO_WITHIN:
        return "late"
    return "withdrawn" if _taken_back(session, listing) else "booked"


def take_back(session: Session, listing_id: int) -> bool:
    """The same at any time and also of a draft: whoever takes a whole table back has minutes of their own."""
    listing = locked(session, listing_id)
    return listing is not None and listing.state in ("open", "draft") and _taken_back(session, listing)


def _taken_back(session: Session, listing: Listing) -> bool:
    """End a listing that is locked; False once somebody is in it."""
    meetings = sessions_of(session, listing.id)
    for meeting in meetings:  # under their locks nobody can book in between
        lock_session(session, meeting.id)
    if anybody_in(session, listing.id) or member_count(session, listing.id):
        return False
    listing.state = "cancelled"
    for meeting in meetings:
        meeting.state = "cancelled"
    session.flush()
    return True


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
