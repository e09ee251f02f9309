"""Topics on the strict platform: kills between a call and its mark, doubts, refusals, two processes with one lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.assembly import House
from bot.desk.line import DeskBot
from bot.doing import Doing
from bot.leases import Leases
from bot.outbox import Outbox
from bot.running.nursery import Nursery
from bot.settings import load
from bot.store import Store, open_store
from bot.telling import Rules, queue
from conversations.speech import Spoken
from handlers.channel import Sent
from handlers.desk.channel import DeskChannel
from models.caring import desk
from models.caring.desk import DeskGroup, DeskTopic
from models.messages.message import Note, Outgoing
from models.who import erasure
from tests.bot.desk.desk_kit import COMMON, DeskHouse
from tests.bot.desk.test_desk_setup import TOKEN
from tests.bot.running.runtime_kit import HandClock, HandTimer
from tests.fakes.telegram import FakeTelegram, Fault, Group

MARK = "Zvezdokljun"


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


class Process:
    """One process with the desk's token: its line, on the database and the platform that all share."""

    def __init__(self, store: Store, fake: FakeTelegram, clock: HandClock) -> None:
        self.store, self.clock, self.nursery = store, clock, Nursery()
        settings = load(desk_token=TOKEN, desk_group=COMMON, telegram_api_url=fake.url, _env_file=None)
        works = SimpleNamespace(schedule=self, health=SimpleNamespace(troubles={}))
        house = SimpleNamespace(store=store, clock=clock, settings=settings, works=works)
        self.line = DeskBot(cast("House", house))
        self.channel = cast(DeskChannel, self.line.make(self._spawn))

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self.nursery.start(work, name)

    async def do(self, work: Callable[[Doing], object]) -> int:
        """As the schedule does it."""
        doing: list[Doing] = []

        def run(session: Session) -> None:
            doing.append(Doing(session, self.clock.now(), Rules()))
            work(doing[0])

        await self.store.write(run)
        return len(doing[0].outgoing)

    async def look(self) -> None:
        """Rounds until nothing is left to be done, with whatever rest the platform wanted behind them."""
        for _round in range(4):
            self.line._rests_until = 0.0
            await self.line.round()

    async def close(self) -> None:
        await self.channel.stop()
        await self.nursery.close()


