"""Safety cases in hand: named people one after the other, words for one reader alone, and guardians never told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.caring import safeguarding
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts.people.own_data import everything
from bot.keeping import retention
from bot.running.furnishing import rules_of
from bot.settings import BadSettings, load
from conversations.deeds import Deed
from conversations.deeds.help import AnswerRequest, OpenRequest, SendRequest
from conversations.deeds.safety import AskFirst, CloseCase, GiveCase, MarkStep, SetAway, WriteHere
from models.audit import Audit
from models.caring import safety
from models.caring.answer import Hotline
from models.caring.case import Request, RequestMessage
from models.caring.hand_over import CaseStep, SafetyCase
from models.messages.message import Outgoing
from models.who import erasure, merging
from models.who.people import Address, Guardianship, Person
from tests.house import House, as_line

ALARM = "he wants to kill himself"
MARK = "Zvezdokljun"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.person("mama", "en", band="18+", town="bor")
    made.person("ana", "en", organisation="kokoro")
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    made.person("petra", "en", organisation="kokoro", role="safeguarding")
    made.person("direktor", "en", organisation="kokoro", role="admin")
    made.person("tuda", "en", organisation="kazanlak", role="safeguarding")
    with Session(made.database) as session:
        session.execute(update(Hotline).values(checked_at=made.now))
        session.commit()
    mother, child = made.person_id("mama"), made.person_id("mila")
    with Session(made.database) as session:
        session.add(Guardianship(guardian_id=mother, child_id=child, relation="mother", confirmed_at=made.now))
        session.commit()
    return made


def do(house: House, name: str, deed: Deed) -> str:
    """What a deed comes to when somebody performs it directly, past every question."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        address = session.scalars(select(Address.id).where(Address.external_id == house.people[name].external_id)).one()
        doing = Doing(session, house.now, house.rules, person_id, address, "console")
        outcome = perform(doing, deed).outcome
        session.commit()
    return outcome


def told(house: House) -> list[str]:
    """Who of the team heard of a case, in order."""
    return [
        name
        for name in ("vera", "petra", "direktor", "ana", "mama", "tuda")
        for message in house.people[name].shown
        if "Case 1" in message.text
    ]


def shown(house: House, name: str) -> str:
    return "\n".join(as_line(message) for message in house.people[name].shown)


def wait(house: House, **by: float) -> int:
    """Let time pass and the clocks of cases be looked at, twice: as two processes would."""
    house.now += timedelta(**by)
    moved = 0
    for _process in range(2):
        with Session(house.database) as session:
            moved += safeguarding.escalate(Doing(session, house.now, house.rules))
            session.commit()
    return moved


# ---------------------------------------------------------------- the clock


def test_named_people_are_asked_one_after_the_other_each_once_then_administrators(house: House) -> None:
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    assert [wait(house, minutes=14), wait(house, minutes=1)] == [0, 1]
    house.advance(minutes=1)
    assert told(house) == ["vera", "petra"]
    assert wait(house, minutes=14) == 1
    house.advance(minutes=1)
    assert told(house) == ["vera", "petra", "direktor"]
    assert wait(house, hours=20) == 0
    with Session(house.database) as session:
        steps = [(row.step, row.person_id) for row in session.scalars(select(CaseStep).order_by(CaseStep.id))]
    assert steps == [
        ("asked", house.person_id("vera")),
        ("asked", house.person_id("petra")),
        ("admins", house.person_id("direktor")),
    ]


def test_an_alarm_in_a_message_to_the_team_tells_its_number_once(house: House) -> None:
    """The words open the case, and are a message in it: two deeds of one turn."""
    house.hear("mila", "/person")
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    house.now += timedelta(minutes=5)
    house.hear("mila", "and he hits my mother")
    assert told(house) == ["vera", "vera"], "what comes later is told again"
    house.tap("vera", "Open")
    before = len(told(house))
    house.hear("mila", "I want to die, please help")
    assert len(told(house)) == before + 1, "also to who has it"


def test_nobody_is_promised_an_answer_once_the_case_is_closed(house: House) -> None:
    assert do(house, "mila", WriteHere("yes")) == "nobody"
    house.hear("mila", ALARM)
    house.tap("mila", "Yes, here")
    assert "The answer comes here" in shown(house, "mila")
    house.tap("vera", "Open")
    assert do(house, "vera", CloseCase("1", false_alarm=True)) == "closed"
    late = house.tap("mila", "Yes, here")
    assert "No answer is on its way" in late[0][1].text


