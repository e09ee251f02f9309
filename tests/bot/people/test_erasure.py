"""Deletion: nothing of a person stays, places become free, and an old copy of the database brings nobody back."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.keeping.erasure import FAREWELL, finish, reapply
from bot.keeping.ledger import Ledger, LedgerDamaged
from bot.keeping.retention import STEPS
from models.base import Base
from models.caring.case import Request, RequestMessage
from models.messages.message import StoredAttachment
from models.who.erasure import HANDLED, KEPT
from models.who.people import Address, OneTimeCode, Person
from tests.house import House

MARK = "DEMOmarker"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.rules = replace(made.rules, ledger=str(tmp_path / "erased.ledger"))
    made.dialogue.rules = made.rules
    return made


def ledger(house: House) -> Ledger:
    return Ledger(Path(house.rules.ledger))


def full(house: House) -> int:
    """Somebody with a marker in everything that can hold words."""
    house.person(MARK, "en", band="18+", town="bor")
    house.hear(MARK, "/settings")
    house.tap(MARK, "More")
    house.tap(MARK, "📍 Town, interests, name")
    house.tap(MARK, "🙂 Name")
    house.hear(MARK, f"{MARK} Name")
    house.hear(MARK, "/settings")
    house.tap(MARK, "👪 My children")
    house.tap(MARK, "➕ Add a child")
    house.hear(MARK, f"{MARK} Child")
    for label in ("Under 14", "Go on", "Mother", "🙋 Taking part", "Done", "Yes"):
        house.tap(MARK, label)
    person_id = house.person_id(MARK)
    with Session(house.database) as session:
        request = Request(person_id=person_id, kind="talk", created_at=house.now, changed_at=house.now)
        sent = StoredAttachment(
            person_id=person_id, kind="file", name=f"{MARK}.pdf", content=MARK.encode(), created_at=house.now,
            keep_until=house.now,
        )  # fmt: skip
        session.add_all([request, sent])
        session.flush()
        session.add(
            RequestMessage(
                request_id=request.id, author_id=person_id, text=f"{MARK} writes", attachment_id=sent.id,
                created_at=house.now,
            )
        )  # fmt: skip
        session.commit()
    house.hear(MARK, f"{MARK} searches")
    return person_id


def erase(house: House) -> None:
    house.hear(MARK, "delete me")
    for label in ("🗑 Delete everything", "Yes, delete", "Delete everything now"):
        shown = house.tap(MARK, label)
    assert len(shown) == 1
    assert "Everything is deleted" in shown[0][1].text


def complete(house: House) -> int:
    with Session(house.database) as session:
        done = finish(session, house.now, ledger(house))
        session.commit()
    return done


def content(house: House, folder: Path) -> bytes:
    house.database.dispose()
    path = folder / "putokaz.db"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return b"".join(file.read_bytes() for file in folder.glob("putokaz.db*"))


def test_nothing_of_a_person_stays_in_the_database_file(house: House, tmp_path: Path) -> None:
    full(house)
    assert MARK.encode() in content(house, tmp_path)
    erase(house)
    complete(house)
    assert MARK.encode() not in content(house, tmp_path)
    assert MARK not in Path(house.rules.ledger).read_text()


def test_a_child_without_a_chat_goes_with_the_guardian(house: House) -> None:
    full(house)
    erase(house)
    with Session(house.database) as session:
        assert all(person.erased_at is not None and not person.called for person in session.scalars(select(Person)))


def test_every_table_that_points_at_a_person_is_thought_of() -> None:
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("person", "address")
    }
    assert pointing - HANDLED - KEPT == set()


def test_erasing_waits_for_the_last_message_but_not_for_ever(house: House) -> None:
    from bot.language.tongue import spoken, tongue
    from bot.telling import queue
    from conversations.speech import Say, verbatim

    full(house)
    erase(house)
    with Session(house.database) as session:
        address = session.scalars(select(Address)).one()
        queue(session, house.now, address.id, spoken(Say(verbatim("bye")), tongue("en")), "reply")
        session.commit()
    assert complete(house) == 0
    house.now += FAREWELL
    assert complete(house) == 1


def test_whoever_writes_after_their_erasure_is_somebody_new(house: House) -> None:
    old = full(house)
    erase(house)
    house.now += timedelta(seconds=1)
    shown = house.hear(MARK, "hello")
    assert "Which language?" in shown[0][1].text
    assert house.person_id(MARK) != old
    assert complete(house) == 0, "the old address is forgotten already"


def test_restoring_an_old_copy_brings_nobody_back(house: House, tmp_path: Path) -> None:
    full(house)
    house.person("other", "en", band="18+", town="bor")
    content(house, tmp_path)
    shutil.copy(tmp_path / "putokaz.db", tmp_path / "backup")
    house.now += timedelta(hours=1)
    erase(house)
    complete(house)
    house.database.dispose()
    for file in tmp_path.glob("putokaz.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", tmp_path / "putokaz.db")
    assert MARK.encode() in content(house, tmp_path)
    house.now += timedelta(hours=1)
    with Session(house.database) as session:
        assert reapply(session, ledger(house), house.now) == 1
        session.commit()
    assert MARK.encode() not in content(house, tmp_path)
    with Session(house.database) as session:
        assert reapply(session, ledger(house), house.now) == 0
        assert [address.external_id for address in session.scalars(select(Address))] == ["console-other"]


def test_somebody_who_came_back_after_their_erasure_stays_at_the_next_start(house: House) -> None:
    full(house)
    erase(house)
    complete(house)
    house.now += timedelta(minutes=1)
    house.hear(MARK, "hello")
    with Session(house.database) as session:
        assert reapply(session, ledger(house), house.now) == 0


def test_a_guardians_erasure_closes_booking_for_a_child_with_a_chat_of_its_own(house: House) -> None:
    from bot.arriving.knowing import me_of
    from models.who import consent, person

    full(house)
    house.person("kid", "en", band="under14", town="bor")
    mum, kid = house.person_id(MARK), house.person_id("kid")
    with Session(house.database) as session:
        person.link(session, house.now, mum, kid, "mother", reminders=True)
        consent.give(session, house.now, kid, mum, {"attend": "yes"}, "en", channel="console")
        session.add(
            OneTimeCode(hash="x", purpose="guardian", subject_id=kid, created_at=house.now, expires_at=house.now)
        )
        session.commit()
        assert me_of(session, session.get_one(Person, kid)).may_book
    house.hear(MARK, "delete me")
    for label in ("🗑 Delete everything", "Yes, delete", "Delete everything now"):
        shown = house.tap(MARK, label)
    assert [name for name, _message in shown] == ["kid", MARK]
    with Session(house.database) as session:
        child = session.get_one(Person, kid)
        assert child.erased_at is None
        assert not me_of(session, child).may_book


def test_a_line_cut_short_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    now = datetime(2026, 3, 2, tzinfo=UTC)
    Ledger(path).add("telegram", "1", now)
    with path.open("a") as file:
        file.write('{"hash": "ab')
    Ledger(path).add("telegram", "2", now)
    again = Ledger(path)
    assert again.erased_at("telegram", "1") == again.erased_at("telegram", "2") == now
    assert again.erased_at("webchat", "1") is None
    assert path.stat().st_mode & 0o077 == 0


def test_a_ledger_without_its_salt_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_text("nonsense\n")
    with pytest.raises(LedgerDamaged, match="salt"):
        Ledger(path)


def swept(house: House) -> list[str]:
    """Who is still there after the daily round."""
    with Session(house.database) as session:
        for step in STEPS:
            step(session, house.now)
        finish(session, house.now, ledger(house))
        session.commit()
        return sorted(address.external_id.removeprefix("console-") for address in session.scalars(select(Address)))


def test_a_child_nobody_confirmed_is_forgotten_after_a_week_and_nobody_else(house: House) -> None:
    from models import code
    from models.who import person

    house.person("kid", "en", band="under14", town="bor")
    house.person("bulgarian", "en", band="14", town="kazanlak")
    house.person("serbian", "en", band="14", town="bor")
    house.person("linked", "en", band="under14", town="bor")
    house.person("asking", "en", band="under14", town="bor")
    house.person("waiting", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+", town="bor")
    ids = {name: house.person_id(name) for name in house.people}
    everybody = sorted(ids)
    house.now += timedelta(days=6, hours=23)
    assert swept(house) == everybody
    with Session(house.database) as session:
        person.link(session, house.now, ids["mum"], ids["linked"], "mother", reminders=False)
        code.issue(session, house.now, "guardian", ids["waiting"], person.CHILD_CODE_LASTS)
        session.add(Request(person_id=ids["asking"], kind="talk", created_at=house.now, changed_at=house.now))
        session.commit()
    house.now += timedelta(hours=1)
    assert swept(house) == [name for name in everybody if name not in ("kid", "serbian")]
    house.now += timedelta(days=7)
    assert "waiting" not in swept(house)
