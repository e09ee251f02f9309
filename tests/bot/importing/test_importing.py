"""Tables that staff send: every bad row is named, all is added or nothing, hostile files cost a moment, undo."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.offers.imports import add, read_sheet, send_template, undo
from bot.doing import Doing
from bot.importing import kinds as registry
from bot.importing.checking import check
from bot.importing.columns import Reader
from bot.importing.reading import ROWS_MOST, Formula, Unreadable, decode, read
from bot.importing.tables.every import KINDS
from bot.importing.template import offered, template
from bot.language.tongue import tongue
from conversations.deeds.imports import AddSheet, ReadSheet, SendTemplate, UndoSheet
from conversations.speech import Done
from models.asking.survey import Survey
from models.audit import Audit
from models.caring.answer import AnswerCard
from models.messages.message import Outgoing, StoredAttachment
from models.offers.importing import SheetImport
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site
from models.resources.resource import Resource
from models.visits.professional import Professional
from tests.house import House

HEAD = ["title", "summary", "kind", "town", "day", "time", "places"]
GOOD = ["Crtanje", "Crtamo zajedno.", "Radionica", "Bor", "26.3.2026", "17:00", 10]
IDS: dict[str, int] = {}


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.person("ana", "sr-Latn", organisation="kokoro")
    built.person("eva", "sr-Latn", organisation="care")
    IDS.update({name: built.person_id(name) for name in ("ana", "eva")})
    return built


def book(*rows: list[Any]) -> bytes:
    made, content = Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def doing(house: House, session: Session, name: str = "ana") -> Doing:
    return Doing(session, house.now, house.rules, IDS[name])


def sent(house: House, session: Session, content: bytes, kind: str = "meetings", name: str = "ana") -> Done:
    row = StoredAttachment(
        person_id=IDS[name],
        kind="file",
        content=content,
        created_at=house.now,
        keep_until=house.now + timedelta(days=2),
    )
    session.add(row)
    session.flush()
    return read_sheet(doing(house, session, name), ReadSheet(kind, str(row.id)))


def problems(session: Session) -> list[tuple[int, str, str]]:
    row = session.scalars(select(SheetImport).order_by(SheetImport.id.desc())).first()
    return [(one[0], one[1], one[2]) for one in row.problems] if row else []


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def failing_last(kind: registry.Kind, rows: int) -> registry.Kind:
    """The same kind, of which the last row cannot be added."""
    seen: list[str] = []

    def adding(one: Doing, entry: registry.Entry, organisation_id: int) -> str:
        seen.append("")
        return "" if len(seen) == rows else kind.add(one, entry, organisation_id)

    return replace(kind, add=adding)


# ---------------------------------------------------------------- all or nothing


def test_all_rows_are_added_or_none_and_undone_together(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(house.database) as session:
        before = [count(session, table) for table in (Listing, Meeting, Outgoing, Site)]
        rows = [[f"Crtanje {number}", *GOOD[1:]] for number in range(5)]
        done = sent(house, session, book(HEAD, *rows))
        assert (done.outcome, done.details["rows"]) == ("ready", 5)
        assert count(session, StoredAttachment) == 0, "the file itself is not kept"
        deed = AddSheet(int(str(done.details["sheet"])))
        whole = KINDS["meetings"]
        failing = failing_last(whole, 5)
        monkeypatch.setitem(KINDS, "meetings", failing)
        assert add(doing(house, session), deed).outcome == "changed"
        assert before == [count(session, table) for table in (Listing, Meeting, Outgoing, Site)], "nothing is left"
        monkeypatch.setitem(KINDS, "meetings", whole)
        assert add(doing(house, session, "eva"), deed).outcome == "refused", "another organisation's"
        added = add(doing(house, session), deed)
        assert (added.outcome, added.details["added"]) == ("added", 5)
        assert add(doing(house, session), deed).outcome == "gone", "a double tap"
        assert count(session, Listing) == before[0] + 5
        assert undo(doing(house, session, "eva"), UndoSheet(deed.sheet)).outcome == "refused"
        house.now += timedelta(minutes=14)
        assert undo(doing(house, session), UndoSheet(deed.sheet)).outcome == "undone"
        states = session.scalars(select(Listing.state).order_by(Listing.id.desc()).limit(5)).all()
        assert set(states) == {"cancelled"}
        actions = session.scalars(select(Audit.action).where(Audit.action.like("import.%"))).all()
        assert actions == ["import.added", "import.undone"]


def test_undo_is_for_a_quarter_of_an_hour_and_only_where_nobody_is_in_it(house: House) -> None:
    from models.places.taking import book as take

    house.person("mila", band="15-17", town="bor")
    mila = house.person_id("mila")
    with Session(house.database) as session:
        sheet = int(str(sent(house, session, book(HEAD, GOOD, ["Gluma", *GOOD[1:]])).details["sheet"]))
        assert add(doing(house, session), AddSheet(sheet)).outcome == "added"
        older = session.scalars(select(Meeting.id).order_by(Meeting.id.desc()).offset(1)).first() or 0
        assert take(session, house.now, session_id=older, person_id=mila, booked_by_id=mila).outcome == "booked"
        assert undo(doing(house, session), UndoSheet(sheet)).outcome == "used"
        open_now = session.scalars(select(Listing.state).order_by(Listing.id.desc()).limit(2)).all()
        assert list(open_now) == ["open", "open"], "none is taken back where one cannot be"
        house.now += timedelta(minutes=16)
        assert undo(doing(house, session), UndoSheet(sheet)).outcome == "late"


def test_what_is_there_already_is_not_added_again(house: House) -> None:
    with Session(house.database) as session:
        sheet = int(str(sent(house, session, book(HEAD, GOOD)).details["sheet"]))
        twin = int(str(sent(house, session, book(HEAD, GOOD)).details["sheet"]))
        assert add(doing(house, session), AddSheet(sheet)).outcome == "added"
        assert add(doing(house, session), AddSheet(twin)).outcome == "changed", "sent twice before it was added"
        assert sent(house, session, book(HEAD, GOOD)).outcome == "problems"
        assert problems(session) == [(2, "title", "there")]


def test_a_series_that_is_booked_once_and_one_without_booking(house: House) -> None:
    head = [*HEAD, "every", "times", "booked"]
    rows = [
        ["Kurs", *GOOD[1:], "svake nedelje", 3, "svi odjednom"],
        ["Otvorena vrata", *GOOD[1:], "једном", None, "bez prijave"],
    ]
    with Session(house.database) as session:
        done = sent(house, session, book(head, *rows))
        assert problems(session) == []
        assert add(doing(house, session), AddSheet(int(str(done.details["sheet"])))).outcome == "added"
        course, doors = session.scalars(select(Listing).order_by(Listing.id)).all()[-2:]
        assert (course.enrols, course.drop_in) == ("series", False)
        assert (doors.enrols, doors.drop_in) == ("each", True)
        meetings = session.scalars(select(Meeting).where(Meeting.listing_id == course.id)).all()
        assert len(meetings) == 3
        assert sum(meeting.first_id is None for meeting in meetings) == 1, "one enrolment for all of them"


# ---------------------------------------------------------------- bad rows


def test_every_bad_row_is_named_with_its_column_and_reason(house: House) -> None:
    rows = [
        [None, *GOOD[1:]],
        ["Ab", *GOOD[1:]],
        ["x" * 81, *GOOD[1:]],
        [*GOOD[:3], "Borr", *GOOD[4:]],
        [*GOOD[:3], "Atlantida", *GOOD[4:]],
        [*GOOD[:4], "1.3.2026", *GOOD[5:]],
        [*GOOD[:4], "29.3.2026", "02:30", 10],
        [*GOOD[:5], "26 sati", 10],
        [*GOOD[:6], "deset"],
        [*GOOD[:2], "Bioskop", *GOOD[3:]],
        ["=1+1", *GOOD[1:]],
        [*GOOD[:4], "26.3.2032", *GOOD[5:]],
    ]
    with Session(house.database) as session:
        assert sent(house, session, book(HEAD, *rows)).outcome == "problems"
        assert problems(session) == [
            (2, "title", "missing"),
            (3, "title", "short"),
            (4, "title", "long"),
            (5, "town", "town_near"),
            (6, "town", "town"),
            (7, "day", "past"),
            (8, "day", "gap"),
            (9, "time", "time"),
            (10, "places", "number"),
            (11, "kind", "choice"),
            (12, "title", "formula"),
            (13, "day", "far"),
        ]
        row = session.scalars(select(SheetImport)).one()
        assert add(doing(house, session), AddSheet(row.id)).outcome == "gone", "nothing of a table with faults is added"


def test_days_and_times_as_people_and_spreadsheets_write_them(house: House) -> None:
    written: tuple[tuple[Any, Any], ...] = (
        ("26.3.2026", "17:00"),
        ("26/3", "17h"),
        ("2026-03-26", "17.00"),
        (date(2026, 3, 26), time(17, 0)),
        (datetime(2026, 3, 26, 0, 0), 17 / 24),  # noqa: DTZ001  # spreadsheets know no zones
        (46107, 0.7083333333),
        ("46107", "17:00"),
        ("26. mart", "5 popodne"),
    )
    with Session(house.database) as session:
        for day, at in written:
            sent(house, session, book(HEAD, [*GOOD[:4], day, at, 10]))
            assert problems(session) == [], (day, at)
            row = session.scalars(select(SheetImport).order_by(SheetImport.id.desc())).first()
            assert row is not None
            assert datetime.fromisoformat(row.entries[0]["first"]) == datetime(2026, 3, 26, 16, 0, tzinfo=UTC)


def test_hidden_characters_do_not_come_through(house: House) -> None:
    with Session(house.database) as session:
        sent(house, session, book(HEAD, ["Crta\u202enje\u200b", *GOOD[1:]]))
        assert session.scalars(select(SheetImport)).one().entries[0]["title"] == {"sr": "Crtanje"}


# ---------------------------------------------------------------- hostile files


def test_csv_in_every_old_encoding() -> None:
    for words, encoding in (
        ("Назив;Опис\nЦртање;Цртамо", "utf-8"),
        ("Назив;Опис\nЦртање;Цртамо", "utf-8-sig"),
        ("Назив;Опис\nЦртање;Цртамо", "utf-16"),
        ("Назив;Опис\nЦртање;Цртамо", "utf-16-le"),
        ("Име;Описание\nРисуване;Рисуваме заедно", "cp1251"),
        ("Naziv;Opis\nČas šaha;Učimo šah, žmurke i đačke igre", "cp1250"),
    ):
        assert decode(words.encode(encoding)) == words
    for separator in (";", ",", "\t"):
        content = separator.join(["Naziv", '"a\nb"', "Dan"]).encode()
        assert read(content) == [["Naziv", "a\nb", "Dan"]]
    assert read(b"a;=SUM(A1)\n") == [["a", Formula()]]


def test_files_that_would_unpack_to_very_much_or_have_very_many_rows() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    entities = BytesIO()
    with zipfile.ZipFile(entities, "w") as parts:
        parts.writestr("xl/workbook.xml", b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><workbook/>')
    for content, reason in (
        (bomb.getvalue(), "large"),
        (entities.getvalue(), "broken"),
        (b"PK\x03\x04" + b"0" * 400, "broken"),
        (b"%PDF-1.4", "type"),
        (b"\xd0\xcf\x11\xe0 an old .xls", "type"),
        (b"\0\1\2\3" * 200, "type"),
        (b"0" * 5_000_001, "large"),
        (b"a;b\n" * (ROWS_MOST + 30), "rows"),
        (b";;\n\n", "empty"),
        (b"", "empty"),
    ):
        with pytest.raises(Unreadable) as refused:
            read(content)
        assert refused.value.reason == reason


def test_a_file_without_heads_or_rows_is_refused_in_words(house: House) -> None:
    with Session(house.database) as session:
        for content, reason in ((b"one;two\n1;2\n", "heads"), (book(HEAD), "empty")):
            assert sent(house, session, content).details["reason"] == reason
        assert read_sheet(doing(house, session), ReadSheet("meetings", "999")).outcome == "lost"
        assert send_template(doing(house, session), SendTemplate("nothing")).outcome == "refused"


# ---------------------------------------------------------------- every kind


def test_a_template_that_is_sent_back_reads_and_its_example_alone_is_nothing(house: House) -> None:
    with Session(house.database) as session:
        organisation = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
        for name, tag in ((name, tag) for name in KINDS for tag in ("sr-Cyrl", "bg")):
            reader = Reader(session, house.now, organisation, tag[:2], house.rules.zone)
            content = template(KINDS[name], reader, tongue(tag))
            assert len(content) < 50_000, "what a message may carry"
            rows = read(content)
            assert len(rows[0]) == len(offered(KINDS[name], reader))
            assert load_workbook(BytesIO(content)).worksheets[1].max_row >= 1
            try:
                checked = check(rows, KINDS[name], reader)
            except Unreadable as error:
                assert error.reason == "empty", "an example that was left standing is left out"
            else:
                assert {one[2] for one in checked.problems} <= {"person", "site", "site_near", "person_near"}, name


def test_what_is_wrong_with_a_survey_or_a_service_is_named(house: House) -> None:
    heads = ["title", "names", "goes_out", "deadline", "question1", "answered1", "choices1", "question2", "choices2"]
    good = ["Leto", "Bez imena", "20.3.2026", "26.3.2026", "Šta?!", "", "izleti, sport", "", ""]
    with Session(house.database) as session:
        rows = [
            [*good[:3], "19.3.2026", *good[4:]],
            ["Zima", *good[1:5], "Izaberi jedno", "", "", ""],
            ["Jesen", *good[1:6], "samo jedno", "", ""],
            ["Proleće", *good[1:7], "", "a, b"],
            ["Jun", "možda", *good[2:]],
            ["Maj", good[1], "1.3.2026", *good[3:]],
        ]
        assert sent(house, session, book(heads, *rows), "surveys").outcome == "problems"
        named = problems(session)
        assert named[0] == (2, "deadline", "before")
        assert named[2:] == [
            (4, "choices1", "choices"),
            (5, "question2", "missing"),
            (6, "names", "choice"),
            (7, "goes_out", "past"),
        ]
        assert named[1] == (3, "choices1", "missing")
        heads = ["title", "summary", "town", "site", "person", "profession", "days", "hours", "minutes"]
        bad = ["Psiholog", "Razgovor.", "Bor", "Dom", "Jela DEMO", "x", "uto", "12-9", 42]
        assert sent(house, session, book(heads, bad), "services").outcome == "problems"
        assert problems(session) == [(2, "profession", "short"), (2, "hours", "week"), (2, "minutes", "five")]


@pytest.mark.parametrize(
    ("kind", "rows", "table"),
    [
        (
            "calls",
            [
                ["title", "summary", "kind", "town", "deadline", "places"],
                ["Praksa", "U pekari.", "praksa", "Niš", "1.4.", 3],
            ],
            Listing,
        ),
        ("grants", [["title", "summary", "deadline"], ["Alat", "Za radionicu.", "1.4.2026"]], Listing),
        (
            "seats",
            [
                ["title", "summary", "town", "seats", "days", "hours"],
                ["Čitaonica", "Mirno.", "Bor", 6, "pon-pet", "9-12"],
            ],
            Resource,
        ),
        ("sites", [["name", "town", "address"], ["Čitaonica DEMO", "Bor", "DEMO 1"]], Site),
        (
            "answers",
            [
                ["topic", "question", "answer", "source", "dated"],
                ["Škola", "Koliko košta?", "Ništa.", "DEMO", "1.2.2026"],
            ],
            AnswerCard,
        ),
        (
            "services",
            [
                ["title", "summary", "town", "site", "person", "profession", "days", "hours", "minutes", "discreet"],
                ["Psiholog", "Razgovor.", "Bor", "Dom DEMO", "Jela DEMO", "psiholog", "uto, čet", "9-12", 45, "da"],
            ],
            Professional,
        ),
        (
            "surveys",
            [
                ["title", "names", "goes_out", "deadline", "question1", "choices1", "question2", "answered2"],
                ["Leto", "Bez imena", "20.3.2026", "26.3.2026", "Šta je najbolje?", "izleti, sport", "Ocena?", "Lica"],
            ],
            Survey,
        ),
    ],
)
def test_each_kind_is_added_and_taken_back(house: House, kind: str, rows: list[list[Any]], table: Any) -> None:
    with Session(house.database) as session:
        before = count(session, table)
        done = sent(house, session, book(*rows), kind)
        assert problems(session) == []
        sheet = int(str(done.details["sheet"]))
        row = session.get_one(SheetImport, sheet)
        reader = Reader(session, house.now, row.organisation_id, "sr", house.rules.zone)
        assert tongue("sr-Latn").speak(KINDS[kind].seen(row.entries[0], reader))
        assert add(doing(house, session), AddSheet(sheet)).outcome == "added"
        assert count(session, table) == before + 1
        assert sent(house, session, book(*rows), kind).outcome == "problems", "it is there by now"
        assert undo(doing(house, session), UndoSheet(sheet)).outcome == "undone"
