"""Tables of meetings, calls and grants: each row becomes what the wizard would have gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from bot.deeds.staff_listings import publish
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind
from bot.importing.reading import Cell
from bot.searching.search import index_listing
from conversations.deeds.staff import PublishListing
from conversations.facts.offers import Offer
from conversations.importing.words import ENROLS, EVERY, EXAMPLES, HEADS
from conversations.offers import words
from conversations.people.words import BANDS
from conversations.speech import Moment, Text, Words, _, lines, n_, said, verbatim
from models.offers import listing_changes
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site

KINDS: Mapping[str, Text] = {
    "tutoring": _("Help with school"),
    "course": _("Course"),
    "workshop": _("Workshop"),
    "club": _("Club"),
    "training": _("Training"),
    "event": _("Event"),
    "seminar": _("Seminar"),
    "visit": _("Visit or trip"),
}
JOBS: Mapping[str, Text] = {"internship": _("Internship"), "job": _("Job"), "training": _("Training")}
STEPS = {"once": 0, "weekly": 7, "fortnightly": 14}
DEADLINE_AT = time(23, 59)


def _bands(cell: Cell, reader: Reader) -> list[str]:
    found: list[str] = c.several(BANDS)(cell, reader)
    return ["18+" if band == "adult" else band for band in found]


TITLE = Column("title", HEADS["title"], c.words(3, 80), required=True, example=EXAMPLES["title"])
SUMMARY = Column("summary", HEADS["summary"], c.words(3, 600), required=True, example=EXAMPLES["summary"])
TOWN = Column(
    "town",
    HEADS["town"],
    c.town,
    required=True,
    example=verbatim("Бор"),
    choices=lambda reader: [said(Words.of(one.name)) for one in reader.towns],
)
SITE = Column("site", HEADS["site"], c.words(2, 80), example=EXAMPLES["site"])
SUBJECT = Column(
    "subject",
    HEADS["subject"],
    c.subject,
    choices=lambda reader: [said(Words.of(one.name)) for one in reader.subjects],
)
BANDS_COLUMN = Column("bands", HEADS["bands"], _bands, example=verbatim("15-17"))


def _kind(choices: Mapping[str, Text], example: str) -> Column:
    return Column(
        "kind",
        HEADS["kind"],
        c.choice(choices),
        required=True,
        example=choices[example],
        choices=lambda _reader: list(choices.values()),
    )


def _common(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    town = row["town"]
    site, site_name = c.place(reader, town, row.get("site")) if town is not None else (None, "")
    return {
        "organisation": reader.organisation_id,
        "title": c.said_in(reader, row["title"]),
        "summary": c.said_in(reader, row["summary"]),
        "town": town,
        "site": site,
        "site_name": site_name,
        "subject": row.get("subject"),
        "bands": row.get("bands") or [],
        "places": row.get("places") or 0,
    }


def _meeting(row: Mapping[str, Any], reader: Reader) -> Entry:
    every = row.get("every") or "once"
    times = row.get("times") or (1 if every == "once" else 4)
    if every == "once" and times > 1:
        raise Bad("choice", "every", known=c.spoken(reader, {key: EVERY[key] for key in ("weekly", "fortnightly")}))
    first = c.moment(reader, row["day"], row["time"], row["town"], column="day")
    enrols = row.get("booked") or "each"
    return {
        **_common(row, reader),
        "block": "OFF",
        "kind": row["kind"],
        "bring": c.said_in(reader, row.get("bring")),
        "first": first.isoformat(),
        "minutes": row.get("minutes") or 60,
        "every": STEPS[every],
        "times": times if every != "once" else 1,
        "keep_holidays": False,
        "remind": [1440, 120],
        "enrols": "series" if enrols == "series" and times > 1 else "each",
        "drop_in": enrols == "drop_in",
    }


def _call(block: str) -> Callable[[Mapping[str, Any], Reader], Entry]:
    def entry(row: Mapping[str, Any], reader: Reader) -> Entry:
        closes = c.moment(reader, row["deadline"], DEADLINE_AT, row.get("town"), column="deadline")
        common = _common(row, reader)
        offered = row.get("offered")
        summary = {key: f"{text}\n{offered}" if offered else text for key, text in common["summary"].items()}
        return {
            **common,
            "summary": summary,
            "block": block,
            "kind": row.get("kind") or "grant",
            "criteria": c.said_in(reader, row.get("criteria")),
            "closes": closes.isoformat(),
            "remind": [10080, 1440],
        }

    return entry


def _key(entry: Entry) -> str:
    at = entry.get("first") or entry.get("closes")
    return f"{sorted(entry['title'].values())} {entry['town']} {at}".casefold()


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title, open in the same town, with a meeting or a deadline at the same time."""
    rows = reader.seen.get("listings")
    if rows is None:
        wanted = select(Listing).where(Listing.organisation_id == reader.organisation_id, Listing.state == "open")
        rows = reader.seen["listings"] = [(row, c.folded(row.title)) for row in reader.session.scalars(wanted)]
    at = datetime.fromisoformat(entry.get("first") or entry["closes"])
    said = c.folded(entry["title"])
    for row, title in rows:
        if row.block != entry["block"] or row.town_id != entry["town"] or said.isdisjoint(title):
            continue
        if row.closes_at == at:
            return True
        meeting = select(Meeting.id).where(Meeting.listing_id == row.id, Meeting.starts_at == at)
        if entry["block"] == "OFF" and reader.session.scalars(meeting.limit(1)).first() is not None:
            return True
    return False


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = publish(doing, PublishListing({**entry, "organisation": organisation_id}))
    if done.outcome != "published":
        return ""
    listing_id = int(str(done.details["listing"]))
    if entry.get("drop_in"):
        doing.session.get_one(Listing, listing_id).drop_in = True
        doing.session.flush()
    return f"listing:{listing_id}"


