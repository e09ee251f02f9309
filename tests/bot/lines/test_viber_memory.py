"""What Viber's rules need outlives a process and is the same in all of them, on both databases."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.keeping.retention import keep_no_longer
from bot.lines.viber_memory import StoredMemory
from bot.store import Store, open_store
from conversations.speech import Document, Spoken, SpokenButton, SpokenCard
from handlers.channel import SendFailed, Sent
from handlers.viber.channel import ViberChannel
from handlers.viber.hosting import KEPT
from models.base import Base
from models.messages import viber
from models.messages.viber import ViberChat, ViberFile
from models.who import erasure, linking
from models.who.people import Address, Person
from tests.fakes.viber import FakeViber
from tests.fakes.viber import Person as Phone
from tests.handlers.viber_kit import PUBLIC, Wired, viber_at
from tests.templates import furnish

CARDS = Spoken("Two courses:", cards=(SpokenCard("Maths", (SpokenButton("Book", "b1"),)), SpokenCard("Chess")))


class Clock:
    """The time, which only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    furnish(tmp_path / "viber.db", search=False)
    made = open_store(f"sqlite:///{tmp_path / 'viber.db'}")
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeViber]:
    with FakeViber(now=lambda: clock.now.timestamp()) as server:
        yield server


class Processes:
    """Processes on one database: each is a channel of its own. The newest gets what people write."""

    def __init__(self, fake: FakeViber, store: Store, clock: Clock) -> None:
        self.fake, self.store, self.clock = fake, store, clock

    @asynccontextmanager
    async def another(self) -> AsyncIterator[Wired]:
        memory = StoredMemory(self.store, self.clock)
        async with viber_at(self.fake, now=self.clock, memory=memory) as wired:
            yield wired

    async def rows(self, table: Any) -> list[Any]:
        return await self.store.read(lambda session: list(session.scalars(select(table)).all()))


@pytest.fixture
def processes(fake: FakeViber, store: Store, clock: Clock) -> Processes:
    return Processes(fake, store, clock)


async def wrote(phone: Phone) -> None:
    await phone.fake.taken(phone.writes("hello"))


async def refused(channel: ViberChannel, phone: Phone, text: str = "one more") -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send(phone.id, Spoken(text))
    return caught.value


async def fetched(wired: Wired, phone: Phone) -> tuple[int, bytes]:
    """What Viber gets from a process at the address in the last message."""
    path = str(phone.last.message["media"]).removeprefix(PUBLIC)
    async with aiohttp.ClientSession() as session, session.get(wired.url + path) as answer:
        return answer.status, await answer.read()


async def test_another_process_knows_the_phone_the_hour_and_the_last_buttons(
    processes: Processes, fake: FakeViber
) -> None:
    ana = fake.person("ana")
    async with processes.another() as first, processes.another():  # the second gets what she writes
        await wrote(ana)
        await first.channel.send(ana.id, CARDS)
        assert ana.last.message["type"] == "rich_media", "her client's version was learnt elsewhere"
        await first.channel.send(ana.id, Spoken("Booked.", buttons=(SpokenButton("Cancel it", "s.1"),)))
        sent = {row.external_id: row.sent for row in await processes.rows(ViberChat)}
        assert sent[ana.id] == 3, "the cards went in two"
        await StoredMemory(processes.store, processes.clock).change([ana.id], lambda known: replace(known, sent=98))
    async with processes.another() as later, processes.another():
        await later.channel.send(ana.id, Spoken("What next?", buttons=(SpokenButton("Find", "f"),)))
        assert ana.labels == ["Find", "Cancel it"]
        await later.channel.send(ana.id, Spoken("the hundredth"))
        calls = len(fake.history)
        failure = await refused(later.channel, ana)
        assert (failure.kind, len(fake.history)) == ("wait", calls), "it is not even tried"
        many = await later.channel.send_many([ana.id], Spoken("to all"))
        assert isinstance(many[ana.id], SendFailed)
        await wrote(ana)
        await later.channel.send(ana.id, Spoken("Yes?", buttons=(SpokenButton("Yes", "y"),)))
        assert ana.labels == ["Yes"], "what she did elsewhere put the older buttons away, and began the hundred anew"


async def test_counting_at_once_in_two_processes_loses_nothing(store: Store, clock: Clock) -> None:
    memories = [StoredMemory(store, clock), StoredMemory(store, clock)]
    await asyncio.gather(
        *(memories[n % 2].change(["a=", "b="], lambda known: known.took(clock.now, ())) for n in range(30))
    )
    known = await memories[0].known(["b=", "a=", "nobody="])
    assert {one: (row.sent, row.full(clock.now)) for one, row in known.items()} == {
        "a=": (30, False),
        "b=": (30, False),
    }


