"""A broadcast in words: what staff wrote, what it leads to or reminds of, and the ways out of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.links import END, LOOK, REMIND
from bot.offering.describing import place_of
from conversations.help.events import REMIND as REMIND_ME
from conversations.speech import Button, Moment, Say, Text, Words
from conversations.staff import notices
from models.campaigns.broadcast import Broadcast
from models.offers.announcement import Announcement
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation


def message_of(session: Session, now: datetime, row: Broadcast) -> Say:
    """The message as everybody gets it. Its buttons are the same for all, so that it is written once for many."""
    organisation = session.get_one(Organisation, row.organisation_id)
    listing = session.get(Listing, row.listing_id) if row.listing_id is not None else None
    event = session.get(Announcement, row.announcement_id) if row.announcement_id is not None else None
    buttons: list[Button] = []
    if event is not None and event.state == "open" and event.starts_at > now:
        buttons.append(Button(REMIND_ME, f"{REMIND}{event.id}"))
    if listing is not None and listing.state == "open":
        buttons.append(Button(notices.SEE, f"{LOOK}{listing.code}.{row.id}"))
    end = f"{END}{row.topic}" if row.topic else ""
    return notices.broadcast(
        _text(session, now, row, listing, organisation), tuple(buttons), end=end, relay=row.attachment_id
    )


def _text(session: Session, now: datetime, row: Broadcast, listing: Listing | None, organisation: Organisation) -> Text:
    """The words of staff; of an invitation what it is to, when next and where, and their words where they differ."""
    words, signed = Words.of(row.texts), Words.of(organisation.name)
    if not row.invites or listing is None:
        return notices.broadcast_text(words, signed)
    following = session.scalars(
        select(Meeting)
        .where(Meeting.listing_id == listing.id, Meeting.state == "planned", Meeting.starts_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    ).first()
    when = Moment(following.starts_at, following.zone) if following is not None else None
    own = words if row.texts != listing.title else Words()
    return notices.invitation_text(Words.of(listing.title), when, place_of(session, listing, following), own, signed)
