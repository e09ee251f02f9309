"""The explicit list of who performs which deed."""

from __future__ import annotations

from bot.deeds import (
    answer_book,
    answering,
    appointments,
    around,
    asking_staff,
    boxes,
    calendars,
    calls,
    campaigns,
    certificates,
    clubs_staff,
    conditions,
    events,
    exceptions,
    help,
    imports,
    lessons,
    offers,
    outings,
    people,
    prints,
    resources,
    safety,
    staff,
    staff_around,
    staff_conditions,
    staff_meetings,
)
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.speech import Done

PERFORM: Performers = {
    **answering.PERFORM,
    **asking_staff.PERFORM,
    **boxes.PERFORM,
    **clubs_staff.PERFORM,
    **conditions.PERFORM,
    **staff_conditions.PERFORM,
    **staff_meetings.PERFORM,
    **campaigns.PERFORM,
    **answer_book.PERFORM,
    **appointments.PERFORM,
    **calendars.PERFORM,
    **exceptions.PERFORM,
    **around.PERFORM,
    **certificates.PERFORM,
    **staff_around.PERFORM,
    **lessons.PERFORM,
    **imports.PERFORM,
    **prints.PERFORM,
    **resources.PERFORM,
    **people.PERFORM,
    **offers.PERFORM,
    **outings.PERFORM,
    **events.PERFORM,
    **calls.PERFORM,
    **help.PERFORM,
    **staff.PERFORM,
    **safety.PERFORM,
}


def perform(doing: Doing, deed: Deed) -> Done:
    """Perform a deed and tell how it ended. Raises KeyError for a deed nobody performs."""
    return PERFORM[type(deed)](doing, deed) or Done("done")
