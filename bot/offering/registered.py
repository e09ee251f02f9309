"""Telling the team that somebody booked or registered: a notice for each listing, many as one, never a name."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.language.tongue import spoken, tongue
from bot.offering.describing import site_and_town
from bot.sending import envelope
from conversations.blocks import WITH_DEADLINE
from conversations.speech import Moment, Say, Words
from conversations.staff import notices as words
from models.messages.message import Outgoing
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who import staff
from models.who.people import Person

APART = timedelta(hours=1)
"""Notices about one listing come at least so far apart: what comes in between is told as one."""
LEFT = ("cancelled", "lapsed")
"""States of bookings that are not counted any more."""


def tell_registered(doing: Doing, listing_id: int) -> None:
    """Tell the staff of a listing that somebody has just booked or registered, but for who did it themself.

    At once, or added to the notice that waits already (in the night, say), or (soon after one) an hour later.
    """
    listing = doing.session.get_one(Listing, listing_id)
    for staff_id in staff.team_of(doing.session, listing.organisation_id):
        if staff_id != doing.person_id:
            _tell_one(doing, listing, staff_id)


def _tell_one(doing: Doing, listing: Listing, staff_id: int) -> None:
    session = doing.session
    notice = staff.notice_of(session, doing.now, staff_id, listing.id)
    waiting = _waiting(session, notice)
    if waiting is not None:
        say = _say(doing, listing, staff_id, notice.since, waiting.due_at)
        waiting.body = envelope.to_json(spoken(say, tongue(session.get_one(Person, staff_id).tag)))
        session.flush()
        return
    due = max(doing.now, notice.at + APART) if notice.at is not None else doing.now
    notice.since = doing.now
    written = doing.tell(staff_id, _say(doing, listing, staff_id, doing.now, due), "digest", due_at=due)
    message = session.get(Outgoing, written) if written is not None else None
    if message is not None:
        notice.outgoing_id, notice.at = message.id, message.due_at
    session.flush()


def _waiting(session: Session, notice: staff.RegistrationNotice) -> Outgoing | None:
    """The notice that has not gone out yet, locked: nobody sends it while more is added to it."""
    if notice.outgoing_id is None:
        return None
    found = session.get(Outgoing, notice.outgoing_id, with_for_update=True, populate_existing=True)
    return found if found is not None and found.state == "waiting" else None


def _say(doing: Doing, listing: Listing, staff_id: int, since: datetime, due: datetime) -> Say:
    """What has come since, in a number and the time of the last: it may be read on a locked screen."""
    call = listing.block in WITH_DEADLINE
    _site, town = site_and_town(doing.session, listing)
    zone = ZoneInfo(town.zone if town else doing.rules.zone)
    same_day = doing.now.astimezone(zone).date() == due.astimezone(zone).date()
    last = Moment(doing.now, zone.key, "time" if same_day else "short")
    count = _applications(doing.session, listing.id, since) if call else _bookings(doing.session, listing.id, since)
    about = {"listing": str(listing.id)}
    return Say(
        words.REGISTERED.of(n=count, title=Words.of(listing.title), time=last),
        (
            doing.button(staff_id, words.WHO, "interested" if call else "people", about),
            doing.button(staff_id, words.NO_SUCH_NOTICES, "no_registrations", {}),
        ),
    )


def _applications(session: Session, listing_id: int, since: datetime) -> int:
    counted = select(func.count()).select_from(Application)
    return session.scalars(
        counted.where(
            Application.listing_id == listing_id, Application.created_at >= since, Application.state != "withdrawn"
        )
    ).one()


def _bookings(session: Session, listing_id: int, since: datetime) -> int:
    counted = select(func.count()).select_from(Booking).join(Meeting, Meeting.id == Booking.session_id)
    return session.scalars(
        counted.where(Meeting.listing_id == listing_id, Booking.created_at >= since, Booking.state.not_in(LEFT))
    ).one()
