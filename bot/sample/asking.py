"""The sample's clubs and boxes."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.asking.box import Box
from models.asking.club import Club
from models.offers.listing import Listing
from models.offers.programme import Organisation, Town

FILE = Path(__file__).parent / "boxes.toml"


def add_asking(database: Session, now: datetime) -> None:
    """Boxes for questions and stories, and the listings that are clubs. The listings are there already."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    listings = {row.code: row for row in database.scalars(select(Listing))}
    organisations = {row.code: row.id for row in database.scalars(select(Organisation))}
    towns = {row.code: row.id for row in database.scalars(select(Town))}
    database.add_all(Club(listing_id=listings[row["listing"]].id) for row in found["club"])
    for row in found["box"]:
        listing = listings[row["listing"]] if "listing" in row else None
        database.add(
            Box(
                code=row["code"],
                organisation_id=listing.organisation_id if listing else organisations[row["organisation"]],
                listing_id=listing.id if listing else None,
                town_id=listing.town_id if listing else towns[row["town"]],
                kind=row["kind"],
                title=row["title"],
                intro=row["intro"],
                created_at=now,
            )
        )
    database.flush()
