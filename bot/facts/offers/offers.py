"""Facts about offers, from the database."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.facts.lookup import Lookup, once
from bot.facts.offers.conditions import KnownConditions
from bot.facts.offers.finding import Finding
from bot.facts.offers.gatherings import Gatherings
from bot.facts.people.whom import Whom
from bot.language.tongue import tongue
from bot.offering.describing import helper_of, name_for, place_of, site_and_town, venue_of
from bot.offering.units import next_unit
from bot.searching.query import on_a_day_named
from bot.times.calendar_file import entries_file
from conversations.facts.offers import Gathering, Mine, Offer, Results, Somebody
from conversations.speech import Document, Moment, Venue, Words
from models.attending.attendance import states_of
from models.messages.reminder import plan_of
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Subject, Town
from models.offers.series import first_of, goes_on, units_of
from models.places import eligibility
from models.places.booking import ACTIVE, Booking
from models.places.room import ahead_of
from models.places.together import decided_by
from models.who.acting import may_change

DATES_MOST = 24
"""The most sessions of a listing that are shown to choose from."""
CALLED_OFF_MOST = 3


class KnownOffers:
    """What there is to know about offers, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._sessions = Gatherings(lookup)
        self._finding = Finding(lookup)
        self._whom = Whom(lookup)

    # ------------------------------------------------------------ looking around

    def search(
        self,
        *,
        words: str = "",
        kind: str = "",
        subject: int = 0,
        town: int = 0,
        week: bool = False,
        day: str = "",
        offset: int,
        limit: int,
    ) -> Results:
        """Open listings that fit, own town and nearest sessions first. `week`: in the next seven days."""
        return self._finding.search(
            words=words, kind=kind, subject=subject, town=town, week=week, day=day, offset=offset, limit=limit
        )

    def only_a_day(self, words: str) -> bool:
        """True for words that say when, and nothing beside that: "3 March", "on Friday", "this week"."""
        return self._finding.only_a_day(words)

    def all_of(self, words: str) -> bool:
        """True if something on offer has every one of these words."""
        return self._finding.all_of(words)

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
            sessions=tuple(self._sessions.of(meeting, listing) for meeting in coming),
            called_off=self._called_off(listing) if listing.drop_in else (),
            conditions=KnownConditions(self.lookup).of_listing(listing),
        )

    def _called_off(self, listing: Listing) -> tuple[Moment, ...]:
        wanted = (
            select(Meeting)
            .where(Meeting.listing_id == listing.id, Meeting.state == "cancelled", Meeting.starts_at > self.lookup.now)
            .order_by(Meeting.starts_at)
            .limit(CALLED_OFF_MOST)
        )
        return tuple(Moment(one.starts_at, one.zone) for one in self.lookup.session.scalars(wanted))

    def on_days(self, listing_id: int, words: str) -> tuple[int, ...]:
        """The sessions to come on the days that were written ("maths Thursday"), the nearest first; none without."""
        offer = self.offer(listing_id)
        whens = [(one.session_id, one.when) for one in offer.sessions] if offer and words else []
        return tuple(
            session_id
            for session_id, when in whens
            if on_a_day_named(self.lookup.now, words, when.at.astimezone(ZoneInfo(when.zone)))
        )

    @once
    def gathering(self, session_id: int) -> Gathering | None:
        """A session, whatever its state."""
        meeting = self.lookup.session.get(Meeting, session_id)
        if meeting is None:
            return None
        places = first_of(self.lookup.session, meeting)
        return self._sessions.of(places, self.lookup.session.get_one(Listing, meeting.listing_id))

    def venue(self, session_id: int) -> Venue | None:
        """Where a session is held, for a pin on a map; None without a known position."""
        session = self.lookup.session
        meeting = session.get(Meeting, session_id)
        return venue_of(session, session.get_one(Listing, meeting.listing_id), meeting) if meeting else None

    # ------------------------------------------------------------ one's own

    def who(self) -> tuple[Somebody, ...]:
        """Everybody for whom the person may book: themself, their children, who shares their phone, whom they help."""
        return self._whom.who()

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
        plan = plan_of(session, self.lookup.me.person_id, about_id=booking.id)
        meetings = [reminder.session_id for reminder in sorted(plan, key=lambda one: one.due_at)]
        # whoever is excused from the next meeting is reminded of the one after it
        nearest = following.id if following.id in meetings else next(iter(meetings), 0)
        planned: list[datetime] = [reminder.due_at for reminder in plan if reminder.session_id == nearest]
        return Mine(
            booking_id=booking.id,
            number=booking.number,
            state=booking.state,
            child=name_for(session, booking.person_id, self.lookup.me.person_id),
            by=helper_of(session, booking) if booking.booked_by_id != self.lookup.me.person_id else "",
            gathering=self._sessions.of(meeting, listing, states_of(session, booking.id)),
            bring=Words.of(listing.bring),
            ahead=ahead_of(session, booking) if booking.state == "waiting" else 0,
            checking=booking.state == "waiting"
            and eligibility.decision(session, self.lookup.now, listing, booking.person_id) is None,
            until=Moment(booking.offer_until, meeting.zone) if booking.offer_until else None,
            reminders=tuple(Moment(due, meeting.zone) for due in planned),
            shown=booking.shown_at is not None,
            care=booking.care if listing.child_care else None,
            transport=booking.transport if listing.transport else None,
            decides=booking.state != "offered"
            or bool(decided_by(session, self.lookup.now, self.lookup.me.person_id, booking)),
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