class Place:
    """A group on the platform, a database with requests in it, and processes that come and go."""

    def __init__(self, folder: Path, fake: FakeTelegram, url: str = "") -> None:
        self.fake, self.house = fake.second(TOKEN), DeskHouse(folder, url=url)
        self.house.colleague("ana", 303)
        self.store = open_store(url or f"sqlite:///{folder / 'putokaz.db'}")
        self.clock = HandClock(self.house.now)
        self.ana = self.fake.person(303)
        self.group: Group = self.fake.group(COMMON).make_forum(self.ana)
        self.processes: list[Process] = []

    def asks(self, *names: str) -> None:
        for name in names:
            self.house.person(name, "en", band="15-17", town="bor")
            self.house.hear(name, "/person")
            self.house.hear(name, MARK)

    def process(self) -> Process:
        self.processes.append(Process(self.store, self.fake, self.clock))
        return self.processes[-1]

    async def topics(self) -> list[DeskTopic]:
        return await self.store.read(lambda session: list(session.scalars(select(DeskTopic).order_by(DeskTopic.id))))

    async def told(self) -> list[str]:
        """What is posted in the group outside of topics, by a word or two."""

        def read(session: Session) -> list[str]:
            at = select(DeskGroup.address_id).scalar_subquery()
            rows = session.scalars(select(Outgoing).where(Outgoing.address_id == at).order_by(Outgoing.id))
            return [str(row.body.get("text", ""))[:70] for row in rows]

        return await self.store.read(read)

    def calls(self, method: str) -> int:
        return len(self.fake.calls(method, ok=False))

    async def close(self) -> None:
        for one in self.processes:
            await one.close()
        self.store.close()
        self.house.database.dispose()


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def killed_after(process: Process, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies when the platform has done `what`, before that is written down."""
    real = process.channel.change_topic

    async def die(named: str, *given: Any) -> int:
        done = await real(named, *given)
        if named == what:
            raise Killed
        return done

    monkeypatch.setattr(process.channel, "change_topic", die)


async def test_a_kill_after_a_topic_was_made_leaves_no_second_one_in_silence(
    tmp_path: Path, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, fake)
    place.asks("mila")
    first = place.process()
    killed_after(first, "open", monkeypatch)
    with pytest.raises(Killed):
        await first.look()
    assert [topic.name for topic in place.group.topics.values()] == ["#1 · English · 💬"], (
        "empty, but it has the number"
    )
    second = place.process()
    await second.look()
    (notice,) = await place.told()
    assert notice.startswith("❓ It is not known whether the topic of request 1 was made")
    assert len(place.group.topics) == 1, "staff read first, then another one is made"
    place.clock.at += timedelta(seconds=31)
    await second.look()
    (topic,) = await place.topics()
    assert len(place.group.topics) == 2
    assert (topic.thread, topic.shown, topic.opening_at) == (max(place.group.topics), "open", None)
    await second.look()
    assert len(await place.told()) == 1, "it is told once"
    await place.close()


async def test_no_answer_is_a_doubt_and_a_certain_no_is_none(tmp_path: Path, fake: FakeTelegram) -> None:
    place = Place(tmp_path, fake)
    place.asks("mila")
    process = place.process()
    place.fake.fail("createForumTopic", Fault.too_many(1))
    await process.line.round()
    assert await place.told() == []
    assert [topic.opening_at for topic in await place.topics()] == [None]
    place.fake.fail("createForumTopic", Fault.cut_after())
    await process.look()
    assert (len(await place.told()), len(place.group.topics)) == (1, 1)
    place.clock.at += timedelta(seconds=31)
    place.fake.fail("createForumTopic", Fault.error(502))
    await process.look()
    assert (len(await place.told()), len(place.group.topics)) == (2, 1)
    place.clock.at += timedelta(seconds=31)
    await process.look()
    assert len(place.group.topics) == 1, "each doubt doubles the wait"
    place.clock.at += timedelta(seconds=30)
    await process.look()
    assert (len(await place.told()), len(place.group.topics)) == (2, 2)
    await place.close()


async def test_what_the_platform_refuses_is_told_once_and_holds_up_nothing(tmp_path: Path, fake: FakeTelegram) -> None:
    place = Place(tmp_path, fake)
    place.asks("mila", "eva")
    process = place.process()
    await process.look()
    assert len(place.group.topics) == 2
    mila = place.house.person_id("mila")
    await place.store.write(lambda session: erasure.erase(session, place.clock.now(), mila))
    place.group.rights -= {"can_delete_messages"}
    place.asks("vera")
    await process.look()
    assert len(place.group.topics) == 3, "what comes behind is done"
    (notice,) = await place.told()
    assert notice.startswith("🗑 Telegram does not let me delete the topic of request 1.")
    tried = place.calls("deleteForumTopic")
    assert tried == 1
    for _hour in range(3):
        place.clock.at += timedelta(hours=1)
        await process.look()
    assert (place.calls("deleteForumTopic"), len(await place.told())) == (tried, 1)

    def kept(session: Session) -> tuple[str, list[Any]]:
        topic = session.scalars(select(DeskTopic).order_by(DeskTopic.id)).first()
        assert topic is not None
        bodies = session.scalars(select(Outgoing.body).where(Outgoing.address_id == topic.address_id))
        return topic.name, [body for body in bodies if body]

    assert await place.store.read(kept) == ("", []), "here nothing of it is left"

    def looked_at_again(session: Session) -> None:  # as when somebody changes the bot's rights in the group
        group = desk.group_at(session, COMMON)
        assert group is not None
        desk.in_trouble(session, group, "to be checked")

    place.group.rights |= {"can_delete_messages"}
    await place.store.write(looked_at_again)
    await process.look()
    assert len(place.group.topics) == 2
    assert (await place.topics())[0].shown == "gone"
    # the same for a topic that cannot be made: the request waits in the public bot, and staff know
    place.fake.fail("createForumTopic", Fault.error(400, "Bad Request: TOPICS_TOO_MUCH"), times=5)
    place.asks("nina")
    await process.look()
    assert (await place.told())[-1].startswith("⚠️ Telegram does not let me make a topic for request 4.")
    assert place.fake.faults.left() == 4
    await place.close()


async def test_the_menu_of_a_group_is_in_the_language_chosen_for_it(tmp_path: Path, fake: FakeTelegram) -> None:
    place = Place(tmp_path, fake)
    process = place.process()

    def menus() -> dict[str, str]:
        found = place.fake.memory.menus
        return {code: found[f"chat:{COMMON}", code][-1]["description"] for code in ("", "sr", "bg", "en")}

    await process.line.round()
    await process.line._menus()
    assert menus() == {"": "šta ovde radi", "sr": "šta ovde radi", "bg": "какво работи тук", "en": "what works here"}
    set_before = place.calls("setMyCommands")
    await process.line._menus()
    assert place.calls("setMyCommands") == set_before, "once is enough"

    def choose(session: Session) -> None:
        group = desk.group_at(session, COMMON)
        assert group is not None
        desk.speak_in(session, group, "bg")

    await place.store.write(choose)
    await process.line.round()
    await process.line._menus()
    assert set(menus().values()) == {"какво работи тук"}
    await place.close()


class Sending:
    """The outbox of one process, on its desk's channel; nothing in it waits for real."""

    def __init__(self, place: Place, process: Process) -> None:
        self.place, self.timer = place, HandTimer()
        self.outbox = Outbox(
            place.store, {"desk": process.channel}, place.clock, process.nursery, timer=self.timer, chance=lambda: 1.0
        )

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not happened():
                self.timer.to_next(self.timer.at + 5)
                await asyncio.sleep(0.01)


@pytest.mark.parametrize(("kind", "sent", "state"), [("reply", 2, "sent"), ("reminder", 1, "unsure")])
async def test_a_kill_in_mid_send_repeats_a_post_and_puts_anything_else_before_staff(
    tmp_path: Path, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch, kind: str, sent: int, state: str
) -> None:
    place = Place(tmp_path, fake)
    process, later = place.process(), place.process()
    await process.look()

    def write(session: Session) -> int:
        at = session.scalars(select(DeskGroup.address_id)).one()
        return queue(session, place.clock.now(), at, Spoken(MARK), kind)

    def shown() -> int:
        return sum(MARK in str(call.params.get("text")) for call in place.fake.calls("sendMessage"))

    written, real = await place.store.write(write), process.channel.send

    async def die(*given: Any, **more: Any) -> Sent:
        await real(*given, **more)
        await asyncio.Event().wait()  # the platform has it; the process never comes to mark it
        raise Killed

    monkeypatch.setattr(process.channel, "send", die)
    dead = Sending(place, process)
    await dead.outbox.hold("desk")
    await dead.until(lambda: shown() == 1)
    alive = Sending(place, later)
    await alive.outbox.hold("desk")
    await alive.until(lambda: shown() == sent)
    await alive.outbox.stop()
    row = await place.store.read(lambda session: session.get_one(Outgoing, written))
    assert (row.state, shown()) == (state, sent)
    notes = await place.store.read(lambda session: list(session.scalars(select(Note.outgoing_id))))
    assert notes == ([written] if kind == "reminder" else []), "staff decide whether it is sent again"
    await place.close()


@pytest.mark.postgres
async def test_of_two_processes_only_who_holds_the_lease_makes_topics(
    tmp_path: Path, fake: FakeTelegram, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.leases.TERM", 0.6)
    monkeypatch.setattr("bot.leases.MARGIN", 0.1)
    monkeypatch.setattr("bot.desk.line.EVERY", 0.02)
    place = Place(tmp_path, fake, postgres_url)
    place.asks("mila", "eva")
    seats = [Seat(place), Seat(place)]
    for seat in seats:
        await seat.leases.renew()
    holder, other = sorted(seats, key=lambda seat: not seat.leases.holds("desk"))
    assert not other.leases.holds("desk")
    await holder.until(lambda: len(place.group.topics) == 2)
    await asyncio.sleep(0.1)
    assert len(place.fake.calls("createForumTopic")) == 2, "one topic for each request"
    # the holder dies in the middle of a call; the other takes over and says so
    hang(holder.process, monkeypatch)
    place.asks("vera")
    await holder.until(lambda: len(place.group.topics) == 3)
    await holder.dies()
    for _renewal in range(100):
        await asyncio.sleep(0.02)
        await other.leases.renew()
        if other.leases.holds("desk"):
            break
    await other.until(lambda: len([text for text in other.told if "request 3" in text]) == 1)
    place.clock.at += timedelta(seconds=31)
    await other.until(lambda: bool(other.seen) and all(topic.shown == "open" for topic in other.seen))
    assert len(place.group.topics) == 4, "three requests, and the empty one that staff were told of"
    assert len([text for text in await place.told() if text.startswith("❓")]) == 1
    await other.dies()
    await place.close()


def hang(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the process never hears what the platform answers about topics."""
    real = process.channel.change_topic

    async def asked(*given: Any) -> int:
        await real(*given)
        await asyncio.Event().wait()
        raise Killed

    monkeypatch.setattr(process.channel, "change_topic", asked)


class Seat:
    """A process that runs the desk's line as long as it holds the lease, by the database's own clock."""

    def __init__(self, place: Place) -> None:
        self.place, self.process = place, place.process()
        self.seen: list[DeskTopic] = []
        self.told: list[str] = []
        self._task: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        self.leases = Leases(place.store, ("desk",), loop, gained=self._gained, lost=self._lost)

    async def _gained(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self.process.line.beside(lambda: self.leases.holds(name)))

    async def _lost(self, _name: str) -> None:
        if self._task is not None:
            self._task.cancel()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Keep the lease until something has happened."""
        async with asyncio.timeout(60):
            while not happened():
                await asyncio.sleep(0.02)
                await self.leases.renew()
                self.seen, self.told = await self.place.topics(), await self.place.told()

    async def dies(self) -> None:
        """As by kill -9: nothing is given back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
