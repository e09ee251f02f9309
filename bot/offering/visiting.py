"""Appointments as the house runs them: who is told what, in words that name a discreet one nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.language.tongue import tongue
from bot.offering.describing import name_for, with_town
from bot.telling import earlier
from bot.times.calendar_file import Entry, calendar_file
from bot.times.planning import is_free_day
from conversations.appointments import words
from conversations.facts.appointments import Visit
from conversations.speech import Button, Document, Moment, Say, Text, Words
from models.messages.reminder import and_who_booked
from models.offers.listing import Listing
from models.offers.programme import Site, Town
from models.visits import visit_reminders
from models.visits.appointment import Appointment, VisitDetail
from models.visits.professional import AppointmentRules, Professional, giving
from models.visits.slots import Closed, Slot, free_slots
from models.who.people import Person
from models.who.staff import team_of

OFFERED = 3
"""So many other times are offered at once where an appointment cannot take place."""

closed: Closed = is_free_day
"""Nobody works on public holidays."""


def place_of_site(session: Session, site_id: int) -> Words:
    """A site and its town as people say them."""
    site = session.get_one(Site, site_id)
    return with_town(site, session.get_one(Town, site.town_id))


def visit_of(session: Session, now: datetime, row: Appointment, reader_id: int) -> Visit:
    """An appointment as somebody may read of it: of a discreet one only when and where."""
    listing = session.get_one(Listing, row.listing_id)
    rules = session.get_one(AppointmentRules, row.listing_id)
    professional = session.get_one(Professional, row.professional_id)
    detail = session.get(VisitDetail, row.id)
    plain = not rules.discreet
    return Visit(
        appointment_id=row.id,
        listing_id=row.listing_id,
        person_id=row.person_id,
        number=row.number,
        state=row.state if row.state != "booked" or row.starts_at > now else "over",
        child=name_for(session, row.person_id, reader_id),
        title=Words.of(listing.title) if plain else Words(),
        called=professional.called if plain else "",
        when=Moment(row.starts_at, row.zone),
        place=place_of_site(session, row.site_id),
        home=row.home,
        told=detail is not None and detail.has_address,
        movable=row.state == "booked" and now <= row.starts_at - timedelta(minutes=rules.notice_minutes),
        bring=Words.of(listing.bring) if plain else Words(),
        reminders=tuple(Moment(at, row.zone) for at in visit_reminders.plan_of(session, reader_id, row.id)),
    )


def entry_of(session: Session, now: datetime, row: Appointment, reader_id: int, *, cancelled: bool = False) -> Document:
    """The calendar entry of an appointment; of a discreet one it says no more than when and where."""
    visit, voice = visit_of(session, now, row, reader_id), tongue(tag_of(session, reader_id))
    entry = Entry(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        sequence=row.sequence,
        summary=voice.words(visit.title) if visit.title else voice.speak(words.YOUR_APPOINTMENT),
        location="" if row.home else voice.words(visit.place),
    )
    return calendar_file(number=row.number, now=now, entries=[entry], cancelled=cancelled)


def plan_reminders(doing: Doing, row: Appointment) -> None:
    """Plan the reminders of an appointment that was made or moved."""
    visit_reminders.plan(doing.session, doing.now, row, earlier(doing.rules))


# ---------------------------------------------------------------- telling people


def those_concerned(session: Session, now: datetime, row: Appointment) -> list[int]:
    """The person, their guardians who want to hear of it, and the guardian or helper who booked."""
    found = visit_reminders.reminded(session, now, row)
    return and_who_booked(session, now, found, row.person_id, row.booked_by_id)


def tell_others(doing: Doing, row: Appointment, text_for: Callable[[Visit], Text]) -> None:
    """Tell everybody concerned but the one who acts."""
    for person_id in those_concerned(doing.session, doing.now, row):
        if person_id != doing.person_id:
            visit = visit_of(doing.session, doing.now, row, person_id)
            gone = row.state == "cancelled"
            document = entry_of(doing.session, doing.now, row, person_id, cancelled=gone) if row.sequence else None
            doing.tell(person_id, Say(text_for(visit), document=document), "reminder", expires_at=row.starts_at)


def tell_calendar(doing: Doing, text: Text, *professional_ids: int) -> None:
    """Tell whose calendars they are, else the team, each once: when, and neither who nor what."""
    whom: dict[int, int] = {}
    for professional_id in professional_ids:
        professional = doing.session.get_one(Professional, professional_id)
        mine = professional.person_id
        for person_id in [mine] if mine is not None else team_of(doing.session, professional.organisation_id):
            whom.setdefault(person_id, professional_id)
    for person_id, professional_id in whom.items():
        if person_id != doing.person_id:
            button = doing.button(person_id, words.SEE_CALENDAR, "calendar", {"professional": str(professional_id)})
            doing.tell(person_id, Say(text, (button,)), "digest")


def offer_others(doing: Doing, row: Appointment, reader_id: int) -> tuple[Button, ...]:
    """Other times of the same kind at once, the nearest first, and the way to all of them."""
    found = other_slots(doing.session, doing.now, row)
    about = {
        "listing": row.listing_id,
        "person": row.person_id,
        "home": row.home,
        "language": row.language,
    }
    buttons = [
        doing.button(
            reader_id,
            words.A_TIME.of(when=Moment(slot.starts_at, slot.zone)),
            "take_slot",
            {**about, "slot": key_of(slot)},
        )
        for slot in found
    ]
    buttons.append(doing.button(reader_id, words.LOOK, "see_appointment", {"listing": row.listing_id}))
    return tuple(buttons)


def other_slots(session: Session, now: datetime, row: Appointment, most: int = OFFERED) -> list[Slot]:
    """The nearest free times with the same professional; where there are none, with others of that profession."""
    rules = session.get_one(AppointmentRules, row.listing_id)
    professional = session.get_one(Professional, row.professional_id)
    same = free_slots(session, now, rules, [professional], closed)
    if not same:
        others = [one for one in giving(session, row.listing_id) if one.profession == professional.profession]
        same = free_slots(session, now, rules, others, closed)
    return same[:most]


# ---------------------------------------------------------------- keys of free times


def key_of(slot: Slot) -> str:
    """A free time as a button carries it."""
    return f"{slot.professional_id}_{slot.site_id}_{slot.starts_at:%Y%m%d%H%M}"


def read_key(key: str) -> tuple[int, int, datetime] | None:
    """Professional, site and begin (UTC) of a free time; None for anything else."""
    parts = key.split("_")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    try:
        at = datetime.strptime(parts[2], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(parts[0]), int(parts[1]), at


def tag_of(session: Session, person_id: int) -> str:
    """The language and script of somebody."""
    return session.get_one(Person, person_id).tag
