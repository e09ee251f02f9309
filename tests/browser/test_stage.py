"""The stage in a real browser: the whole story, by keyboard, on a small phone, at 200 %, and with script off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.stage_story import (
    HOW_TO_GET_ONE,
    book,
    browser_path,
    button,
    open_page,
    phone,
    program,
    publish,
    remind,
    tell_everybody,
    to_ten_in_the_morning,
)
from tests.small_talk import SMALL_TALK
from tests.web import WebHouse, web_house

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(browser_path() is None, reason=HOW_TO_GET_ONE),
]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    seats = {"young": "Y" * 64, "parent": "P" * 64, "staff": "S" * 64}
    async with web_house(tmp_path, talks=SMALL_TALK, on_stage=True, seats=seats) as house:
        yield house


async def test_the_story_book_remind_publish_tell_everybody(tmp_path: Path) -> None:
    async with program(tmp_path) as url:
        await to_ten_in_the_morning(url)
        async with open_page(url, "/?lang=sr-Latn") as page:
            await book(page)
            await remind(page)
            await to_ten_in_the_morning(url)
            await publish(page)
            await tell_everybody(page)


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (360, 2), (1280, 2)])
async def test_nothing_is_cut_off_on_a_small_or_magnified_screen(house: WebHouse, width: int, zoom: int) -> None:
    for path in ("/chat", "/", "/privacy"):
        async with open_page(house.url, path, width=max(320, width // zoom), height=640) as page:
            if zoom > 1:
                await page.evaluate("document.documentElement.style.fontSize = '200%'")
            overflow = await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, path


async def test_the_chat_works_by_keyboard_alone(house: WebHouse) -> None:
    async with open_page(house.url, "/chat", locale="en-GB") as page:
        await button(page, "echo").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#log")).to_contain_text("Which words?")
        await page.locator("textarea").focus()
        await page.keyboard.type("one")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("two <b>")
        await page.keyboard.press("Enter")
        await expect(page.locator("#log")).to_contain_text("You said: one\ntwo <b>")
        await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
        assert page.url.endswith("/chat"), "a live page is never left"


async def test_everything_can_be_tapped_with_a_thumb(house: WebHouse) -> None:
    async with open_page(house.url, "/chat", width=360, height=640) as page:
        for target in await page.locator("button:visible, .leave, summary").all():
            box = await target.bounding_box()
            assert box is not None
            assert box["height"] >= 40
            assert box["width"] >= 40


async def test_with_script_off_the_chat_is_the_same(house: WebHouse) -> None:
    async with open_page(house.url, "/chat", java_script_enabled=False, locale="en-GB") as page:
        await page.get_by_role("button", name="Say it back").click()
        await page.locator("textarea").fill("добар дан")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("#log")).to_contain_text("You said: добар дан")
        await page.locator("input[type=file]").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n1234"}
        )
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("#log article.mine").last).to_contain_text("a.png")


async def test_a_change_of_language_reaches_the_words_around_the_chat(house: WebHouse) -> None:
    from conversations.speech import Spoken
    from handlers.webchat.sessions import key_hash

    async with open_page(house.url, "/chat?seat=parent", locale="en-GB") as page:
        await expect(page.locator(".send")).to_have_text("Send")
        await house.channel.send(key_hash("P" * 64), Spoken("Здравей", "bg"))
        await expect(page.locator("html")).to_have_attribute("lang", "bg")
        await expect(page.locator(".send")).to_have_text("Изпрати")


async def test_leaving_quickly_leaves_nothing_to_go_back_to(house: WebHouse) -> None:
    async with open_page(house.url, "/privacy") as page:
        await page.goto(f"{house.url}/chat?seat=young")
        await expect(page.locator("#log article")).to_have_count(1)
        await page.locator(".leave").click()
        await expect(page.locator("#log")).to_have_count(0)
        await page.go_back()
        await expect(page.locator("h1")).to_be_visible()
        await page.goto(f"{house.url}/chat?seat=young")
        await expect(page.locator("#log")).to_have_count(0)


async def test_a_message_rings_the_phone_it_comes_to(house: WebHouse) -> None:
    async with open_page(house.url, "/?lang=en", locale="en-GB") as page:
        await button(phone(page, "staff"), "echo").click()
        await expect(page.locator("#staff")).to_have_class("seat ring")
