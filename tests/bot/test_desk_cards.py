"""Cards, commands and files at the desk: what is offered, who decides, and what others see of it."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.files import Files
from bot.desk.plots import bars, weeks
from bot.desk.sheets import Table, interested_in, people_of, workbook
from bot.language.tongue import tongue
from bot.sending import envelope
from conversations.speech import Document, Spoken
from models.audit import Audit
from models.campaigns.broadcast import Broadcast, Recipient
from models.caring.desk import DeskCard
from models.messages.message import Note, Outgoing
from models.messages.sending import note
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import book
from models.who.people import Person
from models.who.staff import StaffRole
from tests.bot.desk_kit import COMMON, DeskHouse, Posted
from tests.bot.runtime_kit import HandClock

MARK = "Zvezdokljun"


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    made = DeskHouse(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.person("luka", "en", band="18+", town="bor")
    made.colleague("ana", 301)
    made.colleague("petra", 302)
    made.colleague("dora", 303, role="admin")
    made.calls_themself("ana")
    return made


def registers(house: DeskHouse, name: str = "mila") -> int:
    """Somebody registers interest in a call of the desk's organisation; the application's number."""
    who, mine = house.person_id(name), house.group().organisation_id
    with Session(house.database) as session:
        listing = session.scalars(
            select(Listing).where(Listing.organisation_id == mine).order_by(Listing.id.desc())
        ).first()
        assert listing is not None
        listing.block = "CALL"
        number = 4000 + who
        session.add(
            Application(
                number=number,
                listing_id=listing.id,
                person_id=who,
                answers={"why": MARK},
                created_at=house.now,
                changed_at=house.now,
            )
        )
        session.commit()
    return number


def application(house: DeskHouse, number: int) -> str:
    with Session(house.database) as session:
        return session.scalars(select(Application.state).where(Application.number == number)).one()


def card(house: DeskHouse, text: str) -> Posted:
    return next(one for one in reversed(house.posted) if text in one.text)


# ---------------------------------------------------------------- applications


def test_an_application_comes_as_a_card_without_a_name_or_a_word_of_theirs(house: DeskHouse) -> None:
    number = registers(house)
    house.look()
    post = card(house, f"Application number {number}")
    assert post.to == str(COMMON)
    assert post.labels == ["✅ Accept", "Not this time", "Look"]
    assert MARK not in post.text
    assert house.look() == [], "one card for one application"


def test_accepting_tells_the_person_and_writes_who_did_on_the_card(house: DeskHouse) -> None:
    number = registers(house)
    house.look()
    post = card(house, "Application number")
    house.presses("ana", "✅ Accept")
    assert application(house, number) == "accepted"
    assert "accepted" in house.people["mila"].shown[-1].text
    assert post.edits == 1
    assert post.text.splitlines()[-1].startswith("✅ accepted · Ana, ")
    assert post.labels == []
    with Session(house.database) as session:
        acts = session.execute(select(Audit.actor_id, Audit.action).where(Audit.action == "desk.accepted")).all()
    assert [tuple(act) for act in acts] == [(house.person_id("ana"), "desk.accepted")]


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(house: DeskHouse) -> None:
    number = registers(house)
    house.look()
    post = card(house, "Application number")
    accept, refuse = post.message.buttons[0], post.message.buttons[1]
    house.presses_data("ana", accept, post)
    house.presses_data("petra", refuse, post)
    assert house.answer == "Ana has done this already: ✅ accepted."
    assert application(house, number) == "accepted"
    told = [message.text for message in house.people["mila"].shown if "About" in message.text or "🎉" in message.text]
    assert len(told) == 1


def test_what_was_decided_in_the_public_bot_is_written_on_the_card(house: DeskHouse) -> None:
    number = registers(house)
    house.look()
    post = card(house, "Application number")
    with Session(house.database) as session:
        session.scalars(select(Application).where(Application.number == number)).one().state = "withdrawn"
        session.commit()
    house.look()
    assert post.text.splitlines()[-1] == "☑️ over"
    assert post.labels == []


def test_look_opens_the_form_for_who_pressed_and_records_it(house: DeskHouse) -> None:
    registers(house)
    house.look()
    house.presses("ana", "Look", card(house, "Application number"))
    assert MARK in house.posted[-1].text
    assert house.posted[-1].to == f"301@{COMMON}"
    house.presses("petra", "✅ Accept", house.posted[-1])
    assert house.answer == "A colleague began this. Write the command yourself to have your own."
    with Session(house.database) as session:
        opened = session.scalars(select(Audit.actor_id).where(Audit.action.contains("read"))).all()
    assert house.person_id("ana") in opened


def test_another_organisations_applications_are_not_shown(tmp_path: Path) -> None:
    house = DeskHouse(tmp_path, organisation="kazanlak")
    house.person("mila", "en", band="15-17", town="bor")
    who = house.person_id("mila")
    with Session(house.database) as session:
        mine = session.scalars(
            select(Listing).where(Listing.organisation_id != house_organisation(session), Listing.block == "CALL")
        ).first()
        assert mine is not None
        session.add(
            Application(
                number=1, listing_id=mine.id, person_id=who, answers={}, created_at=house.now, changed_at=house.now
            )
        )
        session.commit()
    assert house.look() == []


def house_organisation(session: Session) -> int:
    from models.caring.desk import DeskGroup

    return session.scalars(select(DeskGroup.organisation_id)).one()


# ---------------------------------------------------------------- notes, waiting lists


def noted(house: DeskHouse, kind: str = "quarantined", about: str = "telegram: KeyError") -> None:
    with Session(house.database) as session:
        note(session, house.now, kind, about)
        session.commit()


def test_a_message_in_doubt_is_sent_again_by_an_administrator_only(house: DeskHouse) -> None:
    house.hear("mila", "/menu")
    house.in_doubt("mila")
    with Session(house.database) as session:
        row = session.scalars(select(Outgoing).where(Outgoing.state == "unsure")).one()
        row.kind, unsure = "reminder", row.id
        session.commit()
    house.look()
    post = card(house, "It is not known whether this message arrived")
    house.presses("ana", "Send it again", post)
    assert house.answer == "Only administrators of the organisation can do this."
    assert post.labels == ["Send it again", "Ask whether it came", "Leave it"]
    before = len(house.people["mila"].shown)
    house.presses("dora", "Send it again", post)
    assert "🔁 sent again" in post.text
    assert len(house.people["mila"].shown) == before + 1
    with Session(house.database) as session:
        assert session.get_one(Outgoing, unsure).state == "sent"


def test_a_quarantined_message_and_a_stopped_channel_are_cards_that_anybody_settles(house: DeskHouse) -> None:
    noted(house)
    noted(house, "stopped", "viber: token refused")
    house.look()
    house.presses("ana", "I have seen it", card(house, "could not be handled"))
    house.presses("petra", "I have seen it", card(house, "A channel has stopped"))
    with Session(house.database) as session:
        assert session.scalars(select(Note.seen_at)).all() == [house.now, house.now]
    assert "👀 seen · Ana" in card(house, "could not be handled").text


def test_trouble_of_the_desk_itself_brings_forth_no_cards(house: DeskHouse) -> None:
    noted(house, "stopped", "desk: token refused")
    registers(house)
    house.look()
    with Session(house.database) as session:
        row = session.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()
        assert row is not None
        note(session, house.now, "refused", "reply: desk: too long", row.id)
        session.commit()
    house.look()
    assert [one.text.splitlines()[0] for one in house.posted] == [
        f"🆕 Application number {4000 + house.person_id('mila')} waits for a decision."
    ]


def test_many_troubles_come_a_few_at_a_time(house: DeskHouse) -> None:
    for number in range(20):
        noted(house, "reminder", f"trouble {number}")
    with Session(house.database) as session:
        from bot.desk.look import look
        from bot.doing import Doing

        doing = Doing(session, house.now, house.rules)
        look(doing)
        look(doing)
        look(doing)
        assert session.query(DeskCard).count() == 6, "no more than six wait to be sent"
        session.rollback()


def meeting(house: DeskHouse, *, waiting: int) -> int:
    """A full meeting of the desk's organisation, with so many people in line."""
    mine = house.group().organisation_id
    with Session(house.database) as session:
        row = session.scalars(
            select(Meeting)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.organisation_id == mine, Meeting.starts_at > house.now)
            .order_by(Meeting.id)
        ).first()
        assert row is not None
        row.capacity, found = 1 + row.taken, row.id
        for number in range(waiting + 1):
            person = Person(called=f"=DEMO {number}", band="18+", created_at=house.now, welcomed_at=house.now)
            session.add(person)
            session.flush()
            book(session, house.now, session_id=found, person_id=person.id, booked_by_id=person.id)
        session.commit()
    return found


