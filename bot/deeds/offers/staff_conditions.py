"""Performing what staff set about conditions: quotas, windows, least numbers, who it is for, what comes first."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from bot.deeds.offers.conditions import plan_opening
from bot.deeds.people.staff_rights import listing_for, own
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.offers.conditions import OPENING
from bot.offering import conditions as running
from bot.offering.describing import name_for
from bot.offering.places import hold, those_concerned
from bot.searching.search import index_listing
from conversations.deeds.conditions import (
    AddInstitution,
    CancelGroup,
    DecideEligibility,
    GroupAnyway,
    ReleaseQuotas,
    SetAfter,
    SetAudience,
    SetChecked,
    SetDropIn,
    SetLeast,
    SetQuota,
    SetWindow,
)
from conversations.speech import Done, Moment, Words
from conversations.staff import notices
from models.messages.reminder import Reminder
from models.offers import listing_changes
from models.places import conditions, deciding
from models.places.eligibility import Eligibility
from models.places.quota import Quota
from models.who.staff import organisations_of

REFUSED = Done("refused")
PLACES_MOST = 10_000


def _instant(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored).astimezone(UTC) if stored else None


def set_quota(doing: Doing, deed: SetQuota) -> Done:
    """Keep places for a town or an institution; those who wait for what they free are offered it."""
    if listing_for(doing, deed.listing) is None or not 0 <= deed.places <= PLACES_MOST:
        return REFUSED
    town, institution = deed.town or None, deed.institution or None
    if deed.quota:
        known = doing.session.get(Quota, deed.quota)
        if known is None or known.listing_id != deed.listing:
            return Done("gone")
        town, institution = known.town_id, known.institution_id
    ended = conditions.set_quota(
        doing.session,
        doing.now,
        deed.listing,
        deed.places,
        town_id=town,
        institution_id=institution,
        release_at=_instant(deed.release_at),
    )
    if ended.outcome != "saved":
        return Done(ended.outcome, {"taken": ended.taken, "left": ended.left})
    about = {"town": town} if town else {"institution": institution}
    index_listing(doing.session, deed.listing)
    doing.audit("quota.set", f"listing:{deed.listing}", places=deed.places, **about)
    return Done("saved", {"offered": running.fill_all(doing, deed.listing)})


def release(doing: Doing, deed: ReleaseQuotas) -> Done:
    """Open what quotas keep to everybody, and offer it to those who wait."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    released = conditions.release(doing.session, doing.now, deed.listing, deed.quota or None)
    if not released:
        return Done("gone")
    index_listing(doing.session, deed.listing)
    doing.audit("quota.released", f"listing:{deed.listing}", by="staff", quotas=released)
    return Done("released", {"offered": running.fill_all(doing, deed.listing)})


def set_window(doing: Doing, deed: SetWindow) -> Done:
    """From when and until when; who asked to hear of the opening hears of the new one."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    opens, closes = _instant(deed.opens_at), _instant(deed.closes_at)
    if not conditions.set_window(doing.session, deed.listing, opens, closes):
        return Done("order")
    listing = listing_for(doing, deed.listing)
    waiting = select(Reminder).where(
        Reminder.about == OPENING, Reminder.about_id == deed.listing, Reminder.state.in_(("planned", "missed"))
    )
    for row in doing.session.scalars(waiting).all():
        if listing is not None and opens is not None and opens > doing.now:
            plan_opening(doing, listing, row.recipient_id)
        elif row.state == "planned":
            row.due_at = doing.now
    index_listing(doing.session, deed.listing)
    doing.audit("listing.window", f"listing:{deed.listing}", opens=deed.opens_at, closes=deed.closes_at)
    return Done("saved")


def set_least(doing: Doing, deed: SetLeast) -> Done:
    """How many are needed."""
    if listing_for(doing, deed.listing) is None or not 0 <= deed.least <= PLACES_MOST:
        return REFUSED
    conditions.set_least(doing.session, deed.listing, deed.least)
    doing.audit("listing.least", f"listing:{deed.listing}", least=deed.least)
    return Done("saved")


def set_checked(doing: Doing, deed: SetChecked) -> Done:
    """Whether it is checked who may take part."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    conditions.set_checked(doing.session, deed.listing, checked=deed.checked)
    doing.audit("listing.checked", f"listing:{deed.listing}", checked=deed.checked)
    return Done("saved")


