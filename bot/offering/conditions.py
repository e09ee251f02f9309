"""Conditions as the house runs them: who is told when somebody asks, a group is big enough, or a quota ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from bot.doing import Doing
from bot.offering import places
from bot.offering.describing import about_booking, described, name_for
from conversations.offers.booking import condition_words as words
from conversations.offers.words import LOOK_AGAIN
from conversations.speech import Moment, Say, Text, Words
from conversations.staff.deciding import condition_notices as notices
from models.messages.reminder import recipients
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places import conditions
from models.places.booking import Booking
from models.places.deciding import Decided
from models.places.eligibility import Eligibility
from models.places.room import ahead_of
from models.who.acting import speaks_for
from models.who.staff import staff_of

APART = timedelta(hours=1)
"""Staff hear at most once in so long that somebody waits for their decision; the list shows all."""


def _tell_staff(doing: Doing, organisation_id: int, say_for: Callable[[int], Say]) -> None:
    for staff_id in staff_of(doing.session, organisation_id):
        if staff_id != doing.person_id:
            doing.tell(staff_id, say_for(staff_id), "digest")


# ---------------------------------------------------------------- may somebody take part


def tell_asked(doing: Doing, listing: Listing) -> None:
    """Tell staff that somebody waits for their decision; nothing about who, and not every minute."""
    lately = select(func.count()).where(
        Eligibility.listing_id == listing.id,
        Eligibility.eligible.is_(None),
        Eligibility.asked_at > doing.now - APART,
    )
    if (doing.session.scalar(lately) or 0) > 1:
        return

    def say(staff_id: int) -> Say:
        button = doing.button(staff_id, notices.DECIDE, "who_may", {"listing": str(listing.id)})
        return Say(notices.ASKED.of(title=Words.of(listing.title)), (button,))

    _tell_staff(doing, listing.organisation_id, say)


def tell_decided(doing: Doing, asked: Eligibility, decided: Decided) -> None:
    """Tell everybody concerned what was decided, each once for each booking; never why."""
    places.plan_reminders(doing, decided.booked)
    for booking in decided.booked:
        about = about_booking(doing.session, doing.now, booking)
        _tell_concerned(doing, booking, partial(words.got_place, about), "confirmation")
    for booking in decided.waiting:
        title = described(doing.session, doing.now, booking)[0]
        waits_on = partial(words.waits_on, title, ahead_of(doing.session, booking))
        _tell_concerned(doing, booking, waits_on, "offer")
    for booking in decided.ended:
        title = described(doing.session, doing.now, booking)[0]
        _tell_concerned(doing, booking, partial(words.not_this_one, title), "offer")
    if not (decided.booked or decided.waiting or decided.ended):
        _tell_who_asked(doing, asked)
    places.tell_offers(doing, decided.offered)


def _tell_concerned(doing: Doing, booking: Booking, text: Callable[[Text | str], Text], kind: str) -> None:
    listing_id = doing.session.get_one(Meeting, booking.session_id).listing_id
    for person_id in places.those_concerned(doing.session, doing.now, booking, who_may_act=True):
        say = Say(text(name_for(doing.session, booking.person_id, person_id)))
        doing.tell(person_id, say, kind, listing_id=listing_id)


def _tell_who_asked(doing: Doing, asked: Eligibility) -> None:
    listing = doing.session.get(Listing, asked.listing_id)
    if listing is None:
        return
    title = Words.of(listing.title)
    for person_id in recipients(doing.session, asked.person_id):
        if not speaks_for(doing.session, person_id, asked.person_id, doing.now):
            continue
        child = name_for(doing.session, asked.person_id, person_id)
        if asked.eligible:
            button = doing.button(person_id, LOOK_AGAIN, "see_offer", {"listing": listing.id})
            doing.tell(person_id, Say(words.may_take_part(title, child), (button,)), "offer", listing_id=listing.id)
        else:
            doing.tell(person_id, Say(words.not_this_one(title, child)), "offer", listing_id=listing.id)


# ---------------------------------------------------------------- what time does


def sweep(doing: Doing) -> None:
    """Quotas whose day has come are opened, and staff hear of groups that are big enough, or still too small."""
    for listing_id in conditions.release_due(doing.session, doing.now):
        doing.audit("quota.released", f"listing:{listing_id}", by="day")
        fill_all(doing, listing_id)
    for listing, what in conditions.groups_to_look_at(doing.session, doing.now):
        _tell_group(doing, listing, what)


def fill_all(doing: Doing, listing_id: int) -> int:
    """Offer the free places of all sessions of a listing to those who wait; how many were offered."""
    meetings = doing.session.scalars(
        select(Meeting.id).where(
            Meeting.listing_id == listing_id, Meeting.state == "planned", Meeting.first_id.is_(None)
        )
    ).all()
    return sum(places.fill(doing, meeting) for meeting in meetings)


def _tell_group(doing: Doing, listing: Listing, what: str) -> None:
    """Tell staff how a group stands; where it is too small and begins soon, with what they can do."""
    count = conditions.enrolled(doing.session, listing.id)
    starts = conditions.first_start(doing.session, doing.now, listing.id)
    title = Words.of(listing.title)
    meeting = doing.session.scalars(
        select(Meeting).where(Meeting.listing_id == listing.id, Meeting.starts_at == starts)
    ).first()
    when = Moment(starts or doing.now, meeting.zone if meeting else doing.rules.zone)

    def say(staff_id: int) -> Say:
        if what == "reached":
            return Say(notices.REACHED.of(title=title, n=count, least=listing.least))
        about = {"listing": listing.id}
        return Say(
            notices.too_small(title, when, count, listing.least),
            (
                doing.button(staff_id, notices.ANYWAY, "group_anyway", about, days=7),
                doing.button(staff_id, notices.CANCEL_GROUP, "group_cancel", about, days=7),
            ),
        )

    _tell_staff(doing, listing.organisation_id, say)
