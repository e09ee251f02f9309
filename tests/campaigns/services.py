"""The story "services" of the kill campaign: a course, a visit, a seat, a paper, a survey, news, a certificate."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.asking.survey import FACES, Survey, SurveyPerson
from models.campaigns.broadcast import Broadcast
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.offers.series import units_of
from models.places.taking import book
from models.who.consent import Wording
from tests.campaigns.platform import PATIENCE, Platform
from tests.campaigns.program import Program
from tests.campaigns.story import add_person, shown_to
from tests.fakes.telegram import Person as Phone
from tests.outside.product import ROOT

START = datetime(2026, 3, 8, 12, 30, tzinfo=UTC)
"""A Sunday, 13:30 in Belgrade: the weekly digest goes out at 17:00."""
UNITS = (timedelta(hours=1, minutes=45), timedelta(hours=2, minutes=30))
"""When the two units of the course begin, half an hour each. They are reminded of an hour before."""
OVER, LATER = START + timedelta(hours=3, minutes=40), START + timedelta(hours=3, minutes=55)
YOUNG, FIRST, SECOND, THIRD, STAFF = 101, 202, 303, 305, 404
PAPER = (ROOT / "tests" / "transcripts" / "files" / "seminarski.pdf").read_bytes()
SURVEY = "ANKETA22"
ASKED = "Kako je bilo?"


def furnish(database: Path) -> None:
    """A course of two units today, a full lesson with two who wait, a survey for the young person, and the people."""
    engine = sqlite_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        wording = Wording(hash="campaign", language="en", text="Agreed to in a test.")
        session.add(wording)
        session.flush()
        ids = {
            number: add_person(session, number, wording.id, START, staff=number == STAFF)
            for number in (YOUNG, FIRST, SECOND, THIRD, STAFF)
        }
        course = session.scalars(select(Listing).where(Listing.code == "bor-internet")).one()
        course.remind_minutes, course.rule_percent = [60], 100
        head = session.scalars(select(Meeting).where(Meeting.listing_id == course.id, Meeting.first_id.is_(None))).one()
        units = units_of(session, head)
        for unit, after in zip(units, UNITS, strict=False):
            unit.starts_at, unit.ends_at = START + after, START + after + timedelta(minutes=30)
        for unit in units[len(UNITS) :]:
            session.delete(unit)
        lesson = session.scalars(select(Listing).where(Listing.code == "bor-hemija")).one()
        full = session.scalars(
            select(Meeting)
            .where(Meeting.listing_id == lesson.id, Meeting.starts_at > START)
            .order_by(Meeting.starts_at)
        ).first()
        assert full is not None
        full.capacity = 1
        session.flush()
        for number in (FIRST, SECOND, THIRD):
            book(session, START, session_id=full.id, person_id=ids[number], booked_by_id=ids[number])
        _survey(session, ids)
        session.commit()
    with closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _survey(session: Session, ids: dict[int, int]) -> None:
    organisation = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
    words = {"sr": "Како је у клубу?", "en": "How is it at the club?"}
    whose: dict[str, Any] = {"organisation_id": organisation, "author_id": ids[STAFF], "created_at": START}
    carrier = Broadcast(audience={}, texts=words, state="sent", **whose)
    session.add(carrier)
    session.flush()
    asked = {"key": "q1", "kind": "faces", "text": words, "choices": {face: {} for face in FACES}}
    closes = START + timedelta(days=7)
    survey = Survey(
        code=SURVEY,
        broadcast_id=carrier.id,
        title=words,
        questions=[asked],
        anonymous=True,
        closes_at=closes,
        **whose,
    )
    session.add(survey)
    session.flush()
    session.add(SurveyPerson(survey_id=survey.id, person_id=ids[YOUNG]))


class Story:
    """A young person and staff who act once each and wait for what they see, whatever becomes of the program."""

    def __init__(self, platform: Platform, program: Program) -> None:
        self._program = program
        self.young, self.staff = platform.person(YOUNG), platform.person(STAFF)
        for person in (self.young, self.staff, *(platform.person(number) for number in (FIRST, SECOND, THIRD))):
            person.started = True
        self.detours: list[str] = []

    def play(self) -> None:
        """From the news that somebody wants to the thanks for a certificate."""
        self._the_young_person_takes_what_there_is()
        self._staff_print_and_reorder()
        self._program.move_clock_to(OVER)
        self._staff_mark_and_certify()
        self._program.move_clock_to(LATER)
        self._the_young_person_says_how_it_was()

    def _the_young_person_takes_what_there_is(self) -> None:
        young = self.young
        go(young, ("/news", "O čemu da pišem"), ("#1", "🔔 Uključeno"))
        go(young, ("/start bor-internet", "Da prijavimo?"), ("#1", "za sve susrete?"), ("#1", "Mesto je rezervisano"))
        visit = (("#1", "Na kom jeziku?"), ("#1", "Koji dan odgovara?"))
        agreed = ("#1", "Da zakažemo ovaj termin?")
        asked = ("/start bor-razgovor", "Sa ženom ili sa muškarcem?")
        go(young, asked, *visit, ("#1", "U koliko sati?"), agreed, ("#1", "Termin je zakazan"))
        again = (("/bookings", "Dodirnite jednu"), ("#2", "🔁 Drugi termin"), ("#1", "Koji dan odgovara?"))
        go(young, *again, ("#2", "U koliko sati?"), agreed, ("#1", "Pomereno je"))
        room = ("/start bor-racunari", "Šta Vam treba?")
        seat = (("#1", "Kog dana?"), ("#1", "U koliko sati?"), ("#1", "Da rezervišemo mesto?"))
        go(young, room, *seat, ("#1", "Mesto je rezervisano"))
        go(young, room, ("#2", "može da se odštampa"), ("#1", "Pošaljite rad"))
        young.send_document(PAPER, "rad.pdf")
        young.wait("Čeka na štampu", PATIENCE)
        sheet = (("#1", "😊 Dobro"), ("#1", "Da li da pošaljemo odgovore?"), ("#1", "Odgovori su kod tima"))
        go(young, (f"/start {SURVEY}", "✍️ Počni"), *sheet)

    def _staff_print_and_reorder(self) -> None:
        staff = self.staff
        go(staff, ("/prints", "1001"), ("#1", "✅ Odštampano je"), ("~Odštampano je", "Ovde se ništa ne čuva"))
        go(staff, ("/listings", "organizacija objavila"), ("hemija", "Predstoji"), ("#1", "Koji susret?"))
        go(staff, ("#1", "Čekaju 2 osobe"), ("~Redosled", "Koga pomeriti?"), ("#2", "Na koje mesto?"))
        go(staff, ("1", "Zašto?"), ("#2", "Da"), ("#1", "✅ Pomereno"))

    def _staff_mark_and_certify(self) -> None:
        staff = self.staff
        for unit in ("#1", "#2"):
            go(staff, ("/today", "Današnji susreti"), (unit, "Dodirnite ime"), ("~⬜", "Došla je 1 osoba"))
        go(staff, ("/listings", "organizacija objavila"), ("internet", "🟢"), ("~Voditelji", "🎓 Potvrde"))
        go(staff, ("~Potvrde", "🎓 Izdaj svima"), ("~Izdaj", "Izdata je 1 potvrda"))

    def _the_young_person_says_how_it_was(self) -> None:
        if shown_to(self.young, ASKED):
            go(self.young, ("~😊", "Hvala"))
            return
        self.detours.append("nobody was asked how it was")


def go(person: Phone, *acts: tuple[str, str]) -> None:
    """Each act is something to write, a link to open, the n-th button ("#2") of what came last, or the one with some
    words ("~words"); and what is shown in answer.
    """
    for act, answer in acts:
        if act.startswith("/start "):
            person.start(act.removeprefix("/start "))
        elif act[0] in "#~":
            label = _labelled(person, act)
            person.tap(label)
        else:
            person.write(act)
        person.wait(answer, PATIENCE)


def _labelled(person: Phone, act: str) -> str:
    """The label of the button that is meant: of the newest message that has any, or any that has such a one."""
    if act[0] == "#":
        newest = next(message for message in reversed(person.shown) if message.labels)
        return newest.labels[int(act[1:]) - 1]
    return next(label for message in reversed(person.shown) for label in message.labels if act[1:] in label)