def test_a_long_waiting_list_is_a_card_and_a_short_one_is_not(house: DeskHouse) -> None:
    meeting(house, waiting=2)
    assert house.look() == []
    meeting(house, waiting=3)
    house.look()
    post = card(house, "people wait for a place")
    assert post.labels == ["Look", "I have seen it"]
    house.presses("ana", "Look", post)
    assert "DEMO" in house.posted[-1].text
    house.presses("ana", "I have seen it", post)
    assert "👀 seen · Ana" in post.text


# ---------------------------------------------------------------- broadcasts


def broadcast(house: DeskHouse, people: int) -> int:
    mine, ana = house.group().organisation_id, house.person_id("ana")
    with Session(house.database) as session:
        row = Broadcast(
            organisation_id=mine,
            author_id=ana,
            audience={},
            texts={"en": "Come!"},
            state="sending",
            due_at=house.now,
            counted=people,
            queued_at=house.now,
            created_at=house.now,
        )
        session.add(row)
        session.flush()
        for _number in range(people):
            person = Person(created_at=house.now)
            session.add(person)
            session.flush()
            session.add(Recipient(broadcast_id=row.id, person_id=person.id))
        session.commit()
        return row.id


def reached(house: DeskHouse, broadcast_id: int, many: int) -> None:
    with Session(house.database) as session:
        rows = session.scalars(select(Recipient).where(Recipient.broadcast_id == broadcast_id)).all()
        for row in rows[:many]:
            row.state = "sent"
        if many == len(rows):
            session.get_one(Broadcast, broadcast_id).state = "sent"
        session.commit()


