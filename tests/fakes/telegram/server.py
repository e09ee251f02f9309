"""The fake Bot API server: HTTP on loopback in a thread of its own, so that any process can talk to it."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes.served import Served
from tests.fakes.telegram.faults import Fault, Faults, Rate
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.methods import Methods
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.schema import BY_LOWER, Refused, parse_params
from tests.fakes.telegram.state import Call, Memory
from tests.fakes.telegram.updates import Updates

TOKEN = "4711:FAKE-token-for-tests-only-000000000"  # opens nothing: the fake's own


class FakeTelegram(Served):
    """One bot on one fake platform. `with FakeTelegram() as fake: fake.url ...`"""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        rate: Rate | None = None,
        plain_webhooks: bool = True,
    ) -> None:
        super().__init__(port)
        self.token = token
        self.plain_webhooks = plain_webhooks
        """Real webhooks need https; on loopback plain http is let through unless this is False."""
        self.memory = Memory(clock)
        self.rate: Rate | None = rate or Rate(clock=clock)
        """None lifts the rate limits."""
        self.faults = Faults()
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.updates = Updates(self.memory)
        self.bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "DEMO bot", "username": "demo_bot"}
        self.me = self.bot | {
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        self.routes: list[web.RouteDef] = []
        """Further routes to be served, set before `start`."""
        self._methods = Methods(self)
        self._beside: dict[str, FakeTelegram] = {}
        self._ids = itertools.count(1)

    # ------------------------------------------------------------ life

    async def _serve(self, ready: threading.Event, stopping: asyncio.Event) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_routes(self.routes)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        async with self._listening(app):
            webhook = asyncio.get_running_loop().create_task(self.updates.run_webhook())
            ready.set()
            await stopping.wait()
            webhook.cancel()

    # ------------------------------------------------------------ for tests

    def second(self, token: str) -> FakeTelegram:
        """Another bot on the same platform: it has its own people, groups and updates, and the same address."""
        return self.share(FakeTelegram(token, clock=self.memory.clock))

    def share(self, other: FakeTelegram) -> FakeTelegram:
        """Let another bot be on the same platform."""
        other.bot |= {"username": "demo_second_bot"}
        other.me |= {"username": "demo_second_bot"}
        other.port = self.port
        self._beside[other.token] = other
        return other

    def person(self, person_id: int, language_code: str = "sr") -> Person:
        """Somebody with that id; the same one when asked again."""
        if person_id not in self.people:
            self.people[person_id] = Person(self, person_id, language_code)
        return self.people[person_id]

    def group(self, group_id: int = -1001) -> Group:
        """A group that the bot may be added to."""
        return self.groups.setdefault(group_id, Group(self, group_id))

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of a method ("*": any) meet this fault."""
        self.faults.add(method, fault, times)

    def redeliver(self, update_id: int, times: int = 1) -> None:
        """The same update again."""
        self.updates.redeliver(update_id, times)

    def shuffle_next(self, count: int) -> None:
        """The next updates come in reverse order, once all are there."""
        self.updates.shuffle_next(count)

    def send_raw(self, **body: Any) -> int:
        """Any update body, however odd, under a fresh id."""
        return self.updates.add(**body)

    @property
    def history(self) -> list[Call]:
        """Every call so far: time, method, params, status, result."""
        return list(self.memory.history)

    def calls(self, method: str, *, ok: bool = True) -> list[Call]:
        """The calls of one method that took effect (or, with ok=False, all)."""
        return [call for call in self.history if call.method == method and (not ok or call.status == 200)]

    @property
    def unanswered(self) -> list[str]:
        """Button presses that nobody has answered."""
        return [tap for tap, (_, _, answered) in self.memory.taps.items() if not answered]

    def new_callback(self, person_id: int) -> str:
        """A callback id."""
        callback_id = str(9_000_000_000 + next(self._ids))
        self.memory.taps[callback_id] = (person_id, self.memory.clock(), False)
        return callback_id

    def new_file(self, name: str, content: bytes) -> str:
        """Stores a file of a person. Returns its file_id."""
        file_id = f"file-{next(self._ids)}"
        self.memory.files[file_id] = (name, content)
        return file_id

    # ------------------------------------------------------------ HTTP

    async def _file(self, request: web.Request) -> web.Response:
        beside = self._beside.get(request.match_info["token"])
        if beside is not None:
            return await beside._file(request)
        if request.match_info["token"] != self.token:
            return _error(Refused(401, "Unauthorized"))
        fault = self.faults.take("file")
        if fault is not None:
            return await self._broken(request, fault, None)
        file = self.memory.files.get(request.match_info["path"].removeprefix("files/"))
        if file is None:
            return _error(Refused(404, "Not Found"))
        return web.Response(body=file[1], content_type="application/octet-stream")

    async def _call(self, request: web.Request) -> web.Response:
        beside = self._beside.get(request.match_info["token"])
        if beside is not None:
            return await beside._call(request)
        if request.match_info["token"] != self.token:
            return _error(Refused(401, "Unauthorized"))
        method = BY_LOWER.get(request.match_info["method"].lower())
        if method is None:
            return _error(Refused(404, "Not Found"))
        try:
            raw, files = await _read(request)
        except Refused as refusal:
            return _error(refusal)
        fault = self.faults.take(method)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if not fault.takes_effect:
                self._record(method, raw, fault.refusal.code if fault.refusal else 0, None)
                return await self._broken(request, fault, None)
        answer = await self._perform(method, raw, files)
        return answer if fault is None or fault.only_slow else await self._broken(request, fault, answer)

    async def _perform(self, method: str, raw: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> web.Response:
        try:
            params = parse_params(method, raw, files)
            if method == "getUpdates":
                return _result(await self.updates.poll(params))
            handler = self._methods.table.get(method)
            if handler is None:
                raise Refused(501, f"the fake does not do {method} yet")
            with self.memory.lock:  # whoever is woken by what it did finds the call in the history
                result = handler(params, files)
                self._record(method, params, 200, result)
        except Refused as refusal:
            if method != "getUpdates":
                self._record(method, raw, refusal.code, refusal.description)
            return _error(refusal)
        return _result(result)

    def _record(self, method: str, params: dict[str, Any], status: int, result: Any) -> None:
        with self.memory.lock:
            self.memory.history.append(Call(self.memory.clock(), method, params, status, result))
        self.memory.touch()

    async def _broken(self, request: web.Request, fault: Fault, answer: web.Response | None) -> web.Response:
        if fault.refusal is not None:
            return _error(fault.refusal)
        if fault.cut:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        if fault.truncated and answer is not None and isinstance(answer.body, bytes):
            return web.Response(body=answer.body[: len(answer.body) // 2], content_type="application/json")
        return web.Response(status=fault.status, text=fault.body or "", content_type=fault.media_type)


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(refusal: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    """Parameters and files of a call, from the query, a form, multipart or JSON."""
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise Refused(400, "Bad Request: can't parse JSON object") from error
        if not isinstance(body, dict):
            raise Refused(400, "Bad Request: object expected as request")
        raw |= body
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = (value.filename, value.file.read())
            else:
                raw[name] = value
    return raw, files
