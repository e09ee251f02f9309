"""One listing at several sites: in which towns its sessions are held, and the next one in a town."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.offers.programme import Site


def towns_of_sessions(session: Session, listing_id: int) -> Sequence[int]:
    """The towns in which planned sessions of a listing are held, by their ids."""
    wanted = select(Site.town_id).join(Meeting, Meeting.site_id == Site.id)
    planned = wanted.where(Meeting.listing_id == listing_id, Meeting.state == "planned")
    return session.scalars(planned.distinct().order_by(Site.town_id)).all()


def next_in_town(session: Session, now: datetime, listing_id: int, town_id: int) -> Meeting | None:
    """The next session of a listing at a site of a town; None where there is none to come."""
    wanted = select(Meeting).join(Site, Site.id == Meeting.site_id)
    to_come = wanted.where(
        Meeting.listing_id == listing_id,
        Meeting.state == "planned",
        Meeting.starts_at > now,
        Site.town_id == town_id,
    )
    return session.scalars(to_come.order_by(Meeting.starts_at, Meeting.id).limit(1)).first()
