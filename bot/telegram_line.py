"""Telegram in the house: aiogram is imported beside the serving page, and one process polls and sends."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.tongue import tongue
from bot.logs import log
from conversations.every import CONVERSATIONS
from conversations.speech import _
from handlers.channel import Request, Response, Route, SendFailed
from handlers.telegram.channel import WEBHOOK_PATH, TelegramChannel
from models.people import Address, Person
from models.staff import StaffRole

if TYPE_CHECKING:
    from bot.assembly import House

DESCRIPTION = _(
    "Courses, tutoring, internships, jobs and grants near you. Free of charge. Telegram can see that you write here."
)
SHORT = _("Signpost to courses, tutoring, internships, jobs and grants. Free of charge.")
MENUS = {"": "en", "sr": "sr-Latn", "bg": "bg", "en": "en"}
"""Whose texts each of Telegram's two-letter languages gets; it cannot tell scripts apart."""


class TelegramLine:
    """The public bot: comes when aiogram is there, opens when this process holds the lease."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._channel: TelegramChannel | None = None
        self._here = asyncio.Event()
        self._held = False
        self._known_staff: set[str] = set()

    def routes(self) -> Sequence[Route]:
        """The webhook's path, with a public address. Until the channel is there, Telegram is told to come again."""
        return (Route("POST", WEBHOOK_PATH, self._arrived),) if self._house.settings.public_url else ()

    async def _arrived(self, request: Request) -> Response:
        channel = self._channel
        if channel is None:
            return Response(503)
        return await channel.routes()[0].answer(request)

    async def come(self) -> None:
        """Import aiogram (some seconds) in a thread, and open if the lease is held by then."""
        await asyncio.to_thread(importlib.import_module, "handlers.telegram.line")
        self._here.set()
        await self._open()

    async def gained(self) -> None:
        """From now on this process polls and sends."""
        self._held = True
        if self._here.is_set():
            await self._open()

    async def lost(self) -> None:
        """From now on another process does."""
        self._held = False
        self._house.outbox.let_go("telegram")
        await self.stop()

    async def stop(self) -> None:
        """Receive no more."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.stop()

    async def _open(self) -> None:
        house, settings = self._house, self._house.settings
        if self._channel is not None or not (self._held or settings.public_url):
            return
        channel = TelegramChannel(
            settings.telegram_token.get_secret_value(),
            spawn=self._spawn,
            now=house.clock.now,
            api_url=settings.telegram_api_url,
            public_url=settings.public_url or None,
            secret=house.webhook_secret,
        )
        self._channel = channel
        house.outbox.add(channel)
        if self._held:
            await house.outbox.hold("telegram")
        try:
            await channel.start(house.switchboard.receive)
        except SendFailed as failure:
            house.health.starting["telegram"] = f"stopped: {failure.reason}"
            log.error("telegram cannot be used: %s", failure.reason)
            return
        if channel.username:
            known = replace(
                house.rules, links=(("Telegram", f"https://t.me/{channel.username}?start="), *house.rules.links)
            )
            house.dialogue.rules = known
        if self._held:
            house.nursery.start(self._introduce(channel), "telegram menus")

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._house.nursery.start(work, name)

    async def _introduce(self, channel: TelegramChannel) -> None:
        """Name, menus and descriptions in every language; staff get theirs when they become staff."""
        try:
            await channel.set_menu({code: commands(tag, staff=False) for code, tag in MENUS.items()})
            await channel.set_description({code: tongue(tag).speak(DESCRIPTION) for code, tag in MENUS.items()})
            await channel.set_short_description({code: tongue(tag).speak(SHORT) for code, tag in MENUS.items()})
        except SendFailed as failure:
            log.warning("telegram: menus could not be set (%s)", failure.reason)
        while self._channel is channel:
            await self._greet_staff(channel)
            await asyncio.sleep(30)

    async def _greet_staff(self, channel: TelegramChannel) -> None:
        present = await self._house.store.read(_staff_addresses)
        for external_id, tag in present.items():
            if external_id not in self._known_staff:
                await self._set(channel, external_id, {"": commands(tag, staff=True)})
        for external_id in self._known_staff - present.keys():
            await self._set(channel, external_id, {})
        self._known_staff = set(present)

    @staticmethod
    async def _set(channel: TelegramChannel, external_id: str, menu: Mapping[str, Mapping[str, str]]) -> None:
        try:
            await channel.set_staff_menu(external_id, menu)
        except SendFailed as failure:
            log.warning("telegram: a staff menu could not be set (%s)", failure.reason)


def commands(tag: str, *, staff: bool) -> dict[str, str]:
    """The command menu in a language: staff see theirs first."""
    mine = [talk for talk in CONVERSATIONS if talk.command and talk.about and (staff or not talk.role)]
    mine.sort(key=lambda talk: not talk.role)
    speak = tongue(tag).speak
    return {talk.command: speak(talk.about) for talk in mine if talk.about}


def _staff_addresses(session: Session) -> dict[str, str]:
    """Everybody on Telegram with a role: where, and in which language."""
    rows = session.execute(
        select(Address.external_id, Person.tag)
        .join(Person, Person.id == Address.person_id)
        .join(StaffRole, StaffRole.person_id == Person.id)
        .where(Address.channel == "telegram", Address.active, StaffRole.ended_at.is_(None))
    )
    return {row.external_id: row.tag for row in rows}
