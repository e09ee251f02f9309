"""The switchboard: once each, failing turns set aside, floods turned away, the database away."""

from __future__ import annotations

import asyncio
import io
import logging
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import bot.switchboard
from bot.arriving.beforehand import ReadFirst, may_wait
from bot.desk.taking import Desk as StaffDesk
from bot.dialogue import Dialogue, Taken
from bot.running import logs
from bot.store import SqliteStore
from bot.switchboard import Switchboard, Unavailable
from bot.telling import Rules
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.speech import Attachment, Heard
from handlers.channel import Arrival, Sender
from handlers.desk.arriving import DeskArrival
from models.base import Base
from models.messages.message import Inbox, Note, Outgoing, StoredAttachment
from models.messages.sending import Due
from models.who.people import Address, Person
from tests.bot.running.runtime_kit import MONDAY, HandClock
from tests.templates import furnish

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Woken:
    """Remembers what it was woken for."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def wake(self, ids: Sequence[int]) -> None:
        self.ids.extend(ids)

    def hand_over(self, ids: Sequence[int], replies: Sequence[Due], _older: Sequence[int]) -> None:
        assert {row.id for row in replies} <= set(ids)
        self.wake(ids)


class Poisoned(Dialogue):
    """A dialogue in which some words raise, after they wrote something."""

    attempts = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.read: list[int] = []

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        taken = super().take(session, arrival, now)
        if arrival.heard.text == "long" and not self.read:
            assert may_wait()
            raise ReadFirst(lambda read: self.read.append(len(read.scalars(select(Inbox)).all())))
        if arrival.heard.text == "poison":
            self.attempts += 1
            raise RuntimeError(f"somebody wrote {arrival.heard.text}")
        return taken


class Desk:
    """A switchboard on a real database."""

    def __init__(self, folder: Path) -> None:
        furnish(folder / "desk.db", search=False)
        self.store = SqliteStore(f"sqlite:///{folder / 'desk.db'}")
        self.woken = Woken()
        self.time = 0.0
        self.dialogue = Poisoned(Engine(CONVERSATIONS, concern=Concern), STANDING, Rules())
        self.board = Switchboard(self.store, self.dialogue, self.woken, HandClock(), time=lambda: self.time)
        self.number = 0

    async def hear(self, words: str = "", who: str = "mila", **more: Any) -> None:
        self.number += 1
        arrival: dict[str, Any] = {
            "channel": "fake",
            "message_id": f"m{self.number}",
            "sender": Sender(who, "en"),
            "at": AT,
            "heard": Heard(text=words),
        } | more
        await self.board.receive(Arrival(**arrival))

    async def count(self, table: type[Base], **where: Any) -> int:
        wanted = select(func.count()).select_from(table).filter_by(**where)
        return await self.store.read(lambda session: session.scalar(wanted) or 0)

    async def replies(self) -> list[str]:
        return await self.store.read(
            lambda session: [row.body["text"] for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]
        )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


async def test_a_turn_is_committed_and_its_replies_are_handed_to_the_outbox(desk: Desk) -> None:
    await desk.hear("hello")
    assert await desk.count(Inbox, state="handled") == 1
    ids = await desk.store.read(lambda session: list(session.scalars(select(Outgoing.id))))
    assert desk.woken.ids == ids != []


async def test_the_same_arrivals_five_times_and_shuffled_have_one_effect(desk: Desk) -> None:
    arrivals = [
        Arrival("fake", f"m{number}", Sender(f"p{number % 4}", "en"), AT, heard=Heard(text=f"hello {number}"))
        for number in range(8)
    ] * 5
    random.Random(4711).shuffle(arrivals)
    await asyncio.gather(*(desk.board.receive(arrival) for arrival in arrivals))
    assert await desk.count(Inbox) == 8
    assert await desk.count(Person) == 4
    assert await desk.count(Address) == 4
    assert len(desk.woken.ids) == len(set(desk.woken.ids)) == await desk.count(Outgoing)
    after = await desk.count(Outgoing)
    await asyncio.gather(*(desk.board.receive(arrival) for arrival in arrivals))
    assert await desk.count(Outgoing) == after


async def test_a_turn_that_raises_is_set_aside_and_the_chat_goes_on(desk: Desk) -> None:
    await desk.hear("hello")
    before = len(await desk.replies())
    await desk.hear("poison", message_id="bad")
    assert desk.dialogue.attempts == 3
    assert await desk.count(Inbox, state="quarantined", reason="RuntimeError") == 1
    replies = await desk.replies()
    assert len(replies) == before + 1
    assert await desk.count(Note, kind="quarantined") == 1
    assert len(desk.woken.ids) == len(replies), "the apology is sent"
    await desk.hear("poison", message_id="bad")
    assert len(await desk.replies()) == before + 1, "its repetition has no effect"
    await desk.hear("menu")
    assert len(await desk.replies()) > before + 1


async def test_what_takes_long_is_read_outside_of_the_turn_which_is_then_taken_whole(desk: Desk) -> None:
    await desk.hear("long")
    assert desk.dialogue.read == [0], "nothing of the first attempt was there, and it was read once"
    assert await desk.count(Inbox, state="handled") == 1
    assert len(await desk.replies()) == len(desk.woken.ids) > 0
    assert desk.board.quarantined == 0


async def test_a_poisoned_turn_does_not_undo_its_neighbours_in_the_same_commit(desk: Desk) -> None:
    words = ["hello", "poison", "hello", "poison", "hello", "hello"]
    await asyncio.gather(*(desk.hear(word, who=f"p{number}") for number, word in enumerate(words)))
    assert await desk.count(Inbox, state="handled") == 4
    assert await desk.count(Inbox, state="quarantined") == 2
    assert await desk.count(Address) == 6


async def test_a_full_disk_is_not_taken_for_a_handled_arrival(desk: Desk) -> None:
    await desk.hear("hello")
    counted = await desk.count(Outgoing)

    def fill(session: Session) -> None:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))

    def clear(session: Session) -> None:
        session.execute(text("PRAGMA max_page_count = 1000000"))

    await desk.store.write(fill)
    lost = 0
    for number in range(60):
        try:
            await desk.hear("hello", who=f"p{number}")
        except Unavailable:
            lost += 1
    assert lost
    assert len(await desk.replies()) >= counted
    orphans = await desk.store.read(
        lambda session: session.scalar(
            select(func.count()).select_from(Address).where(~Address.person_id.in_(select(Person.id)))
        )
    )
    assert orphans == 0
    assert await desk.count(Inbox) == 61 - lost == await desk.count(Address)
    assert await desk.count(Note) == 0, "nothing was set aside: it will come again"
    await desk.store.write(clear)
    await desk.hear("hello", who="p59")
    assert await desk.store.read(lambda session: session.scalar(text("PRAGMA integrity_check"))) == "ok"


async def test_one_persons_flood_is_turned_away_and_others_do_not_notice(desk: Desk) -> None:
    for number in range(100):
        await desk.hear(f"words {number}", who="flood")
    handled = await desk.count(Inbox, state="handled")
    assert handled == 40
    assert await desk.count(Inbox, state="flood") == 60, "each is remembered, so that it does not come again"
    slower = bot.switchboard._SLOWER.msgid
    assert (await desk.replies()).count(slower) == 1, "asked once, not sixty times"
    await desk.hear("hello", who="mila")
    assert await desk.count(Inbox, state="handled") == 41
    desk.time += 60
    await desk.hear("words again", who="flood")
    assert await desk.count(Inbox, state="handled") == 42


async def test_strangers_who_flood_the_desks_bot_are_turned_away_and_groups_are_not(desk: Desk) -> None:
    def writes(number: int, place: str) -> DeskArrival:
        sent = Heard(text=f"words {number}")
        return DeskArrival("desk", f"{place}{number}", Sender("999", "en"), MONDAY, heard=sent, place=place)

    desk.board.others["desk"] = StaffDesk(desk.dialogue)
    for number in range(60):
        await desk.board.receive(writes(number, "-100"))
    assert await desk.count(Inbox, state="flood") == 0
    for number in range(60):
        await desk.board.receive(writes(number, ""))
    assert await desk.count(Inbox, state="flood") == 20
    assert await desk.replies() == [], "and nothing is said to them"


async def test_a_loop_of_the_same_words_is_broken(desk: Desk) -> None:
    for _time in range(30):
        desk.time += 2
        await desk.hear("I am away and will answer later.", who="robot")
    assert await desk.count(Inbox, state="handled") == 20
    for number in range(30):
        desk.time += 2
        await desk.hear("2", who="answers by number")
        await desk.hear(who="pages", heard=Heard(tap="menu:1"))
        assert number >= 0
    assert await desk.count(Inbox, state="flood") == 10
    desk.time += 400
    await desk.hear("I am away and will answer later.", who="robot")
    assert await desk.count(Inbox, state="flood") == 10


async def test_half_characters_and_nul_do_not_poison_a_turn(desk: Desk) -> None:
    await desk.hear("hel\ud800lo\0", who="mi\ud83dla")
    assert await desk.count(Inbox, state="handled") == 1
    assert await desk.count(Address, external_id="mi\ufffdla") == 1


async def test_an_attachment_is_fetched_and_kept_within_its_limit(desk: Desk) -> None:
    fetched: list[int] = []

    def fetching(size: int) -> Any:
        async def fetch() -> bytes:
            fetched.append(size)
            return b"x" * size

        return fetch

    def sent(size: int) -> Heard:
        return Heard(attachment=Attachment("photo", size=size))

    await desk.hear(heard=sent(100), fetch=fetching(100))
    assert await desk.count(StoredAttachment) == 1
    await desk.hear(heard=sent(6_000_000), fetch=fetching(6_000_000))
    assert fetched == [100], "what is known to be too large is not fetched"
    await desk.hear(heard=sent(0), fetch=fetching(5_000_001))
    assert await desk.count(StoredAttachment) == 1
    assert await desk.count(Inbox, state="handled") == 3


async def test_a_failed_download_does_not_lose_the_turn(desk: Desk) -> None:
    async def fetch() -> bytes:
        raise OSError("connection broke")

    await desk.hear(heard=Heard(attachment=Attachment("voice", size=10)), fetch=fetch)
    assert await desk.count(Inbox, state="handled") == 1
    assert await desk.replies()


async def test_markers_in_names_and_texts_appear_in_no_log_line(desk: Desk) -> None:
    written = io.StringIO()
    logs.set_up(as_json=True, level="DEBUG", to=written)
    await desk.hear("MARKER-TEXT", who="MARKER-NAME")
    await desk.hear("poison", who="MARKER-NAME")
    for number in range(60):
        await desk.hear(f"MARKER-TEXT {number}", who="MARKER-NAME")

    def broken(session: Session) -> None:
        session.execute(text("INSERT INTO inbox (channel) VALUES (:marker)"), {"marker": "MARKER-ROW"})

    with pytest.raises(Exception, match="NOT NULL"):
        await desk.store.write(broken)
    logs.log.error("as seen", exc_info=RuntimeError("MARKER-ERROR 123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
    logs.log.warning("https://api.telegram.org/bot123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe")
    logging.getLogger("a.library").warning("cannot be read: %s", "MARKER-FILLED-IN")
    logging.getLogger("handlers.viber.receiving").error("not taken (%s)", "KeyError")
    told = written.getvalue()
    assert '"event": "cannot be read: %s"' in told
    assert '"event": "not taken (KeyError)"' in told, "what a channel says of a failure is ours"
    assert "a turn failed" in told
    assert "somebody sends too much" in told
    assert "MARKER" not in told
    assert "poison" not in told
    assert "AAAAAAAAAA" not in told


async def test_drain_waits_for_the_turns_in_hand(desk: Desk) -> None:
    gate = asyncio.Event()

    async def fetch() -> bytes:
        await gate.wait()
        return b"late"

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.hear(heard=Heard(attachment=Attachment("photo", size=4)), fetch=fetch))
        await asyncio.sleep(0.01)
        assert not await desk.board.drain(0.02)
        gate.set()
        assert await desk.board.drain(2)
    assert await desk.count(StoredAttachment) == 1
