"""The page on which anybody checks a certificate: what it says, what it never says, and how often one may ask."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.offering.certificates import order
from bot.posters.apart import draw_apart
from bot.posters.diploma import Diploma, sheet_of
from bot.telling import Rules
from bot.web.certificates import AT_ONCE
from models.base import fresh_token
from models.lessons import certificate
from models.lessons.certificate import Certificate
from models.offers.listing import Listing
from tests.house import MONDAY
from tests.web import Phone, WebHouse, web_house

NAME = "Мила Петровић DEMO"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, sample=True) as house:
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        yield phone


async def issued(house: WebHouse, *, public: bool = False) -> str:
    """The code of a certificate with a name."""

    def work(session: Session) -> str:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-internet")).one()
        row = Certificate(
            number=1001,
            code=fresh_token(),
            listing_id=listing.id,
            title=listing.title,
            minutes=360,
            first_at=MONDAY,
            last_at=MONDAY + timedelta(days=21),
            name=NAME,
            name_public=public,
            issued_at=MONDAY,
        )
        session.add(row)
        return row.code

    return await house.store.write(work)


async def test_a_valid_certificate_is_told_with_the_first_letters_only(house: WebHouse, phone: Phone) -> None:
    html = await phone.open(f"/c/{await issued(house)}")
    assert phone.status == 200
    for told in ("This certificate is valid", "Internet safety", "6 hours", "KOKORO", "1001", "М. П. D."):
        assert told in html
    assert NAME not in html
    assert "<script" not in html
    assert "Ова потврда важи" in await phone.open(f"{phone.address}?lang=sr-Cyrl")


async def test_the_whole_name_is_shown_to_all_only_where_the_person_wanted_it(house: WebHouse, phone: Phone) -> None:
    assert NAME in await phone.open(f"/c/{await issued(house, public=True)}")


async def test_a_withdrawn_one_says_so_without_name_and_reason(house: WebHouse, phone: Phone) -> None:
    code = await issued(house, public=True)

    def withdraw(session: Session) -> None:
        row = certificate.by_code(session, code)
        assert row is not None
        certificate.revoke(session, MONDAY, row.id, "SENTINEL")

    await house.store.write(withdraw)
    html = await phone.open(f"/c/{code}")
    assert "was withdrawn" in html
    assert NAME not in html
    assert "SENTINEL" not in html


async def test_whatever_is_unknown_gets_the_same_answer_and_not_too_often(
    house: WebHouse, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    code = await issued(house)
    answers = {await phone.open(f"/c/{typed}") for typed in ("x", code[:-1], code.swapcase(), fresh_token(), "1001")}
    assert phone.status == 404
    assert len(answers) == 1
    for _n in range(AT_ONCE):
        await phone.open(f"/c/{fresh_token()}")
    assert phone.status == 429
    await phone.open(f"/c/{code}")
    assert phone.status == 429, "a right code helps nobody who guesses"
    house.clock.ahead += timedelta(minutes=1)
    assert "is valid" in await phone.open(f"/c/{code}")
    assert code not in caplog.text


async def test_a_certificate_is_drawn_in_a_process_of_its_own(house: WebHouse) -> None:
    code = await issued(house)
    rules = Rules(landing="https://putokaz.example/go/")

    def ordered(session: Session) -> list[dict[str, object]]:
        row = certificate.by_code(session, code)
        assert row is not None
        return [order(session, rules, row, tag, "-") for tag in ("sr-Latn", "bg")]

    latin, bulgarian = await house.store.read(ordered)
    stored = latin["certificate"]
    assert isinstance(stored, dict)
    diploma = Diploma.from_json(stored)
    assert (diploma.name, diploma.title, diploma.mark) == (NAME, "Bezbednost na internetu", "")
    assert diploma.url == f"https://putokaz.example/c/{code}"
    sheet = sheet_of(diploma)
    assert len(sheet.codes) == 1
    canvas: Any = FigureCanvasAgg(sheet.figure)
    renderer = canvas.get_renderer()
    for text, box in sheet.placed:
        at = text.get_window_extent(renderer)
        mm = 25.4 / sheet.figure.dpi
        assert box.x - 1 <= at.x0 * mm
        assert at.x1 * mm <= box.x + box.wide + 1, text.get_text()
    content = await draw_apart(bulgarian)
    assert content.startswith(b"%PDF")
    assert len(content) < 200_000
