"""Performing the deeds about staff."""

from __future__ import annotations

from bot.deeds.helping import staff_broadcasts
from bot.deeds.offers import staff_listings, staff_posters, staff_sessions
from bot.deeds.people import paper
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.staff import HearOfRegistrations
from conversations.speech import Done
from models.who import staff


def hear_of_registrations(doing: Doing, deed: HearOfRegistrations) -> Done:
    """A member of staff's own switch."""
    if not staff.organisations_of(doing.session, doing.person_id):
        return Done("refused")
    staff.choose_registrations(doing.session, doing.person_id, wanted=deed.wanted)
    return Done("on" if deed.wanted else "off")


PERFORM: Performers = {
    HearOfRegistrations: hear_of_registrations,
    **paper.PERFORM,
    **staff_listings.PERFORM,
    **staff_posters.PERFORM,
    **staff_sessions.PERFORM,
    **staff_broadcasts.PERFORM,
}
