"""Sessions as people see them: when, where, what is free for the person who is talking, and who waits for the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, text

from bot.facts.lookup import Lookup, once
from bot.offering.describing import place_of
from bot.offering.units import course_of, next_unit
from conversations.facts.offers import Gathering
from conversations.speech import Moment, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places import quota
from models.places.booking import Booking
from models.places.room import line_of, room_of
from models.places.taking import why_not
from models.who.people import Person


class Gatherings:
    """Sessions, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def of(self, meeting: Meeting, listing: Listing, known: Mapping[int, str] | None = None) -> Gathering:
        """A session; `known` is what is known of the person at each of its meetings."""
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

    def free(self, meeting: Meeting, listing: Listing) -> int:
        """The places that nobody has, and nobody waits for."""
        free, waiting = self._free_and_waiting(meeting, listing)
        return max(0, free - waiting)
