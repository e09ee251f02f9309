"""The stage: three phones, and a clock that moves forward and never back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.small_talk import SMALL_TALK
from tests.web import Phone, WebHouse, web_house

SEATS = {"young": "Y" * 64, "parent": "P" * 64, "staff": "S" * 64}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, talks=SMALL_TALK, on_stage=True, seats=SEATS) as house:
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        yield phone


async def test_three_phones_stand_side_by_side_and_only_our_own_page_may_frame_them(phone: Phone) -> None:
    await phone.open("/")
    for seat in SEATS:
        assert f'<iframe src="/chat?seat={seat}"' in phone.html
    async with phone.session.get("/chat?seat=young") as answer:
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(("tag", "word"), [("sr-Cyrl", "Помери сат"), ("bg", "Премести часовника"), ("en", "Move")])
async def test_the_words_around_the_phones_are_in_the_chosen_language(phone: Phone, tag: str, word: str) -> None:
    await phone.open(f"/?lang={tag}")
    assert f'<html lang="{tag}">' in phone.html
    assert word.split()[0][:5] in phone.html


async def test_each_phone_is_a_chat_of_its_own(phone: Phone) -> None:
    await phone.open("/chat?seat=young")
    await phone.tap("Say it back")
    assert phone.bubbles()[-1] == "< Which words?"
    await phone.open("/chat?seat=parent")
    assert phone.bubbles() == ["< What now?"]
    await phone.open("/chat?seat=nobody")
    assert phone.bubbles() == ["< What now?"]


async def test_the_clock_moves_forward_by_seconds_without_any_token(house: WebHouse, phone: Phone) -> None:
    before = house.clock.now()
    async with phone.session.post(
        "/stage/clock", data={"advance": "3600"}, headers={"Accept": "application/json"}
    ) as answer:
        told = await answer.json()
    assert house.clock.now() - before == timedelta(hours=1)
    assert datetime.fromisoformat(told["now"]) == house.clock.now()
    assert told["advanced"] == 3600
    await phone.post("/stage/clock", {"advance": "60"})
    assert phone.address == "/"
    assert house.clock.now() - before == timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("wrong", ["", "-1", "soon", "nan", "inf", "1e99", "99999999999", "½"])
async def test_it_never_moves_back_or_beyond_all_measure(house: WebHouse, phone: Phone, wrong: str) -> None:
    before = house.clock.now()
    await phone.post("/stage/clock", {"advance": wrong})
    assert phone.status == 400
    assert house.clock.now() == before


async def test_another_site_cannot_move_the_clock(house: WebHouse, phone: Phone) -> None:
    before = house.clock.now()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        await phone.post("/stage/clock", {"advance": "60"}, **headers)
        assert phone.status == 403
    assert house.clock.now() == before


async def test_without_a_reminder_there_is_no_next_one_to_go_to(house: WebHouse, phone: Phone) -> None:
    before = house.clock.now()
    await phone.post("/stage/clock", {"advance": "next"})
    assert "No reminder is planned yet" in phone.html
    assert house.clock.now() == before


async def test_moves_made_at_once_are_made_one_after_the_other(house: WebHouse, phone: Phone) -> None:
    before = house.clock.now()

    async def move() -> None:
        async with phone.session.post("/stage/clock", data={"advance": "7200"}) as answer:
            assert answer.status == 200

    await asyncio.gather(*(move() for _ in range(5)))
    assert house.clock.now() - before == timedelta(hours=10)
