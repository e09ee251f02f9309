"""An administrator makes two of one, where the other side cannot answer: never against it, never for another team."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.offering import places
from bot.telling import earlier
from conversations.deeds.chats import LookAtPair, TakeApart
from conversations.deeds.help import SendRequest
from models.audit import Audit
from models.caring.case import Request
from models.offers.listing import Session as Meeting
from models.places import taking
from models.places.booking import Booking
from models.who.apart import Joining
from models.who.merging import merge
from models.who.people import Address, Person
from tests.bot.people.chats.kit import ALL_MINE, asks_to_be_two, bookings, texts
from tests.house import House

TWO_OF_THEM, REALLY = "✂️ They are two people", "Yes, two people"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="18+", town="bor")
    made.person("other", "en", band="18+", town="bor")
    made.person("boss", "en", organisation="kokoro", role="admin")
    made.person("ana", "en", organisation="kokoro")
    made.person("rival", "en", organisation="kazanlak", role="admin")
    with Session(made.database) as session:
        one, two = (_chat(session, name).person_id for name in ("mila", "other"))
        session.get_one(Person, two).called = "Eva DEMO"
        a_place(made, session, two)
        rules = made.rules
        joined = merge(session, made.now, one, two, places.hold(made.now, rules), earlier(rules))
        assert joined.outcome == "merged"
        session.commit()
    return made


def _chat(session: Session, name: str) -> Address:
    return session.scalars(select(Address).where(Address.external_id == f"console-{name}")).one()


def a_place(house: House, session: Session, person_id: int) -> None:
    """A place in the first session to come that has one."""
    taken = select(Booking.session_id)
    free = select(Meeting.id).where(Meeting.starts_at > house.now, Meeting.id.not_in(taken)).order_by(Meeting.id)
    for meeting in session.scalars(free.limit(5)).all():
        made = taking.book(session, house.now, session_id=meeting, person_id=person_id, booked_by_id=person_id)
        if made.booking is not None:
            return
    raise AssertionError("nothing is free")


def loses_its_phone(house: House, name: str) -> None:
    """The chat is blocked, and looks as nobody will ever come back."""
    house.event(name, "left")


def writes_to_the_team(house: House, name: str) -> str:
    """One of them asks for a human; the number of that request."""
    with Session(house.database) as session:
        chat = _chat(session, name)
        doing = Doing(session, house.now, house.rules, chat.person_id, chat.id, "console")
        perform(doing, SendRequest("We are two people. DEMO"))
        number = session.scalars(select(Request.id).order_by(Request.id.desc()).limit(1)).one()
        session.commit()
    return str(number)


def opens_it(house: House, name: str) -> list[str]:
    """Staff open the request: the ways that are offered."""
    house.hear(name, "/inbox")
    house.hear(name, "1")
    return [button.label for button in house.people[name].shown[-1].buttons]


def act(house: House, name: str, request: str) -> str:
    """What an attempt by a forged tap comes to: the outcome of the deed, performed directly and kept."""
    with Session(house.database) as session:
        joining = session.scalars(select(Joining.id)).first() or 0
        chat = _chat(session, name)
        doing = Doing(session, house.now, house.rules, chat.person_id, chat.id, "console")
        looked, done = perform(doing, LookAtPair(request)), perform(doing, TakeApart(request, joining))
        assert looked is not None
        assert done is not None
        assert looked.outcome == done.outcome or (looked.outcome, done.outcome) == ("ready", "apart")
        session.commit()
    return done.outcome


def are_two(house: House) -> bool:
    return house.person_id("mila") != house.person_id("other")


@pytest.mark.parametrize(("asks", "lost"), [("mila", "other"), ("other", "mila")])
def test_an_administrator_makes_two_of_one_where_the_other_chat_is_gone(house: House, asks: str, lost: str) -> None:
    loses_its_phone(house, lost)
    said = asks_to_be_two(house, asks)
    assert "write “person”" in said, "the one who asks is told who can help"
    writes_to_the_team(house, asks)
    assert TWO_OF_THEM in opens_it(house, "boss")
    shown = texts(house.tap("boss", TWO_OF_THEM), "boss")
    assert "cannot be reached" in shown
    assert ("The other one gets back: 1 booking." in shown) == (asks == "mila")
    assert ("Whoever asks gets back: 1 booking." in shown) == (asks == "other")
    assert ("stays with whoever asks" in shown) == (asks == "mila"), "who keeps what is new is said before"
    assert not are_two(house), "looking changes nothing"
    done = house.tap("boss", REALLY)
    assert "One was told, the other cannot be reached." in texts(done, "boss")
    assert "two people again" in texts(done, asks)
    assert "KOKORO" in texts(done, asks), "which team it was"
    assert texts(done, lost) == ""
    assert are_two(house)
    assert (len(bookings(house, "mila")), len(bookings(house, "other"))) == (0, 1)
    boss = house.person_id("boss")
    with Session(house.database) as session:
        did = session.scalars(select(Audit.actor_id).where(Audit.action == "chats apart by team")).all()
        assert did == [boss]
    # the answer of the team goes to who asked, not to whose phone is lost
    house.event(lost, "returned")
    house.hear("boss", "/inbox")
    house.hear("boss", "1")
    house.tap("boss", "Answer")
    answered = house.hear("boss", "Done, DEMO")
    assert "Done, DEMO" in texts(answered, asks)
    assert "DEMO" not in texts(answered, lost)


def test_a_double_tap_and_an_old_button_do_it_once(house: House) -> None:
    loses_its_phone(house, "other")
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    opens_it(house, "boss")
    house.tap("boss", TWO_OF_THEM)
    old = house.button("boss", REALLY).tap
    house.hear("boss", tap=old, shown_id="shown")
    again = house.hear("boss", tap=old, shown_id="shown")
    assert texts(again, "mila") == "", "nobody is told twice"
    assert act(house, "boss", request) == "none"
    with Session(house.database) as session:
        did = select(func.count()).select_from(Audit).where(Audit.action == "chats apart by team")
        assert session.scalar(did) == 1


def test_nobody_but_an_administrator_of_the_team_that_answers_may(house: House) -> None:
    loses_its_phone(house, "other")
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    assert TWO_OF_THEM not in opens_it(house, "ana"), "a wrong role is not even offered it"
    house.tap("ana", "I take it")  # from now on it is Kokoro's
    assert TWO_OF_THEM not in [button.label for button in house.people["ana"].shown[-1].buttons]
    for name in ("ana", "rival", "mila"):
        assert act(house, name, request) == "refused", name
    assert not are_two(house)
    assert act(house, "boss", request) == "apart"


def test_a_safety_case_is_no_way_to_it(house: House) -> None:
    loses_its_phone(house, "other")
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    with Session(house.database) as session:
        asked = session.get_one(Request, int(request))
        asked.kind, asked.state, asked.taken_by_id = "safety", "taken", _chat(session, "boss").person_id
        session.commit()
    assert act(house, "boss", request) == "refused"


def test_a_chat_that_can_answer_is_waited_for_and_its_silence_has_a_length(house: House) -> None:
    request = writes_to_the_team(house, "mila")
    assert act(house, "boss", request) == "ask", "first one of the two says so"
    asks_to_be_two(house, "mila")
    house.now += timedelta(days=2, hours=23)
    assert act(house, "boss", request) == "waits"
    opens_it(house, "boss")
    assert "silent for 3 days" in texts(house.tap("boss", TWO_OF_THEM), "boss")
    house.now += timedelta(hours=2)
    opens_it(house, "boss")
    assert "was asked and is silent" in texts(house.tap("boss", TWO_OF_THEM), "boss")
    done = house.tap("boss", REALLY)
    assert "Both were told." in texts(done, "boss")
    assert "There was no answer here." in texts(done, "other")
    assert "If that is not right" in texts(done, "other")
    assert are_two(house)


def test_who_wrote_anything_since_can_answer_alone(house: House) -> None:
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    house.now += timedelta(days=1)
    house.hear("other", "/menu")
    house.now += timedelta(days=4)
    assert act(house, "boss", request) == "waits"


def test_a_no_of_the_other_side_is_never_overruled(house: House) -> None:
    asks_to_be_two(house, "mila")
    house.tap("other", ALL_MINE)
    loses_its_phone(house, "other")
    house.now += timedelta(hours=2)
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    house.now += timedelta(days=4)
    assert act(house, "boss", request) == "no"
    opens_it(house, "boss")
    assert "said no" in texts(house.tap("boss", TWO_OF_THEM), "boss")
    assert not are_two(house)


def test_who_was_out_of_reach_when_asked_and_is_back_is_asked_first(house: House) -> None:
    loses_its_phone(house, "other")
    asks_to_be_two(house, "mila")
    request = writes_to_the_team(house, "mila")
    house.event("other", "returned")
    house.now += timedelta(days=4)
    assert act(house, "boss", request) == "ask", "the question was never shown there"


def test_after_a_month_it_is_said_plainly_that_it_is_too_late(house: House) -> None:
    loses_its_phone(house, "other")
    asks_to_be_two(house, "mila")
    house.now += timedelta(days=31)
    request = writes_to_the_team(house, "mila")
    assert act(house, "boss", request) == "late"
    opens_it(house, "boss")
    assert "more than 30 days ago" in texts(house.tap("boss", TWO_OF_THEM), "boss")
    assert not are_two(house)


def test_what_the_other_side_asked_since_goes_with_it_and_what_is_new_stays(house: House) -> None:
    """A question last written in a chat goes with that chat; a booking made since stays with who was kept."""
    kept = house.person_id("mila")
    loses_its_phone(house, "mila")
    with Session(house.database) as session:
        a_place(house, session, kept)
        session.commit()
    asks_to_be_two(house, "other")
    request = writes_to_the_team(house, "other")
    assert act(house, "boss", request) == "apart"
    theirs = house.person_id("other")
    with Session(house.database) as session:
        asked = session.get_one(Request, int(request))
        assert asked.person_id == theirs != kept
        assert session.get_one(Person, asked.person_id).called == "Eva DEMO"
    assert len(bookings(house, "mila")) == 1, "as both were told before"
