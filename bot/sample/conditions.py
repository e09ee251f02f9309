"""Conditions of sample listings, and the institutions for which professionals come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session as Database

from models.offers.listing import Listing
from models.offers.programme import Town
from models.places.quota import Institution, Quota


def add_institutions(database: Database, rows: Iterable[Mapping[str, Any]], towns: Mapping[str, Town]) -> None:
    """Add the institutions of the file."""
    database.add_all(Institution(code=row["code"], name=row["name"], town_id=towns[row["town"]].id) for row in rows)
    database.flush()


def add_conditions(
    database: Database,
    listing: Listing,
    given: Mapping[str, Any],
    towns: Mapping[str, Town],
    listings: Mapping[str, Listing],
) -> None:
    """Set the conditions of a sample listing; `after` names one that stands before it in the file."""
    listing.audience = given.get("audience", "all")
    listing.least = given.get("least", 0)
    listing.checked = given.get("checked", False)
    listing.drop_in = given.get("drop_in", False)
    listing.after_id = listings[given["after"]].id if "after" in given else None
    for town, places in given.get("quotas", {}).items():
        database.add(Quota(listing_id=listing.id, town_id=towns[town].id, places=places))
    database.flush()