def set_audience(doing: Doing, deed: SetAudience) -> Done:
    """Whom it is for."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    if not conditions.set_audience(doing.session, deed.listing, deed.audience):
        return REFUSED
    doing.audit("listing.audience", f"listing:{deed.listing}", audience=deed.audience)
    return Done("saved")


def set_after(doing: Doing, deed: SetAfter) -> Done:
    """What comes first."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    outcome = conditions.set_after(doing.session, deed.listing, deed.after or None)
    if outcome == "gone":
        return REFUSED
    if outcome == "saved":
        doing.audit("listing.after", f"listing:{deed.listing}", after=deed.after or None)
    return Done(outcome)


def set_drop_in(doing: Doing, deed: SetDropIn) -> Done:
    """Whether people just come."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    outcome = conditions.set_drop_in(doing.session, doing.now, deed.listing, drop_in=deed.drop_in)
    if outcome == "gone":
        return REFUSED
    if outcome == "saved":
        doing.audit("listing.drop_in", f"listing:{deed.listing}", drop_in=deed.drop_in)
    return Done(outcome)


def add_institution(doing: Doing, deed: AddInstitution) -> Done:
    """Add an institution, or find it by its name."""
    if not organisations_of(doing.session, doing.person_id):
        return REFUSED
    made = conditions.add_institution(doing.session, deed.town, deed.name.strip()[:80], doing.voice.language.base)
    if made is None:
        return REFUSED
    doing.audit("institution.added", f"institution:{made.id}", town=deed.town)
    return Done("added", {"institution": made.id})


# ---------------------------------------------------------------- decisions


def decide(doing: Doing, deed: DecideEligibility) -> Done:
    """Decide whether somebody may take part: recorded with who decided, never with a ground."""
    asked = own(doing, Eligibility, deed.asked)
    if asked is None:
        return REFUSED
    decided = deciding.decide(
        doing.session,
        doing.now,
        deed.asked,
        doing.person_id,
        hold(doing.now, doing.rules),
        eligible=deed.eligible,
        everywhere=deed.everywhere,
    )
    if decided.outcome != "decided":
        return Done("gone")
    doing.audit("eligibility.decided", f"eligibility:{deed.asked}", eligible=deed.eligible, everywhere=deed.everywhere)
    running.tell_decided(doing, asked, decided)
    return Done("decided", {"booked": len(decided.booked)})


def anyway(doing: Doing, deed: GroupAnyway) -> Done:
    """A group that is too small takes place."""
    if listing_for(doing, deed.listing) is None:
        return REFUSED
    if not conditions.takes_place_anyway(doing.session, deed.listing):
        return Done("gone")
    doing.audit("group.anyway", f"listing:{deed.listing}")
    return Done("noted")


def cancel_group(doing: Doing, deed: CancelGroup) -> Done:
    """A group that is too small is cancelled: everybody is told once, of the first meeting and for all of them."""
    listing = listing_for(doing, deed.listing)
    if listing is None:
        return REFUSED
    meetings = listing_changes.sessions_of(doing.session, deed.listing, after=doing.now)
    if not meetings or listing.state != "open":
        return Done("gone")
    first = meetings[0]
    title, when = Words.of(listing.title), Moment(first.starts_at, first.zone)
    told: set[tuple[int, int]] = set()
    reached: set[int] = set()
    for meeting in sorted(meetings, key=lambda one: one.id):
        for booking in listing_changes.cancel_session(doing.session, doing.now, meeting.id) or ():
            for person_id in those_concerned(doing.session, doing.now, booking):
                if (person_id, booking.person_id) in told:
                    continue
                told.add((person_id, booking.person_id))
                name = name_for(doing.session, booking.person_id, person_id)
                say = notices.session_cancelled(title, when, "few", name, None)
                until = first.starts_at
                if doing.tell(person_id, say, "reminder", expires_at=until, listing_id=listing.id) is not None:
                    reached.add(person_id)
    listing_changes.close(doing.session, deed.listing)
    index_listing(doing.session, deed.listing)
    doing.audit("group.cancelled", f"listing:{deed.listing}", told=len(reached))
    return Done("cancelled", {"told": len(reached)})


PERFORM: Performers = {
    SetQuota: set_quota,
    ReleaseQuotas: release,
    SetWindow: set_window,
    SetLeast: set_least,
    SetChecked: set_checked,
    SetAudience: set_audience,
    SetAfter: set_after,
    SetDropIn: set_drop_in,
    AddInstitution: add_institution,
    DecideEligibility: decide,
    GroupAnyway: anyway,
    CancelGroup: cancel_group,
}
