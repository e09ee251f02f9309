"""The explicit list of all kinds of tables, in the order in which they are offered."""

from __future__ import annotations

from bot.importing.kinds import Kind
from bot.importing.tables.announcements import ANNOUNCEMENTS
from bot.importing.tables.answers import ANSWERS
from bot.importing.tables.boxes import BOXES
from bot.importing.tables.calls import CALLS, GRANTS
from bot.importing.tables.hours import HOURS
from bot.importing.tables.meetings import CLUBS, MEETINGS
from bot.importing.tables.seats import SEATS
from bot.importing.tables.services import SERVICES
from bot.importing.tables.sites import SITES
from bot.importing.tables.surveys import SURVEYS
from bot.importing.tables.votes import VOTES

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        MEETINGS,
        CLUBS,
        CALLS,
        GRANTS,
        SEATS,
        SERVICES,
        HOURS,
        ANSWERS,
        SURVEYS,
        VOTES,
        BOXES,
        ANNOUNCEMENTS,
        SITES,
    )
}
