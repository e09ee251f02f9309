"""How near a text is to what somebody wrote: which of the words that tell something stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.language.fold import fold
from bot.searching.query import LONGEST, WORDS_MOST
from bot.searching.search_words import EMPTY
from bot.searching.vocabulary import as_spoken

_LIKE = 75.0
"""Likeness (0-100) from which a word may be another one in another case, if they begin alike;"""
_BEGIN = 4
"""so many letters, or all of a shorter one."""
_BESIDE = 0.7
"""What a word is worth in a text, against one in its title or question."""
_SAID = (
    "имам имаш имамо имају немам немаш нема немамо мој моја моје моји мог моју сам си смо сте су је није нисам не",
    "како колико зашто после пре због без бих би може могу можемо добијам добити дајте реците питање одговор",
    "имам имаш имаме имат нямам нямаш няма нямаме мой моя моят моята моите мое съм сме сте са не как колко защо",
    "след преди заради без бих може мога можем получа кажете въпрос отговор един една едно",
    "my our have has had no not am was be how why does did after before because could would get question answer",
)
_LITTLE = frozenset(fold(word) for words in _SAID for word in words.split())
"""Said around what is asked about: an answer is not meant because these stand in it."""


def nearness(asked: Sequence[str], texts: Iterable[str]) -> float:
    """How many of these words stand in texts, the title first: less for another case, less beside the title."""
    places = [text.split() for text in texts]
    worth = (_BESIDE if place else 1.0 for place in range(len(places)))
    weighed = list(zip(places, worth, strict=True))
    return sum(max((_likeness(word, known) * much for known, much in weighed), default=0.0) for word in asked)


def _likeness(word: str, known: Sequence[str]) -> float:
    best = 0.0
    for typed in dict.fromkeys((word, as_spoken(word))):
        found = process.extractOne(typed, known, scorer=fuzz.ratio, score_cutoff=_LIKE)
        if found is not None and found[0][:_BEGIN] == typed[:_BEGIN]:
            best = max(best, found[1] / 100)
    return best


def asked_for(words: str) -> list[str]:
    """The words that say what is asked about."""
    return [word for word in fold(words[:LONGEST]).split() if word not in EMPTY and len(word) > 1][:WORDS_MOST]


def telling(words: str) -> list[str]:
    """Of these words those that no answer merely has around what it says."""
    return [word for word in asked_for(words) if not {word, as_spoken(word)} & _LITTLE and not word.isdigit()]
