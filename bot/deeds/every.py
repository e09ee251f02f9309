"""The explicit list of who performs which deed."""

from __future__ import annotations

from bot.deeds.around import around, certificates, events, lessons, outings, sheets, staff_around
from bot.deeds.asking import answering, asking_staff, boxes, clubs_staff
from bot.deeds.helping import announcements, answer_book, campaigns, help, safety, sites
from bot.deeds.offers import calls, conditions, imports, offers, staff_conditions, staff_meetings, terms
from bot.deeds.people import people, staff
from bot.deeds.performing import Performers
from bot.deeds.visits import appointments, calendars, exceptions, prints, resources
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
    **announcements.PERFORM,
    **answer_book.PERFORM,
    **sites.PERFORM,
    **appointments.PERFORM,
    **calendars.PERFORM,
    **exceptions.PERFORM,
    **around.PERFORM,
    **certificates.PERFORM,
    **staff_around.PERFORM,
    **lessons.PERFORM,
    **sheets.PERFORM,
    **terms.PERFORM,
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
