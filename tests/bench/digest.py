"""The weekly digest of many: how long a portion of it holds the writer. `python -m tests.bench.digest [people]`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import models.every
from bot.campaigns import digest
from bot.doing import Doing
from bot.sample import load
from bot.schedule import CHUNK
from bot.searching.index_tables import ensure
from bot.store import sqlite_engine
from bot.telling import Rules
from models.base import Base
from models.campaigns.subscription import Subscription
from models.messages.message import Outgoing
from models.offers.programme import Town
from models.who.consent import Consent, Wording
from models.who.people import Address, Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = 40_000
TAGS = ("sr-Latn", "sr-Cyrl", "bg", "en")
assert models


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds for which one portion had the writer, committing included."""

    people: int
    portions: int
    written: int
    median: float
    longest: float


def measure(people: int = PEOPLE, portion: int = CHUNK) -> Measured:
    """Write one week's digests to so many subscribers of the sample programme, portion by portion."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(f"sqlite:///{Path(folder) / 'digest.db'}")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            ensure(session)
            load(session, NOW)
            towns = session.scalars(select(Town.id).order_by(Town.id)).all()
            agreed = Wording(hash="demo", language="en", text="DEMO")
            session.add(agreed)
            session.flush()
            for first in range(0, people, 5_000):
                _subscribers(session, range(first, min(people, first + 5_000)), towns, agreed.id)
            session.commit()
        rules = Rules()
        due = next(at for hours in range(48, 24 * 8) if digest.week_due(at := NOW + timedelta(hours=hours), rules))
        took: list[float] = []
        reading = engine.execution_options(reads_only=True)
        while True:
            with Session(reading) as session:
                prepared = digest.prepare(Doing(session, due, rules), portion)
            if prepared is None:
                break
            began = time.perf_counter()
            with Session(engine) as session:
                digest.write(Doing(session, due, rules), prepared)
                session.commit()
            took.append((time.perf_counter() - began) * 1000)
        with Session(engine) as session:
            written = session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.kind == "digest")) or 0
        engine.dispose()
        return Measured(people, len(took), written, round(median(took), 1), round(max(took), 1))


def _subscribers(session: Session, numbers: range, towns: Sequence[int], wording: int) -> None:
    made = [
        {
            "tag": TAGS[number % 4],
            "town_id": towns[number % len(towns)],
            "band": "18+",
            "welcomed_at": NOW,
            "created_at": NOW,
        }
        for number in numbers
    ]
    ids = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), made).all()
    session.execute(
        insert(Address),
        [
            {"person_id": one, "channel": "telegram", "external_id": f"d{one}", "created_at": NOW, "last_heard_at": NOW}
            for one in ids
        ],
    )
    consents = [
        {
            "person_id": one,
            "given_by_id": one,
            "purpose": "messages",
            "wording_id": wording,
            "channel": "telegram",
            "given_at": NOW,
        }
        for one in ids
    ]
    session.execute(insert(Consent), consents)
    session.execute(insert(Subscription), [{"person_id": one, "topic": "week", "created_at": NOW} for one in ids])


if __name__ == "__main__":
    sys.stdout.write(f"{measure(*map(int, sys.argv[1:]))}\n")
