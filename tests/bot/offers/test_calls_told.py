"""Calls seen from outside: who may register, what is told when a deadline comes near or moves, and to whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.deeds.offers.calls import deadline_moved
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.language.tongue import tongue
from bot.reminding import deadlines
from bot.reminding.composing import Composed, Missed
from conversations.deeds import Deed
from conversations.deeds.calls import (
    DecideApplication,
    OpenForm,
    RegisterInterest,
    RemindOfDeadline,
    WithdrawInterest,
)
from conversations.engine.state import State
from conversations.speech import Attachment, Done
from models.audit import Audit
from models.messages.reminder import Reminder
from models.offers.call import Application
from models.offers.listing import Listing
from models.who.people import Person
from tests.house import House, as_line

MARK = "Zvezdokljun"
CODE = "valjevo-praksa"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="15-17", town="valjevo")
    made.person("luka", "en", band="18+", town="valjevo")
    return made


def the_call(session: Session) -> Listing:
    return session.scalars(select(Listing).where(Listing.code == CODE)).one()


def call_id(house: House) -> int:
    with Session(house.database) as session:
        return the_call(session).id


def do(house: House, name: str, deed: Deed) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id), deed)
        session.commit()
    return done


def form(house: House, name: str, why: str = MARK) -> None:
    house.hear(name, f"/start {CODE}")
    house.tap(name, "✍️ Register my interest")
    house.hear(name, why)
    house.tap(name, "🕐 Any time")
    house.tap(name, "Done")


def shown(house: House, name: str) -> str:
    return "\n".join(as_line(message) for message in house.people[name].shown)


def applications(house: House) -> list[Application]:
    with Session(house.database) as session:
        return list(session.scalars(select(Application)))


# ---------------------------------------------------------------- registering


def test_the_form_ends_in_a_number_and_says_how_it_stands(house: House) -> None:
    form(house, "mila")
    house.tap("mila", "💬 Here in this chat")
    house.tap("mila", "Yes, send it")
    *_earlier, confirmation, menu = house.people["mila"].shown
    assert "Your number is 1001." in confirmation.text
    assert menu.text.startswith("What would you like?"), "and not back to the list it came from"
    house.hear("mila", "/applications")
    assert "1001" in shown(house, "mila")
    assert [row.answers for row in applications(house)] == [{"why": MARK, "when": ["any"], "reach": "here"}]


def test_a_form_that_is_sent_a_second_after_the_deadline_is_not_taken(house: House) -> None:
    form(house, "mila")
    house.tap("mila", "💬 Here in this chat")
    with Session(house.database) as session:
        closes = the_call(session).closes_at
    assert closes is not None
    house.now = closes
    house.tap("mila", "Yes, send it")
    assert "This call is closed now" in house.people["mila"].shown[-1].text
    assert applications(house) == []


def test_a_shared_number_counts_only_if_it_is_ones_own(house: House) -> None:
    form(house, "mila")
    house.tap("mila", "📞 By phone")
    house.hear("mila", attachment=Attachment("contact", phone="381601234567", own=False))
    assert "share your own number" in shown(house, "mila")
    house.hear("mila", attachment=Attachment("contact", phone="381601234567", own=True))
    assert "+381 60 1234567 (Serbia)" in house.people["mila"].shown[-1].text
    house.tap("mila", "Yes")
    house.tap("mila", "Yes, send it")
    assert applications(house)[0].answers["phone"] == "+381601234567"


def test_two_numbers_in_one_are_asked_about_again(house: House) -> None:
    form(house, "mila")
    house.tap("mila", "📞 By phone")
    for typed in ("060 1234567 i 061 1234567", "٠٦٠١٢٣٤٥٦٧", "060 123 4567 89"):
        house.hear("mila", typed)
        assert "Please write one number" in house.people["mila"].shown[-1].text
    house.hear("mila", "060 123 4567")
    assert "We call +381 60 1234567 (Serbia). Is that right?" in house.people["mila"].shown[-1].text


def test_a_child_is_led_to_a_guardian_and_cannot_register_past_the_question(house: House) -> None:
    house.person("dete", "en", band="14", town="valjevo")
    with Session(house.database) as session:
        the_call(session).bands = []
        session.commit()
    house.hear("dete", f"/start {CODE}")
    house.tap("dete", "✍️ Register my interest")
    assert "Why would you like this?" not in shown(house, "dete")
    assert do(house, "dete", RegisterInterest(call_id(house), {"why": MARK})).outcome == "consent"
    assert applications(house) == []


def test_only_the_fields_of_the_form_are_kept(house: House) -> None:
    deed = RegisterInterest(call_id(house), {"why": "DEMO", "phone": "not a number", "role": "admin"})
    assert do(house, "mila", deed).outcome == "registered"
    assert applications(house)[0].answers == {"why": "DEMO"}


def test_nobody_withdraws_or_sees_the_application_of_somebody_else(house: House) -> None:
    form(house, "mila")
    house.tap("mila", "💬 Here in this chat")
    house.tap("mila", "Yes, send it")
    assert do(house, "luka", WithdrawInterest(call_id(house))).outcome == "gone"
    house.hear("luka", "/applications")
    house.hear("luka", f"/start {CODE}")
    assert MARK not in shown(house, "luka")
    assert "1001" not in shown(house, "luka")
    assert [row.state for row in applications(house)] == ["registered"]


@pytest.mark.parametrize("seed", ["x", "-1", "9" * 17, "", "1.5"])
def test_a_call_that_is_none_says_so(house: House, seed: str) -> None:
    person_id = house.person_id("mila")
    with Session(house.database) as session:
        me = me_of(session, session.get_one(Person, person_id))
        facts = KnownFacts(Lookup(session, house.now, me, house.rules))
        turn = house.dialogue.engine.open(State(), "call", facts, tongue("en"), {"listing": seed})
    assert tongue("en").speak(turn.says[-1].text) == "This call is not there any more."


# ---------------------------------------------------------------- reminders


def test_reminders_come_a_week_and_a_day_before_to_who_asked_alone(house: House) -> None:
    house.hear("mila", f"/start {CODE}")
    house.tap("mila", "⏰ Remind me before the deadline")
    assert do(house, "luka", RegisterInterest(call_id(house), {})).outcome == "registered"
    seen = house.advance(days=17)
    assert [name for name, _message in seen] == ["mila", "mila"]
    assert all("You can register until Wednesday 18 March, 23:59." in message.text for _name, message in seen)


def test_the_reminder_knows_who_has_registered(house: House) -> None:
    do(house, "mila", RemindOfDeadline(call_id(house)))
    do(house, "mila", RegisterInterest(call_id(house), {}))
    seen = house.advance(days=12)
    assert ["Your interest is registered." in message.text for _name, message in seen] == [True]


def composed(house: House, before: int, now_before: timedelta) -> Composed | Missed:
    with Session(house.database) as session:
        closes = the_call(session).closes_at
        assert closes is not None
        reminder = session.scalars(select(Reminder).where(Reminder.before_minutes == before)).one()
        return deadlines.compose(Doing(session, closes - now_before, house.rules), reminder)


def test_a_reminder_found_late_still_helps_until_the_deadline_and_not_after(house: House) -> None:
    do(house, "mila", RemindOfDeadline(call_id(house)))
    late = composed(house, 1440, timedelta(seconds=1))
    assert isinstance(late, Composed)
    over = composed(house, 1440, timedelta(0))
    assert isinstance(over, Missed)
    assert over.reason == "deadline over"


def test_of_two_reminders_found_late_only_the_nearer_one_is_sent(house: House) -> None:
    do(house, "mila", RemindOfDeadline(call_id(house)))
    earlier = composed(house, 10080, timedelta(hours=2))
    assert isinstance(earlier, Missed)
    assert isinstance(composed(house, 1440, timedelta(hours=2)), Composed)


def test_a_cancelled_call_reminds_nobody(house: House) -> None:
    do(house, "mila", RemindOfDeadline(call_id(house)))
    with Session(house.database) as session:
        the_call(session).state = "cancelled"
        session.commit()
    assert isinstance(composed(house, 1440, timedelta(hours=2)), Missed)
    assert house.advance(days=17) == []


def test_a_moved_deadline_is_told_to_who_asked_or_registered_and_planned_anew(house: House) -> None:
    house.person("third", "en", band="18+", town="valjevo")
    do(house, "mila", RemindOfDeadline(call_id(house)))
    do(house, "luka", RegisterInterest(call_id(house), {}))
    with Session(house.database) as session:
        listing = the_call(session)
        assert listing.closes_at is not None
        listing.closes_at += timedelta(days=7)
        assert deadline_moved(Doing(session, house.now, house.rules), listing.id) == 2
        session.commit()
    seen = house.advance(minutes=1)
    assert sorted(name for name, _message in seen) == ["luka", "mila"]
    assert all("Wednesday 25 March, 23:59" in message.text for _name, message in seen)
    assert house.advance(days=14) == []
    assert [name for name, _message in house.advance(days=9)] == ["mila", "mila"]


# ---------------------------------------------------------------- the staff of the call


@pytest.fixture
def registered(house: House) -> House:
    house.person("ana", "en", organisation="valjevo")
    house.person("boris", "en", organisation="kazanlak")
    assert do(house, "mila", RegisterInterest(call_id(house), {"why": MARK})).details == {"number": 1001}
    return house


def test_staff_of_the_call_read_the_form_and_that_is_recorded(registered: House) -> None:
    house = registered
    ana = house.person_id("ana")
    house.hear("ana", "/interested")
    house.hear("ana", "1")
    assert MARK not in shown(house, "ana")
    house.tap("ana", "Open 1001")
    assert MARK in shown(house, "ana")
    with Session(house.database) as session:
        read = session.scalars(select(Audit).where(Audit.action == "application_read")).all()
        assert [(row.actor_id, row.subject) for row in read] == [(ana, "application 1001")]


@pytest.mark.parametrize("name", ["boris", "luka", "mila"])
def test_nobody_else_reads_or_decides_on_it(registered: House, name: str) -> None:
    house = registered
    assert do(house, name, OpenForm("1001")).outcome == "gone"
    assert do(house, name, DecideApplication("1001", True)).outcome == "gone"
    person_id = house.person_id(name)
    with Session(house.database) as session:
        me = me_of(session, session.get_one(Person, person_id))
        calls = KnownFacts(Lookup(session, house.now, me, house.rules)).calls
        assert calls.form("1001") is None
        assert calls.interested(the_call(session).id, 0, 9) == ((), 0)
    house.hear(name, "/interested")
    if name != "mila":
        assert MARK not in shown(house, name)
    assert [row.state for row in applications(house)] == ["registered"]


def test_a_decision_is_made_once_and_told(registered: House) -> None:
    house = registered
    assert do(house, "ana", DecideApplication("1001", False)).outcome == "decided"
    assert do(house, "ana", DecideApplication("1001", True)).outcome == "gone"
    seen = house.advance(minutes=1)
    (told,) = [message for name, message in seen if name == "mila"]
    assert "this time others were chosen" in told.text
    assert not [message for _name, message in seen if message is not told and "others" in message.text]


@pytest.mark.parametrize("forged", ["", "x", "-1", "٣", "9" * 30, "1002"])
def test_a_number_that_is_none_is_refused(registered: House, forged: str) -> None:
    assert do(registered, "ana", OpenForm(forged)).outcome == "gone"
    assert do(registered, "ana", DecideApplication(forged, True)).outcome == "gone"
