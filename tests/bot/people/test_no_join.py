"""Nothing joins a person to what they said without a name: the whole database is searched for it, place by place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from conversations.speech import Attachment, Heard
from handlers.channel import Arrival, Sender
from models.asking.box import BoxEntry
from models.asking.survey import STIRRED, Survey, SurveyAnswer, SurveyPerson
from models.base import Base
from models.messages.message import StoredAttachment
from models.messages.webchat import WebLine
from models.offers.listing import Listing
from models.who.people import Address
from tests.house import House

WORDS = "DEMOmarker the counter is closed"
VOICE = b"DEMOvoice"
PEOPLE = 6


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    for number in range(PEOPLE):
        made.person(f"p{number}", "en", band="18+", town="bor")
    return made


def ask(house: House, *, names: str = "🙈 Without names") -> int:
    """A survey of three kinds of questions to the young people; its id."""
    for said in ("/survey", "How is it"):
        house.hear("ana", said)
    for label in (names, "Done", "☑️ Choose several"):
        house.tap("ana", label)
    house.hear("ana", "What is good?")
    house.hear("ana", "tea, chess, films")
    house.tap("ana", "🎤 Words or voice")
    house.hear("ana", "What is missing?")
    for label in ("✅ No more questions", "Young people", "All of them"):
        house.tap("ana", label)
    house.hear("ana", "12.3.")
    house.tap("ana", "📤 Send now")
    house.tap("ana", "Yes, send it")
    with Session(house.database) as session:
        return session.scalars(select(Survey.id).order_by(Survey.id.desc())).first() or 0


def answer(house: House, name: str, words: str | bytes, choice: str = "chess", *, sends: bool = True) -> None:
    house.tap(name, "✍️ Answer")
    house.tap(name, "✍️ Begin")
    house.tap(name, choice)
    house.tap(name, "Done")
    if isinstance(words, bytes):
        house.hear(name, attachment=Attachment("voice", media_type="audio/ogg", size=len(words), content=words))
    else:
        house.hear(name, words)
    if sends:
        house.tap(name, "📨 Send")


def _other_phone(house: House, name: str) -> None:
    """From now on somebody writes from a second address; the first stays theirs."""
    person_id, external_id = house.person_id(name), house.people[name].external_id
    with Session(house.database) as session:
        first = session.scalars(select(Address).where(Address.person_id == person_id)).one()
        first.external_id = f"{external_id}-old"
        session.flush()
        session.add(
            Address(
                person_id=person_id,
                channel="console",
                external_id=external_id,
                created_at=house.now,
                last_heard_at=house.now,
            )
        )
        session.commit()


def holding(house: House, needle: str | bytes) -> set[str]:
    """The tables in which something is found anywhere in a row."""
    found = set()
    wanted = needle if isinstance(needle, bytes) else needle.encode()
    with house.database.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                if any(wanted in _raw(value) for value in row):
                    found.add(name)
    return found


def _raw(value: object) -> bytes:
    """A value of a row as bytes; JSON as it reads, not as it is escaped."""
    if isinstance(value, bytes):
        return value
    text = str(value)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False).encode() if text[:1] in ("[", "{") else text.encode()
    except ValueError:
        return text.encode()


def persons_of(table: str) -> set[str]:
    """Columns of a table that lead to a person, an address or a time."""
    return {
        column.name
        for column in Base.metadata.tables[table].columns
        if column.name.endswith(("_at", "person_id", "address_id", "channel"))
    }


def test_words_said_without_a_name_stand_nowhere_but_among_the_answers(house: House) -> None:
    ask(house)
    answer(house, "p0", WORDS)
    assert holding(house, "DEMOmarker") == {"survey_answer"}
    assert persons_of("survey_answer") == set()
    with Session(house.database) as session:
        assert session.scalars(select(SurveyPerson.named)).all() == [{}] * PEOPLE


def test_what_was_ticked_is_shown_back_and_then_forgotten(house: House) -> None:
    ask(house)
    answer(house, "p0", WORDS, "films", sends=False)
    assert "outgoing" in holding(house, "✅ films"), "the tick was shown back: this is what must be forgotten"
    house.tap("p0", "📨 Send")
    assert "outgoing" not in holding(house, "✅ films")
    assert "talk" not in holding(house, '"q1"')


def test_a_voice_is_taken_from_whoever_sent_it(house: House) -> None:
    ask(house)
    answer(house, "p0", VOICE)
    assert holding(house, VOICE) == {"survey_answer"}
    with Session(house.database) as session:
        assert session.scalars(select(StoredAttachment)).all() == []


def test_neither_the_place_of_a_row_nor_its_key_tells_who_came_first(house: House) -> None:
    survey_id = ask(house)
    before: list[str] = []
    for number in range(PEOPLE):
        answer(house, f"p{number}", f"{WORDS} {number}")
        with Session(house.database) as session:
            keys = list(session.scalars(select(SurveyAnswer.key).where(SurveyAnswer.survey_id == survey_id)))
        assert not set(before) & set(keys), "an answer kept its key: what is new beside it is the last one's"
        before = keys
    assert STIRRED >= PEOPLE
    with house.database.connect() as connection, pytest.raises(Exception, match="rowid"):
        connection.exec_driver_sql("SELECT rowid FROM survey_answer").all()
    with house.database.connect() as connection, pytest.raises(Exception, match="rowid"):
        connection.exec_driver_sql("SELECT rowid FROM box_entry").all()


def test_the_web_chat_forgets_what_was_said_in_it_without_a_name(house: House) -> None:
    ask(house)
    earlier = house.now - timedelta(minutes=5)
    with Session(house.database) as session:
        for at, text in ((earlier, "before"), (house.now, WORDS)):
            body = {"text": text, "attached": "", "of": None}
            session.add(WebLine(external_id="console-p0", at=at, side="person", body=body, gone=[]))
        session.commit()
    house.tap("p0", "✍️ Answer")
    house.tap("p0", "✍️ Begin")
    house.tap("p0", "Skip")
    house.hear("p0", WORDS)
    with Session(house.database) as session:
        session.execute(update(Address).where(Address.external_id == "console-p0").values(channel="webchat"))
        session.commit()
        send = house.button("p0", "📨 Send").tap
        arrival = Arrival("webchat", "w1", Sender("console-p0", "en"), house.now, "heard", heard=Heard(tap=send))
        house.dialogue.take(session, arrival, house.now)
        session.commit()
        assert [line.body["text"] for line in session.scalars(select(WebLine))] == ["before"]


def test_what_another_phone_of_the_same_person_had_begun_is_forgotten_too(house: House) -> None:
    ask(house)
    answer(house, "p0", "DEMOdraft on the other phone", sends=False)
    tap = house.button("p0", "✍️ Answer").tap
    _other_phone(house, "p0")
    house.hear("p0", tap=tap)
    house.tap("p0", "✍️ Begin")
    house.tap("p0", "tea")
    house.tap("p0", "Done")
    house.hear("p0", WORDS)
    assert "talk" in holding(house, "DEMOdraft")
    house.tap("p0", "📨 Send")
    assert holding(house, "DEMOdraft") == set()


def test_a_survey_asked_for_in_words_leaves_no_more_behind_than_by_its_button(house: House) -> None:
    assert "no questions for you" in house.hear("p0", "where is the survey")[0][1].text
    ask(house)
    answer(house, "p0", "DEMOfirst thought", sends=False)
    house.hear("p0", "menu")
    house.hear("p0", "where is the survey")
    house.tap("p0", "📨 Send")
    assert holding(house, "DEMOfirst") == {"survey_answer"}, "the draft was taken up, sent and forgotten"
    assert "no questions for you" in house.hear("p0", "where is the survey")[0][1].text


def test_a_draft_begun_in_words_on_another_phone_does_not_outlive_what_was_sent(house: House) -> None:
    ask(house)
    tap = house.button("p0", "✍️ Answer").tap
    house.hear("p0", "where is the survey")
    house.tap("p0", "How is it")
    house.tap("p0", "✍️ Begin")
    for label in ("chess", "Done"):
        house.tap("p0", label)
    house.hear("p0", "DEMOdraft on the other phone")
    _other_phone(house, "p0")
    house.hear("p0", tap=tap)
    for label in ("✍️ Begin", "tea", "Done"):
        house.tap("p0", label)
    house.hear("p0", WORDS)
    assert "talk" in holding(house, "DEMOdraft")
    house.tap("p0", "📨 Send")
    assert holding(house, "DEMOdraft") == set()


def test_a_draft_left_for_the_menu_does_not_outlive_what_was_sent(house: House) -> None:
    ask(house)
    answer(house, "p0", "DEMOfirst thought", sends=False)
    house.hear("p0", "menu")
    house.tap("p0", "✍️ Answer")
    house.tap("p0", "📨 Send")
    assert holding(house, "DEMOfirst") == {"survey_answer"}


def test_what_is_thrown_away_stays_nowhere(house: House) -> None:
    ask(house, names="🙂 With names")
    answer(house, "p0", WORDS, sends=False)
    house.tap("p0", "🗑 Throw away")
    assert holding(house, "DEMOmarker") == set()
    with Session(house.database) as session:
        mine = session.get(SurveyPerson, (1, house.person_id("p0")))
        assert mine is not None
        assert (mine.state, mine.named) == ("dropped", {})


def test_what_is_put_into_a_box_without_a_name_is_nobodys(house: House) -> None:
    house.hear("p0", "/start BOR-STUDIO")
    house.tap("p0", "✍️ Ask something")
    house.tap("p0", "Without a name")
    house.hear("p0", WORDS)
    house.tap("p0", "No, only the team")
    house.hear("p0", "DEMOsecret word")
    house.tap("p0", "📮 Put it in")
    assert holding(house, "DEMOmarker") == {"box_entry"}
    assert holding(house, "DEMOsecret") == set(), "the word itself is kept nowhere"
    with Session(house.database) as session:
        entry = session.scalars(select(BoxEntry)).one()
        assert entry.person_id is None
        assert entry.month.day == 1


def test_nothing_is_recorded_of_who_answered_or_wrote_when(house: House) -> None:
    ask(house)
    statements: list[str] = []

    def seen(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine: Engine = house.database
    event.listen(engine, "before_cursor_execute", seen)
    answer(house, "p0", WORDS)
    event.remove(engine, "before_cursor_execute", seen)
    assert not any("INSERT INTO audit" in statement for statement in statements)


def test_an_emergency_in_an_answer_shows_the_card_first(house: House) -> None:
    ask(house)
    house.tap("p0", "✍️ Answer")
    house.tap("p0", "✍️ Begin")
    house.tap("p0", "Skip")
    shown = house.hear("p0", "I want to kill myself")
    assert "You can call now" in shown[0][1].text
    assert "Send the answers?" in shown[-1][1].text, "and the answer is not lost"


def test_no_result_of_a_survey_is_shown_before_its_end_or_under_five(house: House) -> None:
    ask(house)
    for number in range(4):
        answer(house, f"p{number}", f"{WORDS} {number}")
    house.tap("ana", "⏹ End it now")
    shown = house.tap("ana", "Yes")[-1][1]
    assert "fewer than 5 answers" in shown.text
    assert "DEMOmarker" not in shown.text
    assert not any(button.label in ("🖼 Picture", "📄 As a table") for button in shown.buttons)


def test_results_wait_for_the_end_and_come_in_no_order(house: House) -> None:
    ask(house)
    for number in range(5):
        answer(house, f"p{number}", f"{'x' * (5 - number)} {number}")
    going = house.tap("ana", "🔄 How is it going?")[-1][1]
    assert "chess" not in going.text
    house.tap("ana", "⏹ End it now")
    ended = house.tap("ana", "Yes")[-1][1]
    assert "chess: 5" in ended.text
    assert ended.text.index("x 4") < ended.text.index("xxxxx 0"), "by length, not by who came first"


def test_answers_are_not_held_together_as_sheets(house: House) -> None:
    ask(house)
    answer(house, "p0", WORDS)
    with Session(house.database) as session:
        rows = session.scalars(select(SurveyAnswer)).all()
        assert len(rows) == 2
        assert len({row.key[:4] for row in rows}) == 2
        assert session.scalars(select(Listing)).first() is not None
