"""What people do again and again in the tests from outside, written in English and done in Serbian."""

from __future__ import annotations

import os

from bot.language.tongue import tongue
from conversations.speech import Text
from tests.fakes.telegram.people import Person
from tests.fakes.viber.people import Person as ViberPerson

Someone = Person | ViberPerson
"""Somebody on either platform: what they do is the same, how it reaches us is not."""

WITHIN = float(os.environ.get("PUTOKAZ_TEST_PATIENCE", "30"))
"""Seconds in which an answer must be there, on a busy machine of two cores."""
MENU = "🔎 What is on"
"""A button by which the menu is known."""
MATHS = "[1. Matematika: pomoć u učenju]"
SESSIONS = "Dnevni boravak za decu i mlade, Bor"
"""Stands on the card of the listing, under which its sessions are on offer, and not in the list."""


def sr(english: str) -> str:
    """A text as it is in Serbian; words that are in no catalogue stay as they are."""
    return tongue("sr-Latn").speak(Text(english))


def tap(person: Someone, label: str) -> None:
    """Tap a button by its label, which is translated."""
    if isinstance(person, Person):
        person.tap(sr(label))
    else:
        person.presses(sr(label))


def write(person: Someone, words: str) -> None:
    """Write some words, as they stand."""
    if isinstance(person, Person):
        person.write(words)
    else:
        person.writes(words)


def do(person: Someone, *acts: tuple[str, str]) -> None:
    """Each act is something to tap ("[label]") or to write, and what is shown in answer."""
    for act, answer in acts:
        if act.startswith("["):
            tap(person, act[1:-1])
        else:
            write(person, act)
        person.wait(sr(answer), WITHIN)


def welcomed(person: Someone, band: str = "15 to 17") -> None:
    """Somebody from Bor opens the chat and answers the welcome, from the language to the menu."""
    if isinstance(person, Person):
        person.start()
    else:
        person.opens()
    person.wait("Putokaz", WITHIN)
    do(
        person,
        ("[Srpski]", "All right"),
        ("[All right]", "How old are you?"),
        (f"[{band}]", "Skip"),
        ("bor", "Done"),
    )
    write(person, sr("Done"))
    if band != "Under 14":
        person.wait(sr("Yes"), WITHIN)
        tap(person, "Yes")
    person.wait(sr(MENU), WITHIN)


def finds_maths(person: Person) -> str:
    """Looks for maths and opens what is found. The label of the first session that has free places."""
    do(person, ("matematika", MATHS[1:-1]), (MATHS, SESSIONS))
    return f"[{next(label for label in person.last.labels if '·' in label)}]"


def how_often(words: str, person: Person) -> int:
    """How many messages with these words the platform was asked to show somebody, edits and deletions aside."""
    sent = person.fake.calls("sendMessage")
    return sum(call.params["chat_id"] == person.id and sr(words) in call.params["text"] for call in sent)
