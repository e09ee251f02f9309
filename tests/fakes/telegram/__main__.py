"""Runs the fake Bot API on its own: `python -m tests.fakes.telegram --port 8081 --people 1000 --no-rate`.

Control over HTTP, in JSON: `POST /control/<person>/<act>` with the arguments as an object lets somebody
act (`start`, `write`, `tap`, `block` ...) and answers with the update's id; `GET /control/<person>` shows
what that person sees; `GET /control` counts what was called.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections import Counter
from typing import Any

from aiohttp import web

from tests.fakes.telegram.server import TOKEN, FakeTelegram

_ACTS = frozenset(
    ("start", "write", "tap", "block", "unblock", "share_contact", "share_location", "edit"),
)


def control(fake: FakeTelegram) -> list[web.RouteDef]:
    """The routes by which another program lets people act."""

    async def act(request: web.Request) -> web.Response:
        name = request.match_info["act"]
        if name not in _ACTS:
            return web.json_response({"error": f"acts: {sorted(_ACTS)}"}, status=404)
        arguments = await request.json() if request.can_read_body else {}
        person = fake.person(int(request.match_info["person"]))
        try:
            return web.json_response({"update_id": getattr(person, name)(**arguments)})
        except (LookupError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    async def shown(request: web.Request) -> web.Response:
        person = fake.person(int(request.match_info["person"]))
        seen = [{"message_id": s.message_id, "kind": s.kind, "text": s.text, "labels": s.labels} for s in person.shown]
        return web.json_response(seen)

    async def count(_: web.Request) -> web.Response:
        calls: Counter[Any] = Counter(call.method for call in fake.history if call.status == 200)
        return web.json_response({"calls": calls, "pending": len(fake.updates.pending)})

    return [
        web.get("/control", count),
        web.get("/control/{person}", shown),
        web.post("/control/{person}/{act}", act),
    ]


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description="A strict fake of the Telegram Bot API, for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--people", type=int, default=0, help="people 1 to N have pressed START already")
    parser.add_argument("--no-rate", action="store_true", help="lifts the rate limits")
    options = parser.parse_args()
    fake = FakeTelegram(options.token, port=options.port)
    fake.routes.extend(control(fake))
    if options.no_rate:
        fake.rate = None
    for number in range(1, options.people + 1):
        fake.person(number).started = True
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
