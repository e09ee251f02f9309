"""Before a school year of which no break is known: staff with meetings in that country are asked for them, once."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.doing import Doing
from bot.times.school_breaks import knows, school_year, written
from conversations.staff import notices
from models.house import Remembered, remember
from models.offers.listing import Listing
from models.offers.programme import Site, Town
from models.who.staff import team_of

ASKED_FROM = 8
"""The month from which the breaks of the year that begins in September are asked for."""


def ask_for_breaks(doing: Doing) -> int:
    """A standing job: once for each organisation, country and school year. Returns how many people were asked."""
    today = doing.now.astimezone(ZoneInfo(doing.rules.zone)).date()
    year = school_year(date(today.year, 9, 1)) if today.month >= ASKED_FROM else school_year(today)
    wanted = {f"breaks:{who}:{country}:{year}": (who, country) for who, country in _with_meetings(doing)}
    before = set(doing.session.scalars(select(Remembered.name).where(Remembered.name.in_(wanted))))
    asked = 0
    for name, (organisation_id, country) in wanted.items():
        if name in before or knows(doing.session, organisation_id, country, year):
            continue
        team = team_of(doing.session, organisation_id)
        if not team:
            continue
        remember(doing.session, name, doing.now.isoformat())
        for staff_id in team:
            button = doing.button(staff_id, notices.ENTER_BREAKS, "breaks", {})
            doing.tell(staff_id, notices.breaks_wanted(written(year), button), "digest")
            asked += 1
    return asked


def _with_meetings(doing: Doing) -> list[tuple[int, str]]:
    """Organisations with open listings of meetings, and the countries of these."""
    rows = (
        select(Listing.organisation_id, Town.country)
        .select_from(Listing)
        .outerjoin(Site, Site.id == Listing.site_id)
        .join(Town, Town.id == func.coalesce(Listing.town_id, Site.town_id))
        .where(Listing.state == "open", Listing.block == "OFF")
        .distinct()
        .order_by(Listing.organisation_id, Town.country)
    )
    return [(row[0], row[1]) for row in doing.session.execute(rows)]
