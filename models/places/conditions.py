"""Conditions of a listing, set by staff whose rights whoever calls has checked: quotas, windows, who it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from models.base import fresh_token
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.listing_changes import anybody_in, locked
from models.offers.programme import Town
from models.offers.series_changes import places_of_listing
from models.places.booking import ACTIVE, HOLDING, Booking
from models.places.locking import lock_session
from models.places.quota import PROFESSIONALS, Institution, Quota, quota_for, quotas_of
from models.who.people import Person

AUDIENCES = ("all", PROFESSIONALS)
ASK_BEFORE = timedelta(days=3)
"""So long before its first meeting staff are asked what to do with a group that is still too small."""


@dataclass(frozen=True, slots=True)
class QuotaSet:
    """How setting a quota ended: "saved", "too_few" (`taken` places are taken already), "too_many" (only `left` are
    left beside the other quotas and who is booked without one), "other_kind" (there are quotas by the other kind),
    or "gone".
    """

    outcome: str
    taken: int = 0
    left: int = 0


def _sessions(session: Session, now: datetime, listing_id: int) -> list[Meeting]:
    """The sessions to come at which places of a listing live, each locked."""
    ids = sorted(places_of_listing(session, now, listing_id))
    return [found for one in ids if (found := lock_session(session, one)) is not None]


def set_quota(
    session: Session,
    now: datetime,
    listing_id: int,
    places: int,
    *,
    town_id: int | None = None,
    institution_id: int | None = None,
    release_at: datetime | None = None,
) -> QuotaSet:
    """Keep so many places of every session for a town or an institution; who is booked already counts in it.

    Nobody loses a place: nothing changes where more are taken already, or where there are not so many left.
    """
    listing = locked(session, listing_id)
    if listing is None or (town_id is None) == (institution_id is None):
        return QuotaSet("gone")
    quotas = quotas_of(session, listing_id)
    if any((quota.town_id is None) != (town_id is None) for quota in quotas):
        return QuotaSet("other_kind")
    meetings = _sessions(session, now, listing_id)
    mine = next((one for one in quotas if (one.town_id, one.institution_id) == (town_id, institution_id)), None)
    if mine is None:
        mine = Quota(listing_id=listing_id, town_id=town_id, institution_id=institution_id, places=0)
    theirs = _whose(session, listing, mine, meetings)
    kept = sum(quota.places for quota in quotas if quota is not mine)
    for meeting in meetings:
        rows = [row for row in theirs if row.session_id == meeting.id and row.state in HOLDING]
        beside = _without_quota(session, meeting) - sum(row.quota_id is None for row in rows)
        if len(rows) > places:
            return QuotaSet("too_few", taken=len(rows))
        if kept + beside + places > meeting.capacity:
            return QuotaSet("too_many", left=max(0, meeting.capacity - kept - beside))
    mine.places, mine.release_at = places, release_at
    session.add(mine)
    session.flush()
    for row in theirs:
        row.quota_id = mine.id
    session.flush()
    return QuotaSet("saved")


def _whose(session: Session, listing: Listing, quota: Quota, meetings: Sequence[Meeting]) -> list[Booking]:
    """Who is booked or waits and is counted in a quota, or would be from now on."""
    rows = session.execute(
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id.in_([one.id for one in meetings]), Booking.state.in_(ACTIVE))
    ).all()
    probe = Quota(id=quota.id or -1, town_id=quota.town_id, institution_id=quota.institution_id)
    return [
        booking
        for booking, person in rows
        if (quota.id is not None and booking.quota_id == quota.id)
        or (booking.quota_id is None and quota_for(session, listing, person, [probe]) is not None)
    ]


def _without_quota(session: Session, meeting: Meeting) -> int:
    counted = select(func.count()).where(
        Booking.session_id == meeting.id, Booking.state.in_(HOLDING), Booking.quota_id.is_(None)
    )
    return session.scalar(counted) or 0


def release(session: Session, now: datetime, listing_id: int, quota_id: int | None = None) -> int:
    """End quotas of a listing, one or all: what they have not used is for everybody in turn. Returns how many."""
    if locked(session, listing_id) is None:
        return 0
    _sessions(session, now, listing_id)
    ids = [one.id for one in quotas_of(session, listing_id) if quota_id in (None, one.id)]
    if ids:
        session.execute(update(Booking).where(Booking.quota_id.in_(ids)).values(quota_id=None))
        session.execute(delete(Quota).where(Quota.id.in_(ids)))
        session.flush()
        session.expire_all()
    return len(ids)


_RELEASED = text("quota.release_at IS NOT NULL")
"""The condition of the partial index, word for word."""


def release_due(session: Session, now: datetime) -> list[int]:
    """End the quotas whose day has come (UTC); the ids of their listings."""
    rows = session.execute(
        select(Quota.listing_id, Quota.id).where(_RELEASED, Quota.release_at <= now).order_by(Quota.id)
    ).all()
    for listing_id, quota_id in rows:
        release(session, now, listing_id, quota_id)
    return sorted({listing_id for listing_id, _quota in rows})


# ---------------------------------------------------------------- when, for whom, how many


def set_window(session: Session, listing_id: int, opens_at: datetime | None, closes_at: datetime | None) -> bool:
    """From when and until when (UTC) one can enrol. False where it would close before it opens."""
    listing = locked(session, listing_id)
    if listing is None or (opens_at is not None and closes_at is not None and closes_at <= opens_at):
        return False
    listing.opens_at, listing.closes_at = opens_at, closes_at
    session.flush()
    return True


def set_least(session: Session, listing_id: int, least: int) -> bool:
    """How many people are needed, 0 for no such number. What was decided before is open again."""
    listing = locked(session, listing_id)
    if listing is None or least < 0:
        return False
    listing.least, listing.least_state = least, ""
    session.flush()
    return True


def set_checked(session: Session, listing_id: int, *, checked: bool) -> bool:
    """Whether it is checked who may take part. Who is booked already stays."""
    listing = locked(session, listing_id)
    if listing is None:
        return False
    listing.checked = checked
    session.flush()
    return True


def set_audience(session: Session, listing_id: int, audience: str) -> bool:
    """Whom it is for: everybody, or professionals with their institution. Who is booked already stays."""
    listing = locked(session, listing_id)
    if listing is None or audience not in AUDIENCES:
        return False
    listing.audience = audience
    session.flush()
    return True


def set_after(session: Session, listing_id: int, after_id: int | None) -> str:
    """What has to be completed first: "saved", "circle" where that leads back here, or "gone"."""
    listing = locked(session, listing_id)
    if listing is None:
        return "gone"
    before, seen = after_id, {listing_id}
    while before is not None:
        if before in seen:
            return "circle"
        seen.add(before)
        earlier = session.get(Listing, before)
        if earlier is None or earlier.organisation_id != listing.organisation_id:
            return "gone"
        before = earlier.after_id
    listing.after_id = after_id
    session.flush()
    return "saved"


def set_drop_in(session: Session, now: datetime, listing_id: int, *, drop_in: bool) -> str:
    """Whether people just come: "saved", "booked" where somebody has a place or waits, or "gone"."""
    listing = locked(session, listing_id)
    if listing is None or listing.block != "OFF":
        return "gone"
    _sessions(session, now, listing_id)
    if drop_in and anybody_in(session, listing_id):
        return "booked"
    listing.drop_in = drop_in
    session.flush()
    return "saved"


def add_institution(session: Session, town_id: int, name: str, language: str) -> Institution | None:
    """An institution that was not known yet, or the one of that name in that town; None without such a town."""
    if session.get(Town, town_id) is None:
        return None
    for known in session.scalars(select(Institution).where(Institution.town_id == town_id)):
        if any(str(words).casefold() == name.casefold() for words in known.name.values()):
            return known
    made = Institution(code=fresh_token(), town_id=town_id, name={language: name})
    session.add(made)
    session.flush()
    return made


# ---------------------------------------------------------------- enough people


def enrolled(session: Session, listing_id: int) -> int:
    """How many people have a place in a listing that has not been given up; each counts once."""
    counted = (
        select(func.count(Booking.person_id.distinct()))
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id == listing_id, Meeting.state == "planned", Booking.state == "booked")
    )
    return session.scalar(counted) or 0


def first_start(session: Session, now: datetime, listing_id: int) -> datetime | None:
    """When (UTC) the first meeting to come begins; None where there is none, or where it has begun already."""
    starts = select(func.min(Meeting.starts_at)).where(Meeting.listing_id == listing_id, Meeting.state == "planned")
    first = session.scalar(starts)
    return first if first is not None and first > now else None


def groups_to_look_at(session: Session, now: datetime) -> list[tuple[Listing, str]]:
    """Listings with a least number of which staff are to be told something now, each locked and noted as told.

    "reached": it is reached; "asked": its first meeting is near and it is not, so that they decide.
    """
    found: list[tuple[Listing, str]] = []
    wanting = Listing.state == "open", Listing.least > 0, Listing.least_state != "anyway"
    starts = (
        select(Meeting.listing_id, func.min(Meeting.starts_at).label("first"))
        .where(Meeting.state == "planned", Meeting.listing_id.in_(select(Listing.id).where(*wanting)))
        .group_by(Meeting.listing_id)
        .subquery()
    )
    counted = (
        select(Meeting.listing_id, func.count(Booking.person_id.distinct()).label("n"))
        .join(Booking, Booking.session_id == Meeting.id)
        .where(Meeting.state == "planned", Booking.state == "booked")
        .where(Meeting.listing_id.in_(select(Listing.id).where(*wanting)))
        .group_by(Meeting.listing_id)
        .subquery()
    )
    rows = session.execute(
        select(Listing.id, Listing.least, Listing.least_state, starts.c.first, func.coalesce(counted.c.n, 0).label("n"))
        .join(starts, starts.c.listing_id == Listing.id)
        .outerjoin(counted, counted.c.listing_id == Listing.id)
        .where(*wanting, starts.c.first > now)
        .order_by(Listing.id)
    ).all()
    for row in rows:
        wanted = "reached" if row.n >= row.least else "asked" if row.first - now <= ASK_BEFORE else ""
        if wanted == row.least_state or (not wanted and row.least_state == "asked"):
            continue
        listing = session.get_one(Listing, row.id, with_for_update=True, populate_existing=True)
        if listing.least_state not in (wanted, "anyway"):
            listing.least_state = wanted
            if wanted:
                found.append((listing, wanted))
    session.flush()
    return found


def takes_place_anyway(session: Session, listing_id: int) -> bool:
    """Staff decide that a group stays as small as it is. False where that is decided, or was reached, already."""
    listing = locked(session, listing_id)
    if listing is None or listing.state != "open" or listing.least_state not in ("", "asked"):
        return False
    listing.least_state = "anyway"
    session.flush()
    return True
