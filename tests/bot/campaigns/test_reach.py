"""How far it reached: counts, never people."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.facts.helping.reached import few
from models.base import Base
from models.campaigns import reach
from models.campaigns.reach import ReachCount
from models.caring.answer import AnswerCount
from models.who import erasure
from tests.house import House


def test_counters_know_nobody(house: House) -> None:
    for table in (ReachCount.__table__, AnswerCount.__table__):
        pointed = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        assert pointed <= {"answer_card"}, "a count points at nobody"
        assert not {"person_id", "address_id", "created_at", "at"} & set(table.columns.keys())
    house.person("vuk", "sr-Latn", band="15-17", town="bor")
    for name in ("mila", "vuk", "vuk"):
        house.hear(name, "/start rs-work")
    with Session(house.database) as session:
        rows = session.execute(select(ReachCount.kind, ReachCount.what, ReachCount.day, ReachCount.n)).all()
    assert [tuple(row) for row in rows] == [("answer", "chat", house.now.date(), 3)]


def test_small_counts_are_not_told_apart() -> None:
    assert [few(n) for n in (0, 1, 4, 5, 12)] == ["0", "<5", "<5", "5", "12"]


def test_only_what_there_is_can_be_counted(house: House) -> None:
    with Session(house.database) as session, pytest.raises(ValueError, match="not counted"):
        reach.count(session, house.now.date(), "person", 1, "chat")
    house.hear("mila", tap="l.bor-matematika.999")
    with Session(house.database) as session:
        assert session.scalars(select(ReachCount).where(ReachCount.kind == "broadcast")).all() == []


def test_every_new_table_that_names_somebody_is_accounted_for() -> None:
    mine = {"subscription", "digest", "callback", "closure", "announcement", "evidence", "answer_card"}
    assert mine <= erasure.HANDLED | erasure.KEPT
    assert mine <= set(Base.metadata.tables)
