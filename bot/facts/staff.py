"""Facts for staff, from the database: limited to the organisations of the person who is talking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session as Database

from bot.campaigns.broadcasting import count
from bot.facts import costs
from bot.facts.lookup import Lookup, once
from bot.language.tongue import match_names
from bot.offering.describing import place_of
from bot.telling import after_quiet
from bot.times.planning import series
from bot.times.reading_dates import read_past_day, read_when
from bot.times.school_breaks import free_days
from conversations.blocks import WITH_DEADLINE
from conversations.facts.staff import (
    Attending,
    BroadcastRow,
    Dates,
    ListingRow,
    Named,
    NoteRow,
    NotReached,
    Reach,
    SessionRow,
    Trouble,
)
from conversations.speech import Moment, Words
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast, outcome_counts
from models.lessons.leading import leads_session
from models.messages.message import Note
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site, Subject, Town
from models.offers.series import SERIES, first_of
from models.places.attendance import MARK_BEFORE, states_at
from models.places.booking import HOLDING, Booking, people_of_session
from models.places.head_count import HeadCount
from models.visits.opening import instant
from models.who.acting import was_helper
from models.who.person import was_guardian
from models.who.staff import hears_of_registrations, organisations_of

SUGGESTED = ((1, 17), (2, 17), (3, 17), (7, 17))
"""Days from today and hours that are offered as the first date."""
SUGGESTED_DEADLINES = (7, 14, 30)
PAST_DAYS = timedelta(days=14)
TYPED_MOST = 300
"""So many of the newest listings are looked through for a name that was typed."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownStaff:
    """What only staff may know."""

    lookup: Lookup

    # ------------------------------------------------------------ who and where

    def _mine(self) -> set[int]:
        return organisations_of(self.lookup.session, self.lookup.me.person_id)

    def organisations(self) -> tuple[Named, ...]:
        """Where the person is staff or administrator."""
        rows = self.lookup.session.scalars(
            select(Organisation).where(Organisation.id.in_(self._mine())).order_by(Organisation.id)
        )
        return tuple(Named(row.id, Words.of(row.name)) for row in rows)

    def towns(self) -> tuple[Named, ...]:
        """All towns, the person's own and those of their organisation first."""
        mine = self._mine()
        if not mine:
            return ()
        session = self.lookup.session
        used = set(session.scalars(select(Listing.town_id).where(Listing.organisation_id.in_(mine)).distinct()))
        rows = session.scalars(select(Town).order_by(Town.id)).all()
        own = self.lookup.me.town_id
        ranked = sorted(rows, key=lambda town: (town.id != own, town.id not in used, town.id))
        return tuple(Named(row.id, Words.of(row.name)) for row in ranked)

    def town_typed(self, words: str) -> tuple[int, ...]:
        """Ids of the towns that were typed, best first."""
        towns = self.towns()
        exact, near = match_names(words, tuple(town.name for town in towns))
        return (towns[exact].id,) if exact is not None else tuple(towns[index].id for index in near)

    def town_name(self, town_id: int) -> Words:
        """The name of a town."""
        town = self.lookup.session.get(Town, town_id)
        return Words.of(town.name) if town else Words()

    def sites(self, town_id: int) -> tuple[Named, ...]:
        """The known places in a town."""
        rows = self.lookup.session.scalars(select(Site).where(Site.town_id == town_id).order_by(Site.id))
        return tuple(Named(row.id, Words.of(row.name)) for row in rows) if self._mine() else ()

    def subjects(self) -> tuple[Named, ...]:
        """All subjects."""
        rows = self.lookup.session.scalars(select(Subject).order_by(Subject.id))
        return tuple(Named(row.id, Words.of(row.name), row.icon) for row in rows) if self._mine() else ()

    # ------------------------------------------------------------ time

    def _zone(self, town_id: int | None) -> str:
        town = self.lookup.session.get(Town, town_id) if town_id is not None else None
        return town.zone if town else self.lookup.rules.zone

    def _country(self, town_id: int | None) -> str:
        town = self.lookup.session.get(Town, town_id) if town_id is not None else None
        return town.country if town else self.lookup.me.country

    def read_when(self, words: str, town_id: int | None, *, end_of_day: bool = False) -> Moment | Trouble:
        """The moment that was typed, in the wall time of the town, or why it is none."""
        zone = self._zone(town_id)
        found = read_when(words, self.lookup.now, zone, end_of_day=end_of_day)
        return Moment(found, zone) if isinstance(found, datetime) else found

    def suggested(self, town_id: int | None, *, deadline: bool = False) -> tuple[tuple[str, Moment], ...]:
        """Likely moments, each with the key that `read_when` reads."""
        zone = self._zone(town_id)
        today = self.lookup.now.astimezone(ZoneInfo(zone)).date()
        wanted = (
            [(days, time(23, 59)) for days in SUGGESTED_DEADLINES]
            if deadline
            else [(days, time(hour)) for days, hour in SUGGESTED]
        )
        found = []
        for days, at in wanted:
            then = instant(today + timedelta(days=days), at, zone)
            if then is not None:
                local = then.astimezone(ZoneInfo(zone))
                found.append((f"{local:%Y-%m-%d_%H%M}", Moment(then, zone)))
        return tuple(found)

    def moment(self, at: str, town_id: int | None) -> Moment:
        """A stored instant (ISO, UTC) as it is spoken in a town."""
        return Moment(datetime.fromisoformat(at).astimezone(UTC), self._zone(town_id))

    def last_days(self) -> tuple[tuple[str, Moment], ...]:
        """Today and yesterday, each with the key that `past_day` reads."""
        zone, today = ZoneInfo(self.lookup.rules.zone), self._today()
        return tuple(
            (day.isoformat(), Moment(datetime.combine(day, time(12), zone).astimezone(UTC), zone.key, "date"))
            for day in (today, today - DAY)
        )

    def past_day(self, words: str) -> str | None:
        """The day (ISO) that was typed, if it is today or over; None for what is no such day."""
        found = read_past_day(words, self._today())
        return found.isoformat() if found else None

    def day(self, day: str) -> str:
        """A day (ISO) as it is written, with its year."""
        return date.fromisoformat(day).strftime("%d.%m.%Y.")

    def _today(self) -> date:
        return self.lookup.now.astimezone(ZoneInfo(self.lookup.rules.zone)).date()

    def dates(self, draft: Mapping[str, Any]) -> Dates:
        """The meetings that a draft with first, every, times, town and keep_holidays comes to."""
        town = draft.get("town")
        zone = self._zone(town)
        plan = series(
            datetime.fromisoformat(draft["first"]),
            zone,
            self._country(town),
            every_days=int(draft.get("every") or 0),
            times=int(draft.get("times") or 1),
            keep_holidays=bool(draft.get("keep_holidays")),
            breaks=free_days(self.lookup.session, self._mine(), self._country(town), draft.get("site")),
        )
        return Dates(
            tuple(Moment(at, zone) for at in plan.starts),
            tuple(Moment(at, zone, "date") for at in plan.holidays),
            len(plan.gaps),
        )

    def night(self) -> Moment | None:
        """When people may be written to again, if it is their night now."""
        zone = self.lookup.rules.zone
        opens = after_quiet(self.lookup.now, zone, self.lookup.rules)
        return Moment(opens, zone) if opens > self.lookup.now else None

    # ------------------------------------------------------------ listings and sessions

    @once
    def listings(self, offset: int, size: int) -> tuple[tuple[ListingRow, ...], int]:
        """The organisations' listings, open ones first, and how many there are."""
        wanted = select(Listing).where(Listing.organisation_id.in_(self._mine()), Listing.state != "cancelled")
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = self.lookup.session.scalars(
            wanted.order_by(Listing.state != "open", Listing.created_at.desc(), Listing.id.desc())
            .offset(offset)
            .limit(size)
        )
        return tuple(self._listing(row) for row in rows), total

    def listing_typed(self, words: str) -> str | None:
        """The listing whose name was typed, if it is surely one."""
        wanted = select(Listing).where(Listing.organisation_id.in_(self._mine()), Listing.state != "cancelled")
        rows = self.lookup.session.scalars(wanted.order_by(Listing.id.desc()).limit(TYPED_MOST)).all()
        exact, near = match_names(words, tuple(Words.of(row.title) for row in rows))
        found = exact if exact is not None else near[0] if len(near) == 1 else None
        return str(rows[found].id) if found is not None else None

    @once
    def listing(self, listing_id: int) -> ListingRow | None:
        """One of them."""
        row = self.lookup.session.get(Listing, listing_id)
        return self._listing(row) if row is not None and row.organisation_id in self._mine() else None

    def _listing(self, row: Listing) -> ListingRow:
        session = self.lookup.session
        to_come = select(Meeting).where(
            Meeting.listing_id == row.id, Meeting.state == "planned", Meeting.starts_at > self.lookup.now
        )
        following = session.scalars(to_come.order_by(Meeting.starts_at).limit(1)).first()
        each_once = func.count(Booking.person_id.distinct())
        booked = select(each_once).select_from(Booking).join(Meeting, Meeting.id == Booking.session_id)
        applied = select(func.count()).select_from(Application).where(Application.listing_id == row.id)
        people = booked.where(Meeting.listing_id == row.id, Booking.state.in_(HOLDING))
        registered = applied.where(Application.state != "withdrawn")
        town = session.get(Town, row.town_id) if row.town_id is not None else None
        return ListingRow(
            id=row.id,
            code=row.code,
            title=Words.of(row.title),
            summary=Words.of(row.summary),
            block=row.block,
            kind=row.kind,
            state=row.state,
            town=Words.of(town.name) if town else Words(),
            town_id=row.town_id,
            capacity=row.capacity,
            sessions=session.scalar(select(func.count()).select_from(to_come.subquery())) or 0,
            next_at=Moment(following.starts_at, following.zone) if following else None,
            closes_at=Moment(row.closes_at, self._zone(row.town_id)) if row.closes_at else None,
            people=session.scalar(registered if row.block in WITH_DEADLINE else people) or 0,
            series=row.enrols == SERIES,
        )

    @once
    def sessions(self, listing_id: int) -> tuple[SessionRow, ...]:
        """The planned sessions of a listing that have not ended."""
        wanted = (
            select(Meeting, Listing)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(
                Meeting.listing_id == listing_id,
                Listing.organisation_id.in_(self._mine()),
                Meeting.state == "planned",
                Meeting.ends_at > self.lookup.now,
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
        return tuple(self._session(row[0], row[1]) for row in self.lookup.session.execute(wanted))

    @once
    def meetings(
        self, offset: int, size: int, *, today: bool = False, listing: int = 0
    ) -> tuple[tuple[SessionRow, ...], int]:
        """Sessions of the organisations, or of one listing: today's first, then those to come, then the last weeks'."""
        now = self.lookup.now
        zone = ZoneInfo(self.lookup.rules.zone)
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        tomorrow = midnight + timedelta(days=1)
        this_day = and_(Meeting.starts_at >= midnight, Meeting.starts_at < tomorrow)
        wanted = (
            select(Meeting, Listing)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.organisation_id.in_(self._mine()), Meeting.state == "planned")
        )
        if listing:
            wanted = wanted.where(Meeting.listing_id == listing)
        if today:
            wanted = wanted.where(this_day)
        else:
            wanted = wanted.where(or_(Meeting.starts_at >= midnight - PAST_DAYS, this_day))
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        order = case((this_day, 0), (Meeting.starts_at >= tomorrow, 1), else_=2)
        rows = self.lookup.session.execute(
            wanted.order_by(order, Meeting.starts_at, Meeting.id).offset(offset).limit(size)
        )
        return tuple(self._session(row[0], row[1]) for row in rows), total

    @once
    def session(self, session_id: int) -> SessionRow | None:
        """One of them."""
        row = self.lookup.session.get(Meeting, session_id)
        listing = self.lookup.session.get(Listing, row.listing_id) if row else None
        if row is None or listing is None:
            return None
        me = self.lookup.me.person_id
        if listing.organisation_id not in self._mine() and not leads_session(
            self.lookup.session, self.lookup.now, me, row
        ):
            return None
        return self._session(row, listing)

    def _session(self, row: Meeting, listing: Listing) -> SessionRow:
        places = first_of(self.lookup.session, row)
        waiting = select(func.count()).where(Booking.session_id == places.id, Booking.state == "waiting")
        known = list(states_at(self.lookup.session, row.id).values())
        return SessionRow(
            id=row.id,
            listing_id=listing.id,
            title=Words.of(listing.title),
            at=Moment(row.starts_at, row.zone),
            place=place_of(self.lookup.session, listing, row),
            capacity=places.capacity,
            taken=places.taken,
            waiting=self.lookup.session.scalar(waiting) or 0,
            coming=known.count("coming"),
            came=known.count("present"),
            begun=row.starts_at - MARK_BEFORE <= self.lookup.now,
            over=row.starts_at <= self.lookup.now or row.state != "planned",
            drop_in=listing.drop_in,
            heads=counted.total if (counted := self.lookup.session.get(HeadCount, row.id)) else None,
            topic=Words.of(row.topic),
        )

    @once
    def people(self, session_id: int) -> tuple[Attending, ...]:
        """Everybody with a place, then everybody who waits, in order."""
        session = self.lookup.session
        if self.session(session_id) is None:
            return ()
        known = states_at(session, session_id)
        places = first_of(session, session.get_one(Meeting, session_id))
        return tuple(
            Attending(
                booking.id,
                booking.number,
                person.called,
                booking.state,
                known.get(booking.id, ""),
                _booked_by(session, booking),
            )
            for booking, person in people_of_session(session, places.id)
        )

    # ------------------------------------------------------------ broadcasts

    def reach(self, draft: Mapping[str, Any]) -> Reach:
        """How many people a broadcast to that audience at that time would reach."""
        if not self._mine():
            return Reach(0)
        at = max(datetime.fromisoformat(draft["due"]), self.lookup.now) if draft.get("due") else self.lookup.now
        audience, free_only = Audience.of(draft), bool(draft.get("free_only"))
        known = self.lookup.session.info.setdefault("reach", {})  # a question and its answers ask for the same
        counted = known.get((at, audience, free_only))
        if counted is None:
            counted = count(
                self.lookup.session, self.lookup.rules, at, audience, now=self.lookup.now, free_only=free_only
            )
            known[at, audience, free_only] = counted
        zone = self.lookup.rules.zone
        opens = after_quiet(at, zone, self.lookup.rules)
        paid = tuple(costs.told(cost, self.lookup.me.tag) for cost in counted.costs)
        return Reach(counted.reached, counted.left_out, Moment(opens, zone) if opens > self.lookup.now else None, paid)

    def broadcasts(self, offset: int, size: int) -> tuple[tuple[BroadcastRow, ...], int]:
        """The organisations' broadcasts, newest first."""
        wanted = select(Broadcast).where(Broadcast.organisation_id.in_(self._mine()))
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = self.lookup.session.scalars(wanted.order_by(Broadcast.id.desc()).offset(offset).limit(size))
        return tuple(self._broadcast(row) for row in rows), total

    def broadcast(self, broadcast_id: int) -> BroadcastRow | None:
        """One of them."""
        row = self.lookup.session.get(Broadcast, broadcast_id)
        return self._broadcast(row) if row is not None and row.organisation_id in self._mine() else None

    def _broadcast(self, row: Broadcast) -> BroadcastRow:
        return BroadcastRow(
            id=row.id,
            words=Words.of(row.texts),
            state=row.state,
            due_at=Moment(row.due_at or row.created_at, self.lookup.rules.zone),
            counted=row.counted,
            counts=tuple(sorted(outcome_counts(self.lookup.session, row.id).items())),
        )

    # ------------------------------------------------------------ notes

    def hears_of_registrations(self) -> bool:
        """True unless the person has switched notices about registrations off."""
        return hears_of_registrations(self.lookup.session, self.lookup.me.person_id)

    def notes(self) -> tuple[NoteRow, ...]:
        """What nobody has looked at yet."""
        if not self._mine():
            return ()
        session, zone = self.lookup.session, self.lookup.rules.zone
        rows = session.scalars(select(Note).where(Note.seen_at.is_(None)).order_by(Note.id.desc()).limit(50))
        return tuple(
            NoteRow(
                str(row.id),
                row.kind,
                row.about,
                Moment(row.created_at, zone, "short"),
                costs.shortage(self.lookup, row.about) if row.kind == "budget" else None,
            )
            for row in rows
        )

    def not_reached(self) -> tuple[NotReached, ...]:
        """Whom nobody reminded of a meeting still to come, for want of money: the soonest first, at most ten."""
        return costs.not_reached(self.lookup, self._mine())

    def note(self, key: str) -> NoteRow | None:
        """One of them."""
        return next((row for row in self.notes() if row.key == key), None)


def _booked_by(session: Database, booking: Booking) -> str:
    """What whoever booked for a person was to them then; "" where they did it themself. No name is in it."""
    by, whose = booking.booked_by_id, booking.person_id
    if by == whose:
        return ""
    if was_guardian(session, by, whose):
        return "guardian"
    return "helper" if was_helper(session, by, whose, booking.created_at) else "other"
