"""The same welcome with python-telegram-bot's ConversationHandler, without and with PicklePersistence."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    ExtBot,
    PicklePersistence,
)
from telegram.request import BaseRequest

from tests.bench.ran import Ran, settle
from tests.bench.updates import tap, text

QUESTIONS = ("language", "privacy", "band", "town", "interests", "news")
ANSWER = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}'
ME = b'{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"DEMO","username":"demo_bot"}}'


class Silent(BaseRequest):
    """A request that calls nobody."""

    @property
    def read_timeout(self) -> float | None:
        """No limit."""
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, *_given: Any, **_named: Any) -> tuple[int, bytes]:
        """Says that everything worked."""
        if url.endswith("/getMe"):
            return 200, ME
        return 200, ANSWER if url.endswith("/sendMessage") else b'{"ok":true,"result":true}'


def keyboard(question: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(f"{question} {n}", callback_data=f"{question}:{n}")] for n in range(4)]
    )


async def start(update: Update, _context: Any) -> int:
    await update.message.reply_text("Which language?", reply_markup=keyboard("language"))  # type: ignore[union-attr]
    return 0


def step(number: int) -> Any:
    async def answer(update: Update, context: Any) -> int:
        query = update.callback_query
        assert query is not None
        context.user_data[QUESTIONS[number]] = query.data
        last = number + 1 == len(QUESTIONS)
        await query.message.reply_text("Next?", reply_markup=None if last else keyboard(QUESTIONS[number + 1]))  # type: ignore[union-attr]
        await query.answer()
        return ConversationHandler.END if last else number + 1

    return CallbackQueryHandler(answer, pattern=f"^{QUESTIONS[number]}")


async def run(people: int, at_once: int, *, pickled: bool) -> Ran:
    """Lead `people` through the welcome, `at_once` at the same time. Only the turns are timed."""
    bot: Bot = ExtBot("123456:" + "A" * 35, request=Silent(), get_updates_request=Silent())
    builder = Application.builder().bot(bot).concurrent_updates(False)
    if pickled:
        builder = builder.persistence(PicklePersistence(Path(tempfile.mkdtemp()) / "kept", update_interval=0.5))
    application = builder.build()
    application.add_handler(
        ConversationHandler(
            [CommandHandler("start", start)],
            {number: [step(number)] for number in range(len(QUESTIONS))},
            [],
            per_message=False,
            persistent=pickled,
            name="welcome",
        )
    )
    await application.initialize()
    await application.start()
    took: list[float] = []

    async def lead(people: Iterator[int]) -> None:
        for person in people:
            for name in ("/start", *QUESTIONS):
                raw = text(person, name) if name == "/start" else tap(person, f"{name}:1")
                began = time.perf_counter()
                await application.process_update(Update.de_json(raw, bot))
                took.append(time.perf_counter() - began)

    await lead(iter((999,)))  # what the first turn of each kind reads is no part of the measurement
    took.clear()
    settle()
    queue = iter(range(1000, 1000 + people))
    began_all, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(lead(queue) for _ in range(at_once)))
    seconds, cpu = time.perf_counter() - began_all, time.process_time() - cpu
    await application.stop()
    await application.shutdown()
    return Ran(took, seconds, cpu)
