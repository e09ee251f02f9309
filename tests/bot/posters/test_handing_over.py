"""Posters from the staff's chat: who may, what is queued, and that nobody waits while one is drawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.outbox import Outbox
from bot.posters.apart import Drawer, NotDrawn, draw_apart, order
from bot.running.nursery import Nursery
from bot.telling import Rules, queue
from conversations.deeds.staff import MakePoster
from conversations.speech import Document, Spoken
from models.audit import Audit
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.programme import Town
from models.who.staff import StaffRole
from tests.bot.posters.test_drawing import POSTER
from tests.bot.running.runtime_kit import World
from tests.house import House

FILE = Document("putokaz-bor-en.pdf", "application/pdf", b"")
ORDER = order(POSTER, "print", "It did not work.")


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.person("ana", organisation="kokoro")
    house.person("vesna", organisation="valjevo")
    house.person("mila", band="15-17", town="bor")
    house.person("sara", organisation="kokoro", role="safeguarding")
    return house


def asks(house: House, name: str, *, listing: str = "", town: str = "", tag: str = "bg", form: str = "print") -> str:
    """Performs the deed as if that person's conversation had asked for it, and tells how it ended."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        listing_id = session.scalars(select(Listing.id).where(Listing.code == listing)).first()
        town_id = session.scalars(select(Town.id).where(Town.code == town)).first()
        doing = Doing(session, house.now, house.rules, person_id, _address(session, person_id), "console")
        done = perform(doing, MakePoster(listing_id, town_id, tag, form))
        session.commit()
        return done.outcome


def _address(session: Session, person_id: int) -> int:
    from models.who.people import Address

    return session.scalars(select(Address.id).where(Address.person_id == person_id)).one()


def drawn(house: House) -> list[dict[str, Any]]:
    with Session(house.database) as session:
        return [row.body for row in session.scalars(select(Outgoing).order_by(Outgoing.id)) if "drawn" in row.body]


# ---------------------------------------------------------------- who may, and what is queued


@pytest.mark.parametrize(
    ("name", "what", "outcome"),
    [
        ("ana", {"listing": "bor-matematika"}, "coming"),
        ("ana", {"town": "pirot"}, "coming"),
        ("vesna", {"listing": "bor-matematika"}, "refused"),
        ("vesna", {"town": "bor"}, "coming"),
        ("mila", {"listing": "bor-matematika"}, "refused"),
        ("mila", {"town": "bor"}, "refused"),
        ("sara", {"listing": "bor-matematika"}, "refused"),
        ("sara", {"town": "bor"}, "refused"),
        ("ana", {}, "refused"),
        ("ana", {"town": "bor", "tag": "xx"}, "refused"),
        ("ana", {"town": "bor", "form": "wall; rm"}, "refused"),
    ],
)
def test_only_staff_and_only_their_own_listings(house: House, name: str, what: dict[str, str], outcome: str) -> None:
    assert asks(house, name, **what) == outcome
    assert bool(drawn(house)) is (outcome == "coming")


def test_a_role_that_has_ended_draws_nothing(house: House) -> None:
    with Session(house.database) as session:
        session.execute(update(StaffRole).values(ended_at=house.now))
        session.commit()
    assert asks(house, "ana", town="bor") == "refused"


def test_what_is_on_the_poster_is_public_and_the_order_names_nobody(house: House) -> None:
    assert asks(house, "ana", listing="bor-matematika") == "coming"
    (body,) = drawn(house)
    poster = body["drawn"]["poster"]
    assert poster["main"]["url"] == "https://putokaz.example/go/bor-matematika"
    assert poster["title"] == "Математика: помощ с уроците"
    assert body["document"][:2] == ["putokaz-bor-matematika-bg.pdf", "application/pdf"]
    assert len(json.dumps(body)) < 4000, "no picture is kept in the database"
    ana = house.person_id("ana")
    with Session(house.database) as session:
        row = session.scalars(select(Audit).where(Audit.action == "poster.made")).one()
        assert row.actor_id == ana
        assert row.subject.startswith("listing:")
        assert row.details == {"language": "bg", "form": "print"}


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_there_is_no_poster_of_what_takes_nobody(house: House, state: str) -> None:
    with Session(house.database) as session:
        session.execute(update(Listing).where(Listing.code == "bor-matematika").values(state=state))
        session.commit()
    assert asks(house, "ana", listing="bor-matematika") == "over"
    house.now += timedelta(days=400)
    assert asks(house, "ana", listing="bor-fizika") == "over", "all its dates have passed"
    assert drawn(house) == []


def test_without_any_way_in_it_is_said_and_on_this_computer_alone_it_is_marked(house: House) -> None:
    house.rules = Rules()
    assert asks(house, "ana", town="bor") == "no_way"
    house.rules = Rules(landing="http://localhost:8080/go/")
    assert asks(house, "ana", town="bor", tag="en") == "coming"
    house.rules = Rules(landing="http://localhost:8080/go/", links=(("Telegram", "https://t.me/demo_bot?start="),))
    assert asks(house, "ana", town="bor", tag="en") == "coming"
    local, app = (body["drawn"]["poster"] for body in drawn(house))
    assert local["mark"] == "Only a trial, not for the wall"
    assert (app["mark"], app["main"]["url"]) == ("", "https://t.me/demo_bot?start=bor")


