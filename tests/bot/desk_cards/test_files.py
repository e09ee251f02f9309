"""Lists and pictures that are made when they are sent."""

from __future__ import annotations

import zipfile
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
from models.messages.message import Outgoing
from models.offers.call import Application
from models.offers.listing import Listing
from tests.bot.desk.desk_kit import DeskHouse
from tests.bot.desk_cards.kit import registers
from tests.bot.desk_cards.test_notes import meeting
from tests.bot.running.runtime_kit import HandClock


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
