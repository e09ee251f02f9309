"""Trips: only a guardian's yes to that trip counts, a place without it goes on, families hear each step once."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.facts.people.own_data import everything
from bot.sending.envelope import from_json
from conversations.deeds import Deed
from conversations.deeds import outings as deeds
from conversations.deeds.lessons import HandSheet
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import CancelSession, MarkAttendance, MoveSession
from conversations.speech import Done
from models.audit import Audit
from models.caring.case import Request
from models.lessons import leading
from models.messages.message import AT_LEAST_ONCE, Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings.steps import TripStep
from models.outings.trip import TripConsent
from models.places.booking import Booking
from models.who import erasure
from models.who.consent import Consent, Wording
from models.who.people import Address, Guardianship, Person
from tests.house import House

TRIP = "kazanlak-ekskurzia"
HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kazanlak", town="kazanlak")
    made.person("rosa", "en", organisation="kazanlak", town="kazanlak")
    made.person("vesna", "en", organisation="valjevo", town="valjevo")
    made.person("mama", "en", band="18+", town="kazanlak")
    made.person("other", "en", band="18+", town="kazanlak")
    made.person("ivo", "en", band="15-17", town="kazanlak")
    made.person("lili", "en", band="under14", town="kazanlak")
    for child in ("ivo", "lili"):
        link(made, "mama", child)
    child_id, mother_id = made.person_id("lili"), made.person_id("mama")
    with Session(made.database) as session:
        wording = session.scalars(select(Wording.id)).first()
        given = Consent(person_id=child_id, given_by_id=mother_id, purpose="attend")
        given.wording_id, given.channel, given.given_at = wording or 0, "console", made.now
        session.add(given)
        session.commit()
    return made


def link(house: House, guardian: str, child: str) -> None:
    """Guardian and child; the guardian wants no reminders, and the young person of 15 decides alone otherwise."""
    guardian_id, child_id = house.person_id(guardian), house.person_id(child)
    with Session(house.database) as session:
        row = Guardianship(guardian_id=guardian_id, child_id=child_id, relation="mother")
        row.confirmed_at, row.reminders = house.now, False
        row.grown_at = house.now if child == "ivo" else None
        session.add(row)
        session.commit()


def act(house: House, who: str, deed: Deed) -> Done:
    person_id = house.person_id(who)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, 1, "console"), deed)
        session.commit()
        return done


def look(house: House, wanted: Any) -> list[Any]:
    with Session(house.database) as session:
        return list(session.scalars(wanted).all())


def meeting(house: House) -> Meeting:
    of = select(Listing.id).where(Listing.code == TRIP)
    found = look(house, select(Meeting).where(Meeting.listing_id.in_(of)).order_by(Meeting.starts_at))
    first: Meeting = found[0]
    return first


def goes(house: House, who: str, by: str = "", **also: Any) -> int:
    done = act(house, by or who, Book(meeting(house).id, (house.person_id(who),), **also))
    assert done.outcome in ("booked", "waiting")
    bookings = done.details["bookings"]
    assert isinstance(bookings, list)
    return int(bookings[0])


def state(house: House, booking: int) -> str:
    (found,) = look(house, select(Booking.state).where(Booking.id == booking))
    return str(found)


def written(house: House, who: str, word: str) -> int:
    """How many messages with a word were written to somebody."""
    bodies = look(
        house,
        select(Outgoing.body)
        .join(Address, Address.id == Outgoing.address_id)
        .where(Address.person_id == house.person_id(who)),
    )
    return sum(word in from_json(body).text for body in bodies)


def to_the_bus(house: House) -> None:
    house.now = meeting(house).starts_at - timedelta(minutes=10)


def travel(house: House) -> int:
    """Ivo is on the bus, with his mother's yes."""
    booking = goes(house, "ivo")
    assert act(house, "mama", deeds.AgreeToTrip(booking, 0)).outcome == "given"
    to_the_bus(house)
    return booking


# ---------------------------------------------------------------- the yes