def test_how_long_somebody_has_to_take_a_case_can_be_set(house: House, tmp_path: Path) -> None:
    house.rules = house.dialogue.rules = rules_of(load(data=tmp_path, safety_minutes=5))
    house.hear("mila", ALARM)
    assert [wait(house, minutes=4), wait(house, minutes=1)] == [0, 1]
    with pytest.raises(BadSettings, match="PUTOKAZ_SAFETY_MINUTES"):
        load(data=tmp_path, safety_minutes=0)


def test_a_case_that_nobody_takes_comes_round_again_the_next_day(house: House) -> None:
    house.hear("mila", ALARM)
    for _step in range(2):
        wait(house, minutes=15)
    assert wait(house, hours=24) == 1
    house.advance(minutes=1)
    assert told(house).count("vera") == 2


def test_who_opens_a_case_has_it_and_the_clock_stops(house: House) -> None:
    house.hear("mila", ALARM)
    assert do(house, "vera", OpenRequest("1")) == "open"
    assert wait(house, hours=30) == 0
    assert "petra" not in told(house)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    assert told(house) == ["vera", "vera"]


def test_at_night_the_numbers_come_and_the_clock_stands_still(house: House) -> None:
    house.advance(hours=13)
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]
    assert wait(house, hours=8) == 0
    assert wait(house, hours=1) == 1


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (datetime(2026, 10, 24, 17, 50, tzinfo=UTC), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 18, 50, tzinfo=UTC), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 9, 0, tzinfo=UTC), datetime(2026, 10, 25, 9, 15, tzinfo=UTC)),
    ],
)
def test_the_clock_is_right_in_the_nights_when_clocks_change(house: House, when: datetime, due: datetime) -> None:
    house.now = when
    house.hear("mila", ALARM)
    with Session(house.database) as session:
        assert session.scalars(select(SafetyCase.next_at)).one() == due


def test_who_is_away_is_passed_over_unless_nobody_else_is_there(house: House) -> None:
    assert do(house, "vera", SetAway(7)) == "done"
    house.hear("mila", ALARM)
    assert told(house) == ["petra"]
    wait(house, minutes=15)
    house.advance(minutes=1)
    assert told(house) == ["petra", "direktor"]


def test_where_everybody_is_away_somebody_is_asked_all_the_same(house: House) -> None:
    do(house, "vera", SetAway(7))
    do(house, "petra", SetAway(7))
    house.hear("mila", ALARM)
    assert told(house) == ["vera"]


def test_an_administrator_says_who_is_asked_first(house: House) -> None:
    assert do(house, "direktor", AskFirst(str(house.person_id("petra")))) == "done"
    house.hear("mila", ALARM)
    assert told(house) == ["petra"]


@pytest.mark.parametrize("name", ["mila", "mama", "ana", "vera", "tuda"])
def test_nobody_else_changes_the_round(house: House, name: str) -> None:
    assert do(house, name, AskFirst(str(house.person_id("petra")))) == "refused"
    assert do(house, "direktor", AskFirst(str(house.person_id("tuda")))) == "refused"
    if name not in ("vera", "tuda"):
        assert do(house, name, SetAway(1)) == "refused"


# ---------------------------------------------------------------- who may do what


@pytest.mark.parametrize("name", ["mila", "mama", "ana", "tuda", "petra", "direktor"])
def test_whoever_was_not_asked_reads_and_does_nothing(house: House, name: str) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), AnswerRequest("1", "DEMO"), MarkStep("1", "police"), CloseCase("1", False)):
        assert do(house, name, deed) == "gone"
    for words in ("/cases", "/inbox", "/desk"):
        house.hear(name, words)
    if name != "mila":
        assert MARK not in shown(house, name)
    if name != "direktor":
        assert do(house, name, GiveCase("1", str(house.person_id("petra")))) == "gone"
    with Session(house.database) as session:
        assert session.get_one(Request, 1).state == "open"


