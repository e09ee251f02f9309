"""Receives what comes in over any channel and sees to it that it happens once, or is set aside in the open."""

from __future__ import annotations

import asyncio
import contextlib
import time as clockwork
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving import beforehand
from bot.arriving.floods import Floods
from bot.arriving.sender import remember
from bot.clock import Clock
from bot.dialogue import RECEIPTS, Dialogue, Taken, known, say_back
from bot.language.tongue import spoken, tongue
from bot.running.logs import log
from bot.running.metrics import Metrics
from bot.store import Store, database_is_away
from conversations.engine.questions import free
from conversations.speech import Attachment, Heard, Say, Spoken, _
from handlers.channel import Arrival, Sender
from models.messages.sending import Due, note
from models.who.people import Address, Person

PLATFORM_MOST = 20_000_000
"""Bytes that a platform hands out at all (Telegram's getFile: 20 MB)."""
STORED_MOST = 5_000_000
"""Bytes of an attachment that are kept."""
FETCH_MOST = 20.0
"""Seconds that fetching an attachment may take."""
FETCHES = 4
"""Attachments fetched at the same time."""
ATTEMPTS = 3
"""How often a turn is tried before it is set aside."""
RECEIPT_WAITS = (0.1, 0.4, 1.0)
"""Seconds between looks for a message whose receipt came before its mark: marks are written a moment after sending."""

Later = Callable[[Coroutine[Any, Any, Any], str], object]
"""Runs something in the background under a name; returns None once nothing is begun any more."""
Part = TypeVar("Part", Arrival, Sender, Heard, Attachment)
Outcome = tuple[str, Spoken | None]
"""What became of an arrival, in a word for the metrics, and the message for the platform's answer."""

_SLOWER = _("That was a lot at once. Please wait a moment, then write again. Nothing you arranged before is lost.")


class Unavailable(Exception):
    """The database cannot take an arrival now: the platform must not be told that it was taken."""


class Wakes(Protocol):
    """Is told of messages that were committed."""

    def wake(self, ids: tuple[int, ...]) -> None:
        """Messages were committed."""
        ...


class Delivers(Wakes, Protocol):
    """What the switchboard needs of the outbox."""

    def hand_over(self, ids: tuple[int, ...], replies: tuple[Due, ...], older: tuple[int, ...]) -> None:
        """Messages were committed, and the replies among them are at hand."""
        ...


class Takes(Protocol):
    """What takes arrivals, each within the caller's transaction: the dialogue, or what a channel has in its place."""

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        """Take one arrival. A known message id has no effect."""
        ...

    def limits(self, arrival: Arrival) -> bool:
        """Whether its sender counts as one person, who may not take everybody's time."""
        ...

    def quarantine(self, session: Session, arrival: Arrival, now: datetime, reason: str) -> Taken:
        """Set aside an arrival whose turn failed."""
        ...


