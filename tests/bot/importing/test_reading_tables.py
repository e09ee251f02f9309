"""Tables as they really come: old encodings, any separator, dates of both countries, merged cells, odd heads."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy.orm import Session

from bot.importing.checking import Checked, check
from bot.importing.columns import Reader, clock, heads_of, whole
from bot.importing.columns import day as day_column
from bot.importing.days import day_of
from bot.importing.reading import Formula, Unreadable, read
from bot.importing.tables.every import KINDS
from bot.language.fold import fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from conversations.importing.words import HEADS, REASONS
from models.offers.programme import Organisation, Site, Town
from tests.house import House

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMED = ("title", "summary", "kind", "town", "day", "time", "places")
ROW = {
    "sr-Cyrl": ["Цртање", "Цртамо, певамо и играмо.", "Радионица", "Бор", "26. 3. 2026.", "17 ч", "10"],
    "sr-Latn": ["Crtanje", "Crtamo, pevamo i šijemo.", "Radionica", "Bor", "čet, 26. mart 2026. god.", "17:00", "10,0"],
    "bg": ["Рисуване", "Рисуваме, пеем и шием.", "Работилница", "Бор", "26.03.2026 г.", "17:00 ч.", "'10"],
    "en": ["Drawing", "We draw, sing and sew.", "Workshop", "Bor", "2026-03-26 00:00:00", "5 PM", " 10 "],
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(House(Path(tmp_path_factory.mktemp("tables"))).database) as one:
        one.add(Organisation(code="far", name={"sr": "Далеко"}))
        yield one


def reader(session: Session, language: str = "sr") -> Reader:
    return Reader(session, NOW, 1, language, "Europe/Belgrade")


def looked(session: Session, content: bytes, kind: str = "meetings", language: str = "sr") -> Checked:
    return check(read(content), KINDS[kind], reader(session, language))


def book(rows: list[list[Any]], *merges: str) -> bytes:
    made, content = Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    for one in merges:
        made.active.merge_cells(one)
    made.save(content)
    return content.getvalue()


def heads(tag: str) -> list[str]:
    return [tongue(tag).speak(HEADS[name]) for name in NAMED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp1250"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_csv_in_any_encoding_separator_and_language(session: Session, encoding: str, separator: str) -> None:
    for tag, row in ROW.items():
        if encoding == {"sr-Latn": "cp1251"}.get(tag, "cp1250" if tag in ("sr-Cyrl", "bg") else ""):
            continue  # that code page does not have these letters
        rows = [["Program za mart, Bor"], heads(tag), [], row] if separator != "," else [heads(tag), [], row]
        cells = ([f'"{cell}"' if separator in cell else cell for cell in one] for one in rows)
        text = "\r\n".join(separator.join(one) for one in cells) + "\r\n"
        found = looked(session, text.encode(encoding), language=tag[:2])
        assert found.problems == [], (tag, encoding, separator)
        (entry,) = found.entries
        assert entry["title"] == {tag[:2]: row[0]}
        assert entry["summary"] == {tag[:2]: row[1]}
        assert (entry["first"], entry["places"]) == ("2026-03-26T16:00:00+00:00", 10)


def test_a_latin_table_with_some_cyrillic_words_keeps_its_letters() -> None:
    words = "Naziv;Opis;Mesto\nCrtanje;Vodi Мирослава Ђорђевић;Бор\n"
    assert read(words.encode("cp1251"))[1] == ["Crtanje", "Vodi Мирослава Ђорђевић", "Бор"]
    assert read("Naziv;Opis\nČas šaha;Žđrić, ćevapčići\n".encode("cp1250"))[1] == ["Čas šaha", "Žđrić, ćevapčići"]
    assert read("sep=,\r\nNaziv,Opis; još\r\n".encode())[0] == ["Naziv", "Opis; još"]


def test_a_letter_that_was_lost_is_named(session: Session) -> None:
    text = (";".join(heads("sr-Cyrl")) + "\n" + ";".join(ROW["sr-Cyrl"])).encode()
    broken = text.replace("пева".encode(), "пева".encode()[:-1], 1)
    assert looked(session, broken).problems == [(2, "summary", "spoilt", {})]


def test_days_as_they_are_written_in_both_countries_and_by_spreadsheets() -> None:
    for written in (
        "26.11.2026", "26.11.2026.", "26. 11. 2026.", "26.11.2026 г.", "26.11.2026г.", "26.11.26", "26-11-2026",
        "26/11/2026", "2026/11/26", "2026. 11. 26.", "26. новембар 2026.", "26. novembra 2026. godine", "26 XI 2026",
        "26 ноември 2026 г.", "четвъртък, 26 ноември 2026 г.", "u četvrtak 26. novembra", "Thu, 26 Nov 2026",
        "26-Nov-26", "26.XI.2026.", "2026-11-26T00:00:00", "2026-11-26 00:00:00", "26.11.",
    ):  # fmt: skip
        assert day_of(written, NOW, "Europe/Belgrade") == date(2026, 11, 26), written
    for written, reason in (
        ("11/26/2026", "day"), ("31.4.2026", "day"), ("2026-13-01", "day"), ("soon", "day"), ("", "day"),
        ("26.1.", "past"), ("petak, 26.11.2026", "weekday"), ("26.11.2026 i 27.11.2026", "day"),
    ):  # fmt: skip
        assert day_of(written, NOW, "Europe/Belgrade") == reason, written


def test_numbers_and_times_as_text(session: Session) -> None:
    one = reader(session)
    assert [whole(1, 2000)(cell, one) for cell in (10, 10.0, "10", "'10", " 10 ", "10,0", "10.00", "1 000")] == [
        10
    ] * 7 + [1000]
    assert [clock(cell, one) for cell in ("17:00", "17.00 ч.", "17h", "17-00", "5 pm", 17 / 24, time(17))] == [
        time(17)
    ] * 7
    assert day_column(46107.0, one) == date(2026, 3, 26)
    for read_cell, cell in (
        (whole(1, 90), "1.000"),
        (whole(1, 90), "10 do 15"),
        (clock, "17:00-18:30"),
        (clock, "17-18"),
    ):
        with pytest.raises(Exception, match=r"number|time"):
            read_cell(cell, one)


def test_merged_cells_hold_for_every_row_that_they_cover(session: Session) -> None:
    rows: list[list[Any]] = [
        ["Program za mart", None, None, None, None, None, None],
        heads("sr-Latn"),
        *[[f"Crtanje {number}", *ROW["sr-Latn"][1:]] for number in range(4)],
    ]
    content = book(rows, "A1:G1", "D3:D6", "B4:B5")
    assert [row[3] for row in read(content)[2:]] == ["Bor"] * 4
    found = looked(session, content)
    assert (len(found.entries), found.problems) == (4, [])
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(many := BytesIO(), "w") as new:
        for part in old.namelist():
            one = b'<mergeCell ref="A1:G1"/>'
            new.writestr(part, re.sub(rb'<mergeCell ref="A1:G1"\s*/>', one * 2_001, old.read(part)))
    with pytest.raises(Unreadable, match="large"):
        read(many.getvalue())


def test_formulas_and_their_errors_are_refused_and_empty_rows_keep_the_numbers(session: Session) -> None:
    good = ROW["en"]
    rows: list[list[Any]] = [
        heads("en"),
        good,
        [],
        [None] * 7,
        ["=A2", *good[1:]],
        [],
        ["#N/A", *good[1:]],
        ["Play", *good[1:6], "=1+1"],
    ]
    assert read(book(rows))[4][0] == Formula()
    assert [one[:3] for one in looked(session, book(rows)).problems] == [
        (5, "title", "formula"),
        (7, "title", "formula"),
        (8, "places", "formula"),
    ]


def test_columns_that_are_not_known_there_twice_or_without_a_head_are_named(session: Session) -> None:
    row = [*ROW["sr-Latn"], "x", "y", "z", "q", "p"]
    names = [*heads("sr-Latn"), "Opsi", "Boja kose", "Naziv", None, 2026]
    found = looked(session, book([names, row]))
    assert found.problems == [
        (1, "Opsi", "unknown_near", {"near": "Опис"}),
        (1, "Boja kose", "unknown", {}),
        (1, "title", "again", {}),
        (1, "2026", "unknown", {}),
        (1, "K", "headless", {}),
    ]
    assert all(REASONS[reason] for _row, _column, reason, _values in found.problems)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_head_means_two_columns_in_any_language(kind: Any) -> None:
    meant: dict[str, str] = {}
    for column in kind.columns:
        for head in heads_of(column):
            assert meant.setdefault(head, column.key) == column.key, head
    assert all(fold(tongue(tag).speak(column.head)) for column in kind.columns for tag in TAGS)


def test_two_places_of_one_name_are_told_apart_by_their_town(session: Session) -> None:
    towns = session.query(Town).order_by(Town.id).limit(2).all()
    session.add_all(
        [Site(code=f"same{town.id}", town_id=town.id, name={"sr": "Дом DEMO"}, address={}) for town in towns]
    )
    session.flush()
    column = next(one for one in KINDS["hours"].columns if one.key == "site")
    with pytest.raises(Exception, match="several"):
        column.read("Dom DEMO", reader(session))
    for town in towns:
        found = column.read(f"Dom DEMO, {town.name['sr']}", reader(session))
        assert session.get_one(Site, found).town_id == town.id
