"""Every standing action there is, tried by who has no business with it: somebody else's button, and a button of their
own that names somebody else's booking, visit, paper, answer, certificate, case, table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import pytest
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.offering import places
from bot.sending import envelope
from bot.telling import earlier
from conversations.every import STANDING
from conversations.speech import Heard
from handlers.channel import Arrival, Sender
from models.asking.survey import Survey
from models.attending.absences import AbsenceNotice
from models.base import Base
from models.campaigns.broadcast import Broadcast
from models.caring.answer import AnswerCard
from models.caring.case import Request
from models.lessons.certificate import Certificate
from models.lessons.feedback import Feedback
from models.messages.conversation import Standing
from models.messages.message import Outgoing
from models.offers.importing import SheetImport
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.outings.buddy import BuddyPair
from models.outings.trip import TripAsk
from models.places.booking import Booking
from models.places.taking import book
from models.resources.printing import PrintJob
from models.visits.appointment import Appointment
from models.visits.professional import AppointmentRules
from models.who import merging
from models.who.apart import Joining
from models.who.linking import keep_question
from models.who.people import Address, Guardianship, Person
from models.who.staff import StaffRole
from tests.house import MONDAY, House, buttons
from tests.test_anything import asking, sent, words_of

MARK = "MILAQXZ"
OWN = frozenset({"talk", "outgoing", "inbox", "standing", "address", "counter", "reach_count", "web_line"})
"""Tables in which whoever acts leaves traces of their own chat."""
WRITES = re.compile(r"(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) \"?(\w+)")
PUBLISHED = frozenset(
    {
        "listing",
        "session",
        "broadcast",
        "answer_card",
        "box",
        "poll",
        "survey",
        "survey_answer",
        "sheet_import",
        "resource",
    }
)
"""What organisations have, beside rows that name people."""
CODES = (
    "bor-matematika", "bor-fizika", "bor-hemija", "bor-engleski", "bor-internet", "bor-racunari", "bor-razgovor",
    "bor-zanimanja", "valjevo-praksa",
)  # fmt: skip
THIEVES = ("stranger", "rival")
"""A grown-up of the same town, and staff of another organisation with the duty of safeguarding (administrators of any
organisation answer requests for a talk where nobody else does, see models/caring/reading.py)."""

World = dict[str, Any]


# ---------------------------------------------------------------- what there is to be had

ABOUT: Mapping[str, tuple[str, dict[str, str]]] = {
    "join_chats": ("mila", {"person": "early", "address": "address", "into": "mila"}),
    "refuse_chat": ("mila", {"person": "early", "address": "address", "into": "mila"}),
    "apart_yes": ("nada", {"joining": "joining", "address": "joined"}),
    "apart_no": ("nada", {"joining": "joining", "address": "joined"}),
    "breaks": ("ana", {}),
    "see_acting": ("mila", {}),
    "coming": ("mila", {"bookings": "bookings", "session": "session"}),
    "not_coming": ("mila", {"booking": "booking"}),
    "away": ("mila", {"booking": "booking", "session": "session"}),
    "accept_place": ("mila", {"booking": "offered"}),
    "decline_place": ("mila", {"booking": "offered"}),
    "see_offer": ("mila", {"listing": "listing"}),
    "see_bookings": ("mila", {}),
    "see_appointment": ("mila", {"listing": "service", "moves": "appointment"}),
    "visit_address": ("mila", {"appointment": "appointment"}),
    "calendar": ("ana", {"professional": "professional"}),
    "visiting": ("mila", {"appointment": "appointment"}),
    "cancel_visit": ("mila", {"appointment": "appointment"}),
    "take_slot": ("mila", {"listing": "service", "slot": "slot", "person": "mila", "home": "no", "language": "sr"}),
    "feedback": ("mila", {"feedback": "feedback", "mood": "mood"}),
    "feedback_words": ("mila", {"feedback": "feedback"}),
    "why_absent": ("mila", {"notice": "notice", "why": "why"}),
    "talk_now": ("mila", {}),
    "lesson": ("mila", {"booking": "booking", "act": "act"}),
    "certificate": ("mila", {"certificate": "certificate"}),
    "call": ("mila", {"listing": "call"}),
    "interested": ("ana", {"listing": "call"}),
    "write_back": ("mila", {}),
    "call_again": ("mila", {}),
    "hotlines": ("ana", {}),
    "quiet_news": ("mila", {}),
    "undo_listing": ("ana", {"listing": "drafted"}),
    "broadcast_offer": ("mila", {"listing": "listing"}),
    "broadcast_call": ("mila", {"listing": "call"}),
    "sent": ("ana", {"broadcast": "broadcast"}),
    "request": ("ana", {"request": "request"}),
    "inbox": ("ana", {}),
    "case": ("ana", {"request": "case"}),
    "who_may": ("ana", {"listing": "listing"}),
    "group_anyway": ("ana", {"listing": "small"}),
    "group_cancel": ("ana", {"listing": "small"}),
    "confirm_answer": ("ana", {"card": "card"}),
    "book": ("ana", {"card": "card"}),
    "no_registrations": ("ana", {}),
    "people": ("ana", {"listing": "listing"}),
    "survey_report": ("ana", {"survey": "survey"}),
    "boxes": ("ana", {}),
    "proposals": ("ana", {"listing": "listing"}),
    "no_print": ("mila", {"job": "job"}),
    "see_printing": ("mila", {"listing": "seats"}),
    "see_resource": ("mila", {"listing": "seats"}),
    "undo_import": ("ana", {"sheet": "sheet"}),
    "trip_yes": ("mama", {"booking": "trip", "sequence": "sequence"}),
    "trip_no": ("mama", {"booking": "trip"}),
    "buddy_yes": ("mila", {"pair": "pair", "person": "mila"}),
    "buddy_no": ("mila", {"pair": "pair", "person": "mila"}),
    "see_trip": ("ana", {"session": "trip_session"}),
}
"""Whose each action is, and which things of the world its button names."""
BOOKS = frozenset({"see_offer", "broadcast_offer"})
"""What anybody may open and then book for themselves: it is opened, and no more."""


def to_the_end(house: House, name: str, *acts: str) -> None:
    """Somebody writes; "[2]" is the second button of what they see, "[label]" one by its label."""
    for act in acts:
        if act.startswith("[") and act[1:-1].isdigit():
            shown = [one for one in buttons(house.people[name].shown[-1]) if not one.quiet]
            house.hear(name, tap=shown[int(act[1:-1]) - 1].tap, shown_id="7")
        elif act.startswith("("):
            house.hear(name, attachment=sent(act[1:-1]))
        else:
            house.hear(name, act)


def one(session: Session, wanted: Any, *where: Any) -> Any:
    """The newest row of a kind."""
    return session.scalars(select(wanted).where(*where).order_by(wanted.id.desc())).first()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, World]]:
    """Mila has one of everything, Ana looks after it; two others have nothing to do with it."""
    house = House(tmp_path_factory.mktemp("forged"))
    for name in ("mila", "early", "nada", "again"):
        house.person(name, "en", band="15-17", town="bor")
    house.person("ana", "en", organisation="kokoro", role="admin")
    house.person("vera", "en", organisation="kokoro", role="safeguarding")
    house.person("mama", "en", band="18+", town="bor")
    house.person("stranger", "en", band="18+", town="bor")
    house.person("rival", "en", organisation="care")
    known = furnished(house)
    yield house, known
    house.database.dispose()


def furnished(house: House) -> World:
    """The ids of everything in the world, by the names that `ABOUT` uses."""
    ids = {name: house.person_id(name) for name in house.people}
    with Session(house.database) as session:
        listing = {code: one(session, Listing, Listing.code == code).id for code in CODES}
        for meeting in session.scalars(select(Meeting).where(Meeting.listing_id == listing["bor-hemija"])):
            meeting.capacity = 1
        session.add(
            StaffRole(person_id=ids["rival"], organisation_id=_other(session), role="safeguarding", given_at=MONDAY)
        )
        session.get_one(Person, ids["mila"]).called = MARK
        asking(session)
        session.commit()
    to_the_end(house, "mila", "/start bor-internet", "[1]", "[1]")
    to_the_end(house, "early", "/start bor-hemija", "[1]", "[1]")
    to_the_end(house, "mila", "/start bor-hemija", "[1]", "[1]", "/start bor-racunari", "[1]", "[2]", "[2]", "[1]")
    to_the_end(house, "early", "/bookings", "[1]", "[1]", "[1]")
    to_the_end(house, "mila", "/start bor-razgovor", "[1]", "[1]", "[1]", "[1]", "[1]")
    to_the_end(house, "mila", "/start bor-racunari", "[2]", "[1]", "(pdf)", "/person", MARK, "bojim se, tuku me")
    to_the_end(house, "ana", "/inbox", "[1]", "[2]")
    to_the_end(house, "vera", "/cases", "[1]")
    to_the_end(house, "ana", "/import", "[1]", "[1]", "(csv)", "[1]")
    with Session(house.database) as session:
        mine = session.scalars(select(Booking).where(Booking.person_id == ids["mila"]).order_by(Booking.id)).all()
        visit, job = one(session, Appointment), one(session, PrintJob)
        first = session.get_one(Meeting, mine[0].session_id)
        about = {"person_id": ids["mila"], "session_id": first.id}
        notice = {"person_id": ids["mila"], "listing_id": first.listing_id, "at": MONDAY}
        felt = Feedback(asked_at=MONDAY, **about)
        missed = AbsenceNotice(first_session_id=first.id, last_session_id=first.id, **notice)
        paper = Certificate(
            number=1001,
            code=token_urlsafe(16),
            listing_id=first.listing_id,
            person_id=ids["mila"],
            title={"en": MARK},
            minutes=60,
            first_at=MONDAY,
            last_at=MONDAY,
            name=MARK,
            issued_by_id=ids["ana"],
            issued_at=MONDAY,
        )
        card = session.scalars(select(AnswerCard)).first()
        assert card is not None
        card.owner_id, card.organisation_id = (
            ids["ana"],
            one(session, Listing, Listing.id == first.listing_id).organisation_id,
        )
        outing = session.get_one(Listing, listing["bor-zanimanja"])
        outing.trip = True
        day = session.scalars(
            select(Meeting).where(Meeting.listing_id == outing.id).order_by(Meeting.starts_at)
        ).first()
        session.add(Guardianship(guardian_id=ids["mama"], child_id=ids["mila"], relation="mother", confirmed_at=MONDAY))
        assert day is not None
        trip = book(session, house.now, session_id=day.id, person_id=ids["mila"], booked_by_id=ids["mila"]).booking
        assert trip is not None
        waits = MONDAY + timedelta(days=1)
        pair = BuddyPair(listing_id=outing.id, wants_id=ids["mila"], is_id=ids["early"], by_id=ids["ana"], at=MONDAY)
        session.add(pair)
        session.add(TripAsk(booking_id=trip.id, sequence=day.sequence, asked_at=MONDAY, remind_at=waits, until=waits))
        next_week = visit.starts_at + timedelta(days=7)
        session.get_one(AppointmentRules, visit.listing_id).most_at_once = 2
        small = session.get_one(Listing, listing["bor-fizika"])
        small.least, small.least_state = 5, "asked"
        session.add_all((felt, missed, paper))
        session.flush()
        known: World = {
            **ids,
            "booking": mine[0].id, "bookings": [mine[0].id], "session": first.id,
            "offered": next(row.id for row in mine if row.state == "offered"),
            "listing": listing["bor-matematika"], "small": small.id, "drafted": listing["bor-engleski"],
            "call": listing["valjevo-praksa"], "service": listing["bor-razgovor"], "seats": listing["bor-racunari"],
            "address": one(session, Address, Address.person_id == ids["early"]).id,
            "appointment": visit.id, "professional": str(visit.professional_id), "no": False, "sr": "",
            "slot": f"{visit.professional_id}_{visit.site_id}_{next_week:%Y%m%d%H%M}",
            "feedback": felt.id, "mood": "good", "notice": missed.id, "why": "far", "act": "materials",
            "pair": pair.id, "trip": trip.id, "sequence": day.sequence, "trip_session": str(day.id),
            "certificate": str(paper.id), "card": str(card.id), "survey": one(session, Survey).id,
            "broadcast": one(session, Broadcast).id, "job": job.id, "sheet": one(session, SheetImport).id,
            "request": str(one(session, Request, Request.kind == "talk").id),
            "case": str(one(session, Request, Request.kind == "safety").id),
            "joined": one(session, Address, Address.person_id == ids["again"]).id,
        }  # fmt: skip
        merging.merge(
            session,
            house.now,
            ids["nada"],
            ids["again"],
            places.hold(house.now, house.rules),
            earlier(house.rules),
        )
        known["joining"] = one(session, Joining).id
        keep_question(session, house.now, known["early"], known["address"], known["mila"], timedelta(hours=1))
        session.commit()
        known["before"] = protected(session, known)
    return known


def _other(session: Session) -> int:
    return session.scalars(select(Organisation.id).where(Organisation.code == "care")).one()


# ---------------------------------------------------------------- who tries what


def protected(session: Session, known: World) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that name Mila or Ana, and all that organisations have."""
    found = {}
    people = {known[name] for name in ("mila", "early", "nada", "again", "ana", "vera", "mama")}
    for table in Base.metadata.sorted_tables:
        if table.name in OWN:
            continue
        columns = [c for c in table.columns if any(key.column.table.name == "person" for key in c.foreign_keys)]
        if table.name == "person":
            columns = [table.c.id]
        wanted = table.select()
        if columns:
            wanted = wanted.where(or_(*(column.in_(people) for column in columns)))
        elif table.name not in PUBLISHED:
            continue
        found[table.name] = sorted(map(tuple, session.execute(wanted)), key=repr)
    return found


