"""Taking places in a session, under its lock: for one person, or for several and for all of them or nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.attending.attendance import has_completed
from models.house import next_number
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import joins_until
from models.places import eligibility
from models.places.agenda import overlapping
from models.places.booking import Booking, active_booking
from models.places.locking import lock_people, lock_places, take_place
from models.places.quota import PROFESSIONALS, institution_of, quota_for, quotas_of, town_is_missing
from models.places.room import ahead_of, is_their_turn, line_of, room_of
from models.places.together import decided_by
from models.visits.appointment import Appointment
from models.who.acting import speaks_for
from models.who.people import Person


@dataclass(frozen=True, slots=True)
class Booked:
    """How an attempt to book ended.

    Outcomes: "booked"; "waiting" (`ahead` people stand before them); "already" (`booking` is the one
    they have); "full" (only of several together: not enough places, nobody was booked); "overlap"
    (`clash` is what it collides with); "closed" (no longer open to bookings); "past" (it has begun);
    "cancelled" (the session will not take place); "age" (it is for other ages); "denied" (who asks may
    not speak for them). `others` are the bookings that stand or fall with it.

    By the conditions of the listing: "early" (it does not take bookings yet); "drop_in" (nothing is booked, people
    just come); "institution" (it is for professionals, and where they work is not known); "town" (places are kept by
    town, and theirs is not known); "after" (something else has to be completed first); "checking" (they wait in the
    line until it is decided whether they may take part); "ineligible" (it was decided that they may not).
    """

    outcome: str
    booking: Booking | None = None
    ahead: int = 0
    clash: Booking | Appointment | None = None
    others: tuple[Booking, ...] = ()


def why_not(session: Session, now: datetime, meeting: Meeting) -> str:
    """Why a session cannot be booked by anybody: "cancelled", "past", "closed", or "" when it can."""
    listing = session.get_one(Listing, meeting.listing_id)
    if meeting.state == "cancelled" or listing.state == "cancelled":
        return "cancelled"
    if joins_until(session, meeting) <= now:
        return "past"
    if listing.state != "open" or (listing.closes_at is not None and listing.closes_at <= now):
        return "closed"
    if listing.drop_in:
        return "drop_in"
    return "early" if listing.opens_at is not None and listing.opens_at > now else ""


def book(session: Session, now: datetime, *, session_id: int, person_id: int, booked_by_id: int) -> Booked:
    """Book a place for a person, or the last place of the waiting list. See `Booked` for how it ends.

    Whoever is waiting and next in line gets a place that has become free by asking again.
    """
    return _book_all(session, now, session_id, (person_id,), booked_by_id)[person_id]


def book_together(
    session: Session,
    now: datetime,
    *,
    session_id: int,
    person_ids: Sequence[int],
    booked_by_id: int,
    wait: bool = False,
) -> dict[int, Booked]:
    """Book places for several people, for all or for nobody (brothers and sisters).

    Where one of them stands in the way, nobody is booked: that one's outcome says why and the others'
    is "full". Whoever is booked already counts as booked. With `wait` those for whom there are not enough
    places wait together: they are offered places once there is one for each.
    """
    return _book_all(session, now, session_id, tuple(dict.fromkeys(person_ids)), booked_by_id, wait=wait)


def _book_all(
    session: Session,
    now: datetime,
    session_id: int,
    person_ids: tuple[int, ...],
    booked_by_id: int,
    *,
    wait: bool = False,
) -> dict[int, Booked]:
    people = lock_people(session, person_ids)
    if len(people) == len(person_ids) and any(person.merged_into_id for person in people.values()):
        became = {one: people[one].merged_into_id or one for one in person_ids}
        known = _book_all(session, now, session_id, tuple(dict.fromkeys(became.values())), booked_by_id, wait=wait)
        return {one: known[became[one]] for one in person_ids}
    meeting = lock_places(session, session_id)
    if meeting is None or set(people) != set(person_ids):
        return dict.fromkeys(person_ids, Booked("closed"))
    refused = why_not(session, now, meeting)
    if refused:
        return dict.fromkeys(person_ids, Booked(refused))
    hindered = {
        one: found for one in person_ids if (found := _hindrance(session, now, meeting, people[one], booked_by_id))
    }
    if any(found.outcome not in ("already", "checking") for found in hindered.values()):
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    listing = session.get_one(Listing, meeting.listing_id)
    quotas = quotas_of(session, listing.id)
    wanting = {one: quota_for(session, listing, people[one], quotas) for one in person_ids if one not in hindered}
    unsure = any(eligibility.decision(session, now, listing, one) is None for one in wanting)
    room = room_of(session, meeting)
    room.use(line_of(session, meeting.id))
    new = {one: quota for one, quota in wanting.items() if active_booking(session, meeting.id, one) is None}
    short = len(person_ids) > 1 and (unsure or not room.fits(Counter(new.values())))
    if short and not wait and not unsure:
        return {one: hindered.get(one, Booked("full")) for one in person_ids}
    made: dict[int, Booked] = {}
    for one, quota in wanting.items():
        free = not short and room.fits({quota: 1})
        made[one] = _enter(session, now, meeting, one, booked_by_id, quota=quota, free=free)
        if one in new:
            room.use({quota: 1})
    if short:
        _wait_together(session, [ended.booking for ended in made.values() if ended.booking is not None])
    return {one: hindered.get(one) or made[one] for one in person_ids}


def _wait_together(session: Session, rows: list[Booking]) -> None:
    """Those who wait now stand or fall together; whoever waited before keeps their own turn."""
    waiting = [row for row in rows if row.state == "waiting" and row.together_id is None]
    if len(waiting) > 1:
        for row in waiting:
            row.together_id = waiting[0].id
        session.flush()


def _hindrance(session: Session, now: datetime, meeting: Meeting, person: Person, actor_id: int) -> Booked | None:
    """What stands in one person's way; a place that is free and theirs by turn does not."""
    if person.erased_at is not None or not speaks_for(session, actor_id, person.id, now):
        return Booked("denied")
    listing = session.get_one(Listing, meeting.listing_id)
    if not listing.is_for(person.band):
        return Booked("age")
    mine = active_booking(session, meeting.id, person.id)
    if mine is not None and mine.state == "booked":
        return Booked("already", mine)
    refused = unmet(session, now, listing, person)
    if refused:
        return Booked(refused)
    if mine is not None and mine.state == "offered" and not decided_by(session, now, actor_id, mine):
        return Booked("already", mine)
    clash = overlapping(session, now, person.id, meeting)
    if clash is not None:
        return Booked("overlap", mine, clash=clash)
    if mine is not None and mine.state == "waiting":
        if eligibility.decision(session, now, listing, person.id) is None:
            return Booked("checking", mine, ahead=ahead_of(session, mine))
        theirs = is_their_turn(session, meeting, mine) and mine.together_id is None
        return None if theirs else Booked("already", mine, ahead=ahead_of(session, mine))
    return None


