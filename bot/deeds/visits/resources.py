"""Performing the deeds about seats: taken by people, changed by staff. Who acts is authorised here."""

from __future__ import annotations

from datetime import date

from bot.arriving.knowing import consented
from bot.deeds.offers import staff_sessions
from bot.deeds.offers.staff_listings import undo_of
from bot.deeds.people.staff_rights import listing_for, organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.visits.resources import instant_of
from bot.offering import places
from bot.offering.booked import audit_booking, tell_booked
from bot.searching.search import index_listing
from conversations.deeds.resources import CountPaper, PublishResource, SetDay, SetSeats, TakeSeat
from conversations.deeds.staff import CancelSession
from conversations.speech import Done
from models.offers import publishing
from models.offers.programme import Site, Town
from models.resources import resource, seats
from models.resources.resource import Resource
from models.visits.opening import Span, spans_of
from models.who.acting import speaks_for
from models.who.merging import survivor
from models.who.people import BANDS, Person

REFUSED = Done("refused")
SEATS_MOST = 200
PAPER_MOST = 1_000_000


def take(doing: Doing, deed: TakeSeat) -> Done:
    """Take a seat for somebody whom the one who acts may speak for, once consent is there."""
    person = doing.session.get(Person, survivor(doing.session, deed.person or doing.person_id))
    starts = instant_of(deed.starts_at)
    if person is None or not speaks_for(doing.session, doing.person_id, person.id, doing.now):
        return Done("denied")
    if starts is None:
        return Done("shut")
    if not consented(doing.session, person):
        return Done("consent")
    ended = seats.take(
        doing.session,
        doing.now,
        listing_id=deed.listing,
        starts_at=starts,
        person_id=person.id,
        booked_by_id=doing.person_id,
    )
    if ended.outcome == "booked" and ended.booking is not None:
        places.plan_reminders(doing, [ended.booking])
        audit_booking(doing, "booked", ended.booking)
        tell_booked(doing, ended.booking)
    outcome = ended.outcome if ended.outcome in TakeSeat.outcomes else "denied"
    return Done(
        outcome,
        {
            "booking": ended.booking.id if ended.booking else 0,
            "clash": places.clash_of(ended.clash),
            "used": ended.used,
            "most": ended.most,
        },
    )


# ---------------------------------------------------------------- staff


def set_seats(doing: Doing, deed: SetSeats) -> Done:
    """A seat is broken, or works again."""
    starts = instant_of(deed.starts_at)
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    if starts is None:
        return Done("gone")
    outcome, taken = seats.set_seats(doing.session, doing.now, deed.listing, starts, deed.seats)
    if outcome == "saved":
        doing.audit("resource.seats", f"listing:{deed.listing}", at=starts.isoformat(), seats=deed.seats)
    return Done(outcome, {"taken": taken})


def set_day(doing: Doing, deed: SetDay) -> Done:
    """Close a day, or open it again. Whoever has a seat on it loses it and is told."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    try:
        day = date.fromisoformat(deed.day)
    except ValueError:
        return REFUSED
    outside = seats.set_day(doing.session, deed.listing, day, [] if deed.closed else None)
    told = 0
    for session_id in outside if deed.closed else ():
        ended = staff_sessions.cancel(doing, CancelSession(session_id, "closed"))
        told += int(str(ended.details.get("told", 0)))
    doing.audit("resource.day", f"listing:{deed.listing}", day=day.isoformat(), closed=deed.closed, told=told)
    return Done("saved", {"told": told})


def count_paper(doing: Doing, deed: CountPaper) -> Done:
    """Somebody has counted the paper."""
    if listing_for(doing, deed.listing) is None or not 0 <= deed.sheets <= PAPER_MOST:
        return REFUSED
    found = seats.locked(doing.session, deed.listing)
    if found is None:
        return REFUSED
    found[1].paper = deed.sheets
    doing.audit("resource.paper", f"listing:{deed.listing}", sheets=deed.sheets)
    return Done("saved")


def publish(doing: Doing, deed: PublishResource) -> Done:
    """Check everything once more, and publish: the wizard's answers may be days old."""
    organisation = organisation_for(doing, deed.draft.get("organisation"))
    if organisation is None:
        return REFUSED
    made = add(doing, dict(deed.draft), organisation)
    if made is None:
        return Done("incomplete")
    listing = made.listing_id
    return Done("published", {"listing": listing, "undo": undo_of(doing, listing), "code": f"n{listing}"})


def add(doing: Doing, draft: dict[str, object], organisation_id: int) -> Resource | None:
    """Add seats as a draft describes them, for an organisation that the caller may act for; None if incomplete."""
    session = doing.session
    wanted: dict[str, object] = draft
    town = session.get(Town, wanted.get("town")) if wanted.get("town") is not None else None
    site = session.get(Site, wanted.get("site")) if wanted.get("site") is not None else None
    title = wanted.get("title")
    week = _week(wanted.get("week"))
    places_there = _whole(wanted, "places")
    minutes = _whole(wanted, "slot_minutes")
    if not isinstance(title, dict) or not any(title.values()) or town is None or not week:
        return None
    if not 1 <= places_there <= SEATS_MOST or minutes < 1 or (site is not None and site.town_id != town.id):
        return None
    if site is None and wanted.get("site_name"):
        site = publishing.add_site(session, town.id, str(wanted["site_name"]), doing.voice.language.base)
    summary, bands = wanted.get("summary"), wanted.get("bands")
    listing = publishing.publish(
        session,
        doing.now,
        publishing.Draft(
            organisation_id=organisation_id,
            author_id=doing.person_id,
            block=resource.BLOCK,
            kind="room",
            title=title,
            summary=summary if isinstance(summary, dict) else {},
            site_id=site.id if site else None,
            town_id=town.id,
            zone=town.zone,
            bands=[band for band in bands if band in BANDS] if isinstance(bands, list) else [],
            capacity=places_there,
            remind_minutes=[120],
        ),
    )
    made = resource.add(
        session,
        listing,
        week=week,
        slot_minutes=minutes,
        week_slots=_whole(wanted, "week_slots"),
        week_pages=_whole(wanted, "week_pages"),
    )
    index_listing(session, listing.id)
    doing.audit("listing.published", f"listing:{listing.id}", block=resource.BLOCK)
    return made


def _whole(draft: dict[str, object], name: str) -> int:
    value = draft.get(name)
    return max(0, value) if isinstance(value, int) else 0


def _week(written: object) -> dict[int, tuple[Span, ...]]:
    if not isinstance(written, dict):
        return {}
    return {int(day): spans_of(spans) for day, spans in written.items() if spans}


PERFORM: Performers = {
    TakeSeat: take,
    SetSeats: set_seats,
    SetDay: set_day,
    CountPaper: count_paper,
    PublishResource: publish,
}
