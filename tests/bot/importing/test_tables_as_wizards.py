"""What tables set up is what wizards set up: clubs, votes, boxes, announcements, cost and travel, several languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.offers.imports import add, undo
from bot.importing.adding import step
from bot.importing.columns import Reader
from bot.importing.tables.every import KINDS
from bot.language.tongue import tongue
from bot.sending import envelope
from conversations.deeds.imports import AddSheet, UndoSheet
from models.asking import box, club, vote
from models.asking.box import Box
from models.asking.club import Club
from models.asking.survey import Survey
from models.asking.vote import Poll, PollOption
from models.campaigns.broadcast import Broadcast
from models.messages.message import Outgoing
from models.offers import announcement
from models.offers.announcement import Announcement
from models.offers.importing import SheetImport
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.visits.professional import AppointmentRules, Professional, WorkingHours
from tests.bot.importing.test_importing import GOOD, HEAD, IDS, book, count, doing, problems, sent
from tests.house import House

CLUB_HEAD = [one for one in HEAD if one != "kind"]
CLUB = [GOOD[0], GOOD[1], *GOOD[3:]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One for all: no test here commits."""
    built = House(tmp_path_factory.mktemp("house"))
    built.person("ana", "sr-Latn", organisation="kokoro")
    built.person("mila", band="15-17", town="bor")
    IDS["ana"] = built.person_id("ana")
    return built


def added(house: House, session: Session, kind: str, *rows: list[Any]) -> int:
    """A table that was read and added. Its id."""
    done = sent(house, session, book(*rows), kind)
    assert problems(session) == [], kind
    sheet = int(str(done.details["sheet"]))
    entries = session.get_one(SheetImport, sheet).entries
    reader = Reader(session, house.now, session.get_one(SheetImport, sheet).organisation_id, "sr", house.rules.zone)
    assert all(tongue("sr-Latn").speak(KINDS[kind].seen(entry, reader)) for entry in entries)
    assert add(doing(house, session), AddSheet(sheet)).outcome == "added"
    return sheet


def taken_back(house: House, session: Session, sheet: int) -> str:
    return undo(doing(house, session), UndoSheet(sheet)).outcome


def test_clubs_are_listings_that_people_belong_to_and_stay_once_somebody_does(house: House) -> None:
    mila = house.person_id("mila")
    with Session(house.database) as session:
        sheet = added(house, session, "clubs", CLUB_HEAD, CLUB, ["Gluma", *CLUB[1:]])
        first, second = session.scalars(select(Listing).order_by(Listing.id.desc()).limit(2)).all()
        assert {(row.kind, club.is_club(session, row.id)) for row in (first, second)} == {("club", True)}
        assert club.join(session, house.now, first.id, mila) == "joined"
        assert taken_back(house, session, sheet) == "used"
        assert (first.state, second.state) == ("open", "open")
        club.leave(session, house.now, first.id, mila)
        ballot = added(
            house,
            session,
            "votes",
            ["question", "options", "listing", "deadline"],
            ["Šta ćemo?", "bioskop, bazen", "Gluma", "1.4.2026"],
        )
        assert taken_back(house, session, sheet) == "used", "there is a vote beside it"
        assert (taken_back(house, session, ballot), taken_back(house, session, sheet)) == ("undone", "undone")
        assert (first.state, second.state) == ("cancelled", "cancelled")