def unmet(session: Session, now: datetime, listing: Listing, person: Person) -> str:
    """Which condition of a listing a person does not meet: an outcome of `Booked`, or "" where nothing is in the way.

    Whether they may take part at all comes first and is said without its ground; not decided yet is no hindrance.
    """
    if listing.checked and eligibility.decision(session, now, listing, person.id) is False:
        return "ineligible"
    works = listing.audience == PROFESSIONALS and institution_of(session, person.id) is not None
    if listing.audience == PROFESSIONALS and not works:
        return "institution"
    if town_is_missing(listing, person, works, quotas_of(session, listing.id)):
        return "town"
    missing = listing.after_id is not None and not has_completed(session, now, person.id, listing.after_id)
    return "after" if missing else ""


def _enter(
    session: Session,
    now: datetime,
    meeting: Meeting,
    person_id: int,
    booked_by_id: int,
    *,
    quota: int | None,
    free: bool,
) -> Booked:
    """Take the place that is theirs, or stand at the end of the line; there one waits also for a decision."""
    mine = active_booking(session, meeting.id, person_id)
    if mine is not None:  # an offer that is held for them, or their turn has come
        if mine.state == "waiting" and not take_place(session, meeting):
            return Booked("already", mine, ahead=ahead_of(session, mine))
        mine.state, mine.offer_until, mine.changed_at = "booked", None, now
        session.flush()
        return Booked("booked", mine)
    listing = session.get_one(Listing, meeting.listing_id)
    unsure = eligibility.decision(session, now, listing, person_id) is None
    booked = free and not unsure and take_place(session, meeting)
    last = session.scalar(select(func.max(Booking.line)).where(Booking.session_id == meeting.id)) or 0
    mine = Booking(
        number=next_number(session, "booking"),
        session_id=meeting.id,
        person_id=person_id,
        booked_by_id=booked_by_id,
        state="booked" if booked else "waiting",
        line=last + 1,
        quota_id=quota,
        created_at=now,
        changed_at=now,
    )
    session.add(mine)
    session.flush()
    if booked:
        return Booked("booked", mine)
    if unsure:
        eligibility.ask(session, now, listing, person_id)
    return Booked("checking" if unsure else "waiting", mine, ahead=ahead_of(session, mine))
