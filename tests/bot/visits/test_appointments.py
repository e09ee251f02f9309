"""Appointments, through the whole product: discreet ones stay so, addresses are forgotten, calendars are private."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.facts.people.own_data import everything
from bot.keeping.retention import STEPS
from bot.offering import visiting
from bot.sending import envelope
from bot.times.reading_hours import read_hours
from conversations.deeds.appointments import (
    AddHours,
    CancelAppointment,
    MarkVisit,
    PublishService,
    ShowRoute,
    TakeAppointment,
    TakeBackHours,
    TakeDayOff,
    TellAddress,
)
from conversations.facts.appointments import Wish
from conversations.speech import Attachment, Spoken
from models.base import Base
from models.messages.message import StoredAttachment
from models.offers.listing import Listing
from models.visits.appointment import Appointment, BusyTime
from models.visits.professional import Professional
from models.who.people import Address, Person
from models.who.staff import StaffRole
from tests.house import House
from tests.transcripts.playing import _link

MARKER, NAME, HOME = "Пкмркр", "Прфмркр", "Адрмркр 7"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.dispose()


def listing_id(house: House, code: str) -> int:
    with Session(house.database) as session:
        return session.scalars(select(Listing.id).where(Listing.code == code)).one()


def do(house: House, name: str, deed: Any) -> Any:
    """Somebody performs a deed; what it tells people is shown to them."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        address = session.scalars(select(Address.id).where(Address.person_id == person_id)).one()
        doing = Doing(session, house.now, house.rules, person_id, address, "console")
        done = perform(doing, deed)
        session.commit()
    house._deliver()
    return done


def slots(house: House, name: str, code: str) -> list[str]:
    """The keys of all free times of a service, as somebody sees them."""
    wanted, known = Wish(listing_id(house, code)), facts(house, name).appointments
    return [free.key for day, _at, _n in known.days(wanted) for free in known.times(wanted, day)]


def facts(house: House, name: str) -> Any:
    """What somebody may look up now."""
    person_id = house.person_id(name)
    session = Session(house.database.execution_options(reads_only=True))
    me = me_of(session, session.get_one(Person, person_id))
    return KnownFacts(Lookup(session, house.now, me, house.rules))


def book(house: House, name: str, code: str = "bor-razgovor", nth: int = 0, **given: Any) -> Any:
    key = slots(house, name, code)[nth]
    return do(house, name, TakeAppointment(listing_id(house, code), key, **given))


def said(message: Spoken) -> str:
    """All that a message holds, its file too."""
    body = json.dumps(envelope.to_json(message), ensure_ascii=False)
    return body + (message.document.content.decode() if message.document else "")


def shown(house: House) -> list[str]:
    return [said(message) for somebody in house.people.values() for message in somebody.shown]


def forget_shown(house: House) -> None:
    for somebody in house.people.values():
        somebody.shown.clear()


def stands(house: House, words: str, *, without: tuple[str, ...] = ()) -> list[str]:
    """The tables in which some words stand, however they are written there."""
    written = (words, json.dumps(words)[1:-1])
    found = []
    with house.database.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')) if table.name not in without else ():
                values = [value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value) for value in row]
                if any(one in value for one in written for value in values):
                    found.append(table.name)
    return found


# ---------------------------------------------------------------- discreet


