"""Performing the deeds of staff about sites: days on which one is closed, its hours, how to get there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.deeds.offers import staff_sessions
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.helping.reached import span
from bot.language.languages import BASES
from bot.offering.describing import town_zone
from conversations.deeds.campaigns import (
    CloseSite,
    OpenSite,
    SetBus,
    SetHours,
)
from conversations.deeds.staff import CancelSession
from conversations.hours import read_spans
from conversations.speech import Done, Moment, Say, Words
from conversations.staff.informing import closing
from models.offers import closures
from models.offers.closures import Closure, Opening
from models.offers.listing import Listing
from models.offers.programme import Site
from models.visits.opening import week_json
from models.who.staff import organisations_of, team_of

REFUSED = Done("refused")


def close_site(doing: Doing, deed: CloseSite) -> Done:
    """Enter that a site is closed. Meetings of one's own are cancelled if wanted; colleagues of others are told."""
    draft = deed.draft
    site_id = int(draft["site"])
    mine = _organisations_at(doing, site_id)
    if not mine:
        return REFUSED
    first, last, begins, ends = span(doing.session, site_id, draft, doing.rules.zone)
    zone = town_zone(doing.session, site_id, doing.rules.zone)
    if last < first or last < doing.now.astimezone(ZoneInfo(zone)).date():
        return Done("past")
    reason = str(draft.get("reason") or "")[:120]
    row = closures.close(
        doing.session,
        doing.now,
        site_id=site_id,
        organisation_id=min(mine),
        staff_id=doing.person_id,
        first=first,
        last=last,
        reason={"key": reason},
    )
    begins = max(begins, doing.now)
    own = [meeting.id for meeting in closures.meetings_between(doing.session, site_id, begins, ends, sorted(mine))]
    told = cancelled = 0
    for session_id in own if draft.get("cancel") else ():
        done = staff_sessions.cancel(doing, CancelSession(session_id, "closed", bool(draft.get("urgent"))))
        if done.outcome == "cancelled":
            cancelled, told = cancelled + 1, told + int(str(done.details["told"]))
    others = _tell_others(doing, row, begins, ends, mine)
    doing.audit("site.closed", f"site:{site_id}", closure=row.id, cancelled=cancelled, told=told)
    return Done("closed", {"meetings": cancelled, "told": told, "others": others})


def _organisations_at(doing: Doing, site_id: int) -> set[int]:
    """The organisations of who acts, if one of them has published something at the site."""
    mine = organisations_of(doing.session, doing.person_id)
    return mine if site_id in closures.sites_of(doing.session, mine) else set()


def _tell_others(doing: Doing, row: Closure, begins: datetime, ends: datetime, mine: set[int]) -> int:
    """Staff of other organisations with meetings there decide about these themselves. How many meetings that are."""
    site = doing.session.get_one(Site, row.site_id)
    count: dict[int, int] = {}
    for meeting in closures.meetings_between(doing.session, row.site_id, begins, ends):
        organisation = doing.session.get_one(Listing, meeting.listing_id).organisation_id
        if organisation not in mine:
            count[organisation] = count.get(organisation, 0) + 1
    for organisation, n in count.items():
        text = closing.AT_YOUR_SITE.of(
            n=n, site=Words.of(site.name), first=Moment(begins, town_zone(doing.session, site.id, "UTC"), "date")
        )
        for staff_id in team_of(doing.session, organisation):
            doing.tell(staff_id, Say(text), "offer")
    return sum(count.values())


def open_site(doing: Doing, deed: OpenSite) -> Done:
    """Take a closure back."""
    row = doing.session.get(Closure, deed.closure_id, with_for_update=True)
    if row is None or row.ended_at is not None or not _organisations_at(doing, row.site_id):
        return REFUSED
    row.ended_at = doing.now
    doing.audit("site.opened", f"site:{row.site_id}", closure=row.id)
    return Done("open")


def _opening(doing: Doing, site_id: int) -> Opening:
    row = doing.session.get(Opening, site_id, with_for_update=True)
    if row is None:
        row = Opening(site_id=site_id, hours={}, bus={}, on_holidays=False)
        doing.session.add(row)
        doing.session.flush()
    return row


def set_hours(doing: Doing, deed: SetHours) -> Done:
    """Set the hours of some weekdays."""
    if not _organisations_at(doing, deed.site_id):
        return REFUSED
    spans = read_spans(deed.hours) if deed.hours else ()
    if spans is None:
        return Done("unreadable")
    row = _opening(doing, deed.site_id)
    row.hours = {**row.hours, **week_json({day: spans for day in deed.weekdays if 0 <= day <= 6})}
    doing.audit("site.hours", f"site:{deed.site_id}")
    return Done("saved")


def set_bus(doing: Doing, deed: SetBus) -> Done:
    """Say how to get there."""
    if not _organisations_at(doing, deed.site_id) or deed.language not in BASES:
        return REFUSED
    row = _opening(doing, deed.site_id)
    row.bus = {**row.bus, deed.language: deed.words}
    doing.audit("site.bus", f"site:{deed.site_id}")
    return Done("saved")


PERFORM: Performers = {
    CloseSite: close_site,
    OpenSite: open_site,
    SetHours: set_hours,
    SetBus: set_bus,
}
