"""Facts about news, announcements and places, from the database; what only staff may know is in reached.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.numbers import number
from bot.facts.helping import reached
from bot.facts.lookup import Lookup
from bot.offering.describing import noon, town_zone
from bot.times.opening import coming_days
from conversations.facts.campaigns import (
    Affected,
    Calls,
    CardRow,
    ClosureRow,
    Event,
    EventRow,
    Place,
    Reached,
)
from conversations.speech import Moment, Venue, Words
from models.campaigns.subscription import topics_of
from models.caring.answer import AnswerCard
from models.messages.reminder import Reminder
from models.offers import announcement, closures
from models.offers.announcement import Announcement
from models.offers.closures import Opening
from models.offers.programme import Organisation, Site, Town
from models.who.staff import organisations_of

AHEAD = 7


class KnownCampaigns:
    """What there is to know about news, announcements and places, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def subscribed(self) -> tuple[str, ...]:
        """The topics that the person wants to hear of."""
        return topics_of(self.lookup.session, self.lookup.me.person_id)

    # ------------------------------------------------------------ announcements

    def events(self) -> tuple[Event, ...]:
        """What is announced and has not begun, the nearest first."""
        return tuple(self._event(row) for row in announcement.to_come(self.lookup.session, self.lookup.now))

    def event(self, event_id: int) -> Event | None:
        """One announcement, also one that is over or was cancelled."""
        row = self.lookup.session.get(Announcement, event_id)
        return self._event(row) if row else None

    def _event(self, row: Announcement) -> Event:
        session = self.lookup.session
        organisation = session.get(Organisation, row.organisation_id)
        mine = select(Reminder.due_at).where(
            Reminder.about == announcement.ABOUT,
            Reminder.about_id == row.id,
            Reminder.recipient_id == self.lookup.me.person_id,
            Reminder.state.in_(("planned", "queued", "sent")),
        )
        return Event(
            row.id,
            row.code,
            row.topic,
            Words.of(row.title),
            Words.of(row.place),
            Moment(row.starts_at, row.zone),
            Words.of(organisation.name) if organisation else Words(),
            row.state == "open" and row.starts_at > self.lookup.now,
            Moment(due, row.zone) if (due := session.scalars(mine.limit(1)).first()) else None,
        )

    # ------------------------------------------------------------ places

    def places(self) -> tuple[Place, ...]:
        """Places of the person's town with known hours; of every town where theirs has none."""
        rows = self.lookup.session.execute(
            select(Site, Opening).join(Opening, Opening.site_id == Site.id).order_by(Site.id)
        ).all()
        mine = [row for row in rows if row[0].town_id == self.lookup.me.town_id]
        return tuple(self._place(site, opening) for site, opening in mine or rows)

    def place(self, site_id: int) -> Place | None:
        """One place."""
        site = self.lookup.session.get(Site, site_id)
        return self._place(site, self.lookup.session.get(Opening, site_id)) if site else None

    def _place(self, site: Site, opening: Opening | None) -> Place:
        town = self.lookup.session.get_one(Town, site.town_id)
        days, open_now = coming_days(self.lookup.session, self.lookup.now, site.id, opening, town, AHEAD)
        pin = None
        if site.latitude is not None and site.longitude is not None:
            pin = Venue(Words.of(site.name), Words.of(site.address or town.name), site.latitude, site.longitude)
        return Place(
            site.id,
            Words.of(site.name),
            Words.of(town.name),
            days,
            Words.of(opening.bus) if opening else Words(),
            pin,
            open_now,
        )

    def link(self, code: str) -> str:
        """The page that an answer or announcement can be shared by; "" without a public page."""
        landing = self.lookup.rules.landing
        return f"{landing.removesuffix('go/')}a/{code}" if landing else ""

    def about(self, about: str) -> Words:
        """The title of what a question is asked from ("answer:12", "event:3"); empty for anything else."""
        return title_of(self.lookup.session, about)

    # ------------------------------------------------------------ for staff

    def _mine(self) -> set[int]:
        return organisations_of(self.lookup.session, self.lookup.me.person_id)

    def book(self, offset: int, size: int) -> tuple[tuple[CardRow, ...], int]:
        """Answers that the person looks after, those that run out first, and how many there are."""
        return reached.book(self.lookup, self._mine(), offset, size)

    def card(self, card_id: int) -> CardRow | None:
        """One of them."""
        return reached.card(self.lookup, self._mine(), card_id)

    def my_sites(self) -> tuple[tuple[int, Words], ...]:
        """Sites of the person's organisations: id and name with town."""
        found = []
        for site_id in closures.sites_of(self.lookup.session, self._mine()):
            site = self.lookup.session.get_one(Site, site_id)
            found.append((site_id, Words.of(site.name)))
        return tuple(found)

    def site_town(self, site_id: int) -> int | None:
        """The town of a site."""
        site = self.lookup.session.get(Site, site_id)
        return site.town_id if site else None

    def closures(self, site_id: int) -> tuple[ClosureRow, ...]:
        """Days to come on which one of their sites is closed."""
        if site_id not in closures.sites_of(self.lookup.session, self._mine()):
            return ()
        zone = town_zone(self.lookup.session, site_id, self.lookup.rules.zone)
        today = self.lookup.now.astimezone(ZoneInfo(zone)).date()
        return tuple(
            ClosureRow(row.id, noon(row.first_day, zone), noon(row.last_day, zone), str(row.reason.get("key", "")))
            for row in closures.to_come(self.lookup.session, site_id, today)
        )

    def day(self, site_id: int, at: str) -> Moment:
        """An instant (ISO, UTC) as the local day at a site."""
        zone = town_zone(self.lookup.session, site_id, self.lookup.rules.zone)
        return Moment(datetime.fromisoformat(at), zone, "date")

    def affected(self, draft: Mapping[str, Any]) -> Affected:
        """What closing a site would cancel: draft with site, first and last (ISO instants)."""
        return reached.affected(self.lookup, self._mine(), draft)

    def my_events(self, offset: int, size: int) -> tuple[tuple[EventRow, ...], int]:
        """What the person's organisations have announced, the latest first."""
        rows = announcement.of(self.lookup.session, self._mine())
        return tuple(self._event_row(row) for row in rows[offset : offset + size]), len(rows)

    def my_event(self, event_id: int) -> EventRow | None:
        """One of them."""
        row = self.lookup.session.get(Announcement, event_id)
        return self._event_row(row) if row and row.organisation_id in self._mine() else None

    def _event_row(self, row: Announcement) -> EventRow:
        proofs = announcement.evidence_of(self.lookup.session, row.id)
        return EventRow(
            self._event(row),
            row.state,
            row.starts_at <= self.lookup.now,
            reached.few(len(announcement.asked(self.lookup.session, row.id))),
            len(proofs),
            tuple(proof.link for proof in proofs if proof.link),
        )

    def reached(self, kind: str, offset: int, size: int) -> tuple[tuple[Reached, ...], int]:
        """How far "answer", "broadcast", "listing" or "event" reached, what reached most first."""
        return reached.reached(self.lookup, self._mine(), kind, offset, size)

    def calls(self) -> Calls:
        """How many call-backs were made, and how quickly."""
        return reached.calls(self.lookup, self._mine())


def title_of(session: Session, about: str) -> Words:
    """The title of what a question is asked from; empty for what is not known."""
    kind, _colon, given = about.partition(":")
    if kind == "answer":
        card = session.get(AnswerCard, number(given))
        return Words.of(card.question) if card else Words()
    if kind == "event":
        row = session.get(Announcement, number(given))
        return Words.of(row.title) if row else Words()
    return Words()
