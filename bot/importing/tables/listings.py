"""What tables of listings share: what a row becomes, and how it is added, hidden, shown and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.deeds.offers.staff_listings import publish
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Reader
from bot.importing.kinds import Entry, id_in
from bot.importing.known import open_now
from bot.importing.wording import words_in
from bot.searching.search import index_listing
from conversations.deeds.staff import PublishListing
from conversations.facts.conditions import Conditions
from conversations.facts.offers import Offer
from conversations.offers import words
from conversations.speech import Moment, Text, Words, _, lines, n_
from conversations.staff.publishing.drafts import ALL_OF_THEM, site_in_town
from models.offers import publishing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site


def what_and_where(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Title, summary and site of whatever is published."""
    town = row["town"]
    site, site_name = c.site_in(reader, town, row.get("site")) if town is not None else (None, "")
    return {
        "title": words_in(reader, row, "title"),
        "summary": words_in(reader, row, "summary"),
        "town": town,
        "site": site,
        "site_name": site_name,
    }


def common(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What the rows of meetings, calls and grants become."""
    return {
        **what_and_where(row, reader),
        "organisation": reader.organisation_id,
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
    rows = reader.seen.get("titles")
    if rows is None:
        rows = reader.seen["titles"] = [(row, c.folded(row.title)) for row in open_now(reader, Listing)]
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


def titled(block: str) -> Callable[[Entry, Reader], bool]:
    """Whether something of a block has the same title, open in the same town."""

    def has(entry: Entry, reader: Reader) -> bool:
        rows = (row for row in open_now(reader, Listing) if row.block == block and row.town_id == entry["town"])
        return any(c.same_words(row.title, entry["title"]) for row in rows)

    return has


def title_and_town(entry: Entry) -> str:
    """The same for two rows of one table with the same title in the same town."""
    return f"{sorted(entry['title'].values())} {entry['town']}".casefold()


def add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    """Publish it, as a wizard does."""
    done = publish(doing, PublishListing({**entry, "organisation": organisation_id}))
    return f"listing:{done.details['listing']}" if done.outcome == "published" else ""


def withdraw(doing: Doing, made: str) -> bool:
    """Take a listing back that a table added; False once somebody is in it."""
    listing_id = id_in(made)
    if not publishing.take_back(doing.session, listing_id):
        return False
    index_listing(doing.session, listing_id)
    return True


def sight(doing: Doing, made: str, *, shown: bool) -> None:
    """A listing that is not shown yet is a draft: no search finds it, and nobody can come in."""
    listing_id = id_in(made)
    doing.session.get_one(Listing, listing_id).state = "open" if shown else "draft"
    index_listing(doing.session, listing_id)


def place_of(entry: Entry, reader: Reader) -> Words:
    """The site and its town, as people will read them."""
    site = reader.session.get(Site, entry["site"]) if entry.get("site") else None
    return site_in_town(Words.of(site.name) if site else Words(), entry["site_name"], c.name_of(reader, entry["town"]))


def seen_as(entry: Entry, reader: Reader) -> Text:
    """The card as people will see it, with its time below."""
    zone = c.zone_of(reader, entry["town"])
    criteria = Words.of(entry.get("criteria") or {})
    offer = Offer(
        listing_id=0,
        title=Words.of(entry["title"]),
        summary=Words.of(entry["summary"]),
        bring=Words.of(entry.get("bring") or {}),
        place=place_of(entry, reader),
        town=c.name_of(reader, entry["town"]),
        address=Words(),
        organisation=Words(),
        bands=tuple(entry["bands"]),
        invented=False,
        open=True,
        conditions=Conditions(drop_in=bool(entry.get("drop_in"))),
    )
    at = entry.get("first") or entry.get("closes")
    when = Moment(datetime.fromisoformat(at), zone) if at else None
    label = _("⏳ Until: {when}") if entry.get("closes") else _("🗓 {when}")
    return lines(
        words.card(offer),
        _("What counts: {criteria}").of(criteria=criteria) if criteria else None,
        label.of(when=when) if when else None,
        n_("{n} meeting to come", "{n} meetings to come").of(n=entry["times"]) if entry.get("times", 1) > 1 else None,
        ALL_OF_THEM if entry.get("enrols") == "series" else None,
        n_("⏱ {n} minute", "⏱ {n} minutes").of(n=entry["minutes"]) if entry.get("minutes") else None,
        n_("👥 {n} place", "👥 {n} places").of(n=entry["places"]) if entry["places"] else None,
    )
