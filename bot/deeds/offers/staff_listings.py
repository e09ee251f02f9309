"""Performing the deeds of staff about listings: publish, undo, edit, close, reopen, duplicate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.deeds.offers.calls import deadline_moved
from bot.deeds.people.staff_rights import listing_for, organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import places
from bot.searching.search import index_listing
from bot.times.planning import series
from bot.times.school_breaks import free_days
from conversations.deeds.staff import (
    CloseListing,
    DuplicateListing,
    EditWords,
    PublishListing,
    ReopenListing,
    SetPlaces,
    WithdrawListing,
)
from conversations.speech import Done
from conversations.staff import notices
from models.offers import listing_changes, publishing
from models.offers.listing import BLOCKS, Listing
from models.offers.programme import Site, Subject, Town
from models.offers.series import SERIES
from models.who.people import BANDS
from models.who.person import MINORS
from models.who.staff import organisations_of

REFUSED = Done("refused")
PLACES_MOST = 10_000
UNDO_DAYS = publishing.UNDO_WITHIN.total_seconds() / 86_400


def publish(doing: Doing, deed: PublishListing) -> Done:
    """Check everything once more: the wizard's answers may be days old."""
    session, draft = doing.session, deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    if organisation is None:
        return REFUSED
    block = str(draft.get("block"))
    if block not in BLOCKS or not any((draft.get("title") or {}).values()):
        return Done("incomplete")
    town = session.get(Town, draft["town"]) if draft.get("town") is not None else None
    site = session.get(Site, draft["site"]) if draft.get("site") is not None else None
    if site is not None and (town is None or site.town_id != town.id):
        return Done("incomplete")
    if draft.get("subject") is not None and session.get(Subject, draft["subject"]) is None:
        return Done("incomplete")
    closes = _instant(draft.get("closes"))
    starts = _starts(doing, draft, town, draft.get("site")) if block == "OFF" else ()
    if block == "OFF" and not starts:
        return Done("incomplete")
    if (closes is not None and closes <= doing.now) or any(at <= doing.now for at in starts):
        return Done("past")
    if site is None and town is not None and draft.get("site_name"):
        language = doing.voice.language.base
        site = publishing.add_site(session, town.id, str(draft["site_name"]), language)
    listing = publishing.publish(
        session,
        doing.now,
        publishing.Draft(
            organisation_id=organisation,
            author_id=doing.person_id,
            block=block,
            kind=str(draft.get("kind") or "event")[:24],
            title=draft.get("title") or {},
            summary=draft.get("summary") or {},
            bring=draft.get("bring") or {},
            criteria=draft.get("criteria") or {},
            subject_id=draft.get("subject"),
            site_id=site.id if site else None,
            town_id=town.id if town else None,
            zone=town.zone if town else doing.rules.zone,
            bands=[band for band in draft.get("bands") or () if band in BANDS],
            capacity=max(0, min(int(draft.get("places") or 0), PLACES_MOST)),
            remind_minutes=[int(minutes) for minutes in draft.get("remind") or ()],
            closes_at=closes,
            starts=starts,
            minutes=int(draft.get("minutes") or 60),
            enrols=SERIES if draft.get("enrols") == SERIES else "each",
            drop_in=block == "OFF" and bool(draft.get("drop_in")),
            trip=block == "OFF" and bool(draft.get("trip")),
            meeting_point=draft.get("point") or {},
        ),
    )
    return _published(doing, listing, "listing.published")


def _published(doing: Doing, listing: Listing, action: str) -> Done:
    index_listing(doing.session, listing.id)
    doing.audit(action, f"listing:{listing.id}", block=listing.block)
    undo = undo_of(doing, listing.id)
    return Done("published", {"listing": listing.id, "undo": undo, "block": listing.block, "code": listing.code})


def undo_of(doing: Doing, listing_id: int) -> str:
    """The tap by which whoever has just published something takes it back."""
    return doing.button(
        doing.person_id, notices.UNDO, notices.UNDO_LISTING, {"listing": listing_id}, days=UNDO_DAYS
    ).tap


def _instant(stored: object) -> datetime | None:
    return datetime.fromisoformat(stored) if isinstance(stored, str) and stored else None


def _for_pupils(listing: Listing) -> bool:
    return not listing.bands or any(band in MINORS for band in listing.bands)


