"""Finding offers: what is asked for and, where there is nothing of it, what is nearest to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.facts.lookup import Lookup, once
from bot.facts.offers.gatherings import Gatherings
from bot.facts.people.whom import Whom
from bot.language.fold import fold
from bot.offering.describing import site_and_town, towns_in_words
from bot.searching.nearness import nearness, telling
from bot.searching.query import Query, only_a_day, read_query
from bot.searching.relaxing import nearest
from bot.searching.search import Hit, search
from bot.searching.search_index import towns_meant
from conversations.blocks import IN_SESSIONS
from conversations.facts.offers import Found, Results
from conversations.speech import Moment, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.offers.series import first_of
from models.offers.sites import next_in_town, towns_of_sessions
from models.visits.professional import towns_of

WEEK = timedelta(days=7)
_LOOKED_AT = 12
"""The results whose titles are compared with what was written: nobody looks through more."""
_SURELY = 2
"""Words of a title that name an offer wherever it is: of one word there may be as good a one in the own town."""


class Finding:
    """Looking for offers, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._sessions = Gatherings(lookup)

    @once
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
        """Open listings that fit: what suits, the own town and the nearest sessions first. `week`: in seven days.

        `day` says when in words, in place of any other time: "3 March", "Friday".
        """
        session, now = self.lookup.session, self.lookup.now
        until = now + WEEK if week else None
        bands, mine = Whom(self.lookup).bands(), self.lookup.me.town_id or 0
        query = Query(kind=kind, subject=subject, town=town, until=until, home=mine, bands=bands)
        if words:
            query = read_query(session, now, words, self.lookup.rules.zone, query)
        if day:
            when = read_query(session, now, day, self.lookup.rules.zone)
            query = replace(query, days=when.days, on=when.on, to=when.to, until=when.until)
        asked = query
        hits, beside = self._hits(query), ""
        if not hits and (query.days or query.on):
            query, beside = replace(query, days=frozenset(), on=None, to=None, until=until), "day"
            hits = self._hits(query)
        if not hits and query.town != town and query.terms:
            query, beside = replace(query, town=town), "town"
            hits = self._hits(query)
        understood = len(query.typed) > query.unknown  # of what is mostly unknown nothing is near
        for left in dict.fromkeys((asked, query)) if not hits and understood else ():
            query, beside = left, "words"
            hits = hits or self._nearest(query)
        anywhere = not (beside or kind or subject or query.town or week)
        if hits and mine and anywhere and all(self._away(hit, mine) for hit in _firsts(hits)):
            beside = "home"
        near, found = query.town or mine, self._named_first(words, tuple(hits))
        shown = tuple(self._found(hit, near) for hit in found[offset : offset + limit])
        return Results(shown, len(hits), beside, self._day(query))

    def _day(self, query: Query) -> Moment | None:
        """The one day that a query is about."""
        if query.on is None or query.to is not None:
            return None
        zone = self.lookup.rules.zone
        return Moment(datetime.combine(query.on, time(12), ZoneInfo(zone)).astimezone(UTC), zone, "date")

    def only_a_day(self, words: str) -> bool:
        """True for words that say when, and nothing beside that."""
        return only_a_day(self.lookup.now, words, self.lookup.rules.zone)

    @once
    def all_of(self, words: str) -> bool:
        """True if some listing has every one of these words."""
        session, now = self.lookup.session, self.lookup.now
        query = read_query(session, now, words, self.lookup.rules.zone, Query(home=self.lookup.me.town_id or 0))
        return bool(query.typed) and not query.unknown and bool(self._hits(query))

    def _away(self, hit: Hit, home: int) -> bool:
        """Whether a listing is in another town. What is in no town is near to everybody."""
        session = self.lookup.session
        _site, town = site_and_town(session, session.get_one(Listing, hit.listing_id))
        return town is not None and town.id != home and home not in towns_meant(session, hit.listing_id)

    @once
    def _named_first(self, words: str, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """What words name by its title before what is merely of that kind: of one word only in the own town."""
        asked = telling(words)
        if not asked or len(hits) < 2:
            return hits
        first, home = hits[:_LOOKED_AT], self.lookup.me.town_id or 0
        named: dict[int, float] = {}
        for hit in first:
            title = self.lookup.session.get_one(Listing, hit.listing_id).title
            near = max((nearness(asked, (fold(said),)) for said in title.values() if said), default=0.0)
            by_one = near < _SURELY
            here = not (by_one and near and home and self._away(hit, home))
            named[hit.listing_id] = round(near, 0 if by_one else 1) if here else 0
        ordered = sorted(first, key=lambda hit: (*hit.group, -named[hit.listing_id]))
        return (*ordered, *hits[_LOOKED_AT:])

    @once
    def _hits(self, query: Query) -> list[Hit]:
        """What a query finds: the same whichever of it is shown."""
        return search(self.lookup.session, self.lookup.now, query)

    @once
    def _nearest(self, query: Query) -> list[Hit]:
        """What is nearest to a query that finds nothing."""
        return nearest(self.lookup.session, self.lookup.now, query)

    def _found(self, hit: Hit, near: int = 0) -> Found:
        """A result; of a listing at several sites its next session in the town that is asked for, or one's own."""
        session = self.lookup.session
        listing = session.get_one(Listing, hit.listing_id)
        _site, town = site_and_town(session, listing)
        if hit.block == "OFF" and near and len(towns_of_sessions(session, listing.id)) > 1:
            nearest = next_in_town(session, self.lookup.now, listing.id, near)
            if nearest is not None:
                hit, town = replace(hit, at=nearest.starts_at), session.get(Town, near)
        named = Words.of(town.name) if town else Words()
        if hit.block == "APT" and (given := towns_of(session, listing.id)):
            named = towns_in_words(session, given, near)
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
                free = self._sessions.free(first_of(session, meeting), listing)
        return Found(
            listing_id=listing.id,
            title=Words.of(listing.title),
            town=named,
            when=Moment(hit.at, zone) if hit.at else None,
            deadline=hit.block not in IN_SESSIONS,
            places=free,
            drop_in=listing.drop_in,
            cost=Words.of(listing.cost),
            travel_paid=listing.travel_paid == "yes",
        )


def _firsts(hits: Sequence[Hit]) -> list[Hit]:
    """The first of each group of results, in which the own town comes first; without what is for another age only."""
    groups = groupby(hits, key=lambda hit: hit.group)
    return [first for _key, group in groups if (first := next(group)).suits == hits[0].suits]
