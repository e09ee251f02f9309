"""Facts about days on which a professional works otherwise, for whoever may keep their calendar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.offering import visiting
from bot.offering.describing import noon
from conversations.facts.appointments import Exceptional
from conversations.speech import Words
from models.visits import exceptions
from models.visits.professional import sites_of


def places(session: Session, professional_id: int) -> tuple[tuple[int, Words], ...]:
    """Where a professional works."""
    return tuple((site, visiting.place_of_site(session, site)) for site in sites_of(session, professional_id))


def coming(session: Session, now: datetime, professional_id: int, zone: str) -> tuple[Exceptional, ...]:
    """Hours off and extra hours to come. `now` is UTC, `zone` the professional's."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return tuple(
        Exceptional(
            exception_id=row.id,
            day=row.day.isoformat(),
            when=noon(row.day, zone),
            off=row.kind == "off",
            span=(row.from_minute, row.until_minute),
            place=visiting.place_of_site(session, row.site_id) if row.site_id is not None else Words(),
        )
        for row in exceptions.to_come(session, professional_id, today)
    )