def test_the_progress_of_a_broadcast_changes_its_own_post_and_not_too_often(house: DeskHouse) -> None:
    found = broadcast(house, 8)
    house.look()
    post = card(house, "📣 Come!")
    assert post.text.endswith("It is going out: 0 of 8.")
    reached(house, found, 3)
    house.look()
    assert post.edits == 0, "the platform takes 20 changes a minute in a group, with all else"
    house.now += timedelta(seconds=20)
    house.look()
    assert post.text.endswith("It is going out: 3 of 8.")
    reached(house, found, 8)
    house.look()
    assert post.text.endswith("✅ It went out to 8 of 8.")
    assert post.labels == ["See how it went"]
    assert post.edits == 2
    assert len(house.posted) == 1


def test_a_broadcast_is_stopped_by_the_button_of_its_post(house: DeskHouse) -> None:
    found = broadcast(house, 8)
    house.look()
    house.presses("ana", "⏹ Stop it")
    with Session(house.database) as session:
        assert session.get_one(Broadcast, found).state == "stopped"
    assert "It was stopped after 0 of 8." in house.posted[0].text
    house.presses_data("petra", card(house, "📣").message.buttons[0], house.posted[0])


# ---------------------------------------------------------------- commands


def test_commands_work_in_the_group_and_answer_where_they_were_written(house: DeskHouse) -> None:
    house.says("ana", "/today")
    house.says("petra", "/listings", thread=77)
    assert [one.to for one in house.posted] == [f"301@{COMMON}", f"302@{COMMON}/77"]


def test_everybody_has_a_conversation_of_their_own(house: DeskHouse) -> None:
    house.says("ana", "/new")
    asked = house.posted[-1]
    house.presses("petra", asked.labels[0], asked)
    assert house.answer == "A colleague began this. Write the command yourself to have your own."
    assert len(house.posted) == 1
    house.presses("ana", asked.labels[0], asked)
    assert house.answer == ""
    assert house.posted[-1].to == f"301@{COMMON}"
    assert len(house.posted) == 2


def test_colleagues_may_talk_while_somebody_is_asked_something(house: DeskHouse) -> None:
    house.says("ana", "/new")
    house.says("petra", "good morning")
    house.says("petra", "stop")
    assert len(house.posted) == 1
    house.now += timedelta(hours=2)
    house.says("ana", "lunch?")
    assert len(house.posted) == 1, "hours later plain words are not taken for an answer"
    house.says("ana", "Internship", answers=True)
    assert len(house.posted) == 2, "a reply to the bot is"


def test_a_conversation_at_the_desk_does_not_move_the_one_on_the_public_bot(house: DeskHouse) -> None:
    house.hear("ana", "/menu")
    before = len(house.people["ana"].shown)
    house.says("ana", "/new")
    house.says("ana", "/today", private=True)
    assert len(house.people["ana"].shown) == before
    assert [one.to for one in house.posted] == [f"301@{COMMON}", "301"]


def test_who_works_for_two_organisations_acts_for_the_groups_own_there(house: DeskHouse) -> None:
    """Others read along in the group: what is the other organisation's stays out of it, and is there in private."""
    ana = house.person_id("ana")
    with Session(house.database) as session:
        other = session.scalars(select(Organisation.id).where(Organisation.code == "kazanlak")).one()
        session.add(StaffRole(person_id=ana, organisation_id=other, role="staff", given_at=house.now))
        session.commit()
    asked = "For which organisation?"
    for private in (True, False):
        house.says("ana", "/new", private=private)
        house.says("ana", "🎉 One event", private=private)
        assert (house.posted[-1].text == asked) is private, house.posted[-1].text


