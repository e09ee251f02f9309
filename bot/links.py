"""What the payload of a deep link opens: a listing, a call, a town, or what a one-time code grants."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.offers.find import in_town
from conversations.script import Json
from models.code import code_hash
from models.listing import Listing
from models.people import OneTimeCode
from models.programme import Town

Opening = tuple[str, Mapping[str, Json]]
"""A conversation and what it is seeded with."""

BY_PURPOSE: dict[str, str] = {
    "guardian": "guardian",
    "staff": "join_staff",
    "address": "link_address",
    "mandate": "mandate",
}
"""Which conversation redeems a one-time code: it is seeded with {"code": the code as it came}."""


LOOK = "l."
"""How the payload of a button begins that opens a listing for everybody: its code follows."""


def published(session: Session, listing_code: str) -> Opening | None:
    """The conversation that shows a listing by its code; None where there is none."""
    listing = session.scalars(select(Listing).where(Listing.code == listing_code[:64])).first()
    if listing is None:
        return None
    return ("offer" if listing.block == "OFF" else "call"), {"listing": listing.id}


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
    code = session.scalars(select(OneTimeCode).where(OneTimeCode.hash == code_hash(payload))).first()
    if code is not None and code.purpose in BY_PURPOSE:
        return BY_PURPOSE[code.purpose], {"code": payload}
    return None
