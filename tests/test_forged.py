"""What a client may send instead of what it was shown: other people's buttons, bit flips, chance, monstrous texts."""

from __future__ import annotations

import base64
import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conversations.speech import Heard
from handlers.channel import Arrival, Sender
from handlers.fitting import fit
from handlers.telegram.abilities import CAPABILITIES, with_pages_written_out
from models.audit import Audit
from models.caring.case import Request
from models.messages.conversation import Standing
from models.messages.message import Note
from models.places.booking import Booking
from tests.house import MONDAY, House, buttons

ORDINARY, ALL = 5_000, 100_000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.database.dispose()


# ---------------------------------------------------------------- forged taps


def forgeries(known: list[str], chance: random.Random) -> Iterator[str]:
    """Payloads of a client that lies: 22 letters by chance, real ones changed a little, and rubbish."""

    def flipped() -> str:
        token = bytearray(base64.urlsafe_b64decode(chance.choice(known) + "=="))
        token[chance.randrange(len(token))] ^= 1 << chance.randrange(8)
        return "s." + base64.urlsafe_b64encode(token).decode().rstrip("=")

    def other_letter() -> str:
        token = list(chance.choice(known))
        place = chance.randrange(len(token))
        token[place] = chance.choice(_ALPHABET.replace(token[place], ""))
        return "s." + "".join(token)

    def another_way_to_write_it() -> str:
        token = chance.choice(known)
        ways = (
            token.lower(),
            token + "=",
            " " + token,
            token + "\n",
            token[:-1],
            token[::-1],
            token + token,
            token + "%",
        )
        changed = chance.choice(ways)
        return "s." + changed if changed not in known else flipped()

    def by_chance() -> str:
        return "s." + "".join(chance.choices(_ALPHABET, k=22))

    def rubbish() -> str:
        return "s." + bytes(chance.randrange(1, 256) for _ in range(chance.randrange(62))).decode("latin-1")

    kinds: tuple[Callable[[], str], ...] = (flipped, other_letter, another_way_to_write_it, by_chance, rubbish)
    while True:
        yield chance.choice(kinds)()


def state_of(session: Session) -> tuple[int, ...]:
    """What a forged tap must not change."""
    used = select(func.count()).select_from(Standing).where(Standing.used_at.is_not(None))
    counted = [select(func.count()).select_from(table) for table in (Booking, Audit, Request, Note, Standing)]
    return tuple(session.scalar(query) or 0 for query in (used, *counted))


def accepted(house: House, times: int, by: str = "thief") -> int:
    """How often so many taps were seen to change anything. One transaction, which is undone at the end."""
    house.person("mila", band="15-17", town="bor")
    house.person("thief", band="18+", town="bor")
    owner = house.person_id("mila")
    with Session(house.database) as session:
        known = [secrets.token_urlsafe(16) for _ in range(200)]
        until = MONDAY.replace(year=2027)
        for token in known:
            session.add(Standing(token=token, person_id=owner, action="see_bookings", about={}, expires_at=until))
        session.commit()
        before = state_of(session)
        session.expire_all()
        chance = random.Random(4711)
        took = 0
        forged = forgeries(known, chance)
        for number in range(times):
            # every tenth is a real button of somebody else, the others no button at all
            tap = "s." + chance.choice(known) if number % 10 == 0 else next(forged)
            sender = Sender(house.people[by].external_id, "sr")
            arrival = Arrival("console", f"f{number}", sender, house.now, heard=Heard(tap=tap), shown_id="1")
            house.dialogue.take(session, arrival, house.now)
            if number % 500 == 499 or number == times - 1:
                took += state_of(session) != before
                session.expunge_all()
        session.rollback()
    return took


def test_no_forged_button_is_taken(house: House) -> None:
    assert accepted(house, ORDINARY) == 0


@pytest.mark.campaign
def test_no_forged_button_of_very_many_is_taken(house: House) -> None:
    assert accepted(house, ALL) == 0


def test_the_count_of_forgeries_sees_one_that_works(house: House) -> None:
    """The same taps by the person whose buttons they are: the real ones among them work, and are counted."""
    assert accepted(house, 50, by="mila") > 0


# ---------------------------------------------------------------- monstrous texts

MONSTERS = {
    "zalgo": "Z" + "".join(chr(0x300 + n % 0x6F) for n in range(990)),
    "right to left": "\u202eodigamop\u202c \u2066x\u2069 \u200f",
    "nul": "a\0b\0",
    "only nul": "\0\0\0",
    "half a character": "x\ud83d",
    "two halves apart": "\udc00 \ud800",
    "family": "👨‍👩‍👧‍👦" * 40,
    "flags": "🇷🇸🇧🇬" * 50,
    "long": "а" * 100_000,
    "longer than a message": "ž" * 4097,
    "just short enough": "🙂" * 1000,
    "lines": "\n" * 300 + "x" + "\r\n" * 300,
    "empty": "",
    "spaces": "\u2003\u200b\ufeff ",
    "mixed scripts": "Мaтeмaтикa рet0k",
    "sql": "'; DROP TABLE person; --",
    "html": "<script>alert(1)</script><b>&lt;",
    "markdown": "*_`[x](http://127.0.0.1)||~",
    "template": "{x.__class__} %s %(n)s ${7*7} {{7*7}} {0} {name}",
    "log lines": 'x\n{"event":"forged"}\x1b[31m\x07',
    "formula": "=cmd|' /C calc'!A0",
    "digits": "٣٤ ①② ⅷ 1e9 0x10 １２",
    "number": "9" * 900,
    "backspaces": "a\x08\x7f\x85\u2028\u2029",
    "noncharacters": "\ufffe\uffff\U0010ffff",
}
QUESTIONS = (
    ("mila", "/person", ()),
    ("mila", "/find", ()),
    ("mila", "/calls", ()),
    ("mila", "/menu", ()),
    ("mila", "/mydata", ()),
    ("nova", "/start", ()),
    ("ana", "/new", ("2", "1")),
    ("ana", "/new", ("2", "1", "Наслов")),
    ("ana", "/new", ("2", "1", "Наслов", "Опис", "[Готово]")),
    ("ana", "/broadcast", ("1",)),
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("asked"))
    house.person("mila", band="18+", town="bor")
    house.person("nova")
    house.person("ana", "sr-Cyrl", organisation="kokoro", role="admin")
    yield house
    house.database.dispose()


@pytest.mark.parametrize("monster", MONSTERS, ids=str)
def test_a_monstrous_text_is_stored_clean_or_refused_kindly(asked: House, monster: str) -> None:
    text = MONSTERS[monster]
    for name, begin, acts in QUESTIONS:
        asked.hear(name, begin)
        for act in acts:
            asked.tap(name, act[1:-1]) if act.startswith("[") else asked.hear(name, act)
        shown = asked.hear(name, text)
        assert any(who == name for who, _message in shown)
        assert buttons(asked.people[name].shown[-1]) or buttons(asked.people[name].shown[-2])
        for _who, message in shown:
            message.text.encode()
            assert "\0" not in message.text
            assert len(message.text) < 8000
            assert fit(with_pages_written_out(message), CAPABILITIES)
        asked.hear(name, "/menu")
