"""Three people do anything in any order, over the whole product: it must never break, trap or betray them."""

from __future__ import annotations

import csv
import os
import random
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import sample
from conversations.every import CONVERSATIONS
from conversations.speech import Attachment, Spoken
from handlers.fitting import fit
from handlers.telegram.abilities import CAPABILITIES, with_pages_written_out
from models.asking.box import Box
from models.asking.survey import FACES, Survey, SurveyPerson
from models.asking.vote import Poll
from models.asking.vote import add as add_poll
from models.campaigns.broadcast import Broadcast
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import HOLDING, Booking
from models.who.people import Person
from models.who.staff import StaffRole
from tests.campaigns.mechanisms import mechanisms
from tests.house import MONDAY, House, Somebody, buttons

PEOPLE = ("nova", "mila", "ana")
MARKS = {"nova": "NOVAQXZ", "mila": "MILAQXZ", "ana": "ANAQXZ"}
TAGS = {"nova": "bg", "mila": "sr-Latn", "ana": "sr-Cyrl"}
WORDS = (
    "matematika petak", "час математике", "Bor", "Казанлък", "Kazanlik", "1", "2", "3", "4", "12", "0", "-1", "1, 2, 3",
    "da", "ne", "не", "yes", "gotovo", "готово", "menu", "nazad", "назад", "stop", "стоп", "pomoc", "помощ", "person",
    "моите данни", "povuci", "sutra u 17", "petak 18h", "20.3.", "31.2.", "29.2. 25:00", "svakog utorka 17:00", "16",
    "99999999999", "Učimo zajedno.", "🙂", "?", ".", " ", "%s {name} {0}", "<b>&amp;</b>", "MARK", "ja MARK",
    "ne mogu da dođem", "obriši me", "bojim se, tuku me", "искам да умра", "\u202eMARK", "a" * 1001, "ž" * 200,
)  # fmt: skip
COMMANDS = (*sorted(one.command for one in CONVERSATIONS if one.command), "unknown", "", "withdraw", "back", "guests")
"""Every command there is, whoever it is for, and some that are none."""
Step = tuple[str, str, int | str | bytes]
SAMPLE = Path(sample.__file__).parent
CODES = tuple(one["code"] for one in tomllib.loads((SAMPLE / "listings.toml").read_text(encoding="utf-8"))["listing"])
LINKS = (
    "", "n1", "n2", "n3", "n7", "n30", "AAAAAAAAAAAAAAAAAAAAAA", "x" * 64, "bor-boravak", "kazanlak-house", "kazanlak",
    "rs-my-data", "PITANJE2", "KUTIJA22", "ANKETA22", *CODES,
)  # fmt: skip
"""Listings of every kind, a place, a town, an answer, and the vote, box and survey that `asking` puts there."""
COMMON = (*(f"l.{code}" for code in CODES[::4]), "l.PITANJE2", "e.week", "e.none", "r.1", "r.99", "k.")
"""Buttons that are the same for everybody, which anybody may send."""
FILES = Path(__file__).parent / "transcripts" / "files"
KINDS = ("photo", "file", "voice", "location", "contact", "other", "pdf", "csv", "bad csv", "xlsx")
SILENCES = (0.02, 0.5, 3.0, 14.0, 26.0, 24.0 * 8)

SHARES = {
    "tap": 9, "write": 4, "tap old": 1, "tap twice": 1, "command": 1, "send": 1, "link": 1, "anything": 1, "forge": 1,
    "left": 0.5, "returned": 0.5, "silence": 1, "common": 1,
}  # fmt: skip
"""What people do, and how much of it."""
LEADING_ON = 40
LETTERS = "abcšđžćčљњџъщю ABC 0123456789.,:/?!-_'\"<>&;%$#@[]()\\\n\t\u200d\u202e\u0301🙂🇷🇸اש漢"
WALK = 250
"""Steps of one walk: then a fresh copy of the house is taken."""
WALKS = 12
PARTS = 6
SEED = 0


def _step(kind: str) -> st.SearchStrategy[Step]:
    what: st.SearchStrategy[int | str | bytes] = st.integers(0, 2**16)
    if kind == "anything":
        what = st.text(st.characters(exclude_characters="{}"), max_size=70)
    elif kind == "forge":
        what = st.binary(max_size=64)
    return st.tuples(st.sampled_from(PEOPLE), st.just(kind), what)


step = st.one_of(*[_step(kind) for kind, share in SHARES.items() for _ in range(max(1, int(share)))])


def by_chance(chance: random.Random, before: str = "") -> Step:
    """A step plainly thrown: a hundred times as fast as hypothesis draws it, and not made smaller.

    Mostly whoever acted last goes on, and taps: who is interrupted at every step books nothing.
    """
    shares = SHARES | {"tap": LEADING_ON}
    (kind,) = chance.choices(list(shares), list(shares.values()))
    what: int | str | bytes = chance.randrange(2**16)
    if kind == "anything":
        what = "".join(chance.choices(LETTERS, k=chance.randrange(71)))
    elif kind == "forge":
        what = chance.randbytes(chance.randrange(65))
    return before if before and chance.random() < 0.85 else chance.choice(PEOPLE), kind, what


