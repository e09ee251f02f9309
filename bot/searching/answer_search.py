"""Finding answers by free words, as listings are found: folded, in both scripts, a letter wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.language.fold import fold
from bot.searching.query import LONGEST, WORDS_MOST
from bot.searching.search_words import EMPTY
from bot.searching.vocabulary import Vocabulary
from models.caring.answer import AnswerCard

MOST = 12
_IN_QUESTION, _IN_ANSWER = 3, 1
"""What a word is worth, by where it stands."""

_Text = tuple[int, str, str]
"""A card's number with its question and its answer, folded, in every language it has."""


def find(cards: Sequence[AnswerCard], words: str, *, every: bool = False) -> list[AnswerCard]:
    """The cards in which these words stand, the best first; none where no word of theirs is known.

    With `every` only those in which each of the words stands.
    """
    texts = tuple((card.id, _folded(card.question), _folded(card.answer)) for card in cards)
    asked = [word for word in fold(words[:LONGEST]).split() if word not in EMPTY and len(word) > 1][:WORDS_MOST]
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


def _folded(words: dict[str, str]) -> str:
    return " ".join(fold(said) for _language, said in sorted(words.items()) if said)


@lru_cache(maxsize=4)
def _known(texts: tuple[_Text, ...]) -> Vocabulary:
    """The words of these cards: made anew only when one of them changes."""
    return Vocabulary(tuple(sorted({word for _id, asks, says in texts for word in f"{asks} {says}".split()})))
