"""The calendar of a professional is private: its own, moved by staff, and one person in each time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keeping.retention import STEPS
from bot.offering import visiting
from conversations.deeds.appointments import (
    AddHours,
    MarkVisit,
    PublishService,
    TakeAppointment,
    TakeBackHours,
    TakeDayOff,
)
from models.visits.appointment import Appointment, BusyTime
from models.visits.professional import Professional
from models.who.staff import StaffRole
from tests.bot.visits.kit import book, do, facts, forget_shown, listing_id, slots
from tests.house import House


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


@pytest.mark.parametrize("key", ["", "1_2", "1_2_x", "1_2_209913010000", "٣_2_202603030900", "1_2_2026030309001"])
def test_a_forged_key_is_no_time(house: House, key: str) -> None:
    assert visiting.read_key(key) is None
    house.person("mila", "sr-Latn", band="18+", town="bor")
    assert do(house, "mila", TakeAppointment(listing_id(house, "bor-razgovor"), key)).outcome == "taken"
