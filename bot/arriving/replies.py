"""Whether an answer is on its way: for channels that wait for it before they go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.store import Store
from models.messages.webchat import replies_wait


def waiting_on(store: Store, now: Callable[[], datetime], channel: str) -> Callable[[str], Awaitable[bool]]:
    """Tells of an external id on `channel` whether a reply to it is due and not shown yet."""

    async def waiting(external_id: str) -> bool:
        return await store.read(lambda session: replies_wait(session, now(), channel, external_id))

    return waiting
