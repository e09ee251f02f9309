"""The same welcome as aiogram's documentation shows it: state in memory, or kept in SQLite by AsyncSession."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, TelegramObject, Update
from sqlalchemy import JSON, String, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.bench.ran import Ran, settle
from tests.bench.updates import tap, text

SENT = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
QUESTIONS = ("language", "privacy", "band", "town", "interests", "news")


class Welcome(StatesGroup):
    """One state a question."""

    language = State()
    privacy = State()
    band = State()
    town = State()
    interests = State()
    news = State()


class Silent(BaseSession):
    """A session that calls nobody."""

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:
        """Says that everything worked."""
        return Message.model_validate(SENT) if method.__api_method__ == "sendMessage" else True

    async def close(self) -> None:
        """Nothing to close."""

    async def stream_content(self, *_given: Any, **_named: Any) -> Any:
        """Nothing to stream."""
        yield b""


def keyboard(question: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=f"{question} {n}", callback_data=f"{question}:{n}")] for n in range(4)
        ]
    )


def make_router() -> Router:
    router = Router()
    states = [getattr(Welcome, name) for name in QUESTIONS]

    @router.message(CommandStart())
    async def start(message: Message, state: FSMContext) -> None:
        await state.set_state(Welcome.language)
        await message.answer("Which language?", reply_markup=keyboard("language"))

    for number, name in enumerate(QUESTIONS):

        def step(number: int, name: str) -> None:
            @router.callback_query(states[number], F.data.startswith(name))
            async def answer(query: CallbackQuery, state: FSMContext) -> None:
                await state.update_data({name: query.data})
                if number + 1 < len(QUESTIONS):
                    await state.set_state(states[number + 1])
                    await query.message.answer("Next?", reply_markup=keyboard(QUESTIONS[number + 1]))  # type: ignore[union-attr]
                else:
                    await state.clear()
                    await query.message.answer("Done")  # type: ignore[union-attr]
                await query.answer()

        step(number, name)
    return router


class Base(DeclarativeBase):
    pass


class Kept(Base):
    """A person with the state of their conversation."""

    __tablename__ = "kept"

    key: Mapped[str] = mapped_column(String, primary_key=True)
    state: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Seen(Base):
    """An update that was handled."""

    __tablename__ = "seen"

    update_id: Mapped[int] = mapped_column(primary_key=True)


class Stored(BaseStorage):
    """The state of conversations in the session of the update."""

    session: AsyncSession

    def __init__(self) -> None:
        self.sessions: dict[int, AsyncSession] = {}

    async def _row(self, key: StorageKey) -> Kept:
        session = self.sessions[key.user_id]
        row = await session.get(Kept, str(key.user_id))
        if row is None:
            row = Kept(key=str(key.user_id), state=None, data={})
            session.add(row)
        return row

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        (await self._row(key)).state = state.state if isinstance(state, State) else state

    async def get_state(self, key: StorageKey) -> str | None:
        """The state as kept."""
        return (await self._row(key)).state

    async def set_data(self, key: StorageKey, data: Any) -> None:
        """Keep the answers."""
        (await self._row(key)).data = dict(data)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """The answers as kept."""
        return dict((await self._row(key)).data)

    async def close(self) -> None:
        """Nothing to close."""


async def run(people: int, at_once: int, *, stored: bool) -> Ran:
    """Lead `people` through the welcome, `at_once` at the same time. Only the turns are timed."""
    bot = Bot("123456:" + "A" * 35, session=Silent())
    storage: BaseStorage = MemoryStorage()
    engine = None
    if stored:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{Path(tempfile.mkdtemp()) / 'kept.db'}", connect_args={"timeout": 30}
        )

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        storage = Stored()
    dispatcher = Dispatcher(storage=storage)
    if engine is not None and isinstance(storage, Stored):
        make = async_sessionmaker(engine, expire_on_commit=False)
        writing = asyncio.Lock()

        async def in_a_session(
            handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]], update: Any, data: dict[str, Any]
        ) -> Any:
            who = (update.message or update.callback_query).from_user.id
            async with writing, make() as session:
                storage.sessions[who] = session
                session.add(Seen(update_id=update.update_id))
                result = await handler(update, data)
                await session.commit()
                return result

        # outermost: aiogram's own context and state come after it and need its session
        dispatcher.update.outer_middleware._middlewares.insert(0, in_a_session)
    dispatcher.include_router(make_router())
    took: list[float] = []

    async def lead(people: Iterator[int]) -> None:
        for person in people:
            for step in ("/start", *QUESTIONS):
                raw = text(person, step) if step == "/start" else tap(person, f"{step}:1")
                began = time.perf_counter()
                await dispatcher.feed_update(bot, Update.model_validate(raw, context={"bot": bot}))
                took.append(time.perf_counter() - began)

    await lead(iter((999,)))  # what the first turn of each kind reads is no part of the measurement
    took.clear()
    settle()
    queue = iter(range(1000, 1000 + people))
    began_all, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(lead(queue) for _ in range(at_once)))
    seconds, cpu = time.perf_counter() - began_all, time.process_time() - cpu
    if engine is not None:
        await engine.dispose()
    return Ran(took, seconds, cpu)