def test_a_guardian_who_wants_no_reminders_is_asked_and_one_tap_is_enough(house: House) -> None:
    booking = goes(house, "ivo")
    assert written(house, "mama", "A yes for this trip is needed") == 1
    house._deliver()
    house.tap("mama", "✅ Yes, may go along")
    rows = look(house, select(TripConsent))
    assert [(row.child_id, row.guardian_id, row.method) for row in rows] == [
        (house.person_id("ivo"), house.person_id("mama"), "chat")
    ]
    assert rows[0].wording_id is not None
    assert written(house, "ivo", "said yes to the trip") == 1
    house.tap("mama", "✅ Yes, may go along")
    assert len(look(house, select(TripConsent))) == 1
    assert state(house, booking) == "booked"


@pytest.mark.parametrize("who", ["other", "ivo", "ana"])
def test_nobody_but_a_guardian_of_theirs_says_yes_or_no(house: House, who: str) -> None:
    booking = goes(house, "ivo")
    assert act(house, who, deeds.AgreeToTrip(booking, 0)).outcome == "gone"
    assert act(house, who, deeds.RefuseTrip(booking)).outcome == "gone"
    assert not look(house, select(TripConsent))
    assert state(house, booking) == "booked"


def test_the_general_consent_of_a_child_is_not_enough(house: House) -> None:
    booking = goes(house, "lili")
    assert written(house, "mama", "A yes for this trip is needed") == 1
    house.advance(days=4)
    assert state(house, booking) == "cancelled"


def test_a_guardian_who_books_gives_it_in_the_same_talk_and_is_not_asked_again(house: House) -> None:
    goes(house, "lili", "mama", trip=True)
    assert [row.child_id for row in look(house, select(TripConsent))] == [house.person_id("lili")]
    assert written(house, "mama", "A yes for this trip is needed") == 0


def test_without_a_yes_one_reminder_comes_and_then_the_next_in_line_gets_the_place(house: House) -> None:
    booking = goes(house, "ivo")
    session_id = meeting(house).id
    with Session(house.database) as session:
        session.get_one(Meeting, session_id).capacity = 1
        session.commit()
    next_one = goes(house, "lili", "mama", trip=True)
    assert state(house, next_one) == "waiting"
    house.now = meeting(house).starts_at - 25 * HOUR
    house.advance(minutes=30)
    assert state(house, booking) == "booked"
    assert written(house, "mama", "still missing") == 1
    house.advance(hours=2)
    assert state(house, booking) == "cancelled"
    assert state(house, next_one) == "offered"
    assert written(house, "ivo", "no yes for the trip in time") == 1
    assert written(house, "mama", "no yes for the trip in time") == 1
    assert written(house, "mama", "still missing") == 1


def test_a_yes_taken_back_frees_the_place(house: House) -> None:
    booking = goes(house, "ivo")
    house._deliver()
    house.tap("mama", "✅ Yes, may go along")
    house.tap("mama", "Take my yes back")
    assert state(house, booking) == "cancelled"
    assert [row.withdrawn_at is None for row in look(house, select(TripConsent))] == [False]
    assert written(house, "ivo", "did not agree") == 1


def test_a_trip_that_moves_is_asked_anew_and_the_old_button_gives_nothing(house: House) -> None:
    booking = goes(house, "ivo")
    moved = meeting(house).starts_at + 24 * HOUR
    assert act(house, "ana", MoveSession(meeting(house).id, moved.isoformat())).outcome == "moved"
    assert act(house, "mama", deeds.AgreeToTrip(booking, 0)).outcome == "gone"
    house.advance(minutes=30)
    assert written(house, "mama", "A yes for this trip is needed") == 2
    assert act(house, "mama", deeds.AgreeToTrip(booking, 1)).outcome == "given"


def test_paper_is_ticked_by_staff_of_that_organisation_alone(house: House) -> None:
    booking, session_id = goes(house, "ivo"), meeting(house).id
    assert act(house, "vesna", deeds.SeePaper(booking, session_id)).outcome == "refused"
    assert act(house, "mama", deeds.SeePaper(booking, session_id)).outcome == "refused"
    assert act(house, "ana", deeds.SeePaper(booking, session_id)).outcome == "seen"
    house.advance(days=4, hours=1)
    assert state(house, booking) == "booked"
    assert act(house, "ana", deeds.SeePaper(booking, session_id)).outcome == "taken_back"


# ---------------------------------------------------------------- on the way


