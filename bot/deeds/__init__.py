"""The deeds of conversations, performed in the same transaction as the turn that asked for them."""

from __future__ import annotations

from bot.deeds import calls, help, offers, people, staff
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.speech import Done

PERFORM: Performers = {**people.PERFORM, **offers.PERFORM, **calls.PERFORM, **help.PERFORM, **staff.PERFORM}


def perform(doing: Doing, deed: Deed) -> Done:
    """Perform a deed and tell how it ended. Raises KeyError for a deed nobody performs."""
    return PERFORM[type(deed)](doing, deed) or Done("done")
