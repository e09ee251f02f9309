"""Facts about offers, from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, text

from bot.arriving.knowing import consented
from bot.facts.conditions import KnownConditions
from bot.facts.lookup import Lookup, once
from bot.language.tongue import tongue
from bot.offering.describing import helper_of, name_for, place_of, site_and_town, venue_of
from bot.offering.units import course_of, next_unit
from bot.searching.search import Hit, Query, read_query, search
from bot.times.calendar_file import entries_file
from conversations.blocks import IN_SESSIONS
from conversations.facts.offers import Found, Gathering, Mine, Offer, Results, Somebody
from conversations.speech import Document, Moment, Venue, Words
from models.messages.reminder import plan_of
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Subject, Town
from models.offers.series import first_of, goes_on, units_of
from models.offers.sites import next_in_town, towns_of_sessions
from models.places import eligibility, quota
from models.places.attendance import states_of
from models.places.booking import ACTIVE, Booking, ahead_of, line_of, room_of, why_not
from models.visits.professional import towns_of
from models.who.acting import HELPER, covered, mandates_of, may_change, sharers_of
from models.who.people import Guardianship, Person

WEEK = timedelta(days=7)
DATES_MOST = 24
"""The most sessions of a listing that are shown to choose from."""


class KnownOffers:
    """What there is to know about offers, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    # ------------------------------------------------------------ looking around

    @once
    def search(
        self,
        *,
        words: str = "",
        kind: str = "",
        subject: int = 0,
        town: int = 0,
        week: bool = False,
        offset: int,
        limit: int,
    ) -> Results:
        """Open listings that fit, own town and nearest sessions first. `week`: in the next seven days."""
        session, now = self.lookup.session, self.lookup.now
        until = now + WEEK if week else None
        query = Query(kind=kind, subject=subject, town=town, until=until, home=self.lookup.me.town_id or 0)
        if words:
            query = read_query(session, now, words, self.lookup.rules.zone, query)
        hits, beside = self._hits(query), ""
        if not hits and query.days:
            query, beside = replace(query, days=frozenset(), until=until), "day"
            hits = self._hits(query)
        if not hits and query.town != town and query.terms:
            query, beside = replace(query, town=town), "town"
            hits = self._hits(query)
        home = self.lookup.me.town_id
        if hits and not (beside or kind or subject or query.town or week) and home and self._away(hits[0], home):
            beside = "home"
        near = query.town or home or 0
        return Results(tuple(self._found(hit, near) for hit in hits[offset : offset + limit]), len(hits), beside)

    def _away(self, hit: Hit, home: int) -> bool:
        """Whether a listing is in another town. What is in no town is near to everybody."""
        session = self.lookup.session
        _site, town = site_and_town(session, session.get_one(Listing, hit.listing_id))
        given = (*towns_of(session, hit.listing_id), *towns_of_sessions(session, hit.listing_id))
        return town is not None and town.id != home and home not in given

    @once
    def _hits(self, query: Query) -> list[Hit]:
        """What a query finds: the same whichever of it is shown."""
        return search(self.lookup.session, self.lookup.now, query)

    def _found(self, hit: Hit, near: int = 0) -> Found:
        """A result; of a listing at several sites its next session in the town that is asked for, or one's own."""
        session = self.lookup.session
        listing = session.get_one(Listing, hit.listing_id)
        _site, town = site_and_town(session, listing)
        if hit.block == "OFF" and near and len(towns_of_sessions(session, listing.id)) > 1:
            nearest = next_in_town(session, self.lookup.now, listing.id, near)
            if nearest is not None:
                hit, town = replace(hit, at=nearest.starts_at), session.get(Town, near)
        zone = town.zone if town else self.lookup.rules.zone
        free = 0
        if hit.block == "OFF" and hit.at is not None:
            meeting = session.scalars(
                select(Meeting).where(
                    Meeting.listing_id == listing.id, Meeting.starts_at == hit.at, Meeting.state == "planned"
                )
            ).first()
            if meeting is not None:
                zone = meeting.zone
                free = self._free(first_of(session, meeting), listing)
        return Found(
            listing_id=listing.id,
            title=Words.of(listing.title),
            town=Words.of(town.name) if town else Words(),
            when=Moment(hit.at, zone) if hit.at else None,
            deadline=hit.block not in IN_SESSIONS,
            places=free,
            drop_in=listing.drop_in,
        )

    def kinds(self) -> tuple[str, ...]:
        """The kinds of what is open now, the most frequent first."""
        count = func.count(Listing.id)
        rows = select(Listing.kind).where(Listing.state == "open").group_by(Listing.kind)
        return tuple(self.lookup.session.scalars(rows.order_by(count.desc(), Listing.kind)))

    def subjects(self) -> tuple[tuple[int, Words], ...]:
        """Subjects of what is open now: id and name."""
        used = select(Listing.subject_id).where(Listing.state == "open")
        rows = self.lookup.session.scalars(select(Subject).where(Subject.id.in_(used)).order_by(Subject.id))
        return tuple((subject.id, Words.of(subject.name)) for subject in rows)

    def towns(self) -> tuple[tuple[int, Words], ...]:
        """Towns where something is open now, the person's own first: id and name."""
        used = select(Listing.town_id).where(Listing.state == "open")
        rows = self.lookup.session.scalars(
            select(Town).where(Town.id.in_(used)).order_by(Town.id != (self.lookup.me.town_id or 0), Town.id)
        )
        return tuple((town.id, Words.of(town.name)) for town in rows)

    def my_town(self) -> tuple[int, Words] | None:
        """The person's own town."""
        town_id = self.lookup.me.town_id
        town = self.lookup.session.get(Town, town_id) if town_id is not None else None
        return (town.id, Words.of(town.name)) if town else None

    # ------------------------------------------------------------ one offer

    @once
    def offer(self, listing_id: int) -> Offer | None:
        """A listing with its sessions to come; None where there is none that people may see."""
        session, now = self.lookup.session, self.lookup.now
        listing = session.get(Listing, listing_id)
        if listing is None or listing.state in ("draft", "cancelled") or listing.block != "OFF":
            return None
        site, town = site_and_town(session, listing)
        organisation = session.get(Organisation, listing.organisation_id)
        coming = session.scalars(
            select(Meeting)
            .where(
                Meeting.listing_id == listing_id, Meeting.state == "planned", Meeting.first_id.is_(None), goes_on(now)
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(DATES_MOST)
        )
        return Offer(
            listing_id=listing.id,
            title=Words.of(listing.title),
            summary=Words.of(listing.summary),
            bring=Words.of(listing.bring),
            place=place_of(session, listing),
            town=Words.of(town.name) if town else Words(),
            address=Words.of(site.address) if site else Words(),
            organisation=Words.of(organisation.name) if organisation else Words(),
            bands=tuple(listing.bands),
            invented=listing.invented,
            open=listing.state == "open" and (listing.closes_at is None or listing.closes_at > now),
            sessions=tuple(self._gathering(meeting, listing) for meeting in coming),
            conditions=KnownConditions(self.lookup).of_listing(listing),
        )

    @once
    def gathering(self, session_id: int) -> Gathering | None:
        """A session, whatever its state."""
        meeting = self.lookup.session.get(Meeting, session_id)
        if meeting is None:
            return None
        places = first_of(self.lookup.session, meeting)
        return self._gathering(places, self.lookup.session.get_one(Listing, meeting.listing_id))

    def _gathering(self, meeting: Meeting, listing: Listing, known: Mapping[int, str] | None = None) -> Gathering:
        session = self.lookup.session
        following = next_unit(session, self.lookup.now, meeting)
        free, waiting = self._free_and_waiting(meeting, listing)
        return Gathering(
            session_id=meeting.id,
            listing_id=listing.id,
            title=Words.of(listing.title),
            when=Moment(following.starts_at, following.zone),
            place=place_of(session, listing, meeting),
            free=free,
            waiting=waiting,
            bookable=not why_not(session, self.lookup.now, meeting),
            course=course_of(session, self.lookup.now, meeting, known),
            paper=Words.of(listing.shows),
            seat=meeting.slot,
        )

    def _free_and_waiting(self, meeting: Meeting, listing: Listing) -> tuple[int, int]:
        """The places that are free for the person, and who waits for the same: of their quota, where there are any."""
        session = self.lookup.session
        quotas = self._quotas(listing.id)
        if not quotas:
            return max(0, meeting.capacity - meeting.taken), self._waiting(listing.id).get(meeting.id, 0)
        room = room_of(session, meeting)
        mine = quota.quota_for(session, listing, session.get_one(Person, self.lookup.me.person_id), quotas)
        line = line_of(session, meeting.id)
        return room.of_quota(mine), sum(n for one, n in line.items() if room.key(one) == room.key(mine))

    @once
    def _quotas(self, listing_id: int) -> Sequence[quota.Quota]:
        return quota.quotas_of(self.lookup.session, listing_id)

    @once
    def _waiting(self, listing_id: int) -> Mapping[int, int]:
        """How many wait in each session of a listing."""
        counted = (
            select(Booking.session_id, func.count())
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(Meeting.listing_id == listing_id, text("booking.state = 'waiting'"))
            .group_by(Booking.session_id)
        )
        return {row[0]: row[1] for row in self.lookup.session.execute(counted)}

    def _free(self, meeting: Meeting, listing: Listing) -> int:
        free, waiting = self._free_and_waiting(meeting, listing)
        return max(0, free - waiting)

    def venue(self, session_id: int) -> Venue | None:
        """Where a session is held, for a pin on a map; None without a known position."""
        session = self.lookup.session
        meeting = session.get(Meeting, session_id)
        return venue_of(session, session.get_one(Listing, meeting.listing_id), meeting) if meeting else None

    # ------------------------------------------------------------ one's own

    @once
    def who(self) -> tuple[Somebody, ...]:
        """Everybody for whom the person may book: themself, their children, who shares their phone, whom they help."""
        me, session = self.lookup.me, self.lookup.session
        found = {me.person_id: Somebody(me.person_id, "", me=True, consented=me.may_book)}
        for person in (*self._children(), *sharers_of(session, me.person_id)):
            found.setdefault(person.id, self._somebody(person, person.called))
        for mandate in mandates_of(session, self.lookup.now, me.person_id) if HELPER in me.roles else ():
            family = covered(session, mandate)
            for person in family:
                found.setdefault(person.id, self._somebody(person, person.called, family=family[0].called or "?"))
        return tuple(found.values())

    def _somebody(self, person: Person, called: str, *, family: str = "") -> Somebody:
        return Somebody(person.id, called, me=False, consented=consented(self.lookup.session, person), family=family)

    def _children(self) -> list[Person]:
        linked = select(Guardianship.child_id).where(
            Guardianship.guardian_id == self.lookup.me.person_id,
            Guardianship.ended_at.is_(None),
            Guardianship.grown_at.is_(None),
        )
        rows = select(Person).where(Person.id.in_(linked), Person.erased_at.is_(None)).order_by(Person.id)
        return list(self.lookup.session.scalars(rows))

    @once
    def bookings(self) -> tuple[Mine, ...]:
        """What is booked, offered or waited for, by person, the nearest first; of those one helps what one booked."""
        me = self.lookup.me.person_id
        order = {one.person_id: place for place, one in enumerate(self.who())}
        helped = {one.person_id for one in self.who() if one.family}
        rows = self.lookup.session.execute(
            select(Booking, Meeting)
            .join(Meeting, Meeting.id == Booking.session_id)
            .where(
                Booking.person_id.in_(order),
                or_(Booking.person_id.not_in(helped), Booking.booked_by_id == me),
                Booking.state.in_(ACTIVE),
                Meeting.state == "planned",
                goes_on(self.lookup.now, until_the_end=True),
            )
            .order_by(Meeting.starts_at, Booking.id)
        ).all()
        mine = [(order[booking.person_id], self._mine(booking, meeting)) for booking, meeting in rows]
        return tuple(one for _place, one in sorted(mine, key=lambda row: (row[0], row[1].gathering.when.at)))

    def booking(self, booking_id: int) -> Mine | None:
        """One booking of one's own or of somebody one acts for, also a past or cancelled one."""
        session, me = self.lookup.session, self.lookup.me
        booking = session.get(Booking, booking_id)
        if booking is None or not may_change(
            session, self.lookup.now, me.person_id, booking.person_id, booking.booked_by_id
        ):
            return None
        return self._mine(booking, session.get_one(Meeting, booking.session_id))

    def _mine(self, booking: Booking, meeting: Meeting) -> Mine:
        session = self.lookup.session
        listing = session.get_one(Listing, meeting.listing_id)
        following = next_unit(session, self.lookup.now, meeting)
        planned: list[datetime] = [
            reminder.due_at
            for reminder in plan_of(session, self.lookup.me.person_id, about_id=booking.id)
            if reminder.session_id == following.id
        ]
        return Mine(
            booking_id=booking.id,
            number=booking.number,
            state=booking.state,
            child=name_for(session, booking.person_id, self.lookup.me.person_id),
            by=helper_of(session, booking) if booking.booked_by_id != self.lookup.me.person_id else "",
            gathering=self._gathering(meeting, listing, states_of(session, booking.id)),
            bring=Words.of(listing.bring),
            ahead=ahead_of(session, booking) if booking.state == "waiting" else 0,
            checking=booking.state == "waiting"
            and eligibility.decision(session, self.lookup.now, listing, booking.person_id) is None,
            until=Moment(booking.offer_until, meeting.zone) if booking.offer_until else None,
            reminders=tuple(Moment(due, meeting.zone) for due in planned),
            shown=booking.shown_at is not None,
        )

    def calendar(self, booking_id: int) -> Document | None:
        """The calendar entry of a booking of one's own or of a child."""
        mine = self.booking(booking_id)
        meeting = self.lookup.session.get(Meeting, mine.gathering.session_id) if mine else None
        if mine is None or meeting is None:
            return None
        listing = self.lookup.session.get_one(Listing, meeting.listing_id)
        units = units_of(self.lookup.session, meeting) or [meeting]
        return entries_file(
            self.lookup.session, self.lookup.now, mine.number, listing, units, tongue(self.lookup.me.tag)
        )