def test_unknown_commands_in_a_group_are_somebody_elses(house: DeskHouse) -> None:
    house.says("ana", "/dice")
    house.says("ana", "hello all")
    assert house.posted == []


def test_what_a_member_is_told_in_person_never_comes_to_the_group(house: DeskHouse) -> None:
    """A place in the group is nobody's address: reminders and the like go to the member's own."""
    from models.who.people import Address

    house.says("ana", "/today")
    ana = house.person_id("ana")
    with Session(house.database) as session:
        own = session.scalars(select(Address.external_id).where(Address.person_id == ana)).all()
    assert sorted(own) == ["301", "console-ana"]


# ---------------------------------------------------------------- files


def test_lists_are_offered_and_made_when_they_are_sent(house: DeskHouse) -> None:
    found = meeting(house, waiting=1)
    house.says("ana", "/lists")
    offered = house.posted[-1]
    assert any(label.startswith("👥") for label in offered.labels)
    assert offered.labels[-2:] == ["📈 Registrations", "📊 Attendance"]
    who = next(one for one in offered.message.buttons if one.tap == f"d.f.people.{found}")
    house.presses_data("ana", who, offered)
    with Session(house.database) as session:
        row = session.scalars(select(Outgoing).order_by(Outgoing.id.desc())).first()
        assert row is not None
        assert row.body["drawn"]["desk"] == "people"
        audited = session.scalars(select(Audit.subject).where(Audit.action == "list_exported")).all()
    assert audited == [f"people:{found}"]


def test_a_forged_list_of_another_organisation_is_refused(house: DeskHouse) -> None:
    house.says("ana", "/lists")
    mine = house.group().organisation_id
    with Session(house.database) as session:
        other = session.scalars(select(Listing.id).where(Listing.organisation_id != mine)).first()
    button = house.posted[-1].message.buttons[0]
    from dataclasses import replace

    house.presses_data("ana", replace(button, tap=f"d.f.interested.{other}"), house.posted[-1])
    assert house.answer == "Only colleagues with a role can do this."


def test_a_sheet_lists_everybody_and_a_name_is_no_formula(house: DeskHouse) -> None:
    found, mine = meeting(house, waiting=1), house.group().organisation_id
    with Session(house.database) as session:
        table = people_of(session, found, mine, tongue("en"))
        with pytest.raises(LookupError):
            people_of(session, found, mine + 1, tongue("en"))
    states = [row[2] for row in table.rows]
    assert (states.count("waits"), "=DEMO 0" in [row[1] for row in table.rows]) == (1, True)
    content = workbook(table)
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_who_is_interested_as_a_sheet(house: DeskHouse) -> None:
    number, mine = registers(house), house.group().organisation_id
    with Session(house.database) as session:
        listing = session.scalars(select(Application.listing_id).where(Application.number == number)).one()
        table = interested_in(session, listing, mine, tongue("bg"))
    assert table.heads[0] == "Номер"
    assert [row[0] for row in table.rows][-1] == str(number)


@pytest.mark.parametrize("kind", ["registrations", "attendance"])
def test_pictures_count_by_week_and_name_nobody(house: DeskHouse, kind: str) -> None:
    meeting(house, waiting=1)
    mine = house.group().organisation_id
    with Session(house.database) as session:
        picture = weeks(session, kind, mine, house.now, tongue("sr-Latn"))
    assert len(picture.labels) == 12
    if kind == "registrations":
        assert picture.series[0][1][-1] >= 2
    assert bars(picture).startswith(b"\x89PNG")


async def test_a_file_that_cannot_be_made_is_told_and_other_orders_go_on(tmp_path: Path) -> None:
    class Broken:
        async def read(self, _work: Any) -> Table:
            raise OSError

    async def other(message: Spoken, _drawn: Any) -> Spoken:
        return Spoken("a poster of " + message.text)

    files = Files(Broken(), HandClock(), other)  # type: ignore[arg-type]  # only reading is needed
    message = Spoken("Here:", document=Document("x.xlsx", "x", b""))
    order = {"desk": "people", "about": 1, "organisation": 1, "tag": "en", "sorry": "Sorry."}
    assert await files(message, order) == Spoken("Sorry.")
    assert (await files(message, {"form": "print"})).text == "a poster of Here:"
    assert envelope.to_json(message, order)["drawn"]["desk"] == "people"
