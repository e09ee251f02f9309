"""Applications as cards: without a name, decided once, by those whose they are."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit
from models.offers.call import Application
from models.offers.listing import Listing
from tests.bot.desk.desk_kit import COMMON, DeskHouse, Posted
from tests.bot.desk_cards.kit import MARK, application, card, house_organisation, registers


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


def test_a_card_that_came_twice_is_settled_on_both_once_somebody_presses_the_other(house: DeskHouse) -> None:
    registers(house)
    house.look()
    post = card(house, "Application number")
    copy = Posted(post.to, post.message, "its answer was lost")
    house.posted.append(copy)
    house.presses("ana", "✅ Accept", post)
    assert (post.labels, copy.labels) == ([], ["✅ Accept", "Not this time", "Look"])
    house.presses("petra", "Not this time", copy)
    assert house.answer == "Ana has done this already: ✅ accepted."
    assert (copy.labels, copy.text) == ([], post.text)
    assert post.edits == 1


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
