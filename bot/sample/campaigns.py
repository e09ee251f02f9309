"""The part of the sample programme that is for everybody: materials, hours of places, an announcement."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from models.caring.answer import AnswerCard
from models.offers.announcement import Announcement
from models.offers.closures import Opening
from models.offers.programme import Organisation, Site, Town

REVIEW = timedelta(days=180)


def load_campaigns(database: Database, now: datetime, organisations: Mapping[str, Organisation]) -> None:
    """Add them, for organisations that are there by code. `now` is UTC."""
    read = tomllib.loads((Path(__file__).parent / "campaigns.toml").read_text(encoding="utf-8"))
    sites = {site.code: site for site in database.scalars(select(Site))}
    towns = {town.code: town for town in database.scalars(select(Town))}
    for row in read["card"]:
        kept_by = organisations[row["organisation"]].id
        card = {key: value for key, value in row.items() if key != "organisation"}
        database.add(AnswerCard(**card, organisation_id=kept_by, review_on=(now + REVIEW).date()))
    for row in read["opening"]:
        hours = {str(day): row["hours"] for day in row["weekdays"]}
        database.add(Opening(site_id=sites[row["site"]].id, hours=hours, bus=row["bus"], on_holidays=False))
    for row in read["announcement"]:
        zone = towns[row["town"]].zone
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=row["days"])
        hour, minute = (int(part) for part in row["at"].split(":"))
        database.add(
            Announcement(
                code=row["code"],
                organisation_id=organisations[row["organisation"]].id,
                topic=row["topic"],
                title=row["title"],
                place=row["place"],
                starts_at=datetime.combine(day, time(hour, minute), ZoneInfo(zone)),
                zone=zone,
                created_at=now,
            )
        )
    database.flush()
