"""Three people do anything in any order, over the whole product: it must never break, trap or betray them."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from conversations.speech import Attachment, Spoken
from handlers.fitting import fit
from handlers.telegram.abilities import CAPABILITIES, with_pages_written_out
from models.booking import HOLDING, Booking
from models.listing import Session as Meeting
from tests.house import House, Somebody, buttons

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
COMMANDS = (
    "menu", "find", "bookings", "interested", "calls", "applications", "people", "today", "desk", "inbox", "cases",
    "listings", "new", "broadcast", "person", "sos", "hotlines", "help", "settings", "mydata", "language", "stop",
    "unknown", "", "withdraw", "back",
)  # fmt: skip
LINKS = ("", "n1", "n2", "n3", "n7", "n30", "AAAAAAAAAAAAAAAAAAAAAA", "x" * 64)
KINDS = ("photo", "file", "voice", "location", "contact", "other")
SILENCES = (0.02, 0.5, 3.0, 14.0, 26.0, 24.0 * 8)

number = st.integers(0, 2**16)
who = st.sampled_from(PEOPLE)
step = st.one_of(
    *[st.tuples(who, st.just("tap"), number)] * 9,
    *[st.tuples(who, st.just("write"), number)] * 4,
    st.tuples(who, st.just("tap old"), number),
    st.tuples(who, st.just("tap twice"), number),
    st.tuples(who, st.just("command"), number),
    st.tuples(who, st.just("send"), number),
    st.tuples(who, st.just("link"), number),
    st.tuples(who, st.just("anything"), st.text(st.characters(exclude_characters="{}"), max_size=70)),
    st.tuples(who, st.just("forge"), st.binary(max_size=64)),
    st.tuples(who, st.sampled_from(("left", "returned")), number),
    st.tuples(who, st.just("silence"), number),
)
Step = tuple[str, str, int | str | bytes]


class Play:
    """One example: a fresh copy of the furnished house, and everything that must hold while people act."""

    def __init__(self, template: Path, folder: Path) -> None:
        for file in folder.glob("putokaz.db*"):
            file.unlink()
        shutil.copy(template / "putokaz.db", folder / "putokaz.db")
        self.house = House(folder, sample=False)
        fast(self.house)
        for name in PEOPLE:
            self.house.people[name] = Somebody(name, f"console-{name}", TAGS[name])
        self.checked = dict.fromkeys(PEOPLE, 0)

    def do(self, one: Step) -> None:
        name, kind, what = one
        house, somebody = self.house, self.house.people[name]
        pick = what if isinstance(what, int) else 0
        if kind == "silence":
            hours = SILENCES[pick % len(SILENCES)]
            house.step = timedelta(hours=hours / 6)
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
        elif kind == "anything":
            house.hear(name, str(what))
        elif kind == "forge":
            house.hear(name, tap=bytes(what).decode("latin-1") if isinstance(what, bytes) else "")
        else:
            self.tap(somebody, kind, pick)
        self.look(name, answered=kind in ("write", "command", "link", "send", "anything"))

    def tap(self, somebody: Somebody, kind: str, pick: int) -> None:
        """A button of the newest messages, of any older one, or twice in a row."""
        shown = somebody.shown if kind == "tap old" else somebody.shown[-3:]
        taps = [button.tap for message in shown for button in buttons(message) if button.tap]
        if taps:
            for _again in range(2 if kind == "tap twice" else 1):
                self.house.hear(somebody.name, tap=taps[-1 - pick % len(taps)], shown_id="7")

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
        """No session holds more than it has; everybody still finds the way to the menu. Closes the database."""
        with Session(self.house.database) as session:
            for meeting in session.scalars(select(Meeting)):
                held = session.scalar(
                    select(func.count())
                    .select_from(Booking)
                    .where(Booking.session_id == meeting.id, Booking.state.in_(HOLDING))
                )
                assert held == meeting.taken <= meeting.capacity
        for name in PEOPLE:
            self.house.hear(name, "/menu")
            self.look(name, answered=True)
        self.house.database.dispose()


def sent(kind: str) -> Attachment:
    place = {"latitude": 44.07, "longitude": 22.1} if kind == "location" else {}
    phone = "+381600000000" if kind == "contact" else ""
    content = b"DEMO" if kind in ("photo", "file", "voice") else None
    return Attachment(kind, name="../DEMO.pdf", size=4, content=content, phone=phone, own=bool(phone), **place)  # type: ignore[arg-type]  # kinds are listed above


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


def fast(house: House) -> None:
    """Durability is not what is tried here: the disk need not be waited for."""

    def hurried(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # SQLite's own connection

    house.database.dispose()
    event.listen(house.database, "connect", hurried)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A house with the sample programme and two of the three people, closed: to be copied."""
    folder = tmp_path_factory.mktemp("template")
    house = House(folder)
    house.person("mila", TAGS["mila"], band="15-17", town="bor")
    house.person("ana", TAGS["ana"], organisation="kokoro", role="admin")
    with house.database.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        connection.exec_driver_sql("BEGIN")
    house.database.dispose()
    yield folder


def anything_goes(template: Path, folder: Path, examples: int, within: float) -> int:
    """Plays examples until they are all played or the time is over. How many steps were done."""
    done = 0
    until = time.monotonic() + within

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
        if time.monotonic() > until:
            return
        play = Play(template, folder)
        for one in steps:
            note(str(one))
            play.do(one)
            done += 1
        play.end()

    plays()
    return done


def test_people_do_anything(template: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    done = anything_goes(template, tmp_path, 400, 25.0)
    sys.stdout.write(f"{done} steps, {done / (time.monotonic() - began):.0f} a second\n")
    assert done > 500


@pytest.mark.campaign
def test_people_do_anything_for_long(template: Path, tmp_path: Path) -> None:
    assert anything_goes(template, tmp_path, 12_500, 24 * 3600.0) >= 1_000_000
