"""What people do again and again in the tests from outside, written in English and done in Serbian."""

from __future__ import annotations

import os
import re

from bot.language.tongue import tongue
from conversations.speech import Text
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.people import Person
from tests.fakes.viber.people import Person as ViberPerson

Someone = Person | ViberPerson
"""Somebody on either platform: what they do is the same, how it reaches us is not."""

WITHIN = float(os.environ.get("PUTOKAZ_TEST_PATIENCE", "30"))
"""Seconds in which an answer must be there, on a busy machine of two cores."""
MENU = "🔎 What is on"
"""A button by which the menu is known."""
TITLE = "Matematika: pomoć u učenju"
MATHS = f"[1. {TITLE}]"
WHICH = "Koji termin odgovara?"
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


def finds_maths(person: Someone) -> str:
    """Looks for maths and opens what is found. How the first session that has free places is chosen then."""
    if isinstance(person, Person):
        do(person, ("matematika", MATHS[1:-1]), (MATHS, SESSIONS))
        return f"[{next(label for label in person.last.labels if '·' in label)}]"
    do(person, ("matematika", TITLE), (f"[{TITLE}]", WHICH))
    return "1"


def asks_parent(child: Someone) -> str:
    """A child chooses a session and hands it on to a parent. The code in the link for them."""
    do(child, (finds_maths(child), "Ask my parent or guardian"), ("[Ask my parent or guardian]", MENU))
    link = child.find("t.me", since=0)
    assert link is not None
    code = re.search(r"t\.me/\w+\?start=([A-Za-z0-9_-]{22})", link.text)
    assert code is not None
    return code[1]


def agrees(parent: Person, code: str) -> None:
    """A parent comes by the link, and says yes to everything that the child may do."""
    parent.start(code)
    parent.wait("Putokaz", WITHIN)
    do(
        parent,
        ("[Srpski]", "This is for a parent or guardian. Is an adult (18 or more) reading this?"),
        ("[Yes]", "Go on"),
        ("[Go on]", "Who is saying yes?"),
        ("[Mother]", "Done"),
        ("1, 2, 3", "Done"),
        (sr("Done"), "Change it"),
        ("[Yes]", "Thank you! The child knows now. To change or take it back: “my data”, “My children”."),
    )


def joins(staff: Person, code: str) -> None:
    """Somebody becomes staff by an invitation."""
    staff.start(code)
    staff.wait("Putokaz", WITHIN)
    do(staff, ("[Srpski]", "Yes"))
    do(staff, ("[Yes]", "Welcome to the team! Everything for staff is in the menu, under “For staff”."))


def to_young_people(words: str) -> tuple[tuple[str, str], ...]:
    """What staff do to write to all young people, in a chat of their own or at the desk."""
    return (
        ("/broadcast", "✏️ Write a new one"),
        ("[✏️ Write a new one]", "Young people"),
        ("[Young people]", "What should the message say? Short and plain is best."),
        (words, "Done"),
        ("[Done]", "No button"),
        ("[No button]", "📤 Send now"),
        ("[📤 Send now]", "Yes, send it"),
        ("[Yes, send it]", "📤 It is going out."),
    )


def at_desk(group: Group, leader: Person, *acts: tuple[str, str]) -> None:
    """The coordinator taps or writes in the group, and sees an answer there."""
    for act, answer in acts:
        if act.startswith("["):
            group.press(leader, sr(act[1:-1]))
        else:
            group.write(leader, act)
        group.wait(sr(answer), WITHIN)


def how_often(words: str, person: Person) -> int:
    """How many messages with these words the platform was asked to show somebody, edits and deletions aside."""
    sent = person.fake.calls("sendMessage")
    return sum(call.params["chat_id"] == person.id and sr(words) in call.params["text"] for call in sent)
