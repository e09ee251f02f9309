"""Places that close, announcements that are followed by a reminder, and numbers to call back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.keeping.retention import _numbers
from conversations.deeds import campaigns as deeds
from conversations.hours import read_spans
from models.caring import callback, case, handling
from models.caring.callback import Callback
from models.messages.reminder import Reminder
from models.offers import closures
from models.offers.announcement import Announcement
from models.offers.closures import Closure
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site
from models.visits.opening import day_json
from tests.bot.campaigns.kit import act
from tests.house import House


def test_closing_tells_those_booked_once_and_the_staff_of_others(house: House) -> None:
    house.hear("mila", "/start bor-engleski")
    house.hear("mila", "1")
    house.tap("mila", "Da, molim")
    with Session(house.database) as session:
        site = session.scalars(select(Site).where(Site.code == "bor-boravak")).one()
        asb = session.scalars(select(Organisation.id).where(Organisation.code == "asb")).one()
        theirs = select(Listing.id).where(Listing.organisation_id == asb, Listing.block == "OFF").limit(1)
        guest = session.scalars(theirs).one()
        session.execute(update(Meeting).where(Meeting.listing_id == guest).values(site_id=site.id))
        session.commit()
        site_id = site.id
    first, last = house.now.isoformat(), (house.now + timedelta(days=9)).isoformat()
    draft = {"site": site_id, "first": first, "last": last, "reason": "repair", "cancel": True}
    assert act(house, "ana", deeds.CloseSite(draft)) == "closed"
    assert act(house, "ana", deeds.CloseSite(draft)) == "closed", "a double tap is no second closure"
    shown = house.advance(minutes=15)
    assert [name for name, m in shown if name == "mila" and "neće održati" in m.text] == ["mila"]
    assert any(name == "eva" and "closed" in m.text for name, m in shown)
    with Session(house.database) as session:
        assert session.scalar(select(func.count()).select_from(Closure)) == 1
        day = house.now.date()
        closed = closures.closed_days(session, (site_id,), day, day + timedelta(days=10))
        assert sorted(on for _site, on in closed) == [day + timedelta(days=n) for n in range(10)]
        states = session.scalars(
            select(Meeting.state).where(Meeting.listing_id == guest, Meeting.starts_at < house.now + timedelta(days=9))
        ).all()
        assert set(states) <= {"planned"}, "another organisation decides about its own meetings"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8-16", [["08:00", "16:00"]]),
        ("8.30–12, 15:00-19:00", [["08:30", "12:00"], ["15:00", "19:00"]]),
        ("16-8", None),
        ("8-12, 11-14", None),
        ("8-25", None),
        ("8-12 и 15-24", [["08:00", "12:00"], ["15:00", "24:00"]]),
        ("od 8h do 12h30", [["08:00", "12:30"]]),
        ("16:00 до 20:00 ч", [["16:00", "20:00"]]),
        ("8-12 и у 17", None),
        ("8-12-16", None),
        ("", None),
    ],
)
def test_hours_are_read_or_asked_again(typed: str, read: list[list[str]] | None) -> None:
    spans = read_spans(typed)
    assert (day_json(spans) if spans else None) == read


def test_a_reminder_follows_its_announcement(house: House) -> None:
    with Session(house.database) as session:
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "planned"
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "already"
    later = house.now + timedelta(days=4, hours=5)
    assert act(house, "ana", deeds.MoveEvent(event, later.isoformat())) == "moved"
    assert not any("Uskoro" in m.text for _name, m in house.advance(days=4)), "not at the old time"
    shown = [m.text for name, m in house.advance(hours=5) if name == "mila" and "Uskoro" in m.text]
    assert len(shown) == 1
    assert act(house, "mila", deeds.RemindOfEvent(event)) in ("late", "already")
    assert act(house, "ana", deeds.CancelEvent(event)) == "over"


def test_a_cancelled_announcement_reminds_nobody(house: House) -> None:
    with Session(house.database) as session:
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    act(house, "mila", deeds.RemindOfEvent(event))
    assert act(house, "ana", deeds.CancelEvent(event)) == "cancelled"
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "gone"
    with Session(house.database) as session:
        assert session.scalars(select(Reminder.state).where(Reminder.about == "event")).all() == ["cancelled"]


def test_a_number_is_gone_once_somebody_has_called_or_the_request_is_closed(house: House) -> None:
    assert act(house, "mila", deeds.AskCall("+381601234567", "morning")) == "asked"
    assert act(house, "mila", deeds.AskCall("+381601234568", "any")) == "changed"
    assert act(house, "mila", deeds.AskCall("12", "any")) == "unreadable"
    with Session(house.database) as session:
        request = session.scalars(select(case.Request)).one()
    assert act(house, "eva", deeds.MarkCalled(str(request.id), True)) == "gone", "it is not theirs"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), False)) == "tried"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), True)) == "called"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), True)) == "gone"
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    with Session(house.database) as session:
        handling.close(session, house.now, session.get_one(case.Request, request.id))
        session.commit()
        assert {row.phone for row in session.scalars(select(Callback))} == {""}


def test_a_number_that_nobody_called_is_not_kept(house: House) -> None:
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    with Session(house.database) as session:
        assert _numbers(session, house.now + timedelta(days=29)) == 0
        assert _numbers(session, house.now + timedelta(days=31)) == 1
        assert session.scalars(select(Callback.phone)).one() == ""
        assert callback.waiting(session, 1) is None


def test_who_was_not_reached_hears_of_it_and_can_say_that_no_call_is_needed(house: House) -> None:
    assert act(house, "mila", deeds.DropCall()) == "gone", "nobody is going to call"
    act(house, "mila", deeds.AskCall("+381601234567", "morning"))
    with Session(house.database) as session:
        request = session.scalars(select(case.Request)).one()
    assert act(house, "eva", deeds.MarkCalled(str(request.id), False)) == "gone"
    for _time in range(4):
        assert act(house, "ana", deeds.MarkCalled(str(request.id), False)) == "tried"
    told = [message.text for name, message in house.advance(minutes=15) if name == "mila"]
    assert [text.startswith("☎️") for text in told] == [True] * 3, "of the first three calls, and of no more"
    assert act(house, "eva", deeds.DropCall()) == "gone", "it is somebody else's call"
    assert act(house, "mila", deeds.DropCall()) == "dropped"
    assert act(house, "mila", deeds.DropCall()) == "gone"
    with Session(house.database) as session:
        assert session.scalars(select(Callback.phone)).one() == ""
        about = select(case.RequestMessage.about).order_by(case.RequestMessage.id)
        assert session.scalars(about).all() == [case.CALL, case.CALL_OFF], "the team reads it in the same request"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), True)) == "gone"