def test_votes_about_things_or_days_for_members_or_all(house: House) -> None:
    mila = house.person_id("mila")
    with Session(house.database) as session:
        added(house, session, "clubs", CLUB_HEAD, CLUB)
        listing = session.scalars(select(Club.listing_id).order_by(Club.listing_id.desc())).first() or 0
        club.join(session, house.now, listing, mila)
        session.flush()
        before, told = count(session, Poll), count(session, Outgoing)
        head = ["question", "options", "dates", "listing", "who", "shows", "deadline", "time"]
        rows = [
            [
                "Šta ćemo?",
                "izlet; film, sa kokicama; sport",
                None,
                "Crtanje",
                "members",
                "na kraju",
                "1.4.2026",
                "12:00",
            ],
            ["Kad se vidimo?", None, "26.3. 17:00, 27.3. 18:00", "Crtanje, Bor", None, None, "20.3.2026", None],
        ]
        sheet = added(house, session, "votes", head, *rows)
        assert count(session, Outgoing) == told + 1, "the member is told of the first one"
        things, days = session.scalars(select(Poll).order_by(Poll.id.desc()).limit(2)).all()[::-1]
        assert (things.who, things.shows, things.listing_id) == ("members", "end", listing)
        assert things.closes_at == datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
        assert [one.words["sr"] for one in vote.options_of(session, things.id)] == [
            "izlet",
            "film, sa kokicama",
            "sport",
        ]
        assert (days.who, days.shows) == ("all", "voted")
        moments = [one.at for one in vote.options_of(session, days.id)]
        assert moments[0] == datetime(2026, 3, 26, 16, 0, tzinfo=UTC)
        chosen = vote.options_of(session, things.id)[0].id
        assert vote.cast(session, house.now, things.id, mila, chosen) == "cast"
        assert taken_back(house, session, sheet) == "used"
        assert (count(session, Poll), days.state) == (before + 2, "open")
        vote.forget(session, mila)
        assert taken_back(house, session, sheet) == "undone"
        assert (count(session, Poll), count(session, PollOption)) == (before, 0)


def test_a_long_table_of_votes_is_seen_once_all_of_it_is_there_and_members_are_told_once(house: House) -> None:
    mila = house.person_id("mila")
    with Session(house.database) as session:
        added(house, session, "clubs", CLUB_HEAD, CLUB)
        listing = session.scalars(select(Club.listing_id).order_by(Club.listing_id.desc())).first() or 0
        club.join(session, house.now, listing, mila)
        session.flush()
        before, told = count(session, Poll), count(session, Outgoing)
        things = ", ".join(f"predlog {n}" for n in range(1, 21))
        rows = [[f"Pitanje {n}?", things, "Crtanje", "members", "1.4.2026"] for n in range(1, 15)]
        head = ["question", "options", "listing", "who", "deadline"]
        assert sent(house, session, book(head, *rows), "votes").outcome == "ready"
        sheet = session.scalars(select(SheetImport).order_by(SheetImport.id.desc())).first()
        assert sheet is not None
        assert add(doing(house, session), AddSheet(sheet.id)).outcome == "adding"
        assert step(doing(house, session))
        states = session.scalars(select(Poll.state).order_by(Poll.id.desc()).limit(6)).all()
        assert (set(states), count(session, Poll)) == ({"hidden"}, before + 6)
        assert count(session, Outgoing) == told, "nobody hears of what may still be taken back"
        while step(doing(house, session)):
            pass
        assert (sheet.state, count(session, Poll)) == ("added", before + 14)
        assert set(session.scalars(select(Poll.state).order_by(Poll.id.desc()).limit(14))) == {"open"}
        mine = select(Outgoing.body).where(Outgoing.kind == "invitation").order_by(Outgoing.id.desc()).limit(3)
        asked = [envelope.from_json(body) for body in session.scalars(mine)]
        (invitation,) = asked
        assert invitation.text.startswith("🗳 Crtanje: 14 glasanja\n• Pitanje 1? · do ")
        assert [one.label for one in invitation.buttons][::4] == ["Pitanje 1?", "Pitanje 5?", "Pogledaj"]
        last = session.scalars(select(Poll.id).order_by(Poll.id.desc())).first() or 0
        assert len(vote.options_of(session, last)) == 20
        assert vote.cast(session, house.now, last, mila, vote.options_of(session, last)[19].id) == "cast"
        assert undo(doing(house, session), UndoSheet(sheet.id)).outcome == "undoing"
        while step(doing(house, session)):
            pass
        assert (sheet.state, count(session, Poll)) == ("added", before + 14), "somebody has voted"
        assert set(session.scalars(select(Poll.state).order_by(Poll.id.desc()).limit(14))) == {"open"}


