"""The reminder tick: what is due is put into words and into the outbox, once; what is too late is marked so."""

from __future__ import annotations

import time as clockwork
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.doing import Doing
from bot.reminding import COMPOSERS
from bot.reminding.composing import Composed, Missed
from bot.running.logs import log
from bot.running.metrics import Metrics
from bot.store import Store, database_is_away
from bot.switchboard import Wakes
from bot.telling import Rules, after_quiet, best_address, zone_of
from conversations.merging import TOGETHER_MOST, can_merge, together
from models.messages.reminder import Reminder
from models.messages.sending import note
from models.who.people import Person

BATCH = 50
"""Reminders composed in one transaction: turns of people wait no longer than for these."""
MOST = 500
"""The most reminders of one tick."""
LATE = timedelta(minutes=15)
"""From here on a reminder was found late: it is left to the next one, if that comes within the hour."""
SOON = timedelta(hours=1)
_PLANNED = text("reminder.state = 'planned'")
"""The condition of the partial index, word for word: with a bound value neither database would use it."""

Composers = Mapping[str, Callable[[Doing, Reminder], Composed | Missed]]
_Ready = tuple[Reminder, Composed]


@dataclass(frozen=True, slots=True)
class Fired:
    """What a round did: messages to send, and how many rows it dealt with."""

    outgoing: tuple[int, ...] = ()
    seen: int = 0
    missed: int = 0