def test_nothing_names_a_discreet_appointment_once_it_is_booked_to_nobody(house: House) -> None:
    house.person("mama", "sr-Cyrl", band="18+", town="bor")
    house.person("mila", "sr-Latn", band="under14", town="bor")
    house.person("ana", "bg", organisation="kokoro", town="bor")
    _link(house, "mila", "mama")
    with Session(house.database) as session:
        words = dict.fromkeys(("sr", "bg", "en"), MARKER)
        session.execute(
            update(Listing).where(Listing.code == "bor-razgovor").values(title=words, summary=words, bring=words)
        )
        session.execute(update(Professional).values(called=NAME))
        session.commit()
    for child in (0, house.person_id("mila")):
        whose = "mama" if child else "mila"
        forget_shown(house)
        done = book(house, whose, person=child)
        assert done.outcome == "booked"
        house.hear("mila", "/bookings")
        house.tap("mila", house.people["mila"].shown[-1].cards[0].buttons[0].label)
        house.tap("mila", "🗓 Za moj kalendar")
        house.hear("mama", "/bookings")
        do(
            house,
            "mila",
            TakeAppointment(0, slots(house, "mila", "bor-razgovor")[2], moves=done.details["appointment"]),
        )
        house.advance(days=6)
        house.hear("ana", "/desk")
        assert any("🔔" in one for one in shown(house)), "reminders were sent"
        assert not [one for one in shown(house) if MARKER in one or (NAME in one)]
        with Session(house.database) as session:
            for person in session.scalars(select(Person)):
                assert MARKER not in json.dumps(everything(session, person), ensure_ascii=False)
    done = book(house, "mama", person=house.person_id("mila"))
    forget_shown(house)
    with Session(house.database) as session:
        row = session.get_one(Appointment, done.details["appointment"])
        professional, day = row.professional_id, row.starts_at.date().isoformat()
    assert facts(house, "ana").calendars.entries(professional, day)[0].title.by_language == ()
    assert do(house, "ana", TakeDayOff(professional, day)).outcome == "off"
    done = book(house, "mila")
    assert do(house, "mila", CancelAppointment(done.details["appointment"])).outcome == "cancelled"
    assert shown(house)
    assert not [one for one in shown(house) if MARKER in one or NAME in one]
    assert stands(house, MARKER, without=("listing", "search_word")) == []


def test_a_young_person_who_decides_alone_keeps_it_from_guardians(house: House) -> None:
    house.person("mama", "sr-Cyrl", band="18+", town="bor")
    house.person("mila", "sr-Latn", band="15-17", town="bor")
    _link(house, "mila", "mama")
    assert book(house, "mila").outcome == "booked"
    house.advance(days=2)
    assert house.people["mama"].shown == []
    assert facts(house, "mama").appointments.visits() == ()
    assert len(facts(house, "mila").appointments.visits()) == 0  # it is over by now
    done = book(house, "mila", "bor-razgovor")
    assert facts(house, "mama").appointments.visit(done.details["appointment"]) is None


def test_a_child_without_consent_is_led_to_people_and_numbers(house: House) -> None:
    house.person("joca", "sr-Latn", band="under14", town="bor")
    assert book(house, "joca").outcome == "consent"
    house.hear("joca", "savetnik za mlade")
    house.tap("joca", "Savetnik za mlade")
    labels = [button.label for button in house.people["joca"].shown[-1].buttons]
    assert {"Pitaj roditelja ili staratelja", "💬 Poruka čoveku", "📞 Brojevi za poziv"} <= set(labels)
    house.tap("joca", "📞 Brojevi za poziv")
    assert any("116" in one for one in shown(house))


# ---------------------------------------------------------------- what is told for one visit


@pytest.mark.parametrize("ending", ["marked", "cancelled", "the day after"])
def test_where_somebody_lives_is_nowhere_once_the_visit_is_over(house: House, ending: str) -> None:
    house.person("mama", "bg", band="18+", town="kazanlak")
    house.person("ema", "bg", organisation="kazanlak")
    house.person("other", "sr-Latn", organisation="kokoro")
    done = book(house, "mama", "kazanlak-kashti", home=True)
    visit = done.details["appointment"]
    house.hear("mama", "/bookings")
    house.tap("mama", "Номер 1001")
    house.tap("mama", "🏠 Къде да дойдем")
    house.hear("mama", HOME)
    with Session(house.database) as session:
        row = session.get_one(Appointment, visit)
        professional, day, starts = row.professional_id, row.starts_at.date().isoformat(), row.starts_at
    assert facts(house, "other").calendars.entry(visit) is None
    assert do(house, "other", ShowRoute(professional, day)).outcome == "refused"
    assert facts(house, "ema").calendars.entry(visit).address == HOME
    assert do(house, "ema", ShowRoute(professional, day)).outcome == "shown"
    house.advance(hours=(starts - house.now) / timedelta(hours=1) - 1)
    house.hear("ema", "/calendar")
    assert {"visit_detail", "outgoing"} <= {*stands(house, HOME)}
    if ending == "marked":
        house.advance(hours=1)
        assert do(house, "other", MarkVisit(visit, "done")).outcome == "refused"
        assert do(house, "ema", MarkVisit(visit, "done")).outcome == "marked"
    elif ending == "cancelled":
        assert do(house, "mama", CancelAppointment(visit)).outcome == "cancelled"
    else:
        house.advance(hours=36)
    assert stands(house, HOME) == []


