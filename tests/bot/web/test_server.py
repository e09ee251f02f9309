"""The web server: what every answer carries, what other sites cannot do, what is said of the house."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.language.languages import TAGS
from bot.web.pages import WebPages, address, content
from bot.web.server import make_app, serve
from handlers.channel import Request, Response, Route
from tests.small_talk import SMALL_TALK
from tests.web import Phone, WebHouse, web_house

FIRST_LOAD = 50_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, talks=SMALL_TALK) as house:
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        yield phone


async def test_the_first_load_is_small_enough_for_2g(phone: Phone) -> None:
    await phone.open()
    loaded = len(phone.html.encode())
    for path in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', phone.html))):
        async with phone.session.get(path) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]
            loaded += len(await answer.read())
    assert loaded <= FIRST_LOAD
    assert "://" not in re.sub(r"http://www.w3.org/\d+/svg", "", phone.html), "nothing of others is loaded"


@pytest.mark.parametrize("path", ["/", "/chat", "/privacy", "/health", "/nothing", "/chat/forget", "/chat/file/1"])
async def test_every_answer_is_hardened(phone: Phone, path: str) -> None:
    async with phone.session.get(path, allow_redirects=False) as answer:
        policy = answer.headers["Content-Security-Policy"]
        if path != "/chat/file/1":
            assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_no_page_needs_script_or_style_within_it(phone: Phone) -> None:
    for path in ("/chat", "/privacy", "/chat/forget"):
        await phone.open(path)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", phone.html)


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1"}, False),
        ({"Origin": "https://[broken"}, False),
    ],
)
async def test_no_other_site_can_make_a_browser_write(phone: Phone, headers: dict[str, str], taken: bool) -> None:
    await phone.open()
    await phone.tap("Say it back")
    form = next(form for form in phone.forms() if form["action"] == "/chat" and "of" not in form["fields"])
    await phone.post("/chat", {**form["fields"], "text": "from where?"}, **headers)
    assert (phone.status == 200) is taken
    await phone.open()
    assert ("> from where?" in phone.bubbles()) is taken


@pytest.mark.parametrize("token", ["", "AAAAAAAAAAAAAAAAAAAAAA", "ж"])
async def test_a_form_without_its_token_keeps_the_words_and_changes_nothing(phone: Phone, token: str) -> None:
    await phone.open()
    form = next(form for form in phone.forms() if form["action"] == "/chat" and "of" not in form["fields"])
    await phone.post("/chat", {**form["fields"], "token": token, "text": "forged words"})
    assert phone.status == 403
    assert "forged words" in phone.html
    assert "> forged words" not in phone.bubbles()


async def test_the_token_of_one_chat_does_not_fit_another(house: WebHouse, phone: Phone) -> None:
    await phone.open()
    async with Phone(house) as other:
        await other.open()
        token = other.forms()[0]["fields"]["token"]
    form = next(form for form in phone.forms() if form["action"] == "/chat" and "of" not in form["fields"])
    await phone.post("/chat", {**form["fields"], "token": token, "text": "x"})
    assert phone.status == 403


async def test_reading_never_changes_anything(house: WebHouse, phone: Phone) -> None:
    await phone.open()
    for path in ("/chat/link", "/chat/key", "/chat/show"):
        async with phone.session.get(path) as answer:
            assert answer.status == 405


@pytest.mark.parametrize("tag", TAGS)
async def test_privacy_is_told_in_full_in_every_language(phone: Phone, tag: str) -> None:
    await phone.open(f"/privacy?lang={tag}")
    assert f'<html lang="{tag}">' in phone.html
    assert phone.html.count("<li>") > 25
    if tag != "en":
        assert "What we keep" not in phone.html


async def test_without_a_stage_the_first_page_is_the_chat_and_the_clock_cannot_move(phone: Phone) -> None:
    await phone.open("/")
    assert phone.address.startswith("/chat")
    assert phone.bubbles() == ["< What now?"]
    await phone.post("/stage/clock", {"advance": "3600"})
    assert phone.status == 404


async def test_a_page_that_is_not_there_is_said_kindly(phone: Phone) -> None:
    await phone.open("/нема")
    assert phone.status == 404
    assert "There is nothing here." in phone.html


async def test_a_house_that_is_not_open_yet_answers_503_and_loses_nothing(house: WebHouse, phone: Phone) -> None:
    await phone.open()
    await house.channel.stop()
    await phone.write("am I in time?")
    assert phone.status == 503
    await house.channel.start(house.switchboard.receive)
    await phone.open()
    assert phone.status == 200


# ---------------------------------------------------------------- beside the house


async def page_of(app: web.Application, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    runner = await serve(app, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            return answer.status, await answer.text(), {str(name): value for name, value in answer.headers.items()}
    finally:
        await runner.cleanup()


def app_with(status: int = 200, **more: object) -> web.Application:
    async def health() -> tuple[int, dict[str, object]]:
        return status, {"status": "ok" if status == 200 else "wrong", "version": "1"}

    return make_app(channels=[], pages=WebPages(), health=health, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 503])
async def test_health_is_told_with_its_status(status: int) -> None:
    found, text, headers = await page_of(app_with(status), "/health")
    assert found == status
    assert '"version": "1"' in text
    assert headers["Content-Type"].startswith("application/json")


async def test_metrics_are_told_where_there_are_any() -> None:
    async def counted() -> tuple[bytes, str]:
        return b"putokaz_sent_total 3\n", "text/plain; version=1.0.0; charset=utf-8"

    assert (await page_of(app_with(metrics=counted), "/metrics"))[:2] == (200, "putokaz_sent_total 3\n")
    assert (await page_of(app_with(), "/metrics"))[0] == 404


class Failing:
    """A channel whose page breaks, and one that answers with the path and headers it was given."""

    async def broken(self, _request: Request) -> Response:
        raise RuntimeError("MARKER in an error")

    async def told(self, request: Request) -> Response:
        return Response(418, f"{request.path} {request.query['q']}".encode(), "text/plain", (("X-Own", "1"),))

    def routes(self) -> tuple[Route, ...]:
        return (Route("GET", "/broken", self.broken), Route("GET", "/own/{part}", self.told))


async def test_paths_of_a_channel_are_passed_on() -> None:
    app = app_with()
    from bot.web.server import mount

    mount(app, Failing().routes())
    status, text, headers = await page_of(app, "/own/7?q=x")
    assert (status, text, headers["X-Own"]) == (418, "/own/7 x", "1")


async def test_a_broken_page_says_so_in_the_persons_language_and_nothing_of_the_error() -> None:
    app = app_with()
    from bot.web.server import mount

    mount(app, Failing().routes())
    status, text, _headers = await page_of(app, "/broken", **{"Accept": "text/html", "Accept-Language": "bg"})
    assert status == 503
    assert "MARKER" not in text
    assert 'lang="bg"' in text


async def test_the_access_log_has_no_codes_keys_or_addresses(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await phone.open("/chat?start=SECRET-CODE")
    await phone.open("/chat?key=" + "K" * 32)
    await phone.open("/chat/file/987654321")
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "GET /chat 200" in logged
    for secret in ("SECRET-CODE", "KKKK", "987654321", "127.0.0.1"):
        assert secret not in "\n".join(r.getMessage() for r in caplog.records if r.name == "aiohttp.access")


def test_a_static_file_has_its_content_in_its_address() -> None:
    assert address("putokaz.css") != address("putokaz.js")
    assert re.fullmatch(r"/static/[0-9a-f]{10}/putokaz.css", address("putokaz.css"))
    assert len(content("putokaz.css")) > 1000