def test_the_bus_is_told_once_also_after_a_double_tap(house: House) -> None:
    travel(house)
    session_id = meeting(house).id
    first = act(house, "ana", deeds.CountOut(session_id, 1))
    assert (first.outcome, first.details["told"]) == ("told", 1)
    assert act(house, "rosa", deeds.CountOut(session_id, 1)).outcome == "already"
    assert written(house, "mama", "The bus is leaving") == 1
    assert act(house, "ana", deeds.SayLate(session_id, 30)).outcome == "told"
    assert act(house, "ana", deeds.SayLate(session_id, 30)).outcome == "already"
    assert written(house, "mama", "30 minutes late") == 1
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "told"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "already"
    assert written(house, "mama", "We are back") == 1


def test_at_night_families_hear_at_once_that_the_bus_is_back(house: House) -> None:
    travel(house)
    act(house, "ana", deeds.CountOut(meeting(house).id, 1))
    house.now = house.now.replace(hour=21)
    act(house, "ana", deeds.CountBack(meeting(house).id, 1))
    (last,) = look(house, select(Outgoing).order_by(Outgoing.id.desc()).limit(1))
    assert "We are back" in from_json(last.body).text
    assert last.due_at == house.now
    assert last.kind not in AT_LEAST_ONCE, "a second one after a crash would be about another bus"


def test_a_guardian_who_said_stop_hears_nothing(house: House) -> None:
    travel(house)
    mother_id = house.person_id("mama")
    with Session(house.database) as session:
        session.get_one(Person, mother_id).stopped_at = house.now
        session.commit()
    assert act(house, "ana", deeds.CountOut(meeting(house).id, 1)).details["told"] == 0
    assert written(house, "mama", "The bus is leaving") == 0


def test_once_the_bus_has_left_no_place_on_it_is_given_up_or_given_on(house: House) -> None:
    """It may leave half an hour early: who is on board stays on the list, and their families hear of the way back."""
    booking = travel(house)
    session_id = meeting(house).id
    with Session(house.database) as session:
        session.get_one(Meeting, session_id).capacity = 1
        session.commit()
    waits = goes(house, "lili", "mama", trip=True)
    assert act(house, "ana", deeds.CountOut(session_id, 1)).outcome == "told"
    assert house.now < meeting(house).starts_at
    assert act(house, "mama", deeds.RefuseTrip(booking)).outcome == "left"
    assert act(house, "ivo", CancelBooking(booking)).outcome == "gone"
    assert act(house, "ana", CancelSession(session_id, "")).outcome == "late"
    later = meeting(house).starts_at + 24 * HOUR
    assert act(house, "ana", MoveSession(session_id, later.isoformat())).outcome == "late"
    assert act(house, "other", Book(session_id, (house.person_id("other"),))).outcome == "past"
    assert (state(house, booking), state(house, waits)) == ("booked", "waiting")
    assert act(house, "ana", deeds.SayLate(session_id, 15)).details["told"] == 1
    assert act(house, "ana", deeds.CountBack(session_id, 1)).details["told"] == 1


def test_nobody_under_18_leaves_without_a_yes(house: House) -> None:
    booking = goes(house, "ivo")
    to_the_bus(house)
    refused = act(house, "ana", deeds.CountOut(meeting(house).id, 1))
    assert refused.outcome == "consent"
    assert not look(house, select(TripStep))
    assert act(house, "ana", MarkAttendance(booking, meeting(house).id, "absent")).outcome == "marked"
    assert act(house, "ana", deeds.CountOut(meeting(house).id, 1)).outcome == "differs"
    assert written(house, "mama", "The bus is leaving") == 0


def test_a_count_that_does_not_fit_warns_staff_and_no_family(house: House) -> None:
    goes(house, "lili", "mama", trip=True)
    booking = travel(house)
    session_id = meeting(house).id
    assert act(house, "ana", deeds.CountOut(session_id, 2)).outcome == "told"
    assert written(house, "mama", "The bus is leaving") == 1, "one message about both"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "differs"
    assert act(house, "ana", deeds.CountBack(session_id, 1)).outcome == "differs"
    assert written(house, "rosa", "1 were counted back") == 1
    assert written(house, "mama", "We are back") == 0
    unclear = act(house, "ana", deeds.CountBack(session_id, 1, confirmed=True))
    assert unclear.outcome == "names", "who is missing has to be said"
    known = act(house, "ana", deeds.CountBack(session_id, 1, confirmed=True, without=(booking,)))
    assert (known.outcome, known.details["told"]) == ("told", 1)


