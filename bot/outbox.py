"""Delivers what was committed: each class of message by its own promise (design.md part 5)."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.running.logs import log
from bot.running.metrics import Metrics
from bot.running.nursery import Nursery
from bot.sending import envelope
from bot.sending.carrying import Carried, carry, carry_many
from bot.sending.claims import Claims
from bot.sending.lane import Lane, Timer
from bot.sending.looking import Looking
from bot.sending.marking import Ended, Lost, Marks
from bot.store import Store
from conversations.speech import Spoken
from handlers.channel import Channel, Relay, SendFailed
from models.messages.message import BELONGS_TO_NOTHING, StoredAttachment
from models.messages.money import Tariffs, tariff_of
from models.messages.sending import Due, Fate, note, recover

TRIES = 100
"""After so many failures (some eight hours) a message is given up, with the reason."""
BACK_OFF_MOST = 300.0

Draw = Callable[[Spoken, Mapping[str, Any]], Awaitable[Spoken]]
"""Puts the file into a message that is drawn to an order only now, outside every transaction."""


class Outbox:
    """Sends for the channels it was told to `hold`. `wake` is the quick way, `sweep` finds all the rest."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        nursery: Nursery,
        *,
        metrics: Metrics | None = None,
        timer: Timer | None = None,
        chance: Callable[[], float] = random.random,
        draw: Draw | None = None,
        tariffs: Tariffs = (),
    ) -> None:
        self._store, self._clock, self._nursery, self._tariffs = store, clock, nursery, tariffs
        self._metrics = metrics or Metrics()
        self._timer: Timer = timer or asyncio.get_running_loop()
        self._chance = chance
        self._draw = draw
        self._moved = asyncio.Event()
        self.lanes: dict[str, Lane] = {}
        self._looking = Looking(store, clock, nursery, self.lanes, self._moved)
        for channel in channels.values():
            self.add(channel)
        self._stopping = False
        self._claims = Claims(store, clock, nursery, tariffs, claimed=self._claimed)
        self._marks = Marks(store, clock, nursery, self._timer, tariffs, written=self._marked, moved=self._moved)

    # ---------------------------------------------------------------- from outside

    def add(self, channel: Channel) -> None:
        """Another channel, once its library is imported. Nothing is sent on it before `hold`."""
        self.lanes[channel.name] = Lane(channel, self._timer, self._begin, self._looking.want)

    async def hold(self, name: str) -> None:
        """From now on this process sends on a channel: what a crash left half way is put before staff first."""
        lane = self.lanes[name]
        left = await self._store.write(lambda session: recover(session, self._clock.now(), name))
        if left:
            log.warning("messages in doubt after a crash", channel=name, count=left)
        lane.stopped = ""
        lane.open = True
        self._looking.sweep((name,))

    def let_go(self, name: str) -> None:
        """From now on another process sends on a channel. Calls under way are ended in peace."""
        lane = self.lanes[name]
        lane.open = False
        lane.empty()

    def wake(self, ids: Sequence[int]) -> None:
        """Messages were committed: send those that are due. Call it in the event loop's thread."""
        self._looking.wake(ids)

    def hand_over(self, ids: Sequence[int], replies: Sequence[Due], older: Sequence[int]) -> None:
        """As `wake`, for a turn whose replies are at hand as they were committed: they need not be read again.

        Unless something `older` waits for the same address that is not in memory: then all of it is read, in order.
        """
        lane = self.lanes.get(replies[0].channel) if replies else None
        sends = lane is not None and lane.open and not lane.stopped and not self._stopping
        if lane is None or not sends or any(row not in lane.rows for row in older):
            self.wake(ids)
            return
        lane.add(replies)
        at_hand = {row.id for row in replies}
        self.wake([row for row in ids if row not in at_hand])

    def sweep(self) -> None:
        """Look for everything that is due: planned for now, left by a crash, written by another process."""
        self._looking.sweep(name for name, lane in self.lanes.items() if lane.open and not lane.stopped)

    @property
    def rests(self) -> bool:
        """True while the marking waits for a database that is away."""
        return self._marks.rests

    @property
    def busy(self) -> bool:
        """Whether anything is being read, sent or marked right now."""
        return self._looking.busy or self._marks.busy or any(lane.flying for lane in self.lanes.values())

    async def stop(self, patience: float = 3.0) -> None:
        """Begin nothing new, end what is under way, write down what came of it."""
        self._stopping = True
        self._looking.stop()
        for name in self.lanes:
            self.let_go(name)
        self._marks.hurry()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.idle()

    async def idle(self) -> None:
        """Return once nothing is being read, sent or marked. What waits for its time stays waiting."""
        while self.busy:
            self._moved.clear()
            await self._moved.wait()

    # ---------------------------------------------------------------- sending

    def _begin(self, lane: Lane, rows: Sequence[Due]) -> None:
        """The lane lets these go. What must not come twice or costs is marked first, all of them in one commit."""
        first = [row for row in rows if self._claims.wants(row)]
        marked = {row.id for row in first}
        for row in rows:
            if row.id not in marked and self._nursery.start(self._send(lane, row), "outbox: send") is None:
                lane.finished(row)
        if first:
            self._claims.add(lane, first)

    def _claimed(self, lane: Lane, rows: Sequence[Due], taken: frozenset[int]) -> None:
        """These are marked: call the platform for those that may be sent, and forget the others."""
        calls: dict[tuple[str, int], list[Due]] = {}
        for row in rows:
            call = lane.call_of(row)
            calls.setdefault(("alone", row.id) if call is None else ("many", call), []).append(row)
        for together in calls.values():
            self._call(lane, [row for row in together if row.id in taken])
            for row in together:
                if row.id not in taken:
                    self._looking.settled(row.id)
                    lane.forget(row.id)
                    lane.finished(row)
        self._moved.set()

    def _call(self, lane: Lane, rows: list[Due]) -> None:
        """Call the platform for messages that were marked: once for all that go together."""
        if not rows:
            return
        work = self._send(lane, rows[0]) if len(rows) == 1 else self._send_many(lane, rows)
        if self._stopping:
            work.close()
        if self._stopping or self._nursery.start(work, "outbox: send") is None:
            for row in rows:
                self._conclude(lane, row, Fate(row.id, "waiting", tries=row.tries, parts=row.parts))

    async def _send(self, lane: Lane, row: Due) -> None:
        if not self._too_late(lane, row):
            self._came(lane, row, await carry(lane, row, self._whole, self._relay))

    async def _send_many(self, lane: Lane, rows: Sequence[Due]) -> None:
        """Several messages of the same words with one call; each is then settled by its own fate."""
        rows = [row for row in rows if not self._too_late(lane, row)]
        if not rows:
            return
        carried = await carry_many(lane, rows)
        for row in rows:
            self._came(lane, row, carried[row.id])

    def _too_late(self, lane: Lane, row: Due) -> bool:
        late = row.expires_at is not None and row.expires_at <= self._clock.now()
        if late:
            self._conclude(lane, row, Fate(row.id, "cancelled", "too late", tries=row.tries, parts=row.parts))
        return late

    def _came(self, lane: Lane, row: Due, carried: Carried) -> None:
        """What became of one message."""
        if carried.failure is not None:
            self._failed(lane, row, carried.failure, carried.parts)
            return
        lane.went_well()
        self._metrics.sent.labels(lane.channel.name, row.kind, "sent").inc()
        fate = Fate(
            row.id,
            "sent",
            shown_id=carried.shown_id,
            tries=row.tries,
            parts=carried.parts,
            belongs=row.kind not in BELONGS_TO_NOTHING,
        )
        self._conclude(lane, row, fate)

    async def _whole(self, body: dict[str, Any]) -> Spoken:
        message = envelope.from_json(body)
        if "drawn" not in body:
            return message
        if self._draw is None:
            raise SendFailed("refused", "nothing draws here")
        return await self._draw(message, body["drawn"])

    async def _relay(self, attachment_id: int | None) -> Relay | None:
        if attachment_id is None:
            return None

        def read(session: Session) -> Relay:
            found = session.get(StoredAttachment, attachment_id)
            if found is None:
                raise SendFailed("refused", "the attachment's time is over")
            return Relay(found.kind, found.name, found.media_type, found.content)

        return await self._store.read(read)

    def _failed(self, lane: Lane, row: Due, failed: SendFailed, done: int) -> None:
        """One place that decides what each kind of failure means for each class of message."""
        self._metrics.sent.labels(lane.channel.name, row.kind, failed.kind).inc()
        log.info("not sent", channel=lane.channel.name, message=row.id, kind=failed.kind, reason=failed.reason)
        doubt = failed.kind == "unsure"
        again = Fate(row.id, "waiting", failed.reason, tries=row.tries + 1, parts=done, doubt=doubt)
        if failed.kind in ("retry", "unsure") and lane.went_wrong(row.address_id):
            lane.pacer.pause(self._back_off(min(row.tries, 5)))
        if failed.kind == "wait":
            seconds = failed.after.total_seconds() if failed.after is not None else self._back_off(row.tries)
            if failed.everyone:
                lane.pacer.pause(seconds)
            self._hold(lane, row, Fate(row.id, "waiting", failed.reason, tries=row.tries, parts=done), seconds)
        elif failed.kind == "retry" or (failed.kind == "unsure" and row.again):
            if row.tries + 1 >= TRIES:
                state = "unsure" if failed.kind == "unsure" else "failed"
                self._conclude(lane, row, Fate(row.id, state, failed.reason, tries=row.tries + 1, parts=done))
            else:
                self._hold(lane, row, again, self._back_off(row.tries))
        elif failed.kind == "unsure":
            self._conclude(lane, row, Fate(row.id, "unsure", failed.reason, tries=row.tries + 1, parts=done))
        elif failed.kind == "gone" or (failed.kind == "unpaid" and tariff_of(self._tariffs, row.channel)):
            lane.drop(row.address_id)
            self._marks.lose(lane, row, failed)
        elif failed.kind in ("refused", "unpaid"):
            self._conclude(lane, row, Fate(row.id, "failed", failed.reason, tries=row.tries + 1, parts=done))
        else:
            self._stop_lane(lane, row, failed.reason, done)

    def _stop_lane(self, lane: Lane, row: Due, reason: str, done: int) -> None:
        if not lane.stopped:
            log.critical("a channel has stopped", channel=lane.channel.name, reason=reason)
            lane.stopped = reason
            lane.empty()
            about = f"{lane.channel.name}: {reason}"
            self._nursery.start(
                self._store.write(lambda session: note(session, self._clock.now(), "stopped", about)), "outbox: note"
            )
        self._conclude(lane, row, Fate(row.id, "waiting", reason, tries=row.tries, parts=done))

    def _back_off(self, tries: int) -> float:
        """Seconds to wait after so many failures: doubling up to five minutes, shortened by chance up to half."""
        return min(BACK_OFF_MOST, 2.0 ** min(tries, 10)) * (0.5 + 0.5 * self._chance())

    # ---------------------------------------------------------------- writing down what came of it

    def _hold(self, lane: Lane, row: Due, fate: Fate, seconds: float) -> None:
        """Back to waiting. It is read anew when its time comes: it may have been called off by then."""
        lane.hold(row, seconds)
        self._conclude(lane, row, fate)

    def _conclude(self, lane: Lane, row: Due, fate: Fate) -> None:
        self._marks.conclude(lane, row, fate)
        lane.finished(row)

    def _marked(self, ended: Sequence[Ended], lost: Sequence[Lost], moved: Sequence[int]) -> None:
        """Marks are committed: what they were about is forgotten here, and there is room for more."""
        low: set[str] = set()
        for lane, row, _what in (*ended, *lost):
            self._looking.settled(row.id)
            lane.forget(row.id)
            low.add(lane.channel.name)
        for lane, row, _failed in lost:
            lane.drop(row.address_id)
            lane.finished(row)
        self._looking.sweep(name for name in low if self.lanes[name].open and self._looking.runs_low(self.lanes[name]))
        self.wake(moved)
