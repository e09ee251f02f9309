"""People, through the whole product: consent before booking, codes, withdrawal, my data, stop, staff codes."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.doing import Doing
from bot.running.invite import UnknownOrganisation, invite
from conversations.facts import Me
from conversations.speech import Say, verbatim
from models.messages.conversation import Talk
from models.offers.programme import Organisation
from models.who import consent
from models.who.consent import Consent, Wording
from models.who.people import CodeTry, Guardianship, OneTimeCode, Person
from models.who.staff import StaffRole
from tests.house import House

CODE = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def me(house: House, name: str) -> Me:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        return me_of(session, session.get_one(Person, person_id))


def code_for(house: House, child: str) -> str:
    house.hear(child, "my data")
    house.tap(child, "👍 Yes to booking")
    shown = house.tap(child, "Write the message")
    return next(found[0] for _name, message in shown if (found := CODE.search(message.text)))


def confirm(house: House, guardian: str, code: str, *purposes: str) -> list[str]:
    house.hear(guardian, f"/start {code}")
    house.tap(guardian, "Go on")
    house.tap(guardian, "Mother")
    for purpose in purposes:
        house.tap(guardian, purpose)
    house.tap(guardian, "Done")
    return [message.text for _name, message in house.tap(guardian, "Yes")]


def welcome(house: House, name: str, band: str, town: str) -> None:
    house.person(name, "en")
    house.hear(name, "/start")
    for label in ("English", "All right", band):
        house.tap(name, label)
    house.hear(name, town)
    shown = house.tap(name, "Done")
    if any(button.label == "No" for _name, message in shown for button in message.buttons):
        house.tap(name, "No")


# ---------------------------------------------------------------- the gate


@pytest.mark.parametrize(
    ("band", "town", "may"),
    [("14", "Bor", False), ("14", "Kazanlak", True), ("Under 14", "Kazanlak", False), ("15 to 17", "Bor", True)],
)
def test_who_may_book_after_the_welcome_depends_on_age_and_country(
    house: House, band: str, town: str, may: bool
) -> None:
    welcome(house, "kid", band, town)
    found = me(house, "kid")
    assert (found.welcomed, found.may_book) == (True, may)


def test_the_welcome_records_what_was_shown_and_no_news_unless_wanted(house: House) -> None:
    welcome(house, "ann", "18 or more", "Bor")
    with Session(house.database) as session:
        rows = session.execute(
            select(Consent, Wording)
            .join(Wording, Wording.id == Consent.wording_id)
            .where(Consent.person_id == house.person_id("ann"))
        ).all()
    assert [(row.purpose, row.channel, words.language) for row, words in rows] == [("attend", "console", "en")]
    card = next(message.text for message in house.people["ann"].shown if message.text.startswith("🔒"))
    assert rows[0][1].text == card


def test_a_child_may_book_once_a_guardian_said_yes_to_taking_part(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+", town="bor")
    confirm(house, "mum", code_for(house, "kid"), "📷 Photos")
    assert not me(house, "kid").may_book, "photos are not taking part"
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part", "⏰ Reminders to me")
    assert me(house, "kid").may_book
    mum, kid = house.person_id("mum"), house.person_id("kid")
    with Session(house.database) as session:
        link = session.scalars(select(Guardianship)).one()
        words = session.scalars(
            select(Wording.text)
            .join(Consent, Consent.wording_id == Wording.id)
            .where(Consent.purpose == "attend")
            .where(Consent.given_by_id == mum, Consent.person_id == kid)
        ).one()
    assert (link.relation, link.reminders) == ("mother", True)
    assert "Taking part: the child may book" in words


# ---------------------------------------------------------------- codes


def test_a_code_works_once(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    house.person("aunt", "en", band="18+")
    code = code_for(house, "kid")
    confirm(house, "mum", code, "🙋 Taking part")
    shown = house.hear("aunt", f"/start {code}")
    assert "does not work" in shown[0][1].text
    mum = house.person_id("mum")
    with Session(house.database) as session:
        assert session.scalars(select(Guardianship.guardian_id)).all() == [mum]


def test_who_said_yes_and_comes_by_the_same_link_again_is_not_frightened(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    house.person("mum", "en")
    house.hear("mum", f"/start {code}")
    for label in ("English", "Yes", "Go on", "Mother", "🙋 Taking part", "Done", "Yes"):
        house.tap("mum", label)
    assert house.hear("mum", f"/start {code}")[0][1].text.startswith("Your yes is here already.")
    with Session(house.database) as session:
        assert session.scalars(select(CodeTry)).all() == [], "that is no guess"
    assert "My children:" in house.hear("mum", "my children")[0][1].text, "what was named to them can be written"


def test_two_who_opened_the_same_code_cannot_both_use_it(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    for name in ("mum", "aunt"):
        house.person(name, "en", band="18+")
        house.hear(name, f"/start {code}")
        for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
            house.tap(name, label)
    house.tap("mum", "Yes")
    assert "does not work" in house.tap("aunt", "Yes")[0][1].text


def test_a_code_dies_after_a_week(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.now += timedelta(days=7)
    assert "does not work" in house.hear("mum", f"/start {code}")[0][1].text


def test_a_child_cannot_confirm_itself_and_neither_can_another_child(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("friend", "en", band="15-17", town="bor")
    house.person("newcomer", "en")
    code = code_for(house, "kid")
    assert "send it on to them" in house.hear("kid", f"/start {code}")[0][1].text
    assert "An adult must answer" in house.hear("friend", f"/start {code}")[0][1].text
    house.hear("newcomer", f"/start {code}")
    house.tap("newcomer", "English")
    assert "An adult must answer" in house.tap("newcomer", "No")[0][1].text
    assert not me(house, "kid").may_book


def test_a_guardian_who_became_the_child_in_between_is_refused_at_the_end(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.hear("mum", f"/start {code}")
    for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
        house.tap("mum", label)
    mum = house.person_id("mum")
    with Session(house.database) as session:
        session.get_one(Person, mum).band = "15-17"
        session.commit()
    assert "An adult must answer" in house.tap("mum", "Yes")[0][1].text
    assert not me(house, "kid").may_book


def test_after_ten_guesses_even_the_right_link_is_unknown(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("thief", "en", band="18+")
    code = code_for(house, "kid")
    answers = {house.hear("thief", f"/start {'A' * 20}{n:02}")[0][1].text for n in range(10)}
    answers.add(house.hear("thief", f"/start {code}")[0][1].text)
    assert len(answers) == 1, "a right guess is answered like a wrong one"
    assert house.hear("thief", "/start bor-matematika")[0][1].text not in answers, "listings still open"


def test_a_code_stays_in_no_stored_state(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    code = code_for(house, "kid")
    with Session(house.database) as session:
        stored = json.dumps([row.state for row in session.scalars(select(Talk))])
        stored += "".join(row.hash + row.details for row in session.scalars(select(OneTimeCode)))
    assert code not in stored


def test_a_double_tap_confirms_once(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    code = code_for(house, "kid")
    house.hear("mum", f"/start {code}")
    for label in ("Go on", "Mother", "🙋 Taking part", "Done"):
        house.tap("mum", label)
    tap = house.button("mum", "Yes").tap
    first, second = house.hear("mum", tap=tap), house.hear("mum", tap=tap)
    assert [name for name, _message in first].count("kid") == 1
    assert [name for name, _message in second].count("kid") == 0


# ---------------------------------------------------------------- taking back


def test_a_withdrawn_yes_closes_booking_and_cancels_what_was_booked(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part")
    kid_id = house.person_id("kid")
    with Session(house.database) as session:
        from models.offers.listing import Session as Meeting
        from models.places.booking import Booking
        from models.places.locking import take_place

        meeting = session.scalars(select(Meeting).where(Meeting.starts_at > house.now + timedelta(days=1))).first()
        assert meeting is not None
        meeting_id, before = meeting.id, meeting.taken
        take_place(session, meeting)
        session.add(
            Booking(
                number=990001, session_id=meeting_id, person_id=kid_id, booked_by_id=kid_id, state="booked",
                created_at=house.now, changed_at=house.now,
            )
        )  # fmt: skip
        session.commit()
    house.hear("mum", "withdraw")
    house.tap("mum", "👪 My children")
    house.hear("mum", "1")
    house.tap("mum", "↩️ Take back a yes")
    shown = house.hear("mum", "🙋 Taking part")
    assert any(name == "kid" and "cancelled" in message.text for name, message in shown)
    assert not me(house, "kid").may_book
    with Session(house.database) as session:
        assert session.scalars(select(Booking.state).where(Booking.number == 990001)).one() == "cancelled"
        assert session.get_one(Meeting, meeting_id).taken == before


def test_somebody_elses_child_cannot_be_touched(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    house.person("thief", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part")
    from bot.deeds.every import perform
    from conversations.deeds.people import AgreeForChild, LeaveChild, SetChildReminders, Withdraw

    kid = house.person_id("kid")
    thief = house.person_id("thief")
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, thief, 0, "console")
        assert perform(doing, Withdraw("attend", kid)).outcome == "nothing"
        assert perform(doing, AgreeForChild(kid, "photos")).outcome == "not_yours"
        assert perform(doing, SetChildReminders(kid, False)).outcome == "not_yours"
        assert perform(doing, LeaveChild(kid)).outcome == "not_yours"
        assert consent.stands(session, kid, "attend")
        assert not consent.stands(session, kid, "photos")


def test_ones_own_yes_can_be_taken_back_and_given_again(house: House) -> None:
    house.person("ann", "en", band="18+", town="bor")
    house.hear("ann", "withdraw")
    house.tap("ann", "Booking and taking part")
    assert not me(house, "ann").may_book
    house.hear("ann", "my data")
    house.tap("ann", "👍 Yes to booking")
    house.tap("ann", "Yes")
    assert me(house, "ann").may_book


# ---------------------------------------------------------------- my data


def test_my_data_holds_what_is_mine_and_nothing_of_anybody_else(house: House) -> None:
    for name in ("ann", "eve"):
        house.person(name, "en", band="18+", town="bor")
        house.hear(name, "/settings")
        house.tap(name, "More")
        house.tap(name, "📍 Town, interests, name")
        house.tap(name, "🙂 Name")
        house.hear(name, f"DEMO-canary-{name}")
    house.hear("ann", "my data")
    house.tap("ann", "📄 All of it as a file")
    shown = house.tap("ann", "Yes")
    file = next(message.document for _name, message in shown if message.document)
    data = json.loads(file.content)
    assert data["called"] == "DEMO-canary-ann"
    everything = file.content.decode() + " ".join(message.text for message in house.people["ann"].shown)
    assert "DEMO-canary-eve" not in everything


def test_my_data_says_nothing_of_requests_about_safety(house: House) -> None:
    from models.caring.case import Request, RequestMessage

    house.person("ann", "en", band="18+", town="bor")
    ann = house.person_id("ann")
    with Session(house.database) as session:
        for kind in ("talk", "safety"):
            request = Request(person_id=ann, kind=kind, created_at=house.now, changed_at=house.now)
            session.add(request)
            session.flush()
            session.add(RequestMessage(request_id=request.id, author_id=ann, text=f"DEMO-{kind}", created_at=house.now))
        session.commit()
    assert "Questions to our team: 1" in house.hear("ann", "my data")[0][1].text
    house.tap("ann", "📄 All of it as a file")
    shown = house.tap("ann", "Yes")
    content = next(message.document.content for _name, message in shown if message.document)
    assert b"DEMO-talk" in content
    assert b"DEMO-safety" not in content


# ---------------------------------------------------------------- stop


def test_after_stop_nothing_unasked_is_written_until_it_is_asked_for_again(house: House) -> None:
    house.person("ann", "en", band="18+", town="bor")

    def told(kind: str) -> bool:
        with Session(house.database) as session:
            doing = Doing(session, house.now, house.rules)
            return doing.tell(ann, Say(verbatim("DEMO")), kind) is not None

    ann = house.person_id("ann")
    assert told("reminder")
    house.hear("ann", "СТОП")
    house.tap("ann", "🔕 Stop messages")
    house.hear("ann", "hello")
    assert [told(kind) for kind in ("reminder", "broadcast", "invitation", "reply")] == [False, False, False, True]
    house.hear("ann", "start")
    house.tap("ann", "Yes")
    assert told("reminder")


def test_stop_works_for_a_newcomer_in_the_middle_of_the_welcome(house: House) -> None:
    house.person("ann", "en")
    house.hear("ann", "/start")
    house.tap("ann", "English")
    shown = house.hear("ann", "спри")
    assert [button.label for button in shown[0][1].buttons][:3] == [
        "🔕 Stop messages",
        "🗑 Delete everything",
        "No change",
    ]


# ---------------------------------------------------------------- staff


def test_a_staff_code_gives_its_role_once_and_ends_the_welcome(house: House) -> None:
    with Session(house.database) as session:
        first = session.scalars(select(Organisation).order_by(Organisation.id)).first()
        assert first is not None
        code = invite(session, house.now, first.code, "staff")
        session.commit()
    house.person("ana", "en")
    house.person("eve", "en", band="18+")
    house.hear("ana", f"/start {code}")
    house.tap("ana", "English")
    house.tap("ana", "Yes")
    found = me(house, "ana")
    assert (found.roles, found.welcomed, found.band) == (("staff",), True, "18+")
    assert "does not work" in house.hear("eve", f"/start {code}")[0][1].text
    with Session(house.database) as session:
        assert len(session.scalars(select(StaffRole)).all()) == 1


def test_children_cannot_join_the_staff(house: House) -> None:
    with Session(house.database) as session:
        code = invite(session, house.now)
        session.commit()
    house.person("kid", "en", band="15-17", town="bor")
    assert "for adults" in house.hear("kid", f"/start {code}")[0][1].text
    assert me(house, "kid").roles == ()


def test_only_administrators_of_that_organisation_invite(house: House) -> None:
    from bot.deeds.every import perform
    from conversations.deeds.people import InviteStaff

    with Session(house.database) as session:
        codes = session.scalars(select(Organisation.code).order_by(Organisation.id)).all()
        other = session.scalars(select(Organisation.id).where(Organisation.code == codes[1])).one()
    house.person("admin", "en", organisation=codes[0], role="admin")
    house.person("staff", "en", organisation=codes[0], role="staff")
    ids = {name: house.person_id(name) for name in ("admin", "staff")}
    with Session(house.database) as session:
        admin = Doing(session, house.now, house.rules, ids["admin"])
        staff = Doing(session, house.now, house.rules, ids["staff"])
        assert perform(admin, InviteStaff("staff")).outcome == "made"
        assert perform(admin, InviteStaff("staff", other)).outcome == "refused"
        assert perform(admin, InviteStaff("king")).outcome == "refused"
        assert perform(staff, InviteStaff("staff")).outcome == "refused"


def test_an_unknown_organisation_is_answered_with_those_there_are(house: House) -> None:
    with Session(house.database) as session, pytest.raises(UnknownOrganisation) as refused:
        invite(session, house.now, "nowhere")
    assert refused.value.known


def test_a_guardians_switch_counts_for_what_is_booked_already(house: House) -> None:
    from bot.deeds.every import perform
    from conversations.deeds.offers import Book
    from conversations.deeds.people import SetChildReminders
    from models.messages.reminder import Reminder
    from models.offers.listing import Listing
    from models.offers.listing import Session as Meeting

    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+")
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part", "⏰ Reminders to me")
    kid, mum = house.person_id("kid"), house.person_id("mum")

    def planned() -> set[int]:
        return set(session.scalars(select(Reminder.recipient_id).where(Reminder.state == "planned")))

    with Session(house.database) as session:
        found = select(Meeting.id).join(Listing, Listing.id == Meeting.listing_id)
        meeting = session.scalars(found.where(Listing.code == "bor-matematika").order_by(Meeting.starts_at)).first()
        assert meeting is not None
        doing = Doing(session, house.now, house.rules, mum, 0, "console")
        assert perform(doing, Book(meeting, (kid,))).outcome == "booked"
        assert planned() == {kid, mum}
        perform(doing, SetChildReminders(kid, False))
        assert planned() == {kid}
        perform(doing, SetChildReminders(kid, True))
        assert planned() == {kid, mum}
