"""What a reminder says, composed when it is due: by then the session may have moved."""

from __future__ import annotations

from collections.abc import Callable

from bot.doing import Doing
from bot.reminding import appointments, bookings, deadlines, events, openings
from bot.reminding.composing import Composed, Missed
from models.messages.reminder import Reminder

COMPOSERS: dict[str, Callable[[Doing, Reminder], Composed | Missed]] = {
    "appointment": appointments.compose,
    "booking": bookings.compose,
    "deadline": deadlines.compose,
    "event": events.compose,
    "opening": openings.compose,
}
