"""What everybody may know of a listing or a town: what a poster and the landing page show. No person is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.offering.describing import place_of, site_and_town
from conversations.blocks import WITH_DEADLINE
from conversations.speech import Moment, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site, Town
from models.offers.series import joins_until
from models.visits.professional import towns_of

CODE_MOST = 32
"""The longest code of a listing or a town."""
DATES = 3
"""How many dates are told; more is a table, which nobody reads on a wall."""
KINDS = 6


@dataclass(frozen=True, slots=True)
class PublicListing:
    """A listing that was published. `over` is True once nobody can come in any more."""

    code: str
    title: Words
    place: Words
    organisation: Words
    bands: tuple[str, ...]
    dates: tuple[Moment, ...]
    more: int
    """How many dates there are beside `dates`."""
    until: Moment | None
    """The deadline of a call."""
    invented: bool
    over: bool
    town: str
    """The code of its town, "" where it has none."""
    towns: tuple[Words, ...]
    """Every town in which it is given: those of its dates to come in their order, or of who gives appointments."""
    dated_in: tuple[Words, ...]
    """The town of each of `dates`."""


@dataclass(frozen=True, slots=True)
class PublicTown:
    """A town, and the kinds of what is open in it, the most frequent first."""

    code: str
    name: Words
    kinds: tuple[str, ...]


def listing_in_public(session: Session, now: datetime, code: str, zone: str) -> PublicListing | None:
    """The listing with that code, unless it was never published. `zone` is the house's, for what has no town.

    Looks at nothing but listings: a one-time code is as unknown here as any other word.
    """
    if not code or len(code) > CODE_MOST:
        return None
    row = session.scalars(select(Listing).where(Listing.code == code, Listing.state != "draft")).first()
    if row is None:
        return None
    _site, town = site_and_town(session, row)
    organisation = session.get(Organisation, row.organisation_id)
    to_come = select(Meeting).where(Meeting.listing_id == row.id, Meeting.state == "planned", Meeting.starts_at > now)
    meetings = session.scalars(to_come.order_by(Meeting.starts_at, Meeting.id).limit(DATES)).all()
    total = session.scalar(select(func.count()).select_from(to_come.subquery())) or 0
    closed = row.closes_at is not None and row.closes_at <= now
    held_in = {meeting.id: _town_of(session, meeting, town) for meeting in meetings}
    return PublicListing(
        code=row.code,
        title=Words.of(row.title),
        place=place_of(session, row, meetings[0] if meetings else None),
        organisation=Words.of(organisation.name) if organisation else Words(),
        bands=tuple(row.bands),
        dates=tuple(Moment(meeting.starts_at, meeting.zone) for meeting in meetings),
        more=total - len(meetings),
        until=Moment(row.closes_at, town.zone if town else zone)
        if row.closes_at and row.block in WITH_DEADLINE
        else None,
        invented=row.invented,
        over=row.state != "open" or closed or (row.block == "OFF" and not _can_come_in(session, now, meetings)),
        town=town.code if town else "",
        towns=_towns(session, now, row),
        dated_in=tuple(held_in[meeting.id] for meeting in meetings),
    )


def _town_of(session: Session, meeting: Meeting, usual: Town | None) -> Words:
    """The town of a meeting: of its own site, or its listing's."""
    site = session.get(Site, meeting.site_id) if meeting.site_id is not None else None
    town = session.get(Town, site.town_id) if site is not None else usual
    return Words.of(town.name) if town is not None else Words()


def _towns(session: Session, now: datetime, row: Listing) -> tuple[Words, ...]:
    """The towns of a listing: of its meetings to come, the nearest first; of the hours of who gives appointments."""
    where = func.coalesce(Site.town_id, row.town_id)
    held = (
        select(where)
        .select_from(Meeting)
        .outerjoin(Site, Site.id == Meeting.site_id)
        .where(Meeting.listing_id == row.id, Meeting.state == "planned", Meeting.starts_at > now)
        .group_by(where)
        .order_by(func.min(Meeting.starts_at), where)
    )
    ids = dict.fromkeys((*session.scalars(held), *towns_of(session, row.id)))
    towns = (session.get(Town, one) for one in ids if one is not None)
    return tuple(Words.of(one.name) for one in towns if one is not None)


def _can_come_in(session: Session, now: datetime, meetings: Sequence[Meeting]) -> bool:
    """True while there is a meeting to come, of a series as long as one can join it."""
    return any(joins_until(session, meeting) > now for meeting in meetings)


def town_in_public(session: Session, code: str) -> PublicTown | None:
    """The town with that code."""
    if not code or len(code) > CODE_MOST:
        return None
    town = session.scalars(select(Town).where(Town.code == code)).first()
    if town is None:
        return None
    kinds = (
        select(Listing.kind)
        .where(Listing.town_id == town.id, Listing.state == "open")
        .group_by(Listing.kind)
        .order_by(func.count(Listing.id).desc(), Listing.kind)
        .limit(KINDS)
    )
    return PublicTown(town.code, Words.of(town.name), tuple(session.scalars(kinds)))
