"""One act of a member at the desk: who acts, where, with what; and how to answer there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk import words
from bot.doing import Doing
from bot.language.tongue import Speaker, spoken, tongue
from bot.telling import queue
from conversations.speech import Say, Spoken, Text, verbatim
from handlers.desk.arriving import DeskArrival
from models.caring import desk
from models.caring.desk import DeskGroup
from models.who.people import Person


@dataclass(slots=True)
class Act:
    """Somebody with a role does something. `answer` is what is shown at once: over the button, or as a sign."""

    doing: Doing
    arrival: DeskArrival
    group: DeskGroup
    person: Person
    roles: frozenset[str]
    answer: str = field(default="")

    @property
    def tag(self) -> str:
        """The language chosen for the group, where others read along; else that of who acts."""
        return (self.group.tag if self.arrival.place else "") or self.person.tag

    @property
    def speak(self) -> Speaker:
        """That language."""
        return tongue(self.tag)

    @property
    def where(self) -> str:
        """The place where it was said; in a private chat the chat itself."""
        return self.arrival.place or self.arrival.sender.external_id

    def show(self, text: Text) -> None:
        """Show a few words over the button that was pressed: only who pressed reads them."""
        self.answer = tongue(self.person.tag).speak(text)

    def post(self, say: Say, drawn: Mapping[str, Any] | None = None) -> None:
        """Answer where it was said, for all who read there."""
        address_id = desk.place(self.doing.session, self.doing.now, self.group.room_id, self.where)
        written = queue(self.doing.session, self.doing.now, address_id, spoken(say, self.speak), "reply", drawn=drawn)
        self.doing.outgoing.append(written)

    def tell(self, text: Text) -> None:
        """Tell in words: over the button, or where it was written."""
        if self.arrival.heard.tap:
            self.show(text)
        else:
            self.post(Say(text))


def post(doing: Doing, group: DeskGroup, address_id: int, say: Say, *, edits: str = "") -> int:
    """Post something in the group's own language. Returns the id of the message."""
    tag = doing.session.get_one(Person, group.room_id).tag
    message: Spoken = spoken(say, tongue(tag))
    written = queue(doing.session, doing.now, address_id, message, "reply", edits=edits)
    doing.outgoing.append(written)
    return written


def name_of(doing: Doing, person_id: int | None) -> Text:
    """What a member of staff is called, or their number."""
    person = doing.session.get(Person, person_id) if person_id is not None else None
    if person is not None and person.called:
        return verbatim(person.called)
    return words.COLLEAGUE.of(number=person_id or 0)
