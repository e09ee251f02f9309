"""Facts about the answer book, from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.facts.lookup import Lookup, once
from bot.facts.offers.finding import Finding
from bot.language.wishes import spoken_of
from bot.searching.answer_search import find, rather
from bot.telling import zone_of
from conversations.facts.help import Answer
from conversations.speech import Words
from models.caring import answer as answer_book
from models.caring.answer_keeping import voice_of
from models.offers.programme import Organisation
from models.who.people import Person

_COMPARED = 5
"""The best offers that are weighed against the best answer."""


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """What there is to know about answers, for the person who is talking."""

    lookup: Lookup

    def topics(self) -> tuple[str, ...]:
        """Topics that have a card for this person."""
        return tuple(dict.fromkeys(row.topic for row in self._cards()))

    def answers(self, topic: str) -> tuple[Answer, ...]:
        """The cards of a topic, for the person's country, reviewed in time."""
        return tuple(self._answer(row) for row in self._cards() if row.topic == topic)

    def answer(self, card_id: str) -> Answer | None:
        """One card, unless its review is overdue."""
        return next((self._answer(row) for row in self._cards() if str(row.id) == card_id), None)

    @once
    def look_up(self, words: str, *, every: bool = False) -> tuple[Answer, ...]:
        """The cards in which the words stand, in any script and with a letter wrong, the best first.

        With `every` only those in which each of them stands.
        """
        return tuple(self._answer(row) for row in find(self._cards(), words, every=every))

    def on_offer(self, words: str) -> bool:
        """True if something on offer has all of these words."""
        return Finding(self.lookup).all_of(words)

    def sought(self, words: str) -> bool:
        """True if something on offer has all of these words, or they speak of something else that is there."""
        return bool(self.wishes(words)) or self.on_offer(words)

    @once
    def rather(self, words: str) -> bool:
        """True if an answer has these words rather than anything on offer: that is what was asked for."""
        cards = self._cards()
        if not find(cards, words):
            return False
        offers = Finding(self.lookup).search(words=words, offset=0, limit=_COMPARED)
        return rather(self.lookup.session, cards, [found.listing_id for found in offers.found], words)

    @once
    def wishes(self, words: str) -> tuple[str, ...]:
        """What these words speak of beside an offer."""
        return spoken_of(words)

    def _cards(self) -> list[answer_book.AnswerCard]:
        me = self.lookup.me
        return answer_book.cards(self.lookup.session, self._today(), me.country, me.town_id)

    def _answer(self, row: answer_book.AnswerCard) -> Answer:
        session = self.lookup.session
        organisation = session.get(Organisation, row.organisation_id) if row.organisation_id is not None else None
        return Answer(
            row.id,
            row.topic,
            row.country,
            Words.of(row.question),
            Words.of(row.answer),
            row.source,
            shown_day(row.source_date),
            row.code,
            Words.of(organisation.name) if organisation else Words(),
            voice_of(session, row.id, self.lookup.me.tag.partition("-")[0]),
        )

    def _today(self) -> date:
        return self.lookup.now.astimezone(ZoneInfo(self._zone())).date()

    def _zone(self) -> str:
        person = self.lookup.session.get(Person, self.lookup.me.person_id)
        return zone_of(self.lookup.session, person, self.lookup.rules) if person else self.lookup.rules.zone


def shown_day(day: date) -> str:
    """A day with its year, as all our languages can read it."""
    return f"{day.day}.{day.month}.{day.year}"