@pytest.mark.parametrize(
    "deed", [deeds.CountOut(0, 1), deeds.CountBack(0, 1), deeds.SayLate(0, 30)], ids=lambda deed: type(deed).__name__
)
@pytest.mark.parametrize("who", ["vesna", "mama", "ivo"])
def test_another_organisation_and_families_do_nothing_on_a_trip(house: House, who: str, deed: Any) -> None:
    travel(house)
    of = type(deed)
    assert act(house, who, of(meeting(house).id, 1)).outcome == "refused"
    assert look(house, select(func.count()).select_from(TripStep)) == [0]


def test_the_list_has_no_numbers_and_is_for_the_own_organisation(house: House) -> None:
    travel(house)

    session_id = meeting(house).id

    def known(who: str) -> Any:
        person_id = house.person_id(who)
        with Session(house.database) as session:
            me = me_of(session, session.get_one(Person, person_id))
            return KnownFacts(Lookup(session, house.now, me, house.rules)).outings.trip(session_id)

    assert known("vesna") is None and known("mama") is None
    (row,) = known("ana").rows
    assert (row.consent, row.reachable) == ("chat", True)


def test_the_list_comes_as_a_file_to_staff_and_to_who_leads_it_alone(house: House) -> None:
    child = goes(house, "lili", "mama", trip=True)
    travel(house)
    trip, escort, ivo = meeting(house), house.person_id("other"), house.person_id("ivo")
    assert act(house, "ana", MarkAttendance(child, trip.id, "excused")).outcome == "marked"
    ask = HandSheet("trip", trip.id)
    for who in ("vesna", "mama", "ivo", "other"):
        assert act(house, who, ask).outcome == "refused", who
    with Session(house.database) as session:
        session.get_one(Person, ivo).called = "=Ivo"
        leader = leading.add(session, house.now, session.get_one(Listing, trip.listing_id).organisation_id, "Elena")
        leading.lead(session, house.now, trip.id, leader)
        leading.become(session, leader.id, escort)
        other_meeting = session.scalars(
            select(Meeting.id).join(Listing).where(Listing.code == "kazanlak-chistene")
        ).first()
        session.commit()
    assert act(house, "ana", ask).outcome == "sent"
    assert act(house, "ana", HandSheet("trip", other_meeting or 0)).outcome == "refused", "it is no trip"
    assert act(house, "other", ask).outcome == "sent"
    (last,) = look(house, select(Outgoing).order_by(Outgoing.id.desc()).limit(1))
    document = from_json(last.body).document
    assert document is not None
    page = load_workbook(BytesIO(document.content)).active
    lines = [[str(value) for value in row if value is not None] for row in page.iter_rows(values_only=True)]
    assert ["Escort: Elena"] in lines
    heads = ["Number", "Name", "Yes to the trip", "Family", "On the bus", "On the way back"]
    table = lines[lines.index(heads) :]
    assert table == [
        heads,
        ["1001", "does not come along", "hears by chat", "—", "—"],
        ["1002", "=Ivo", "in the chat", "hears by chat"],
    ], "what health, telephones and other families say is not in it"
    assert page.print_title_rows, "its heads are on every page of paper"
    assert look(house, select(Audit.actor_id).where(Audit.action == "sheet.trip")) == [house.person_id("ana"), escort]


# ---------------------------------------------------------------- what is kept


def test_own_data_shows_the_yes_and_erasure_ends_it(house: House) -> None:
    travel(house)
    mother_id = house.person_id("mama")
    with Session(house.database) as session:
        mother = session.get_one(Person, mother_id)
        known = everything(session, mother)
        assert [one["for"] for one in known["trips"]] == ["child"]
        erasure.erase(session, house.now, mother.id)
        session.commit()
    assert [row.withdrawn_at is None for row in look(house, select(TripConsent))] == [False]


# ---------------------------------------------------------------- places and buddies


