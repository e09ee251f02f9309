"""What tables of listings share: their columns, and how a listing is added, hidden, shown and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from bot.deeds.offers.staff_listings import publish
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry
from bot.importing.reading import Cell
from bot.importing.wording import words_in
from bot.searching.search import index_listing
from conversations.deeds.staff import PublishListing
from conversations.facts.offers import Offer
from conversations.importing.words import EXAMPLES, HEADS
from conversations.offers import words
from conversations.people.words import BANDS
from conversations.speech import Moment, Text, Words, _, lines, n_, said, verbatim
from models.offers import listing_changes
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site

DEADLINE_AT = time(23, 59)
"""When a deadline is that has a day alone."""


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
SITE = Column("site", HEADS["site"], c.words(2, 80), example=EXAMPLES["site"], sets=("site_name",))
SUBJECT = Column(
    "subject",
    HEADS["subject"],
    c.subject,
    choices=lambda reader: [said(Words.of(one.name)) for one in reader.subjects],
)
BANDS_COLUMN = Column("bands", HEADS["bands"], _bands, example=verbatim("15-17"))


def one_of(
    name: str,
    choices: Mapping[str, Text],
    *,
    also: Mapping[str, Text] | None = None,
    example: str = "",
    required: bool = False,
    sets: tuple[str, ...] = (),
) -> Column:
    """A column in which one of several stands; the template offers them. `also`: how a wizard calls the same."""
    return Column(
        name,
        HEADS[name],
        c.choice(choices, also),
        required=required,
        example=choices[example] if example else verbatim(""),
        choices=lambda _reader: list(choices.values()),
        sets=sets,
    )


def number(
    name: str, least: int, most: int, example: str, *, required: bool = False, sets: tuple[str, ...] = ()
) -> Column:
    """A column with a whole number."""
    return Column(name, HEADS[name], c.whole(least, most), required=required, example=verbatim(example), sets=sets)


def common(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What the rows of all these tables become."""
    town = row["town"]
    site, site_name = c.place(reader, town, row.get("site")) if town is not None else (None, "")
    return {
        "organisation": reader.organisation_id,
        "title": words_in(reader, row, "title"),
        "summary": words_in(reader, row, "summary"),
        "town": town,
        "site": site,
        "site_name": site_name,
        "subject": row.get("subject"),
        "bands": row.get("bands") or [],
        "places": row.get("places") or 0,
    }


def key(entry: Entry) -> str:
    """The same for two rows of one table that say the same."""
    at = entry.get("first") or entry.get("closes")
    return f"{sorted(entry['title'].values())} {entry['town']} {at}".casefold()


def there(entry: Entry, reader: Reader) -> bool:
    """The same title, open in the same town, with a meeting or a deadline at the same time."""
    rows = reader.seen.get("listings")
    if rows is None:
        wanted = select(Listing).where(Listing.organisation_id == reader.organisation_id, Listing.state == "open")
        rows = reader.seen["listings"] = [(row, c.folded(row.title)) for row in reader.session.scalars(wanted)]
    at = datetime.fromisoformat(entry.get("first") or entry["closes"])
    titles = c.folded(entry["title"])
    for row, title in rows:
        if row.block != entry["block"] or row.town_id != entry["town"] or titles.isdisjoint(title):
            continue
        if row.closes_at == at:
            return True
        meeting = select(Meeting.id).where(Meeting.listing_id == row.id, Meeting.starts_at == at)
        if entry["block"] == "OFF" and reader.session.scalars(meeting.limit(1)).first() is not None:
            return True
    return False


def add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    """Publish it, as a wizard does."""
    done = publish(doing, PublishListing({**entry, "organisation": organisation_id}))
    return f"listing:{done.details['listing']}" if done.outcome == "published" else ""


def listing_of(made: str) -> int:
    """The id of the listing in a reference."""
    return int(made.partition(":")[2])


def withdraw(doing: Doing, made: str) -> bool:
    """Take a listing back that a table added; False once somebody is in it."""
    listing_id = listing_of(made)
    if listing_changes.withdraw(doing.session, doing.now, listing_id, whenever=True) != "withdrawn":
        return False
    index_listing(doing.session, listing_id)
    return True


def sight(doing: Doing, made: str, *, shown: bool) -> None:
    """A listing that is not shown yet is a draft: no search finds it, and nobody can come in."""
    listing_id = listing_of(made)
    doing.session.get_one(Listing, listing_id).state = "open" if shown else "draft"
    index_listing(doing.session, listing_id)


def seen_as(entry: Entry, reader: Reader) -> Text:
    """The card as people will see it, with its time below."""
    zone = c.zone_of(reader, entry["town"])
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
        n_("{n} meeting to come", "{n} meetings to come").of(n=entry["times"]) if entry.get("times", 1) > 1 else None,
        n_("👥 {n} place", "👥 {n} places").of(n=entry["places"]) if entry["places"] else None,
    )
