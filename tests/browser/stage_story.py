"""The story of the stage, played in a real browser against the running program."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from playwright.async_api import FrameLocator, Locator, Page, async_playwright, expect

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Europe/Belgrade")
SECONDS = 60_000
"""Milliseconds that anything on a page may take to appear: beside other tests a browser has half a processor."""
expect.set_options(timeout=SECONDS)
# a browser in a closed network must not try to reach its maker
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_ONE = (
    "no browser found: install one (Debian, Ubuntu: apt install chromium) or name one in PUTOKAZ_TEST_BROWSER"
)


def browser_path() -> str | None:
    """The browser to test with."""
    named = os.environ.get("PUTOKAZ_TEST_BROWSER")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def start(folder: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the program in a process of its own, its log in the folder."""
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def said_by(folder: Path) -> str:
    """The end of the program's log."""
    return (folder / "log").read_text(errors="replace")[-3000:]


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[str]:
    """The program, started as people start it, with the sample programme in an empty database. Gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "PUTOKAZ_DATA": str(folder),
        "PUTOKAZ_PORT": str(port),
        "PUTOKAZ_HOST": "127.0.0.1",
        "PUTOKAZ_SAMPLE": "true",
        "PUTOKAZ_DATABASE_URL": "",
        "PUTOKAZ_TELEGRAM_TOKEN": "",
        "PUTOKAZ_PUBLIC_URL": "",
    }
    process = start(folder, settings)
    url = f"http://127.0.0.1:{port}"
    try:
        await _answers(url, process, folder)
        yield url
    finally:
        process.terminate()
        process.wait(10)


async def _answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    async with aiohttp.ClientSession() as session:
        for _attempt in range(400):
            if process.poll() is not None:
                break
            try:
                async with session.get(f"{url}/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(f"the program does not answer:\n{said_by(folder)}")


@asynccontextmanager
async def open_page(
    url: str, path: str, *, width: int = 1440, height: int = 960, **more: object
) -> AsyncIterator[Page]:
    """The page in a browser. Any error in its script, or anything that is refused by its policy, fails."""
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=list(QUIET))
        context = await browser.new_context(viewport={"width": width, "height": height}, **more)  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.set_default_timeout(SECONDS)
        await page.goto(f"{url}{path}")
        try:
            yield page
        finally:
            await browser.close()
    assert wrong == []


def phone(page: Page, seat: str) -> FrameLocator:
    """One of the three phones."""
    return page.frame_locator(f"#{seat} iframe")


def button(chat: FrameLocator | Page, key: str) -> Locator:
    """The newest button that answers with this key, whatever its language."""
    return chat.locator(f'#log button[name=tap][value$=".{key}"], #log button[name=tap][value$="~{key}"]').last


async def write(chat: FrameLocator, words: str) -> None:
    """Write, send by the Enter key, and wait for the answer."""
    said = await chat.locator("#log article.mine").count()
    await chat.locator("textarea").fill(words)
    await chat.locator("textarea").press("Enter")
    await answered(chat, said + 1)


async def press(chat: FrameLocator, pressed: Locator) -> None:
    """Press a button and wait for the answer."""
    await pressed.wait_for()
    said = await chat.locator("#log article.mine").count()
    await pressed.click()
    await answered(chat, said + 1)


async def answered(chat: FrameLocator, said: int) -> None:
    """Wait until so much was said and the house had the last word."""
    await expect(chat.locator("#log article.mine")).to_have_count(said, timeout=SECONDS)
    await expect(chat.locator("#log article").last).to_have_class(re.compile(r"\bhouse\b"), timeout=SECONDS)


async def to_ten_in_the_morning(url: str) -> None:
    """Move the clock to the next ten o'clock that is not on a Sunday: nobody's quiet hours."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/stage/clock") as answer:
            now = datetime.fromisoformat((await answer.json())["now"]).astimezone(ZONE)
        then = now.replace(hour=10, minute=0, second=0, microsecond=0)
        while then <= now or then.weekday() == 6:
            then = (then.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=ZONE)
        seconds = then.timestamp() - now.timestamp()
        async with session.post(f"{url}/stage/clock", data={"advance": str(seconds)}) as answer:
            assert answer.status == 200


async def book(page: Page) -> None:
    """The young person looks for maths, books the first day on offer, and gets a number."""
    young = phone(page, "young")
    await press(young, button(young, "find"))
    await write(young, "matematika")
    await press(young, young.locator("#log button[name=tap]").filter(has_text="Matematika").last)
    await press(young, young.locator('#log article:last-child button[name=tap]:not([value^="w."])').first)
    await press(young, button(young, "yes"))
    await expect(young.locator("#log")).to_contain_text(".ics", timeout=SECONDS)


async def remind(page: Page) -> None:
    """The clock goes to the next reminder, which the parent gets in their own script."""
    async with page.expect_response("**/stage/clock*"):
        await page.locator("#clock button[value=next]").click()
    await expect(phone(page, "parent").locator("#log")).to_contain_text("Математика", timeout=SECONDS)


async def publish(page: Page) -> None:
    """The coordinator publishes an internship call, question by question."""
    staff = phone(page, "staff")
    await write(staff, "/new")
    await press(staff, button(staff, "job"))
    await press(staff, button(staff, "internship"))
    await write(staff, "Praksa u pekari")
    await write(staff, "Tri meseca u pekari, sa mentorom. DEMO")
    for key in ("done", "skip", "all", "skip", "skip"):
        await press(staff, button(staff, key))
    await press(staff, staff.locator('#log button[value$="_2359"]').first)
    for key in ("10", "deadline", "done", "publish"):
        await press(staff, button(staff, key))


async def tell_everybody(page: Page) -> None:
    """They tell everybody, and the young person reads it."""
    staff, young = phone(page, "staff"), phone(page, "young")
    await press(staff, button(staff, "yes"))
    await press(staff, button(staff, "all"))
    await write(staff, "Nova praksa: pekara u Boru traži dve mlade osobe!")
    await staff.locator("#log button[value$='~done'], #log button[value$='.now']").last.wait_for()
    if not await button(staff, "now").count():
        await press(staff, button(staff, "done"))
    await press(staff, button(staff, "now"))
    await button(staff, "yes").click()
    await expect(young.locator("#log")).to_contain_text("pekara u Boru traži", timeout=SECONDS)
