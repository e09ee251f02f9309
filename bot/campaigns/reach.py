"""Counting what was reached: by the house's own day, without who it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.arriving.links import LOOK, REMIND
from bot.arriving.numbers import number
from bot.doing import Doing
from bot.telling import Rules
from conversations.steps import Json
from models.campaigns import reach
from models.campaigns.broadcast import Broadcast
from models.offers.announcement import Announcement


def count(session: Session, now: datetime, rules: Rules, kind: str, about_id: int, what: str) -> None:
    """Count one more today (in the house's zone)."""
    reach.count(session, now.astimezone(ZoneInfo(rules.zone)).date(), kind, about_id, what)


def count_tap(doing: Doing, tap: str) -> None:
    """Count a tap on a button that is the same for everybody: for the message it was in, or what it reminds of."""
    about = number(tap.partition(".")[2].partition(".")[2] if tap.startswith(LOOK) else tap.removeprefix(REMIND))
    table = Broadcast if tap.startswith(LOOK) else Announcement
    if doing.session.get(table, about) is not None:
        kind = "broadcast" if tap.startswith(LOOK) else "event"
        count(doing.session, doing.now, doing.rules, kind, about, "tapped")


def count_link(doing: Doing, conversation: str, seed: Mapping[str, Json]) -> None:
    """Count what a link led to in the chat: something published or announced. Answers and places count themselves."""
    if conversation in ("offer", "call") and "listing" in seed:
        count(doing.session, doing.now, doing.rules, "listing", int(seed["listing"]), "chat")
    elif conversation == "event" and "go" not in seed:
        count(doing.session, doing.now, doing.rules, "event", int(seed["event"]), "chat")
