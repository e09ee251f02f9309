"""The list of a trip: for staff of that organisation and who leads it, without numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.facts import KnownFacts, Lookup
from bot.sending.envelope import from_json
from conversations.deeds.lessons import HandSheet
from conversations.deeds.staff import MarkAttendance
from models.audit import Audit
from models.lessons import leading
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.who.people import Person
from tests.bot.around.outings.kit import HOUR, TRIP, act, goes, look, meeting, travel
from tests.house import House


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
