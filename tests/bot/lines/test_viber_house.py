"""The whole house with Viber, over real HTTP on loopback: welcome, receipts, one call for many people, money."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.assembly import House
from bot.lines.kept_links import keep, kept
from bot.running.checking import check_all
from bot.settings import Settings, load
from bot.telling import queue
from conversations.speech import Spoken
from handlers.viber.receiving import WEBHOOK_PATH
from models.house import Remembered
from models.messages.message import Outgoing
from models.messages.money import PaidMessage, Spending
from models.who.people import Address
from tests.fakes.viber import TOKEN, FakeViber
from tests.outside.product import free_port

DAYS = timedelta(days=2)
LINK = "viber://pa?chatURI=demosignpost&context="


@pytest.fixture
def fake() -> Any:
    with FakeViber() as platform:
        yield platform


def settings(folder: Path, fake: FakeViber, **more: Any) -> Settings:
    port = free_port()
    given = {
        "data": folder,
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "viber_token": TOKEN,
        "viber_api_url": fake.url,
        "viber_prices": "RS=0.02,*=0.02",
        "viber_prices_checked": "2026-11-01",
        "viber_budget": "0.10",
        "sample": True,
        **more,
    }
    return load(**given)


@pytest.fixture
async def house(tmp_path: Path, fake: FakeViber) -> AsyncIterator[House]:
    made = House(settings(tmp_path, fake))
    await made.open()
    await until(lambda: dict(made.works.dialogue.rules.links).get("Viber"))
    yield made
    await fake.silence()
    await made.close()


async def until(happened: Callable[[], Any], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if happened():
                return
            await asyncio.sleep(0.02)


async def read(house: House, statement: Any) -> list[Any]:
    return await house.store.read(lambda session: list(session.execute(statement).all()))


async def crowd(house: House, fake: FakeViber, size: int) -> list[int]:
    """People who wrote once, two days ago, and who have had all their answers."""
    people = [fake.person(f"DEMO {number}") for number in range(size)]
    for person in people:
        await fake.taken(person.writes("menu"))
    await house.works.outbox.idle()

    def back(session: Session) -> list[int]:
        long_ago = house.clock.now() - DAYS
        session.execute(update(Address).where(Address.channel == "viber").values(last_heard_at=long_ago))
        return list(session.scalars(select(Address.id).where(Address.channel == "viber").order_by(Address.id)))

    return await house.store.write(back)


async def broadcast(house: House, addresses: list[int]) -> list[int]:
    def write(session: Session) -> list[int]:
        return [
            queue(session, house.clock.now(), one, Spoken("Клуб почиње у петак."), "broadcast") for one in addresses
        ]

    ids = await house.store.write(write)
    house.works.outbox.wake(ids)
    await asyncio.sleep(0.05)
    await house.works.outbox.idle()
    return ids


async def test_the_welcome_stands_in_the_answer_and_receipts_are_kept(house: House, fake: FakeViber) -> None:
    mila = fake.person("mila")
    callback = await fake.taken(mila.opens())
    assert mila.last.welcome
    assert mila.labels
    before = len(mila.shown)
    await fake.taken(fake.redeliver(callback))
    assert fake.calls("send_message") == []
    assert await read(house, select(Outgoing.state)) == [("sent",)]
    assert before == 1
    await fake.taken(mila.writes("menu"))
    await mila.wait_for("")
    await until(lambda: fake.calls("send_message"))
    mila.sees()
    wanted = select(Outgoing.delivered_at, Outgoing.seen_at).where(Outgoing.shown_id != "")

    async def seen() -> bool:
        rows = await read(house, wanted)
        return bool(rows) and all(row[0] and row[1] for row in rows)

    async with asyncio.timeout(60):
        while True:
            if await seen():
                break
            await asyncio.sleep(0.05)
    assert dict(house.works.dialogue.rules.links)["Viber"] == LINK
    assert await house.store.read(lambda session: kept(session, house.settings)) == (("Viber", LINK),)


async def test_its_link_of_the_life_before_is_good_until_viber_is_reached(tmp_path: Path, fake: FakeViber) -> None:
    given = settings(tmp_path, fake, viber_api_url=f"http://127.0.0.1:{free_port()}")
    house = House(given)
    try:
        with Session(house.store.engine) as session:
            keep(session, given.model_copy(update={"viber_token": SecretStr("another")}), "Viber", "viber://another")
            keep(session, given, "Viber", "viber://before")
            keep(session, given, "Viber", LINK)
            session.commit()
        await house.open()
        works = await house.built()
        assert [link for link in works.dialogue.rules.links if link[0] == "Viber"] == [("Viber", LINK)]
        assert TOKEN not in repr(await read(house, select(Remembered.name, Remembered.value)))
    finally:
        await house.close()


async def test_a_broadcast_is_one_call_for_those_there_is_money_for(house: House, fake: FakeViber) -> None:
    addresses = await crowd(house, fake, 8)
    ids = await broadcast(house, addresses)
    calls = fake.calls("broadcast_message")
    assert [len(call.params["broadcast_list"]) for call in calls] == [5]
    states = [row[0] for row in await read(house, select(Outgoing.state).where(Outgoing.id.in_(ids)))]
    assert sorted(states) == ["cancelled"] * 3 + ["sent"] * 5
    ledger = await read(house, select(PaidMessage.channel, PaidMessage.kind, PaidMessage.micros))
    assert ledger == [("viber", "broadcast", 20_000)] * 5
    _status, health = await house.works.health.report()
    assert health["money"]["viber"]["spent"] == 0.1
    assert health["money"]["viber"]["unsent"] == 3
    assert health["channels"]["viber"] == "ok"


async def test_status_23_stops_what_costs_and_answers_go_on(house: House, fake: FakeViber) -> None:
    addresses = await crowd(house, fake, 2)
    for person in fake.people.values():
        person.refuse_with = 23

    def write(session: Session) -> int:
        return queue(session, house.clock.now(), addresses[0], Spoken("Сутра је час."), "reminder")

    written = await house.store.write(write)
    house.works.outbox.wake([written])
    await asyncio.sleep(0.05)
    await house.works.outbox.idle()
    assert await read(house, select(Outgoing.state, Outgoing.reason).where(Outgoing.id == written)) == [
        ("cancelled", "budget")
    ]
    ((stopped, micros),) = await read(house, select(Spending.stopped_until, Spending.micros))
    assert stopped is not None
    assert micros == 0
    for person in fake.people.values():
        person.refuse_with = 0
    somebody = fake.person("DEMO 1")
    count = len(somebody.shown)
    await fake.taken(somebody.writes("menu"))
    await until(lambda: len(somebody.shown) > count)


async def test_no_token_and_no_id_stands_in_the_log(
    house: House, fake: FakeViber, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mila = fake.person("mila")
    await fake.taken(mila.opens())
    await fake.taken(mila.writes("MARKER"))
    mila.refuse_with = 7
    await fake.taken(mila.writes("menu"))
    await house.works.outbox.idle()
    told = "\n".join(record.getMessage() for record in caplog.records)
    for secret in (TOKEN, mila.id, "MARKER"):
        assert secret not in told


# ---------------------------------------------------------------- python -m bot check


async def checked(given: Settings) -> tuple[bool, str]:
    said: list[str] = []
    well = await check_all(given, lambda line: said.append(str(line)))
    return well, next(line for line in said if " viber: " in line)


async def test_check_looks_at_the_account_the_name_the_webhook_and_the_prices(tmp_path: Path, fake: FakeViber) -> None:
    given = settings(tmp_path, fake)
    well, line = await checked(given)
    assert well
    assert line.startswith("  ok     viber: ")
    assert "sends as Putokaz, webhook not set yet" in line
    assert "budget 0.10 EUR a month; RS 0.02 EUR, * 0.02 EUR, checked on 2026-11-01" in line
    assert TOKEN not in line


async def test_check_finds_a_webhook_that_is_set_and_one_that_is_not_ours(tmp_path: Path, fake: FakeViber) -> None:
    given = settings(tmp_path, fake)
    house = House(given)
    await house.open()
    await until(lambda: dict(house.works.dialogue.rules.links).get("Viber"))
    await until(lambda: fake.calls("set_webhook"))
    await house.close()
    well, line = await checked(given)
    assert well
    assert "webhook set" in line
    well, line = await checked(settings(tmp_path, fake))
    assert not well
    assert f"the webhook is {given.public_url}{WEBHOOK_PATH}, which is not" in line


async def test_check_says_that_a_token_is_refused(tmp_path: Path, fake: FakeViber) -> None:
    well, line = await checked(
        settings(tmp_path, fake, viber_token="4711fa4e0f2a4b5c-0000000000000000-0000000000000000")
    )
    assert not well
    assert "the token is refused" in line
    assert "4711fa4e" not in line


async def test_check_says_that_viber_is_not_reached(tmp_path: Path, fake: FakeViber) -> None:
    well, line = await checked(settings(tmp_path, fake, viber_api_url=f"http://127.0.0.1:{free_port()}"))
    assert not well
    assert "Viber is not reached" in line


async def test_check_says_that_viber_is_off_and_that_old_prices_are_old(tmp_path: Path, fake: FakeViber) -> None:
    well, line = await checked(settings(tmp_path, fake, viber_token=""))
    assert well
    assert "off (no PUTOKAZ_VIBER_TOKEN" in line
    _well, line = await checked(settings(tmp_path, fake, viber_prices_checked="2024-01-01"))
    assert "checked on 2024-01-01: look again" in line
