"""Whose web chat it is: the key in the cookie opens it, and nothing else does."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from conversations.speech import Document, Spoken, SpokenButton
from handlers.channel import Relay
from models.messages.webchat import WebKey
from models.who.people import Person
from tests.handlers.contract import PNG
from tests.handlers.webchat.kit import count, external_id
from tests.small_talk import SMALL_TALK
from tests.web import Phone, WebHouse, web_house


async def test_looking_in_without_keeping_the_cookie_leaves_no_trace(house: WebHouse) -> None:
    people = await count(house, Person)
    async with Phone(house) as phone:
        async with phone.session.get("/chat", allow_redirects=False) as answer:
            assert answer.status == 303
        phone.session.cookie_jar.clear()
        await phone.open("/chat?hello=1&start=abc")
        assert phone.status == 200
        assert "cookie" in phone.html
        assert "/chat?start=abc" in phone.html
    assert await count(house, Person) == people
    assert await count(house, WebKey) == 0


async def test_a_key_that_the_house_did_not_give_out_opens_nothing(house: WebHouse, phone: Phone) -> None:
    async with Phone(house) as other:
        for forged in ("A" * 32, "A" * 32 + "." + "B" * 22, ""):
            async with other.session.get(
                "/chat?hello=1", headers={"Cookie": f"chat={forged}"}, allow_redirects=False
            ) as answer:
                assert "What now?" not in await answer.text()
    assert await count(house, WebKey) == 1


async def test_the_key_is_in_a_cookie_that_script_and_other_sites_do_not_get(house: WebHouse) -> None:
    async with Phone(house) as phone, phone.session.get("/chat", allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert re.match(r"chat=[A-Za-z0-9_-]{32}\.[A-Za-z0-9_-]{22}; Path=/; ", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_with_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    async with (
        web_house(tmp_path, talks=SMALL_TALK, public_url="https://putokaz.example") as house,
        Phone(house) as phone,
        phone.session.get("/chat", allow_redirects=False) as answer,
    ):
        assert answer.headers["Set-Cookie"].startswith("__Host-chat=")
        assert "; Secure" in answer.headers["Set-Cookie"]
        assert "Domain" not in answer.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in answer.headers


async def test_only_a_hash_of_the_key_is_kept(house: WebHouse, phone: Phone) -> None:
    key = next(cookie.value for cookie in phone.session.cookie_jar if cookie.key == "chat").partition(".")[0]
    database = b"".join(path.read_bytes() for path in Path(str(house.store.engine.url.database)).parent.iterdir())
    assert key.encode() not in database


async def test_nobody_reads_the_files_of_another_chat(house: WebHouse, phone: Phone) -> None:
    me = await external_id(house)
    await house.channel.send(me, Spoken("For you:", "en", relay=1), relay=Relay("photo", "a.png", "image/png", PNG))
    await phone.open()
    path = re.findall(r'src="(/chat/file/\d+)"', phone.html)[0]
    async with phone.session.get(path) as answer:
        assert await answer.read() == PNG
        assert "no-store" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    async with Phone(house) as other:
        await other.open()
        async with other.session.get(path) as answer:
            assert answer.status == 404
    async with Phone(house) as stranger, stranger.session.get(path) as answer:
        assert answer.status == 404


async def test_a_document_that_could_run_is_only_ever_handed_over(house: WebHouse, phone: Phone) -> None:
    page = Document("page.html", "text/html", b"<script>alert(1)</script>")
    await house.channel.send(await external_id(house), Spoken("", "en", document=page))
    await phone.open()
    path = re.findall(r'href="(/chat/file/\d+)"', phone.html)[0]
    async with phone.session.get(path) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[broken", "file:///etc/passwd"])
async def test_a_button_never_opens_what_could_run(house: WebHouse, phone: Phone, url: str) -> None:
    await house.channel.send(await external_id(house), Spoken("Look", "en", (SpokenButton("Open", url=url),)))
    await phone.open()
    assert url not in unescape(phone.html)