def test_what_is_wrong_with_a_vote_or_a_box_is_named(house: House) -> None:
    with Session(house.database) as session:
        other = session.scalars(select(Listing).where(Listing.organisation_id != 1)).first()
        assert other is not None
        head = ["question", "options", "dates", "listing", "who", "deadline"]
        rows = [
            ["Šta?", "jedno", None, None, None, "1.4.2026"],
            ["Šta onda?", "a, b", "26.3. 17:00, 27.3. 18:00", None, None, "1.4.2026"],
            ["Kad?", None, "26.3. 17:00, jednom", None, None, "1.4.2026"],
            ["Kad tačno?", None, "26.2.2026 17:00, 27.3. 18:00", None, None, "1.4.2026"],
            ["Ko?", "a, b", None, None, "members", "1.4.2026"],
            ["Ko još?", "a, b", None, "Nešto sasvim deseto", None, "1.4.2026"],
            ["Ništa?", None, None, None, None, "1.3.2026"],
        ]
        assert sent(house, session, book(head, *rows), "votes").outcome == "problems"
        assert problems(session) == [
            (2, "options", "options"),
            (3, "dates", "either"),
            (4, "dates", "moments"),
            (5, "dates", "past"),
            (6, "listing", "no_club"),
            (7, "listing", "listing"),
            (8, "options", "missing"),
        ]
        rows = [["Pitanja", "Kutija"], ["Pitanja", "Pitanja"], ["Pitanja", "Pitanja"]]
        assert sent(house, session, book(["title", "puts"], *rows), "boxes").outcome == "problems"
        assert problems(session) == [(2, "puts", "choice"), (4, "title", "twice")]


def test_boxes_and_announcements_stay_once_somebody_uses_them(house: House) -> None:
    mila = house.person_id("mila")
    with Session(house.database) as session:
        head = ["title", "puts", "intro", "listing"]
        sheet = added(
            house, session, "boxes", head, ["Pitanja", "Питања", "Pitajte.", None], ["Priče", "📖 Priče", None, None]
        )
        questions, stories = session.scalars(select(Box).order_by(Box.id.desc()).limit(2)).all()[::-1]
        assert (questions.kind, questions.intro, stories.kind) == ("question", {"sr": "Pitajte."}, "story")
        entry = box.put(session, house.now.date(), stories.id, words="Bilo jednom")
        assert entry is not None
        assert taken_back(house, session, sheet) == "used"
        box.take_back(session, [entry])
        assert taken_back(house, session, sheet) == "undone"
        assert session.get(Box, questions.id) is None

        head = ["title", "title_bg", "topic", "where", "town", "day", "time"]
        row = ["Razgovor", "Разговор", "tv", "TV Bor", "Bor", "26.3.2026", "17:00"]
        sheet = added(house, session, "announcements", head, row)
        (event,) = session.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(1)).all()
        assert (event.topic, event.title, event.place) == ("tv", {"sr": row[0], "bg": row[1]}, {"sr": "TV Bor"})
        assert event.starts_at == datetime(2026, 3, 26, 16, 0, tzinfo=UTC)
        assert announcement.remind(session, house.now, event, mila, event.starts_at) == "planned"
        assert taken_back(house, session, sheet) == "used"
        assert event.state == "open"


def test_cost_travel_languages_reminders_and_holidays_of_meetings(house: House) -> None:
    head = [
        *HEAD,
        "every",
        "times",
        "holidays",
        "remind",
        "cost",
        "cost_bg",
        "travel_paid",
        "travel",
        "transport",
        "title_bg",
    ]
    row = [
        *GOOD,
        "svake nedelje",
        3,
        "keep",
        "early",
        "besplatno",
        "безплатно",
        "da",
        "donesite karte",
        True,
        "Рисуване",
    ]
    with Session(house.database) as session:
        bad = [*row[:13], "ne", *row[14:]]
        assert sent(house, session, book(head, bad, ["Pevanje", *row[1:13], None, *row[14:]])).outcome == "problems"
        assert problems(session) == [(2, "travel_paid", "travel"), (3, "travel_paid", "travel")]
        clash = sent(house, session, book([*HEAD, "title_sr"], [*GOOD, "Slikanje"]))
        assert (clash.outcome, problems(session)) == ("problems", [(2, "title_sr", "own_language")])
        sheet = added(house, session, "meetings", head, row)
        assert session.get_one(SheetImport, sheet).entries[0]["keep_holidays"] is True
        listing = session.scalars(select(Listing).order_by(Listing.id.desc())).first()
        assert listing is not None
        assert listing.title == {"sr": "Crtanje", "bg": "Рисуване"}
        assert listing.cost == {"sr": "besplatno", "bg": "безплатно"}
        assert (listing.travel_paid, listing.travel, listing.transport) == ("yes", {"sr": "donesite karte"}, True)
        assert listing.remind_minutes == [4320, 1440]
        assert count(session, Meeting) >= 3


