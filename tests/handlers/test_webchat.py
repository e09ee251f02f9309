"""The web chat as people meet it: with script off, on a phone that forgets, with a hurried finger."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conversations.speech import Document, Spoken, SpokenButton
from handlers.channel import Relay
from models.messages.message import Inbox, StoredAttachment
from models.messages.webchat import WebKey, WebLine, keep_no_longer
from models.who.people import Address, Person
from tests.handlers.contract import PNG
from tests.small_talk import SMALL_TALK
from tests.web import Phone, WebHouse, web_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(tmp_path, talks=SMALL_TALK) as house:
        yield house


@pytest.fixture
async def phone(house: WebHouse) -> AsyncIterator[Phone]:
    async with Phone(house) as phone:
        await phone.open()
        yield phone


async def external_id(house: WebHouse) -> str:
    """The newest chat."""
    return await house.store.read(
        lambda session: session.scalars(select(Address.external_id).order_by(Address.id.desc())).first() or ""
    )


async def count(house: WebHouse, what: type) -> int:
    return await house.store.read(lambda session: session.scalar(select(func.count()).select_from(what)) or 0)


# ---------------------------------------------------------------- talking


async def test_a_first_visit_is_greeted_and_the_talk_goes_on_by_plain_forms(phone: Phone) -> None:
    assert phone.bubbles() == ["< What now?"]
    await phone.tap("Say it back")
    await phone.write("добар дан <b>")
    assert phone.bubbles() == [
        "< What now?",
        "> Say it back",
        "< Which words?",
        "> добар дан <b>",
        "< You said: добар дан <b>",
        "< What now?",
    ]
    assert "<b>" not in phone.html.replace("&lt;b&gt;", "")


async def test_after_a_post_the_page_can_be_reloaded_without_posting_again(phone: Phone) -> None:
    await phone.tap("Say it back")
    assert phone.address.startswith("/chat")
    before = phone.bubbles()
    await phone.open(phone.address)
    assert phone.bubbles() == before


async def test_a_form_sent_twice_has_one_effect(house: WebHouse, phone: Phone) -> None:
    form = next(form for form in phone.forms() if "Say it back" in form["buttons"])
    fields = {**form["fields"], "tap": form["buttons"]["Say it back"]}
    await phone.post("/chat", fields)
    once, taken = phone.bubbles(), await count(house, Inbox)
    await phone.post("/chat", fields)
    assert phone.bubbles() == once
    assert await count(house, Inbox) == taken


async def test_buttons_of_an_answered_question_are_not_offered_again(phone: Phone) -> None:
    await phone.tap("Say it back")
    assert not any("Say it back" in form["buttons"] for form in phone.forms())


async def test_a_reminders_button_stays_when_a_question_has_been_answered(house: WebHouse, phone: Phone) -> None:
    me = await external_id(house)
    reminder = (SpokenButton("I can't come", "s.abc"), SpokenButton("Stop messages", "w.stop", quiet=True))
    await house.channel.send(me, Spoken("Maths on Friday", "en", reminder))
    await house.channel.send(me, Spoken("And now?", "en", (SpokenButton("Old", "1.x"),)))
    await phone.open()
    await phone.write("something else")
    labels = [label for form in phone.forms() for label in form["buttons"]]
    assert "I can't come" in labels
    assert "Stop messages" in labels
    assert "Old" not in labels


async def test_browsing_takes_the_place_of_the_page_before(phone: Phone) -> None:
    await phone.tap("Look at fruit")
    assert sum("Apple from Bor" in bubble for bubble in phone.bubbles()) == 1
    await phone.tap("More")
    text = "\n".join(phone.bubbles())
    assert "Quince from Bor" in text
    assert "Apple from Bor" not in text
    assert "> More" not in text


async def test_a_place_a_page_and_a_file_are_there_to_be_opened(phone: Phone) -> None:
    await phone.tap("Everything at once")
    assert 'href="geo:44.074000,22.096000"' in phone.html
    assert 'href="https://example.org/a?b=1&amp;c="' in phone.html
    assert 'href="https://example.org/page"' in phone.html
    assert "Day centre &lt;b&gt;" in phone.html
    path = re.findall(r'href="(/chat/file/\d+)" download', phone.html)[0]
    async with phone.session.get(path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/calendar"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''visit.ics"
        assert (await answer.read()).startswith(b"BEGIN:VCALENDAR\r\n")


async def test_only_thirty_bubbles_are_on_a_page_and_the_earlier_ones_behind_a_link(
    house: WebHouse, phone: Phone
) -> None:
    me = await external_id(house)
    for number in range(40):
        await house.channel.send(me, Spoken(f"news {number}", "en"))
    await phone.open()
    assert len(phone.bubbles()) == 30
    assert phone.bubbles()[-1] == "< news 39"
    await phone.open(unescape(re.findall(r'href="(/chat\?before=[^"]+)"', phone.html)[0]))
    assert phone.bubbles()[-1] == "< news 9"


async def test_the_page_speaks_the_language_of_the_conversation(house: WebHouse, phone: Phone) -> None:
    assert '<html lang="en">' in phone.html
    await house.channel.send(await external_id(house), Spoken("Здравей", "bg"))
    await phone.open()
    assert '<html lang="bg">' in phone.html
    assert "Изпрати" in phone.html


async def test_a_deep_link_opens_with_its_payload_and_leaves_the_address_bar(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open("/chat?start=NOTHING-LIKE-THIS")
        assert "NOTHING" not in phone.address
        assert any("does not work any more" in bubble for bubble in phone.bubbles())


# ---------------------------------------------------------------- what is sent wrongly


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


# ---------------------------------------------------------------- whose chat it is


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


# ---------------------------------------------------------------- coming back, leaving, forgetting


async def test_a_private_link_opens_the_chat_on_another_phone_once_its_owner_says_so(
    house: WebHouse, phone: Phone
) -> None:
    await phone.tap("Say it back")
    link = await private_link(phone)
    async with Phone(house) as other:
        await other.open(link)
        assert "Which words?" not in other.html, "a link preview must not open it"
        form = next(form for form in other.forms() if form["action"] == "/chat/key")
        await other.post("/chat/key", form["fields"])
        assert other.address == "/chat"
        assert other.bubbles()[-1] == "< Which words?"
        assert len({c.value for s in (phone, other) for c in s.session.cookie_jar if c.key == "chat"}) == 2


async def test_a_new_private_link_ends_the_one_before(house: WebHouse, phone: Phone) -> None:
    first = await private_link(phone)
    await phone.open()
    await private_link(phone)
    async with Phone(house) as other:
        await other.open(first)
        await other.post("/chat/key", other.forms()[0]["fields"])
        assert other.status == 404


async def test_private_links_cannot_be_guessed_without_end(house: WebHouse) -> None:
    async with Phone(house) as phone:
        statuses = []
        for number in range(12):
            await phone.post("/chat/key", {"key": f"{number:032}"})
            statuses.append(phone.status)
    assert statuses == [404] * 10 + [429] * 2


async def test_forgetting_deletes_the_words_and_the_key(house: WebHouse, phone: Phone) -> None:
    await phone.tap("Say it back")
    kept = {cookie.key: cookie.value for cookie in phone.session.cookie_jar}
    await forget(phone)
    assert await count(house, WebLine) == 0
    assert await count(house, WebKey) == 0
    assert not [cookie for cookie in phone.session.cookie_jar if cookie.key == "chat"]
    async with Phone(house) as thief:
        thief.session.cookie_jar.update_cookies(kept)
        await thief.open("/chat?hello=1")
        assert "Which words?" not in thief.html
    active = await house.store.read(lambda session: session.scalars(select(Address.active).order_by(Address.id)).all())
    assert active[0] is False, "nothing may be written to a chat that nobody can open"


async def test_forgetting_here_leaves_the_private_link_good(house: WebHouse, phone: Phone) -> None:
    link = await private_link(phone)
    await phone.open()
    await forget(phone)
    async with Phone(house) as other:
        await other.open(link)
        await other.post("/chat/key", other.forms()[0]["fields"])
        assert other.bubbles() == ["< What now?"]
    assert await count(house, Person) == 1


async def test_leaving_quickly_hides_the_chat_until_it_is_asked_for(phone: Phone) -> None:
    async with phone.session.get("/chat/exit", allow_redirects=False) as answer:
        assert answer.status == 303
        assert not answer.headers["Location"].startswith("/")
    await phone.open()
    assert phone.bubbles() == []
    await phone.post("/chat/show", {})
    assert phone.bubbles() == ["< What now?"]


async def test_the_tab_and_the_cache_give_nothing_away(phone: Phone) -> None:
    assert "<title>Messages</title>" in phone.html
    async with phone.session.get("/chat") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


async def test_words_are_kept_thirty_days_and_files_two(house: WebHouse, phone: Phone) -> None:
    await phone.tap("Everything at once")
    path = re.findall(r'href="(/chat/file/\d+)" download', phone.html)[0]
    house.clock.ahead = timedelta(days=3)
    async with phone.session.get(path) as answer:
        assert answer.status == 404
    await house.store.write(lambda session: keep_no_longer(session, house.clock.now()))
    kept = await house.store.read(lambda session: [line.content for line in session.scalars(select(WebLine))])
    assert kept
    assert set(kept) == {None}
    house.clock.ahead = timedelta(days=31)
    await house.store.write(lambda session: keep_no_longer(session, house.clock.now()))
    assert await count(house, WebLine) == 0


async def private_link(phone: Phone) -> str:
    form = next(form for form in phone.forms() if form["action"] == "/chat/link")
    await phone.post("/chat/link", form["fields"])
    return str(re.findall(r"http://[^/]+(/chat\?key=[\w-]+)", phone.html)[0])


async def forget(phone: Phone) -> None:
    await phone.open("/chat/forget")
    form = next(form for form in phone.forms() if form["action"] == "/chat/forget")
    await phone.post("/chat/forget", form["fields"])
    assert phone.status == 200