def test_a_place_reaches_the_team_of_the_town_and_who_reported_it_hears_when_it_is_clean(house: House) -> None:
    assert act(house, "ivo", deeds.ReportPlace("behind the market", "", 42.61953, 25.39291)).outcome == "sent"
    assert act(house, "ivo", deeds.ReportPlace("also at the river")).outcome == "added"
    (request,) = look(house, select(Request))
    assert request.kind == "place"
    assert act(house, "vesna", deeds.MarkCleaned(str(request.id))).outcome == "gone"
    assert act(house, "ana", deeds.MarkCleaned(str(request.id))).outcome == "told"
    assert written(house, "ivo", "is clean now") == 1
    assert act(house, "ana", deeds.MarkCleaned(str(request.id))).outcome == "gone"


def test_buddies_hear_a_first_name_only_after_both_said_yes(house: House) -> None:
    (listing,) = look(house, select(Listing).where(Listing.code == "nis-drugari"))
    house.person("sara", "en", organisation="care", town="nis")
    (first, *_more) = look(house, select(Meeting.id).where(Meeting.listing_id == listing.id))
    for who, wish in (("ivo", "wants"), ("other", "is")):
        person_id = house.person_id(who)
        with Session(house.database) as session:
            session.get_one(Person, person_id).called = f"{who.title()} Demo"
            session.commit()
        assert act(house, who, Book(first, (house.person_id(who),), buddy=wish)).outcome == "booked"
    pair = deeds.PairBuddies(listing.id, house.person_id("ivo"), house.person_id("other"))
    assert act(house, "ana", pair).outcome == "refused"
    assert act(house, "sara", pair).outcome == "asked"
    assert act(house, "sara", pair).outcome == "gone"
    assert act(house, "mama", deeds.AnswerBuddy(1, house.person_id("other"), yes=True)).outcome == "gone"
    assert act(house, "ivo", deeds.AnswerBuddy(1, house.person_id("ivo"), yes=True)).outcome == "waits"
    assert written(house, "ivo", "Other") == 0
    both = act(house, "other", deeds.AnswerBuddy(1, house.person_id("other"), yes=True))
    assert (both.outcome, both.details["called"]) == ("both", "Ivo"), "who taps last reads it as the answer, once"
    assert (written(house, "ivo", "is Other."), written(house, "other", "is Ivo.")) == (1, 0)
    assert written(house, "ivo", "Demo") == 0
    assert written(house, "sara", "Ivo Demo and Other Demo both said yes") == 1, "who asked them introduces them"


def test_after_a_no_the_other_one_is_not_left_waiting_and_nobody_hears_who_said_it(house: House) -> None:
    (listing,) = look(house, select(Listing).where(Listing.code == "nis-drugari"))
    house.person("sara", "en", organisation="care", town="nis")
    (first, *_more) = look(house, select(Meeting.id).where(Meeting.listing_id == listing.id))
    ivo, other = house.person_id("ivo"), house.person_id("other")
    for who, wish in (("ivo", "wants"), ("other", "is")):
        assert act(house, who, Book(first, (house.person_id(who),), buddy=wish)).outcome == "booked"
    assert act(house, "sara", deeds.PairBuddies(listing.id, ivo, other)).outcome == "asked"
    assert act(house, "ivo", deeds.AnswerBuddy(1, ivo, yes=True)).outcome == "waits"
    assert act(house, "other", deeds.AnswerBuddy(1, other, yes=False)).outcome == "no"
    assert act(house, "other", deeds.AnswerBuddy(1, other, yes=False)).outcome == "gone"
    assert (written(house, "ivo", "no buddies came of it"), written(house, "other", "no buddies came of it")) == (1, 0)
    assert written(house, "sara", "did not come about") == 1


def test_staff_find_the_trip_among_the_meetings_of_today(house: House) -> None:
    (meeting,) = look(house, select(Meeting).join(Listing).where(Listing.code == TRIP).order_by(Meeting.id).limit(1))
    house.now = meeting.starts_at - HOUR
    ((_name, listed),) = house.hear("ana", "/today")
    texts = {card.text.splitlines()[0]: card.text.splitlines()[-1] for card in listed.cards}
    title = next(title for title, last in texts.items() if last == "🚌 Trip")
    which = list(texts).index(title) + 1
    ((_name, people),) = house.hear("ana", str(which))
    assert people.buttons[0].label == "🚌 Trip"
    ((_name, trip),) = house.tap("ana", "🚌 Trip")
    assert trip.text.startswith("🚌 ")
    others = [last for other, last in texts.items() if other != title]
    assert "🚌 Trip" not in others
