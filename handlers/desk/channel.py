"""The desk's channel: the channel contract in a group of staff, and what a desk needs besides of its platform."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time as clockwork
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from conversations.speech import Spoken
from handlers.channel import Receive, Relay, Route, Sender, SendFailed, Sent
from handlers.desk.abilities import CAPABILITIES, PACE
from handlers.desk.arriving import CHANNEL, SIGN, DeskArrival
from handlers.fitting import fit
from handlers.polling import Poller, pause

if TYPE_CHECKING:
    from handlers.desk.line import Line

Spawn = Callable[[str, Coroutine[Any, Any, None]], None]
"""Runs a coroutine in the background under a name, and keeps hold of it."""
OFFICIAL_API = "https://api.telegram.org"
MEMBER_FOR = 60.0
"""Seconds that somebody found in the group counts as being in it: who is put out acts no longer than that."""
log = logging.getLogger(__name__)


class DeskChannel:
    """The desk's bot. Constructing it imports python-telegram-bot, which takes a while: do so in a thread.

    `groups` gives the numbers of the groups in use. `now` gives the time (aware, UTC), `time` seconds that only
    go forward. Raises ValueError for a token that cannot be one; it does not stand in the message.
    """

    name = CHANNEL
    capabilities = CAPABILITIES
    pace = PACE

    def __init__(
        self,
        token: str,
        *,
        spawn: Spawn,
        now: Callable[[], datetime],
        groups: Callable[[], Sequence[int]],
        api_url: str = OFFICIAL_API,
        pause: Callable[[int], float] = pause,
        time: Callable[[], float] = clockwork.monotonic,
    ) -> None:
        from handlers.desk.line import Line  # only here: this is what imports python-telegram-bot

        self.username = ""
        """The bot's name; known after `start`."""
        self._line: Line = Line(token, api_url)
        self._spawn, self._now, self._groups, self._pause, self._time = spawn, now, groups, pause, time
        self._receive: Receive | None = None
        self._poller: Poller | None = None
        self._stopping = asyncio.Event()
        self._members: dict[tuple[int, str], float] = {}

    @property
    def line(self) -> Line:
        """The line, for what only a desk asks of its platform: topics, rights, members."""
        return self._line

    @property
    def state(self) -> str:
        """For the health page: starting, receiving, unreachable, conflict, unauthorised, house, stopped."""
        return self._poller.state if self._poller else "starting"

    def routes(self) -> Sequence[Route]:
        """None: the desk polls."""
        return ()

    # ------------------------------------------------------------ receiving

    async def start(self, receive: Receive) -> None:
        """Begins to receive. Raises SendFailed "stopped" for a wrong token; a network that is down is waited for."""
        self._receive = receive
        try:
            self.username = (await self._line.me()).username or ""
        except SendFailed as failure:
            if failure.kind in ("stopped", "refused", "gone"):
                raise
            log.warning("desk: not reached yet (%s)", failure.reason)
        self._poller = Poller(self._line, self.handle, pause=self._pause, order_of=_order_of)
        self._spawn("desk-polling", self._poller.run())

    async def ask_name(self) -> str:
        """The bot's user name, asked of the platform now. Raises SendFailed."""
        return (await self._line.me()).username or ""

    async def stop(self) -> None:
        """Stops receiving and closes connections. What was not handed over is left with the platform."""
        self._stopping.set()
        if self._poller:
            await self._poller.stop()
        await self._line.close()

    async def handle(self, update: dict[str, Any]) -> None:
        """Takes one update: returns once it is committed, raises what the house raises."""
        from handlers.desk.reading import ignored, read

        if self._receive is None:
            reason = "the channel is not started"
            raise RuntimeError(reason)
        me = self._line.user or await self._line.me()
        self.username = me.username or ""
        parsed = self._line.parsed(update)
        if parsed is None:
            press = update.get("callback_query")
            arrival, press_id = ignored(f"u{update.get('update_id')}", self._now()), ""
            if isinstance(press, dict) and isinstance(press.get("id"), str):
                press_id = press["id"]
            message = 0
        else:
            said = read(parsed, me, self._now())
            arrival, press_id, message = said.arrival, said.press, said.message
        answer: Spoken | None = None
        if arrival.event != "ignored":
            arrival = await self._with_membership(arrival)
            answer = await self._receive(self._fetching(arrival))
        self._answer(arrival, press_id, message, answer.text if answer is not None else "")

    def _answer(self, arrival: DeskArrival, press: str, message: int, words: str) -> None:
        """What the house answers at once: in a window over the button, as a sign, or (to strangers) in a message."""
        if press:
            self._spawn("desk-press", self._quietly("answer", self._line.answer_press(press, words)))
        elif words == SIGN and arrival.place:
            self._spawn("desk-sign", self._quietly("sign", self._line.sign(arrival.chat, message, SIGN)))
        elif words and words != SIGN:
            to = arrival.place or arrival.sender.external_id
            self._spawn("desk-refusal", self._quietly("say", self._said(to, words)))

    async def _said(self, external_id: str, words: str) -> None:
        await self._line.show(external_id, Spoken(words), None)

    def _fetching(self, arrival: DeskArrival) -> DeskArrival:
        attachment = arrival.heard.attachment
        if attachment is None or not attachment.ref or not arrival.member:
            return arrival
        return replace(arrival, fetch=partial(self._line.download, attachment.ref))

    async def _with_membership(self, arrival: DeskArrival) -> DeskArrival:
        if (
            arrival.event in ("left", "returned")
            or not arrival.sender.external_id
            or not (arrival.member or not arrival.place)
        ):
            return arrival
        chats = [arrival.chat] if arrival.place else list(self._groups())
        for chat in chats:
            if await self._is_member(chat, arrival.sender.external_id):
                return replace(arrival, member=True)
        return replace(arrival, member=False)

    async def _is_member(self, chat: int, user: str) -> bool:
        until = self._members.get((chat, user), 0.0)
        if self._time() < until:
            return True
        from handlers.desk.line import Moved

        try:
            inside = await self._line.is_member(chat, int(user))
        except Moved as moved:
            await self._has_moved(chat, moved.after)
            inside = await self._line.is_member(moved.after, int(user))
        if inside:
            if len(self._members) > 1000:
                self._members.clear()
            self._members[chat, user] = self._time() + MEMBER_FOR
        return inside

    async def _quietly(self, what: str, call: Coroutine[Any, Any, None]) -> None:
        from handlers.desk.line import Moved

        try:
            await call
        except (SendFailed, Moved) as failure:
            log.info("desk: could not %s (%s)", what, failure)

    # ------------------------------------------------------------ sending

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        """Shows a message, in place of `shown_id` if it asks for that and the platform still can.

        Raises SendFailed, and nothing else. In a group that has another number now it is "retry", once the house
        has been told.
        """
        from handlers.desk.line import Moved

        shown = ""
        for part in fit(message, self.capabilities):
            try:
                shown = await self._send_part(external_id, part, shown_id, relay)
            except Moved as moved:
                chat = int(external_id.rpartition("@")[2].partition("/")[0])
                with contextlib.suppress(Exception):  # the next attempt tells the house again
                    await self._has_moved(chat, moved.after)
                raise SendFailed("retry", "desk: the group has another number now") from None
            except SendFailed as failure:
                if shown and failure.kind in ("wait", "retry"):
                    raise SendFailed("unsure", f"{failure.reason}, after a first part") from None
                raise
        return Sent(shown)

    async def _send_part(self, external_id: str, part: Spoken, shown_id: str, relay: Relay | None) -> str:
        only_text = part.venue is None and part.document is None and part.relay is None
        editable = part.replaces and only_text and shown_id.isascii() and shown_id.isdigit()
        if editable and await self._line.change(external_id, int(shown_id), part):
            return shown_id
        return await self._line.show(external_id, part, relay)

    async def _has_moved(self, before: int, after: int) -> None:
        """Tell the house, in the way that everything is told it, that a group has another number."""
        if self._receive is None:
            return
        name = f"moved {before} {after}"
        told = DeskArrival(CHANNEL, name, Sender(""), self._now(), place=str(before), change="moved", moved_to=after)
        await self._receive(told)

    # ------------------------------------------------------------ the group

    async def trouble_in(self, chat: int) -> str:
        """Why nothing can be posted in a group: "", "no forum", "no rights" or "not a member". Raises SendFailed."""
        from handlers.desk.line import Moved

        try:
            return await self._line.trouble_in(chat)
        except Moved as moved:
            await self._has_moved(chat, moved.after)
        raise SendFailed("retry", "desk: the group has another number now")

    async def change_topic(self, what: str, chat: int, thread: int, name: str) -> int:
        """Does to a topic `what`: open, rename, close, reopen, delete (or "forget", which needs no call).

        Returns its number. Raises SendFailed; a new topic of which nobody knows whether it was made is "unsure".
        """
        from handlers.desk.line import Moved

        line = self._line
        try:
            if what == "open":
                return await line.open_topic(chat, name)
            if what == "rename":
                await line.rename_topic(chat, thread, name)
            elif what == "close":
                await line.close_topic(chat, thread)
            elif what == "reopen":
                await line.reopen_topic(chat, thread)
            elif what == "delete":
                await line.delete_topic(chat, thread)
        except Moved as moved:
            await self._has_moved(chat, moved.after)
            raise SendFailed("retry", "desk: the group has another number now") from None
        return thread

    async def set_menu(self, chat: int | None, commands: Mapping[str, Mapping[str, str]]) -> None:
        """The command menu of a group, or of all private chats: by language, name to description. Raises SendFailed."""
        from handlers.desk.line import Moved

        try:
            await self._line.set_commands(chat, commands)
        except Moved:
            raise SendFailed("retry", "desk: the group has another number now") from None


def _order_of(update: dict[str, Any]) -> object:
    """What keeps its order: each topic by itself, each person's presses."""
    message = update.get("message")
    if isinstance(message, dict) and isinstance(message.get("chat"), dict):
        return message["chat"].get("id"), message.get("message_thread_id")
    press = update.get("callback_query")
    if isinstance(press, dict) and isinstance(press.get("from"), dict):
        return press["from"].get("id")
    return None
