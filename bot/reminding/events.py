"""Reminders of what was announced, composed when they are due: by then it may have moved or be cancelled."""

from __future__ import annotations

from bot.doing import Doing
from bot.reminding.composing import Composed, Missed
from conversations.help.events import reminder_of
from conversations.speech import Moment, Say, Words
from models.messages.reminder import Reminder
from models.offers.announcement import Announcement


def compose(doing: Doing, reminder: Reminder) -> Composed | Missed:
    """The reminder in words, or why it is not sent any more. It is right also when it comes late."""
    row = doing.session.get(Announcement, reminder.about_id)
    if row is None or row.state != "open":
        return Missed("cancelled")
    if reminder.sequence != row.sequence:
        return Missed("moved")
    if row.starts_at <= doing.now:
        return Missed("it has begun")
    at = Moment(row.starts_at, row.zone)
    return Composed(Say(reminder_of(row.topic, Words.of(row.title), Words.of(row.place), at)), row.starts_at)