def test_a_recorded_address_goes_with_the_visit(house: House) -> None:
    house.person("mama", "bg", band="18+", town="kazanlak")
    house.person("ema", "bg", organisation="kazanlak")
    visit = book(house, "mama", "kazanlak-kashti", home=True).details["appointment"]
    house.hear("mama", "/bookings")
    house.tap("mama", "Номер 1001")
    house.tap("mama", "🏠 Къде да дойдем")
    house.hear("mama", attachment=Attachment("voice", size=4, content=HOME.encode()))
    assert facts(house, "ema").calendars.entry(visit).recorded
    assert do(house, "ema", TellAddress(visit, words="DEMO")).outcome == "gone"
    house.advance(days=6)
    with Session(house.database) as session:
        assert session.scalars(select(StoredAttachment)).all() == []


# ---------------------------------------------------------------- who may


def test_a_professional_sees_their_own_calendar_and_no_other(house: House) -> None:
    house.person("sanja", "sr-Latn", band="18+", town="bor")
    house.person("mila", "sr-Latn", band="18+", town="bor")
    sanja = house.person_id("sanja")
    with Session(house.database) as session:
        mine = session.scalars(select(Professional).where(Professional.called == "Sanja DEMO")).one()
        other = session.scalars(select(Professional.id).where(Professional.called == "Marko DEMO")).one()
        mine.person_id = sanja
        session.add(
            StaffRole(
                person_id=mine.person_id, organisation_id=mine.organisation_id, role="professional", given_at=house.now
            )
        )
        own = mine.id
        session.commit()
    done = book(house, "mila", "bor-razgovor")
    assert "🗓" in house.people["sanja"].shown[-1].text
    assert [one.professional_id for one in facts(house, "sanja").calendars.calendars()] == [own]
    assert facts(house, "sanja").calendars.diary(other) == ()
    assert do(house, "sanja", TakeDayOff(other, "2026-03-04")).outcome == "refused"
    assert facts(house, "mila").calendars.calendars() == ()
    assert do(house, "mila", TakeDayOff(own, "2026-03-03")).outcome == "refused"
    site = facts(house, "sanja").calendars.places(own)[0][0]
    extra = AddHours(own, site, "2026-03-07/600-720")
    assert do(house, "mila", extra).outcome == "refused"
    assert do(house, "sanja", AddHours(other, site, "2026-03-07/600-720")).outcome == "refused"
    for wrong in ("2026-03-07", "2026-03-07/601-720", "2026-03-07/720-600", "2026-02-01/600-720", "x"):
        assert do(house, "sanja", AddHours(own, site, wrong)).outcome == "refused"
    assert do(house, "sanja", AddHours(own, site + 1000, "2026-03-07/600-720")).outcome == "refused"
    assert [do(house, "sanja", extra).outcome for _twice in range(2)] == ["added", "there"]
    (added,) = facts(house, "sanja").calendars.exceptions(own)
    assert facts(house, "mila").calendars.exceptions(own) == ()
    assert do(house, "mila", TakeBackHours(added.exception_id)).outcome == "refused"
    assert [do(house, "sanja", TakeBackHours(added.exception_id)).outcome for _twice in range(2)] == ["back", "gone"]
    assert do(house, "mila", MarkVisit(done.details["appointment"], "done")).outcome == "refused"
    draft = {"title": {"sr": "DEMO"}, "town": 1, "called": "DEMO", "profession": "nurse", "hours": [[0, 540, 600]]}
    assert do(house, "sanja", PublishService(draft)).outcome == "refused"
    house.hear("sanja", "/calendar")
    assert "Koji dan" in house.people["sanja"].shown[-1].text


