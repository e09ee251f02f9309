"""The page is served first: little is imported before it, and nobody sees what is not ready yet."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.assembly import House
from bot.clock import WallClock
from bot.keeping.ledger import Ledger
from bot.running.furnishing import furnish
from bot.running.preparing import CannotStart, open_database
from bot.settings import Settings, load
from models.messages import webchat
from models.who.people import Address, Person
from tests.outside.product import free_port

BEHIND = (
    "bot.works",
    "bot.telling",
    "bot.outbox",
    "conversations.every",
    "models.every",
    "models.offers.listing",
)


def settings(folder: Path) -> Settings:
    return load(data=folder, port=free_port(), sample=False, telegram_token="", viber_token="", database_url="")


def test_what_works_behind_the_page_is_imported_after_it() -> None:
    asked = f"import sys, bot.assembly; print([name for name in {BEHIND} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"


async def test_an_old_copy_shows_nobody_who_was_erased_not_even_in_the_first_second(tmp_path: Path) -> None:
    given, now = settings(tmp_path), WallClock().now()
    store = open_database(given)
    with Session(store.engine) as session:
        furnish(session, given, now)
        person = Person(called="DEMO", tag="en", band="18+", created_at=now)
        session.add(person)
        session.flush()
        session.add(Address(person_id=person.id, channel="webchat", external_id="gone", created_at=now))
        webchat.shown(session, now, "gone", {"text": "DEMO: words of before", "language": "en"})
        session.commit()
    store.close()
    Ledger(tmp_path / "erased.ledger").add("webchat", "gone", now + timedelta(seconds=1))

    house = House(given)
    _opened, seen = await asyncio.gather(house.open(), house.transcript.after("gone", 0))
    await house.close()
    assert seen == []


def test_a_damaged_ledger_is_said_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "erased.ledger").write_text("nonsense\n")
    with pytest.raises(CannotStart, match="restore that file"):
        House(settings(tmp_path))
