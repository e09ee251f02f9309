"""Seats of the sample programme: when they are open, how long a turn is, how often each person may come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.resources import resource
from models.visits.opening import spans_of


def add_seats(database: Session, listing: Listing, row: Mapping[str, Any]) -> None:
    """Make a listing bookable by the slot: `days` are weekdays (0 is Monday), `opens` and `closes` wall times there."""
    listing.remind_minutes = [120]
    spans = spans_of([(row["opens"], row["closes"])])
    resource.add(
        database,
        listing,
        week=dict.fromkeys(row["days"], spans),
        slot_minutes=row["minutes"],
        week_slots=row["week_slots"],
        week_pages=row["week_pages"],
    )
