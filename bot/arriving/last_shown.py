"""What somebody saw last that they had not asked for: a reminder, an offer. Numbers count in it, and words name it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from bot.arriving.links import LOOK
from bot.language.fold import fold
from bot.sending import envelope
from conversations.engine.shown import numbered, ways_of
from conversations.engine.state import Way
from conversations.standing import StandingAction
from models.messages.conversation import Standing, Talk
from models.messages.message import Outgoing
from models.messages.sending import OPEN
from models.prepared import Prepared

LOOKED_THROUGH = 8
"""How many of the newest messages are looked through for buttons."""
YES_NO = {"yes", "no"}
_NEWEST = Prepared(
    lambda _dialect: (
        select(Outgoing.kind, Outgoing.body, Outgoing.created_at, Outgoing.sent_at, Talk.changed_at)
        .join(Talk, Talk.address_id == Outgoing.address_id)
        .where(Outgoing.address_id == bindparam("address"))
        .where(or_(Outgoing.sent_at > Talk.changed_at, and_(OPEN, Outgoing.kind == "reply")))
        .order_by(Outgoing.sent_at.desc().nulls_first(), Outgoing.id.desc())
        .limit(LOOKED_THROUGH)
    )
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came unasked: the payloads that digits count in the newest message with buttons, and every label."""

    taps: tuple[str, ...]
    ways: tuple[Way, ...]


def shown_since(session: Session, address_id: int) -> Came | None:
    """What was shown with buttons at an address after its last turn.

    None where nothing came since, or where the replies of that turn are what is seen last.
    """
    found = _NEWEST.run(session, address=address_id)
    taps: tuple[str, ...] | None = None
    ways: list[Way] = []
    for kind, body, created_at, sent_at, changed_at in found:
        if kind == "reply" and created_at <= changed_at:
            break
        if sent_at is None or created_at == changed_at or not body:
            continue
        message = envelope.from_json(body)
        buttons = (*(button for card in message.cards for button in card.buttons), *message.buttons)
        if buttons:
            named = ways_of(buttons, message.text)
            ways.extend(named if taps is not None else _agreed(named))
            taps = numbered(buttons) if taps is None else taps
    return Came(taps, tuple(ways)) if taps is not None else None


def _agreed(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """The ways of the newest message: who says yes to one that leads to one thing only wants to look at it."""
    return (replace(ways[0], says="yes"),) if len(ways) == 1 and ways[0].tap.startswith(LOOK) else ways


def still_good(
    session: Session, now: datetime, actions: Mapping[str, StandingAction], ways: Iterable[Way], word: str = ""
) -> tuple[Way, ...]:
    """The same without what has had its time, and only once what does the same: of two reminders of one session the
    newer one. `word` is the global word that was written, if it is one: it says what some ways are for.
    """
    every = list(ways)
    tokens = [way.tap[2:] for way in every if way.tap.startswith("s.")]
    if not tokens or (not word and not _alike(every)):
        return tuple(every)
    rows = {row.token: row for row in session.scalars(select(Standing).where(Standing.token.in_(tokens)))}
    good: dict[str, Way] = {}
    asking: dict[str, set[str]] = {}
    for way in every:
        row = rows.get(way.tap[2:]) if way.tap.startswith("s.") else None
        if row is None:
            if not way.tap.startswith("s."):
                good[way.tap] = way
                asking.setdefault(way.about, set()).update(YES_NO if way.says in YES_NO else ())
            continue
        action = actions.get(row.action)
        if action is None or row.expires_at <= now or (action.single_use and row.used_at is not None):
            continue
        does = json.dumps([fold(way.label), row.action, row.about], sort_keys=True)
        asked = way.says == word  # "did you mean ...?"
        good.setdefault(does, way if asked else replace(way, says=word if word in action.words else ""))
        if asked:
            asking.setdefault(way.about, set()).update(YES_NO)
        asking.setdefault(way.about, set()).update(action.words)
    return tuple(
        replace(way, says="") if way.says in YES_NO and not asking[way.about] >= YES_NO else way
        for way in good.values()
    )


def _alike(ways: list[Way]) -> bool:
    """True where two have the same label."""
    return len({fold(way.label) for way in ways}) < len(ways)
