"""What the Viber channel remembers, kept in the database: the same in every process, and after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime

from sqlalchemy.orm import Session

from bot.store import Store
from conversations.speech import SpokenButton
from handlers.viber.knowing import Known
from handlers.viber.memory import KeptFile
from models.messages import viber
from models.messages.viber import ViberChat, ViberFile


class StoredMemory:
    """The `Memory` of handlers/viber, on the tables of models/messages/viber.py."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def known(self, external_ids: Sequence[str]) -> Mapping[str, Known]:
        """What is known of these."""

        def work(session: Session) -> Mapping[str, Known]:
            return {one: _read(row) for one, row in viber.known(session, external_ids).items()}

        return await self._store.read(work)

    async def change(self, external_ids: Sequence[str], by: Callable[[Known], Known]) -> Mapping[str, Known]:
        """Change what is known of each, under a lock of the rows."""

        def work(session: Session) -> Mapping[str, Known]:
            rows = viber.change(session, self._now(), external_ids, lambda row: _write(row, by(_read(row))))
            return {one: _read(row) for one, row in rows.items()}

        return await self._store.write(work)

    async def keep(self, key: str, file: KeptFile) -> None:
        """Keep a file until its time is over."""

        def work(session: Session) -> None:
            row = ViberFile(
                hash=key,
                external_id=file.external_id,
                media_type=file.media_type,
                content=file.content,
                size=len(file.content),
                until=file.until,
            )
            viber.keep(session, self._now(), row)

        await self._store.write(work)

    async def file(self, key: str) -> KeptFile | None:
        """A file, while its time is not over."""

        def work(session: Session) -> KeptFile | None:
            row = viber.file_of(session, self._now(), key)
            return KeptFile(row.content, row.media_type, row.until, row.external_id) if row is not None else None

        return await self._store.read(work)


def _read(row: ViberChat) -> Known:
    shown = tuple(tuple(SpokenButton(*button) for button in buttons) for buttons in row.shown)
    return Known(row.version, row.hour, row.sent, row.told_to_wait, shown)


def _write(row: ViberChat, known: Known) -> None:
    row.version, row.hour, row.sent, row.told_to_wait = known.version, known.hour, known.sent, known.told_to_wait
    row.shown = [[list(astuple(button)) for button in buttons] for buttons in known.shown]
