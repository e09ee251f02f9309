"""Facts about chats that were joined and can be taken apart, as the chat that looks sees them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.lines.chats import name_of
from conversations.facts.people import JoinedChats
from conversations.speech import Moment
from models.who import apart
from models.who.apart import Joining
from models.who.people import Address


def theirs(session: Session, now: datetime, person_id: int, address_id: int) -> Joining | None:
    """The newest joining of a person in which a chat is on one side and the other side still has one."""
    for row in apart.open_for(session, now, person_id):
        here, there = apart.sides(session, row)
        if here and there and address_id in (*here, *there):
            return row
    return None


def joined_chats(session: Session, row: Joining, address_id: int, zone: str) -> JoinedChats:
    """A joining as one of its chats sees it."""
    here, there = apart.sides(session, row)
    keeps = address_id in here
    channels = session.scalars(
        select(Address.channel)
        .where(Address.id.in_(there if keeps else here))
        .order_by(Address.last_heard_at.desc().nulls_last(), Address.id)
    )
    return JoinedChats(name_of(channels.first() or ""), Moment(row.at, zone, "date"), keeps)
