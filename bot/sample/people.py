"""The DEMO people of the stage: a young person, their parent and a coordinator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.running.seats import NAMES
from models.offers.programme import Organisation, Town
from models.who.consent import Consent, Wording
from models.who.people import Address, Guardianship, Person
from models.who.staff import StaffRole

_PEOPLE = {
    "young": {"tag": "sr-Latn", "band": "15-17"},
    "parent": {"tag": "sr-Cyrl", "band": "18+"},
    "staff": {"tag": "sr-Latn", "band": "18+"},
}
_PURPOSES = ("attend", "messages", "reminders")


def add_people(session: Session, now: datetime, external_ids: dict[str, str], *, organisation: str = "kokoro") -> None:
    """Add the three people, at home in Bor, welcomed and with consent, the parent linked to the young person."""
    town = session.scalars(select(Town).where(Town.code == "bor")).one()
    wording = Wording(hash="DEMO", language="en", text="Agreed to by a DEMO person of the sample programme.")
    session.add(wording)
    people = {seat: _person(session, now, seat, external_ids[seat], town.id) for seat in NAMES}
    session.flush()
    for seat, person in people.items():
        giver = people["parent"] if seat == "young" else person
        session.add_all(_consent(person, giver, purpose, wording, now) for purpose in _PURPOSES)
        session.add_all(_consent(person, person, purpose, wording, now) for purpose in _PURPOSES if giver is not person)
    session.add(
        Guardianship(guardian_id=people["parent"].id, child_id=people["young"].id, relation="mother", confirmed_at=now)
    )
    where = session.scalars(select(Organisation).where(Organisation.code == organisation)).one()
    session.add_all(
        StaffRole(person_id=people["staff"].id, organisation_id=where.id, role=role, given_at=now)
        for role in ("admin", "safeguarding")
    )
    session.flush()


def _person(session: Session, now: datetime, seat: str, external_id: str, town_id: int) -> Person:
    person = Person(
        called=NAMES[seat],
        town_id=town_id,
        language_chosen=True,
        welcomed_at=now,
        band_at=now,
        created_at=now,
        **_PEOPLE[seat],
    )
    session.add(person)
    session.flush()
    session.add(
        Address(person_id=person.id, channel="webchat", external_id=external_id, created_at=now, last_heard_at=now)
    )
    return person


def _consent(person: Person, giver: Person, purpose: str, wording: Wording, now: datetime) -> Consent:
    return Consent(
        person_id=person.id,
        given_by_id=giver.id,
        purpose=purpose,
        wording_id=wording.id,
        channel="webchat",
        method="sample",
        given_at=now,
    )
