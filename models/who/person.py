"""What is known of a person, and who speaks for whom: the operations on the tables of people.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, not_, or_, select
from sqlalchemy.orm import Session

from models.caring.case import Request
from models.offers.programme import Subject, Town
from models.prepared import Prepared
from models.who.people import Address, Guardianship, Interest, OneTimeCode, Person
from models.who.profile import Profile, change

ALONE_FROM = {"RS": ("15-17", "18+"), "BG": ("14", "15-17", "18+")}
"""Bands that may consent alone: from 15 in Serbia (ZZPL), from 14 in Bulgaria (Personal Data Protection Act)."""
ALONE_ANYWHERE = ("15-17", "18+")
MINORS = ("under14", "14", "15-17")
RELATIONS = ("mother", "father", "guardian", "other")
CHILDREN_MOST = 12
"""The most children one person speaks for through the chat; a mediator with more is staff's to set up."""
GROWS_UP_AFTER = timedelta(days=300)
"""A band that lifts the need for a guardian is believed once the old one has stood for about a year."""
YEAR = timedelta(days=365)
CHILD_CODE_LASTS = timedelta(days=7)
"""As long as an unconfirmed child is kept (decision 0020)."""
PAPER = "paper"
"""The purpose of the short code that a child shows to staff who have its guardian's yes on paper."""
ADDRESS_CODE_LASTS = timedelta(minutes=10)


_COUNTRY = Prepared(lambda _dialect: select(Town.country).where(Town.id == bindparam("town")))
_TOWN = Prepared(lambda _dialect: select(Town.id, Town.country).where(Town.code == bindparam("code")))


def needs_guardian(band: str, country: str) -> bool:
    """True below the age of consent of the country ("" = not known: the stricter one)."""
    return bool(band) and band not in ALONE_FROM.get(country, ALONE_ANYWHERE)


def country_of(session: Session, person: Person | Profile) -> str:
    """The country a person lives in, as far as they told."""
    if person.town_id is None:
        return ""
    found = _COUNTRY.run(session, town=person.town_id)
    return str(found[0][0]) if found else ""


def below_consent(session: Session, person: Person | Profile) -> bool:
    """True for somebody below the age of consent of the country they live in: a guardian agrees for them."""
    return needs_guardian(person.band, country_of(session, person))


def time_to_reach(band: str, later: str) -> timedelta:
    """How long after a band was set a later one may have been reached: about a year for the next, and so on."""
    order = (*MINORS, "18+")
    steps = order.index(later) - order.index(band) if band in order else 0
    return GROWS_UP_AFTER + (steps - 1) * YEAR if steps > 0 else timedelta(0)


def set_band(session: Session, now: datetime, person: Person | Profile, band: str) -> bool:
    """Store the age band. False where it would lift the need for a guardian before its time.

    Raises ValueError for a band that does not exist.
    """
    if band not in (*MINORS, "18+"):
        raise ValueError("no such band")
    country = country_of(session, person)
    lifts = needs_guardian(person.band, country) and not needs_guardian(band, country)
    recent = person.band_at is None or now - person.band_at < GROWS_UP_AFTER
    if person.welcomed_at is not None and lifts and recent:
        return False
    if person.band != band:
        change(session, person.id, band=band, band_at=now)
    return True


def set_town(session: Session, person: Person | Profile, code: str | None) -> bool:
    """Store the town. False where moving it to another country would lift the need for a guardian."""
    found = _TOWN.run(session, code=code) if code else []
    town_id, after = found[0] if found else (None, "")
    before = country_of(session, person)
    lifts = needs_guardian(person.band, before) and not needs_guardian(person.band, after)
    if person.welcomed_at is not None and before and lifts:
        return False
    change(session, person.id, town_id=town_id)
    return True


_NO_INTERESTS = Prepared(lambda _dialect: delete(Interest).where(Interest.person_id == bindparam("person")))


def set_interests(session: Session, person_id: int, codes: Sequence[str]) -> None:
    """Store the subjects of interest; codes that are no subject are left out."""
    _NO_INTERESTS.run(session, person=person_id)
    if codes:
        for subject_id in session.scalars(select(Subject.id).where(Subject.code.in_(tuple(codes)))).all():
            session.add(Interest(person_id=person_id, subject_id=subject_id))
        session.flush()


# ---------------------------------------------------------------- guardians and children


def is_adult(person: Person) -> bool:
    """True for somebody who said that they are of age."""
    return person.band == "18+" and person.erased_at is None


