"""Interest in a call for a child: who may register it, who hears of it, who is reminded, and who decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.calls import (
    DecideApplication,
    ForgetDeadline,
    OpenForm,
    RegisterInterest,
    RemindOfDeadline,
    WithdrawInterest,
)
from conversations.deeds.people import Withdraw
from conversations.speech import Done
from models.messages.reminder import Reminder
from models.offers.call import Application
from models.offers.listing import Listing
from models.who.consent import Consent, Wording
from models.who.people import Guardianship
from tests.house import House, as_line

CODE = "valjevo-praksa"
MARK = "Zvezdokljun"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mama", "en", band="18+", town="valjevo")
    made.person("tata", "en", band="18+", town="valjevo")
    made.person("kid", "en", band="14", town="valjevo")
    made.person("thief", "en", band="18+", town="valjevo")
    link(made, "mama", "kid", "attend", "reminders")
    for_ages(made, [])
    return made


def for_ages(house: House, bands: list[str]) -> None:
    with Session(house.database) as session:
        session.scalars(select(Listing).where(Listing.code == CODE)).one().bands = bands
        session.commit()


def link(house: House, guardian: str, child: str, *purposes: str) -> None:
    ids = house.person_id(guardian), house.person_id(child)
    with Session(house.database) as session:
        wording = Wording(hash=f"{guardian}-{child}", language="en", text="DEMO")
        session.add(wording)
        session.flush()
        session.add(
            Guardianship(
                guardian_id=ids[0],
                child_id=ids[1],
                relation="mother",
                reminders="reminders" in purposes,
                confirmed_at=house.now,
            )
        )
        for purpose in purposes:
            session.add(
                Consent(
                    person_id=ids[1],
                    given_by_id=ids[0],
                    purpose=purpose,
                    wording_id=wording.id,
                    channel="console",
                    given_at=house.now,
                )
            )
        session.commit()


def do(house: House, name: str, deed: Deed) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, channel="console"), deed)
        session.commit()
    return done


def call_id(house: House) -> int:
    with Session(house.database) as session:
        return session.scalars(select(Listing.id).where(Listing.code == CODE)).one()


def register(house: House, name: str, child: str = "kid") -> Done:
    return do(house, name, RegisterInterest(call_id(house), {"why": MARK}, house.person_id(child)))


def applications(house: House) -> list[tuple[int, int | None, str]]:
    with Session(house.database) as session:
        rows = session.scalars(select(Application).order_by(Application.id))
        return [(row.person_id, row.registered_by_id, row.state) for row in rows]


def told(house: House, name: str) -> list[str]:
    return [message.text for who, message in house.advance(minutes=15) if who == name]


def shown(house: House, name: str) -> str:
    return "\n".join(as_line(message) for message in house.people[name].shown)


# ---------------------------------------------------------------- registering


def test_who_has_children_is_asked_first_for_whom(house: House) -> None:
    house.hear("mama", f"/start {CODE}")
    house.tap("mama", "✍️ Register my interest")
    labels = [button.label for button in house.people["mama"].shown[-1].buttons if not button.quiet]
    assert labels == ["For me", "For my child (1)", "For another child of mine"]
    house.tap("mama", "For my child (1)")
    assert "Why would the child like this?" in house.people["mama"].shown[-1].text


def test_a_child_of_another_age_is_not_offered_and_cannot_be_registered(house: House) -> None:
    for_ages(house, ["15-17", "18+"])
    house.hear("mama", f"/start {CODE}")
    house.tap("mama", "✍️ Register my interest")
    labels = [button.label for button in house.people["mama"].shown[-1].buttons if not button.quiet]
    assert labels == ["For me", "For another child of mine"]
    assert register(house, "mama").outcome == "age"
    house.hear("kid", f"/start {CODE}")
    assert "This one is for another age." in shown(house, "kid")
    assert "✍️ Register my interest" not in shown(house, "kid")
    assert register(house, "kid").outcome == "age"
    assert applications(house) == []


def test_who_has_no_children_is_not_asked(house: House) -> None:
    house.hear("thief", f"/start {CODE}")
    house.tap("thief", "✍️ Register my interest")
    assert "Why would you like this?" in house.people["thief"].shown[-1].text


def test_a_guardian_registers_a_child_and_the_child_hears_of_it(house: House) -> None:
    assert register(house, "mama").outcome == "registered"
    kid, mama = house.person_id("kid"), house.person_id("mama")
    assert applications(house) == [(kid, mama, "registered")]
    assert told(house, "kid") == ["✍️ Interest was registered for “Call for internships in companies in Valjevo”."]
    assert register(house, "mama").outcome == "already"


def test_a_child_registers_itself_and_its_guardian_hears_of_it(house: House) -> None:
    assert do(house, "kid", RegisterInterest(call_id(house), {"why": MARK})).outcome == "registered"
    assert applications(house) == [(house.person_id("kid"), None, "registered")]
    (news,) = told(house, "mama")
    assert "For: your child" in news
    assert MARK not in news


@pytest.mark.parametrize("name", ["thief", "tata"])
def test_somebody_elses_child_can_be_neither_registered_nor_withdrawn(house: House, name: str) -> None:
    assert register(house, name).outcome == "denied"
    assert applications(house) == []
    register(house, "mama")
    assert do(house, name, WithdrawInterest(call_id(house), house.person_id("kid"))).outcome == "gone"
    assert [state for _person, _by, state in applications(house)] == ["registered"]


def test_a_link_that_has_ended_counts_no_more(house: House) -> None:
    with Session(house.database) as session:
        session.scalars(select(Guardianship)).one().ended_at = house.now
        session.commit()
    assert register(house, "mama").outcome == "denied"


def test_a_guardian_without_the_yes_to_taking_part_cannot_register(house: House) -> None:
    house.person("sister", "en", band="under14", town="valjevo")
    link(house, "mama", "sister", "photos")
    assert register(house, "mama", "sister").outcome == "consent"
    house.hear("mama", f"/start {CODE}")
    house.tap("mama", "✍️ Register my interest")
    house.tap("mama", "For my child (2)")
    assert "the yes to taking part is missing" in house.people["mama"].shown[-1].text
    house.tap("mama", "👪 My children")
    assert applications(house) == []


# ---------------------------------------------------------------- how it stands, and withdrawing


def test_the_status_is_seen_by_both_and_by_nobody_else(house: House) -> None:
    register(house, "mama")
    for name in ("mama", "kid", "thief", "tata"):
        house.hear(name, "/applications")
        house.hear(name, f"/start {CODE}")
    assert "your child, number 1001: received" in shown(house, "mama")
    assert "Your number is 1001" in shown(house, "kid")
    for name in ("thief", "tata"):
        assert "1001" not in shown(house, name)


@pytest.mark.parametrize(("name", "other"), [("mama", "kid"), ("kid", "mama")])
def test_either_withdraws_and_the_other_is_told(house: House, name: str, other: str) -> None:
    register(house, "mama")
    house.advance(minutes=15)
    assert do(house, name, WithdrawInterest(call_id(house), house.person_id("kid"))).outcome == "withdrawn"
    assert any("was withdrawn" in text for text in told(house, other))
    with Session(house.database) as session:
        assert session.scalars(select(Application.answers)).all() == [{}]


def test_of_two_the_one_that_was_picked_is_withdrawn(house: House) -> None:
    register(house, "mama")
    do(house, "mama", RegisterInterest(call_id(house), {"why": MARK}))
    house.hear("mama", f"/start {CODE}")
    house.tap("mama", "Withdraw")
    house.tap("mama", "For my child (1)")
    house.tap("mama", "Yes, withdraw")
    states = {person: state for person, _by, state in applications(house)}
    assert states == {house.person_id("kid"): "withdrawn", house.person_id("mama"): "registered"}


def test_with_the_yes_goes_what_was_registered_with_it(house: House) -> None:
    register(house, "mama")
    done = do(house, "mama", Withdraw("attend", house.person_id("kid")))
    assert done.details["cancelled"] == 1
    assert [state for _person, _by, state in applications(house)] == ["withdrawn"]


# ---------------------------------------------------------------- deadlines


def test_a_child_that_asks_is_reminded_and_the_guardian_with_it(house: House) -> None:
    assert do(house, "kid", RemindOfDeadline(call_id(house))).outcome == "planned"
    seen = house.advance(days=17)
    reminded = [name for name, message in seen if "A deadline is coming" in message.text]
    assert sorted(reminded) == ["kid", "kid", "mama", "mama"]


def test_a_guardian_that_asks_is_reminded_and_the_child_that_is_registered(house: House) -> None:
    house.person("sister", "en", band="under14", town="valjevo")
    link(house, "mama", "sister", "attend")
    register(house, "mama")
    do(house, "mama", RemindOfDeadline(call_id(house)))
    seen = house.advance(days=17)
    found = [(name, message.text) for name, message in seen if "A deadline is coming" in message.text]
    assert sorted(name for name, _text in found) == ["kid", "kid", "mama", "mama"], "the sister is not registered"
    assert all(("For: your child" in text) == (name == "mama") for name, text in found)


def test_who_does_not_want_it_is_not_reminded_because_another_asks(house: House) -> None:
    do(house, "mama", RemindOfDeadline(call_id(house)))
    do(house, "mama", ForgetDeadline(call_id(house)))
    do(house, "kid", RemindOfDeadline(call_id(house)))
    with Session(house.database) as session:
        planned = session.scalars(select(Reminder.recipient_id).where(Reminder.state == "planned")).all()
    assert set(planned) == {house.person_id("kid")}


# ---------------------------------------------------------------- staff


def test_staff_see_that_a_guardian_answered_and_both_are_told_the_decision(house: House) -> None:
    house.person("ana", "en", organisation="valjevo")
    register(house, "mama")
    house.hear("ana", "/interested")
    house.hear("ana", "1")
    house.tap("ana", "Open 1001")
    assert "A parent or guardian registered for this child" in house.people["ana"].shown[-1].text
    assert do(house, "ana", DecideApplication("1001", True)).outcome == "decided"
    seen = [(name, message.text) for name, message in house.advance(minutes=15) if "Good news" in message.text]
    assert sorted(name for name, _text in seen) == ["kid", "mama"]


def test_staff_decide_on_no_child_of_their_own(house: House) -> None:
    house.person("ana", "en", organisation="valjevo")
    link(house, "ana", "kid", "attend")
    register(house, "mama")
    assert do(house, "ana", OpenForm("1001")).outcome == "gone"
    assert do(house, "ana", DecideApplication("1001", True)).outcome == "gone"
    house.hear("ana", "/interested")
    house.hear("ana", "1")
    assert "1001" not in shown(house, "ana")
