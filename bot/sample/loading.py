"""Loading the sample programme into an empty database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bot.sample.asking import add_asking
from bot.sample.calendars import add_professionals, add_rules
from bot.sample.campaigns import load_campaigns
from bot.sample.conditions import add_conditions, add_institutions
from bot.sample.rooms import add_seats
from bot.searching import reindexing
from bot.searching.search import index_listing
from conversations.blocks import WITH_DEADLINE
from models.caring.answer import AnswerCard, Hotline
from models.offers.listing import Listing, Session
from models.offers.programme import Organisation, Project, Site, Subject, Town
from models.offers.series import SERIES

FOLDER = Path(__file__).parent
REVIEW = timedelta(days=180)
DEADLINE_AT = time(23, 59)
"""Calls close at the end of a day, at the site."""


def furnish_places(database: Database, now: datetime) -> None:
    """What every installation needs and nobody should type: towns, subjects, hotlines, the first answers."""
    if database.scalars(select(Town.id).limit(1)).first() is not None:
        return
    places = _read("places")
    database.add_all([_town(row) for row in places["town"]])
    database.add_all([Subject(**row) for row in places["subject"]])
    _add_help(database, now)
    database.flush()


def load(database: Database, now: datetime) -> None:
    """Add the five projects with sessions from `now` (UTC) on. Everything is committed by the caller."""
    furnish_places(database, now)
    places, projects = _read("places"), _read("projects")
    towns = {town.code: town for town in database.scalars(select(Town))}
    subjects = {subject.code: subject for subject in database.scalars(select(Subject))}
    organisations = {row["code"]: Organisation(**row) for row in projects["organisation"]}
    database.add_all(organisations.values())
    database.flush()
    sites = {row["code"]: _site(row, towns, places["town"]) for row in places["site"]}
    database.add_all(sites.values())
    titles = {row["code"]: _project(row, organisations) for row in projects["project"]}
    database.add_all(titles.values())
    database.flush()
    zones = {town.id: town.zone for town in towns.values()}
    add_institutions(database, _read("institutions")["institution"], towns)
    listings: dict[str, Listing] = {}
    for row in _read("listings")["listing"]:
        site = sites[row["site"]]
        listing = _listing(row, organisations, titles, subjects, site, zones[site.town_id], now)
        database.add(listing)
        database.flush()
        meetings = _sessions(row, listing, site, zones[site.town_id], now)
        if listing.enrols == SERIES:
            _as_series(database, meetings, row.get("topics", []))
        database.add_all(meetings)
        if "seats" in row:
            add_seats(database, listing, row["seats"])
        if "rules" in row:
            add_rules(database, listing, row["rules"])
        if "conditions" in row:
            add_conditions(database, listing, row["conditions"], towns, listings)
        listings[listing.code] = listing
        database.flush()
        index_listing(database, listing.id)
    load_campaigns(database, now, organisations)
    add_asking(database, now)
    add_professionals(database, now, _read("professionals")["professional"], listings, sites)
    for listing in listings.values():
        if listing.block == "APT":  # found in every town in which somebody gives appointments
            index_listing(database, listing.id)
    reindexing.mark(database)
    database.flush()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _town(row: Mapping[str, Any]) -> Town:
    return Town(**{key: row[key] for key in ("code", "name", "country", "zone", "languages")})


def _site(row: Mapping[str, Any], towns: Mapping[str, Town], town_rows: list[Mapping[str, Any]]) -> Site:
    """A site stands at its town's centre: the sample gives no street addresses."""
    at = next(town["at"] for town in town_rows if town["code"] == row["town"])
    town = towns[row["town"]]
    return Site(
        code=row["code"],
        town_id=town.id,
        name=row["name"],
        address=town.name,
        latitude=at[0],
        longitude=at[1],
    )


def _project(row: Mapping[str, Any], organisations: Mapping[str, Organisation]) -> Project:
    return Project(
        code=row["code"],
        organisation_id=organisations[row["organisation"]].id,
        title=row["title"],
        aliases=row["aliases"],
        starts_on=row.get("starts_on"),
        ends_on=row.get("ends_on"),
        partners=row["partners"],
        funders=row["funders"],
        targets=row["targets"],
    )


def _listing(
    row: Mapping[str, Any],
    organisations: Mapping[str, Organisation],
    titles: Mapping[str, Project],
    subjects: Mapping[str, Subject],
    site: Site,
    zone: str,
    now: datetime,
) -> Listing:
    closes = None
    if "closes_in_days" in row:
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=row["closes_in_days"])
        closes = datetime.combine(day, DEADLINE_AT, ZoneInfo(zone))
    block = row.get("block", "OFF")
    return Listing(
        code=row["code"],
        organisation_id=organisations[row["organisation"]].id,
        project_id=titles[row["project"]].id,
        block=block,
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        bring=row.get("bring", {}),
        criteria=row.get("criteria", {}),
        subject_id=subjects[row["subject"]].id,
        site_id=site.id,
        town_id=site.town_id,
        bands=row["bands"],
        capacity=row["capacity"],
        remind_minutes=[10080, 1440] if block in WITH_DEADLINE else [1440, 120],
        services=row["services"],
        child_care=row.get("child_care", False),
        enrols=row.get("enrols", "each"),
        join_late=row.get("join_late", 0),
        rule_percent=row.get("rule_percent", 0),
        shows=row.get("shows", {}),
        trip=row.get("trip", False),
        meeting_point=row.get("meeting_point", {}),
        tools=row.get("tools", False),
        buddies=row.get("buddies", False),
        tools_needed=row.get("tools_needed", {}),
        transport=row.get("transport", False),
        cost=row.get("cost", {}),
        travel_paid=row.get("travel_paid", ""),
        travel=row.get("travel", {}),
        exam_needed=row.get("exam_needed", False),
        state="open",
        closes_at=closes,
        created_at=now,
        invented=True,
    )


def _sessions(row: Mapping[str, Any], listing: Listing, site: Site, zone: str, now: datetime) -> list[Session]:
    """Sessions at wall times of the site; the first is tomorrow at the earliest, so that it can be booked."""
    made = []
    today = now.astimezone(ZoneInfo(zone)).date()
    for times in row.get("times", ()):
        hour, minute = (int(part) for part in times["at"].split(":"))
        first = today + timedelta(days=1)
        first += timedelta(days=(times["weekday"] - first.weekday()) % 7)
        for week in range(times["weeks"]):
            day = first + timedelta(weeks=week)
            starts = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
            made.append(
                Session(
                    listing_id=listing.id,
                    site_id=site.id,
                    starts_at=starts,
                    ends_at=starts + timedelta(minutes=times["minutes"]),
                    zone=zone,
                    capacity=row["capacity"],
                )
            )
    return sorted(made, key=lambda session: session.starts_at)


def _as_series(database: Database, made: list[Session], topics: list[dict[str, str]]) -> None:
    """The first of them holds the places of all; each may have a name."""
    first, *others = made
    database.add(first)
    database.flush()
    for meeting in others:
        meeting.first_id = first.id
    for meeting, topic in zip(made, topics, strict=False):
        meeting.topic = topic


def _add_help(database: Database, now: datetime) -> None:
    for row in _read("hotlines")["hotline"]:
        database.add(Hotline(**row))
    for row in _read("answers")["card"]:
        database.add(AnswerCard(**row, review_on=(now + REVIEW).date()))
