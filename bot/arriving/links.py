"""What the payload of a deep link opens: a listing, a call, a town, or what a one-time code grants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.numbers import number
from bot.arriving.public_codes import asked
from conversations.blocks import OPENS
from conversations.offers.find import in_town
from conversations.steps import Json
from handlers.channel import Arrival
from models.asking.club import is_club
from models.campaigns.subscription import TOPICS
from models.caring.answer import AnswerCard
from models.code import code_hash
from models.offers.announcement import Announcement
from models.offers.listing import Listing
from models.offers.programme import Site, Town
from models.who.people import OneTimeCode

Opening = tuple[str, Mapping[str, Json]]
"""A conversation and what it is seeded with."""

BY_PURPOSE: dict[str, str] = {
    "guardian": "guardian",
    "staff": "join_staff",
    "address": "link_address",
    "mandate": "mandate",
    "leader": "join_leader",
}
"""Which conversation redeems a one-time code: it is seeded with {"code": the code as it came}."""

_START = re.compile(r"/start\s+(\S{1,64})", re.IGNORECASE)

LOOK = "l."
"""How the payload of a button begins that opens a listing for everybody: its code follows."""


END = "e."
"""How the payload of a button begins that ends a subscription of whoever taps it: the topic follows."""
REMIND = "r."
"""How the payload of a button begins that plans a reminder of something announced: its number follows."""
WEEK = "k."
"""The payload of the button that shows what is on in the next seven days."""
COMMON = (LOOK, END, REMIND, WEEK)
"""Buttons that are the same for everybody, so that one message can be written to many."""


def common(session: Session, tap: str) -> Opening | None:
    """What a button that is the same for everybody opens; None for one that leads nowhere any more.

    Behind a listing's code may stand the number of the broadcast that it was in, after a dot.
    """
    kind, rest = tap[:2], tap[2:]
    if kind == LOOK:
        return published(session, rest.partition(".")[0])
    if kind == END:
        return ("unsubscribe", {"topic": rest}) if rest in TOPICS else None
    if kind == WEEK:
        return "find", {"words": "week"}
    event = number(rest)
    known = session.get(Announcement, event)
    return ("event", {"event": str(event), "go": "remind"}) if known is not None else None


def published(session: Session, listing_code: str) -> Opening | None:
    """The conversation that shows a listing by its code; None where there is none."""
    listing = session.scalars(select(Listing).where(Listing.code == listing_code[:64])).first()
    if listing is None:
        return asked(session, listing_code)
    return ("club" if is_club(session, listing.id) else OPENS[listing.block]), {"listing": listing.id}


def with_link(arrival: Arrival) -> Arrival:
    """An arrival as it came, or as opened by a link: "/start CODE" is that on every channel, also where it is typed."""
    typed = _START.fullmatch(arrival.heard.text.strip()) if arrival.event == "heard" else None
    if typed is None or arrival.heard.attachment is not None:
        return arrival
    return replace(arrival, event="opened", link=typed[1], heard=replace(arrival.heard, text=""))


def resolve(session: Session, payload: str) -> Opening | None:
    """The conversation that a payload opens, or None for one that means nothing (any more)."""
    payload = payload.strip()
    if not payload or len(payload) > 64:
        return None
    listing = published(session, payload)
    if listing is not None:
        return listing
    town = session.scalars(select(Town.id).where(Town.code == payload)).first()
    if town is not None:
        return "find", in_town(town)
    public = _in_the_book(session, payload)
    if public is not None:
        return public
    code = session.scalars(select(OneTimeCode).where(OneTimeCode.hash == code_hash(payload))).first()
    if code is not None and code.purpose in BY_PURPOSE:
        return BY_PURPOSE[code.purpose], {"code": payload}
    return None


def _in_the_book(session: Session, code: str) -> Opening | None:
    """What the code of an answer, of an announcement or of a place opens."""
    in_book = select(AnswerCard).where(AnswerCard.code == code[:32], AnswerCard.retired_at.is_(None))
    card = session.scalars(in_book).first()
    if card is not None:
        return "help", {"where": "answers", "topic": card.topic, "card": str(card.id)}
    event = session.scalars(select(Announcement.id).where(Announcement.code == code[:32])).first()
    if event is not None:
        return "event", {"event": str(event)}
    site = session.scalars(select(Site.id).where(Site.code == code[:32])).first()
    return ("place", {"site": str(site)}) if site is not None else None