def _starts(
    doing: Doing, draft: Mapping[str, Any], town: Town | None, site_id: int | None, *, school: bool = True
) -> tuple[datetime, ...]:
    first = _instant(draft.get("first"))
    if first is None or town is None:
        return ()
    return series(
        first,
        town.zone,
        town.country,
        every_days=int(draft.get("every") or 0),
        times=int(draft.get("times") or 1),
        keep_holidays=bool(draft.get("keep_holidays")),
        breaks=free_days(
            doing.session, organisations_of(doing.session, doing.person_id), town.country, site_id, school=school
        ),
    ).starts


def withdraw(doing: Doing, deed: WithdrawListing) -> Done:
    """Undo a publication."""
    if listing_for(doing, deed.listing_id) is None:
        return REFUSED
    outcome = publishing.withdraw(doing.session, doing.now, deed.listing_id)
    if outcome == "withdrawn":
        index_listing(doing.session, deed.listing_id)
        doing.audit("listing.withdrawn", f"listing:{deed.listing_id}")
    return Done(outcome)


def edit_words(doing: Doing, deed: EditWords) -> Done:
    """Change words in one language; the title stays in one at least."""
    listing = listing_for(doing, deed.listing_id)
    if listing is None or (deed.field == "title" and not deed.words.strip()):
        return REFUSED
    words = deed.words.strip()
    if not listing_changes.set_words(doing.session, deed.listing_id, deed.field, deed.language, words):
        return REFUSED
    index_listing(doing.session, deed.listing_id)
    doing.audit("listing.edited", f"listing:{deed.listing_id}", field=deed.field, language=deed.language)
    return Done("saved")


def set_places(doing: Doing, deed: SetPlaces) -> Done:
    """More places are offered to those who wait, at once."""
    if listing_for(doing, deed.listing_id) is None or not 0 <= deed.places <= PLACES_MOST:
        return REFUSED
    taken, grown = listing_changes.set_capacity(doing.session, doing.now, deed.listing_id, deed.places)
    if taken > deed.places:
        return Done("too_few", {"taken": taken})
    offered = sum(places.fill(doing, session_id) for session_id in grown)
    doing.audit("listing.places", f"listing:{deed.listing_id}", places=deed.places)
    return Done("saved", {"taken": taken, "offered": offered})


def close(doing: Doing, deed: CloseListing) -> Done:
    """Take no new people."""
    if listing_for(doing, deed.listing_id) is None:
        return REFUSED
    if not listing_changes.close(doing.session, deed.listing_id):
        return Done("gone")
    index_listing(doing.session, deed.listing_id)
    doing.audit("listing.closed", f"listing:{deed.listing_id}")
    return Done("closed")


def reopen(doing: Doing, deed: ReopenListing) -> Done:
    """Take people again."""
    if listing_for(doing, deed.listing_id) is None:
        return REFUSED
    closes = _instant(deed.closes_at)
    outcome = listing_changes.reopen(doing.session, doing.now, deed.listing_id, closes)
    if outcome == "open":
        if closes is not None:
            deadline_moved(doing, deed.listing_id)
        index_listing(doing.session, deed.listing_id)
        doing.audit("listing.reopened", f"listing:{deed.listing_id}")
    return Done(outcome)


def duplicate(doing: Doing, deed: DuplicateListing) -> Done:
    """The same once more."""
    listing = listing_for(doing, deed.listing_id)
    if listing is None:
        return REFUSED
    town = doing.session.get(Town, listing.town_id) if listing.town_id is not None else None
    closes = _instant(deed.dates.get("closes"))
    starts = (
        _starts(doing, deed.dates, town, listing.site_id, school=_for_pupils(listing)) if listing.block == "OFF" else ()
    )
    if (listing.block == "OFF" and not starts) or any(at <= doing.now for at in starts):
        return Done("past")
    if closes is not None and closes <= doing.now:
        return Done("past")
    made = publishing.duplicate(doing.session, doing.now, listing.id, doing.person_id, starts, closes)
    return _published(doing, made, "listing.duplicated") if made else REFUSED


PERFORM: Performers = {
    PublishListing: publish,
    WithdrawListing: withdraw,
    EditWords: edit_words,
    SetPlaces: set_places,
    CloseListing: close,
    ReopenListing: reopen,
    DuplicateListing: duplicate,
}
