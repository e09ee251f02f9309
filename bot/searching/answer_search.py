"""Finding answers by free words, as listings are found: folded, in both scripts, a letter wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.language.fold import fold
from bot.searching.kind_names import kinds_named
from bot.searching.nearness import asked_for, nearness, telling
from bot.searching.texts import texts_of
from bot.searching.vocabulary import Vocabulary, vocabulary_of
from models.caring.answer import AnswerCard

MOST = 12
_IN_QUESTION, _IN_ANSWER = 3, 1
"""What a word is worth, by where it stands."""

_LEAST, _PART, _MORE = 0.75, 0.5, 0.2
"""How much an answer must have: of one word, of several for each, and more than an offer."""
_NAMES = frozenset(
    map(fold, ("право", "права", "правима", "правата", "правото", "полага", "полагат", "rights", "entitled"))
)
"""What names that which the answers are about, as "job" names an offer."""
_Text = tuple[int, str, str]
"""A card's number with its question and its answer, folded, in every language it has."""


def find(cards: Sequence[AnswerCard], words: str, *, every: bool = False) -> list[AnswerCard]:
    """The cards in which these words stand, the best first; none where no word of theirs is known.

    With `every` only those in which each of the words stands.
    """
    texts = tuple((card.id, _folded(card.question), _folded(card.answer)) for card in cards)
    asked = telling(words) or asked_for(words)
    worth: dict[int, int] = {}
    lacking: set[int] = set()
    known = _known(texts)
    for word in asked:
        meant = set(known.mend(word))
        for number, question, answer in texts:
            found = _IN_QUESTION * bool(meant & set(question.split())) or _IN_ANSWER * bool(meant & set(answer.split()))
            worth[number] = worth.get(number, 0) + found
            if every and not found:
                lacking.add(number)
    best = max(worth.values(), default=0)
    hits = [card for card in cards if worth.get(card.id, 0) * 2 > best > 0 and card.id not in lacking]
    return sorted(hits, key=lambda card: (-worth[card.id], card.id))[:MOST]


def rather(session: Session, cards: Sequence[AnswerCard], offers: Sequence[int], words: str) -> bool:
    """True if the best of the cards has these words rather than the best of the offers, which are ids of listings."""
    asked = telling(words)
    answered = max((nearness(asked, (_folded(card.question), _folded(card.answer))) for card in cards), default=0.0)
    columns = texts_of(session, offers).values() if offers else ()
    known = vocabulary_of(session)
    named = sum(1 for word in asked if kinds_named(word, known.mend(word))) if offers else 0
    answered += sum(1 for word in asked if word in _NAMES)
    listed = ((" ".join((*title, *subject)), " ".join(rest)) for title, subject, rest in columns)
    offered = max((nearness(asked, texts) for texts in listed), default=0.0)
    return answered >= max(_LEAST, len(asked) * _PART, offered + _MORE, named + _MORE)


def _folded(words: dict[str, str]) -> str:
    return " ".join(fold(said) for _language, said in sorted(words.items()) if said)


@lru_cache(maxsize=4)
def _known(texts: tuple[_Text, ...]) -> Vocabulary:
    """The words of these cards: made anew only when one of them changes."""
    return Vocabulary(tuple(sorted({word for _id, asks, says in texts for word in f"{asks} {says}".split()})))