class Hurried(House):
    """The house with one long transaction, each turn in a session of its own: what is tried here is not durability."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, sample=False)
        self._connection = self.database.connect()
        self._connection.begin()

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self._connection, join_transaction_mode="rollback_only") as session:
            yield session
            session.flush()

    def close(self) -> None:
        """Nothing of it is kept."""
        self._connection.close()
        self.database.dispose()


class Play:
    """One example: a fresh copy of the furnished house, and everything that must hold while people act."""

    def __init__(self, template: Path, folder: Path) -> None:
        for file in folder.glob("putokaz.db*"):
            file.unlink()
        shutil.copy(template / "putokaz.db", folder / "putokaz.db")
        self.house = Hurried(folder)
        for name in PEOPLE:
            self.house.people[name] = Somebody(name, f"console-{name}", TAGS[name])
        self.checked = dict.fromkeys(PEOPLE, 0)

    def do(self, one: Step) -> None:
        name, kind, what = one
        house, somebody = self.house, self.house.people[name]
        pick = what if isinstance(what, int) else 0
        if kind == "silence":
            hours = SILENCES[pick % len(SILENCES)]
            house.hop = timedelta(hours=hours / 3)
            house.advance(hours=hours)
        elif kind in ("left", "returned"):
            house.event(name, kind)
        elif kind == "write":
            house.hear(name, WORDS[pick % len(WORDS)].replace("MARK", MARKS[name]))
        elif kind == "command":
            house.hear(name, "/" + COMMANDS[pick % len(COMMANDS)])
        elif kind == "link":
            house.hear(name, f"/start {LINKS[pick % len(LINKS)]}")
        elif kind == "send":
            house.hear(name, MARKS[name], attachment=sent(KINDS[pick % len(KINDS)]))
        elif kind == "common":
            house.hear(name, tap=COMMON[pick % len(COMMON)])
        elif kind == "anything":
            house.hear(name, str(what))
        elif kind == "forge":
            house.hear(name, tap=bytes(what).decode("latin-1") if isinstance(what, bytes) else "")
        else:
            self.tap(somebody, kind, pick)
        self.look(name, answered=kind in ("write", "command", "link", "send", "anything"))

    def tap(self, somebody: Somebody, kind: str, pick: int) -> None:
        """A button of the newest message (mostly one that leads on), of any older one, or twice in a row."""
        shown = somebody.shown if kind == "tap old" else somebody.shown[-3:]
        found = [button for message in shown for button in buttons(message) if button.tap]
        on = [
            button for message in somebody.shown[-1:] for button in buttons(message) if button.tap and not button.quiet
        ]
        taps = [button.tap for button in (on if on and kind != "tap old" and pick % 8 else found)]
        if taps:
            for _again in range(2 if kind == "tap twice" else 1):
                self.house.hear(somebody.name, tap=taps[-1 - pick // 8 % len(taps)], shown_id="7")

    def look(self, actor: str, *, answered: bool) -> None:
        """What everybody was shown by the last step."""
        for name, somebody in self.house.people.items():
            new = somebody.shown[self.checked[name] :]
            self.checked[name] = len(somebody.shown)
            for message in new:
                check(message)
                strangers = {"nova", "mila"} - {name} if name != "ana" else set()
                seen = words_of(message)
                assert not any(MARKS[other] in seen for other in strangers), f"{name} sees what is another's"
            if name == actor and answered:
                assert new, f"{name} got no answer"
                assert buttons(new[-1]), f"{name} has nothing to tap: {new[-1].text!r}"

    def end(self) -> None:
        """No session holds more than it has, the mechanisms hold; everybody still finds the way to the menu."""
        with self.house._transaction() as session:
            for meeting in session.scalars(select(Meeting)):
                held = session.scalar(
                    select(func.count())
                    .select_from(Booking)
                    .where(Booking.session_id == meeting.id, Booking.state.in_(HOLDING))
                )
                assert held == meeting.taken <= meeting.capacity
            broken = mechanisms(session, self.house.now)
            assert not broken, broken
        for name in PEOPLE:
            self.house.hear(name, "/menu")
            self.look(name, answered=True)


def sent(kind: str) -> Attachment:
    """Something sent along: of the kinds that platforms know, or a real file by its ending."""
    if kind in ("pdf", "csv", "bad csv", "xlsx"):
        name = {"pdf": "seminarski.pdf", "csv": "srecanja.csv", "bad csv": "greske.csv"}.get(kind, "tabela.xlsx")
        content = table() if kind == "xlsx" else (FILES / name).read_bytes()
        return Attachment("file", name, size=len(content), content=content)
    place: dict[str, Any] = {"latitude": 44.07, "longitude": 22.1} if kind == "location" else {}
    known: Any = kind
    phone = "+381600000000" if kind == "contact" else ""
    bytes_of = {"photo": b"\xff\xd8\xff\xe0DEMO", "file": b"DEMO", "voice": b"DEMO"}
    bytes_or_none = bytes_of.get(kind)
    return Attachment(known, name="../DEMO.pdf", size=8, content=bytes_or_none, phone=phone, own=bool(phone), **place)


@cache
def table() -> bytes:
    """The rows of the good table as a spreadsheet."""
    with (FILES / "srecanja.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    book, content = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def asking(session: Session) -> None:
    """A vote, a box and a survey of Bor, each with the code that its link carries."""
    organisation = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
    author = session.scalars(select(StaffRole.person_id)).first()
    assert author is not None
    words = {"en": "Which day?", "sr": "Који дан?"}
    rest: dict[str, Any] = {"organisation_id": organisation, "author_id": author, "created_at": MONDAY}
    closes = MONDAY + timedelta(days=60)
    poll = Poll(
        code="PITANJE2", question=words, who="all", shows="voted", zone="Europe/Belgrade", closes_at=closes, **rest
    )
    add_poll(session, poll, [({"en": "Monday", "sr": "Понедељак"}, None), ({"en": "Friday", "sr": "Петак"}, None)])
    session.add(Box(code="KUTIJA22", kind="question", title=words, intro=words, **rest))
    broadcast = Broadcast(texts=words, audience={}, state="sent", **rest)
    session.add(broadcast)
    session.flush()
    questions = [
        {"key": "q1", "kind": "faces", "text": words, "choices": {face: {} for face in FACES}},
        {"key": "q2", "kind": "text", "text": words, "choices": {}},
    ]
    survey = Survey(
        code="ANKETA22",
        broadcast_id=broadcast.id,
        title=words,
        questions=questions,
        anonymous=True,
        closes_at=closes,
        **rest,
    )
    session.add(survey)
    session.flush()
    session.add_all(SurveyPerson(survey_id=survey.id, person_id=one) for one in session.scalars(select(Person.id)))


def words_of(message: Spoken) -> str:
    labels = " ".join(button.label for button in buttons(message))
    file = f"{message.document.name} {message.document.content!r}" if message.document else ""
    return f"{message.text} {' '.join(card.text for card in message.cards)} {labels} {file}"


def check(message: Spoken) -> None:
    """What holds for every message to anybody."""
    assert message.text.strip() or message.cards or message.venue or message.document or message.relay, "empty"
    assert "{" not in message.text.replace("{name} {0}", ""), f"a placeholder was left: {message.text}"
    for button in buttons(message):
        assert button.label.strip(), message.text
        assert len(button.tap.encode()) <= 64, button.tap
    assert fit(with_pages_written_out(message), CAPABILITIES)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the sample programme and two of the three people, closed: to be copied."""
    folder = tmp_path_factory.mktemp("template")
    house = House(folder)
    house.person("mila", TAGS["mila"], band="15-17", town="bor")
    house.person("ana", TAGS["ana"], organisation="kokoro", role="admin")
    with Session(house.database) as session:
        asking(session)
        session.commit()
    with house.database.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        connection.exec_driver_sql("BEGIN")
    house.database.dispose()
    return folder


