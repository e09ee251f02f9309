"""The professionals of the sample programme: invented people with invented hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Database

from models.offers.listing import Listing
from models.offers.programme import Site
from models.visits.opening import spans_of
from models.visits.professional import AppointmentRules, ProfessionalService, engage, set_hours


def add_rules(database: Database, listing: Listing, rules: Mapping[str, Any]) -> None:
    """How appointments of a listing are given."""
    database.add(AppointmentRules(listing_id=listing.id, **rules))
    database.flush()


def add_professionals(
    database: Database,
    now: datetime,
    rows: list[Mapping[str, Any]],
    listings: Mapping[str, Listing],
    sites: Mapping[str, Site],
) -> None:
    """Add each of them with their hours at every site, and all that they give appointments for."""
    for row in rows:
        first, *others = (listings[code] for code in row["listings"])
        made = engage(
            database,
            now,
            first,
            called=row["called"],
            profession=row["profession"],
            gender=row["gender"],
            languages=row["languages"],
            invented=True,
        )
        database.add_all(ProfessionalService(professional_id=made.id, listing_id=other.id) for other in others)
        for at in row["hours"]:
            hours = spans_of([(at["opens"], at["closes"])])
            set_hours(database, made.id, sites[at["site"]].id, dict.fromkeys(at["days"], hours))
