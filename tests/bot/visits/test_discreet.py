"""Discreet appointments stay so: nothing names them, and guardians do not hear of them."""

from __future__ import annotations

import json

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.facts.people.own_data import everything
from conversations.deeds.appointments import CancelAppointment, TakeAppointment, TakeDayOff
from models.offers.listing import Listing
from models.visits.appointment import Appointment
from models.visits.professional import Professional
from models.who.people import Person
from tests.bot.visits.kit import MARKER, NAME, book, do, facts, forget_shown, shown, slots, stands
from tests.house import House
from tests.transcripts.playing import _link


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
