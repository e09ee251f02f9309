"""What conversations need to know of the person who is talking, looked up once a turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, CompoundSelect, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from conversations.facts import Me
from models.caring.safety import SafeWord
from models.offers.programme import Town
from models.prepared import Prepared
from models.who import person as people
from models.who.consent import Consent
from models.who.people import Guardianship, Person
from models.who.profile import write_pending
from models.who.staff import StaffRole

__all__ = ["consented", "me_of"]


class Known(Protocol):
    """Somebody as far as `me_of` must know them: a row of the table, or what a turn has read of it."""

    @property
    def id(self) -> int: ...
    @property
    def tag(self) -> str: ...
    @property
    def band(self) -> str: ...
    @property
    def town_id(self) -> int | None: ...
    @property
    def welcomed_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def erased_at(self) -> datetime | None: ...


def me_of(session: Session, person: Known, *, observed: bool = False) -> Me:
    """The person as conversations see them; `observed` where others read along."""
    known: dict[str, list[str]] = {"country": [], "role": [], "own": [], "guardian": [], "word": [], "tells": []}
    write_pending(session)
    for kind, value in _KNOWN.run(session, person=person.id, town=person.town_id):
        known[kind].append(value)
    country = known["country"][0] if known["country"] else ""
    needs_guardian = people.needs_guardian(person.band, country)
    given = known["guardian"] if needs_guardian else known["own"]
    return Me(
        person_id=person.id,
        tag=person.tag,
        welcomed=person.welcomed_at is not None,
        band=person.band,
        country=country,
        town_id=person.town_id,
        needs_guardian=needs_guardian,
        may_book=bool(given) and person.welcomed_at is not None and bool(person.band) and person.erased_at is None,
        roles=tuple(sorted(set(known["role"]))),
        stopped=person.stopped_at is not None,
        safe_word=known["word"][0] if known["word"] else "",
        safe_word_tells=bool(known["tells"]),
        familiar=person.band in ("under14", "14"),
        observed=observed,
    )


def _known() -> CompoundSelect[Any]:
    """Country, roles and consents to take part in one go. A guardian's counts while they are the guardian; once a
    young person may decide alone it lasts until they are asked anew, as their own.
    """
    person, town = bindparam("person", type_=BigInteger), bindparam("town", type_=BigInteger)
    attends = (Consent.person_id == person, Consent.purpose == "attend", Consent.withdrawn_at.is_(None))
    return union_all(
        select(literal("country"), Town.country).where(Town.id == town),
        select(literal("role"), StaffRole.role).where(StaffRole.person_id == person, StaffRole.ended_at.is_(None)),
        select(literal("own"), Consent.purpose).where(*attends),
        select(literal("guardian"), Consent.purpose)
        .join(
            Guardianship,
            (Guardianship.child_id == Consent.person_id) & (Guardianship.guardian_id == Consent.given_by_id),
        )
        .where(*attends, Guardianship.ended_at.is_(None)),
        select(literal("word"), SafeWord.word).where(SafeWord.person_id == person),
        select(literal("tells"), SafeWord.word).where(SafeWord.person_id == person, SafeWord.tells),
    )


_KNOWN = Prepared(lambda _dialect: _known())


def consented(session: Session, person: Person) -> bool:
    """True if whatever consent is needed to book for somebody is there, whoever books."""
    return me_of(session, person).may_book
