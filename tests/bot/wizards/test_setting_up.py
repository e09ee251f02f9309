"""Setting things up by chat: numbers as they are written, and what is changed before it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.staff import CancelMeetings
from conversations.speech import Done, NotUnderstood
from conversations.staff import fields
from models.offers.listing import Listing
from tests.house import House, as_line, buttons

TITLE = "Crtanje u parku"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    built = House(Path(tmp_path_factory.mktemp("house")))
    built.person("ana", "en", organisation="kokoro", town="bor")
    built.person("rosa", "en", organisation="kazanlak", town="kazanlak")
    built.person("nik", "en", band="18+", town="bor")
    return built


def says(house: House, name: str, *what: str) -> str:
    """Somebody writes, or taps a [label], one after the other. What was said to them last."""
    for one in what:
        house.tap(name, one[1:-1]) if one.startswith("[") else house.hear(name, one)
    return as_line(house.people[name].shown[-1])


def act(house: House, name: str, deed: Deed) -> Done:
    """What a deed of somebody comes to; it is not committed."""
    with Session(house.database) as session:
        return perform(Doing(session, house.now, house.rules, house.person_id(name)), deed)


def labels(house: House, name: str) -> list[str]:
    return [button.label for button in buttons(house.people[name].shown[-1])]


# ---------------------------------------------------------------- words and numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [("10", 10), (" 10. ", 10), ("10 places", 10), ("about 10", 10), ("1 000", 1000), ("1.000", 1000), ("90'", 90)],
)
def test_one_number_is_read_also_with_words_around_it(typed: str, number: int) -> None:
    assert fields.number(1, 1000)(typed, None) == number  # type: ignore[arg-type]  # it reads nothing else


@pytest.mark.parametrize("typed", ["-1", "−3", "8-10", "8–10", "1e9", "2 x 45", "8,5", "0", "1001", "ten", "1０", ""])
def test_what_is_no_number_or_two_is_never_put_together_to_one(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        fields.number(1, 1000)(typed, None)  # type: ignore[arg-type]  # it reads nothing else


def test_signs_alone_are_no_title() -> None:
    with pytest.raises(NotUnderstood):
        fields.words(3, 80)("😀😀😀", None)  # type: ignore[arg-type]  # it reads nothing else


# ---------------------------------------------------------------- before it is published


def test_an_event_becomes_one_without_booking_and_what_to_bring_is_changed(house: House) -> None:
    says(house, "ana", "/new", "2", "1", TITLE, "We draw together.", "[Done]", "[None of these]", "Bor")
    asked = says(house, "ana", "[Not known yet]")
    assert asked.startswith("When is it?"), "one event has no first time"
    says(house, "ana", "5.3. 17:00", "60", "a pencil")
    for wrong in ("-1", "8-10"):
        assert "a number from 1 to 1000" in says(house, "ana", wrong)
    says(house, "ana", "3", "[No reminders]")
    assert "👥 3 places" in says(house, "ana", "[Done]"), "where 8, 10 and 15 are offered, 3 is not the third of them"
    seen = says(house, "ana", "[✏️ Change something]", "[What to bring]", "[Nothing]")
    assert "a pencil" not in seen
    assert "no booking is needed" not in seen
    seen = says(house, "ana", "[✏️ Change something]", "[Booking]", "[🚪 No booking: everybody is welcome]")
    assert "no booking is needed" in seen
    says(house, "ana", "[✅ Publish]", "[Not now]")
    assert "no booking is needed" in says(house, "nik", TITLE)


def test_a_club_of_the_wizard_has_members_at_once(house: House) -> None:
    says(house, "ana", "/new", "1", "[Club]", "Neighbours", "We meet.", "[Done]", "[None of these]", "Bor")
    says(house, "ana", "[Not known yet]", "7.3. 11:00", "60", "[Every week]")
    assert "a number from 2 to 60" in says(house, "ana", "1"), "one time is no series, and not the first suggestion"
    says(house, "ana", "4", "[Each meeting on its own]", "[Nothing]", "10", "[No reminders]", "[Done]", "[✅ Publish]")
    assert "belong to it" in as_line(house.people["ana"].shown[-1])
    says(house, "ana", "[🏡 Yes, as a club with members]", "[Not now]")
    says(house, "nik", "/menu", "neighbours", "1")
    assert "🤝 Join the club" in labels(house, "nik")


def test_a_call_asks_how_many_are_chosen_and_its_preview_is_its_card(house: House) -> None:
    says(house, "ana", "/new", "4", "Sewing machines", "For workshops.", "[Done]", "[None of these]", "[Everywhere]")
    says(house, "ana", "Training done.", "[Skip]")
    assert "waiting list" not in says(house, "ana", "15.4.")
    assert "What counts: Training done." in says(house, "ana", "3", "[No reminders]", "[Done]")
    says(house, "ana", "[✏️ Change something]", "[What is offered]", "Needles too.", "[✅ Publish]", "[Not now]")
    card = says(house, "nik", "/menu", "sewing machines", "1")
    assert "What counts: Training done." in card
    assert "Needles too." in card


def test_seats_show_where_they_are_and_can_be_changed_before(house: House) -> None:
    says(house, "rosa", "/new", "[🖥 Seats by the hour]", "Computers", "To write.", "kazanlak")
    assert "Another place" in labels(house, "rosa"), "in a town of many places it is no page away"
    says(house, "rosa", "[Another place]", "Club DEMO", "3", "[Monday]", "[Done]", "9-12", "60", "2")
    assert "📍 Club DEMO, Kazanlak" in says(house, "rosa", "[Nothing is printed]", "[Done]")
    says(house, "rosa", "[✏️ Change something]", "[Title]", "Reading room", "[✏️ Change something]", "[Days]")
    seen = says(house, "rosa", "[Tuesday]", "[Done]")
    assert "📌 Reading room" in seen
    assert "Tue: 09:00–12:00" in seen
    says(house, "rosa", "[✅ Publish]")
    assert "Reading room" in says(house, "nik", "/menu", "reading room kazanlak")


def test_a_service_an_answer_and_an_announcement_can_be_changed_before(house: House) -> None:
    says(house, "ana", "/new", "[🗓 Appointments with somebody]", "Talk about work", "We look together.", "[Done]")
    says(house, "ana", "30", "0", "[1 day before]", "[4 weeks]", "[1]", "Bor", "Mirra DEMO", "[adviser]", "[Not said]")
    says(house, "ana", "[English]", "[Done]", "[Another place]", "Club DEMO")
    assert "📍 Club DEMO, Bor" in says(house, "ana", "Mon 9-12")
    assert "Mira DEMO, adviser" in says(house, "ana", "[✏️ Change something]", "[Name]", "Mira DEMO")
    says(house, "ana", "[✅ Publish]", "/new", "[📖 An answer for everybody]", "1", "[In one town only]", "Bor")
    says(house, "ana", "Is it free?", "It costs nothing.", "[Done]", "Our rules", "[Today]", "[3 months]")
    seen = says(house, "ana", "[✏️ Change something]", "[The question]", "Does it cost anything?")
    assert "Does it cost anything?" in seen
    assert "📍 Bor" in seen
    says(house, "ana", "[✅ Publish]", "/announce", "1", "About us", "TV Bor", "[Done]", "Bor", "5.3. 8:00")
    seen = says(house, "ana", "[✏️ Change something]", "[Date and time]", "5.3. 20:00")
    assert "5 March, 20:00" in seen
    says(house, "ana", "[✏️ Change something]", "[Channel or place]", "RTS 2", "[✅ Announce it]", "[Not now]")
    assert "20:00" in says(house, "ana", "/announced")


# ---------------------------------------------------------------- once it is published


def test_all_single_meetings_are_called_off_at_once_and_each_person_is_counted_once(house: House) -> None:
    says(house, "ana", "/start", "/new", "1", "[Course]", "Sewing", "We sew.", "[Done]", "[None of these]", "Bor")
    says(house, "ana", "[Not known yet]", "10.3. 17:00", "60", "[Every week]", "3", "[Each meeting on its own]")
    says(house, "ana", "[Nothing]", "10", "[No reminders]", "[Done]", "[✅ Publish]", "[Not now]")
    for day in ("10", "17"):
        says(house, "nik", "/menu", "sewing", "[Sewing]")
        label = next(one for one in labels(house, "nik") if f" {day} March" in one)
        says(house, "nik", f"[{label}]")
        says(house, "nik", *(["[For me]"] if "For me" in labels(house, "nik") else []), "[Yes, please]")
    says(house, "ana", "/listings", "Sewing")
    said = says(house, "ana", "[🗓 Meetings: move, cancel, people]", "[❌ Call off all that is to come]", "Illness")
    assert said.startswith("Call off 3 meetings?")
    before = len(house.people["nik"].shown)
    told = [as_line(message) for name, message in house.tap("ana", "Yes") if name == "ana"]
    assert told[0] == "✅ They are cancelled. 1 person is told."
    heard = [as_line(message) for message in house.people["nik"].shown[before:]]
    assert sum("Sewing" in one and "Illness" in one for one in heard) == 2, "a message, and its entry, for each booking"
    with Session(house.database) as session:
        listing = session.scalars(select(Listing.id).order_by(Listing.id.desc()).limit(1)).one()
    assert act(house, "ana", CancelMeetings(listing, "once more")) == Done("late")
    assert act(house, "rosa", CancelMeetings(listing, "not mine")) == Done("refused")
    assert act(house, "nik", CancelMeetings(listing, "no staff")) == Done("refused")


def test_a_series_is_not_called_off_meeting_by_meeting(house: House) -> None:
    with Session(house.database) as session:
        series = session.scalars(select(Listing.id).where(Listing.code == "bor-internet")).one()
    assert act(house, "ana", CancelMeetings(series, "it is called off on its own card")) == Done("refused")


def test_what_to_bring_is_changed_after_it_is_published(house: House) -> None:
    says(house, "ana", "/start", "/new", "2", "1", "Paper boats", "We fold.", "[Done]", "[None of these]", "Bor")
    says(house, "ana", "[Not known yet]", "5.3. 17:00", "60", "[Nothing]", "3", "[No reminders]", "[Done]")
    says(house, "ana", "[✅ Publish]", "[Not now]", "/listings", "Paper boats", "[More]")
    says(house, "ana", "[✏️ What to bring]", "[English]", "old newspapers")
    assert "🎒 Bring: old newspapers" in says(house, "nik", "/menu", "paper boats", "1")


def test_a_series_every_two_weeks_is_told_by_its_dates(house: House) -> None:
    """Who read "on Saturdays" would come on each of them."""
    for often, told in (("[Every two weeks]", "1. 7 March, 11:00"), ("[Every week]", "on Saturdays at 11:00")):
        title = f"Chess {often[1:-1]}"
        says(house, "ana", "/start", "/new", "1", "[Course]", title, "We play.", "[Done]", "[None of these]", "Bor")
        says(house, "ana", "[Not known yet]", "7.3. 11:00", "60", often, "3", "[Enrol once for all the meetings]")
        says(house, "ana", "[Nothing]", "10", "[No reminders]", "[Done]", "[✅ Publish]", "[Not now]")
        card = says(house, "nik", "/menu", title, f"[{title}]")
        assert told in card
        assert ("Saturdays" in card) == (often == "[Every week]")


def test_a_visit_is_asked_whether_it_is_a_trip_before_anybody_can_book(house: House) -> None:
    says(house, "ana", "/start", "/new", "2", "[Visit or trip]", "To the lake", "We swim.", "[Done]", "[None of these]")
    asked = says(house, "ana", "Bor", "[Not known yet]", "7.3. 9:00", "300", "[Nothing]")
    assert asked.startswith("Do you go somewhere together?")
    says(house, "ana", "[🚌 Yes, it is a trip]", "at the gate", "10", "[No reminders]")
    seen = says(house, "ana", "[Done]")
    assert "Under 18 a parent or guardian says yes to this trip." in seen
    assert "🚌 Meeting point: at the gate" in seen
    assert "Meeting point" not in says(house, "ana", "[✏️ Change something]", "[🚌 Trip]", "[No, people come there]")
    says(house, "ana", "[✏️ Change something]", "[🚌 Trip]", "[🚌 Yes, it is a trip]", "[✅ Publish]", "[Not now]")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).order_by(Listing.id.desc()).limit(1)).one()
        assert (listing.trip, listing.meeting_point) == (True, {"en": "at the gate"})


def test_a_call_that_is_everywhere_is_in_ones_own_town_too(house: House) -> None:
    says(house, "ana", "/start", "/new", "3", "[Internship]", "Beekeeping", "Bees.", "[Done]", "[None of these]")
    says(house, "ana", "[Everywhere]", "[Everybody]", "[Skip]", "15.4.", "3", "[No reminders]", "[Done]")
    says(house, "ana", "[✅ Publish]", "[Not now]")
    first = says(house, "nik", "/menu", "internship").split("* ")[1]
    assert first.startswith("Beekeeping"), "it comes before what is in other towns"
    for town in ("bor", "valjevo"):
        assert "Beekeeping" in says(house, "nik", "/menu", f"internship {town}")


def test_a_question_of_a_survey_is_corrected_before_it_is_sent(house: House) -> None:
    says(
        house, "ana", "/start", "/new", "[❓ A survey]", "The summer", "[🙈 Without names]", "[Done]", "[☝️ Choose one]"
    )
    says(
        house, "ana", "Waht was best?", "trips, sport", "[✅ No more questions]", "[Everybody]", "[All of them]", "9.3."
    )
    assert "What was best?" in says(house, "ana", "[✏️ Change something]", "[Question 1]", "What was best?")
    seen = says(house, "ana", "[✏️ Change something]", "[Deadline]", "12.3.")
    assert "Until: Thursday 12 March" in seen
    assert "[trips], [sport]" in seen
    says(house, "ana", "[🗑 Throw away]")
