"""Performing what staff do at single meetings: count heads, move somebody in the line, add one at another site."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.deeds.people.staff_rights import booking_for, listing_for, session_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering.describing import described, name_for
from bot.offering.places import those_concerned
from bot.searching.search import index_listing
from conversations.deeds.conditions import AddBreak, AddSession, CountHeads, MoveInLine, RemoveBreak
from conversations.offers.booking import condition_words as words
from conversations.speech import Done, Say
from conversations.staff.deciding.condition_notices import TOLD as TOLD_WORDS
from models.attending import head_count
from models.offers import publishing, school_break
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.offers.series import SERIES
from models.places import line
from models.places.line import REASONS, TOLD
from models.who.staff import organisations_of

REFUSED = Done("refused")


def count_heads(doing: Doing, deed: CountHeads) -> Done:
    """Enter or correct a head count; what it was before stands in the audit."""
    if session_for(doing, deed.session) is None:
        return REFUSED
    counted = head_count.Counted(deed.total, deed.girls, deed.boys, dict(deed.bands))
    outcome, before = head_count.enter(doing.session, doing.now, deed.session, counted, doing.person_id)
    if outcome in ("counted", "corrected"):
        doing.audit(f"heads.{outcome}", f"session:{deed.session}", total=deed.total, before=before)
    return Done(outcome, {"before": before})


def move_in_line(doing: Doing, deed: MoveInLine) -> Done:
    """Move somebody who waits: audited with its reason, and they are told their new turn."""
    if booking_for(doing, deed.booking) is None or deed.reason not in REASONS:
        return REFUSED
    moved = line.move(doing.session, doing.now, deed.booking, deed.place)
    if moved.outcome != "moved":
        return Done(moved.outcome)
    doing.audit("line.moved", f"booking:{deed.booking}", before=moved.before, after=moved.after, reason=deed.reason)
    reason = TOLD_WORDS[deed.reason] if deed.reason in TOLD else None
    for place, booking in enumerate(moved.rows, start=moved.after):
        listing_id = doing.session.get_one(Meeting, booking.session_id).listing_id
        title, when = described(doing.session, doing.now, booking)
        for person_id in those_concerned(doing.session, doing.now, booking, who_may_act=True):
            child = name_for(doing.session, booking.person_id, person_id)
            text = words.new_turn(title, when, child, place, reason)
            doing.tell(person_id, Say(text), "offer", expires_at=when.at, listing_id=listing_id)
    return Done("moved", {"place": moved.after})


def add_session(doing: Doing, deed: AddSession) -> Done:
    """Add a meeting at a site, which may be another than the listing's. Units of a series are added elsewhere."""
    listing = listing_for(doing, deed.listing)
    town = doing.session.get(Town, deed.town)
    site = doing.session.get(Site, deed.site) if deed.site else None
    if listing is None or town is None or (site is not None and site.town_id != town.id):
        return REFUSED
    if listing.block != "OFF" or listing.enrols == SERIES or listing.state not in ("open", "closed"):
        return Done("gone")
    starts = datetime.fromisoformat(deed.starts_at).astimezone(UTC)
    if starts <= doing.now or not 5 <= deed.minutes <= 720:
        return Done("past")
    language = doing.voice.language.base
    if site is None and (deed.site_name or town.id != listing.town_id):  # else it would be at the listing's own site
        name = deed.site_name or town.name.get(language) or next(iter(town.name.values()))
        site = publishing.add_site(doing.session, town.id, str(name), language)
    meeting = Meeting(
        listing_id=listing.id,
        site_id=site.id if site is not None else None,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=deed.minutes),
        zone=town.zone,
        capacity=listing.capacity,
    )
    doing.session.add(meeting)
    doing.session.flush()
    index_listing(doing.session, listing.id)
    doing.audit("session.added", f"session:{meeting.id}", site=meeting.site_id)
    return Done("added", {"session": meeting.id})


def add_break(doing: Doing, deed: AddBreak) -> Done:
    """Enter days without school for the organisation's own series."""
    mine = organisations_of(doing.session, doing.person_id)
    if not mine or deed.country not in ("RS", "BG"):
        return REFUSED
    first, last = date.fromisoformat(deed.first), date.fromisoformat(deed.last)
    row = school_break.add(doing.session, min(mine), deed.country, first, last)
    if row is None:
        return Done("order")
    doing.audit("break.added", f"break:{row.id}", first=deed.first, last=deed.last)
    return Done("added")


def remove_break(doing: Doing, deed: RemoveBreak) -> Done:
    """Take them away again."""
    for organisation_id in organisations_of(doing.session, doing.person_id):
        if school_break.remove(doing.session, organisation_id, deed.id):
            doing.audit("break.removed", f"break:{deed.id}")
            return Done("removed")
    return REFUSED


PERFORM: Performers = {
    CountHeads: count_heads,
    MoveInLine: move_in_line,
    AddSession: add_session,
    AddBreak: add_break,
    RemoveBreak: remove_break,
}