async def test_a_file_is_served_by_any_process_for_a_day_and_then_deleted(
    processes: Processes, fake: FakeViber, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = fake.person("ana")
    async with processes.another() as first:
        await wrote(ana)
        await first.channel.send(ana.id, Spoken("", document=Document("plan.pdf", "application/pdf", b"%PDF DEMO")))
    url = str(ana.last.message["media"])
    token = re.search(r"/viber/file/([^/]+)/", url)
    assert token is not None
    assert len(token[1]) >= 22, "128 bits"
    (row,) = await processes.rows(ViberFile)
    assert (row.external_id, row.size, token[1] in row.hash) == (ana.id, 9, False)
    async with processes.another() as later:
        assert await fetched(later, ana) == (200, b"%PDF DEMO")
        clock.now += KEPT - timedelta(seconds=1)
        assert await keep_no_longer(store, clock.now) == 0
        assert (await fetched(later, ana))[0] == 200
        clock.now += timedelta(seconds=1)
        assert (await fetched(later, ana))[0] == 404
        assert await keep_no_longer(store, clock.now) == 1
        assert await processes.rows(ViberFile) == []
        monkeypatch.setattr(viber, "MOST_BYTES", 25)
        for number in range(3):
            await later.channel.send(ana.id, Spoken("", document=Document(f"{number}.txt", "text/plain", b"%d" * 5)))
            clock.now += timedelta(seconds=1)
        assert sum(row.size for row in await processes.rows(ViberFile)) == 20, "the oldest made room"
        assert (await fetched(later, ana))[0] == 200


async def test_what_is_known_goes_with_the_person_and_with_its_time(
    processes: Processes, fake: FakeViber, store: Store, clock: Clock
) -> None:
    ana, eva, passer = (fake.person(name) for name in ("ana", "eva", "passer"))

    def met(session: Session) -> list[int]:
        people = [Person(tag="en", created_at=clock.now) for _ in range(2)]
        session.add_all(people)
        session.flush()
        for person, phone in zip(people, (ana, eva), strict=True):
            session.add(Address(person_id=person.id, channel="viber", external_id=phone.id, created_at=clock.now))
        session.add(Address(person_id=people[1].id, channel="telegram", external_id="7", created_at=clock.now))
        return [person.id for person in people]

    first, second = await store.write(met)
    async with processes.another() as wired:
        for phone in (ana, eva, passer):
            await wrote(phone)
            paper = Document("p.pdf", "application/pdf", b"%PDF")
            await wired.channel.send(phone.id, Spoken("", document=paper, buttons=(SpokenButton("Mila DEMO", "m"),)))

    def leaves(session: Session) -> None:
        erasure.erase(session, clock.now, first)
        chat = session.scalars(select(Address.id).where(Address.external_id == eva.id)).one()
        linking.leave(session, clock.now, second, chat)

    await store.write(leaves)
    kept = {row.external_id: row for row in await processes.rows(ViberChat)}
    assert set(kept) == {eva.id, passer.id}
    assert kept[eva.id].version, "whoever writes there now has the same phone"
    assert kept[eva.id].shown == []
    assert {row.external_id for row in await processes.rows(ViberFile)} == {passer.id}
    clock.now += timedelta(days=2, seconds=1)
    await keep_no_longer(store, clock.now)
    (left,) = await processes.rows(ViberChat)
    assert (left.external_id, left.shown, left.hour) == (eva.id, [], None), "strangers are forgotten"
    assert await keep_no_longer(store, clock.now) == 0


async def test_a_database_that_is_away_sends_nothing_twice(
    processes: Processes, fake: FakeViber, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = fake.person("ana")

    def away(*_given: object) -> Any:
        raise OperationalError("SENTINEL", None, Exception("away"))

    async with processes.another() as wired:
        await wrote(ana)
        with monkeypatch.context() as patched:
            patched.setattr(viber, "known", away)
            calls = len(fake.history)
            failure = await refused(wired.channel, ana)
            assert (failure.kind, len(fake.history)) == ("retry", calls), "surely not shown"
            assert "SENTINEL" not in str(failure)
        with monkeypatch.context() as patched:
            patched.setattr(viber, "change", away)
            assert isinstance(await wired.channel.send(ana.id, Spoken("shown")), Sent), "taken is taken"
        assert [shown.text for shown in ana.shown] == ["shown"]
        with monkeypatch.context() as patched:
            patched.setattr(viber, "keep", away)
            with pytest.raises(SendFailed) as caught:
                await wired.channel.send(ana.id, Spoken("", document=Document("a.txt", "text/plain", b"x")))
            assert caught.value.kind == "retry"


@pytest.mark.postgres
async def test_it_is_the_same_on_postgresql(
    fake: FakeViber, clock: Clock, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(postgres_url)
    Base.metadata.create_all(store.engine)
    processes = Processes(fake, store, clock)
    await test_what_is_known_goes_with_the_person_and_with_its_time(processes, fake, store, clock)
    await test_a_file_is_served_by_any_process_for_a_day_and_then_deleted(processes, fake, store, clock, monkeypatch)
    await test_another_process_knows_the_phone_the_hour_and_the_last_buttons(processes, fake)
    await test_counting_at_once_in_two_processes_loses_nothing(store, clock)
    store.close()