class Switchboard:
    """`receive` is what channels call. It returns once the arrival is committed, taken or set aside."""

    def __init__(
        self,
        store: Store,
        dialogue: Dialogue,
        outbox: Delivers,
        clock: Clock,
        *,
        metrics: Metrics | None = None,
        time: Callable[[], float] = clockwork.monotonic,
        later: Later | None = None,
    ) -> None:
        self._store, self._dialogue, self._outbox, self._clock = store, dialogue, outbox, clock
        self._later = later
        self.others: dict[str, Takes] = {}
        """Channels whose arrivals something else takes than the dialogue."""
        self._metrics = metrics or Metrics()
        self._time = time
        self._floods = Floods(time)
        self._fetching = asyncio.Semaphore(FETCHES)
        self._in_hand = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self.quarantined = 0
        """Turns set aside since the start."""

    async def receive(self, arrival: Arrival) -> Spoken | None:
        """Take one arrival. Raises Unavailable where nothing could be written: then it must come again.

        Returns the message to be shown in the platform's answer to an inline arrival, None for all others.
        """
        self._in_hand += 1
        self._empty.clear()
        began = self._time()
        try:
            result, answer = await self._receive(clean(arrival))
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._empty.set()
        self._metrics.arrivals.labels(arrival.channel, result).inc()
        self._metrics.turns.labels(arrival.channel).observe(self._time() - began)
        return answer

    async def drain(self, patience: float = 3.0) -> bool:
        """Wait for the turns in hand. True if all of them ended in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._empty.wait()
        return not self._in_hand

    async def _receive(self, arrival: Arrival) -> Outcome:
        if arrival.event in RECEIPTS:
            return await self._receipt(arrival)
        takes = self.others.get(arrival.channel, self._dialogue)
        if arrival.event in ("heard", "opened") and takes.limits(arrival) and not self._floods.lets(arrival):
            return await self._turn_away(arrival)
        arrival = await self._with_content(arrival)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                taken = await self._write(
                    lambda session, now: beforehand.waiting(lambda: takes.take(session, arrival, now))
                )
            except Unavailable:
                raise
            except beforehand.ReadFirst as first:
                reason = type(first).__name__
                await self._store.read(first.read)
            except Exception as error:  # noqa: BLE001  # whatever a turn raises: its chat must go on
                log.error("a turn failed", channel=arrival.channel, attempt=attempt, exc_info=error)
                reason = type(error).__name__
            else:
                self._outbox.hand_over(taken.outgoing, taken.replies, taken.older)
                return ("duplicate" if taken.duplicate else "taken"), taken.answer
        return await self._set_aside(arrival, reason)

    async def _receipt(self, arrival: Arrival) -> Outcome:
        """Write down what became of a message of ours. One that comes before its mark waits for it; its sender not."""
        word, early = await self._written_down(arrival)
        if early and self._later is None:
            await self._once_marked(arrival)
        elif early and self._later and self._later(self._once_marked(arrival), "receipt") is None:
            raise Unavailable("closing")
        return word, None

    async def _once_marked(self, arrival: Arrival) -> None:
        for patience in RECEIPT_WAITS:
            await asyncio.sleep(patience)
            if not (await self._written_down(arrival))[1]:
                return

    async def _written_down(self, arrival: Arrival) -> tuple[str, bool]:
        """What became of a receipt, and whether what it tells of is on its way just now."""
        try:
            taken = await self._write(lambda session, now: self._dialogue.take(session, arrival, now))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  # nobody waits for it, and coming again would not mend it
            log.error("a receipt cannot be written down", channel=arrival.channel, exc_info=error)
            return "dropped", False
        return "receipt", taken.early

    async def _set_aside(self, arrival: Arrival, reason: str) -> Outcome:
        self.quarantined += 1
        try:
            takes = self.others.get(arrival.channel, self._dialogue)
            taken = await self._write(lambda session, now: takes.quarantine(session, arrival, now, reason))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  # not even an apology can be written to this sender
            log.error("an arrival cannot be set aside with an apology", channel=arrival.channel, exc_info=error)
            about = f"{arrival.channel}: {reason}"
            await self._write(lambda session, now: note(session, now, "quarantined", about))
            return "dropped", None
        self._outbox.wake(taken.outgoing)
        return "quarantined", taken.answer

    async def _turn_away(self, arrival: Arrival) -> Outcome:
        """Too much from one person: it is remembered as seen, and once a minute they are asked to slow down."""
        tells = self._floods.may_tell(arrival)
        if tells:
            log.warning("somebody sends too much", channel=arrival.channel)
        taken = await self._write(lambda session, now: _turned_away(session, arrival, now, tells=tells))
        self._outbox.wake(taken.outgoing)
        return "flood", taken.answer

    async def _write(self, work: Callable[[Session, datetime], Taken | None]) -> Taken:
        now = self._clock.now()
        try:
            return await self._store.write(lambda session: work(session, now)) or Taken()
        except Exception as error:
            if database_is_away(error):
                log.error("the database cannot be written", exc_info=error)
                raise Unavailable(type(error).__name__) from error
            raise

    async def _with_content(self, arrival: Arrival) -> Arrival:
        """The arrival with its attachment fetched, if it is one that is kept and not too large."""
        sent = arrival.heard.attachment
        if sent is None or arrival.fetch is None or sent.content is not None:
            return arrival
        if sent.kind not in ("photo", "file", "voice") or sent.size > min(STORED_MOST, PLATFORM_MOST):
            return arrival
        content = await self._fetched(arrival)
        if content is None:
            return arrival
        if len(content) > STORED_MOST:
            return _hearing(arrival, replace(sent, size=len(content)))
        return _hearing(arrival, replace(sent, size=len(content), content=content))

    async def _fetched(self, arrival: Arrival) -> bytes | None:
        fetch = arrival.fetch
        for _attempt in range(2):
            try:
                async with self._fetching, asyncio.timeout(FETCH_MOST):
                    return await fetch() if fetch is not None else None
            except Exception as error:  # noqa: BLE001  # the turn goes on without it and says so
                log.warning("an attachment cannot be fetched", channel=arrival.channel, exc_info=error)
        return None


def clean(arrival: Arrival) -> Arrival:
    """The arrival without what no database can hold: half characters (lone surrogates) and NUL."""
    heard, sender, sent = arrival.heard, arrival.sender, arrival.heard.attachment
    whole = _but(
        arrival,
        message_id=_clean(arrival.message_id)[:128],
        link=_clean(arrival.link),
        shown_id=_clean(arrival.shown_id)[:64],
        reason=_clean(arrival.reason)[:120],
        sender=_but(sender, external_id=_clean(sender.external_id), language=_clean(sender.language)),
        heard=_but(heard, text=_clean(heard.text), tap=_clean(heard.tap)),
    )
    if sent is None:
        return whole
    return _hearing(
        whole,
        _but(
            sent,
            name=_clean(sent.name),
            media_type=_clean(sent.media_type),
            ref=_clean(sent.ref),
            phone=_clean(sent.phone),
        ),
    )


def _but(one: Part, **values: Any) -> Part:
    """The same with other values; itself where they are none."""
    differ = any(getattr(one, name) != value for name, value in values.items())
    return replace(one, **values) if differ else one


def _clean(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _hearing(arrival: Arrival, attachment: Attachment) -> Arrival:
    return replace(arrival, heard=replace(arrival.heard, attachment=attachment))


def _turned_away(session: Session, arrival: Arrival, now: datetime, *, tells: bool) -> Taken:
    if not remember(session, arrival, now, state="flood"):
        return known(session, arrival)
    if not tells:
        return Taken()
    found = session.execute(
        select(Address.id, Person.tag)
        .join(Person, Person.id == Address.person_id)
        .where(Address.channel == arrival.channel, Address.external_id == arrival.sender.external_id)
    ).first()
    if found is None:
        return Taken()
    return say_back(session, arrival, now, found[0], spoken(free(Say(_SLOWER)), tongue(found[1])))
