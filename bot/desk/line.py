"""The desk in the house: its groups checked, its topics made and closed, its posts kept up to date, under its lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bot.desk import errands, words
from bot.desk.look import NoOrganisation, look, set_up
from bot.language.tongue import tongue
from bot.lines.channel_line import Spawn
from bot.running.logs import log
from conversations.every import CONVERSATIONS
from handlers.channel import Channel, SendFailed
from handlers.desk.channel import DeskChannel
from models.caring import desk

if TYPE_CHECKING:
    from bot.assembly import House

EVERY = 1.0
"""Seconds between looks: so long, at most, until something new is posted."""
CHECK_EVERY = 60.0
"""Seconds between looks at the groups themselves: is the bot in there, with its rights?"""
REST = 30.0
"""Seconds without changes of topics after the platform failed for one."""
CALLS_MOST = 5
"""Changes of topics in one round."""
LANGUAGES = {"": "sr-Latn", "sr": "sr-Latn", "bg": "bg", "en": "en"}


class DeskBot:
    """What is the desk's own of a channel line (bot/lines/channel_line.py)."""

    name = "desk"
    label = "Desk"
    module = "handlers.desk.line"

    def __init__(self, house: House) -> None:
        self._house = house
        self._channel: DeskChannel | None = None
        self._chats: tuple[int, ...] = ()
        self._rests_until = 0.0
        self._check_at = 0.0
        self._tags: Mapping[int, str] = {}
        self._menus_in: dict[int, str] = {}
        """The language in which the menu of each group was set by this process."""

    def paths(self) -> Sequence[tuple[str, str]]:
        """None: it polls."""
        return ()

    def make(self, spawn: Spawn) -> Channel:
        """The channel with the token of the settings."""
        settings = self._house.settings
        self._channel = DeskChannel(
            settings.desk_token.get_secret_value(),
            spawn=spawn,
            now=self._house.clock.now,
            groups=lambda: self._chats,
            api_url=settings.telegram_api_url,
        )
        return self._channel

    def link(self) -> str | None:
        """Nobody comes to the desk by a link."""
        return None

    async def beside(self, going: Callable[[], bool]) -> None:
        """Keep the groups up to date while this process holds the lease."""
        self._menus_in.clear()
        while going():
            busy = False
            try:
                busy = await self.round()
                await self._menus()
            except Exception as error:  # noqa: BLE001  # whatever it was, the next round is the next attempt
                log.error("the desk is not up to date", exc_info=error)
            if not busy:
                await asyncio.sleep(EVERY)

    async def round(self) -> bool:
        """One look at everything. True if more is to be done at once."""
        house, now = self._house, asyncio.get_running_loop().time()
        groups, self._tags = await house.store.read(_groups)
        self._chats = tuple(groups)
        self._tell(next((trouble for trouble in groups.values() if trouble), ""))
        if now >= self._check_at or "to be checked" in groups.values():
            self._check_at = now + CHECK_EVERY
            for chat in self._chats:
                await self._check(chat)
        await house.works.schedule.do(look)
        if now < self._rests_until:
            return False
        at = house.clock.now()
        due = await house.store.read(lambda session: errands.errands(session, at))
        for errand in due[:CALLS_MOST]:
            if not await self._run(errand):
                return False
        return bool(due)

    # ------------------------------------------------------------ the groups

    async def _check(self, chat: int) -> str | None:
        """Whether the bot can work in a group: "" if so, None if nobody knows. What is wrong is kept, for health."""
        channel = self._channel
        if channel is None:
            return None
        try:
            trouble = await channel.trouble_in(chat)
        except SendFailed as failure:
            log.info("desk: the group cannot be looked at (%s)", failure.reason)
            return None

        def keep(session: Session) -> None:
            group = desk.group_at(session, chat)
            if group is None:
                return
            if trouble:
                desk.in_trouble(session, group, trouble)
            elif group.trouble:
                desk.well_again(session, group)

        await self._house.store.write(keep)
        return trouble

    def _tell(self, trouble: str) -> None:
        """Let health say what is wrong, and the log once."""
        troubles = self._house.works.health.troubles
        if trouble and troubles.get("desk") != trouble:
            log.error("the desk cannot be used: %s", trouble)
        if trouble:
            troubles["desk"] = trouble
        else:
            troubles.pop("desk", None)

    async def _menus(self) -> None:
        """The command menu of each group, in its own language where one was chosen; again when that changes."""
        channel = self._channel
        for chat, tag in self._tags.items():
            if channel is None or self._menus_in.get(chat) == tag:
                continue
            try:
                await channel.set_menu(chat, {code: menu(tag or own) for code, own in LANGUAGES.items()})
            except SendFailed as failure:
                log.info("desk: menus could not be set (%s)", failure.reason)
                if failure.kind != "refused":
                    continue
            self._menus_in[chat] = tag

    # ------------------------------------------------------------ topics

    async def _run(self, errand: errands.Errand) -> bool:
        """Do one thing to a topic and write down that it is done. False if the platform wants a rest."""
        channel, house = self._channel, self._house
        if channel is None:
            return False
        if errand.what == "open":
            now = house.clock.now()
            if not await house.store.write(lambda session: errands.begin(session, now, errand)):
                return True
        thread = errand.thread
        try:
            thread = await channel.change_topic(errand.what, errand.chat, errand.thread, errand.name)
        except SendFailed as failure:
            return await self._failed(errand, failure)
        await house.works.schedule.do(lambda doing: errands.done(doing, errand, thread))
        return True

    async def _failed(self, errand: errands.Errand, failure: SendFailed) -> bool:
        log.info("desk: a topic could not be changed", what=errand.what, kind=failure.kind, reason=failure.reason)
        house = self._house
        if failure.kind == "gone" and "thread" in failure.reason:
            await house.store.write(lambda session: errands.lost(session, errand))
            return True
        if errand.what == "open" and failure.kind == "unsure":
            doubt = replace(errand, what="doubt")
            await house.works.schedule.do(lambda doing: errands.done(doing, doubt, 0))
        elif errand.what == "open":
            await house.store.write(lambda session: errands.not_made(session, errand))
        if failure.kind in ("gone", "refused") and await self._check(errand.chat) == "":
            # the bot is in there with its rights: the same call would fail again
            await house.works.schedule.do(lambda doing: errands.refused(doing, errand))
            return True
        rest = failure.after.total_seconds() if failure.kind == "wait" and failure.after is not None else REST
        if failure.kind == "retry":
            self._check_at = 0.0  # another number: the check finds out
        self._rests_until = asyncio.get_running_loop().time() + rest
        return False


def _groups(session: Session) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What is wrong with each group, and the language chosen for it."""
    groups = desk.groups(session)
    return {group.chat: group.trouble for group in groups}, {group.chat: group.tag for group in groups}


def menu(tag: str) -> dict[str, str]:
    """The commands of the desk in a language: those of topics, files, and the conversations of staff."""
    speak = tongue(tag).speak
    own = {**words.TOPIC_COMMANDS, **words.COMMANDS}
    staff = {talk.command: talk.about for talk in CONVERSATIONS if talk.role and talk.command and talk.about}
    return {name: speak(about) for name, about in {**staff, **own}.items()}


async def prepared(house: House) -> tuple[DeskBot, ...]:
    """The desk's platform, where the settings name it: its groups in the database are as the settings say.

    Without an organisation there is none, and health says why.
    """
    settings, now = house.settings, house.clock.now()
    try:
        await house.store.write(lambda session: set_up(session, settings, now))
    except NoOrganisation as why:
        log.error("the desk cannot be used: %s", why)
        house.desk_trouble = str(why)
        return ()
    return (DeskBot(house),) if settings.desk_token.get_secret_value() else ()