def test_an_administrator_gives_a_case_by_its_number_without_reading_it(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    assert do(house, "vera", OpenRequest("1")) == "open"
    house.hear("direktor", "/cases")
    house.tap("direktor", "Open: case 1")
    house.tap("direktor", "Hand over")
    house.hear("direktor", f"Colleague {house.person_id('petra')}")
    assert MARK not in shown(house, "direktor")
    assert "hinted" not in shown(house, "direktor")
    assert do(house, "vera", OpenRequest("1")) == "gone"
    assert do(house, "petra", OpenRequest("1")) == "open"


@pytest.mark.parametrize("to", ["mama", "ana", "mila", "tuda", "direktor", "vera"])
def test_a_case_is_given_to_nobody_but_colleagues_of_the_safeguarding_staff(house: House, to: str) -> None:
    house.hear("mila", ALARM)
    do(house, "vera", OpenRequest("1"))
    assert do(house, "vera", GiveCase("1", str(house.person_id(to)))) == "gone"
    assert do(house, "vera", GiveCase("1", "0; drop")) == "gone"


def test_who_was_given_a_case_and_does_not_take_it_is_followed_by_the_next(house: House) -> None:
    house.hear("mila", ALARM)
    do(house, "vera", OpenRequest("1"))
    assert do(house, "vera", GiveCase("1", str(house.person_id("petra")))) == "handed"
    assert wait(house, minutes=15) == 1
    house.advance(minutes=1)
    assert told(house) == ["vera", "vera", "petra"]


def test_each_reading_and_each_step_is_recorded_without_a_word(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), MarkStep("1", "talked"), MarkStep("1", "talked"), OpenRequest("1")):
        do(house, "vera", deed)
    assert do(house, "vera", MarkStep("1", "forged")) == "gone"
    with Session(house.database) as session:
        acts = [row.action for row in session.scalars(select(Audit).order_by(Audit.id))]
        assert (acts.count("request_read"), acts.count("case_step")) == (2, 1)
        assert MARK not in str([(row.subject, row.details) for row in session.scalars(select(Audit))])


def test_a_false_alarm_is_closed_only_after_staff_have_looked(house: House) -> None:
    house.hear("mila", ALARM)
    house.hear("mila", "it was a joke")
    with Session(house.database) as session:
        row = session.get_one(Request, 1)
        assert (row.state, row.denied_at) == ("open", house.now)
    assert do(house, "vera", CloseCase("1", True)) == "closed"
    with Session(house.database) as session:
        assert [one.step for one in session.scalars(select(CaseStep).order_by(CaseStep.id))] == [
            "asked", "seen", "false_alarm", "closed",
        ]  # fmt: skip


# ---------------------------------------------------------------- the person's phone


def test_an_answer_shows_nothing_before_it_is_opened(house: House) -> None:
    house.hear("mila", ALARM)
    assert do(house, "vera", AnswerRequest("1", MARK)) == "sent"
    with Session(house.database) as session:
        assert MARK not in str(list(session.scalars(select(Outgoing.body))))
    house.hear("mila", "DEMO")
    assert MARK not in shown(house, "mila")
    house.tap("mila", "Show it")
    assert MARK in shown(house, "mila")
    tap = house.button("mila", "Show it").tap
    house.hear("mama", tap=tap)
    assert MARK not in shown(house, "mama")


def test_nobody_is_written_to_who_said_that_it_is_not_safe(house: House) -> None:
    house.hear("mila", ALARM)
    house.tap("mila", "No, not here")
    assert do(house, "vera", AnswerRequest("1", MARK)) == "not_here"
    before = len(house.people["mila"].shown)
    house.advance(hours=2)
    assert len(house.people["mila"].shown) == before
    house.tap("mila", "Yes, here")
    assert do(house, "vera", AnswerRequest("1", MARK)) == "sent"


def test_a_deleted_chat_is_empty_with_us_too(house: House) -> None:
    house.hear("mila", ALARM)
    house.tap("mila", "Delete this chat")
    with Session(house.database) as session:
        mine = select(Address.id).where(Address.person_id == house.person_id("mila"))
        bodies = session.scalars(select(Outgoing.body).where(Outgoing.address_id.in_(mine)).order_by(Outgoing.id)).all()
        assert [body for body in bodies[:-1] if body] == []
        assert session.scalars(select(SafetyCase.write_here)).one() == "no"


@pytest.mark.parametrize("where", ["/start", "/person", "/find", "/settings", "/mydata"])
def test_the_safe_word_works_in_every_state_and_leaves_it_as_it_was(house: House, where: str) -> None:
    house.hear("mila", where)
    question = house.people["mila"].shown[-1]
    seen = house.hear("mila", "ЦРВЕНИ кишобран")
    assert [name for name, _ in seen] == ["mila"]
    assert [button.label for button in seen[0][1].buttons] == ["Open the list", "Write to us", "Hide"]
    with Session(house.database) as session:
        assert session.scalars(select(Request)).all() == []
    if question.buttons:
        house.hear("mila", tap=question.buttons[0].tap)
        assert "from before" not in house.people["mila"].shown[-1].text


