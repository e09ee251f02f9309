"""The report of a broadcast says who got it and why not, and holds no formula."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from bot.campaigns.reports import broadcast_report
from bot.language.tongue import tongue
from models.campaigns.broadcast import Broadcast
from tests.house import House
from tests.models.broadcast.kit import change, queue_all, start


def test_the_report_says_who_and_why_and_holds_no_formula(house: House, crowd: list[str]) -> None:
    change(house, "p0", called='=HYPERLINK("http://x")', stopped_at=house.now)
    change(house, "p1", called="Mila\x07")
    broadcast_id = start(house)
    queue_all(house)
    house.hear("ana", "/menu")
    with Session(house.database) as session:
        row = session.get_one(Broadcast, broadcast_id)
        document = broadcast_report(session, row, tongue("en"))
    sheet = load_workbook(BytesIO(document.content)).active
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(document.content) < 50_000
    assert len(lines) == 7
    assert lines[0][1:] == ('=HYPERLINK("http://x")', "Bor", "was not written to", "has stopped messages")
    assert {line[3] for line in lines[1:]} == {"got it"}
    assert all(cell.data_type != "f" for line in sheet.iter_rows(min_row=2) for cell in line)
