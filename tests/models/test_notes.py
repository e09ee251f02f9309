"""Notes: who may answer them, and what an answer does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.staff import SettleNote
from models.audit import Audit
from models.messages.message import Note, Outgoing
from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.person("mila", band="15-17", town="bor")
    house.person("ana", organisation="kokoro")
    house.person("admin", organisation="kokoro", role="admin")
    house.person("guard", organisation="kokoro", role="safeguarding")
    house.person("boss", organisation="kazanlak", role="admin")
    house.hear("mila", "/menu")
    return house


def settle(house: House, who: str, answer: str, *, note: str = "") -> str:
    """Somebody answers the newest note (or another one), whatever their screen offers."""
    person_id = house.person_id(who)
    with Session(house.database) as session:
        newest = session.scalars(select(Note.id).order_by(Note.id.desc()).limit(1)).first()
        doing = Doing(session, house.now, house.rules, person_id, 1, "console")
        outcome = perform(doing, SettleNote(note or str(newest), answer)).outcome
        session.commit()
    return outcome


def seen(house: House) -> bool:
    with Session(house.database) as session:
        return session.scalars(select(Note.seen_at).order_by(Note.id.desc()).limit(1)).one() is not None


@pytest.mark.parametrize("answer", ["resend", "ask"])
def test_only_administrators_have_a_message_sent_again_or_asked_about(house: House, answer: str) -> None:
    house.in_doubt("mila")
    for who in ("mila", "ana", "guard"):
        assert settle(house, who, answer) == "refused"
    assert not seen(house)
    assert settle(house, "admin", answer) == "done"
    assert seen(house)


def test_an_administrator_of_any_organisation_may(house: House) -> None:
    house.in_doubt("mila")
    assert settle(house, "boss", "resend") == "done"


def test_what_is_sent_again_is_the_same_message_and_only_once(house: House) -> None:
    house.in_doubt("mila")
    before = house.people["mila"].shown[-1]
    assert settle(house, "admin", "resend") == "done"
    assert settle(house, "admin", "resend") == "gone"
    house.advance(minutes=1)
    assert house.people["mila"].shown[-2:] == [before, before]
    with Session(house.database) as session:
        assert session.scalars(select(Outgoing.state).where(Outgoing.state != "sent")).all() == []


def test_asking_sends_nothing_again(house: House) -> None:
    house.in_doubt("mila")
    assert settle(house, "admin", "ask") == "done"
    house.advance(minutes=1)
    assert "Da li je naša poslednja poruka stigla?" in house.people["mila"].shown[-1].text
    with Session(house.database) as session:
        assert session.scalars(select(Outgoing.state).where(Outgoing.state == "unsure")).all() == ["unsure"]


def test_everybody_on_the_team_may_mark_a_note_as_seen(house: House) -> None:
    house.trouble("mila")
    assert settle(house, "guard", "seen") == settle(house, "mila", "seen") == "refused"
    assert settle(house, "ana", "seen") == "done"
    assert settle(house, "ana", "seen") == "gone"


def test_a_message_that_is_in_no_doubt_is_not_sent_again(house: House) -> None:
    house.trouble("mila")
    assert settle(house, "admin", "resend") == settle(house, "admin", "ask") == "gone"
    assert settle(house, "admin", "seen", note="999") == settle(house, "admin", "seen", note="x") == "gone"


def test_answers_are_audited_without_a_word_of_the_message(house: House) -> None:
    house.in_doubt("mila")
    settle(house, "admin", "resend")
    admin = house.person_id("admin")
    with Session(house.database) as session:
        row = session.scalars(select(Audit).where(Audit.action == "note.resend")).one()
        note = session.scalars(select(Note)).one()
    assert (row.actor_id, row.subject, row.details) == (admin, f"note:{note.id}", {})
    assert "mila" not in note.about.lower()