def test_staff_move_an_appointment_and_the_person_is_told_once(house: House) -> None:
    house.person("mila", "sr-Latn", band="18+", town="bor")
    house.person("ana", "sr-Cyrl", organisation="kokoro", town="bor")
    house.person("other", "sr-Cyrl", organisation="valjevo")
    visit = book(house, "mila").details["appointment"]
    forget_shown(house)
    there = slots(house, "ana", "bor-razgovor")[3]
    assert do(house, "other", TakeAppointment(0, there, moves=visit)).outcome == "denied"
    assert do(house, "ana", TakeAppointment(0, there, moves=visit)).outcome == "moved"
    assert len(house.people["mila"].shown) == 1
    assert do(house, "ana", TakeAppointment(0, there, person=house.person_id("mila"))).outcome in ("closed", "denied")


def test_of_two_who_are_offered_the_same_time_one_gets_it(house: House) -> None:
    for name in ("mila", "pera"):
        house.person(name, "sr-Latn", band="18+", town="bor")
    house.person("ana", "sr-Cyrl", organisation="kokoro", town="bor")
    first = book(house, "mila").details["appointment"]
    book(house, "pera")
    with Session(house.database) as session:
        row = session.get_one(Appointment, first)
        professional, day = row.professional_id, row.starts_at.date().isoformat()
    assert do(house, "ana", TakeDayOff(professional, day)).details["told"] == 2
    label = house.people["mila"].shown[-1].buttons[0].label
    assert label == house.people["pera"].shown[-1].buttons[0].label
    house.tap("mila", label)
    house.tap("pera", label)
    assert "zakazan" in house.people["mila"].shown[-1].text
    assert "Neko je bio brži" in house.people["pera"].shown[-1].text
    house.tap("mila", label)
    with Session(house.database) as session:
        rows = session.scalars(select(Appointment).where(Appointment.state == "booked")).all()
    assert len(rows) == 1 or {row.person_id for row in rows} == {house.person_id("mila")}
    assert len({row.starts_at for row in rows}) == len(rows)


def test_a_double_tap_books_once(house: House) -> None:
    house.person("mila", "sr-Latn", band="18+", town="bor")
    house.hear("mila", "/start bor-razgovor")
    for answer in ("1", "srpski", "1", "1"):
        house.hear("mila", answer)
    yes = house.button("mila", "Da, molim").tap
    house.hear("mila", tap=yes, message_id="once")
    house.hear("mila", tap=yes, message_id="once")
    house.hear("mila", tap=yes)
    with Session(house.database) as session:
        assert len(session.scalars(select(Appointment)).all()) == 1


def test_appointments_are_kept_no_longer_than_needed(house: House) -> None:
    house.person("mila", "sr-Latn", band="18+", town="bor")
    book(house, "mila")
    later = house.now + timedelta(days=120)
    with Session(house.database) as session:
        for step in STEPS:
            step(session, later)
        session.commit()
        assert session.scalars(select(Appointment)).all() == []
        assert session.scalars(select(BusyTime)).all() == []


# ---------------------------------------------------------------- small things


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("пон, сре 9-12", ((0, 540, 720), (2, 540, 720))),
        ("Mon-Wed 9:00-12:30; Fri 14-17", ((0, 540, 750), (1, 540, 750), (2, 540, 750), (4, 840, 1020))),
        ("вт 9-12, 14-17", ((1, 540, 720), (1, 840, 1020))),
        ("utorak 8-10, četvrtak 8-10", ((1, 480, 600), (3, 480, 600))),
        ("пон 12-9", None),
        ("пон 9-12, 11-13", None),
        ("кад стигне", None),
        ("mon 9:02-12", None),
    ],
)
def test_weekly_hours_are_read_as_they_are_typed(typed: str, hours: Any) -> None:
    assert read_hours(typed) == hours


@pytest.mark.parametrize("key", ["", "1_2", "1_2_x", "1_2_209913010000", "٣_2_202603030900", "1_2_2026030309001"])
def test_a_forged_key_is_no_time(house: House, key: str) -> None:
    assert visiting.read_key(key) is None
    house.person("mila", "sr-Latn", band="18+", town="bor")
    assert do(house, "mila", TakeAppointment(listing_id(house, "bor-razgovor"), key)).outcome == "taken"
