"""Another time for an appointment: the same person and place, or others where they have none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from conversations.deeds.appointments import TakeAppointment
from conversations.facts.appointments import Wish
from models.visits.appointment import Appointment
from models.visits.professional import WorkingHours
from tests.bot.visits.kit import book, do, facts, listing_id
from tests.house import House, buttons


def move(house: House, name: str) -> str:
    """The way to another time for the one appointment that somebody has; what is asked then."""
    house.hear(name, "/bookings")
    house.hear(name, "1")
    house.tap(name, "🔁 Another time")
    return "\n".join([one.text for one in house.people[name].shown[-2:]] + labels(house, name))


def labels(house: House, name: str) -> list[str]:
    return [button.label for button in buttons(house.people[name].shown[-1])]


def appointment_of(house: House, done: Any) -> tuple[int, int, str]:
    with Session(house.database) as session:
        row = session.get_one(Appointment, done.details["appointment"])
        return row.professional_id, row.site_id, row.language


def test_another_time_keeps_the_person_and_the_place_and_offers_others(house: House) -> None:
    house.person("vera", "en", band="18+", town="kazanlak")
    wanted = Wish(listing_id(house, "kazanlak-kashti"), profession="nurse")
    known = facts(house, "vera").appointments
    kran = next(
        one.key for day, _at, _n in known.days(wanted) for one in known.times(wanted, day) if "Кран" in str(one.place)
    )
    done = do(house, "vera", TakeAppointment(wanted.listing, kran, language="tr"))
    before = appointment_of(house, done)
    assert "Which day suits?" in move(house, "vera")
    days = labels(house, "vera")
    assert days[: days.index("👥 Another person or place")] == [day for day in days if day.startswith("Friday")]
    house.tap("vera", days[1])
    house.hear("vera", "2")
    house.tap("vera", "Yes, please")
    assert appointment_of(house, done) == before

    move(house, "vera")
    house.tap("vera", "👥 Another person or place")
    assert house.people["vera"].shown[-1].text == "Where?"
    house.hear("vera", "1")
    assert house.people["vera"].shown[-1].text.startswith("Whom do you need?")


def test_where_the_same_person_has_no_time_the_others_are_asked_for(house: House) -> None:
    house.person("vera", "en", band="18+", town="kazanlak")
    done = book(house, "vera", "kazanlak-kashti")
    with Session(house.database) as session:
        row = session.get_one(Appointment, done.details["appointment"])
        there = delete(WorkingHours).where(WorkingHours.professional_id == row.professional_id)
        session.execute(there.where(WorkingHours.site_id == row.site_id))
        session.commit()
    asked = move(house, "vera")
    assert "With the same person and place no time is free." in asked
    assert "Where?" in asked
