"""Answers that the platform shows itself, receipts of what was sent, and the clock of the free hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import bot.switchboard
from bot.arriving.answering import as_one
from bot.dialogue import Dialogue, Taken
from bot.running.nursery import Nursery
from bot.store import SqliteStore
from bot.switchboard import Switchboard, Unavailable
from bot.telling import Rules, queue
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.speech import Heard, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Arrival, Sender
from models.base import Base
from models.campaigns.broadcast import Broadcast, Recipient, outcome_counts
from models.messages.message import Inbox, Note, Outgoing
from models.messages.reminder import Reminder
from models.offers.programme import Organisation
from models.who.people import Address, Person
from tests.bot.running.runtime_kit import MONDAY, HandClock
from tests.templates import furnish


class Woken:
    def __init__(self) -> None:
        self.ids: list[int] = []

    def wake(self, ids: Sequence[int]) -> None:
        self.ids.extend(ids)

    def hand_over(self, ids: Sequence[int], _replies: object, _older: object) -> None:
        self.ids.extend(ids)


class Poisoned(Dialogue):
    poisoned = False

    def take(self, session: Session, arrival: Arrival, now: Any) -> Taken:
        taken = super().take(session, arrival, now)
        if self.poisoned:
            raise RuntimeError("poison")
        return taken


class Desk:
    """A switchboard on a real database, for a platform with answers and receipts."""

    def __init__(self, folder: Path) -> None:
        furnish(folder / "desk.db", search=False)
        self.store = SqliteStore(f"sqlite:///{folder / 'desk.db'}")
        self.woken, self.clock, self.time = Woken(), HandClock(), 0.0
        self.dialogue = Poisoned(Engine(CONVERSATIONS, concern=Concern), STANDING, Rules())
        self.board = Switchboard(self.store, self.dialogue, self.woken, self.clock, time=lambda: self.time)
        self.number = 0

    async def come(self, event: str = "opened", *, who: str = "mila", **more: Any) -> Spoken | None:
        self.number += 1
        given: dict[str, Any] = {
            "channel": "fake",
            "message_id": f"m{self.number}",
            "sender": Sender(who, "en"),
            "at": self.clock.now(),
            "event": event,
            "inline": event == "opened",
        } | more
        return await self.board.receive(Arrival(**given))

    async def look(self, statement: Any) -> list[Any]:
        return await self.store.read(lambda session: list(session.execute(statement).all()))

    async def count(self, table: type[Base], **where: Any) -> int:
        wanted = select(func.count()).select_from(table).filter_by(**where)
        return await self.store.read(lambda session: session.scalar(wanted) or 0)

    async def sent(self, who: str, text: str, shown_id: str, **more: Any) -> int:
        """A message that the platform took."""

        def write(session: Session) -> int:
            address = session.scalars(select(Address.id).where(Address.external_id == who)).first()
            if address is None:
                person = Person(created_at=MONDAY)
                session.add(person)
                session.flush()
                row = Address(person_id=person.id, channel="fake", external_id=who, created_at=MONDAY)
                session.add(row)
                session.flush()
                address = row.id
            kind = more.pop("kind", "reply")
            written = queue(session, MONDAY, address, Spoken(text), kind, **more)
            session.execute(
                update(Outgoing).where(Outgoing.id == written).values(state="sent", sent_at=MONDAY, shown_id=shown_id)
            )
            return written

        return await self.store.write(write)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


# ---------------------------------------------------------------- in the answer


async def test_the_welcome_is_returned_and_kept_as_sent(desk: Desk) -> None:
    shown = await desk.come()
    assert shown is not None
    assert shown.text
    assert shown.buttons
    rows = await desk.look(select(Outgoing.state, Outgoing.kind, Outgoing.sent_at))
    assert [tuple(row) for row in rows] == [("sent", "reply", MONDAY)]
    assert desk.woken.ids == [], "it is not sent a second time"


async def test_the_same_arrival_again_gets_the_same_message(desk: Desk) -> None:
    first = await desk.come(message_id="again")
    await desk.come("heard", heard=Heard(text="hello"))
    assert await desk.come(message_id="again") == first
    assert await desk.count(Inbox) == 2
    assert await desk.count(Outgoing, state="sent") == 1


async def test_what_was_said_in_an_answer_is_gone_once_it_was_erased(desk: Desk) -> None:
    await desk.come(message_id="again")
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(body={})))
    assert await desk.come(message_id="again") is None


async def test_other_arrivals_return_nothing(desk: Desk) -> None:
    assert await desk.come("opened", inline=False) is None
    assert await desk.come("heard", heard=Heard(text="hello")) is None
    assert desk.woken.ids


async def test_a_deep_link_is_opened_in_the_answer(desk: Desk) -> None:
    plain = await desk.come()
    unknown = await desk.come(who="other", link="nothing-like-it")
    assert plain is not None
    assert unknown is not None
    assert unknown.text.startswith("This link or code does not work any more.")
    assert unknown.text != plain.text
    assert "\n\n" in unknown.text, "all that is said in one message"


async def test_a_turn_that_fails_apologises_in_the_answer(desk: Desk) -> None:
    desk.dialogue.poisoned = True
    first = await desk.come(message_id="bad")
    assert first is not None
    assert "Something went wrong on our side" in first.text
    assert await desk.count(Inbox, state="quarantined") == 1
    assert await desk.count(Outgoing, state="waiting") == 0
    assert await desk.come(message_id="bad") == first


async def test_a_flood_is_asked_to_slow_down_in_the_answer_and_else_gets_none(desk: Desk) -> None:
    for _number in range(40):
        assert await desk.come() is not None
    told = await desk.come(message_id="slow")
    assert told is not None
    assert told.text.startswith(bot.switchboard._SLOWER.msgid[:20])
    assert await desk.come() is None
    assert await desk.come(message_id="slow") == told
    assert desk.woken.ids == []


def test_several_messages_become_one_and_nothing_is_lost() -> None:
    venue = SpokenVenue("School", "Street 1", 1.0, 2.0)
    yes, no = SpokenButton("Yes", tap="y"), SpokenButton("No", tap="n")
    one = as_one(
        [
            Spoken("first", buttons=(no,), venue=venue),
            Spoken("second", cards=(SpokenCard("a card"),)),
            Spoken("last", buttons=(yes,), replaces=True),
        ]
    )
    assert one == Spoken("first\n\nSchool\nStreet 1\n\nsecond\n\na card\n\nlast", buttons=(yes,))
    assert as_one([]) is None


# ---------------------------------------------------------------- the clock of the free hours


async def test_opening_the_chat_is_no_word_of_theirs_and_writing_is(desk: Desk) -> None:
    await desk.come()
    await desk.come("returned")
    assert [row[0] for row in await desk.look(select(Address.last_heard_at))] == [None]
    await desk.come("heard", heard=Heard(text="hello"))
    assert [row[0] for row in await desk.look(select(Address.last_heard_at))] == [MONDAY]
    desk.clock.at += timedelta(hours=30)
    await desk.come()
    assert [row[0] for row in await desk.look(select(Address.last_heard_at))] == [MONDAY]


@pytest.mark.parametrize("event", ["opened", "returned", "heard"])
async def test_whoever_left_is_there_again(desk: Desk, event: str) -> None:
    await desk.come("heard", heard=Heard(text="hello"))
    await desk.come("left")
    assert await desk.count(Address, active=False) == 1
    await desk.come(event)
    assert await desk.count(Address, active=True, inactive_reason="") == 1


# ---------------------------------------------------------------- receipts


async def times(desk: Desk, outgoing_id: int) -> tuple[Any, ...]:
    (row,) = await desk.look(
        select(Outgoing.state, Outgoing.delivered_at, Outgoing.seen_at).where(Outgoing.id == outgoing_id)
    )
    return tuple(row)


async def test_delivered_and_seen_are_kept_with_the_first_time(desk: Desk) -> None:
    written = await desk.sent("mila", "hello", "5741311803571721087")
    await desk.come("delivered", shown_id="5741311803571721087")
    assert await times(desk, written) == ("sent", MONDAY, None)
    desk.clock.at += timedelta(minutes=1)
    await desk.come("delivered", shown_id="5741311803571721087")
    await desk.come("seen", shown_id="5741311803571721087")
    assert await times(desk, written) == ("sent", MONDAY, MONDAY + timedelta(minutes=1))


async def test_seen_alone_means_delivered(desk: Desk) -> None:
    written = await desk.sent("mila", "hello", "1")
    await desk.come("seen", shown_id="1")
    assert await times(desk, written) == ("sent", MONDAY, MONDAY)


async def test_a_receipt_of_nothing_known_makes_nothing(desk: Desk) -> None:
    written = await desk.sent("mila", "hello", "1")
    for event in ("delivered", "seen", "failed"):
        await desk.come(event, shown_id="2")
        await desk.come(event, shown_id="")
        await desk.come(event, shown_id="1", who="somebody else")
        await desk.come(event, shown_id="1", channel="another")
    assert await times(desk, written) == ("sent", None, None)
    assert await desk.count(Person) == 1
    assert await desk.count(Inbox) == 0
    assert await desk.count(Note) == 0


async def test_what_the_phone_could_not_show_was_not_said(desk: Desk) -> None:
    def add(session: Session) -> int:
        person = Person(created_at=MONDAY)
        session.add(person)
        session.flush()
        for said_with in (None, 1):
            reminder = Reminder(about="booking", about_id=said_with or 0, recipient_id=person.id, before_minutes=0)
            reminder.due_at, reminder.state, reminder.said_with_id = MONDAY, "sent", said_with
            session.add(reminder)
            session.flush()
        return 1

    reminder = await desk.store.write(add)
    written = await desk.sent("mila", "tomorrow", "7", kind="reminder", reminder_id=reminder)
    for _time in range(2):
        await desk.come("failed", shown_id="7", reason="keyboard is not valid")
    assert (await times(desk, written))[0] == "failed"
    rows = await desk.look(select(Reminder.state, Reminder.reason))
    assert [tuple(row) for row in rows] == [("missed", "keyboard is not valid")] * 2
    notes = await desk.look(select(Note.kind, Note.about, Note.outgoing_id))
    assert [tuple(row) for row in notes] == [("refused", "reminder: keyboard is not valid", written)]


async def test_what_was_seen_did_not_fail(desk: Desk) -> None:
    written = await desk.sent("mila", "hello", "1")
    await desk.come("seen", shown_id="1")
    await desk.come("failed", shown_id="1", reason="on their second phone")
    assert (await times(desk, written))[0] == "sent"


async def test_the_report_of_a_broadcast_counts_what_failed_afterwards(desk: Desk) -> None:
    await desk.sent("mila", "hello", "0")

    def add(session: Session) -> int:
        session.add(Organisation(id=1, code="demo", name={"en": "DEMO"}))
        session.flush()
        row = Broadcast(organisation_id=1, author_id=1, audience={}, texts={}, created_at=MONDAY)
        session.add(row)
        session.flush()
        return row.id

    broadcast = await desk.store.write(add)
    written = await desk.sent("mila", "news", "9", kind="broadcast", broadcast_id=broadcast)
    await desk.store.write(
        lambda session: session.add(Recipient(broadcast_id=broadcast, person_id=1, outgoing_id=written, state="sent"))
    )
    await desk.come("failed", shown_id="9", reason="no")
    assert await desk.store.read(lambda session: outcome_counts(session, broadcast)) == {"failed": 1}
    assert [row[0] for row in await desk.look(select(Recipient.state))] == ["failed"]


async def test_a_receipt_that_comes_before_the_mark_waits_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    written = await desk.sent("mila", "hello", "")
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(state="sending")))
    waited: list[float] = []
    marks = True

    async def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2 and marks:
            await desk.store.write(
                lambda session: session.execute(update(Outgoing).values(state="sent", shown_id="11"))
            )

    monkeypatch.setattr("bot.switchboard.asyncio.sleep", meanwhile)
    await desk.come("failed", shown_id="11", reason="no")
    assert len(waited) == 2
    assert (await times(desk, written))[0] == "failed"
    waited.clear()
    marks = False
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(state="sending")))
    await desk.come("delivered", shown_id="12")
    assert waited == list(bot.switchboard.RECEIPT_WAITS), "and not for ever"


async def test_the_platform_does_not_wait_with_a_receipt_that_came_too_early(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may tell of a message before it answers the call that sent it: then our mark waits for that answer."""
    written = await desk.sent("mila", "hello", "")
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(state="sending")))
    nursery, waits = Nursery(), asyncio.Event()

    async def meanwhile(_seconds: float) -> None:
        await waits.wait()

    monkeypatch.setattr("bot.switchboard.asyncio.sleep", meanwhile)
    desk.board = Switchboard(desk.store, desk.dialogue, desk.woken, desk.clock, later=nursery.start)
    assert await asyncio.wait_for(desk.come("seen", shown_id="11"), 30) is None
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(state="sent", shown_id="11")))
    waits.set()
    async with asyncio.timeout(30):
        while len(nursery):
            await asyncio.wait({task for task in asyncio.all_tasks() if task.get_name() == "receipt"})
    seen = await desk.look(select(Outgoing.seen_at).where(Outgoing.id == written))
    assert seen[0][0] is not None
    await desk.store.write(lambda session: session.execute(update(Outgoing).values(state="sending", shown_id="")))
    await nursery.close()
    with pytest.raises(Unavailable):
        await desk.come("seen", shown_id="12")


async def test_a_receipt_that_breaks_is_dropped_and_does_not_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> Taken:
        raise RuntimeError("poison")

    monkeypatch.setattr(desk.dialogue, "take", broken)
    assert await desk.come("delivered", shown_id="1") is None
    assert await desk.count(Inbox) == 0
    assert await desk.count(Note) == 0
