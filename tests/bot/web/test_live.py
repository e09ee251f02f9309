"""Live pages: what comes is pushed at once, and a connection that broke goes on where it was."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from conversations.speech import Spoken
from models.who.people import Address
from tests.small_talk import SMALL_TALK
from tests.web import Phone, WebHouse, web_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, talks=SMALL_TALK) as house:
        yield house


async def chat_of(house: WebHouse) -> str:
    return await house.store.read(
        lambda session: session.scalars(select(Address.external_id).order_by(Address.id.desc())).first() or ""
    )


class Stream:
    """An EventSource, read by hand."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> dict[str, Any]:
        """The next event: its name, id and data."""
        event: dict[str, Any] = {}
        async with asyncio.timeout(30):
            while True:
                line = (await self.answer.content.readline()).decode().rstrip("\n")
                if line.startswith(("event:", "id:", "data:")):
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif not line and "event" in event:
                    return {**event, "data": json.loads(event["data"])}


async def test_what_is_said_comes_at_once_and_a_broken_stream_goes_on(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        me = await chat_of(house)
        async with phone.session.get("/chat/events?after=0") as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            stream = Stream(answer)
            first = await stream.next()
            assert "What now?" in first["data"]["html"]
            await house.channel.send(me, Spoken("<i>one</i>", "en"))
            second = await stream.next()
            assert "&lt;i&gt;one&lt;/i&gt;" in second["data"]["html"]
        await house.channel.send(me, Spoken("two", "en"))
        async with phone.session.get(
            f"/chat/events?after={first['id']}", headers={"Last-Event-ID": second["id"]}
        ) as answer:
            third = await Stream(answer).next()
            assert "two" in third["data"]["html"]
            assert int(third["id"]) > int(second["id"])


async def test_what_comes_is_in_the_language_of_the_chat_and_not_in_that_of_the_browser(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        me = await chat_of(house)
        old = await house.channel.send(me, Spoken("Здраво", "sr-Cyrl"))
        form = next(form for form in phone.forms() if "of" not in form["fields"] and form["action"] == "/chat")
        english = {"Accept-Language": "en"}
        async with phone.session.get(f"/chat/events?after={old.shown_id}", headers=english) as answer:
            stream = Stream(answer)
            await phone.session.post("/chat", data={**form["fields"], "text": "hej"}, headers={"X-Live": "1"})
            mine = (await stream.next())["data"]["html"]
            assert "hej" in mine
            assert re.search(r"<time[^>]*>\d+\. \w", mine), "the day as Serbian writes it"
            assert "What now?" in (await stream.next())["data"]["html"]
            await house.channel.send(me, Spoken("Hello again", "en"))
            assert re.search(r"<time[^>]*>\d+ \w", (await stream.next())["data"]["html"])


async def test_a_page_that_took_the_place_of_another_says_which(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        me = await chat_of(house)
        old = await house.channel.send(me, Spoken("page one", "en"))
        async with phone.session.get(f"/chat/events?after={old.shown_id}") as answer:
            await house.channel.send(me, Spoken("page two", "en", replaces=True), shown_id=old.shown_id)
            event = await Stream(answer).next()
        assert event["data"]["gone"] == [int(old.shown_id)]


async def test_a_live_page_posts_without_being_redirected(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        form = next(form for form in phone.forms() if "of" not in form["fields"] and form["action"] == "/chat")
        async with phone.session.post(
            "/chat", data={**form["fields"], "text": "hello"}, headers={"X-Live": "1"}
        ) as answer:
            assert answer.status == 204


async def test_nobody_listens_to_the_chat_of_another(house: WebHouse) -> None:
    async with Phone(house) as phone, Phone(house) as other, Phone(house) as stranger:
        await phone.open()
        me = await chat_of(house)
        await other.open()
        async with (
            other.session.get("/chat/events?after=999999") as listening,
            phone.session.get("/chat/events?after=1") as mine,
        ):
            await house.channel.send(me, Spoken("only for me", "en"))
            assert "only for me" in (await Stream(mine).next())["data"]["html"]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await Stream(listening).next()
        async with stranger.session.get("/chat/events") as answer:
            assert answer.status == 204, "an EventSource stops asking"


async def test_streams_end_when_the_house_closes(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        async with phone.session.get("/chat/events?after=999999") as answer:
            await house.channel.stop()
            async with asyncio.timeout(30):
                assert (await answer.content.read()).startswith(b"retry:")


async def test_one_chat_cannot_hold_streams_without_end(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open()
        answers = [await phone.session.get("/chat/events?after=999999") for _ in range(7)]
        async with asyncio.timeout(30):
            await answers[0].content.read()
        assert not answers[6].content.at_eof()
        for answer in answers:
            answer.close()
