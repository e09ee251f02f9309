"""One person, several chats: both sides say yes, codes work once, and a chat that has left learns nothing more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.chats import GoApart, IssueAddressCode, JoinChats, RefuseChat
from conversations.speech import Spoken
from models.attending.attendance import Attendance
from models.audit import Audit
from models.messages.conversation import Standing
from models.messages.message import Outgoing
from models.messages.money import Tariff
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places import taking
from models.places.booking import Booking
from models.who import linking
from models.who.people import Address, Guardianship, OneTimeCode, Person
from models.who.reaching import places as ways
from tests.house import House

SHORT = re.compile(r"(?<![\w-])[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}(?![\w-])")
YES, NO = "✅ Yes, that is me", "No, I do not know it"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="18+", town="bor")
    made.person("tablet", "en")
    made.person("other", "en", band="18+", town="bor")
    return made


def texts(shown: list[tuple[str, Spoken]], name: str) -> str:
    return "\n".join(message.text for who, message in shown if who == name)


def code_of(house: House, name: str) -> str:
    house.hear(name, "/settings")
    house.tap(name, "📱 Another phone or app")
    house.tap(name, "➕ Another phone or app")
    shown = house.tap(name, "Yes")
    return next(found[0] for _name, message in shown if (found := SHORT.search(message.text)))


def ask(house: House, name: str, code: str) -> str:
    """Use a code in a chat and confirm there: the other chat is asked."""
    shown = house.hear(name, f"/start {code}")
    if "Join this chat" in texts(shown, name) or "Is this your own phone now?" in texts(shown, name):
        shown = house.tap(name, "Yes")
    return texts(shown, name)


def link(house: House, owner: str, other: str) -> None:
    ask(house, other, code_of(house, owner))
    house.tap(owner, YES)


def book(house: House, name: str) -> None:
    house.hear(name, "/menu")
    house.hear(name, "maths")
    house.tap(name, "Maths: help with learning")
    house.hear(name, "1")
    house.tap(name, "For me")
    house.tap(name, "Yes, please")


def bookings(house: House, name: str) -> list[str]:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        return list(session.scalars(select(Booking.state).where(Booking.person_id == person_id)))


# ---------------------------------------------------------------- joining


def test_a_code_that_was_passed_on_swallows_nobody(house: House) -> None:
    book(house, "other")
    ask(house, "other", code_of(house, "mila"))
    assert house.person_id("mila") != house.person_id("other"), "nothing is joined before the first chat has said yes"
    assert bookings(house, "mila") == []
    house.tap("mila", NO)
    assert house.person_id("mila") != house.person_id("other")
    assert bookings(house, "other") == ["booked"]


def test_a_question_is_answered_once_whichever_way(house: House) -> None:
    ask(house, "other", code_of(house, "mila"))
    refused = texts(house.tap("mila", NO), "other")
    assert "said no" in refused
    again = house.tap("mila", NO)
    assert "answered already" in texts(again, "mila")
    assert texts(again, "other") == "", "the other chat hears it once"
    house.tap("mila", YES)
    assert house.person_id("mila") != house.person_id("other"), "a yes after the no joins nothing"


def test_nobody_refuses_or_joins_what_was_not_asked(house: House) -> None:
    """Where no question waits, or one about another chat, a deed that names a chat says nothing to it."""
    ask(house, "other", code_of(house, "mila"))
    mila, other = house.person_id("mila"), house.person_id("other")
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.person_id == other)).one()
        for who, deed in (
            (mila, RefuseChat(other, address.id + 99, mila)),
            (mila, RefuseChat(mila, address.id, mila)),
            (mila, JoinChats(other, address.id, other)),
            (other, RefuseChat(other, address.id, mila)),
            (other, JoinChats(other, address.id, mila)),
        ):
            doing = Doing(session, house.now, house.rules, who, 1, "console")
            assert perform(doing, deed).outcome == "gone"
            assert doing.outgoing == []
        late = Doing(session, house.now + timedelta(hours=2), house.rules, mila, 1, "console")
        assert perform(late, RefuseChat(other, address.id, mila)).outcome == "gone"
        session.rollback()
    assert "said no" in texts(house.tap("mila", NO), "other"), "the question itself still waits"


def test_what_would_be_joined_is_told_to_both_before_it_is(house: House) -> None:
    book(house, "other")
    code = code_of(house, "mila")
    first = texts(house.hear("other", f"/start {code}"), "other")
    assert "1 booking" in first
    assert "whoever has it sees all of this" in first
    asked = house.tap("other", "Yes")
    assert "1 booking" in texts(asked, "mila")
    house.tap("mila", YES)
    assert bookings(house, "mila") == ["booked"]
    assert house.person_id("mila") == house.person_id("other")


def test_a_role_and_children_are_named_before_they_are_handed_over(house: House) -> None:
    house.person("boss", "en", organisation="kokoro", role="admin")
    shown = house.hear("boss", f"/start {code_of(house, 'mila')}")
    assert "administrator" in texts(shown, "boss")


def test_a_newcomers_chat_joins_only_after_the_yes_and_starts_without_its_half_a_welcome(house: House) -> None:
    house.hear("tablet", "/start")
    house.tap("tablet", "English")
    ask(house, "tablet", code_of(house, "mila"))
    assert "Which" not in texts(house.tap("mila", YES), "tablet")
    assert "What would you like" in texts(house.hear("tablet", "/menu"), "tablet")
    assert house.person_id("tablet") == house.person_id("mila")


def test_a_code_works_once_and_not_for_long(house: House) -> None:
    code = code_of(house, "mila")
    ask(house, "tablet", code)
    assert "does not work" in ask(house, "other", code)
    late = code_of(house, "mila")
    house.now += timedelta(minutes=11)
    assert "does not work" in ask(house, "other", late)


def test_a_new_code_ends_the_earlier_one(house: House) -> None:
    old, new = code_of(house, "mila"), code_of(house, "mila")
    assert "does not work" in ask(house, "tablet", old)
    assert "look at the other chat" in ask(house, "tablet", new)


def test_a_code_can_be_typed_in_small_letters_without_its_hyphen(house: House) -> None:
    code = code_of(house, "mila")
    house.hear("other", "/settings")
    house.tap("other", "📱 Another phone or app")
    house.tap("other", "🔑 I have a code")
    assert "Join this chat" in texts(house.hear("other", code.replace("-", "").lower()), "other")


def test_who_guesses_too_often_learns_nothing_any_more(house: House) -> None:
    code = code_of(house, "mila")
    for number in range(10):
        house.hear("other", f"/start 2222-22{number}2")
    assert "does not work" in ask(house, "other", code)
    assert "look at the other chat" in ask(house, "tablet", code), "others do not suffer from it"


def test_only_hashes_of_codes_are_kept(house: House) -> None:
    code = code_of(house, "mila")
    with Session(house.database) as session:
        rows = session.scalars(select(OneTimeCode)).all()
        assert len(rows) == 2
        kept = json.dumps([[row.hash, row.details] for row in rows])
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_the_question_is_for_the_chat_that_made_the_code_and_for_an_hour(house: House) -> None:
    ask(house, "tablet", code_of(house, "mila"))
    yes = house.button("mila", YES).tap
    house.hear("other", tap=yes)
    assert house.person_id("tablet") != house.person_id("mila"), "a stranger's tap on it does nothing"
    house.now += timedelta(hours=2)
    house.hear("mila", tap=yes)
    assert house.person_id("tablet") != house.person_id("mila")


def test_saying_yes_twice_joins_once(house: House) -> None:
    link(house, "mila", "other")
    house.tap("mila", YES)
    with Session(house.database) as session:
        joined = session.scalar(select(func.count()).select_from(Audit).where(Audit.action == "chats joined"))
        assert joined == 1


def test_old_buttons_still_work_after_joining(house: House) -> None:
    book(house, "other")
    shown = house.advance(hours=24)
    assert "A reminder" in texts(shown, "other")
    button = house.button("other", "👍 I'm coming").tap
    link(house, "mila", "other")
    assert "See you there" in texts(house.hear("other", tap=button), "other")
    with Session(house.database) as session:
        assert session.scalars(select(Attendance.state)).all() == ["coming"]


@pytest.mark.parametrize("clash", [True, False])
def test_two_bookings_at_the_same_time_are_said(house: House, clash: bool) -> None:
    book(house, "mila")
    other = house.person_id("other")
    with Session(house.database) as session:
        mine = session.scalars(select(Meeting).join(Booking, Booking.session_id == Meeting.id)).one()
        shift = timedelta(minutes=15 if clash else 600)
        meeting = Meeting(
            listing_id=mine.listing_id, starts_at=mine.starts_at + shift, ends_at=mine.ends_at + shift,
            zone=mine.zone, capacity=3,
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        taking.book(session, house.now, session_id=meeting.id, person_id=other, booked_by_id=other)
        session.commit()
    link(house, "mila", "other")
    assert ("same time" in house.people["mila"].shown[-1].text) is clash


# ---------------------------------------------------------------- where reminders go


def reminded(house: House, **by: float) -> list[str]:
    return [name for name, message in house.advance(**by) if "A reminder" in message.text]


def test_reminders_go_where_they_are_wanted_not_where_one_wrote_last(house: House) -> None:
    link(house, "mila", "tablet")
    house.hear("mila", "/settings")
    house.tap("mila", "📱 Another phone or app")
    house.tap("mila", "Console (this one)")
    house.tap("mila", "🔔 Reminders to this chat")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    assert reminded(house, hours=24) == ["mila"]
    assert reminded(house, hours=6) == ["mila"]


def test_a_wish_counts_more_than_money_and_money_more_than_the_last_word(house: House) -> None:
    link(house, "mila", "tablet")
    person_id = house.person_id("mila")
    tariffs = (Tariff("viber", "Viber"),)
    later = house.now + timedelta(days=3)
    with Session(house.database) as session:
        paid, free = session.scalars(select(Address).where(Address.person_id == person_id)).all()
        paid.channel = "viber"
        paid.last_heard_at, free.last_heard_at = house.now, house.now - timedelta(days=1)
        session.flush()
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [free.id, paid.id]
        assert linking.prefer(session, house.now, person_id, paid.id)
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [paid.id, free.id]
        assert not linking.prefer(session, house.now, person_id + 1, paid.id), "nobody chooses for somebody else"
        paid.active = False
        session.flush()
        assert [one.id for one in ways(session, [person_id], later, tariffs)[person_id]] == [free.id]


def test_without_a_wish_they_go_where_one_wrote_last(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    assert reminded(house, hours=24) == ["tablet"]


def test_a_chat_that_is_blocked_hands_on_what_waits_once(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    with Session(house.database) as session:
        reminder = session.scalars(select(Reminder).order_by(Reminder.due_at)).first()
        address = session.scalars(select(Address).where(Address.external_id == "console-tablet")).one()
        assert reminder is not None
        reminder.state = "queued"
        session.add(
            Outgoing(
                address_id=address.id, kind="reminder", rank=1, body={"text": "A reminder", "language": "en"},
                due_at=house.now + timedelta(hours=2), reminder_id=reminder.id, created_at=house.now,
            )
        )  # fmt: skip
        session.commit()
    house.event("tablet", "left")
    assert reminded(house, hours=4) == ["mila"]
    house.event("tablet", "returned")
    assert reminded(house, hours=4) == []


def test_a_stop_said_in_one_chat_counts_in_all_and_leaving_one_in_that_one_alone(house: House) -> None:
    link(house, "mila", "tablet")
    book(house, "mila")
    house.hear("tablet", "stop")
    house.tap("tablet", "🔕 Stop messages")
    assert reminded(house, hours=24) == [], "also not in the chat where nobody said so"
    house.hear("tablet", "start")
    house.tap("tablet", "Yes")
    house.event("tablet", "left")
    assert reminded(house, hours=6) == ["mila"], "who leaves one app has stopped nothing in the other"


# ---------------------------------------------------------------- letting one go

MARK = "DEMOmarker"


def waits_for(house: House, name: str, kind: str, rank: int) -> None:
    with Session(house.database) as session:
        address = session.scalars(select(Address).where(Address.external_id == f"console-{name}")).one()
        session.add(
            Outgoing(
                address_id=address.id, kind=kind, rank=rank, body={"text": f"{MARK} {kind}", "language": "en"},
                due_at=house.now + timedelta(hours=1), created_at=house.now,
            )
        )  # fmt: skip
        session.commit()


def let_go(house: House, of: str, which: str) -> None:
    house.hear(of, "/settings")
    house.tap(of, "📱 Another phone or app")
    house.tap(of, which)
    house.tap(of, "❌ Take this chat away")
    house.tap(of, "Yes")


@pytest.mark.parametrize("by", ["mila", "tablet"])
def test_after_unlinking_nothing_of_the_person_goes_to_the_old_address(house: House, by: str) -> None:
    link(house, "mila", "tablet")
    with Session(house.database) as session:
        session.get_one(Person, house.person_id("mila")).called = MARK
        session.commit()
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    for kind, rank in (("reminder", 1), ("broadcast", 2), ("reply", 0)):
        waits_for(house, "tablet", kind, rank)
    mine = house.person_id("mila")
    let_go(house, by, "Console (this one)" if by == "tablet" else "Console")
    house.people["tablet"].shown.clear()
    house.people["mila"].shown.clear()
    seen = house.advance(hours=26)
    assert [name for name, message in seen if MARK in message.text] == ["mila", "mila"], "each once, but no answers"
    assert "A reminder" in texts(seen, "mila")
    assert not house.people["tablet"].shown
    for words in ("my data", "/menu", "my bookings", "hello"):
        shown = texts(house.hear("tablet", words), "tablet")
        assert MARK not in shown
        assert "Number" not in shown
    with Session(house.database) as session:
        left = session.scalars(
            select(Outgoing).join(Address).where(Address.external_id == "console-tablet", Outgoing.body.is_not(None))
        )
        assert MARK not in json.dumps([row.body for row in left])
        assert session.scalars(select(Address.person_id).where(Address.external_id == "console-tablet")).all() != [mine]
        assert session.scalars(select(Booking.person_id)).all() == [mine], "the person keeps everything"


def test_buttons_on_a_lost_phone_do_nothing_any_more(house: House) -> None:
    link(house, "mila", "tablet")
    house.now += timedelta(minutes=1)
    book(house, "tablet")
    house.advance(hours=24)
    button = house.button("tablet", "I can't come").tap
    let_go(house, "mila", "Console")
    house.hear("tablet", tap=button)
    assert bookings(house, "mila") == ["booked"]
    with Session(house.database) as session:
        assert session.scalars(select(Standing.used_at).where(Standing.token == button[2:])).all() == [None]


def test_the_only_chat_cannot_be_taken_away(house: House) -> None:
    house.hear("mila", "/settings")
    house.tap("mila", "📱 Another phone or app")
    shown = house.tap("mila", "Console (this one)")
    assert "❌ Take this chat away" not in [button.label for _name, message in shown for button in message.buttons]


def test_erasing_reaches_every_chat_and_what_was_joined(house: House) -> None:
    link(house, "mila", "other")
    house.hear("other", "delete me")
    for label in ("🗑 Delete everything", "Yes, delete", "Delete everything now"):
        house.tap("other", label)
    house.advance(minutes=15)
    with Session(house.database) as session:
        assert session.scalars(select(Address)).all() == []
        assert all(person.erased_at is not None for person in session.scalars(select(Person)) if person.merged_into_id)


# ---------------------------------------------------------------- a child, or a guest, with a phone of their own


def a_child(house: House, parent: str = "mila") -> int:
    """A child without a phone, added by a parent, with a place booked."""
    house.hear(parent, "/settings")
    house.tap(parent, "👪 My children")
    house.tap(parent, "➕ Add a child")
    house.hear(parent, "Una")
    for label in ("Under 14", "Go on", "Mother", "🙋 Taking part", "Done", "Yes"):
        house.tap(parent, label)
    with Session(house.database) as session:
        return session.scalars(select(Person.id).where(Person.called == "Una")).one()


def code_for(house: House, parent: str, label: str) -> str:
    house.hear(parent, "/settings")
    house.tap(parent, "👪 My children")
    house.tap(parent, label)
    house.tap(parent, OWN_PHONE)
    shown = house.tap(parent, "Yes")
    return next(found[0] for _name, message in shown if (found := SHORT.search(message.text)))


OWN_PHONE, ITS_PHONE = "📱 Has their own phone now", "✅ Yes, that is the phone"


def test_a_child_that_gets_a_phone_keeps_what_it_had_and_its_parent(house: House) -> None:
    child = a_child(house)
    code = code_for(house, "mila", "Una")
    asked = ask(house, "tablet", code)
    assert "look at the other phone" in asked, "nothing is said of one person with two chats"
    assert "Una's own phone" in house.people["mila"].shown[-1].text
    shown = house.tap("mila", ITS_PHONE)
    assert "Una writes from their own phone now" in texts(shown, "mila")
    assert "this is your chat now" in texts(shown, "tablet")
    assert house.person_id("tablet") == child, "who wrote from the new phone is the child that was known"
    house.hear("mila", "/settings")
    house.tap("mila", "👪 My children")
    assert "Una" in house.people["mila"].shown[-1].text + str(house.people["mila"].shown[-1].cards)
    house.tap("mila", "Una")
    assert OWN_PHONE not in [button.label for button in house.people["mila"].shown[-1].buttons]


def test_a_phone_that_the_parent_does_not_know_gets_nothing(house: House) -> None:
    child = a_child(house)
    ask(house, "tablet", code_for(house, "mila", "Una"))
    house.tap("mila", NO)
    assert house.person_id("tablet") != child
    assert linking.chats_of(Session(house.database), child) == []


def test_only_who_speaks_for_a_child_says_which_phone_is_its_own(house: House) -> None:
    child = a_child(house)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, house.person_id("mila"))
        assert perform(doing, IssueAddressCode(child)).outcome == "made"
    other = house.person_id("other")
    with Session(house.database) as session:
        assert perform(Doing(session, house.now, house.rules, other), IssueAddressCode(child)).outcome == "refused"
    mila = house.person_id("mila")
    with Session(house.database) as session:
        refused = perform(Doing(session, house.now, house.rules, other), IssueAddressCode(mila))
        assert refused.outcome == "refused", "somebody with a chat is asked in it"


def test_a_link_that_ended_meanwhile_lets_nobody_answer_for_the_child(house: House) -> None:
    child = a_child(house)
    ask(house, "tablet", code_for(house, "mila", "Una"))
    with Session(house.database) as session:
        for link in session.scalars(select(Guardianship).where(Guardianship.child_id == child)):
            link.ended_at = house.now
        session.commit()
    house.tap("mila", ITS_PHONE)
    assert house.person_id("tablet") != child


# ---------------------------------------------------------------- two who were joined by mistake


WE_ARE_TWO, TWO, ALL_MINE = "✂️ We are two people", "✅ Yes, we are two", "No, it is all mine"


def asks_to_be_two(house: House, name: str) -> str:
    """In one of the chats: we are two people. What that chat is told along the way."""
    house.hear(name, "/settings")
    house.tap(name, "📱 Another phone or app")
    asked = house.tap(name, WE_ARE_TWO)
    return texts(asked, name) + "\n" + texts(house.tap(name, "Yes"), name)


def joined_by_mistake(house: House) -> tuple[int, int]:
    """Two sisters, each with a booking, one of whom gave the other a code."""
    one, two = house.person_id("mila"), house.person_id("other")
    with Session(house.database) as session:
        session.get_one(Person, two).called = "Eva DEMO"
        session.commit()
    book(house, "other")
    link(house, "mila", "other")
    assert house.person_id("other") == one
    assert len(bookings(house, "mila")) == 1
    return one, two


@pytest.mark.parametrize(("asks", "answers"), [("mila", "other"), ("other", "mila")])
def test_two_sisters_are_two_again_when_both_chats_say_so(house: House, asks: str, answers: str) -> None:
    one, two = joined_by_mistake(house)
    seen = len(house.people[answers].shown)
    said = asks_to_be_two(house, asks)
    assert "Each gets back what they had before." in said
    keeps = "What is new since then stays in this chat." in said
    assert keeps == (asks == "mila"), "who keeps what is new is said before"
    assert house.person_id("other") == one, "nothing has changed yet"
    assert "we are two people and were joined by mistake" in house.people[answers].shown[seen].text
    assert ("stays in this chat" in house.people[answers].shown[seen].text) == (answers == "mila")
    shown = house.tap(answers, TWO)
    assert "two people again" in texts(shown, answers)
    assert "two people again" in texts(shown, asks), "the chat that asked is told"
    assert (house.person_id("mila"), house.person_id("other")) == (one, two)
    assert (bookings(house, "mila"), len(bookings(house, "other"))) == ([], 1)
    with Session(house.database) as session:
        assert session.get_one(Person, two).called == "Eva DEMO"
        acts = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert acts[-2:] == ["asked to be apart", "chats apart"]
    # each goes on alone, and what was said in the chat while they were one leads nowhere
    assert "Maths" in str(house.hear("other", "/bookings"))
    assert "Maths" not in str(house.hear("mila", "/bookings"))
    house.hear("mila", "/settings")
    assert WE_ARE_TWO not in str(house.tap("mila", "📱 Another phone or app"))


def test_a_no_of_the_other_side_leaves_everything(house: House) -> None:
    one, _two = joined_by_mistake(house)
    asks_to_be_two(house, "other")
    shown = house.tap("mila", ALL_MINE)
    assert "everything stays as it is" in texts(shown, "mila")
    assert "said no" in texts(shown, "other")
    assert house.person_id("other") == one


def test_the_chat_that_asked_cannot_answer_for_the_other_side(house: House) -> None:
    one, _two = joined_by_mistake(house)
    asks_to_be_two(house, "other")
    button = house.button("mila", TWO)
    with Session(house.database) as session:
        standing = session.get_one(Standing, button.tap.removeprefix("s."))
        about = dict(standing.about)
        asked_by = session.scalars(select(Address).where(Address.id == about["address"])).one()
        for address_id in (asked_by.id, 0):
            doing = Doing(session, house.now, house.rules, one, address_id, "console")
            assert perform(doing, GoApart(about["joining"], about["address"])).outcome == "gone"
    assert house.person_id("other") == one
    with Session(house.database) as session:
        session.execute(update(Address).where(Address.id != about["address"]).values(active=False))
        session.commit()
    house.hear("other", "/settings")
    house.advance(hours=2)
    assert "cannot be reached" in asks_to_be_two(house, "other")


def test_after_a_month_nobody_is_asked_any_more(house: House) -> None:
    joined_by_mistake(house)
    asks_to_be_two(house, "other")
    house.advance(days=31)
    house.hear("mila", "/settings")
    assert WE_ARE_TWO not in str(house.tap("mila", "📱 Another phone or app"))
