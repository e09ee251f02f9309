"""The stage: three phones and a clock that moves forward, with the sample programme only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.language.languages import BY_TAG
from bot.web.chrome import words
from bot.web.pages import WebPages

SEATS = ("young", "parent", "staff")
FURTHEST = timedelta(days=400)
"""The furthest that the clock moves at once."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the assembly gives to the stage.

    `advance` moves the clock forward, keeps it, and lets everything that fell due run. `next_due` is
    when the next reminder is planned (aware, UTC), None if none is. `names` are what the DEMO people
    are called, by seat.
    """

    now: Callable[[], datetime]
    advance: Callable[[timedelta], Awaitable[None]]
    next_due: Callable[[], Awaitable[datetime | None]]
    names: Mapping[str, str] = field(default_factory=dict)
    zone: str = "Europe/Belgrade"


class StagePages:
    """Answers `/` and `/stage/clock`."""

    def __init__(self, stage: Stage, pages: WebPages) -> None:
        self._stage, self._pages = stage, pages
        self._moving = asyncio.Lock()

    async def look(self, request: web.Request) -> web.Response:
        """The three phones."""
        tag = self._tag(request)
        say = words("stage", tag)
        seats = [
            {"key": key, "role": say[key], "hint": say[f"{key} hint"], "name": self._stage.names.get(key, "")}
            for key in SEATS
        ]
        html = self._pages.stage(
            tag,
            now=self._stage.now(),
            zone=self._stage.zone,
            seats=seats,
            nothing_next="none" in request.query,
        )
        return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def move(self, request: web.Request) -> web.Response:
        """Move the clock by `advance` seconds, or (`advance=next`) to just after the next reminder is due."""
        form = await request.post()
        asked = str(form.get("advance", "")).strip()
        # one move after the other: what falls due on the way is worked off before the next one is reckoned
        async with self._moving:
            by = await self._by(asked)
            if by:
                await self._stage.advance(by)
        if by is None:
            return web.json_response({"error": "advance: how many seconds, from 0 to 34560000, or next"}, status=400)
        if "text/html" in request.headers.get("Accept", ""):
            return web.Response(status=303, headers={"Location": "/" if by or asked != "next" else "/?none=1"})
        return self._told(request, by)

    async def tell(self, request: web.Request) -> web.Response:
        """What time it is on the stage, and the same in words; while the clock is being moved, once it stands."""
        async with self._moving:
            return self._told(request, timedelta(0))

    def _told(self, request: web.Request, by: timedelta) -> web.Response:
        now = self._stage.now()
        spoken = self._pages.moment(now, self._tag(request), "full")
        told = {"now": now.astimezone(UTC).isoformat(), "spoken": spoken, "advanced": by.total_seconds()}
        return web.json_response(told, headers={"Cache-Control": "no-store"})

    def _tag(self, request: web.Request) -> str:
        asked = request.query.get("lang", "")
        return asked if asked in BY_TAG else self._pages.language(request.headers.get("Accept-Language", ""))

    async def _by(self, asked: str) -> timedelta | None:
        if asked == "next":
            due = await self._stage.next_due()
            return max(timedelta(0), due - self._stage.now() + timedelta(seconds=1)) if due else timedelta(0)
        try:
            by = timedelta(seconds=float(asked))
        except (ValueError, OverflowError):
            return None
        return by if timedelta(0) <= by <= FURTHEST else None
