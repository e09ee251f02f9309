"""Carries messages to a channel: one to one address part by part, or one to many addresses with a single call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.running.logs import log
from bot.sending import envelope
from bot.sending.lane import Lane
from conversations.speech import Spoken
from handlers.channel import Channel, Relay, SendFailed, SendsMany, Sent
from handlers.fitting import fit
from models.messages.sending import Due

SEND_MOST = 60.0
"""Seconds after which a call of a platform is given up: it is then unknown what came of it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a message came: parts shown so far, the platform's id of the last, and what stopped it, if anything."""

    parts: int
    shown_id: str = ""
    failure: SendFailed | None = None


def parts_of(row: Due, channel: Channel) -> int:
    """How many messages of the platform a message still is."""
    return max(1, len(fit(envelope.from_json(row.body), channel.capabilities)) - row.parts)


async def carry(
    lane: Lane,
    row: Due,
    whole: Callable[[dict[str, Any]], Awaitable[Spoken]],
    fetch: Callable[[int | None], Awaitable[Relay | None]],
) -> Carried:
    """Send one message, from the first part on that was not shown yet.

    `whole` makes the message of a stored body, `fetch` finds the attachment that is passed on with it.
    """
    done, shown_id = row.parts, ""
    try:
        message = await whole(row.body)
        parts = fit(message, lane.channel.capabilities)
        relay = await fetch(message.relay)
        for number in range(row.parts, len(parts)):
            if number > row.parts:
                lane.pacer.spend(row.address_id)
            part = parts[number]
            async with asyncio.timeout(SEND_MOST):
                sent = await lane.channel.send(
                    row.external_id,
                    part,
                    shown_id=row.edits if part.replaces else "",
                    relay=relay if part.relay is not None else None,
                )
            done, shown_id = number + 1, sent.shown_id
    except Exception as error:  # noqa: BLE001  # a channel may break its promise: then it is unknown what was shown
        return Carried(done, shown_id, _failure(lane, error))
    return Carried(done, shown_id)


async def carry_many(lane: Lane, rows: Sequence[Due]) -> dict[int, Carried]:
    """Send messages of equal bodies with one call for each part. Says for each message how far it came."""
    carried: dict[int, Carried] = {row.id: Carried(0) for row in rows}
    to_go = {row.external_id: row for row in rows}
    done = 0
    try:
        for part in fit(envelope.from_json(rows[0].body), lane.channel.capabilities):
            if done:
                lane.pacer.call()
            async with asyncio.timeout(SEND_MOST):
                told = await cast(SendsMany, lane.channel).send_many(list(to_go), part)
            for external_id, row in list(to_go.items()):
                came = told.get(external_id) or SendFailed("unsure", "nothing was said of this receiver")
                if isinstance(came, Sent):
                    carried[row.id] = Carried(done + 1, came.shown_id)
                else:
                    carried[row.id] = Carried(done, carried[row.id].shown_id, came)
                    del to_go[external_id]
            done += 1
            if not to_go:
                break
    except Exception as error:  # noqa: BLE001  # as above: for whoever was still to get it
        failure = _failure(lane, error)
        for row in to_go.values():
            carried[row.id] = Carried(done, carried[row.id].shown_id, failure)
    return carried


def _failure(lane: Lane, error: Exception) -> SendFailed:
    if isinstance(error, SendFailed):
        return error
    log.error("a channel raised what it must not", channel=lane.channel.name, exc_info=error)
    return SendFailed("unsure", type(error).__name__)
