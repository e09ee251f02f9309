"""The page that codes on posters lead to: what it offers, what it does not know, and that it remembers nobody."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from bot.language.languages import TAGS
from bot.lines.ways import Way, apps, as_typed, is_local, ways_in
from models.audit import Audit
from models.code import issue
from models.messages.message import Inbox
from models.messages.webchat import WebKey
from models.offers.listing import Listing
from models.who.people import Address, CodeTry, Person
from tests.web import Phone, WebHouse, web_house

LINKS = (
    ("Telegram", "https://t.me/putokaz_demo_bot?start="),
    ("Viber", "viber://pa?chatURI=putokazdemo&context="),
    ("web", "https://putokaz.example/chat?start="),
)
PAGE = 20_000
"""Bytes, with everything that is loaded for it."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, sample=True) as house:
        house.rules = replace(house.rules, links=LINKS, landing="https://putokaz.example/go/")
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        yield phone


def leads(html: str) -> list[str]:
    """Where the buttons lead, from the top down."""
    return [url.replace("&amp;", "&") for url in re.findall(r'<a class="tap" href="([^"]+)"', html)]


async def test_a_listing_is_told_in_plain_words_with_every_way_in(phone: Phone) -> None:
    html = await phone.open("/go/bor-matematika")
    assert phone.status == 200
    assert "<h1>Maths: help with learning</h1>" in html
    for told in ("Free of charge", "Bor", "Tuesday 3 March, 17:00", "KOKORO"):
        assert told in html
    assert leads(html) == [
        "https://t.me/putokaz_demo_bot?start=bor-matematika",
        "viber://pa?chatURI=putokazdemo&context=bor-matematika",
        "/chat?start=bor-matematika",
    ]
    assert "<title>Messages</title>" in html, "nothing in the tab says what it is about"


async def test_a_town_is_told_with_what_there_is(phone: Phone) -> None:
    html = await phone.open("/go/bor")
    assert phone.status == 200
    assert "<h1>Bor</h1>" in html
    assert "Courses" in html
    assert leads(html)[-1] == "/chat?start=bor"


async def test_the_way_in_leads_to_what_the_poster_was_about(phone: Phone) -> None:
    await phone.open("/go/bor-matematika")
    await phone.open(leads(phone.html)[-1])
    assert phone.status == 200
    await phone.tap("English")
    assert "trouble" not in phone.html
    await phone.open("/go/bor")
    async with Phone(phone.house) as other:
        await other.open("/chat?start=bor")
        assert "does not work any more" not in other.html


@pytest.mark.parametrize("tag", TAGS)
async def test_it_speaks_the_language_that_the_browser_asks_for_and_every_other(house: WebHouse, tag: str) -> None:
    async with Phone(house, language={"sr-Cyrl": "sr-Cyrl", "sr-Latn": "bs"}.get(tag, tag)) as phone:
        html = await phone.open("/go/bor-matematika")
        assert f'<html lang="{tag}">' in html
        for other in TAGS:
            assert f'href="/go/bor-matematika?lang={other}"' in html
        assert ("Maths" in html) is (tag == "en")
    async with Phone(house, language="de") as phone:
        assert f'<html lang="{tag}">' in await phone.open(f"/go/bor-matematika?lang={tag}")
        assert 'lang="sr-Latn"' in await phone.open("/go/bor-matematika?lang=<script>")


async def test_it_is_small_needs_no_script_and_loads_nothing_of_others(phone: Phone) -> None:
    html = await phone.open("/go/bor-roditelji?lang=sr-Cyrl")
    size = len(html.encode())
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)):
        async with phone.session.get(path) as answer:
            size += len(await answer.read())
    assert size <= PAGE
    assert not re.search(r"<script|<style|<form|<img|\sstyle=|\son\w+=", html)
    assert not re.search(r'<(?:link|img|iframe)[^>]+"https?://', html)


@pytest.mark.parametrize("path", ["/go/bor-matematika", "/go/bor", "/go/nothing", "/go", "/go/bor-matematika?lang=bg"])
async def test_nobody_is_remembered(house: WebHouse, phone: Phone, path: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(statement)

    event.listen(house.store.engine, "before_cursor_execute", note)
    try:
        async with phone.session.get(
            path, headers={"User-Agent": "MARKER-PHONE", "Referer": "https://x/MARKER"}
        ) as answer:
            await answer.read()
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Vary"] == "Accept-Language"
            for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "X-Content-Type-Options"):
                assert name in answer.headers
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    finally:
        event.remove(house.store.engine, "before_cursor_execute", note)
    counted = "INSERT INTO reach_count (kind, about_id, what, day, n) VALUES"
    kept = [statement for statement in written if "SAVEPOINT" not in statement.upper()]
    assert all(statement.startswith(counted) for statement in kept), "one more that day, and nothing else"
    ours = [record.getMessage() for record in caplog.records if record.name in ("aiohttp.access", "putokaz", "bot")]
    assert any("/go" in line for line in ours)
    for line in ours:
        assert "MARKER" not in line
        assert "bor" not in line, "not even which poster"
        assert "127.0.0.1" not in line
    for table in (Inbox, Address, Person, WebKey, Audit, CodeTry):
        assert await house.store.read(lambda s, table=table: s.scalar(select(func.count()).select_from(table))) == 0  # type: ignore[misc]  # a lambda's default is not inferred


