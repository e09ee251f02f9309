"""Subscriptions, and messages for a topic."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds import campaigns as deeds
from conversations.deeds.staff import SendBroadcast
from models.campaigns.subscription import Subscription
from models.caring.callback import Callback
from models.who import erasure
from models.who.consent import withdraw
from tests.bot.campaigns.kit import act, on
from tests.house import House


def test_a_child_needs_a_guardian_and_an_adult_a_yes(house: House) -> None:
    house.person("child", "bg", band="under14", town="kazanlak")
    assert on(house, "child", "jobs") == "guardian"
    mila = house.person_id("mila")
    with Session(house.database) as session:
        withdraw(session, house.now, mila, ["messages"])
        session.commit()
    assert on(house, "mila", "jobs") == "agree"
    with Session(house.database) as session:
        assert session.scalars(select(Subscription)).all() == []


def test_a_message_for_a_topic_reaches_its_subscribers_alone_and_ends_by_one_tap(house: House) -> None:
    house.person("vuk", "sr-Latn", band="15-17", town="bor")
    on(house, "mila", "jobs")
    draft = {"texts": {"en": "A job"}, "topics": ["jobs"], "organisation": None}
    assert act(house, "ana", SendBroadcast(draft)) == "sending"
    assert [name for name, _m in house.advance(minutes=15) if name in ("mila", "vuk")] == ["mila"]
    house.tap("mila", "Ne šalji više ovo")
    house.advance(hours=30)
    assert act(house, "ana", SendBroadcast(draft)) == "nobody"


def test_erasing_somebody_ends_what_they_wanted(house: House) -> None:
    on(house, "mila", "tv")
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    mila = house.person_id("mila")
    with Session(house.database) as session:
        erasure.erase(session, house.now, mila)
        session.commit()
        assert session.scalars(select(Subscription)).all() == []
        assert session.scalars(select(Callback)).all() == []