def speaks_for(session: Session, guardian_id: int, child_id: int) -> Guardianship | None:
    """The link by which a guardian speaks for a child now, locked; None without one."""
    return session.scalars(
        select(Guardianship)
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.child_id == child_id,
            Guardianship.ended_at.is_(None),
        )
        .with_for_update()
    ).first()


def was_guardian(session: Session, guardian_id: int, child_id: int) -> bool:
    """True for whoever speaks or spoke for a child."""
    found = select(Guardianship.id).where(Guardianship.guardian_id == guardian_id, Guardianship.child_id == child_id)
    return session.scalars(found.limit(1)).first() is not None


def link(session: Session, now: datetime, guardian_id: int, child_id: int, relation: str, *, reminders: bool) -> None:
    """Let a guardian speak for a child; an existing link takes the new relation. Raises ValueError for oneself."""
    if guardian_id == child_id or relation not in RELATIONS:
        raise ValueError("nobody is their own guardian")
    found = speaks_for(session, guardian_id, child_id)
    if found is None:
        session.add(
            Guardianship(
                guardian_id=guardian_id, child_id=child_id, relation=relation, reminders=reminders, confirmed_at=now
            )
        )
    else:
        found.relation, found.reminders, found.grown_at = relation, reminders, None
    session.flush()


def why_guardian(session: Session, row: OneTimeCode, guardian: Person) -> str:
    """Whether a locked, usable code makes this person the guardian: "good", "own", "minor" or "unknown".

    Never for oneself, never by a minor, never for a child that is gone.
    """
    child = session.get(Person, row.subject_id) if row.subject_id is not None else None
    if child is None or child.erased_at is not None:
        return "unknown"
    if child.id == guardian.id:
        return "own"
    if not is_adult(guardian):
        return "minor"
    return "good"


def add_child(session: Session, now: datetime, guardian: Person, called: str, band: str) -> Person | None:
    """A child without a chat of its own, in its guardian's language and town; None if there are too many."""
    count = session.scalar(
        select(func.count())
        .select_from(Guardianship)
        .where(Guardianship.guardian_id == guardian.id, Guardianship.ended_at.is_(None))
    )
    if (count or 0) >= CHILDREN_MOST or band not in MINORS:
        return None
    return add_without_chat(session, now, guardian, called, band, welcomed_at=now)


def add_without_chat(
    session: Session, now: datetime, like: Person, called: str, band: str, *, welcomed_at: datetime | None = None
) -> Person:
    """Somebody without a chat of their own, in the language and town of who adds them or is why they are known.

    Without `welcomed_at` they are only a name on a form, and no rule that looks for people finds them.
    """
    made = Person(
        called=called,
        tag=like.tag,
        language_chosen=True,
        band=band,
        band_at=now,
        town_id=like.town_id,
        welcomed_at=welcomed_at,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def depends_on(session: Session, child_id: int, guardian_id: int) -> bool:
    """True for a child that has no chat of its own and nobody else to speak for it."""
    chats = session.scalars(select(Address.id).where(Address.person_id == child_id).limit(1)).first()
    others = session.scalars(
        select(Guardianship.id)
        .where(
            Guardianship.child_id == child_id,
            Guardianship.guardian_id != guardian_id,
            Guardianship.ended_at.is_(None),
        )
        .limit(1)
    ).first()
    return chats is None and others is None


def unconfirmed(session: Session, now: datetime, most: int = 100) -> Sequence[int]:
    """Ids of children who have waited for a guardian's answer too long, and so may be kept no longer.

    A code that still works and an open request to the team keep them (people.md part 8: seven days).
    """
    links = select(Guardianship.child_id)
    codes = select(OneTimeCode.subject_id).where(
        OneTimeCode.purpose == "guardian",
        OneTimeCode.subject_id.is_not(None),
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )
    asking = select(Request.person_id).where(Request.state != "closed")
    alone = or_(*(and_(Town.country == country, Person.band.in_(bands)) for country, bands in ALONE_FROM.items()))
    return session.scalars(
        select(Person.id)
        .outerjoin(Town, Town.id == Person.town_id)
        .where(
            Person.band.in_(("under14", "14")),
            or_(Town.id.is_(None), not_(alone)),
            Person.erased_at.is_(None),
            Person.band_at <= now - CHILD_CODE_LASTS,
            Person.id.not_in(links),
            Person.id.not_in(codes),
            Person.id.not_in(asking),
        )
        .order_by(Person.id)
        .limit(most)
    ).all()
