"""For whom the person who is talking may book."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.arriving.knowing import consented
from bot.facts.lookup import Lookup, once
from conversations.facts.offers import Somebody
from models.who.acting import HELPER, covered, mandates_of, sharers_of
from models.who.people import Guardianship, Person


@dataclass(frozen=True, slots=True)
class Whom:
    """Everybody for whom may be booked, looked up once a turn."""

    lookup: Lookup

    @once
    def who(self) -> tuple[Somebody, ...]:
        """The person, their children, who shares their phone, whom they help."""
        me, session = self.lookup.me, self.lookup.session
        found = {me.person_id: Somebody(me.person_id, "", me=True, consented=me.may_book, band=me.band or "")}
        for person in (*self._children(), *sharers_of(session, me.person_id)):
            found.setdefault(person.id, self._somebody(person, person.called))
        for mandate in mandates_of(session, self.lookup.now, me.person_id) if HELPER in me.roles else ():
            family = covered(session, mandate)
            for person in family:
                found.setdefault(person.id, self._somebody(person, person.called, family=family[0].called or "?"))
        return tuple(found.values())

    def bands(self) -> frozenset[str]:
        """The ages for which may be booked; none where that is any: adults may book for a child still to be added."""
        if self.lookup.me.band == "18+":
            return frozenset()
        bands = frozenset(one.band for one in self.who())
        return frozenset() if "" in bands else bands

    def _somebody(self, person: Person, called: str, *, family: str = "") -> Somebody:
        agreed = consented(self.lookup.session, person)
        return Somebody(person.id, called, me=False, consented=agreed, family=family, band=person.band or "")

    def _children(self) -> list[Person]:
        linked = select(Guardianship.child_id).where(
            Guardianship.guardian_id == self.lookup.me.person_id,
            Guardianship.ended_at.is_(None),
            Guardianship.grown_at.is_(None),
        )
        rows = select(Person).where(Person.id.in_(linked), Person.erased_at.is_(None)).order_by(Person.id)
        return list(self.lookup.session.scalars(rows))
