"""The one way to write to somebody: their channel, their language, and every rule on when they may be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert
from sqlalchemy.orm import Session

from bot.language.tongue import spoken, tongue
from bot.sending import envelope
from conversations.speech import Say, Spoken
from models.messages.message import RANKS, Outgoing
from models.messages.money import Tariff, Tariffs
from models.messages.reminder import Earlier
from models.messages.sending import Due
from models.offers.programme import Town
from models.prepared import Prepared
from models.who.people import Person
from models.who.reaching import Place, places

ANSWERS = frozenset({"reply", "confirmation", "safety"})
"""Classes that answer what somebody did: they are never held back."""


_GIVEN = (
    "address_id", "kind", "rank", "body", "edits", "due_at", "expires_at", "created_at", "reminder_id", "broadcast_id",
    "listing_id",
)  # fmt: skip
_QUEUE = Prepared(
    lambda _dialect: (
        insert(Outgoing)
        .values(**{name: bindparam(name) for name in _GIVEN}, state="waiting", tries=0, parts=0, reason="", shown_id="")
        .returning(Outgoing.id)
    )
)


@dataclass(frozen=True, slots=True)
class Rules:
    """When people may be written to unasked. Hours are at the person's own town, else in `zone`."""

    zone: str = "Europe/Belgrade"
    quiet_from: int = 20
    quiet_until: int = 8
    sunday_until: int = 10
    digest_day: int = 6
    digest_hour: int = 17
    """When weekly digests go out: day of the week (0 = Monday) and hour, in `zone`."""
    default_tag: str = "sr-Latn"
    links: tuple[tuple[str, str], ...] = ()
    """Deep links: the name of each channel that has them, and what a code is appended to."""
    landing: str = ""
    """What a public code is appended to for the landing page; on this computer alone without a public address."""
    privacy_url: str = ""
    """Where the full privacy page is, with a public address."""
    tariffs: tuple[Tariff, ...] = ()
    """The channels on which messages cost money, and what: nothing here means that all is free."""
    safety_minutes: int = 15
    """After so many minutes the next one is asked to take a safety case (people.md part 9)."""
    ledger: str = ""
    """The file outside the database that remembers who was erased; "" keeps none (tests, the stage)."""


def tell(
    session: Session,
    now: datetime,
    rules: Rules,
    person_id: int,
    say: Say,
    kind: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    urgent: bool = False,
    reminder_id: int | None = None,
    broadcast_id: int | None = None,
    listing_id: int | None = None,
) -> int | None:
    """Write one message to a person's best address; quiet hours move it to the next morning.

    Returns its id, or None where the person is stopped, erased or cannot be reached.
    """
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return None
    if person.stopped_at is not None and kind not in ANSWERS:
        return None
    due = due_at or now
    if kind not in ANSWERS and not urgent:
        due = after_quiet(due, zone_of(session, person, rules), rules)
        if expires_at is not None and due >= expires_at:
            return None
    address = best_address(session, person_id, due, rules.tariffs)
    if address is None:
        return None
    message = spoken(say, tongue(person.tag))
    return queue(
        session,
        now,
        address.id,
        message,
        kind,
        due_at=due,
        expires_at=expires_at,
        reminder_id=reminder_id,
        broadcast_id=broadcast_id,
        listing_id=listing_id,
    )


def queue(
    session: Session,
    now: datetime,
    address_id: int,
    message: Spoken,
    kind: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    edits: str = "",
    reminder_id: int | None = None,
    broadcast_id: int | None = None,
    listing_id: int | None = None,
    drawn: Mapping[str, Any] | None = None,
) -> int:
    """Add a message to the outbox of an address and return its id.

    With `drawn` its document is empty so far: it is drawn to that order when it is sent (bot/posters/apart.py).
    """
    return _written(
        session,
        now,
        address_id,
        kind,
        envelope.to_json(message, drawn),
        due_at=due_at or now,
        expires_at=expires_at,
        edits=edits,
        reminder_id=reminder_id,
        broadcast_id=broadcast_id,
        listing_id=listing_id,
    )


def queued(
    session: Session, now: datetime, address_id: int, channel: str, external_id: str, message: Spoken, edits: str = ""
) -> Due:
    """Add a reply to the outbox of the address it answers; as the outbox would read it."""
    body = envelope.to_json(message)
    written = _written(session, now, address_id, "reply", body, due_at=now, edits=edits)
    return Due(written, address_id, channel, external_id, "reply", RANKS["reply"], body, edits, 0, 0, None, now)


def _written(
    session: Session,
    now: datetime,
    address_id: int,
    kind: str,
    body: dict[str, Any],
    *,
    due_at: datetime,
    expires_at: datetime | None = None,
    edits: str = "",
    reminder_id: int | None = None,
    broadcast_id: int | None = None,
    listing_id: int | None = None,
) -> int:
    """The id of a new row of the outbox."""
    session.flush()
    written = _QUEUE.run(
        session,
        address_id=address_id,
        kind=kind,
        rank=RANKS.get(kind, 2),
        body=body,
        edits=edits,
        due_at=due_at,
        expires_at=expires_at,
        created_at=now,
        reminder_id=reminder_id,
        broadcast_id=broadcast_id,
        listing_id=listing_id,
    )
    return int(written[0][0])


def best_address(session: Session, person_id: int, at: datetime, tariffs: Tariffs = ()) -> Place | None:
    """Where a person is reached best by a message that leaves `at` (UTC): see models/who/reaching.py."""
    theirs = places(session, [person_id], at, tariffs).get(person_id)
    return theirs[0] if theirs else None


def zone_of(session: Session, person: Person, rules: Rules) -> str:
    """The time zone that a person lives in."""
    if person.town_id is None:
        return rules.zone
    town = session.get(Town, person.town_id)
    return town.zone if town else rules.zone


def after_quiet(at: datetime, zone: str, rules: Rules) -> datetime:
    """The first instant from `at` on (UTC) that is outside the quiet hours of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    for _day in range(3):
        opens = rules.sunday_until if local.weekday() == 6 else rules.quiet_until
        if local.hour < opens:
            local = local.replace(hour=opens, minute=0, second=0, microsecond=0)
        elif local.hour >= rules.quiet_from:
            local = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            continue
        break
    return local.astimezone(at.tzinfo)


BEFORE_QUIET = timedelta(minutes=15)
"""What is moved to before the quiet hours keeps this distance, so that a slow minute does not push it into them."""


def earlier(rules: Rules) -> Earlier:
    """How reminders give way to quiet hours."""
    return lambda at, zone: before_quiet(at, zone, rules)


def before_quiet(at: datetime, zone: str, rules: Rules) -> datetime:
    """The last instant up to `at` (UTC) that is outside the quiet hours of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    for _day in range(3):
        opens = rules.sunday_until if local.weekday() == 6 else rules.quiet_until
        evening = local.replace(hour=rules.quiet_from, minute=0, second=0, microsecond=0, fold=0)
        if local.hour >= rules.quiet_from:
            local = evening - BEFORE_QUIET
        elif local.hour < opens:
            local = evening - timedelta(days=1) - BEFORE_QUIET
            continue
        break
    return local.astimezone(at.tzinfo)
