"""The index made anew, in portions, after an upgrade to a version of the program that indexes otherwise."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.searching.search_index import index_listing
from models.house import recall, remember
from models.offers.listing import Listing

INDEX = "2"
"""What the index is made by. To be raised with every change of what listings are found by, or of which of their words
are kept in the vocabulary. 2: words of two consonants are kept ("CV")."""
REMEMBERED = "search_index"
"""The name under which that is remembered: "2", or "2:1500" while it is being made and has come to listing 1500."""
PORTION = 5
"""Listings of one transaction: some 30 ms, for which the turns of others wait."""


def is_old(session: Session) -> bool:
    """True if the index was made by another version of the program, or not to its end."""
    return recall(session, REMEMBERED) != INDEX


def mark(session: Session) -> None:
    """Whoever fills an empty database has indexed all of it."""
    remember(session, REMEMBERED, INDEX)


def step(session: Session, portion: int = PORTION) -> bool:
    """Index the next listings anew. False once all of them are, and for good."""
    made, _, last = (recall(session, REMEMBERED) or "").partition(":")
    if made == INDEX and not last:
        return False
    after = int(last) if made == INDEX else 0
    wanted = select(Listing.id).where(Listing.id > after).order_by(Listing.id).limit(portion)
    ids = session.scalars(wanted.with_for_update()).all()
    for listing_id in ids:
        index_listing(session, listing_id)
    remember(session, REMEMBERED, f"{INDEX}:{ids[-1]}" if len(ids) == portion else INDEX)
    return len(ids) == portion
