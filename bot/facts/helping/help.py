"""Facts about help, from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.arriving.numbers import number
from bot.caring.two_again import decides
from bot.facts.helping import expected
from bot.facts.helping.answers import KnownAnswers, shown_day
from bot.facts.helping.lines import line_of
from bot.facts.lookup import once
from bot.language.phones import read_phone
from bot.telling import after_quiet, zone_of
from conversations.facts.help import CallWish, Expected, Hotline, Readers, Thread, Waiting
from conversations.help.emergency import card
from conversations.help.numbers import COUNTRIES, LASTING, first_for
from conversations.speech import Moment, Say, Words
from models.caring import answer as answer_book
from models.caring import callback, case, handling, reading
from models.messages.message import StoredAttachment
from models.who import two_again
from models.who.people import Person

CARD_MOST = 4
"""Numbers on the card of an emergency."""
CARD_MOST_EACH = 3
"""Numbers of each country, where the person's is not known."""


@dataclass(frozen=True, slots=True)
class KnownHelp(KnownAnswers):
    """What there is to know about help, for the person who is talking."""

    # ------------------------------------------------------------ numbers

    def safety_card(self, kind: str) -> tuple[Say, ...]:
        """The card to show at once when words hint at an emergency of that kind. Never empty."""
        numbers = self.hotlines()
        wanted = self._wanted(kind)
        who = answer_book.ADULT if self.lookup.me.band == "18+" else answer_book.CHILD
        countries = tuple(dict.fromkeys(line.country for line in numbers))
        most = CARD_MOST if len(countries) == 1 else CARD_MOST_EACH
        shown: list[Hotline] = []
        for country in countries:
            shown.extend(first_for(tuple(n for n in numbers if n.country == country), wanted, most, who))
        return card(kind, tuple(shown), self.readers(), somebody=self._somebody())

    def _somebody(self) -> bool:
        """True if there is a person to take a case."""
        roles = ("safeguarding", "admin")
        return any(set(reading.with_role(self.lookup.session, role)) - {self.lookup.me.person_id} for role in roles)

    def _wanted(self, kind: str) -> frozenset[int]:
        rows = answer_book.hotlines(self.lookup.session, self.lookup.me.country)
        return frozenset(row.id for row in rows if kind in row.concerns)

    def hotlines(self) -> tuple[Hotline, ...]:
        """The numbers of the person's country, or of all where it is not known. Never empty."""
        mine = self.lookup.me.country
        found = self.numbers()
        return tuple(line for country in found if mine in ("", country) for line in found[country]) or LASTING

    def numbers(self) -> Mapping[str, tuple[Hotline, ...]]:
        """The numbers by country: first the person's, or that of their language. None of them is empty."""
        found = [self._hotline(row) for row in answer_book.hotlines(self.lookup.session, "") if row.number.strip()]
        first = self._first_country()
        countries = dict.fromkeys((first, *COUNTRIES, *(line.country for line in found)))
        by_country: dict[str, tuple[Hotline, ...]] = {}
        for country in countries:
            theirs = [line for line in found if line.country == country]
            if not any(line.lasting for line in theirs):
                theirs.extend(line for line in LASTING if line.country == country)
            if theirs:
                by_country[country] = tuple(theirs)
        return by_country

    def today(self) -> str:
        """The day it is where the person is, as ISO writes it."""
        person = self.lookup.session.get(Person, self.lookup.me.person_id)
        zone = zone_of(self.lookup.session, person, self.lookup.rules) if person else self.lookup.rules.zone
        return self.lookup.now.astimezone(ZoneInfo(zone)).date().isoformat()

    def _first_country(self) -> str:
        """The person's country; where it is not known, the one in which their language is spoken."""
        return self.lookup.me.country or ("BG" if self.lookup.me.tag == "bg" else "RS")

    def _hotline(self, row: answer_book.Hotline) -> Hotline:
        checked = row.checked_at
        return Hotline(
            row.id,
            row.country,
            row.number,
            Words.of(row.name),
            Words.of(row.hours),
            row.source,
            row.source_date,
            row.lasting,
            row.active,
            shown_day(checked.astimezone(ZoneInfo(self.lookup.rules.zone)).date()) if checked else "",
            checked is None or checked + answer_book.CHECK_EVERY <= self.lookup.now,
            next((who for who in (answer_book.CHILD, answer_book.ADULT) if who in row.concerns), ""),
        )

    def book(self, offset: int, size: int) -> tuple[tuple[Hotline, ...], int]:
        """All numbers, also those taken off, for staff to check; the ones that are due first."""
        rows = [self._hotline(row) for row in answer_book.hotlines(self.lookup.session, "", also_removed=True)]
        first = self._first_country()
        rows.sort(key=lambda line: (not line.due, line.country != first))
        return tuple(rows[offset : offset + size]), len(rows)

    def hotline(self, hotline_id: str) -> Hotline | None:
        """One number, for staff."""
        row = self.lookup.session.get(answer_book.Hotline, number(hotline_id))
        return self._hotline(row) if row else None

    # ------------------------------------------------------------ requests

    def readers(self) -> Readers:
        """When the team reads: outside the quiet hours of the person's town."""
        rules, now = self.lookup.rules, self.lookup.now
        opens, zone = after_quiet(now, self._zone(), rules), self._zone()
        tomorrow = opens.astimezone(ZoneInfo(zone)).date() > now.astimezone(ZoneInfo(zone)).date()
        return Readers(opens <= now, Moment(opens, zone, "full"), rules.quiet_until, rules.quiet_from, tomorrow)

    @once
    def expected(self) -> tuple[Expected, ...]:
        """What the person, or somebody they act for, can be late for now, the nearest first."""
        return expected.expected(self.lookup)

    def waits(self) -> bool:
        """True if the person has sent something that nobody from the team has answered yet."""
        request = case.alive(self.lookup.session, self.lookup.me.person_id, "talk")
        last = handling.messages(self.lookup.session, request.id, 1) if request else []
        return bool(last) and last[0].author_id == self.lookup.me.person_id

    def inbox(self, offset: int, size: int) -> tuple[tuple[Waiting, ...], int]:
        """Requests that this person may read as staff, from an offset on, and how many there are."""
        found = reading.readable(self.lookup.session, self.lookup.me.person_id)
        return tuple(self._waiting(request) for request in found[offset : offset + size]), len(found)

    def thread(self, request_id: str) -> Thread | None:
        """A request with its words, if this person may read it as staff and nobody has closed it."""
        session = self.lookup.session
        request = session.get(case.Request, number(request_id))
        if (
            request is None
            or request.state == "closed"
            or not reading.may_read(session, request, self.lookup.me.person_id)
        ):
            return None
        said = handling.messages(session, request.id)
        attached = [message.attachment_id for message in said if message.attachment_id is not None]
        kinds = {
            row.id: row.kind
            for row in session.execute(
                select(StoredAttachment.id, StoredAttachment.kind).where(StoredAttachment.id.in_(attached))
            )
        }
        return Thread(
            self._waiting(request),
            tuple(
                line_of(
                    session,
                    message,
                    Moment(message.created_at, self.lookup.rules.zone, "short"),
                    ours=message.author_id != request.person_id,
                    sent=kinds.get(message.attachment_id, "") if message.attachment_id is not None else "",
                )
                for message in said
            ),
            request.concern,
            request.denied_at is not None,
            self._wish(request.id),
            self._joined(request),
        )

    def _joined(self, request: case.Request) -> bool:
        """True if who looks may make two of one here (bot/caring/two_again.py), and somebody was joined."""
        session = self.lookup.session
        if decides(session, request, self.lookup.me.person_id) is None:
            return False
        return two_again.was_joined(session, request.person_id)

    def _wish(self, request_id: int) -> CallWish | None:
        """The call that the request waits for, with its number as people write it."""
        return _as_wish(callback.waiting(self.lookup.session, request_id))

    def my_call(self) -> CallWish | None:
        """The call that the person who talks waits for."""
        return _as_wish(callback.of_person(self.lookup.session, self.lookup.me.person_id))

    def colleagues(self, request_id: str) -> tuple[tuple[str, str], ...]:
        """Who else may answer it: (person id, what they are called or "")."""
        session = self.lookup.session
        request = session.get(case.Request, number(request_id))
        if request is None or not reading.may_read(session, request, self.lookup.me.person_id):
            return ()
        others = set(reading.readers(session, request)) - {self.lookup.me.person_id}
        rows = session.execute(select(Person.id, Person.called).where(Person.id.in_(others)).order_by(Person.id))
        return tuple((str(row.id), row.called) for row in rows)

    def _waiting(self, request: case.Request) -> Waiting:
        person = self.lookup.session.get_one(Person, request.person_id)
        since = self.lookup.session.scalars(
            select(func.min(case.RequestMessage.created_at)).where(
                case.RequestMessage.request_id == request.id,
                case.RequestMessage.author_id == request.person_id,
                case.RequestMessage.seen_at.is_(None),
            )
        ).first()
        return Waiting(
            request.id,
            request.kind,
            person.called if request.kind != "safety" else "",
            person.tag,
            Moment(since or request.created_at, self.lookup.rules.zone, "short"),
            case.unseen(self.lookup.session, request),
            request.state == "taken",
            request.taken_by_id == self.lookup.me.person_id,
        )


def _as_wish(row: callback.Callback | None) -> CallWish | None:
    """A call that waits, with its number as people write it."""
    if row is None:
        return None
    read = read_phone(row.phone, "")
    return CallWish(read.shown if read else row.phone, row.wanted, row.tries)
