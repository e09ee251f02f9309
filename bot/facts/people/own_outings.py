"""What is held about a person around trips and buddies, as plain data: a part of what "my data" hands over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from models.offers.listing import Listing, Session
from models.outings.buddy import BuddyPair, BuddyWish
from models.outings.trip import TripConsent
from models.who.people import Person


def outings(session: Database, person: Person) -> dict[str, Any]:
    """Yeses to trips, for them and by them, and wishes for buddies. All times in UTC."""
    consents = session.execute(
        select(TripConsent, Listing.title, Session.starts_at)
        .join(Session, Session.id == TripConsent.session_id)
        .join(Listing, Listing.id == Session.listing_id)
        .where(or_(TripConsent.child_id == person.id, TripConsent.guardian_id == person.id))
        .order_by(TripConsent.id)
    )
    wishes = session.execute(
        select(BuddyWish, Listing.title)
        .join(Listing, Listing.id == BuddyWish.listing_id)
        .where(BuddyWish.person_id == person.id)
        .order_by(BuddyWish.at)
    )
    pairs = session.scalars(
        select(BuddyPair)
        .where(or_(BuddyPair.wants_id == person.id, BuddyPair.is_id == person.id))
        .order_by(BuddyPair.id)
    )
    return {
        "trips": [
            {
                "title": title,
                "starts_at": starts.isoformat(),
                "for": "me" if row.child_id == person.id else "child",
                "method": row.method,
                "given_at": row.given_at.isoformat(),
                "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            }
            for row, title, starts in consents
        ],
        "buddy_wishes": [{"title": title, "wish": row.wish, "at": row.at.isoformat()} for row, title in wishes],
        "buddies": [
            {
                "my_answer": row.wants_says if row.wants_id == person.id else row.is_says,
                "proposed_at": row.at.isoformat(),
                "told_at": row.told_at.isoformat() if row.told_at else None,
            }
            for row in pairs
        ],
    }
