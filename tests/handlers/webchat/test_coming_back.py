"""Coming back to the web chat on another phone, leaving it quickly, and forgetting it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from models.messages.webchat import WebKey, WebLine, keep_no_longer
from models.who.people import Address, Person
from tests.handlers.webchat.kit import count
from tests.web import Phone, WebHouse


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
