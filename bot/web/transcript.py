"""The web chat's transcript, kept in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.sending import envelope
from bot.store import Store
from conversations.speech import Spoken
from handlers.webchat.transcript import File, Line
from models.messages import webchat


class StoredTranscript:
    """The `Transcript` of handlers/webchat, on the tables of models/messages/webchat.py."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def opens(self, key_hash: str, kind: Literal["cookie", "link"] = "cookie") -> str | None:
        """The external id that a key opens."""
        return await self._store.read(lambda session: webchat.opens(session, key_hash, self._now(), kind))

    async def add_key(self, key_hash: str, external_id: str, kind: Literal["cookie", "link"] = "cookie") -> None:
        """Let a key open a chat."""
        await self._store.write(lambda session: webchat.add_key(session, self._now(), key_hash, external_id, kind))

    async def use_key(self, key_hash: str) -> None:
        """Let a key and its chat live on."""
        await self._store.write(lambda session: webchat.use_key(session, self._now(), key_hash))

    async def has_link(self, external_id: str) -> bool:
        """Whether a private link leads to the chat."""
        return await self._store.read(lambda session: webchat.has_link(session, external_id))

    async def said(self, external_id: str, message_id: str, line: Line) -> None:
        """Note what a person said, once per message id."""
        body = {"text": line.text, "attached": line.attached, "of": line.of}
        await self._store.write(lambda session: webchat.said(session, line.at, external_id, message_id, body))

    async def shown(
        self, external_id: str, parts: Sequence[Spoken], *, replaces: int | None = None, file: File | None = None
    ) -> int:
        """Note what the house says, in one piece or several, in one transaction."""

        def work(session: Session) -> int:
            last = 0
            for number, part in enumerate(parts):
                last = webchat.shown(
                    session,
                    self._now(),
                    external_id,
                    {**envelope.to_json(part), "document": None},
                    replaces=replaces if number == 0 else None,
                    file=_file(part, file),
                )
            return last

        return await self._store.write(work)

    async def after(self, external_id: str, line_id: int, most: int = 50) -> Sequence[Line]:
        """What came after a bubble, oldest first."""
        return await self._store.read(
            lambda session: [_line(row) for row in webchat.lines_after(session, external_id, line_id, most)]
        )

    async def before(self, external_id: str, line_id: int | None, most: int) -> Sequence[Line]:
        """The last bubbles, or those before one, oldest first."""
        return await self._store.read(
            lambda session: [_line(row) for row in webchat.lines_before(session, external_id, line_id, most)]
        )

    async def line(self, external_id: str, line_id: int) -> Line | None:
        """One bubble of the chat."""

        def work(session: Session) -> Line | None:
            row = webchat.line(session, external_id, line_id)
            return _line(row) if row is not None else None

        return await self._store.read(work)

    async def file(self, external_id: str, line_id: int) -> File | None:
        """The file of a bubble, while it is kept."""

        def work(session: Session) -> File | None:
            row = webchat.line(session, external_id, line_id)
            if row is None or row.content is None or row.file_until is None or row.file_until < self._now():
                return None
            return File(row.file_name, row.media_type, row.content)

        return await self._store.read(work)

    async def forget_device(self, external_id: str) -> bool:
        """Delete the transcript and the cookie keys. True if a private link still leads back."""
        return await self._store.write(lambda session: webchat.forget_device(session, external_id))

    async def waiting(self, external_id: str) -> bool:
        """Whether an answer is on its way right now."""
        return await self._store.read(
            lambda session: webchat.replies_wait(session, self._now(), webchat.CHANNEL, external_id)
        )


def _file(part: Spoken, relayed: File | None) -> tuple[str, str, bytes] | None:
    if part.document is not None:
        return part.document.name, part.document.media_type, part.document.content
    if part.relay is not None and relayed is not None:
        return relayed.name, relayed.media_type, relayed.content
    return None


def _line(row: webchat.WebLine) -> Line:
    if row.side == "person":
        body = row.body
        return Line(row.id, "person", row.at, text=body["text"], attached=body.get("attached", ""), of=body.get("of"))
    return Line(
        row.id,
        "house",
        row.at,
        message=envelope.from_json(row.body),
        gone=tuple(row.gone),
        file_name=row.file_name,
        media_type=row.media_type,
        has_file=row.file_until is not None,
    )