# ---------------------------------------------------------------- what it does not know


async def test_a_one_time_code_is_not_known_here_and_not_handed_on(house: WebHouse, phone: Phone) -> None:
    now = house.clock.now()
    for purpose in ("guardian", "staff", "address"):
        code = await house.store.write(
            lambda s, purpose=purpose: issue(s, now, purpose, None, timedelta(days=7), "{}")  # type: ignore[misc]  # a lambda's default is not inferred
        )
        html = await phone.open(f"/go/{code}")
        nobody = await phone.open("/go/AAAAAAAAAAAAAAAAAAAAAA")
        assert phone.status == 404
        assert html == nobody, "whether a code is good cannot be seen"
        assert code not in html
    assert await house.store.read(lambda s: s.scalar(select(func.count()).select_from(CodeTry))) == 0


@pytest.mark.parametrize(
    "code", ["nothing", "n9999", "%D0%B1%D0%BE%D1%80", "bor%00", "x" * 3000, "..%2Fchat", "%3Cscript%3E"]
)
async def test_an_unknown_code_is_a_kind_page_with_the_general_way_in(phone: Phone, code: str) -> None:
    html = await phone.open(f"/go/{code}")
    assert phone.status == 404
    assert "the right place to look around" in html
    assert leads(html) == ["https://t.me/putokaz_demo_bot", "viber://pa?chatURI=putokazdemo", "/chat"]
    assert "<script" not in html


@pytest.mark.parametrize("state", ["closed", "cancelled"])
async def test_what_is_over_says_so_and_shows_the_town(house: WebHouse, phone: Phone, state: str) -> None:
    await house.store.write(
        lambda s: s.execute(update(Listing).where(Listing.code == "bor-matematika").values(state=state))
    )
    html = await phone.open("/go/bor-matematika")
    assert phone.status == 404
    assert "This is over" in html
    assert leads(html)[-1] == "/chat?start=bor"
    assert 'href="/go/bor-matematika?lang=bg"' in html


async def test_dates_that_have_passed_are_over_too(house: WebHouse, phone: Phone) -> None:
    house.clock.ahead = timedelta(days=300)
    assert "This is over" in await phone.open("/go/bor-matematika")
    assert phone.status == 404


async def test_what_was_never_published_is_like_what_is_not_there(house: WebHouse, phone: Phone) -> None:
    await house.store.write(
        lambda s: s.execute(update(Listing).where(Listing.code == "bor-matematika").values(state="draft"))
    )
    assert await phone.open("/go/bor-matematika") == await phone.open("/go/nothing")
    assert phone.status == 404
    assert "Maths" not in phone.html


async def test_without_a_code_it_is_the_general_way_in(phone: Phone) -> None:
    html = await phone.open("/go")
    assert phone.status == 200
    assert "any more" not in html
    assert leads(html)[-1] == "/chat"


async def test_what_staff_wrote_is_escaped(house: WebHouse, phone: Phone) -> None:
    nasty = {"sr": "<script>alert(1)</script>", "en": "<b onclick=x>Maths</b>"}
    await house.store.write(
        lambda s: s.execute(update(Listing).where(Listing.code == "bor-matematika").values(title=nasty))
    )
    for tag in ("en", "sr-Latn"):
        html = await phone.open(f"/go/bor-matematika?lang={tag}")
        assert "<script" not in html
        assert "<b " not in html


# ---------------------------------------------------------------- ways in


def test_the_landing_page_comes_first_then_an_app_then_this_computer(house: WebHouse) -> None:
    rules = replace(house.rules, links=LINKS)
    public = ways_in(rules, "bor")
    assert public.main == Way("", "https://putokaz.example/go/bor")
    assert [way.name for way in public.others] == ["Telegram", "Viber", "web"]
    here = replace(rules, landing="http://localhost:8080/go/", links=LINKS[:1])
    assert ways_in(here, "bor").main == Way("Telegram", "https://t.me/putokaz_demo_bot?start=bor")
    alone = ways_in(replace(here, links=()), "bor")
    assert (alone.main, alone.trial) == (Way("", "http://localhost:8080/go/bor"), True)
    assert ways_in(replace(here, links=(), landing=""), "bor").main is None
    assert [way.url for way in apps(rules)] == ["https://t.me/putokaz_demo_bot", "viber://pa?chatURI=putokazdemo"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8080/go/", True),
        ("http://127.0.0.1/go/", True),
        ("http://192.168.1.5:8080/go/", True),
        ("http://[::1]/", True),
        ("http://laptop.local/", True),
        ("https://putokaz.example.org/go/", False),
        ("https://8.8.8.8/", False),
    ],
)
def test_an_address_that_other_phones_do_not_reach_is_local(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_an_address_is_written_as_it_is_typed() -> None:
    assert as_typed("https://putokaz.example.org/go/bor") == "putokaz.example.org/go/bor"
    assert as_typed("https://t.me/demo_bot?start=bor") == "t.me/demo_bot"
    assert as_typed("viber://pa?chatURI=x&context=bor") == ""
