"""What staff see in their lists: listings, sessions, who is in them, broadcasts and notes, from the database."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from bot.facts.helping import costs
from bot.facts.lookup import Lookup
from bot.facts.offers import staff_times as times
from bot.offering.describing import place_of
from bot.offering.places import those_concerned
from conversations.blocks import WITH_DEADLINE
from conversations.facts.staff import Attending, BroadcastRow, ListingRow, NoteRow, SessionRow
from conversations.speech import Moment, Words
from models.attending.attendance import MARK_BEFORE, states_at
from models.attending.head_count import HeadCount
from models.campaigns.broadcast import Broadcast, outcome_counts
from models.messages.message import Note
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.offers.series import SERIES, first_of
from models.offers.series_changes import alive
from models.places.booking import HOLDING, Booking, people_of_session
from models.who.acting import was_helper
from models.who.person import was_guardian


def listing_row(lookup: Lookup, row: Listing) -> ListingRow:
    """A listing as staff see it."""
    session = lookup.session
    to_come = select(Meeting).where(
        Meeting.listing_id == row.id, Meeting.state == "planned", Meeting.starts_at > lookup.now
    )
    following = session.scalars(to_come.order_by(Meeting.starts_at).limit(1)).first()
    each_once = func.count(Booking.person_id.distinct())
    booked = select(each_once).select_from(Booking).join(Meeting, Meeting.id == Booking.session_id)
    applied = select(func.count()).select_from(Application).where(Application.listing_id == row.id)
    people = booked.where(Meeting.listing_id == row.id, Booking.state.in_(HOLDING))
    registered = applied.where(Application.state != "withdrawn")
    town = session.get(Town, row.town_id) if row.town_id is not None else None
    return ListingRow(
        id=row.id,
        code=row.code,
        title=Words.of(row.title),
        summary=Words.of(row.summary),
        block=row.block,
        kind=row.kind,
        state=row.state,
        town=Words.of(town.name) if town else Words(),
        town_id=row.town_id,
        capacity=row.capacity,
        sessions=session.scalar(select(func.count()).select_from(to_come.subquery())) or 0,
        next_at=Moment(following.starts_at, following.zone) if following else None,
        closes_at=Moment(row.closes_at, times.zone_of(lookup, row.town_id)) if row.closes_at else None,
        people=session.scalar(registered if row.block in WITH_DEADLINE else people) or 0,
        series=row.enrols == SERIES,
    )


def session_row(lookup: Lookup, row: Meeting, listing: Listing) -> SessionRow:
    """A session as staff see it."""
    places = first_of(lookup.session, row)
    waiting = select(func.count()).where(Booking.session_id == places.id, Booking.state == "waiting")
    known = list(states_at(lookup.session, row.id).values())
    return SessionRow(
        id=row.id,
        listing_id=listing.id,
        title=Words.of(listing.title),
        at=Moment(row.starts_at, row.zone),
        place=place_of(lookup.session, listing, row),
        capacity=places.capacity,
        taken=places.taken,
        waiting=lookup.session.scalar(waiting) or 0,
        coming=known.count("coming"),
        came=known.count("present"),
        begun=row.starts_at - MARK_BEFORE <= lookup.now,
        over=row.starts_at <= lookup.now or row.state != "planned",
        drop_in=listing.drop_in,
        heads=counted.total if (counted := lookup.session.get(HeadCount, row.id)) else None,
        topic=Words.of(row.topic),
    )


def told(lookup: Lookup, session_id: int) -> int:
    """How many people a change of a meeting concerns: who is in it or waits, and whoever hears of it for them."""
    session = lookup.session
    places = first_of(session, session.get_one(Meeting, session_id))
    everybody = (those_concerned(session, lookup.now, booking) for booking in alive(session, places.id))
    return len({person_id for several in everybody for person_id in several})


def attending(session: Database, session_id: int) -> tuple[Attending, ...]:
    """Everybody with a place in a session, then everybody who waits, in order."""
    known = states_at(session, session_id)
    places = first_of(session, session.get_one(Meeting, session_id))
    return tuple(
        Attending(
            booking.id,
            booking.number,
            person.called,
            booking.state,
            known.get(booking.id, ""),
            _booked_by(session, booking),
        )
        for booking, person in people_of_session(session, places.id)
    )


def _booked_by(session: Database, booking: Booking) -> str:
    """What whoever booked for a person was to them then; "" where they did it themself. No name is in it."""
    by, whose = booking.booked_by_id, booking.person_id
    if by == whose:
        return ""
    if was_guardian(session, by, whose):
        return "guardian"
    return "helper" if was_helper(session, by, whose, booking.created_at) else "other"


def broadcast_row(lookup: Lookup, row: Broadcast) -> BroadcastRow:
    """A broadcast and how it goes."""
    return BroadcastRow(
        id=row.id,
        words=Words.of(row.texts),
        state=row.state,
        due_at=Moment(row.due_at or row.created_at, lookup.rules.zone),
        counted=row.counted,
        counts=tuple(sorted(outcome_counts(lookup.session, row.id).items())),
    )


def unseen_notes(lookup: Lookup) -> tuple[NoteRow, ...]:
    """What nobody has looked at yet, the newest first."""
    session, zone = lookup.session, lookup.rules.zone
    rows = session.scalars(select(Note).where(Note.seen_at.is_(None)).order_by(Note.id.desc()).limit(50))
    return tuple(
        NoteRow(
            str(row.id),
            row.kind,
            row.about,
            Moment(row.created_at, zone, "short"),
            costs.shortage(lookup, row.about) if row.kind == "budget" else None,
        )
        for row in rows
    )
