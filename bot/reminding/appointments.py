"""Reminders of appointments, composed when they are due: of a discreet one they say when and where, never what."""

from __future__ import annotations

from sqlalchemy import select

from bot.doing import Doing
from bot.offering import visiting
from bot.reminding.composing import Composed, Missed
from conversations.appointments import words
from conversations.offers.words import OUR_COMING, OUR_NOT_COMING
from conversations.speech import Button, Say
from models.messages.reminder import Reminder
from models.visits import visit_reminders
from models.visits.appointment import Appointment
from models.who.acting import speaks_for

UNSAID = ("cancelled", "missed")
"""States of reminders that say nothing."""


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """The reminder in words, or why it is not sent any more. Everything is said in absolute terms."""
    row = doing.session.get(Appointment, reminder.about_id)
    if row is None:
        return Missed("appointment gone")
    if row.state != "booked":
        return Missed("appointment " + row.state)
    if doing.now >= row.starts_at:
        return Missed("appointment over")
    if reminder.sequence != row.sequence:
        return Missed("appointment moved")
    if reminder.recipient_id not in visit_reminders.reminded(doing.session, doing.now, row):
        return Missed("not wanted any more")
    if _overtaken(doing, reminder):
        return Missed("a nearer one is due")
    return Composed(_say(doing, row, reminder.recipient_id), row.starts_at)


def _say(doing: Doing, row: Appointment, recipient: int) -> Say:
    visit = visiting.visit_of(doing.session, doing.now, row, recipient)
    if not speaks_for(doing.session, recipient, row.person_id, doing.now):
        return Say(words.reminder(visit, asks=False))  # a young person decides alone: there is nothing to answer
    about = {"appointment": row.id}
    buttons: list[Button] = []
    if not row.comes:
        label = words.AWAITED if row.home else OUR_COMING if visit.child else words.COMING
        buttons.append(doing.button(recipient, label, "visiting", about))
    if row.home and not visit.told:
        buttons.append(doing.button(recipient, words.WHERE_TO_COME, "visit_address", about))
    if visit.movable:
        moves = {"listing": row.listing_id, "moves": row.id}
        buttons.append(doing.button(recipient, words.ANOTHER_TIME, "see_appointment", moves))
    label = words.AWAY if row.home else OUR_NOT_COMING if visit.child else words.NOT_COMING
    buttons.append(doing.button(recipient, label, "cancel_visit", about))
    return Say(words.reminder(visit, asks=not row.comes), tuple(buttons))


def _overtaken(doing: Doing, reminder: Reminder) -> bool:
    """True if a reminder of the same appointment that stands nearer to it is due as well."""
    nearer = select(Reminder.id).where(
        Reminder.about == reminder.about,
        Reminder.about_id == reminder.about_id,
        Reminder.recipient_id == reminder.recipient_id,
        Reminder.sequence == reminder.sequence,
        Reminder.before_minutes < reminder.before_minutes,
        Reminder.due_at <= doing.now,
        Reminder.state.not_in(UNSAID),
    )
    return doing.session.scalars(nearer.limit(1)).first() is not None