class Attempt:
    """Somebody taps a button that was made for this, in a transaction that is undone: what was written and shown."""

    def __init__(self, house: House, known: World, action: str, *, of: str, by: str, on: int = 0) -> None:
        about = {key: known[value] for key, value in ABOUT[action][1].items()}
        self.written: set[str] = set()
        self.shown: list[tuple[int, str]] = []
        self.changed: list[str] = []
        with Session(house.database) as session:
            token = token_urlsafe(16)
            until = house.now + timedelta(days=3)
            session.add(Standing(token=token, person_id=known[of], action=action, about=about, expires_at=until))
            session.flush()
            before = known["before"]
            newest = session.scalar(select(func.max(Outgoing.id))) or 0
            raw: Any = session.connection().connection.driver_connection
            raw.set_trace_callback(self._traced)
            self._tap(house, session, by, f"s.{token}", 0)
            for number in range(on):
                body = session.scalars(
                    select(Outgoing.body)
                    .where(Outgoing.id > newest, Outgoing.address_id == self._address(session, known[by]))
                    .order_by(Outgoing.id.desc())
                ).first()
                taps = (
                    [one.tap for one in buttons(envelope.from_json(body)) if one.tap and not one.quiet] if body else []
                )
                if not taps:
                    break
                self._tap(house, session, by, taps[0], number + 1)
            raw.set_trace_callback(None)
            session.flush()
            session.expire_all()
            after = protected(session, known) if self.written - OWN else before
            self.changed = [name for name in before if before[name] != after[name]]
            written = select(Outgoing, Address.person_id).join(Address, Address.id == Outgoing.address_id)
            for row, person_id in session.execute(written.where(Outgoing.id > newest)):
                self.shown.append((person_id, words_of(envelope.from_json(row.body))))
            self.used = session.get_one(Standing, token).used_at is not None
            session.rollback()

    def _traced(self, statement: str) -> None:
        found = WRITES.match(statement)
        if found is not None:
            self.written.add(found[1])

    @staticmethod
    def _address(session: Session, person_id: int) -> int:
        return session.scalars(select(Address.id).where(Address.person_id == person_id)).one()

    @staticmethod
    def _tap(house: House, session: Session, by: str, tap: str, number: int) -> None:
        sender = Sender(house.people[by].external_id, "en")
        arrival = Arrival("console", f"{tap[:30]}{number}", sender, house.now, heard=Heard(tap=tap), shown_id="1")
        house.dialogue.take(session, arrival, house.now)


