"""Where somebody is reached best: where they want it, else what costs nothing before what does, else used last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.money import Tariffs, tariff_of
from models.who.people import Address

SILENT = ("webchat",)
"""Channels that do not ring: what is written there is seen when the person looks in again."""
LOOKS_IN = timedelta(days=30)
"""Somebody who was not there for longer is not expected to look in soon."""


@dataclass(frozen=True, slots=True)
class Place:
    """An active address, whether a message to it costs money, and whether the person chose it."""

    id: int
    channel: str
    heard_at: datetime | None
    costs: bool
    chosen: bool = False


def places(
    session: Session, people: Iterable[int], at: datetime | Mapping[int, datetime], tariffs: Tariffs
) -> dict[int, list[Place]]:
    """For each person who can be reached their active addresses, the best one first.

    `at` (UTC) is when the message would leave, for all or for each. What somebody chose comes before anything else.
    """
    found: dict[int, list[Place]] = {}
    rows = session.execute(
        select(Address.person_id, Address.id, Address.channel, Address.last_heard_at, Address.preferred_at)
        .where(Address.person_id.in_(list(people)), Address.active)
        .order_by(Address.preferred_at.desc().nulls_last(), Address.last_heard_at.desc().nulls_last(), Address.id)
    )
    for person, address, channel, heard_at, chosen_at in rows:
        leaves = at if isinstance(at, datetime) else at[person]
        tariff = tariff_of(tariffs, channel)
        costs = tariff is not None and not tariff.free(heard_at, leaves)
        found.setdefault(person, []).append(Place(address, channel, heard_at, costs, chosen_at is not None))
    if tariffs:
        for person, theirs in found.items():
            leaves = at if isinstance(at, datetime) else at[person]
            theirs.sort(key=lambda place: _order(place, leaves))
    return found


def free_elsewhere(
    session: Session, person_id: int, at: datetime, tariffs: Tariffs, without: Collection[int]
) -> int | None:
    """The best other address where a message costs nothing now; None where there is none."""
    theirs = places(session, [person_id], at, tariffs).get(person_id, [])
    return next((place.id for place in theirs if not place.costs and place.id not in without), None)


def _order(place: Place, at: datetime) -> int:
    """The chosen one first, then free ones, but for those where nobody may look in for long."""
    if place.chosen:
        return -1
    if place.channel in SILENT and (place.heard_at is None or at - place.heard_at > LOOKS_IN):
        return 2
    return 1 if place.costs else 0
