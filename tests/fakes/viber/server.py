"""The fake platform: HTTP on loopback in a thread of its own, so that any process can talk to it."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from tests.fakes.served import Served
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.viber import checks
from tests.fakes.viber.callbacks import Callbacks
from tests.fakes.viber.checks import Refused, check_message
from tests.fakes.viber.methods import Methods
from tests.fakes.viber.people import Person
from tests.fakes.viber.state import Call, Callback, Memory

TOKEN = "4711fa4e0f2a4b5c-6d7e8f9001122334-5566778899aabbcc"  # opens nothing: the fake's own


class FakeViber(Served):
    """One bot on one fake platform. `with FakeViber() as fake: fake.url ...`"""

    def __init__(
        self, token: str = TOKEN, *, port: int = 0, now: Callable[[], float] = time.time, plain_webhooks: bool = True
    ) -> None:
        super().__init__(port)
        self.token = token
        self.now = now
        """Seconds since 1970: hours of the hourly rule, and how long media live."""
        self.plain_webhooks = plain_webhooks
        """Real webhooks need https; on loopback plain http is let through unless this is False."""
        self.memory = Memory()
        self.faults = Faults()
        self.people: dict[str, Person] = {}
        self.by_id: dict[str, Person] = {}
        self.callbacks = Callbacks(self.memory, token)
        self.uri = "demosignpost"
        self.may_broadcast = True
        self.hourly: int | None = 100
        """Messages to a person in a clock hour without a reply; None lifts the rule."""
        self.routes: list[web.RouteDef] = []
        """Further routes to be served, set before `start`."""
        self.methods = Methods(self)
        self._files = itertools.count(1)

    # ------------------------------------------------------------ life

    async def _serve(self, ready: threading.Event, stopping: asyncio.Event) -> None:
        self.callbacks.loop = asyncio.get_running_loop()
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_routes(self.routes)
        app.router.add_get("/media/{number}/{name}", self._media)
        app.router.add_post("/pa/{method}", self._call)
        async with self._listening(app):
            ready.set()
            await stopping.wait()
            await self.callbacks.end()
            self.callbacks.loop = None

    # ------------------------------------------------------------ for tests

    def person(self, name: str, language: str = "sr") -> Person:
        """Somebody of that name; the same one when asked again."""
        if name not in self.people:
            person = Person(self, name, language)
            self.people[name] = self.by_id[person.id] = person
        return self.people[name]

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of a method ("*": any; "media": a download) meet this fault."""
        self.faults.add(method, fault, times)

    @property
    def history(self) -> list[Call]:
        """Every call so far."""
        return list(self.memory.history)

    def calls(self, method: str, *, ok: bool = True) -> list[Call]:
        """The calls of one method that were carried out (or, with ok=False, all)."""
        return [call for call in self.history if call.method == method and (not ok or call.status == 0)]

    async def tried(self, callback: Callback, within: float = 5.0) -> Callback:
        """Waits until the product was told once, whatever it answered."""
        return await self._until(lambda: callback.tries > 0 or callback.lost, callback, within)

    async def taken(self, callback: Callback, within: float = 5.0) -> Callback:
        """Waits until the product has taken it, or the platform gave up."""
        return await self._until(lambda: callback.done or callback.lost, callback, within)

    async def _until(self, holds: Callable[[], bool], callback: Callback, within: float) -> Callback:
        async with asyncio.timeout(within):
            while True:
                seen = self.memory.changes
                if holds():
                    return callback
                await self.memory.changed(within, seen)

    def redeliver(self, callback: Callback) -> Callback:
        """The same callback again, byte for byte."""
        again = Callback(callback.token, callback.key, callback.body, callback.event)
        self.callbacks.put(again)
        return again

    async def silence(self) -> None:
        """Callbacks end for good: for the end of a test, before the product's server closes."""
        if self.callbacks.loop is not None and not self.callbacks.loop.is_closed():
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.callbacks.end(), self.callbacks.loop))

    def send_raw(self, body: bytes, event: str = "message") -> Callback:
        """Any bytes, however odd, rightly signed."""
        odd = Callback(self.memory.next_token(), "odd", body, event)
        self.callbacks.put(odd)
        return odd

    def event(self, event: str, token: int | None = None, **fields: Any) -> dict[str, Any]:
        """A callback as a dictionary, with what all of them have."""
        head = {"event": event, "timestamp": int(self.now() * 1000), "chat_hostname": "SN-DEMO-1"}
        return {**head, "message_token": token or self.memory.next_token(), **fields}

    def new_file(self, name: str, content: bytes) -> str:
        """Stores what somebody sends. Returns its address, good for an hour."""
        number = str(next(self._files))
        self.memory.files[number] = (name, content, self.now() + 3600)
        return f"{self.url}/media/{number}/{quote(name)}?Expires=1&Signature=a%2bb%7E"

    def replied(self, person_id: str) -> None:
        """Somebody wrote: the hundred of the hour begin anew."""
        self.methods.sent_in_hour.pop(person_id, None)

    def client_trouble(self, message: dict[str, Any]) -> str:
        """What a phone would not show of an accepted message."""
        return checks.client_trouble(message)

    def welcome(self, answer: bytes) -> dict[str, Any] | None:
        """The welcome in the answer to conversation_started; what is no good is dropped, as Viber does."""
        try:
            message = json.loads(answer) if answer else None
            if message is None:
                return None
            self.methods.welcomes.append(message)
            if not isinstance(message, dict) or "receiver" in message:
                raise Refused(3)
            check_message(message, len(answer))
        except (Refused, ValueError) as refusal:
            self.methods.bad_welcomes.append(str(refusal))
            return None
        return message

    # ------------------------------------------------------------ HTTP

    async def _media(self, request: web.Request) -> web.Response:
        fault = self.faults.take("media")
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if not fault.only_slow:
                return await self._broken(request, fault, None)
        file = self.memory.files.get(request.match_info["number"])
        if file is None or file[2] < self.now() or "Signature=a%2bb%7E" not in request.raw_path:
            return web.Response(status=404)
        return web.Response(body=file[1], content_type="application/octet-stream")

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        raw = await request.read()
        fault = self.faults.take(method)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if not fault.takes_effect:
                self._record(method, {}, None)
                return await self._broken(request, fault, None)
        answer = await self._perform(method, raw, request.headers.get("X-Viber-Auth-Token", ""))
        return answer if fault is None or fault.only_slow else await self._broken(request, fault, answer)

    async def _perform(self, method: str, raw: bytes, token: str) -> web.Response:
        params: Any = {}
        try:
            try:
                params = json.loads(raw or b"{}")
            except ValueError:
                raise Refused(3, "failed to parse json") from None
            if not isinstance(params, dict):
                raise Refused(3, "an object is expected")
            if (token or params.get("auth_token")) != self.token:
                raise Refused(2)
            handler = self.methods.table.get(method)
            if handler is None:
                return web.Response(status=404, text="<html>404</html>", content_type="text/html")
            result = await handler(params, len(raw))
        except Refused as refusal:
            self._record(method, params if isinstance(params, dict) else {}, refusal.code)
            return web.json_response({"status": refusal.code, "status_message": refusal.words})
        self._record(method, params, 0)
        return web.json_response({"status": 0, "status_message": "ok", **result})

    def _record(self, method: str, params: dict[str, Any], status: int | None) -> None:
        with self.memory.lock:
            self.memory.history.append(Call(self.now(), method, params, status))
        self.memory.touch()

    async def _broken(self, request: web.Request, fault: Fault, answer: web.Response | None) -> web.Response:
        if fault.refusal is not None:
            return web.json_response({"message": fault.refusal.description}, status=fault.refusal.code)
        if fault.cut:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        if fault.truncated and answer is not None and isinstance(answer.body, bytes):
            return web.Response(body=answer.body[: len(answer.body) // 2], content_type="application/json")
        return web.Response(status=fault.status, text=fault.body or "", content_type=fault.media_type)

    def is_public(self, url: str) -> bool:
        """True for an address that can be a webhook."""
        parts = urlsplit(url)
        return parts.scheme == "https" or (self.plain_webhooks and parts.hostname in ("127.0.0.1", "localhost"))
