"""Updates on their way to the product: stored until confirmed, by long polling or by webhook with retries."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from tests.fakes.telegram.schema import TYPES, Refused
from tests.fakes.telegram.state import Memory

_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_LONGEST_POLL = 50


def kind_of(update: dict[str, Any]) -> str:
    """Which field of Update is set."""
    return next((name for name in update if name != "update_id"), "")


def _queue_key(update: dict[str, Any]) -> tuple[str, Any]:
    """A webhook keeps order per chat and kind only: a tap and a text of one person may cross."""
    kind = kind_of(update)
    body = update.get(kind)
    if not isinstance(body, dict):
        return kind, None
    place = body.get("chat") if kind != "callback_query" else body.get("from")
    return kind, place.get("id") if isinstance(place, dict) else None


class Updates:
    """The queue of updates of one bot."""

    def __init__(self, memory: Memory, first_id: int = 700_000_000) -> None:
        self.memory = memory
        self.pending: list[dict[str, Any]] = []
        self.sent: dict[int, dict[str, Any]] = {}
        """Every update there ever was, by id, for delivering again."""
        self.allowed: set[str] | None = None
        self.webhook: dict[str, Any] | None = None
        self.webhook_error = ""
        self.deliver_to = ""
        """Scheme and host that webhook posts really go to, in place of the public address."""
        self.scale = 0.01
        """Seconds of waiting between webhook retries per second of the platform's."""
        self._next = first_id
        self._shuffle = 0
        self._again: list[dict[str, Any]] = []
        self._held: list[dict[str, Any]] = []
        self._poller: object | None = None
        self._terminated: set[object] = set()
        self._busy: set[tuple[str, Any]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ in

    def add(self, **body: Any) -> int:
        """A new update, numbered. Returns its id."""
        with self.memory.lock:
            update = {"update_id": self._next, **body}
            self._next += 1
        self.put(update)
        return int(update["update_id"])

    def put(self, update: dict[str, Any]) -> None:
        """An update as it is, however odd. Held back while a shuffle gathers its share."""
        with self.memory.lock:
            self.sent[update["update_id"]] = update
            if self._shuffle:
                self._held.append(update)
                self._shuffle -= 1
                if self._shuffle:
                    return
                self.pending.extend(reversed(self._held))
                self._held = []
            else:
                self.pending.append(update)
        self.memory.touch()

    def redeliver(self, update_id: int, times: int = 1) -> None:
        """The same update again, as after a lost answer."""
        with self.memory.lock:
            # a poller that has moved on would not see an old id: these come once, whatever the offset
            (self.pending if self.webhook else self._again).extend([self.sent[update_id]] * times)
        self.memory.touch()

    def shuffle_next(self, count: int) -> None:
        """The next `count` updates are held back and then come in reverse order."""
        self._shuffle = count

    # ------------------------------------------------------------ polling

    def _wanted(self, update: dict[str, Any]) -> bool:
        kind = kind_of(update)
        if self.allowed is None:
            return kind not in _NOT_BY_DEFAULT
        return kind in self.allowed

    def allow(self, names: list[str] | None) -> None:
        """Which kinds to deliver: None keeps the setting, an empty list means the default set."""
        if names is None:
            return
        unknown = set(names) - TYPES["Update"].keys()
        if unknown:
            raise Refused(400, "Bad Request: can't parse allowed updates")
        self.allowed = set(names) if names else None

    async def poll(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """getUpdates."""
        if self.webhook is not None:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        limit = params.get("limit", 100)
        if not 1 <= limit <= 100:
            limit = 100
        self.allow(params.get("allowed_updates"))
        me = object()
        if self._poller is not None:
            self._terminated.add(self._poller)
            self.memory.touch()
        self._poller = me
        try:
            return await self._wait(me, params.get("offset", 0), limit, min(params.get("timeout", 0), _LONGEST_POLL))
        finally:
            self._terminated.discard(me)
            if self._poller is me:
                self._poller = None

    async def _wait(self, me: object, offset: int, limit: int, within: float) -> list[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while True:
            with self.memory.lock:
                if me in self._terminated:
                    raise Refused(
                        409,
                        "Conflict: terminated by other getUpdates request; "
                        "make sure that only one bot instance is running",
                    )
                if offset > 0:
                    self.pending = [u for u in self.pending if u["update_id"] >= offset]
                elif offset < 0:
                    self.pending = self.pending[offset:]
                self.pending = [update for update in self.pending if self._wanted(update)]
                seen = self.memory.changes
                batch = (self._again + self.pending)[:limit]
                self._again = self._again[limit:]
            left = deadline - loop.time()
            if batch or left <= 0:
                return batch
            await self.memory.changed(left, seen)

    # ------------------------------------------------------------ webhook

    async def run_webhook(self) -> None:
        """Delivers to the webhook for as long as the server runs."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
            while True:
                seen = self.memory.changes
                if self.webhook is not None:
                    self._deliver_all(session)
                await self.memory.changed(3600, seen)

    def _deliver_all(self, session: aiohttp.ClientSession) -> None:
        with self.memory.lock:
            waiting, self.pending = self.pending, []
            most = self.webhook.get("max_connections", 40) if self.webhook else 0
            for update in waiting:
                key = _queue_key(update)
                if not self._wanted(update):
                    continue
                if key in self._busy or len(self._busy) >= most:
                    self.pending.append(update)
                    continue
                self._busy.add(key)
                task = asyncio.get_running_loop().create_task(self._deliver(session, update, key))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _deliver(self, session: aiohttp.ClientSession, update: dict[str, Any], key: tuple[str, Any]) -> None:
        pause = 0.0
        while self.webhook is not None:
            error, retry_after = await self._post(session, update)
            if not error:
                break
            self.webhook_error = error
            # the first retry comes at once, then 2, 4, 8 ... up to a minute
            await asyncio.sleep(max(pause, retry_after) * self.scale)
            pause = min(60.0, pause * 2 or 2.0)
        else:
            with self.memory.lock:
                self.pending.insert(0, update)
        self._busy.discard(key)
        self.memory.touch()

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> tuple[str, float]:
        """Posts once. Returns what went wrong ("" for nothing) and how long the product asked to wait."""
        hook = self.webhook or {"url": ""}
        url = hook["url"]
        if self.deliver_to:
            target = urlsplit(self.deliver_to)
            url = urlunsplit((target.scheme, target.netloc, urlsplit(url).path, "", ""))
        headers = {"Content-Type": "application/json"}
        if hook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret_token"]
        try:
            async with session.post(url, data=json.dumps(update), headers=headers, allow_redirects=False) as answer:
                await answer.read()
                if 200 <= answer.status < 300:
                    return "", 0
                wait = answer.headers.get("Retry-After", "0")
                return f"Wrong response from the webhook: {answer.status}", min(3600.0, float(wait or 0))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"Connection failed: {type(error).__name__}", 0
