"""Tables as staff send them: what is shown before, what is said of what is wrong, another file instead."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.importing.tables.every import KINDS
from conversations.speech import Attachment
from models.offers.listing import Listing
from tests.house import House, as_line

SEATS = ("title", "summary", "town", "site", "seats", "days", "hours", "turns")
SERVICE = ("title", "summary", "town", "site", "person", "profession", "days", "hours", "discreet")
SURVEY = ("title", "names", "goes_out", "deadline", "question1", "choices1")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    built = House(Path(tmp_path_factory.mktemp("house")))
    built.person("ana", "sr-Cyrl", organisation="kokoro", town="bor")
    built.person("jane", "en", organisation="kokoro", town="bor")
    return built


def book(*rows: tuple[Any, ...]) -> bytes:
    made, content = Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def sends(house: House, name: str, *rows: tuple[Any, ...]) -> str:
    """All that is said to somebody because of a table."""
    content = book(*rows)
    said = house.hear(name, attachment=Attachment("file", "table.xlsx", size=len(content), content=content))
    return "\n".join(as_line(message) for _name, message in said)


def imports(house: House, name: str, kind: str, *rows: tuple[Any, ...]) -> str:
    for typed in ("/import", str(list(KINDS).index(kind) + 1), "1"):
        house.hear(name, typed)
    return sends(house, name, *rows)


def test_the_preview_says_all_that_people_will_see(house: House) -> None:
    seen = imports(house, "jane", "seats", SEATS, ("PCs", "To write.", "Bor", "Club DEMO", 4, "Mon-Wed", "9-12", 2))
    for line in ("To write.", "📍 Club DEMO, Bor", "Mon, Tue, Wed: 09:00–12:00", "⏱ 60 minutes", "2 times a week"):
        assert line in seen
    row = ("Talk", "We listen.", "Bor", "Club DEMO", "Mira DEMO", "psychologist", "Mon", "9-12", "yes")
    seen = imports(house, "jane", "services", SERVICE, row)
    for line in ("📍 Club DEMO, Bor", "Mira DEMO, psychologist", "🤫 Discreet", "Mon 09:00-12:00"):
        assert line in seen
    head = ("title", "summary", "kind", "town", "day", "time", "places", "booked", "every", "times")
    days = (date(2026, 3, 26), "17:00", 9)
    seen = imports(house, "jane", "meetings", head, ("Chess", "We play.", "Club", "Bor", *days, "without booking"))
    assert "no booking is needed" in seen
    series = ("Chess", "We play.", "Club", "Bor", *days, "all at once", "every week", 3)
    seen = imports(house, "jane", "meetings", head, series)
    assert "One enrolment counts for all the meetings." in seen
    assert "⏱ 60 minutes" in seen


def test_a_survey_is_shown_with_its_answers_and_takes_yes_and_no_for_names(house: House) -> None:
    rows = [("Summer", "no", "5.3.2026", "9.3.2026", "Best?", "trips, sport")]
    seen = imports(house, "jane", "surveys", SURVEY, *rows)
    for line in ("KOKORO", "[trips], [sport]", "Without a name", "👥 It goes to 2 people."):
        assert line in seen
    seen = imports(house, "jane", "surveys", SURVEY, ("Winter", "yes", *rows[0][2:]))
    assert "Without a name" not in seen


def test_a_call_may_be_everywhere_as_the_wizard_says_it(house: House) -> None:
    head = ("title", "summary", "kind", "town", "deadline", "criteria")
    call = ("Пракса", "Рад.", "Пракса", "Свуда", "15.4.2026", "Завршена обука.")
    seen = imports(house, "ana", "calls", head, call)
    assert "Шта се гледа: Завршена обука." in seen
    assert "📍" not in seen


def test_what_is_wrong_is_said_in_the_script_of_who_sent_it(house: House) -> None:
    wrong = imports(house, "ana", "seats", SEATS, ("PC", "Писање.", "Бор", None, 4, "радним данима", "9-12", 2))
    assert "пон, уто, сре" in wrong
    wrong = imports(house, "jane", "seats", SEATS, ("😀😀😀", "Writing.", "Bor", None, 4, "workdays", "9-12", 2))
    assert "Mon, Tue, Wed" in wrong
    assert "Title: needs at least 3 letters" in wrong
    many = [("PCs", "To write.", "Bor", None, 4, "Mon", "9-12", 2)] * (KINDS["seats"].most + 1)
    assert f"at most {KINDS['seats'].most}" in imports(house, "jane", "seats", SEATS, *many)


def test_another_file_may_be_sent_while_the_preview_is_shown(house: House) -> None:
    head, good = ("name", "town"), ("Club one DEMO", "Bor")
    assert "Club one DEMO" in imports(house, "jane", "sites", head, good)
    assert "Club two DEMO" in sends(house, "jane", head, ("Club two DEMO", "Bor"))
    assert "There is nothing" in sends(house, "jane", head)
    assert "is no town" in sends(house, "jane", head, ("Club three DEMO", "Paris"))
    assert "Club four DEMO" in sends(house, "jane", head, ("Club four DEMO", "Bor"))
    house.tap("jane", "✅ Add all of them")
    assert "already" in imports(house, "jane", "sites", head, ("Club four DEMO", "Bor"))
    assert "Club two DEMO" in imports(house, "jane", "sites", head, ("Club two DEMO", "Bor")), "it was not added"


def test_what_is_needed_stands_in_bold_in_the_template(house: House) -> None:
    for typed in ("/import", "1"):
        house.hear("jane", typed)
    said = [message for _name, message in house.hear("jane", "2")]
    file = next(message.document for message in said if message.document is not None)
    heads = load_workbook(BytesIO(file.content)).worksheets[0][1]
    bold = [cell.font.bold for cell in heads]
    assert bold == [one.required for one in KINDS["meetings"].columns if one.language != "en"]
    assert any(bold)
    assert any("in bold" in message.text for message in said)


def test_a_trip_comes_by_table_and_is_none_where_one_booking_counts_for_all(house: House) -> None:
    head = ("title", "summary", "kind", "town", "day", "time", "places", "trip", "point", "booked", "every", "times")
    trip = ("Lake", "We swim.", "Visit or trip", "Bor", date(2026, 3, 26), "9:00", 9)
    wrong = imports(house, "jane", "meetings", head, (*trip, "yes", "at the gate", "all at once", "every week", 3))
    assert "cannot be a trip" in wrong
    wrong = sends(house, "jane", head, (*trip, "no", "at the gate"))
    assert "belongs to a trip" in wrong
    seen = sends(house, "jane", head, (*trip, "yes", "at the gate"))
    assert "says yes to this trip" in seen
    house.tap("jane", "✅ Add all of them")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).order_by(Listing.id.desc()).limit(1)).one()
        assert (listing.trip, listing.meeting_point) == (True, {"en": "at the gate"})


def test_a_table_of_another_kind_says_of_which(house: House) -> None:
    head, row = (
        ("topic", "question", "answer", "source", "dated"),
        ("Papers", "Is it free?", "Yes, it is.", "Rules", "1.2."),
    )
    assert "belongs to “ℹ️ Answers”" in imports(house, "jane", "meetings", head, row)
    assert "do not find the heads" in sends(house, "jane", ("a", "b"), ("c", "d"))
