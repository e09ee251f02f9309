"""Setting the desk up: what the settings must say, what is kept, and what is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.desk.look import NoOrganisation, organisation_of, set_up
from bot.desk.taking import Desk
from bot.settings import BadSettings, load
from handlers.channel import Sender
from handlers.desk.arriving import DeskArrival
from models.caring import desk
from models.caring.desk import DeskGroup, DeskTopic
from models.messages.conversation import Talk
from models.messages.message import Inbox, Note, Outgoing
from models.offers.programme import Organisation
from models.who import erasure, forgetting
from models.who.people import Address, Person
from models.who.staff import StaffRole
from tests.bot.desk.desk_kit import COMMON, DeskHouse

TOKEN = "5822:FAKE-desk-token-for-tests-00000000"


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    made = DeskHouse(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.colleague("ana", 301)
    return made


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"desk_token": "nonsense", "desk_group": -1}, "PUTOKAZ_DESK_TOKEN does not look like a token"),
        ({"desk_token": TOKEN}, "PUTOKAZ_DESK_TOKEN needs PUTOKAZ_DESK_GROUP"),
        ({"desk_token": TOKEN, "telegram_token": TOKEN, "desk_group": -1}, "PUTOKAZ_DESK_TOKEN must be another bot"),
        ({"desk_token": TOKEN, "desk_group": 77}, "PUTOKAZ_DESK_GROUP must be the number of a group"),
        ({"desk_token": TOKEN, "desk_group": -1, "desk_safety_group": -1}, "PUTOKAZ_DESK_SAFETY_GROUP must be another"),
    ],
)
def test_wrong_settings_are_told_by_name(tmp_path: Path, given: dict[str, object], told: str) -> None:
    with pytest.raises(BadSettings, match=told):
        load(data=tmp_path, **given)


def test_whose_desk_it_is_must_be_said_where_several_have_staff(house: DeskHouse, tmp_path: Path) -> None:
    new, present = (load(data=tmp_path, desk_token=TOKEN, desk_group=number) for number in (-5, COMMON))
    with Session(house.database) as session:
        first, other = session.scalars(select(Organisation.id).order_by(Organisation.id).limit(2))
        assert organisation_of(session, new) == session.scalars(select(StaffRole.organisation_id)).one()
        ana = session.scalars(select(StaffRole)).one()
        ana.organisation_id = other
        assert organisation_of(session, new) == other, "the only one with staff"
        session.add(StaffRole(person_id=ana.person_id, organisation_id=first, role="staff", given_at=house.now))
        with pytest.raises(NoOrganisation, match="PUTOKAZ_DESK_ORGANISATION"):
            set_up(session, new, house.now)
        assert organisation_of(session, present) == session.scalars(select(DeskGroup.organisation_id)).one()
        with pytest.raises(NoOrganisation, match="nobody"):
            settings = load(data=tmp_path, desk_token=TOKEN, desk_group=-5, desk_organisation="nobody")
            set_up(session, settings, house.now)
        session.execute(update(StaffRole).values(ended_at=house.now))
        assert organisation_of(session, new) == first, "as invite-staff has it, while nobody works anywhere"


def test_a_room_is_nobody_who_could_be_written_to_or_counted(house: DeskHouse) -> None:
    from models.campaigns.audience import Audience, people_of

    with Session(house.database) as session:
        room = session.scalars(select(DeskGroup.room_id)).one()
        assert room not in session.scalars(people_of(Audience())).all()
        assert session.get_one(Person, room).welcomed_at is None


def test_without_a_token_the_desk_rests_and_with_it_goes_on(house: DeskHouse, tmp_path: Path) -> None:
    house.hear("mila", "/person")
    house.hear("mila", "Please come")
    house.look()
    with Session(house.database) as session:
        set_up(session, load(data=tmp_path), house.now)
        session.commit()
    house.hear("mila", "And soon")
    assert house.look() == []
    with Session(house.database) as session:
        settings = load(data=tmp_path, desk_token=TOKEN, desk_group=COMMON, desk_organisation="kokoro")
        set_up(session, settings, house.now)
        session.commit()
    assert [one.text for one in house.look()] == ["👤 And soon"]
    assert len(house.topics()) == 1


def test_another_group_in_the_settings_starts_anew(house: DeskHouse, tmp_path: Path) -> None:
    house.hear("mila", "/person")
    house.hear("mila", "Please come")
    house.look()
    settings = load(data=tmp_path, desk_token=TOKEN, desk_group=-5, desk_organisation="kokoro")
    with Session(house.database) as session:
        set_up(session, settings, house.now)
        session.commit()
        assert session.scalars(select(DeskTopic.id)).all() == []
    house.look()
    assert house.texts(house.thread(), chat=-5)[-1] == "👤 Please come"


def test_the_number_a_group_moved_to_is_kept_over_a_restart(house: DeskHouse, tmp_path: Path) -> None:
    house.changes("moved", moved_to=-1007)
    settings = load(data=tmp_path, desk_token=TOKEN, desk_group=COMMON, desk_organisation="kokoro")
    with Session(house.database) as session:
        set_up(session, settings, house.now)
        session.commit()
    assert house.group().chat == -1007


def test_where_an_erased_colleague_talked_in_the_group_is_forgotten(house: DeskHouse) -> None:
    house.says("ana", "/today")
    ana = house.person_id("ana")
    with Session(house.database) as session:
        assert session.scalars(select(Address.id).where(Address.external_id.startswith("301@"))).all()
        erasure.erase(session, house.now, ana)
        for address in session.scalars(select(Address).where(Address.person_id == ana)).all():
            forgetting.forget_address(session, address)
        session.commit()
        assert session.scalars(select(Address.id).where(Address.external_id.startswith("301"))).all() == []
        assert session.scalars(select(Talk.address_id).where(Talk.address_id == 0)).all() == []


def test_a_turn_that_failed_is_told_where_it_was_and_noted(house: DeskHouse) -> None:
    arrival = DeskArrival("desk", "u9", Sender("301"), house.now, place=str(COMMON), member=True)
    with Session(house.database) as session:
        taken = Desk(house.dialogue).quarantine(session, arrival, house.now, "KeyError")
        session.commit()
        assert taken.answer is not None
        assert taken.answer.text.startswith("That did not work")
        assert session.scalars(select(Note.about)).all() == ["desk: KeyError"]
        assert session.scalars(select(Inbox.state).where(Inbox.message_id == "u9")).one() == "quarantined"


def test_a_member_who_leaves_the_private_chat_is_not_written_to_there(house: DeskHouse) -> None:
    house.says("ana", "/today", private=True)
    arrival = DeskArrival("desk", "u10", Sender("301"), house.now, event="left")
    with Session(house.database) as session:
        Desk(house.dialogue).take(session, arrival, house.now)
        session.commit()
        own = select(Address.active).where(Address.channel == desk.DESK, Address.external_id == "301")
        assert session.scalars(own).one() is False
        assert session.scalars(select(Outgoing.state)).all() == ["sent"]


def test_a_group_has_a_language_of_its_own_that_an_administrator_chooses(house: DeskHouse, tmp_path: Path) -> None:
    house.colleague("petra", 302, role="admin")
    with Session(house.database) as session:
        session.add(Note(kind="stopped", about="viber", created_at=house.now))
        session.commit()
    (card,) = house.look()
    assert card.text.startswith("🔌 A channel has stopped.")
    (asked,) = house.says("ana", "/language")
    assert asked.labels == ["српски", "srpski", "български", "English"]
    house.presses("ana", "български")
    assert house.answer == "Only administrators of the organisation can do this."
    assert house.group().tag == ""
    told = house.presses("petra", "български", asked)
    assert told[-1].text == "✅ Отсега нататък в тази група пиша така."
    assert house.group().tag == "bg"
    house.look()
    assert card.text.startswith("🔌 Един канал не работи"), "what can still be pressed is written anew"
    # whoever writes a command there is answered in the group's language, after a deed too; alone in their own
    house.says("ana", "/desk")
    while "🔕 Без известия за записвания" not in house.posted[-1].labels:
        house.presses("ana", "Още")
    house.presses("ana", "🔕 Без известия за записвания")
    assert house.posted[-1].text == "Какво ще правим?"
    house.says("ana", "/desk", private=True)
    assert house.posted[-1].text == "What would you like to do?"
    with Session(house.database) as session:
        set_up(session, load(data=tmp_path, desk_token=TOKEN, desk_group=COMMON, desk_organisation="kokoro"), house.now)
        session.commit()
    assert house.group().tag == "bg", "a restart keeps it"
    house.says("ana", "/lists")
    assert house.posted[-1].text == "Кой списък или коя графика?"
