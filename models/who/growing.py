"""Growing up: at 14 or 15 a young person is asked anew, and decides about booking alone (people.md part 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.reminder import stop_reminding
from models.who import consent, erasure
from models.who.consent import Consent
from models.who.people import Address, Guardianship, Person
from models.who.person import MINORS, below_consent, country_of, needs_guardian, time_to_reach


def bands_reached(session: Session, person: Person, now: datetime) -> tuple[str, ...]:
    """The bands a child may have by now, its present one first; () while none of them would let it decide alone."""
    country = country_of(session, person)
    if person.welcomed_at is None or person.band_at is None or not needs_guardian(person.band, country):
        return ()
    stood = now - person.band_at
    reached = [band for band in MINORS if stood >= time_to_reach(person.band, band)]
    if all(needs_guardian(band, country) for band in reached):
        return ()
    return tuple(band for band in reached if MINORS.index(band) >= MINORS.index(person.band))


def undecided(session: Session, person: Person) -> bool:
    """True for somebody who has outgrown their guardian's yes since it was given, and was not asked anew yet."""
    if person.band not in MINORS or person.band_at is None or below_consent(session, person):
        return False
    return any(link.confirmed_at < person.band_at for link in _links(session, person.id))


def is_due(session: Session, person: Person, now: datetime) -> bool:
    """True where a young person is to be asked when they come by: how old they are now, or for their own yes."""
    if person.ask_band_at is not None and now < person.ask_band_at:
        return False
    return bool(bands_reached(session, person, now)) or undecided(session, person)


def ask_later(person: Person, now: datetime, after: timedelta) -> None:
    """Do not ask again before some time has passed."""
    person.ask_band_at = now + after


def guardians_remind(session: Session, person_id: int) -> bool:
    """True where a guardian with a chat gets reminders of what the person booked."""
    chats = select(Address.person_id)
    wanted = select(Guardianship.id).where(
        Guardianship.child_id == person_id,
        Guardianship.ended_at.is_(None),
        Guardianship.reminders,
        Guardianship.guardian_id.in_(chats),
    )
    return session.scalars(wanted.limit(1)).first() is not None


def decide_alone(session: Session, now: datetime, person_id: int, *, reminders: bool) -> dict[int, bool]:
    """A young person decides about booking alone from now on: what guardians said about booking and news ends.

    What else they agreed to stands (photos, outings, school). `reminders`: guardians go on being reminded. Without a
    yes of the person's own what is booked or registered ends. Returns who was their guardian, and whether they are
    reminded from now on.
    """
    told: dict[int, bool] = {}
    for link in _links(session, person_id):
        link.grown_at, link.reminders = now, link.reminders and reminders
        told[link.guardian_id] = link.reminders
        over = (*consent.OWN,) if link.reminders else (*consent.OWN, "reminders")
        consent.withdraw(session, now, person_id, over, given_by_id=link.guardian_id)
        if not link.reminders:
            stop_reminding(session, link.guardian_id, person_id, "they decide alone")
        if not link.reminders and not _said_more(session, person_id, link.guardian_id):
            link.ended_at = now
            erasure.end_forms(session, now, person_id, link.guardian_id)
    session.flush()
    erasure.end_bookings(session, now, person_id)
    return told


def _links(session: Session, person_id: int) -> list[Guardianship]:
    """The guardians who still decide about booking, locked."""
    return list(
        session.scalars(
            select(Guardianship)
            .where(Guardianship.child_id == person_id, Guardianship.ended_at.is_(None), Guardianship.grown_at.is_(None))
            .order_by(Guardianship.id)
            .with_for_update()
        )
    )


def _said_more(session: Session, person_id: int, guardian_id: int) -> bool:
    stands = select(Consent.id).where(
        Consent.person_id == person_id, Consent.given_by_id == guardian_id, Consent.withdrawn_at.is_(None)
    )
    return session.scalars(stands.limit(1)).first() is not None
