"""The explicit list of all kinds of tables, in the order in which they are offered."""

from __future__ import annotations

from bot.importing.answers import ANSWERS
from bot.importing.hours import HOURS
from bot.importing.kinds import Kind
from bot.importing.listings import CALLS, GRANTS, MEETINGS
from bot.importing.places import SEATS, SITES
from bot.importing.services import SERVICES
from bot.importing.surveys import SURVEYS

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (MEETINGS, CALLS, GRANTS, SEATS, SERVICES, HOURS, ANSWERS, SURVEYS, SITES)
}
