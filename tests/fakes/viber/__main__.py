"""Runs the fake platform on its own: `python -m tests.fakes.viber --port 8082 --no-hourly`.

Control over HTTP, in JSON: `POST /control/<person>/<act>` with the arguments as an object lets somebody act
(`opens`, `writes`, `presses`, `unsubscribes` ...) and answers with the callback's token once the product was
told; `GET /control/<person>` shows what that person sees; `GET /control` counts what was called.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections import Counter
from typing import Any

from aiohttp import web

from tests.fakes.viber.server import TOKEN, FakeViber
from tests.fakes.viber.state import Callback

_ACTS = frozenset(
    ("opens", "writes", "presses", "subscribes", "unsubscribes", "shares_contact", "shares_location", "sends_sticker",
     "sees")
)  # fmt: skip


def control(fake: FakeViber) -> list[web.RouteDef]:
    """The routes by which another program lets people act."""

    async def act(request: web.Request) -> web.Response:
        name = request.match_info["act"]
        if name not in _ACTS:
            return web.json_response({"error": f"acts: {sorted(_ACTS)}"}, status=404)
        arguments = await request.json() if request.can_read_body else {}
        try:
            callback = getattr(fake.person(request.match_info["person"]), name)(**arguments)
        except (LookupError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        if not isinstance(callback, Callback):
            return web.json_response({})
        await fake.tried(callback)
        return web.json_response({"message_token": str(callback.token), "taken": callback.done})

    async def shown(request: web.Request) -> web.Response:
        person = fake.person(request.match_info["person"])
        seen = [{"token": str(s.token), "kind": s.kind, "text": s.text, "labels": s.labels} for s in person.shown]
        return web.json_response({"id": person.id, "shown": seen, "keyboard": person.labels})

    async def count(_: web.Request) -> web.Response:
        calls: Counter[Any] = Counter(call.method for call in fake.history if call.status == 0)
        return web.json_response({"calls": calls, "webhook": fake.callbacks.url})

    return [
        web.get("/control", count),
        web.get("/control/{person}", shown),
        web.post("/control/{person}/{act}", act),
    ]


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description="A strict fake of Viber's REST API, for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--deliver-to", default="", help="where callbacks really go: http://127.0.0.1:8080")
    parser.add_argument("--no-hourly", action="store_true", help="lifts the rule of a hundred an hour")
    options = parser.parse_args()
    fake = FakeViber(options.token, port=options.port)
    fake.callbacks.deliver_to = options.deliver_to
    fake.routes.extend(control(fake))
    if options.no_hourly:
        fake.hourly = None
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with fake:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        try:
            ended.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
