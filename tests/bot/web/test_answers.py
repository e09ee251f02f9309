"""The public answer book: read without signing up, counted without anybody, hidden when it ran out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.base import Base
from models.campaigns.reach import ReachCount
from models.caring.answer import AnswerCard
from models.who.people import Address, Person
from tests.web import Phone, WebHouse, web_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, sample=True) as house:
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        yield phone


def how_many(table: type[Base], session: Session) -> int:
    """Rows of a table."""
    return session.scalar(select(func.count()).select_from(table)) or 0


async def test_an_answer_is_read_counted_and_nobody_is_remembered(house: WebHouse, phone: Phone) -> None:
    for _visit in range(2):
        html = await phone.open("/a/rs-work?lang=sr-Latn")
        assert phone.status == 200
        assert "Od 15 godina" in html
        assert "Zakon o radu" in html
        assert "<script" not in html
    for table in (Person, Address):
        assert await house.store.read(partial(how_many, table)) == 0
    counts = await house.store.read(
        lambda session: session.scalars(select(ReachCount.n).where(ReachCount.what == "page")).all()
    )
    assert counts == [2]
    async with phone.session.get("/a/rs-work", headers={"User-Agent": "TelegramBot (like TwitterBot)"}) as preview:
        assert preview.status == 200
    counts = await house.store.read(lambda session: session.scalars(select(ReachCount.n)).all())
    assert counts == [2], "what draws a preview has read nothing"


async def test_the_book_leads_to_what_may_be_shown_and_nothing_else(house: WebHouse, phone: Phone) -> None:
    gone = house.clock.now().date() - timedelta(days=1)
    await house.store.write(
        lambda session: session.execute(update(AnswerCard).where(AnswerCard.code == "rs-work").values(review_on=gone))
    )
    html = await phone.open("/a")
    assert "/a/rs-school" in html
    assert "rs-work" not in html
    html = await phone.open("/a/rs-work")
    assert phone.status == 404
    assert "15" not in html.partition("<h1>")[2].partition("</h1>")[2][:200]


async def test_places_and_announcements_have_a_page_too(phone: Phone) -> None:
    html = await phone.open("/a/bor-boravak?lang=en")
    assert phone.status == 200
    assert "08:00–20:00" in html
    html = await phone.open("/a/bor-tv?lang=en")
    assert "18:30" in html
