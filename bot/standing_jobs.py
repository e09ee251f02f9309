"""Everything that falls due by itself, as one synchronous round: what the scheduler's ticks do, in their order."""

from __future__ import annotations

from bot import broadcasting, places
from bot.doing import Doing
from bot.reminders import fire
from models import call


def due(doing: Doing) -> None:
    """Do everything that is due at `doing.now`, in the caller's transaction."""
    call.close_passed(doing.session, doing.now)
    places.sweep(doing)
    while True:
        fired = fire(doing.session, doing.now, doing.rules)
        doing.outgoing.extend(fired.outgoing)
        if not fired.seen:
            break
    while broadcasting.step(doing):
        pass