def test_hours_by_day_wishes_and_limits_of_a_service(house: House) -> None:
    head = [
        "title",
        "summary",
        "town",
        "site",
        "person",
        "profession",
        "gender",
        "hours",
        "minutes",
        "notice",
        "horizon",
        "most",
        "wish",
        "home",
        "pause",
    ]
    row = [
        "Psiholog",
        "Razgovor.",
        "Bor",
        "Dom DEMO",
        "Jela DEMO",
        "psiholog",
        "Žena",
        "pon, sre 9-12; pet 10-14",
        45,
        "2 dana pre",
        "8 nedelja",
        2,
        "da",
        "x",
        0,
    ]
    with Session(house.database) as session:
        added(house, session, "services", head, row)
        rules = session.scalars(select(AppointmentRules).order_by(AppointmentRules.listing_id.desc())).first()
        assert rules is not None
        assert (rules.notice_minutes, rules.horizon_days, rules.most_at_once) == (2880, 56, 2)
        assert (rules.wish, rules.home, rules.discreet, rules.after_minutes) == (True, True, False, 0)
        jela = session.scalars(select(Professional).where(Professional.called == "Jela DEMO")).one()
        assert jela.gender == "woman"
        hours = session.scalars(select(WorkingHours).where(WorkingHours.professional_id == jela.id)).all()
        assert {(one.weekday, one.from_minute, one.until_minute) for one in hours} == {
            (0, 540, 720),
            (2, 540, 720),
            (4, 600, 840),
        }
        twice = [*head, "days"]
        assert sent(house, session, book(twice, ["Drugi", *row[1:], "uto"]), "services").outcome == "problems"
        assert problems(session) == [(2, "hours", "week")]


def test_a_survey_in_two_languages_for_some_people(house: House) -> None:
    head = [
        "title",
        "title_bg",
        "names",
        "town",
        "roles",
        "reads",
        "people",
        "goes_out",
        "deadline",
        "question1",
        "question1_bg",
        "choices1",
        "choices1_bg",
    ]
    row = [
        "Leto",
        "Лято",
        "Bez imena",
        "Bor, Niš",
        "Mladi",
        "srpski",
        5,
        "20.3.2026",
        "26.3.2026",
        "Šta?!",
        "Какво?",
        "izleti, sport",
        "екскурзии, спорт",
    ]
    with Session(house.database) as session:
        assert sent(house, session, book(head, [*row[:-1], "спорт, а, б"]), "surveys").outcome == "problems"
        assert problems(session) == [(2, "choices1_bg", "as_many")]
        added(house, session, "surveys", head, row)
        survey = session.scalars(select(Survey).order_by(Survey.id.desc())).first()
        assert survey is not None
        assert (survey.title, survey.most) == ({"sr": "Leto", "bg": "Лято"}, 5)
        (question,) = survey.questions
        assert question["choices"]["c2"] == {"sr": "sport", "bg": "спорт"}
        audience = session.get_one(Broadcast, survey.broadcast_id).audience
        assert (audience["roles"], audience["languages"], len(audience["towns"])) == (["young"], ["sr"], 2)


@pytest.mark.parametrize("kind", ["boxes", "announcements"])
def test_what_a_long_table_adds_is_hidden_until_all_of_it_is_there(house: House, kind: str) -> None:
    table: Any = {"boxes": Box, "announcements": Announcement}[kind]
    with Session(house.database) as session:
        if kind == "boxes":
            sheet = added(house, session, kind, ["title", "puts"], ["Pitanja", "Pitanja"])
        else:
            head = ["title", "topic", "where", "town", "day", "time"]
            sheet = added(house, session, kind, head, ["Razgovor", "tv", "TV Bor", "Bor", "26.3.2026", "17:00"])
        (made,) = session.get_one(SheetImport, sheet).made
        sight = KINDS[kind].sight
        assert sight is not None
        states = []
        for shown in (False, True):
            sight(doing(house, session), made, shown=shown)
            states.append(session.scalars(select(table.state).order_by(table.id.desc())).first() == "open")
        assert states == [False, True]