def withdraw(doing: Doing, made: str) -> bool:
    """Take a listing back that was just added; False once somebody is in it."""
    listing_id = int(made.partition(":")[2])
    if listing_changes.withdraw(doing.session, doing.now, listing_id) != "withdrawn":
        return False
    index_listing(doing.session, listing_id)
    return True


def sight(doing: Doing, made: str, *, shown: bool) -> None:
    """A listing that is not shown yet is a draft: no search finds it, and nobody can come in."""
    listing_id = int(made.partition(":")[2])
    doing.session.get_one(Listing, listing_id).state = "open" if shown else "draft"
    index_listing(doing.session, listing_id)


def seen_as(entry: Entry, reader: Reader) -> Text:
    """The card as people will see it, with its time below."""
    zone = next((town.zone for town in reader.towns if town.id == entry["town"]), reader.zone)
    site = reader.session.get(Site, entry["site"]) if entry.get("site") else None
    place = (
        Words.of(site.name) if site else Words.of({reader.language: entry["site_name"]}) if entry["site_name"] else None
    )
    offer = Offer(
        listing_id=0,
        title=Words.of(entry["title"]),
        summary=Words.of(entry["summary"]),
        bring=Words.of(entry.get("bring") or {}),
        place=place or c.name_of(reader, entry["town"]),
        town=c.name_of(reader, entry["town"]),
        address=Words(),
        organisation=Words(),
        bands=tuple(entry["bands"]),
        invented=False,
        open=True,
    )
    at = entry.get("first") or entry.get("closes")
    when = Moment(datetime.fromisoformat(at), zone) if at else None
    label = _("⏳ Until: {when}") if entry.get("closes") else _("🗓 {when}")
    return lines(
        words.card(offer),
        label.of(when=when) if when else None,
        n_("🗓 {n} meeting:", "🗓 {n} meetings:").of(n=entry["times"]) if entry.get("times", 1) > 1 else None,
        n_("👥 {n} place", "👥 {n} places").of(n=entry["places"]) if entry["places"] else None,
    )


def _number(name: str, least: int, most: int, example: str, *, required: bool = False) -> Column:
    return Column(name, HEADS[name], c.whole(least, most), required=required, example=verbatim(example))


MEETINGS = Kind(
    name="meetings",
    columns=(
        TITLE,
        SUMMARY,
        _kind(KINDS, "tutoring"),
        SUBJECT,
        TOWN,
        SITE,
        Column("day", HEADS["day"], c.day, required=True, example=verbatim("26.11.2026")),
        Column("time", HEADS["time"], c.clock, required=True, example=verbatim("17:00")),
        _number("minutes", 5, 720, "60"),
        Column(
            "every",
            HEADS["every"],
            c.choice(EVERY),
            example=EVERY["weekly"],
            choices=lambda _reader: list(EVERY.values()),
        ),
        _number("times", 1, 60, "6"),
        Column(
            "booked",
            HEADS["booked"],
            c.choice(ENROLS),
            example=ENROLS["each"],
            choices=lambda _reader: list(ENROLS.values()),
        ),
        _number("places", 1, 1000, "10", required=True),
        Column("bring", HEADS["bring"], c.words(2, 300), example=EXAMPLES["bring"]),
        BANDS_COLUMN,
    ),
    entry=_meeting,
    key=_key,
    there=_there,
    add=_add,
    undo=withdraw,
    seen=seen_as,
    sight=sight,
)


def _of_call(name: str, block: str, kind: tuple[Column, ...], example: str) -> Kind:
    return Kind(
        name=name,
        columns=(
            Column("title", HEADS["title"], c.words(3, 80), required=True, example=EXAMPLES[example]),
            SUMMARY,
            *kind,
            SUBJECT,
            Column("town", HEADS["town"], c.town, example=TOWN.example, choices=TOWN.choices),
            SITE,
            Column("deadline", HEADS["deadline"], c.day, required=True, example=verbatim("26.11.2026")),
            _number("places", 1, 1000, "5"),
            Column("criteria", HEADS["criteria"], c.words(3, 600), example=EXAMPLES["criteria"]),
            Column("offered", HEADS["offered"], c.words(2, 300), example=EXAMPLES["offered"]),
            BANDS_COLUMN,
        ),
        entry=_call(block),
        key=_key,
        there=_there,
        add=_add,
        undo=withdraw,
        seen=seen_as,
        sight=sight,
    )


CALLS = _of_call("calls", "CALL", (_kind(JOBS, "internship"),), "call")
GRANTS = _of_call("grants", "GRANT", (), "grant")
