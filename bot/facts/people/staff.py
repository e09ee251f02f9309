"""Facts for staff, from the database: limited to the organisations of the person who is talking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select

from bot.campaigns.judging import count
from bot.facts.helping import costs
from bot.facts.lookup import Lookup, once
from bot.facts.offers import staff_times as times
from bot.facts.offers.staff_rows import attending, broadcast_row, listing_row, session_row, told, unseen_notes
from bot.language.tongue import match_names
from bot.telling import after_quiet
from bot.times.reading_dates import read_past_day, read_when
from conversations.facts.staff import (
    Attending,
    BroadcastRow,
    Dates,
    ListingRow,
    Named,
    NoteRow,
    NotReached,
    NotTold,
    Reach,
    SessionRow,
    Trouble,
)
from conversations.speech import Moment, Words
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast
from models.lessons.leading import leads_session
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site, Subject, Town
from models.who.staff import hears_of_registrations, organisations_of

PAST_DAYS = timedelta(days=14)
TYPED_MOST = 300
"""So many of the newest listings are looked through for a name that was typed."""


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

    def read_when(self, words: str, town_id: int | None, *, end_of_day: bool = False) -> Moment | Trouble:
        """The moment that was typed, in the wall time of the town, or why it is none."""
        zone = times.zone_of(self.lookup, town_id)
        found = read_when(words, self.lookup.now, zone, end_of_day=end_of_day)
        return Moment(found, zone) if isinstance(found, datetime) else found

    def suggested(self, town_id: int | None, *, deadline: bool = False) -> tuple[tuple[str, Moment], ...]:
        """Likely moments, each with the key that `read_when` reads."""
        return times.suggested(self.lookup, town_id, deadline=deadline)

    def moment(self, at: str, town_id: int | None) -> Moment:
        """A stored instant (ISO, UTC) as it is spoken in a town."""
        return Moment(datetime.fromisoformat(at).astimezone(UTC), times.zone_of(self.lookup, town_id))

    def last_days(self) -> tuple[tuple[str, Moment], ...]:
        """Today and yesterday, each with the key that `past_day` reads."""
        return times.last_days(self.lookup)

    def past_day(self, words: str) -> str | None:
        """The day (ISO) that was typed, if it is today or over; None for what is no such day."""
        found = read_past_day(words, times.today(self.lookup))
        return found.isoformat() if found else None

    def day(self, day: str) -> str:
        """A day (ISO) as it is written, with its year."""
        return date.fromisoformat(day).strftime("%d.%m.%Y.")

    def dates(self, draft: Mapping[str, Any]) -> Dates:
        """The meetings that a draft with first, every, times, town and keep_holidays comes to."""
        return times.dates(self.lookup, draft, self._mine())

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
        return tuple(listing_row(self.lookup, row) for row in rows), total

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
        return listing_row(self.lookup, row) if row is not None and row.organisation_id in self._mine() else None

    @once
    def sessions(self, listing_id: int) -> tuple[SessionRow, ...]:
        """The sessions of a listing: those that have not ended, then those of the last weeks, the latest first."""
        now = self.lookup.now
        wanted = (
            select(Meeting, Listing)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(
                Meeting.listing_id == listing_id,
                Listing.organisation_id.in_(self._mine()),
                Meeting.state == "planned",
                Meeting.ends_at > now - PAST_DAYS,
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
        found = [(row[0], row[1]) for row in self.lookup.session.execute(wanted)]
        ahead = [one for one in found if one[0].ends_at > now]
        past = [one for one in reversed(found) if one[0].ends_at <= now]
        return tuple(session_row(self.lookup, *one) for one in (*ahead, *past))

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
        return tuple(session_row(self.lookup, row[0], row[1]) for row in rows), total

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
        return session_row(self.lookup, row, listing)

    @once
    def told(self, session_id: int) -> int:
        """How many people hear of it when that meeting is moved or called off: guardians too."""
        return told(self.lookup, session_id) if self.session(session_id) is not None else 0

    @once
    def people(self, session_id: int) -> tuple[Attending, ...]:
        """Everybody with a place, then everybody who waits, in order."""
        return attending(self.lookup.session, session_id) if self.session(session_id) is not None else ()

    # ------------------------------------------------------------ broadcasts

    def reach(self, draft: Mapping[str, Any]) -> Reach:
        """How many people a broadcast to that audience at that time would reach."""
        if not self._mine():
            return Reach(0)
        at = max(datetime.fromisoformat(draft["due"]), self.lookup.now) if draft.get("due") else self.lookup.now
        audience, free_only = Audience.of(draft), bool(draft.get("free_only"))
        known = self.lookup.session.info.setdefault("reach", {})  # a question and its answers ask for the same
        messages = 2 if draft.get("attachment") else 1
        counted = known.get((at, audience, free_only, messages))
        if counted is None:
            counted = count(
                self.lookup.session,
                self.lookup.rules,
                at,
                audience,
                now=self.lookup.now,
                free_only=free_only,
                messages=messages,
            )
            known[at, audience, free_only, messages] = counted
        zone = self.lookup.rules.zone
        opens = after_quiet(at, zone, self.lookup.rules)
        paid = tuple(costs.told(cost, self.lookup.me.tag) for cost in counted.costs)
        return Reach(counted.reached, counted.left_out, Moment(opens, zone) if opens > self.lookup.now else None, paid)

    def broadcasts(self, offset: int, size: int) -> tuple[tuple[BroadcastRow, ...], int]:
        """The organisations' broadcasts, newest first."""
        wanted = select(Broadcast).where(Broadcast.organisation_id.in_(self._mine()))
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = self.lookup.session.scalars(wanted.order_by(Broadcast.id.desc()).offset(offset).limit(size))
        return tuple(broadcast_row(self.lookup, row) for row in rows), total

    def broadcast(self, broadcast_id: int) -> BroadcastRow | None:
        """One of them."""
        row = self.lookup.session.get(Broadcast, broadcast_id)
        return broadcast_row(self.lookup, row) if row is not None and row.organisation_id in self._mine() else None

    # ------------------------------------------------------------ notes

    def hears_of_registrations(self) -> bool:
        """True unless the person has switched notices about registrations off."""
        return hears_of_registrations(self.lookup.session, self.lookup.me.person_id)

    def notes(self) -> tuple[NoteRow, ...]:
        """What nobody has looked at yet."""
        return unseen_notes(self.lookup) if self._mine() else ()

    def not_told(self) -> tuple[NotTold, ...]:
        """Who could not be told something else for want of money: the newest first, at most twenty."""
        return costs.not_told(self.lookup, self._mine())

    def not_reached(self) -> tuple[NotReached, ...]:
        """Whom nobody reminded of a meeting still to come, for want of money: the soonest first, at most ten."""
        return costs.not_reached(self.lookup, self._mine())

    def note(self, key: str) -> NoteRow | None:
        """One of them."""
        return next((row for row in self.notes() if row.key == key), None)
