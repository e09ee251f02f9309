"""What Telegram shows of the bot itself: its name, descriptions and command menus, by language and by role."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.tongue import tongue
from bot.running.logs import log
from conversations.every import CONVERSATIONS
from conversations.speech import _
from handlers.channel import SendFailed
from handlers.telegram.channel import TelegramChannel
from models.who.people import Address, Person
from models.who.staff import StaffRole

NAME = _("Putokaz: courses, help, jobs")
OWN_NAMES = ("putokaz", "путоказ")
DESCRIPTION = _(
    "Courses, tutoring, internships, jobs and grants near you. Free of charge. Telegram can see that you write here."
)
SHORT = _("Signpost to courses, tutoring, internships, jobs and grants. Free of charge.")
MENUS = {"": "en", "sr": "sr-Latn", "bg": "bg", "en": "en"}
"""Whose texts each of Telegram's two-letter languages gets; it cannot tell scripts apart."""
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose menu it is: the language, and the roles held today."""

    tag: str
    roles: frozenset[str] = NOBODY


class Profile:
    """Sets what is not set so already, and goes on where the platform refuses one thing: it limits these calls hard."""

    def __init__(self, channel: TelegramChannel, name: str = "") -> None:
        self._channel = channel
        self._name = name
        self._greeted: dict[str, Reader] = {}

    async def introduce(self) -> None:
        """The name, the descriptions and the menu of everybody, in every language."""
        said = {code: tongue(tag).speak for code, tag in MENUS.items()}
        channel, name = self._channel, self._name
        await self._tried("menus", channel.set_menu({code: commands(Reader(tag)) for code, tag in MENUS.items()}))
        await self._tried(
            "descriptions", channel.set_description({code: speak(DESCRIPTION) for code, speak in said.items()})
        )
        await self._tried(
            "short descriptions", channel.set_short_description({code: speak(SHORT) for code, speak in said.items()})
        )
        await self._tried("names", self._set_names({code: name or speak(NAME) for code, speak in said.items()}))

    async def _set_names(self, names: Mapping[str, str]) -> None:
        """A name that the owner chose at BotFather stays, unless the settings name another."""
        called = self._name or await self._channel.ask_called()
        if self._name or any(own in called.casefold() for own in OWN_NAMES):
            await self._channel.set_name(names)

    async def greet(self, present: Mapping[str, Reader]) -> None:
        """The menus of those who are staff, or were: once each, and again when their roles or their language change."""
        for external_id, reader in present.items():
            if self._greeted.get(external_id) == reader:
                continue
            menu = commands(reader)
            own = {"": menu} if menu.keys() != commands(Reader(reader.tag)).keys() else {}
            if await self._tried("a menu of staff", self._channel.set_staff_menu(external_id, own)):
                self._greeted[external_id] = reader
        for external_id in self._greeted.keys() - present.keys():
            if await self._tried("a menu of staff", self._channel.set_staff_menu(external_id, {})):
                del self._greeted[external_id]

    async def _tried(self, what: str, call: Awaitable[None]) -> bool:
        try:
            await call
        except SendFailed as failure:
            log.warning("telegram: not set", what=what, reason=failure.reason)
            return failure.kind in ("gone", "refused")  # trying again would change nothing
        return True


def commands(reader: Reader) -> dict[str, str]:
    """The command menu of somebody: what their roles let them do first, then what everybody can."""
    mine = [talk for talk in CONVERSATIONS if talk.command and talk.about and _may(talk.role, reader.roles)]
    mine.sort(key=lambda talk: not talk.role)
    speak = tongue(reader.tag).speak
    return {talk.command: speak(talk.about) for talk in mine if talk.about}


def _may(role: str, held: frozenset[str]) -> bool:
    """As conversations/engine/hearing.py lets people: administrators may all that staff may."""
    return not role or role in held or "admin" in held or (role == "professional" and "staff" in held)


def staff_on_telegram(session: Session) -> dict[str, Reader]:
    """Everybody on Telegram who has or had a role: where they write, in which language, and what they are today."""
    rows = session.execute(
        select(Address.external_id, Person.tag, StaffRole.role, StaffRole.ended_at)
        .join(Person, Person.id == Address.person_id)
        .join(StaffRole, StaffRole.person_id == Person.id)
        .where(Address.channel == "telegram", Address.active)
    )
    found: dict[str, Reader] = {}
    for external_id, tag, role, ended in rows:
        held = found.get(external_id, Reader(tag)).roles
        found[external_id] = Reader(tag, held if ended is not None else held | {role})
    return found