def test_a_word_of_ones_own_tells_staff_only_where_that_was_agreed(house: House) -> None:
    with Session(house.database) as session:
        safety.choose_word(session, house.person_id("mila"), "Šargarepa", None)
        session.commit()
    assert [name for name, _ in house.hear("mila", "шаргарепа")] == ["mila"]
    with Session(house.database) as session:
        safety.choose_word(session, house.person_id("mila"), None, True)
        session.commit()
    assert sorted(name for name, _ in house.hear("mila", "sargarepa")) == ["mila", "vera"]
    assert [name for name, _ in house.hear("mama", "sargarepa")] == ["mama"]
    assert "Your list" not in shown(house, "mama")


# ---------------------------------------------------------------- nobody else, ever


def test_a_guardian_never_hears_of_a_case_whatever_happens_to_it(house: House) -> None:
    house.hear("mila", f"{ALARM} {MARK}")
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    for deed in (OpenRequest("1"), AnswerRequest("1", MARK), MarkStep("1", "centre"), CloseCase("1", False)):
        do(house, "vera", deed)
    house.advance(hours=40)
    for words in ("/mydata", "/children", "/bookings", "/inbox", "/cases", "/menu"):
        house.hear("mama", words)
        house.hear("ana", words)
    for person_id in (house.person_id("mama"), house.person_id("mila")):
        with Session(house.database) as session:
            exported = str(everything(session, session.get_one(Person, person_id)))
        assert MARK not in exported
        assert "safety" not in exported
        assert "self_harm" not in exported
    for name in ("mama", "ana", "tuda"):
        for sign in (MARK, "Case 1", "hinted", "safety case"):
            assert sign not in shown(house, name), (name, sign)


def test_notices_name_nobody_and_carry_no_word(house: House) -> None:
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).called = MARK + "ova"
        session.commit()
    house.hear("mila", ALARM)
    house.hear("mila", "/person")
    house.hear("mila", MARK)
    wait(house, minutes=15)
    wait(house, minutes=15)
    house.advance(minutes=1)
    for name in ("vera", "petra", "direktor"):
        assert MARK not in shown(house, name)
        assert "hinted" not in shown(house, name)


# ---------------------------------------------------------------- keeping, erasing, joining


def test_words_of_a_closed_case_are_kept_thirty_days_and_what_it_was_about_two_years(house: House) -> None:
    house.hear("mila", ALARM)
    do(house, "mila", SendRequest(MARK))
    do(house, "vera", CloseCase("1", False))

    def kept() -> tuple[str, str, int]:
        with Session(house.database) as session:
            retention._cases(session, house.now)
            session.commit()
            return (
                session.scalars(select(RequestMessage.text)).one(),
                session.get_one(Request, 1).concern,
                len(session.scalars(select(CaseStep.id)).all()),
            )

    house.now += timedelta(days=29)
    assert kept() == (MARK, "self_harm", 3)
    house.now += timedelta(days=2)
    assert kept() == ("", "self_harm", 3)
    house.now += timedelta(days=731)
    assert kept() == ("", "", 0)


def test_somebody_erased_leaves_no_case_and_no_word(house: House) -> None:
    house.hear("mila", ALARM)
    mila = house.person_id("mila")
    with Session(house.database) as session:
        safety.choose_word(session, mila, "DEMO", True)
        erasure.erase(session, house.now, mila)
        session.commit()
    with Session(house.database) as session:
        row = session.get_one(Request, 1)
        assert (row.state, row.concern) == ("closed", "")
        assert session.scalars(select(safety.SafeWord)).all() == []
    assert wait(house, hours=3) == 0


def test_two_chats_that_are_one_person_have_one_case_and_the_earlier_clock(house: House) -> None:
    house.person("mila2", "en", band="15-17", town="bor")
    house.hear("mila", ALARM)
    with Session(house.database) as session:
        due = session.scalars(select(SafetyCase.next_at)).one()
    house.now += timedelta(minutes=5)
    house.hear("mila2", ALARM)
    do(house, "mila2", WriteHere("no"))
    with Session(house.database) as session:
        merging.merge(
            session,
            house.now,
            house.person_id("mila2"),
            house.person_id("mila"),
            lambda *_given: house.now,
            lambda *_given: house.now,
        )
        session.commit()
        alive = session.scalars(select(SafetyCase).join(Request).where(Request.state != "closed")).one()
        assert (alive.next_at, alive.write_here) == (due, "no")


def test_two_who_open_a_case_at_once_do_not_both_have_it(house: House) -> None:
    house.hear("mila", ALARM)
    wait(house, minutes=15)

    async def both() -> list[str]:
        return await asyncio.gather(
            *(asyncio.to_thread(do, house, name, OpenRequest("1")) for name in ("vera", "petra"))
        )

    assert sorted(asyncio.run(both())) == ["gone", "open"]
