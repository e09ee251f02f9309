"""What is sent to the web chat wrongly: too long, too big, broken or too much at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.messages.message import Inbox, StoredAttachment
from tests.handlers.contract import PNG
from tests.handlers.webchat.kit import count
from tests.web import Phone, WebHouse


async def test_a_text_that_is_too_long_comes_back_with_a_sentence_and_nothing_lost(phone: Phone) -> None:
    words = "x" * 4001
    await phone.write(words)
    assert phone.status == 413
    assert words in phone.html
    assert 'role="alert"' in phone.html


async def test_a_file_is_told_by_its_content_and_arrives_whole(house: WebHouse, phone: Phone) -> None:
    await phone.tap("Send a file")
    await phone.upload("..\\..\\evil\u202e/photo.html", PNG)
    assert phone.bubbles()[-2] == "< It is here."
    assert "evil" not in phone.html
    stored = await house.store.read(
        lambda session: [(a.kind, a.media_type, a.name, a.content) for a in session.scalars(select(StoredAttachment))]
    )
    assert stored == [("photo", "image/png", "photo.html", PNG)]


async def test_a_file_that_is_too_big_is_answered_with_a_sentence(phone: Phone) -> None:
    await phone.upload("film.mp4", b"x" * 5_000_001, text="here is my film")
    assert phone.status == 413
    assert "here is my film" in phone.html


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b""),
        ("application/x-www-form-urlencoded", b"token=%ff%00&text=\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(1000))),
        ("text/plain\u2028".encode().decode("latin-1"), b""),
    ],
)
async def test_a_broken_form_changes_nothing_and_is_answered(
    house: WebHouse, phone: Phone, kind: str, body: bytes
) -> None:
    before = await count(house, Inbox)
    async with phone.session.post("/chat", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status in (400, 403)
    assert await count(house, Inbox) == before


async def test_half_a_character_and_nul_do_not_stop_the_chat(phone: Phone) -> None:
    await phone.tap("Say it back")
    form = next(form for form in phone.forms() if "of" not in form["fields"] and form["action"] == "/chat")
    body = "&".join(f"{name}={value}" for name, value in form["fields"].items()) + "&text=a%00b%ED%A0%80c"
    async with phone.session.post(
        "/chat", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    ) as answer:
        assert answer.status == 200
    await phone.open()
    assert phone.bubbles()[-2].startswith("< You said: ab")


async def test_too_many_messages_at_once_are_asked_to_wait_and_others_do_not_notice(
    house: WebHouse, phone: Phone
) -> None:
    form = next(form for form in phone.forms() if form["action"] == "/chat" and "of" not in form["fields"])
    statuses = []
    for number in range(45):
        fields = {**form["fields"], "nonce": f"nonce-{number:04}", "text": f"words {number}"}
        async with phone.session.post("/chat", data=fields, headers={"X-Live": "1"}) as answer:
            statuses.append(answer.status)
    assert statuses[:40] == [204] * 40
    assert 429 in statuses[40:]
    async with Phone(house) as other:
        await other.open()
        await other.tap("Say it back")
        assert other.bubbles()[-1] == "< Which words?"
