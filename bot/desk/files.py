"""/lists: who comes, who is interested, and pictures of registrations and attendance; made when they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.arriving.numbers import number
from bot.clock import Clock
from bot.desk import words
from bot.desk.acting import Act
from bot.desk.plots import weeks
from bot.desk.sheets import MEDIA_TYPE, Table, interested_in, people_of, workbook
from bot.language.tongue import tongue
from bot.posters.apart import draw_apart
from bot.running.logs import log
from bot.store import Store
from conversations.blocks import WITH_DEADLINE
from conversations.speech import Button, Document, Moment, Say, Spoken, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting

Draw = Callable[[Spoken, Mapping[str, Any]], Awaitable[Spoken]]
MEETINGS_MOST, CALLS_MOST = 8, 8
PICTURES = ("registrations", "attendance")
NAMES = {"people": "people.xlsx", "interested": "interested.xlsx"}


def command(act: Act) -> None:
    """Offer the lists and pictures there are."""
    act.post(Say(words.WHICH_LIST, tuple(_buttons(act))))


def _buttons(act: Act) -> list[Button]:
    session, mine, now = act.doing.session, act.group.organisation_id, act.doing.now
    meetings = session.execute(
        select(Meeting, Listing)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(Listing.organisation_id == mine, Meeting.state == "planned", Meeting.starts_at > now - timedelta(days=2))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MEETINGS_MOST)
    ).all()
    calls = session.scalars(
        select(Listing)
        .where(Listing.organisation_id == mine, Listing.block.in_(WITH_DEADLINE), Listing.state.in_(("open", "closed")))
        .order_by(Listing.id.desc())
        .limit(CALLS_MOST)
    ).all()
    found = [
        Button(
            words.WHO_COMES.of(title=Words.of(listing.title), when=Moment(row.starts_at, row.zone, "short")),
            f"d.f.people.{row.id}",
        )
        for row, listing in meetings
    ]
    found += [Button(words.WHO_APPLIED.of(title=Words.of(row.title)), f"d.f.interested.{row.id}") for row in calls]
    found.append(Button(words.PLOT_REGISTRATIONS, "d.f.registrations.0"))
    found.append(Button(words.PLOT_ATTENDANCE, "d.f.attendance.0"))
    return found


def press(act: Act, kind: str, about: str) -> None:
    """A list was chosen: it is recorded who asked, and the file is made when it is sent."""
    about_id = number(about)
    if not act.roles & {"staff", "admin"} or not _belongs(act, kind, about_id):
        act.show(words.NOT_YOURS)
        return
    picture = kind in PICTURES
    document = Document(f"{kind}.png" if picture else NAMES[kind], "image/png" if picture else MEDIA_TYPE, b"")
    order = {
        "desk": kind,
        "about": about_id,
        "organisation": act.group.organisation_id,
        "tag": act.tag,
        "sorry": act.speak.speak(words.SORRY),
    }
    act.doing.audit("list_exported", f"{kind}:{about_id}")
    act.post(Say(words.COMING, document=document), drawn=order)


def _belongs(act: Act, kind: str, about_id: int) -> bool:
    session, mine = act.doing.session, act.group.organisation_id
    if kind in PICTURES:
        return True
    if kind == "people":
        meeting = session.get(Meeting, about_id)
        listing = session.get(Listing, meeting.listing_id) if meeting is not None else None
    else:
        listing = session.get(Listing, about_id) if kind == "interested" else None
    return listing is not None and listing.organisation_id == mine


class Files:
    """Makes the files of the desk, one at a time: tables in a thread, pictures in a process of their own.

    Other orders are `other`'s.
    """

    def __init__(self, store: Store, clock: Clock, other: Draw | None = None) -> None:
        self._store, self._clock, self._other = store, clock, other
        self._one = asyncio.Lock()

    async def __call__(self, message: Spoken, drawn: Mapping[str, Any]) -> Spoken:
        """The message with its file, or with the words that there is none. Never raises for a file's sake."""
        if "desk" not in drawn:
            return await self._other(message, drawn) if self._other is not None else message
        try:
            async with self._one:
                content = await self._made(drawn)
        except Exception as error:  # noqa: BLE001  # whatever it was, the words go out and say so
            log.error("a list was not made", kind=drawn["desk"], exc_info=error)
            return replace(message, document=None, text=str(drawn.get("sorry", "")))
        if message.document is None:
            return message
        return replace(message, document=replace(message.document, content=content))

    async def _made(self, drawn: Mapping[str, Any]) -> bytes:
        kind, about, mine = str(drawn["desk"]), int(drawn["about"]), int(drawn["organisation"])
        if kind == "picture":  # counted already when it was asked for
            return await draw_apart(drawn["picture"], module="bot.desk.plots")
        speak, now = tongue(str(drawn["tag"])), self._clock.now()
        if kind in PICTURES:
            read = partial(weeks, kind=kind, organisation_id=mine, now=now, speak=speak)
            picture = await self._store.read(read)
            return await draw_apart(asdict(picture), module="bot.desk.plots")
        find = people_of if kind == "people" else interested_in
        table: Table = await self._store.read(partial(find, about_id=about, organisation_id=mine, speak=speak))
        return await asyncio.to_thread(workbook, table)
