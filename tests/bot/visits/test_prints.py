"""The print queue: what may be printed, by whom, and that a file is gone from the disk once it is printed."""

from __future__ import annotations

import re
import sqlite3
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.deeds.visits import prints
from bot.deeds.visits.prints import handle, send, take_back
from bot.doing import Doing
from bot.keeping.retention import _papers
from bot.offering import papers
from conversations.deeds.resources import HandlePaper, SendPaper, TakePaperBack
from conversations.resources.printing import taken_back
from conversations.speech import Attachment, Done
from models.messages.message import Outgoing, StoredAttachment
from models.messages.webchat import WebLine
from models.offers.listing import Listing
from models.resources import printing
from models.resources.printing import PrintJob
from models.resources.resource import Resource
from models.who import erasure
from tests.house import House
from tests.transcripts.playing import FOLDER

PDF = (FOLDER / "files" / "seminarski.pdf").read_bytes()
MARKER = b"QXZMARKERQXZ"
"""Stands in the paper of a test, so that its bytes can be looked for on the disk."""


IDS: dict[str, int] = {}
"""Who is who in the house of the test."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.person("mila", band="15-17", town="bor")
    built.person("ana", organisation="kokoro")
    built.person("eva", organisation="care")
    IDS.update({name: built.person_id(name) for name in ("mila", "ana", "eva")})
    return built


def doing(house: House, session: Session, name: str) -> Doing:
    return Doing(session, house.now, house.rules, IDS[name])


def listing_id(session: Session) -> int:
    return session.scalars(select(Listing.id).where(Listing.code == "bor-racunari")).one()


def attach(house: House, session: Session, name: str, content: bytes) -> str:
    row = StoredAttachment(
        person_id=IDS[name],
        kind="file",
        name="rad.pdf",
        content=content,
        created_at=house.now,
        keep_until=house.now + timedelta(hours=48),
    )
    session.add(row)
    session.flush()
    return str(row.id)


def sent(house: House, content: bytes = PDF) -> Done:
    with Session(house.database) as session:
        deed = SendPaper(listing_id(session), attach(house, session, "mila", content))
        done = send(doing(house, session, "mila"), deed)
        session.commit()
    return done


def act(house: House, name: str, deed: HandlePaper) -> str:
    with Session(house.database) as session:
        done = handle(doing(house, session, name), deed)
        session.commit()
    return done.outcome


def on_disk(folder: Path) -> bool:
    return any(MARKER in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def emptied(house: House, folder: Path) -> None:
    """What was committed is in the file itself, and in no journal beside it."""
    house.database.dispose()
    with sqlite3.connect(folder / "putokaz.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.mark.parametrize("how", ["printed", "refused", "taken back", "erased", "lapsed"])
def test_a_file_is_gone_from_the_disk_however_it_ends(house: House, tmp_path: Path, how: str) -> None:
    done = sent(house, PDF + MARKER * 40)
    job = int(str(done.details["job"]))
    with Session(house.database) as session:  # a colleague was shown it on the web page
        session.add(
            WebLine(
                external_id="demo",
                at=house.now,
                side="house",
                body={},
                content=PDF + MARKER * 40,
                file_until=house.now + timedelta(hours=48),
            )
        )
        session.commit()
    emptied(house, tmp_path)
    assert on_disk(tmp_path), "it was there at all"
    if how == "printed":
        assert act(house, "ana", HandlePaper(job, "printed", pages=3)) == "done"
    elif how == "refused":
        assert act(house, "ana", HandlePaper(job, "refused", reason="pages")) == "done"
    else:
        with Session(house.database) as session:
            if how == "taken back":
                assert take_back(doing(house, session, "mila"), TakePaperBack(job)).outcome == "taken"
            elif how == "erased":
                erasure.erase(session, house.now, IDS["mila"])
            else:
                house.now += timedelta(days=7)
                prints.sweep(doing(house, session, "mila"))
            session.commit()
    with Session(house.database) as session:
        assert session.scalar(select(func.count()).select_from(StoredAttachment)) == 0
        assert session.scalars(select(WebLine.content)).all() == [None]
        assert session.get_one(PrintJob, job).attachment_id is None
    emptied(house, tmp_path)
    assert not on_disk(tmp_path)


def test_only_staff_of_the_place_may_print_and_each_thing_happens_once(house: House) -> None:
    job = int(str(sent(house).details["job"]))
    assert act(house, "eva", HandlePaper(job, "printed", pages=3)) == "refused", "another organisation"
    assert act(house, "mila", HandlePaper(job, "printed", pages=3)) == "refused"
    assert act(house, "ana", HandlePaper(job, "collected")) == "gone", "it is not printed yet"
    assert act(house, "ana", HandlePaper(job, "printed", pages=0)) == "pages"
    with Session(house.database) as session:
        assert take_back(doing(house, session, "eva"), TakePaperBack(job)).outcome == "gone", "not hers"
    with Session(house.database) as session:
        session.get_one(Resource, listing_id(session)).paper = 10
        session.commit()
    assert act(house, "ana", HandlePaper(job, "printed", pages=3)) == "done"
    assert act(house, "ana", HandlePaper(job, "printed", pages=3)) == "gone", "a double tap"
    with Session(house.database) as session:
        assert take_back(doing(house, session, "mila"), TakePaperBack(job)).outcome == "gone", "an old button"
        assert session.get_one(Resource, listing_id(session)).paper == 7
        told = session.scalars(select(Outgoing).where(Outgoing.kind == "confirmation")).all()
        assert len(told) == 1
    assert act(house, "ana", HandlePaper(job, "collected")) == "done"


def test_pages_are_counted_against_the_week(house: House) -> None:
    with Session(house.database) as session:
        mine = doing(house, session, "mila")
        listing = listing_id(session)
        assert send(mine, SendPaper(listing, "", 18)).details["left"] == 2
        refused = send(mine, SendPaper(listing, attach(house, session, "mila", PDF)))
        assert (refused.outcome, refused.details["left"]) == ("quota", 2)
        assert session.scalar(select(func.count()).select_from(StoredAttachment)) == 0, "what is refused is not kept"
        job = session.scalars(select(PrintJob)).one()
        printing.refuse(session, house.now, job, "broken")
        assert send(mine, SendPaper(listing, "", 20)).outcome == "waiting", "what was not printed uses up nothing"
        session.commit()
    house.now += timedelta(days=7)
    assert sent(house).outcome == "waiting", "a new week"


def test_what_cannot_be_printed_is_not_kept(house: House) -> None:
    with Session(house.database) as session:
        mine = doing(house, session, "mila")
        listing = listing_id(session)
        theirs = attach(house, session, "eva", PDF)
        assert send(mine, SendPaper(listing, theirs)).outcome == "lost", "somebody else's file"
        session.execute(text("DELETE FROM attachment"))
        for content, why in (
            (b"MZ\x90", "type"),
            (PDF + b"/Encrypt", "locked"),
            (b"\xff\xd8\xff" + b"0" * papers.LARGEST, "large"),
        ):
            assert send(mine, SendPaper(listing, attach(house, session, "mila", content))).outcome == why
        assert session.scalar(select(func.count()).select_from(StoredAttachment)) == 0
        assert session.scalar(select(func.count()).select_from(PrintJob)) == 0


def test_the_person_is_told_once_before_a_file_is_deleted(house: House) -> None:
    sent(house)
    told = []
    for hours in (24, 119, 1, 1, 23, 1):
        house.now += timedelta(hours=hours)
        with Session(house.database) as session:
            one = doing(house, session, "mila")
            prints.sweep(one)
            told.append(len(one.outgoing))
            session.commit()
    assert told == [0, 0, 1, 0, 1, 0], "a day before, and when it is deleted; never twice"
    with Session(house.database) as session:
        assert session.scalars(select(PrintJob.state)).all() == ["lapsed"]
        assert _papers(session, house.now + timedelta(days=91)) == 1


@pytest.mark.parametrize("stick", [False, True])
def test_a_file_is_said_to_be_deleted_only_where_there_was_one(house: House, stick: bool) -> None:
    said: list[str] = []
    for _time in range(2):
        if stick:
            with Session(house.database) as session:
                done = send(doing(house, session, "mila"), SendPaper(listing_id(session), pages=4))
                session.commit()
        else:
            done = sent(house)
        job = int(str(done.details["job"]))
    with Session(house.database) as session:
        ended = take_back(doing(house, session, "mila"), TakePaperBack(job))
        session.commit()
    said.append(taken_back(kept=bool(ended.details["kept"])).msgid)
    for days in (6, 1):
        house.now += timedelta(days=days)
        with Session(house.database) as session:
            prints.sweep(doing(house, session, "mila"))
            session.commit()
    with Session(house.database) as session:
        said += [row.body["text"] for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]
    assert len(said) == 3
    assert [bool(re.search("file|fajl", words, re.IGNORECASE)) for words in said] == [not stick] * 3, said


# ---------------------------------------------------------------- what a file is


def docx(*names: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        for name in ("[Content_Types].xml", *names):
            parts.writestr(name, "<DEMO/>")
    return content.getvalue()


def packed_pdf(inner: bytes) -> bytes:
    stream = zlib.compress(inner)
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 3 /First 18 /Filter /FlateDecode >>\nstream\n"
        + stream
        + b"\nendstream\nendobj\n"
    )


def test_files_are_known_by_their_content_never_by_their_name() -> None:
    assert papers.look(docx("word/document.xml")) == papers.Paper("docx")
    assert papers.look(docx("word/document.xml", "word/vbaProject.bin")) == "type", "macros"
    assert papers.look(docx("xl/workbook.xml")) == "type"
    assert papers.look(b"PK\x03\x04 broken") == "type"
    assert papers.look(b"\x89PNG\r\n\x1a\n...") == papers.Paper("photo", 1)
    assert papers.look(b"<html>rad.pdf</html>") == "type"


def test_pages_of_a_pdf_are_counted_also_where_they_are_packed() -> None:
    assert papers.pdf_pages(PDF) == 3
    tree = b"<< /Type /Pages /Count 12 /Kids [4 0 R] >> << /Type /Pages /Parent 1 0 R /Count 7 >>"
    assert papers.pdf_pages(packed_pdf(tree)) == 12, "the root's count, not a branch's"
    assert papers.pdf_pages(b"%PDF-1.4 << /Type /Page >> << /Type/Page/Parent 1 0 R >>") == 2
    assert papers.pdf_pages(b"%PDF-1.4 nothing here") is None


def test_a_hostile_pdf_costs_a_moment_and_no_memory() -> None:
    bomb = packed_pdf(b"A" * 40_000_000)
    nested = b"%PDF-1.4" + b"<<" * 200_000 + b"/Type /Pages /Count 3" + b"/Type /Pages " * 50
    assert papers.pdf_pages(bomb) is None
    assert papers.pdf_pages(nested) == 3
    assert papers.pdf_pages(b"%PDF-1.4" + b"/ObjStm stream\n" * 5_000) is None


PAPER = Attachment(kind="file", name="rad.pdf", media_type="application/pdf", size=len(PDF), ref="x", content=PDF)


def test_a_paper_sent_before_anything_was_said_can_be_printed(house: House) -> None:
    house.person("lara", "en", band="15-17", town="bor")
    asked = house.hear("lara", "", attachment=PAPER)[-1][1]
    assert asked.text == "What shall I do with this?"
    way = next(button.label for button in asked.buttons if button.label.startswith("🖨 Have it printed"))
    assert "It is in the queue: number" in house.tap("lara", way)[0][1].text
    with Session(house.database) as session:
        assert session.scalars(select(PrintJob.state)).all() == ["waiting"]


def test_what_cannot_be_printed_goes_to_the_team_as_before(house: House) -> None:
    house.person("lara", "en", band="15-17", town="bor")
    house.person("vera", "en", band="18+", town="kazanlak")
    note = replace(PAPER, kind="voice", name="", media_type="audio/ogg")
    for name, thing in (("lara", note), ("vera", PAPER)):  # a voice note; a town where nothing is printed
        assert "Shall I send this to a person" in house.hear(name, "", attachment=thing)[-1][1].text
    house.hear("lara", "no")
    house.hear("lara", "", attachment=PAPER)
    told = house.tap("lara", "💬 Send it to our team")
    assert any(name == "ana" for name, _message in told)
