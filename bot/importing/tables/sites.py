"""Tables of sites: each row is one where sessions are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind, id_in
from bot.importing.shared_columns import TOWN
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Text, Words, _, lines, verbatim
from models.base import fresh_token
from models.offers.listing import Listing, Session
from models.offers.programme import Site


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    return {
        "name": c.said_in(reader, row["name"]),
        "town": row["town"],
        "address": c.said_in(reader, row.get("address")),
    }


def _there(entry: Entry, reader: Reader) -> bool:
    known = reader.seen.get("sites")
    if known is None:  # thousands of sites, each compared with thousands of rows
        known = reader.seen["sites"] = {(one.town_id, name) for one in reader.sites for name in c.folded(one.name)}
    return any((entry["town"], name) in known for name in c.folded(entry["name"]))


def _add(doing: Doing, entry: Entry, _organisation_id: int) -> str:
    site = Site(code=fresh_token(), town_id=entry["town"], name=dict(entry["name"]), address=dict(entry["address"]))
    doing.session.add(site)
    doing.session.flush()
    return f"site:{site.id}"


def _undo(doing: Doing, made: str) -> bool:
    site_id = id_in(made)
    if _used(doing.session, site_id):
        return False
    site = doing.session.get(Site, site_id)
    if site is not None:
        doing.session.delete(site)
        doing.session.flush()
    return True


def _used(session: Database, site_id: int) -> bool:
    used = (select(Listing.id).where(Listing.site_id == site_id), select(Session.id).where(Session.site_id == site_id))
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in used)


def _seen(entry: Entry, reader: Reader) -> Text:
    address = Words.of(entry["address"])
    return lines(
        _("📍 {place}").of(place=Words.of(entry["name"])),
        _("{words}").of(words=address) if address else None,
        _("{words}").of(words=c.name_of(reader, entry["town"])),
    )


SITES = Kind(
    name="sites",
    columns=(
        Column("name", HEADS["name"], c.words(2, 80), required=True, example=EXAMPLES["site"]),
        TOWN,
        Column("address", HEADS["address"], c.words(2, 120), example=verbatim("DEMO 1")),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['name'].values())} {entry['town']}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    key_column="name",
    most=2_000,
    at_once=40,
)
