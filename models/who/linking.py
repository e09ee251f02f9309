"""The addresses of one person: which one they prefer, and how one of them leaves with nothing of theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import code
from models.caring.case import Request
from models.caring.desk import DESK
from models.messages import viber
from models.messages.conversation import Talk
from models.messages.message import RANKS, Outgoing
from models.messages.sending import end, move_waiting
from models.messages.webchat import WebLine
from models.who.forgetting import forget_address
from models.who.people import Address, OneTimeCode, Person

ANSWER = RANKS["reply"]
QUESTION = "chat_question"
"""What a one-time code is for that stands for a question: it is answered once, and not for long."""


def chats_of(session: Session, person_id: int) -> Sequence[Address]:
    """All addresses of a person but places at the staff's desk, the one they used last first."""
    wanted = select(Address).where(Address.person_id == person_id, Address.channel != DESK)
    return session.scalars(wanted.order_by(Address.last_heard_at.desc().nulls_last(), Address.id)).all()


def prefer(session: Session, now: datetime, person_id: int, address_id: int | None) -> bool:
    """Let everything unasked go to one of the person's addresses; None: to wherever they wrote last.

    False for an address that is not theirs.
    """
    theirs = {chat.id for chat in chats_of(session, person_id)}
    if address_id is not None and address_id not in theirs:
        return False
    session.execute(update(Address).where(Address.person_id == person_id).values(preferred_at=None))
    if address_id is not None:
        session.execute(update(Address).where(Address.id == address_id).values(preferred_at=now))
    session.flush()
    return True


def unlink(session: Session, person_id: int, address_id: int) -> list[int] | None:
    """Let an address leave its person, who keeps everything: it is forgotten, with what was shown there.

    What waits for it and nobody asked for goes to another address once; answers meant for it are dropped. Returns the
    ids of what was moved; None where it is not theirs, or their only one.
    """
    address = _theirs(session, person_id, address_id)
    if address is None:
        return None
    moved = _take_leave(session, address)
    forget_address(session, address)
    return moved


def leave(session: Session, now: datetime, person_id: int, address_id: int) -> int | None:
    """The same for the address that is being written from: it becomes somebody new, of whom nothing is known.

    Returns the id of that person; None where it is not theirs, or their only one.
    """
    address = _theirs(session, person_id, address_id)
    if address is None:
        return None
    old = session.get_one(Person, person_id)
    fresh = Person(tag=old.tag, language_chosen=False, band="", created_at=now)
    session.add(fresh)
    session.flush()
    _take_leave(session, address)
    session.execute(delete(Talk).where(Talk.address_id == address.id))
    if address.channel == "webchat":
        session.execute(delete(WebLine).where(WebLine.external_id == address.external_id))
    elif address.channel == viber.CHANNEL:
        viber.forget_shown(session, address.external_id)
    session.execute(update(Outgoing).where(Outgoing.address_id == address.id).values(body={}))
    address.person_id, address.preferred_at, address.created_at = fresh.id, None, now
    session.flush()
    return fresh.id


def _theirs(session: Session, person_id: int, address_id: int) -> Address | None:
    """The address, locked with all others of its person, who must keep one."""
    session.flush()
    locked = session.scalars(
        select(Address)
        .where(Address.person_id == person_id, Address.channel != DESK)
        .order_by(Address.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    found = next((address for address in locked if address.id == address_id), None)
    return found if found is not None and len(locked) > 1 else None


def _take_leave(session: Session, address: Address) -> list[int]:
    """What waits for an address goes elsewhere, and nothing points there any more."""
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == address.id, Outgoing.rank == ANSWER, Outgoing.state == "waiting")
        .values(state="cancelled", reason="unlinked")
    )
    moved = move_waiting(session, address, "unlinked", ("waiting",))
    for row in session.scalars(select(Outgoing).where(Outgoing.address_id == address.id, Outgoing.state == "sending")):
        end(session, row, "cancelled", "unlinked")  # on its way this moment: never tried again
    session.execute(update(Request).where(Request.address_id == address.id).values(address_id=None))
    return moved


# ---------------------------------------------------------------- the question whether a chat may join


def keep_question(
    session: Session, now: datetime, person_id: int, address_id: int, into_id: int, lasts: timedelta
) -> None:
    """Note that it was asked whether a chat may join somebody's: from then on one answer to it counts."""
    code.use_up(session, now, QUESTION, person_id)
    code.issue(session, now, QUESTION, person_id, lasts, _question(address_id, into_id))


def open_question(session: Session, now: datetime, person_id: int, address_id: int, into_id: int) -> OneTimeCode | None:
    """The question that waits, locked: of two answers at once the second finds none. Whoever answers sets `used_at`."""
    wanted = select(OneTimeCode).where(
        OneTimeCode.purpose == QUESTION,
        OneTimeCode.subject_id == person_id,
        OneTimeCode.details == _question(address_id, into_id),
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > now,
    )
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).first()


def _question(address_id: int, into_id: int) -> str:
    return json.dumps({"address": address_id, "into": into_id})