def test_every_standing_action_is_tried() -> None:
    assert set(ABOUT) == set(STANDING), "a new action needs a line in ABOUT: whose it is, and what it names"


@pytest.mark.parametrize("action", sorted(STANDING))
def test_a_button_of_somebody_else_does_nothing(world: tuple[House, World], action: str) -> None:
    house, known = world
    for thief in THIEVES:
        tried = Attempt(house, known, action, of=ABOUT[action][0], by=thief)
        assert not tried.used
        assert tried.written <= OWN
        assert {person for person, _words in tried.shown} == {known[thief]}
        assert not any(MARK in words for _person, words in tried.shown)


@pytest.mark.parametrize("action", sorted(STANDING))
def test_a_button_about_what_is_somebody_elses_changes_and_shows_nothing(
    world: tuple[House, World], action: str
) -> None:
    """As if a button had been made for the wrong person: each action is authorised again where it is performed."""
    house, known = world
    for thief in THIEVES:
        tried = Attempt(
            house, known, action, of=thief, by=thief, on=0 if STANDING[action].does else 1 if action in BOOKS else 3
        )
        assert tried.changed == [], (thief, tried.shown)
        assert not any(MARK in words for _person, words in tried.shown), thief
        assert {person for person, _words in tried.shown} <= {known[thief]}, (thief, tried.shown)


@pytest.mark.parametrize("action", sorted(name for name, action in STANDING.items() if action.does))
def test_the_same_button_works_for_whose_it_is(world: tuple[House, World], action: str) -> None:
    """Else the tests above could not fail."""
    house, known = world
    owner = ABOUT[action][0]
    tried = Attempt(house, known, action, of=owner, by=owner)
    assert tried.used
    assert tried.changed or tried.written - OWN