def anything_goes(template: Path, folder: Path, examples: int) -> int:
    """Plays examples of hypothesis, which makes one that fails as small as it can. How many steps were done."""
    done = 0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(st.lists(step, min_size=60, max_size=100))
    def plays(steps: list[Step]) -> None:
        nonlocal done
        play = Play(template, folder)
        try:
            for one in steps:
                note(str(one))
                play.do(one)
                done += 1
            play.end()
        finally:
            play.house.close()

    plays()
    return done


def walk(template: Path, folder: Path, seed: int, steps: int = WALK) -> None:
    """One long walk by chance. Whoever reads of a failure plays it again with its seed."""
    chance, done = random.Random(seed), list[Step]()
    play = Play(template, folder)
    try:
        while len(done) < steps:
            done.append(by_chance(chance, done[-1][0] if done else ""))
            play.do(done[-1])
        play.end()
    except Exception as error:
        last = "\n".join(str(one) for one in done[-8:])
        raise AssertionError(f"walk {seed} broke at step {len(done)}: {error!r}, after\n{last}") from error
    finally:
        play.house.close()


def test_people_do_anything(template: Path, tmp_path: Path) -> None:
    assert anything_goes(template, tmp_path, 8) > 300


@pytest.mark.parametrize("part", range(PARTS))
def test_people_walk_about_by_chance(template: Path, tmp_path: Path, part: int) -> None:
    """3,000 steps in all, in parts so that the test run can spread them; `make walk` takes 20,000."""
    for seed in range(SEED + part, SEED + WALKS, PARTS):
        walk(template, tmp_path, seed)


@pytest.mark.campaign
def test_people_walk_about_for_long(template: Path, tmp_path: Path) -> None:
    """A million steps from a seed that is new each time (PUTOKAZ_SEED plays another one's again)."""
    first = int(os.environ.get("PUTOKAZ_SEED", time.time_ns() // 1_000_000_000 * 10_000))
    walks = int(os.environ.get("PUTOKAZ_WALKS", 1_000_000 // WALK))
    for number in range(walks):
        walk(template, tmp_path, first + number)
        if number % 50 == 49:
            sys.stdout.write(f"{(number + 1) * WALK} steps, the last seed was {first + number}\n")
            sys.stdout.flush()
