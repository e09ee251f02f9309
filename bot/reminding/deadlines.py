"""Reminders of deadlines, composed when they are due: by then the call may have moved or closed."""

from __future__ import annotations

from sqlalchemy import select

from bot.doing import Doing
from bot.offering.describing import name_for
from bot.reminding.composing import Composed, Missed
from conversations.calls import words
from conversations.speech import Moment, Say, Text, Words
from models.messages.reminder import Reminder
from models.offers import call
from models.offers.listing import Listing
from models.who.acting import speaks_for


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """The reminder in words, or why it is not sent any more.

    Only absolute times are said, so it is right also when it comes late, as long as the call is open.
    """
    listing = doing.session.get(Listing, reminder.about_id)
    if listing is None or listing.block not in call.CALL_BLOCKS:
        return Missed("call gone")
    if listing.state == "cancelled":
        return Missed("call cancelled")
    if listing.closes_at is None or not call.is_open(listing, doing.now):
        return Missed("deadline over")
    if _overtaken(doing, reminder):
        return Missed("a nearer one is due")
    own = call.application_of(doing.session, listing.id, reminder.recipient_id) is not None
    children = _children(doing, listing.id, reminder.recipient_id)
    applied = own or bool(children)
    closes = Moment(listing.closes_at, call.zone_of(doing.session, listing))
    text = words.reminder(Words.of(listing.title), closes, children, applied=applied)
    button = doing.button(
        reminder.recipient_id, words.LOOK if applied else words.REGISTER, "call", {"listing": listing.id}, days=14
    )
    return Composed(Say(text, (button,)), listing.closes_at)


def _children(doing: Doing, listing_id: int, recipient_id: int) -> tuple[Text | str, ...]:
    """Whom of their children the recipient reads of: those who have registered."""
    applied = call.applications_for(doing.session, listing_id)
    theirs = [
        row.person_id
        for row in applied
        if row.person_id != recipient_id and speaks_for(doing.session, recipient_id, row.person_id)
    ]
    return tuple(name_for(doing.session, person_id, recipient_id) for person_id in theirs)


def _overtaken(doing: Doing, reminder: Reminder) -> bool:
    """True if a reminder that stands nearer to the deadline is due as well, or this one is of an old deadline."""
    others = select(Reminder).where(
        Reminder.about == "deadline",
        Reminder.about_id == reminder.about_id,
        Reminder.recipient_id == reminder.recipient_id,
        Reminder.id != reminder.id,
        Reminder.state.in_(("planned", "queued", "sent")),
    )
    return any(
        row.sequence > reminder.sequence
        or (
            row.sequence == reminder.sequence
            and row.before_minutes < reminder.before_minutes
            and row.due_at <= doing.now
        )
        for row in doing.session.scalars(others)
    )