# ---------------------------------------------------------------- drawn when it is sent


class Slow:
    """Draws once it is let."""

    def __init__(self) -> None:
        self.begun, self.may, self.times = asyncio.Event(), asyncio.Event(), 0

    async def __call__(self, message: Spoken, drawn: Mapping[str, Any]) -> Spoken:
        self.times += 1
        self.begun.set()
        await self.may.wait()
        assert message.document is not None
        return replace(message, document=replace(message.document, content=drawn["form"].encode()))


async def world_with(folder: Path, draw: Any) -> World:
    world = World(folder)
    world.channel.capabilities = replace(world.channel.capabilities, documents=True)
    world.outbox = outbox_of(world, draw)
    await world.outbox.hold("fake")
    return world


def outbox_of(world: World, draw: Any) -> Outbox:
    channels = {"fake": world.channel}
    return Outbox(world.store, channels, world.clock, world.nursery, timer=world.timer, chance=lambda: 1.0, draw=draw)


async def ordered(world: World, name: str) -> int:
    address = await world.address(name)
    return await world.store.write(
        lambda session: queue(session, world.clock.now(), address, Spoken("", document=FILE), "reply", drawn=ORDER)
    )


async def test_the_database_and_all_other_chats_go_on_while_it_is_drawn(tmp_path: Path) -> None:
    draw = Slow()
    world = await world_with(tmp_path, draw)
    try:
        world.outbox.wake([await ordered(world, "staff")])
        async with asyncio.timeout(30):
            await draw.begun.wait()
            asked = asyncio.Queue[str]()
            world.channel.before = asked.put_nowait
            await world.say(await world.address("other"), "hello")  # the writer thread is free
            assert await asked.get() == "other"
            assert asked.empty()
        draw.may.set()
        await world.settle()
        handed = world.channel.shown[-1]
        assert handed.to == "staff"
        assert handed.message.document == replace(FILE, content=b"print")
    finally:
        await world.close()


async def test_after_a_crash_it_is_drawn_again_and_handed_over_once(tmp_path: Path) -> None:
    draw = Slow()
    world = await world_with(tmp_path, draw)
    written = await ordered(world, "staff")
    world.outbox.wake([written])
    async with asyncio.timeout(30):
        await draw.begun.wait()
    await world.nursery.close()
    draw.may.set()
    world.nursery = Nursery()
    world.outbox = outbox_of(world, draw)
    await world.outbox.hold("fake")
    await world.settle()
    try:
        assert await world.states(written) == ["sent"]
        assert [shown.to for shown in world.channel.shown] == ["staff"]
        assert draw.times == 2
    finally:
        await world.close()


async def test_without_anybody_who_draws_staff_are_told(tmp_path: Path) -> None:
    world = await world_with(tmp_path, None)
    try:
        written = await ordered(world, "staff")
        world.outbox.wake([written])
        await world.settle()
        assert await world.states(written) == ["failed"]
        assert world.channel.shown == []
    finally:
        await world.close()


# ---------------------------------------------------------------- drawn apart


async def test_the_file_is_drawn_in_a_process_of_its_own() -> None:
    message = await Drawer()(Spoken("", "en", document=FILE), ORDER)
    assert message.document is not None
    assert message.document.content.startswith(b"%PDF-")
    assert message.document.name == FILE.name


async def test_the_event_loop_turns_while_it_is_drawn() -> None:
    longest, running = 0.0, True

    async def watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while running:
            before = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - before)

    watching = asyncio.get_running_loop().create_task(watch())
    await draw_apart(ORDER)
    running = False
    await watching
    assert longest < 0.5


@pytest.mark.parametrize("wrong", [{"form": "print"}, {**ORDER, "form": "sculpture"}, {**ORDER, "poster": {}}])
async def test_an_order_that_cannot_be_drawn_is_an_apology_and_no_file(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotDrawn):
        await draw_apart(wrong)
    message = await Drawer()(Spoken("", "en", document=FILE), {**wrong, "sorry": "It did not work."})
    assert message == Spoken("It did not work.", "en")


async def test_a_drawing_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotDrawn, match="not within"):
        await draw_apart(ORDER, patience=0.05)


async def test_the_process_that_draws_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It gets the words of a poster, and nothing of the house."""
    spy = tmp_path / "spy"
    spy.write_text('#!/bin/sh\nenv | grep -c "^PUTOKAZ_\\|MARKER"\n', encoding="utf-8")
    spy.chmod(0o700)
    monkeypatch.setenv("PUTOKAZ_TELEGRAM_TOKEN", "4711:MARKER")
    monkeypatch.setattr("sys.executable", str(spy))
    with pytest.raises(NotDrawn, match="ended with 1"):  # grep found none
        await draw_apart(ORDER)
