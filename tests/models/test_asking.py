"""Surveys, votes, clubs and boxes: once a month each, one voice each, nothing of few, nothing shown without a yes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.asking import box, club, survey, survey_results, survey_turn, together, vote
from models.asking.box import Box, BoxEntry
from models.asking.club import Club, Membership
from models.asking.survey import Given, Survey, SurveyAnswer, SurveyPerson, SurveyTurn
from models.asking.vote import Ballot, Poll
from models.campaigns import broadcast as broadcasts
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import Outgoing
from models.migrating import migrate
from models.offers.listing import Listing
from models.who.people import Address, Person
from tests.models.programme import NOW, Programme, make_tables

DAY = timedelta(days=1)
QUESTIONS = [
    {"key": "q1", "kind": "one", "text": {"en": "How?"}, "choices": {"a": {"en": "well"}, "b": {"en": "badly"}}},
    {"key": "q2", "kind": "text", "text": {"en": "What?"}, "choices": {}},
]


def make_survey(programme: Programme, listing: Listing, author: Person, *, anonymous: bool = True) -> Survey:
    session = programme.session
    carrier = Broadcast(
        organisation_id=listing.organisation_id, author_id=author.id, audience={}, texts={}, created_at=NOW,
    )  # fmt: skip
    session.add(carrier)
    session.flush()
    row = Survey(
        code=f"s{carrier.id}", organisation_id=listing.organisation_id, author_id=author.id, broadcast_id=carrier.id,
        title={"en": "Us"}, questions=QUESTIONS, anonymous=anonymous, closes_at=NOW + 7 * DAY, created_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def make_poll(programme: Programme, listing: Listing, author: Person, who: str = "all") -> tuple[Poll, list[int]]:
    poll = vote.add(
        programme.session,
        Poll(
            code=f"P{listing.id}-{who}", organisation_id=listing.organisation_id, listing_id=listing.id,
            author_id=author.id, question={"en": "What?"}, who=who, shows="voted", zone="Europe/Belgrade",
            closes_at=NOW + DAY, created_at=NOW,
        ),
        [({"en": "a walk"}, None), ({"en": "a film"}, None)],
    )  # fmt: skip
    return poll, [option.id for option in vote.options_of(programme.session, poll.id)]


def test_nobody_is_asked_twice_within_a_month(programme: Programme, session: Session) -> None:
    listing, author = programme.listing(), programme.person()
    somebody = programme.person().id
    first, second, third = (make_survey(programme, listing, author) for _one in range(3))
    assert survey_turn.take_turns(session, first, {somebody: NOW}) == {somebody}
    assert survey_turn.take_turns(session, second, {somebody: NOW + 29 * DAY}) == set()
    assert survey_turn.not_now(session, NOW + 29 * DAY, [somebody]) == {somebody: "asked"}
    assert survey_turn.take_turns(session, third, {somebody: NOW + 30 * DAY}) == {somebody}
    survey_turn.refuse(session, NOW, somebody, refused=True)
    assert survey_turn.take_turns(session, second, {somebody: NOW + 99 * DAY}) == set()
    assert survey_turn.not_now(session, NOW + 99 * DAY, [somebody]) == {somebody: "no_questions"}
    survey_turn.refuse(session, NOW, somebody, refused=False)
    assert survey_turn.take_turns(session, second, {somebody: NOW + 99 * DAY}) == {somebody}


def test_two_surveys_at_once_do_not_both_have_somebody(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'turns.db'}")
    make_tables(engine)
    with Session(engine) as session:
        programme = Programme(session)
        listing, author = programme.listing(), programme.person()
        ids = [make_survey(programme, listing, author).id for _one in range(4)]
        people = [person.id for person in programme.people(6)]
        session.commit()

    def take(survey_id: int) -> int:
        with Session(engine) as session:
            row = session.get_one(Survey, survey_id)
            taken = survey_turn.take_turns(session, row, dict.fromkeys(people, NOW))
            session.commit()
            return len(taken)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, ids)) == len(people)
    with Session(engine) as session:
        per_person = select(func.count()).select_from(SurveyPerson).group_by(SurveyPerson.person_id)
        assert set(session.scalars(per_person)) == {1}
    engine.dispose()


def test_those_asked_longest_ago_come_first_and_only_so_many(programme: Programme, session: Session) -> None:
    listing, author = programme.listing(), programme.person()
    new, old, older = programme.people(3)
    for person, ago in ((old, 40), (older, 90)):
        session.add(SurveyTurn(person_id=person.id, asked_at=NOW - ago * DAY))
    row = make_survey(programme, listing, author)
    row.most = 2
    order = list(session.scalars(survey_turn.next_in_turn(row, Audience())))
    assert [person for person in order if person != author.id] == [new.id, older.id, old.id]
    assert survey_turn.room(session, row, 10) == 2
    survey_turn.take_turns(session, row, {new.id: NOW, older.id: NOW})
    assert survey_turn.room(session, row, 10) == 0


def test_who_was_not_written_to_after_all_has_the_turn_again(programme: Programme, session: Session) -> None:
    listing, author, person = programme.listing(), programme.person(), programme.person()
    row = make_survey(programme, listing, author)
    survey_turn.take_turns(session, row, {person.id: NOW})
    address = session.scalars(select(Address.id).where(Address.person_id == person.id)).one()
    message = Outgoing(
        address_id=address, kind="survey", rank=2, body={}, due_at=NOW + DAY, created_at=NOW,
        broadcast_id=row.broadcast_id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    session.add(Recipient(broadcast_id=row.broadcast_id, person_id=person.id, outgoing_id=message.id))
    session.get_one(Broadcast, row.broadcast_id).state = "sending"
    session.flush()
    assert broadcasts.stop(session, NOW, row.broadcast_id) == 1
    survey_turn.give_back_turns(session, row)
    assert survey_turn.not_now(session, NOW, [person.id]) == {}


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_sheet_is_sent_once_and_counted_from_five_on(programme: Programme, session: Session, anonymous: bool) -> None:
    listing, author = programme.listing(), programme.person()
    row = make_survey(programme, listing, author, anonymous=anonymous)
    people = programme.people(5)
    sheet = {"q1": Given({"choice": ["a"]}), "q2": Given({"text": "DEMO"}), "q9": Given({"text": "not asked"})}
    assert survey.submit(session, NOW, row.id, people[0].id, sheet) == "not_asked"
    survey_turn.take_turns(session, row, {person.id: NOW for person in people})
    for person in people[:4]:
        assert survey.submit(session, NOW, row.id, person.id, sheet) == "sent"
        assert survey.submit(session, NOW, row.id, person.id, sheet) == "done"
    assert survey_results.results(session, row) == (), "nothing while it goes on"
    survey.close(session, NOW, row)
    assert [(one.few, one.counts, one.words) for one in survey_results.results(session, row)] == [(True, (), ())] * 2
    assert survey.submit(session, NOW, row.id, people[4].id, sheet) == "closed"
    row.state = "open"
    assert survey.submit(session, row.closes_at, row.id, people[4].id, sheet) == "closed"
    assert survey.submit(session, NOW, row.id, people[4].id, {"q1": Given({"choice": ["b"]})}) == "sent"
    row.state = "closed"
    first, second = survey_results.results(session, row)
    assert (first.answered, first.counts) == (5, (("a", 4), ("b", 1)))
    assert (second.few, second.words) == (True, ())
    named = survey_results.names_and_answers(session, row)
    assert len(named) == (0 if anonymous else 5)
    assert survey.taken_part(session, row.id) == (5, 5)
    assert [one[0].id for one in survey_results.over_time(session, row.id)] == [row.id]


def test_one_voice_each_changed_until_the_end_and_then_only_the_counts_stay(
    programme: Programme, session: Session
) -> None:
    listing, author = programme.listing(), programme.person()
    poll, (walk, film) = make_poll(programme, listing, author)
    people = programme.people(5)
    for person in people:
        assert vote.cast(session, NOW, poll.id, person.id, walk) == "cast"
    assert vote.cast(session, NOW, poll.id, people[0].id, film) == "changed"
    assert vote.tally(session, poll).votes == {walk: 4, film: 1}
    other, (theirs, _second) = make_poll(programme, programme.listing(), author)
    assert vote.cast(session, NOW, poll.id, people[0].id, theirs) == "gone"
    assert vote.cast(session, poll.closes_at, poll.id, people[0].id, walk) == "closed"
    assert [row.id for row in vote.close_passed(session, poll.closes_at)] == [poll.id, other.id]
    assert session.scalars(select(Ballot)).all() == []
    assert vote.tally(session, poll).votes == {walk: 4, film: 1}
    assert vote.tally(session, poll).first == (walk,)
    assert vote.cast(session, NOW, poll.id, people[0].id, walk) == "closed"


def test_many_taps_at_once_are_one_vote(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'votes.db'}")
    make_tables(engine)
    with Session(engine) as session:
        programme = Programme(session)
        poll, options = make_poll(programme, programme.listing(), programme.person())
        poll_id, person_id = poll.id, programme.person().id
        session.commit()

    def tap(number: int) -> None:
        with Session(engine) as session:
            vote.cast(session, NOW, poll_id, person_id, options[number % 2])
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tap, range(12)))
    with Session(engine) as session:
        assert vote.tally(session, session.get_one(Poll, poll_id)).total == 1
    engine.dispose()


def test_only_members_vote_and_propose(programme: Programme, session: Session) -> None:
    listing, author, person = programme.listing(bands=("18+",)), programme.person(), programme.person()
    assert club.join(session, NOW, listing.id, person.id) == "closed", "it is no club yet"
    session.add(Club(listing_id=listing.id))
    session.flush()
    poll, (walk, _film) = make_poll(programme, listing, author, "members")
    assert vote.cast(session, NOW, poll.id, person.id, walk) == "members"
    assert club.propose(session, NOW.date(), listing.id, person.id, "DEMO walk") == "members"
    assert club.join(session, NOW, listing.id, programme.person(band="14").id) == "age"
    assert [club.join(session, NOW, listing.id, person.id) for _twice in range(2)] == ["joined", "already"]
    assert vote.cast(session, NOW, poll.id, person.id, walk) == "cast"
    ideas = ("DEMO шетња", "demo Шетња", "DEMO chess", "DEMO tea", "DEMO film")
    said = [club.propose(session, NOW.date(), listing.id, person.id, idea) for idea in ideas]
    assert said == ["kept", "kept", "kept", "kept", "many"], "the same idea counts once"
    assert club.leave(session, NOW, listing.id, person.id)
    assert vote.cast(session, NOW, poll.id, person.id, walk) == "members"
    assert club.join(session, NOW, listing.id, person.id) == "joined"
    assert club.member_count(session, listing.id) == 1


def make_box(programme: Programme) -> Box:
    row = Box(
        code="DEMO-BOX", organisation_id=programme.listing().organisation_id, kind="story", title={"en": "Box"},
        intro={}, created_at=NOW,
    )  # fmt: skip
    programme.session.add(row)
    programme.session.flush()
    return row


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("answered", [True, False])
def test_nothing_is_shown_without_a_yes_and_before_staff_looked(
    programme: Programme, session: Session, publish: bool, answered: bool
) -> None:
    of = make_box(programme)
    entry = box.put(session, NOW.date(), of.id, words="DEMO story", publish=publish)
    assert entry is not None
    assert box.published(session, of.id) == []
    box.moderate(session, entry.key, "accepted", {"en": "Thank you"} if answered else None)
    shown = [box.shown_words(one) for one in box.published(session, of.id)]
    assert shown == (["DEMO story"] if publish else [""] if answered else [])
    box.moderate(session, entry.key, "hidden")
    assert box.published(session, of.id) == []
    assert box.shown_words(entry) == ""


def test_an_entry_is_taken_back_by_its_word_and_by_no_other(programme: Programme, session: Session) -> None:
    of = make_box(programme)
    box.put(session, NOW.date(), of.id, words="DEMO", publish=True, word="Blue Cup")
    box.put(session, NOW.date(), of.id, words="DEMO without")
    assert box.by_word(session, of.id, "red cup") == []
    assert box.by_word(session, of.id, " ") == []
    assert box.take_back(session, box.by_word(session, of.id, "blue  cup")) == 1
    assert [row.words for row in session.scalars(select(BoxEntry))] == ["DEMO without"]
    of.state = "closed"
    assert box.put(session, NOW.date(), of.id, words="DEMO") is None


def test_what_is_erased_and_what_has_had_its_time(programme: Programme, session: Session) -> None:
    listing, author, person = programme.listing(), programme.person(), programme.person()
    of = make_box(programme)
    row = make_survey(programme, listing, author, anonymous=False)
    survey_turn.take_turns(session, row, {person.id: NOW})
    survey.submit(session, NOW, row.id, person.id, {"q2": Given({"voice": True}, b"DEMO", "audio/ogg")})
    box.put(session, NOW.date(), of.id, words="DEMO named", person_id=person.id)
    box.put(session, NOW.date(), of.id, words="DEMO nobody's")
    session.add(Membership(listing_id=listing.id, person_id=person.id, joined_at=NOW))
    held = together.held_about(session, person.id)
    assert [one["state"] for one in held["surveys"]] == ["done"]
    assert [one["words"] for one in held["in_boxes"]] == ["DEMO named"]
    together.forget_person(session, person.id)
    assert session.scalars(select(SurveyAnswer)).all() == []
    assert [one.words for one in session.scalars(select(BoxEntry))] == ["DEMO nobody's"]
    held = together.held_about(session, person.id)
    assert (held["clubs"], held["in_boxes"], held["last_asked_at"]) == ([], [], None)
    survey.close(session, NOW, row)
    later = NOW + timedelta(days=800)
    assert together.keep_no_longer(session, later, 500) > 0
    assert together.keep_no_longer(session, later, 500) == 0
    assert session.scalars(select(SurveyPerson)).all() == []
    assert session.scalars(select(BoxEntry)).all() == []


def test_no_questions_of_either_counts_when_two_become_one(programme: Programme, session: Session) -> None:
    one, two = programme.people(2)
    session.add(SurveyTurn(person_id=one.id, asked_at=NOW))
    session.add(SurveyTurn(person_id=two.id, asked_at=NOW - DAY, refused_at=NOW))
    session.flush()
    together.become_one(session, one.id, two.id)
    turn = session.scalars(select(SurveyTurn)).one()
    assert (turn.person_id, turn.asked_at, turn.refused_at) == (one.id, NOW, NOW)


def test_the_revision_goes_down_with_rows_in_it(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    migrate(engine)
    with Session(engine) as session:
        programme = Programme(session, datetime(2026, 3, 2, 9, 0, tzinfo=NOW.tzinfo))
        listing, person = programme.listing(), programme.person()
        row = make_survey(programme, listing, person)
        survey_turn.take_turns(session, row, {person.id: NOW})
        survey.submit(session, NOW, row.id, person.id, {"q2": Given({"text": "DEMO"})})
        session.get_one(Broadcast, row.broadcast_id).state = "scheduled"
        poll, (walk, _film) = make_poll(programme, listing, person)
        vote.cast(session, NOW, poll.id, person.id, walk)
        box.put(session, date(2026, 3, 2), make_box(programme).id, words="DEMO")
        session.commit()
    migrate(engine, to="0013")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT state FROM broadcast")).scalars().all() == ["stopped"]
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 1
    migrate(engine)
    engine.dispose()
