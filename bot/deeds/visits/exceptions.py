"""Performing the deeds about hours off and extra hours of a professional, and about taking either back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.arriving.knowing import me_of
from bot.deeds.performing import Performers
from bot.deeds.visits.appointments import keeps
from bot.doing import Doing
from bot.facts.lookup import Lookup
from bot.facts.visits.calendars import KnownCalendars
from bot.offering import visiting
from bot.times.day_hours import read_day_hours
from conversations.appointments import words
from conversations.deeds.appointments import AddHours, TakeBackHours, TakeDayOff
from conversations.speech import Done, Say
from models.visits import exceptions
from models.visits.appointment import Appointment
from models.visits.professional import DayException, sites_of
from models.who.people import Person

REFUSED = Done("refused")
SOON = timedelta(hours=12)
"""A cancelled appointment that is so near is told at once, also at night."""


def take_off(doing: Doing, deed: TakeDayOff) -> Done:
    """A day off, or some hours of it: everybody booked is told at once and offered other times."""
    read = read_day_hours(deed.day)
    if read is None or not keeps(doing, deed.professional):
        return REFUSED
    zone = _zone(doing, deed.professional)
    ended = exceptions.take_off(doing.session, doing.now, deed.professional, *read, zone)
    told = _tell(doing, ended)
    doing.audit("day_off", f"professional:{deed.professional}", day=deed.day, cancelled=len(ended))
    return Done("off", {"told": told})


def add_hours(doing: Doing, deed: AddHours) -> Done:
    """Extra hours of a day to come, at a site where they work anyway."""
    read = read_day_hours(deed.day)
    if read is None or read[1] == exceptions.WHOLE or not keeps(doing, deed.professional):
        return REFUSED
    day, span = read
    today = doing.now.astimezone(ZoneInfo(_zone(doing, deed.professional))).date()
    if day < today or deed.site not in sites_of(doing.session, deed.professional):
        return REFUSED
    if not exceptions.add_hours(doing.session, deed.professional, deed.site, day, span, visiting.closed):
        return Done("there")
    doing.audit("hours_added", f"professional:{deed.professional}", day=deed.day, site=deed.site)
    return Done("added")


def take_back(doing: Doing, deed: TakeBackHours) -> Done:
    """Hours off are on again; extra hours are gone, and who is booked then is told at once and offered other times."""
    row = doing.session.get(DayException, deed.exception)
    if row is None:
        return Done("gone")
    if not keeps(doing, row.professional_id):
        return REFUSED
    whose, day = row.professional_id, row.day
    ended = exceptions.take_back(doing.session, doing.now, row, _zone(doing, whose), visiting.closed)
    told = _tell(doing, ended)
    doing.audit("hours_taken_back", f"professional:{whose}", day=day.isoformat(), cancelled=len(ended))
    return Done("back", {"told": told})


def _tell(doing: Doing, ended: Sequence[Appointment]) -> int:
    """Tell everybody concerned that it does not take place, with other times. How many were told."""
    told: set[int] = set()
    for row in ended:
        for person_id in visiting.those_concerned(doing.session, doing.now, row):
            visit = visiting.visit_of(doing.session, doing.now, row, person_id)
            buttons = visiting.offer_others(doing, row, person_id)
            entry = visiting.entry_of(doing.session, doing.now, row, person_id, cancelled=True)
            say = Say(words.day_off(visit, len(buttons) > 1), buttons, document=entry)
            urgent = row.starts_at - doing.now < SOON
            if doing.tell(person_id, say, "reminder", expires_at=row.starts_at, urgent=urgent) is not None:
                told.add(person_id)
    return len(told)


def _zone(doing: Doing, professional_id: int) -> str:
    me = me_of(doing.session, doing.session.get_one(Person, doing.person_id))
    return KnownCalendars(Lookup(doing.session, doing.now, me, doing.rules)).zone_of(professional_id)


PERFORM: Performers = {TakeDayOff: take_off, AddHours: add_hours, TakeBackHours: take_back}
