"""Facts about resources, from the database: free seats, papers to be printed, the plan of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.facts.lookup import Lookup, once
from bot.offering.describing import noon, place_of
from bot.times.reading_dates import read_day_and_time
from conversations.facts.resources import FreeDay, FreeSlot, Paper, PlanSlot, Room, Seated
from conversations.speech import Moment, Words
from models.offers.listing import Listing
from models.offers.programme import Organisation, Site
from models.places.booking import people_of_session
from models.resources import printing, resource
from models.resources.resource import Resource, SlotState
from models.who.people import Person
from models.who.staff import organisations_of

PLAN_DAYS = 8
"""Today and the days of a week to come."""
QUEUE = ("waiting", "printed")


class KnownResources:
    """What there is to know about resources, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def _found(self, listing_id: int) -> tuple[Listing, Resource] | None:
        found = resource.resource_of(self.lookup.session, listing_id)
        return found if found is not None and found[0].state not in ("draft", "cancelled") else None

    def room(self, listing_id: int) -> Room | None:
        """A listing of seats; None where there is none that people may see."""
        found = self._found(listing_id)
        if found is None:
            return None
        listing, row = found
        session, now = self.lookup.session, self.lookup.now
        organisation = session.get(Organisation, listing.organisation_id)
        return Room(
            listing_id=listing.id,
            title=Words.of(listing.title),
            summary=Words.of(listing.summary),
            place=place_of(session, listing),
            organisation=Words.of(organisation.name) if organisation else Words(),
            bands=tuple(listing.bands),
            seats=listing.capacity,
            slot_minutes=row.slot_minutes,
            week_slots=row.week_slots,
            week_pages=row.week_pages,
            hours=tuple(
                (int(weekday), f"{opens}–{closes}")
                for weekday, spans in sorted(row.week.items())
                for opens, closes in spans
            ),
            open=listing.state == "open" and (listing.closes_at is None or listing.closes_at > now),
            invented=listing.invented,
        )

    # ------------------------------------------------------------ free seats

    def days(self, listing_id: int) -> tuple[FreeDay, ...]:
        """The days ahead with free seats."""
        found = self._found(listing_id)
        if found is None or found[0].state != "open":
            return ()
        zone = resource.zone_of(self.lookup.session, found[0])
        free = resource.free_days(self.lookup.session, self.lookup.now, *found)
        return tuple(FreeDay(day.isoformat(), noon(day, zone), slots) for day, slots in free)

    def slots(self, listing_id: int, day: str) -> tuple[FreeSlot, ...]:
        """The slots of a day (ISO) with free seats that are still to come."""
        found, wanted = self._found(listing_id), _day(day)
        if found is None or wanted is None or found[0].state != "open":
            return ()
        zone = resource.zone_of(self.lookup.session, found[0])
        return tuple(
            FreeSlot(key_of(one.starts_at), Moment(one.starts_at, zone, "time"), one.free)
            for one in resource.slots_on(self.lookup.session, *found, wanted)
            if one.free and one.starts_at > self.lookup.now
        )

    def slot(self, listing_id: int, key: str) -> Moment | None:
        """When the slot of a key begins."""
        found, at = self._found(listing_id), instant_of(key)
        if found is None or at is None:
            return None
        return Moment(at, resource.zone_of(self.lookup.session, found[0]))

    def seed(self, listing_id: int, words: str) -> dict[str, Any]:
        """What the conversation begins with: the listing; day and slot as far as they were said and are free."""
        day, slot = self._wished(listing_id, words)
        seed: dict[str, Any] = {"listing": listing_id}
        if day:
            seed |= {"way": "seat", "day": day}
        if slot:
            seed["slot"] = slot
        return seed

    def _wished(self, listing_id: int, words: str) -> tuple[str, str]:
        found = self._found(listing_id)
        if found is None:
            return "", ""
        zone = resource.zone_of(self.lookup.session, found[0])
        day, at = read_day_and_time(words, self.lookup.now, zone)
        if day is None:
            return "", ""
        free = self.slots(listing_id, day.isoformat())
        slot = next((one.key for one in free if at is not None and _wall(one.at) == (at.hour, at.minute)), "")
        return (day.isoformat(), slot) if free else ("", "")

    def used(self, listing_id: int, key: str, person_id: int) -> int:
        """How many slots somebody has in the week of a slot."""
        found, at = self._found(listing_id), instant_of(key)
        return resource.used_in_week(self.lookup.session, found[0], person_id, at) if found and at else 0

    # ------------------------------------------------------------ papers

    def pages_left(self, listing_id: int) -> int:
        """How many pages the person who talks may still have printed this week."""
        found = self._found(listing_id)
        if found is None:
            return 0
        listing, row = found
        used = printing.used_in_week(self.lookup.session, listing, self.lookup.me.person_id, self.lookup.now)
        return max(0, row.week_pages - used)

    @once
    def printers(self) -> tuple[tuple[int, Words], ...]:
        """The listings in the own town where papers are printed, with their titles."""
        session, now, me = self.lookup.session, self.lookup.now, self.lookup.me
        rows = session.scalars(
            select(Listing)
            .join(Resource, Resource.listing_id == Listing.id)
            .outerjoin(Site, Site.id == Listing.site_id)
            .where(func.coalesce(Site.town_id, Listing.town_id) == me.town_id)
            .where(Resource.week_pages > 0, Listing.state == "open")
            .where(or_(Listing.closes_at.is_(None), Listing.closes_at > now))
            .order_by(Listing.id)
        )
        return tuple((row.id, Words.of(row.title)) for row in rows if row.is_for(me.band))

    def papers(self) -> tuple[Paper, ...]:
        """What the person who talks has in the queue or can collect."""
        rows = printing.of_person(self.lookup.session, self.lookup.me.person_id)
        return tuple(self._paper(row) for row in rows)

    def queue(self, offset: int, size: int) -> tuple[tuple[Paper, ...], int]:
        """For staff: the queue of their organisations, and how long it is."""
        rows = printing.queue(self.lookup.session, self._mine())
        return tuple(self._paper(row) for row in rows[offset : offset + size]), len(rows)

    def paper(self, job_id: int) -> Paper | None:
        """For staff: one of them."""
        session = self.lookup.session
        row = session.get(printing.PrintJob, job_id)
        listing = session.get(Listing, row.listing_id) if row is not None else None
        if row is None or listing is None or listing.organisation_id not in self._mine() or row.state not in QUEUE:
            return None
        return self._paper(row)

    def _paper(self, row: printing.PrintJob) -> Paper:
        session = self.lookup.session
        listing = session.get_one(Listing, row.listing_id)
        zone = resource.zone_of(session, listing)
        return Paper(
            job_id=row.id,
            number=row.number,
            kind=row.kind,
            pages=row.pages,
            state=row.state,
            called=session.get_one(Person, row.person_id).called,
            title=Words.of(listing.title),
            place=place_of(session, listing),
            sent=Moment(row.created_at, zone, "short"),
            until=Moment(row.until, zone, "short"),
            attachment=row.attachment_id,
        )

    # ------------------------------------------------------------ staff

    def _mine(self) -> set[int]:
        return organisations_of(self.lookup.session, self.lookup.me.person_id)

    def _own(self, listing_id: int) -> tuple[Listing, Resource] | None:
        found = self._found(listing_id)
        return found if found is not None and found[0].organisation_id in self._mine() else None

    def plan_days(self, listing_id: int) -> tuple[tuple[FreeDay, bool], ...]:
        """Today and the coming days with slots, and whether the day is closed by staff."""
        found = self._own(listing_id)
        if found is None:
            return ()
        listing, row = found
        hours = resource.hours_of(self.lookup.session, listing, row)
        today = hours.today(self.lookup.now)
        listed = []
        for day in (today + timedelta(days=ahead) for ahead in range(PLAN_DAYS)):
            shut = row.days.get(day.isoformat()) == []
            states = resource.slots_on(self.lookup.session, listing, row, day)
            if states or shut:
                taken = sum(one.seats - one.free for one in states if one.session_id is not None and not one.shut)
                listed.append((FreeDay(day.isoformat(), noon(day, hours.zone), taken), shut))
        return tuple(listed)

    def plan(self, listing_id: int, day: str) -> tuple[PlanSlot, ...]:
        """The slots of a day, and who sits there."""
        found, wanted = self._own(listing_id), _day(day)
        if found is None or wanted is None:
            return ()
        zone = resource.zone_of(self.lookup.session, found[0])
        states = resource.slots_on(self.lookup.session, *found, wanted)
        return tuple(self._plan_slot(one, zone) for one in states)

    def _plan_slot(self, one: SlotState, zone: str) -> PlanSlot:
        rows = people_of_session(self.lookup.session, one.session_id) if one.session_id is not None else []
        people = tuple(Seated(booking.number, person.called) for booking, person in rows)
        return PlanSlot(
            key=key_of(one.starts_at),
            at=Moment(one.starts_at, zone, "time"),
            seats=one.seats,
            taken=len(people),
            session_id=one.session_id,
            people=people,
            shut=one.shut,
            over=one.starts_at <= self.lookup.now,
        )

    def sheets(self, listing_id: int) -> int | None:
        """How many sheets of paper are at hand; None where nobody counts."""
        found = self._own(listing_id)
        return found[1].paper if found is not None else None


def key_of(at: datetime) -> str:
    """An instant as the key of a button."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M")


def instant_of(key: str) -> datetime | None:
    """The instant (UTC) of a key; None for what is none."""
    try:
        return datetime.strptime(key, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _wall(at: Moment) -> tuple[int, int]:
    local = at.at.astimezone(ZoneInfo(at.zone))
    return local.hour, local.minute
