"""Erasing to the end: addresses are forgotten after the last message, and who was erased stays so after a restore."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keeping.ledger import Ledger
from models.messages.message import Outgoing
from models.who.erasure import erase
from models.who.forgetting import forget_address
from models.who.people import Address, Person

FAREWELL = timedelta(minutes=10)
"""How long an erased person's address is kept for the last message to arrive."""


def finish(session: Session, now: datetime, ledger: Ledger | None, *, at_once: bool = False) -> int:
    """Forget the addresses of erased people once their last message is out, at the latest after ten minutes.

    The ledger knows of each before the database forgets it. Returns how many were forgotten.
    """
    leaving = session.execute(
        select(Address, Person.erased_at)
        .join(Person, Person.id == Address.person_id)
        .where(Person.erased_at.is_not(None))
    ).all()
    forgotten = 0
    for address, erased_at in leaving:
        if erased_at is None:  # the query asks for the others
            continue
        if not at_once and now - erased_at < FAREWELL and _awaits(session, address.id):
            continue
        forget(session, ledger, address, erased_at)
        forgotten += 1
    return forgotten


def forget(session: Session, ledger: Ledger | None, address: Address, erased_at: datetime) -> None:
    """Enter one address of an erased person into the ledger and forget it."""
    if ledger is not None:
        ledger.add(address.channel, address.external_id, erased_at)
    forget_address(session, address)


def reapply(session: Session, ledger: Ledger, now: datetime) -> int:
    """Erase again whoever an old copy of the database brought back; returns how many people that were.

    Somebody who came back by themself after their erasure stays. Called before the first arrival is taken.
    """
    found: set[int] = set()
    for person_id, channel, external_id, created_at in session.execute(
        select(Address.person_id, Address.channel, Address.external_id, Address.created_at)
    ).all():
        erased_at = ledger.erased_at(channel, external_id)
        if erased_at is not None and created_at <= erased_at:
            found.add(person_id)
    for person_id in sorted(found):
        erase(session, now, person_id)
    finish(session, now, ledger, at_once=True)
    return len(found)


def _awaits(session: Session, address_id: int) -> bool:
    waiting = select(Outgoing.id).where(Outgoing.address_id == address_id, Outgoing.state.in_(("waiting", "sending")))
    return session.scalars(waiting.limit(1)).first() is not None