def fire(
    session: Session, now: datetime, rules: Rules, composers: Composers = COMPOSERS, *, most: int = BATCH
) -> Fired:
    """Deal with the reminders that are due, in the caller's transaction: each gets words, a later time, or a reason.

    A clock that jumps back finds nothing planned twice. After a jump forward only the last of several
    reminders about the same thing is sent, and only if it still helps.
    """
    due = session.scalars(
        select(Reminder)
        .where(_PLANNED, Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    return _fire(session, now, rules, composers, due)


def next_due(session: Session) -> datetime | None:
    """When the next reminder is due: where the stage's clock must stop on its way."""
    return session.scalars(select(Reminder.due_at).where(_PLANNED).order_by(Reminder.due_at).limit(1)).first()


def _fire(session: Session, now: datetime, rules: Rules, composers: Composers, due: Sequence[Reminder]) -> Fired:
    doing = Doing(session, now, rules)
    if rules.tariffs and due:
        due = [*due, *_of_the_same_people(session, now, due)]
    costly: dict[int, list[_Ready]] = {}
    missed = 0
    for reminder in due:
        reason = _superseded(session, now, reminder, due) or _put(doing, composers, reminder, costly)
        if reason:
            reminder.state, reminder.reason = "missed", reason[:64]
            missed += 1
    for waiting in costly.values():
        missed += _say_together(doing, waiting)
    session.flush()
    return Fired(tuple(doing.outgoing), len(due), missed)


def _of_the_same_people(session: Session, now: datetime, due: Sequence[Reminder]) -> Sequence[Reminder]:
    """What else is due for those people: where a message costs, it is said in the same one."""
    return session.scalars(
        select(Reminder)
        .where(
            _PLANNED,
            Reminder.due_at <= now,
            Reminder.recipient_id.in_({one.recipient_id for one in due}),
            Reminder.id.not_in([one.id for one in due]),
        )
        .order_by(Reminder.due_at, Reminder.id)
        .with_for_update(skip_locked=True)
    ).all()


def _say_together(doing: Doing, waiting: Sequence[_Ready]) -> int:
    """The reminders of one person in as few messages as can be. Returns how many of them are missed."""
    missed = 0
    for start in range(0, len(waiting), TOGETHER_MOST):
        some = waiting[start : start + TOGETHER_MOST]
        first = some[0][0]
        written = doing.tell(
            first.recipient_id,
            together([composed.say for _reminder, composed in some]),
            "reminder",
            expires_at=min(composed.expires_at for _reminder, composed in some),
            reminder_id=first.id,
        )
        for reminder, _composed in some:
            reminder.said_with_id = first.id if reminder is not first and written is not None else None
            if written is None:
                reminder.state, reminder.reason = "missed", "they cannot be reached"
                missed += 1
    return missed


def _put(doing: Doing, composers: Composers, reminder: Reminder, costly: dict[int, list[_Ready]]) -> str:
    """Put one reminder into the outbox, or off to the morning. Returns why it is missed, or "".

    What would cost money is gathered in `costly` instead, by the person.
    """
    person = doing.session.get(Person, reminder.recipient_id)
    if person is None or person.erased_at is not None or person.stopped_at is not None:
        return "they want no messages"
    opens = after_quiet(doing.now, zone_of(doing.session, person, doing.rules), doing.rules)
    if opens > doing.now:
        reminder.due_at = opens
        return ""
    composed = composers[reminder.about](doing, reminder)
    if isinstance(composed, Missed):
        return composed.reason or "it would not help any more"
    if composed.expires_at <= doing.now:
        return "too late"
    if doing.rules.tariffs and can_merge(composed.say) and _costs(doing, reminder.recipient_id):
        costly.setdefault(reminder.recipient_id, []).append((reminder, composed))
        reminder.state = "queued"
        return ""
    written = doing.tell(
        reminder.recipient_id, composed.say, "reminder", expires_at=composed.expires_at, reminder_id=reminder.id
    )
    if written is None:
        return "they cannot be reached"
    reminder.state = "queued"
    return ""


def _costs(doing: Doing, person_id: int) -> bool:
    """Whether a message to somebody costs money now."""
    place = best_address(doing.session, person_id, doing.now, doing.rules.tariffs)
    return place is not None and place.costs


def _superseded(session: Session, now: datetime, reminder: Reminder, due: Sequence[Reminder]) -> str:
    """Why another reminder about the same thing to the same person stands for this one; "" if none does."""
    if now - reminder.due_at <= LATE:
        return ""
    later = [other for other in due if _same(other, reminder) and other.due_at > reminder.due_at]
    if later:
        return "a later one stands for it"
    coming = session.scalars(
        select(Reminder.id)
        .where(
            Reminder.about == reminder.about,
            Reminder.about_id == reminder.about_id,
            Reminder.session_id == reminder.session_id,
            Reminder.recipient_id == reminder.recipient_id,
            Reminder.id != reminder.id,
            Reminder.due_at > reminder.due_at,
            Reminder.due_at <= now + SOON,
            _PLANNED,
        )
        .limit(1)
    ).first()
    return "the next one comes within the hour" if coming is not None else ""


def _same(one: Reminder, other: Reminder) -> bool:
    return all(
        getattr(one, name) == getattr(other, name) for name in ("about", "about_id", "session_id", "recipient_id")
    )


class Ticker:
    """Runs `fire` every second, in small transactions, and finds the one reminder that cannot be composed."""

    def __init__(
        self,
        store: Store,
        outbox: Wakes,
        clock: Clock,
        rules: Rules,
        *,
        composers: Composers = COMPOSERS,
        metrics: Metrics | None = None,
        time: Callable[[], float] = clockwork.monotonic,
    ) -> None:
        self._store, self._outbox, self._clock, self._rules = store, outbox, clock, rules
        self._composers = composers
        self._metrics = metrics or Metrics()
        self._time = time
        self.ticked_at: float | None = None
        """When the last round ended, in seconds of `time`; None before the first."""

    async def tick(self) -> int:
        """One round. Returns how many reminders it dealt with. Raises what the database raises."""
        began, seen = self._time(), 0
        while seen < MOST:
            fired = await self._batch()
            self._outbox.wake(fired.outgoing)
            seen += fired.seen
            self._metrics.reminders.labels("queued").inc(len(fired.outgoing))
            self._metrics.reminders.labels("missed").inc(fired.missed)
            if fired.seen < BATCH:
                break
        self.ticked_at = self._time()
        self._metrics.ticks.observe(self.ticked_at - began)
        return seen

    async def _batch(self) -> Fired:
        now = self._clock.now()
        try:
            return await self._store.write(lambda session: fire(session, now, self._rules, self._composers))
        except Exception as error:
            if database_is_away(error):
                raise
            log.error("a batch of reminders failed, taking them one by one", exc_info=error)
            return await self._one_by_one(now)

    async def _one_by_one(self, now: datetime) -> Fired:
        """As a batch, each in its own transaction: one that cannot be put into words takes nobody else's along."""
        outgoing: list[int] = []
        seen = missed = 0
        for _count in range(BATCH):
            try:
                fired = await self._store.write(
                    lambda session: fire(session, now, self._rules, self._composers, most=1)
                )
            except Exception as error:
                if database_is_away(error):
                    raise
                log.error("a reminder cannot be put into words", exc_info=error)
                await self._store.write(partial(_give_up_first, now=now, reason=type(error).__name__))
                fired = Fired(seen=1, missed=1)
            outgoing.extend(fired.outgoing)
            seen, missed = seen + fired.seen, missed + fired.missed
            if not fired.seen:
                break
        return Fired(tuple(outgoing), max(seen, 1), missed)


def _give_up_first(session: Session, now: datetime, reason: str) -> None:
    """Mark the first reminder that is due as missed, and tell staff."""
    first = session.scalars(
        select(Reminder.id)
        .where(_PLANNED, Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if first is not None:
        session.execute(update(Reminder).where(Reminder.id == first).values(state="missed", reason=reason[:64]))
        note(session, now, "reminder", f"a reminder could not be put into words: {reason}")
