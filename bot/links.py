"""What the payload of a deep link opens: a listing, a call, or what a one-time code grants."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.script import Json
from models.code import code_hash
from models.listing import Listing
from models.people import OneTimeCode

Opening = tuple[str, Mapping[str, Json]]
"""A conversation and what it is seeded with."""

BY_PURPOSE: dict[str, str] = {"guardian": "guardian", "staff": "join_staff", "address": "link_address"}
"""Which conversation redeems a one-time code: it is seeded with {"code": the code as it came}."""


def resolve(session: Session, payload: str) -> Opening | None:
    """The conversation that a payload opens, or None for one that means nothing (any more)."""
    payload = payload.strip()
    if not payload or len(payload) > 64:
        return None
    listing = session.scalars(select(Listing).where(Listing.code == payload)).first()
    if listing is not None:
        return ("offer" if listing.block == "OFF" else "call"), {"listing": listing.id}
    code = session.scalars(select(OneTimeCode).where(OneTimeCode.hash == code_hash(payload))).first()
    if code is not None and code.purpose in BY_PURPOSE:
        return BY_PURPOSE[code.purpose], {"code": payload}
    return None
