"""Facts about trips, events and buddies, from the database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.facts.lookup import Lookup
from bot.telling import best_address
from conversations.facts.outings import Buddy, MyTrip, Outing, TravellerRow, Trip
from conversations.speech import Moment, Words
from models.lessons.leading import leads_session
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings import buddy, steps, trip
from models.outings.travelling import travellers
from models.places.booking import Booking
from models.who.acting import may_change
from models.who.people import Person
from models.who.staff import organisations_of


@dataclass(frozen=True, slots=True)
class KnownOutings:
    """What there is about trips and events, for the person who is talking."""

    lookup: Lookup

    # ------------------------------------------------------------ who takes part

    def outing(self, listing_id: int) -> Outing:
        """What a listing is beside a meeting."""
        listing = self.lookup.session.get(Listing, listing_id)
        if listing is None:
            return Outing(trip=False, tools=False, buddies=False)
        return Outing(listing.trip, listing.tools, listing.buddies, Words.of(listing.meeting_point))

    def asks_trip(self, listing_id: int, people: tuple[int, ...]) -> bool:
        """True where the person who talks is a guardian of somebody under 18 among these, and it is a trip."""
        session, me = self.lookup.session, self.lookup.me.person_id
        if not self.outing(listing_id).trip:
            return False
        return any(
            me in trip.guardians_of(session, person_id) and trip.is_minor(session.get_one(Person, person_id))
            for person_id in people
            if person_id != me
        )

    def returns(self, session_id: int) -> Moment | None:
        """When a meeting is over."""
        meeting = self.lookup.session.get(Meeting, session_id)
        return Moment(meeting.ends_at, meeting.zone) if meeting is not None else None

    def _mine(self, booking_id: int) -> Booking | None:
        session, me = self.lookup.session, self.lookup.me.person_id
        row = session.get(Booking, booking_id)
        if row is None or not may_change(session, self.lookup.now, me, row.person_id, row.booked_by_id):
            return None
        return row

    def mine(self, booking_id: int) -> MyTrip | None:
        """Of a booking of one's own, or of somebody one acts for: where to meet, the tools, how a trip stands."""
        session, row = self.lookup.session, self._mine(booking_id)
        if row is None:
            return None
        meeting = session.get_one(Meeting, row.session_id)
        listing = session.get_one(Listing, meeting.listing_id)
        point, back = Words.of(listing.meeting_point), Moment(meeting.ends_at, meeting.zone)
        mine = MyTrip(point, back)
        if row.state == "booked":
            mine = replace(mine, tools=row.tools, brings=tuple(row.brings))
        if not listing.trip:
            return mine if point or mine.tools else None
        if not trip.is_minor(session.get_one(Person, row.person_id)):
            return replace(mine, state="adult")
        given = trip.standing(session, meeting, row.person_id)
        if given is not None:
            return replace(mine, state=given.method)
        asked = session.get(trip.TripAsk, row.id)
        until = Moment(asked.until, meeting.zone) if asked is not None else None
        return replace(mine, state="waits" if self._reachable(row.person_id) else "nobody", until=until)

    def _reachable(self, child_id: int) -> bool:
        """True if a guardian of somebody can be written to."""
        session, now, tariffs = self.lookup.session, self.lookup.now, self.lookup.rules.tariffs
        return any(
            session.get_one(Person, one).stopped_at is None and best_address(session, one, now, tariffs) is not None
            for one in trip.guardians_of(session, child_id)
        )

    # ------------------------------------------------------------ staff, and who leads it

    def _led(self, session_id: int) -> Meeting | None:
        session, me = self.lookup.session, self.lookup.me.person_id
        meeting = session.get(Meeting, session_id)
        if meeting is None:
            return None
        listing = session.get_one(Listing, meeting.listing_id)
        if listing.organisation_id in organisations_of(session, me):
            return meeting
        return meeting if leads_session(session, self.lookup.now, me, meeting) else None

    def is_trip(self, session_id: int) -> bool:
        """For staff, and who leads it: whether a meeting is a trip."""
        meeting = self._led(session_id)
        return meeting is not None and trip.is_trip(self.lookup.session, meeting)

    def trip(self, session_id: int) -> Trip | None:
        """For staff, and who leads it: the escort's list and what has happened."""
        session, meeting = self.lookup.session, self._led(session_id)
        if meeting is None or not trip.is_trip(session, meeting):
            return None
        listing = session.get_one(Listing, meeting.listing_id)
        left = steps.step_of(session, meeting.id, steps.LEFT)
        back = steps.step_of(session, meeting.id, steps.BACK)
        late = steps.step_of(session, meeting.id, steps.LATE)
        miscount = steps.step_of(session, meeting.id, steps.MISCOUNT)
        return Trip(
            session_id=meeting.id,
            title=Words.of(listing.title),
            when=Moment(meeting.starts_at, meeting.zone),
            returns=Moment(meeting.ends_at, meeting.zone),
            point=Words.of(listing.meeting_point),
            rows=tuple(
                TravellerRow(
                    one.booking.id,
                    one.person.called,
                    one.booking.number,
                    one.consent,
                    self._reachable(one.person.id),
                    one.attends,
                )
                for one in travellers(session, meeting)
            ),
            left=Moment(left.at, meeting.zone) if left else None,
            out=left.heads if left else 0,
            back=Moment(back.at, meeting.zone) if back else None,
            miscount=miscount.heads if miscount else None,
            late=late.number if late else 0,
        )

    def tools(self, session_id: int) -> tuple[int, int]:
        """For staff, and who leads it: how many bring tools, and how many need some."""
        session, meeting = self.lookup.session, self._led(session_id)
        if meeting is None:
            return 0, 0
        counted = (
            select(Booking.tools, func.count())
            .where(Booking.session_id == meeting.id, Booking.state == "booked")
            .group_by(Booking.tools)
        )
        by_answer = {row[0]: row[1] for row in session.execute(counted)}
        return by_answer.get("brings", 0), by_answer.get("needs", 0)

    # ------------------------------------------------------------ buddies

    def wishing(self, listing_id: int, wish: str) -> tuple[Buddy, ...]:
        """For staff: who wishes it and has nobody yet."""
        session = self.lookup.session
        listing = session.get(Listing, listing_id)
        if listing is None or listing.organisation_id not in organisations_of(session, self.lookup.me.person_id):
            return ()
        wishing = buddy.wishing(session, listing_id, wish)
        return tuple(Buddy(one.id, one.called, buddy.number_of(session, listing_id, one.id)) for one in wishing)
