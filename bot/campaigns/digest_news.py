"""News that staff gave to the weekly digest: of which topics they are, for whom, and where their button leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.arriving.links import LOOK
from bot.doing import Doing
from conversations.offers.digest import News
from conversations.speech import Words
from models.campaigns.broadcast import Broadcast
from models.campaigns.subscription import TOPICS
from models.offers.listing import Listing

MOST = 2
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Given:
    """One piece of news, and who wants it: subscribers of one of the topics, of these towns where staff chose some."""

    said: News
    topics: frozenset[str]
    towns: frozenset[int]

    def wanted_by(self, topics: Collection[str], town_id: int | None) -> bool:
        """True if it is for somebody with these topics in this town."""
        return not self.topics.isdisjoint(topics) and (not self.towns or town_id in self.towns)


def given(doing: Doing, due: datetime) -> Sequence[Given]:
    """What staff gave to the digest that is `due` (UTC), the newest first: each stands in the digest of one week."""
    rows = doing.session.execute(
        select(Broadcast, Listing)
        .outerjoin(Listing, (Listing.id == Broadcast.listing_id) & (Listing.state == "open"))
        .where(
            Broadcast.state == "digest",
            Broadcast.due_at <= due,
            Broadcast.due_at > due - WEEK,
        )
        .order_by(Broadcast.due_at.desc(), Broadcast.id.desc())
    )
    return [_given(row, listing) for row, listing in rows]


def _given(row: Broadcast, listing: Listing | None) -> Given:
    topics = row.audience.get("topics") or [row.topic]
    said = News(Words.of(row.texts))
    if listing is not None:
        said = News(said.words, Words.of(listing.title), f"{LOOK}{listing.code}.{row.id}")
    return Given(said, frozenset(topics), frozenset(row.audience.get("towns") or ()))


def topics_of(news: Iterable[Given]) -> frozenset[str]:
    """Whoever is subscribed to one of these gets a digest, also who did not ask for what is on."""
    return frozenset({"week"}).union(*(one.topics for one in news))


def told(news: Sequence[Given], topics: Collection[str], town_id: int | None) -> tuple[Given, ...]:
    """What somebody gets of it."""
    return tuple(one for one in news if one.wanted_by(topics, town_id))[:MOST]


def ends(told_of: Sequence[Given], topics: Collection[str]) -> str:
    """The topic that the last button ends: what is on, or what the news are of for who wants only that."""
    if "week" in topics or not told_of:
        return "week"
    return next(topic for topic in TOPICS if topic in topics and topic in told_of[0].topics)
