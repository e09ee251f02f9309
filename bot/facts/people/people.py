"""Facts about people, from the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.facts.lookup import Lookup
from bot.facts.people.acting import acting, concerning, helpers_of_staff
from bot.facts.people.joined import joined_chats, theirs
from bot.facts.people.own_data import everything
from bot.language.languages import BY_TAG, LANGUAGES
from bot.lines.chats import name_of
from bot.telling import best_address, zone_of
from conversations.facts.people import Acting, Chat, Child, Given, Held, Helper, JoinedChats, Named, Sharer
from conversations.speech import Document, Moment, Words
from models.caring.case import Request
from models.offers.call import Application
from models.offers.programme import Organisation, Subject, Town
from models.places.booking import Booking
from models.prepared import Prepared
from models.who import consent, growing
from models.who.acting import mandates_of, sharers_of, shares
from models.who.consent import Consent
from models.who.linking import chats_of
from models.who.people import Address, Guardianship, Interest, Person

T = TypeVar("T")

FILE_MOST = 48_000
"""Bytes of the file that "my data" hands over; what does not fit is the oldest of the messages."""

_TOWNS = Prepared(lambda _dialect: select(Town.code, Town.name, Town.languages).order_by(Town.id))
_SUBJECTS = Prepared(lambda _dialect: select(Subject.code, Subject.name, Subject.icon).order_by(Subject.id))
_KEEPERS = Prepared(lambda _dialect: select(Organisation.name).order_by(Organisation.id))
_CHOSEN = Prepared(lambda _dialect: select(Person.language_chosen).where(Person.id == bindparam("person")))


def keepers(session: Session) -> tuple[Words, ...]:
    """The organisations that keep the data."""
    return tuple(Words.of(name) for (name,) in _KEEPERS.run(session))


KEPT = timedelta(seconds=30)
"""How long towns and subjects are kept in memory: every welcome shows them, and they hardly ever change."""
_KEPT: WeakKeyDictionary[object, dict[str, tuple[datetime, Any]]] = WeakKeyDictionary()


def _kept(lookup: Lookup, name: str, read: Callable[[], T]) -> T:
    """What was read a moment ago, for each database apart. A clock that stands or goes back reads anew."""
    known = _KEPT.setdefault(lookup.session.get_bind().engine, {})
    at, value = known.get(name, (None, None))
    if at is None or not timedelta(0) < lookup.now - at < KEPT:
        value = read()
        known[name] = (lookup.now, value)
    return cast(T, value)


def _named_towns(session: Session) -> tuple[tuple[Named, str], ...]:
    """All towns, each with the language that most people speak there."""
    return tuple((Named(code, Words.of(name)), (*spoken, "")[0]) for code, name, spoken in _TOWNS.run(session))


def _named_subjects(session: Session) -> tuple[Named, ...]:
    return tuple(Named(code, Words.of(name), icon) for code, name, icon in _SUBJECTS.run(session))


def _as_json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """What there is to know about people, for the person who is talking."""

    lookup: Lookup

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Tag and native name of every language, the person's own (or guessed) first."""
        mine = self.lookup.me.tag
        ordered = sorted(LANGUAGES, key=lambda language: language.tag != mine)
        return tuple((language.tag, language.native) for language in ordered)

    @property
    def language_chosen(self) -> bool:
        """False while the language is only a guess from the platform."""
        ((chosen,),) = _CHOSEN.run(self.lookup.session, person=self.lookup.me.person_id)
        return bool(chosen)

    @property
    def privacy_url(self) -> str:
        """Where the full privacy page is; "" without a public address."""
        return self.lookup.rules.privacy_url

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """For every channel that has deep links: its name and what a code is appended to."""
        return tuple((name.capitalize(), prefix) for name, prefix in self.lookup.rules.links)

    def keepers(self) -> tuple[Words, ...]:
        """The organisations that keep the data."""
        return keepers(self.lookup.session)

    def towns(self) -> tuple[Named, ...]:
        """All towns, those that speak the person's language first."""
        base = BY_TAG[self.lookup.me.tag].base
        known = _kept(self.lookup, "towns", lambda: _named_towns(self.lookup.session))
        return tuple(named for named, _first in sorted(known, key=lambda town: town[1] != base))

    def subjects(self) -> tuple[Named, ...]:
        """All subjects that one can be interested in."""
        return _kept(self.lookup, "subjects", lambda: _named_subjects(self.lookup.session))

    def children(self) -> tuple[Child, ...]:
        """The children the person speaks for."""
        session = self.lookup.session
        rows = session.execute(
            select(Guardianship, Person)
            .join(Person, Person.id == Guardianship.child_id)
            .where(
                Guardianship.guardian_id == self.lookup.me.person_id,
                Guardianship.ended_at.is_(None),
                Person.erased_at.is_(None),
            )
            .order_by(Guardianship.id)
        ).all()
        return tuple(
            Child(
                person_id=child.id,
                called=child.called,
                band=child.band,
                relation=link.relation,
                may_book=me_of(session, child).may_book,
                reminders=link.reminders,
                decides=link.grown_at is not None,
                own_chat=self._count(Address, Address.person_id == child.id) > 0,
                consents=self._consents(child.id, mine_only=True),
            )
            for link, child in rows
        )

    def joined(self) -> JoinedChats | None:
        """The joining that this chat can ask to be undone; None if there is none."""
        lookup = self.lookup
        row = theirs(lookup.session, lookup.now, lookup.me.person_id, lookup.address_id)
        return joined_chats(lookup.session, row, lookup.address_id, self._zone()) if row is not None else None

    def chats(self) -> tuple[Chat, ...]:
        """The person's chats, the one they wrote in last first."""
        session, me = self.lookup.session, self.lookup.me.person_id
        best = best_address(session, me, self.lookup.now, self.lookup.rules.tariffs)
        zone = self._zone()
        return tuple(
            Chat(
                address_id=chat.id,
                name=name_of(chat.channel),
                this=chat.id == self.lookup.address_id,
                active=chat.active,
                chosen=chat.preferred_at is not None,
                reminders=best is not None and best.id == chat.id,
                heard=Moment(chat.last_heard_at, zone, "date") if chat.last_heard_at else None,
            )
            for chat in chats_of(session, me)
        )

    def consents(self) -> tuple[Given, ...]:
        """The consents that stand for the person: their own and their guardians'."""
        return self._consents(self.lookup.me.person_id)

    def held(self) -> Held:
        """What "my data" shows."""
        person, session = self._person(), self.lookup.session
        town = session.get(Town, person.town_id) if person.town_id is not None else None
        interests = session.scalars(
            select(Subject.name)
            .join(Interest, Interest.subject_id == Subject.id)
            .where(Interest.person_id == person.id)
            .order_by(Subject.id)
        ).all()
        return Held(
            native=BY_TAG[person.tag].native,
            band=person.band,
            called=person.called,
            town=Words.of(town.name) if town else None,
            interests=tuple(Words.of(name) for name in interests),
            consents=self.consents(),
            guardians=self._count(Guardianship, Guardianship.child_id == person.id, Guardianship.ended_at.is_(None)),
            children=self.children(),
            bookings=self._count(Booking, Booking.person_id == person.id),
            applications=self._count(Application, Application.person_id == person.id),
            requests=self._count(Request, Request.person_id == person.id, Request.kind != "safety"),
            addresses=self._count(Address, Address.person_id == person.id),
            since=Moment(person.created_at, self._zone(), "day"),
        )

    def on_paper(self) -> bool:
        """True where a guardian's consent for the person stands on paper."""
        return consent.on_paper(self.lookup.session, self.lookup.me.person_id)

    def bands_reached(self) -> tuple[str, ...]:
        """The bands that a child may have by now, the present one first; () unless one of them lets it decide alone."""
        return growing.bands_reached(self.lookup.session, self._person(), self.lookup.now)

    def guardians_remind(self) -> bool:
        """True where a guardian gets reminders of what the person booked."""
        return growing.guardians_remind(self.lookup.session, self.lookup.me.person_id)

    def data_file(self, person_id: int = 0) -> Document:
        """What "my data" hands over: everything held, as JSON; also of somebody who shares the phone."""
        session, whose = self.lookup.session, self._person()
        if person_id and shares(session, whose.id, person_id):
            whose = session.get_one(Person, person_id)
        data = everything(session, whose)
        content = _as_json(data)
        while len(content) > FILE_MOST and data["messages_to_the_team"]:
            data["messages_to_the_team"].pop()
            data["older_messages_left_out"] = data.get("older_messages_left_out", 0) + 1
            content = _as_json(data)
        return Document("putokaz.json", "application/json", content)

    def sharers(self) -> tuple[Sharer, ...]:
        """Who uses the person's phone too."""
        session = self.lookup.session
        found = []
        for person in sharers_of(session, self.lookup.me.person_id):
            theirs = KnownPeople(replace(self.lookup, me=me_of(session, person)))
            found.append(Sharer(person.id, person.called, theirs.lookup.me.may_book, theirs.held()))
        return tuple(found)

    def acting_for_me(self) -> tuple[Acting, ...]:
        """Which helpers may act for the person or their children."""
        return tuple(acting(self.lookup, row) for row in concerning(self.lookup))

    def helpers(self) -> tuple[Helper, ...]:
        """The helpers of the organisations in which the person is staff."""
        return helpers_of_staff(self.lookup)

    def families(self) -> tuple[Acting, ...]:
        """For whom the person may act as a helper."""
        mine = mandates_of(self.lookup.session, self.lookup.now, self.lookup.me.person_id)
        return tuple(acting(self.lookup, row) for row in mine)

    def _person(self) -> Person:
        return self.lookup.session.get_one(Person, self.lookup.me.person_id)

    def _zone(self) -> str:
        return zone_of(self.lookup.session, self._person(), self.lookup.rules)

    def _count(self, table: type, *where: object) -> int:
        found = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]  # column expressions
        return self.lookup.session.scalar(found) or 0

    def _consents(self, person_id: int, *, mine_only: bool = False) -> tuple[Given, ...]:
        me = self.lookup.me.person_id
        wanted = select(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
        if mine_only:
            wanted = wanted.where(Consent.given_by_id == me)
        zone = self._zone()
        return tuple(
            Given(row.purpose, Moment(row.given_at, zone, "day"), row.given_by_id == me)
            for row in self.lookup.session.scalars(wanted.order_by(Consent.id)).all()
        )
