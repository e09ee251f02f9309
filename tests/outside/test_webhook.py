"""Webhook mode through a bad web server: what is lost on the way comes again, and everything happens exactly once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person
from tests.outside.between import CARRY, FORGET, LOSE, REFUSE, Between, Update
from tests.outside.product import Product
from tests.outside.talking import MATHS, MENU, WITHIN, do, how_often, sr, welcomed

FOUND = MATHS[1:-1]
WELCOME = "Putokaz"
CROWD = 100
STALE = "That button is from before. We are here now:"
SOUGHT = "What are you looking for? Write it, for example “maths Friday”, or tap."
NEAR = "🗓 In the next 7 days"
ids = count(5001)


class Running:
    """The platform, the program, and what stands between them."""

    def __init__(self, fake: FakeTelegram, product: Product, between: Between) -> None:
        self.fake, self.product, self.between = fake, product, between

    def known(self) -> Person:
        person = self.fake.person(next(ids))
        welcomed(person)
        return person

    def arrivals(self, result: str) -> float:
        """How many arrivals the program counted so, by Telegram."""
        _status, body = self.product.get("/metrics")
        wanted = (line for line in body.decode().splitlines() if line.startswith("putokaz_arrivals_total"))
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in wanted
            if 'channel="telegram"' in line and f'result="{result}"' in line
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with FakeTelegram() as fake:
        fake.rate = None
        product = Product(
            tmp_path_factory.mktemp("between"),
            telegram_token=fake.token,
            telegram_api_url=fake.url,
            public_url="https://putokaz.example",
            stage="false",
        )
        with Between(product.url) as between:
            fake.updates.deliver_to = between.url
            fake.updates.scale = 0.02
            with product:
                product.wait_for_telegram()
                yield Running(fake, product, between)
        log = product.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert fake.token not in log


@pytest.fixture
def between(running: Running) -> Iterator[Between]:
    running.between.decide = lambda _update, _times: CARRY
    yield running.between
    running.between.decide = lambda _update, _times: CARRY
    for event in running.between.held.values():
        event.set()
    running.between.held.clear()


@pytest.mark.parametrize(
    "fates",
    [[REFUSE], [REFUSE, REFUSE, REFUSE], [LOSE], [FORGET], [FORGET, LOSE, REFUSE, FORGET]],
    ids=["503", "503 three times", "cut before", "cut after", "everything"],
)
def test_what_is_refused_or_cut_on_the_way_comes_again_and_is_one_effect(
    running: Running, between: Between, fates: list[str]
) -> None:
    person = running.known()
    taken, twice = running.arrivals("taken"), running.arrivals("duplicate")
    seen: list[int] = []

    def decide(update: Update, times: int) -> str:
        if update.get("message", {}).get("text") != "matematika":
            return CARRY
        seen.append(update["update_id"])
        return fates[times] if times < len(fates) else CARRY

    between.decide = decide
    update = person.write("matematika")
    person.wait(FOUND, WITHIN)
    running.product.wait_until(lambda: len(seen) == len(fates) + 1, WITHIN)
    assert set(seen) == {update}
    do(person, ("menu", MENU))
    assert how_often(FOUND, person) == 1
    running.product.wait_until(lambda: running.arrivals("taken") == taken + 2, WITHIN)
    assert running.arrivals("duplicate") == twice + fates.count(FORGET), "what had arrived was known"


def test_a_tap_that_is_overtaken_by_words_does_not_answer_another_question(running: Running, between: Between) -> None:
    """Telegram keeps the order of taps and of words apart: here the words that came later are there first."""
    person = running.known()
    do(person, ("/find", sr(SOUGHT)))
    between.held["callback_query"] = threading.Event()
    person.tap(sr(NEAR))
    do(person, ("menu", MENU))
    between.held["callback_query"].set()
    person.wait(sr(STALE), WITHIN, since=0)
    assert sum(sr("Search again") in label for shown in person.shown for label in shown.labels) == 0
    assert person.last.labels == next(shown for shown in reversed(person.shown[:-1]) if sr(MENU) in shown.labels).labels


def test_words_that_are_overtaken_by_a_tap_answer_what_is_asked_then(running: Running, between: Between) -> None:
    person = running.known()
    do(person, ("/find", sr(SOUGHT)))
    between.held["message"] = threading.Event()
    person.write("menu")
    person.tap(sr(NEAR))
    person.wait(sr("🔎 Search again"), WITHIN)
    between.held["message"].set()
    person.wait(sr(MENU), WITHIN)
    assert how_often(STALE, person) == 0


def test_a_tap_and_words_at_the_same_time_are_taken_one_after_the_other(running: Running, between: Between) -> None:
    person = running.known()
    for _round in range(8):
        do(person, ("/find", sr(SOUGHT)))
        gates = {kind: threading.Event() for kind in ("callback_query", "message")}
        between.held.update(gates)
        menus, stale, lists = _told(person)
        person.tap(sr(NEAR))
        person.write("menu")
        for gate in gates.values():
            gate.set()
        running.product.wait_until(lambda menus=menus: _told(person)[0] > menus, WITHIN)
        running.product.wait_until(lambda stale=stale, lists=lists: sum(_told(person)[1:]) == stale + lists + 1, WITHIN)
        between.held.clear()
    assert running.fake.unanswered == []


def _told(person: Person) -> tuple[int, int, int]:
    """How often the menu, the note on an old button and a list of what was found were shown."""
    sent = [call.params for call in person.fake.history if call.method in ("sendMessage", "editMessageText")]
    mine = [(str(one.get("text", "")), str(one.get("reply_markup", ""))) for one in sent if one["chat_id"] == person.id]
    stale = sum(sr(STALE) in text for text, _buttons in mine)
    lists = sum(sr("🔎 Search again") in buttons for _text, buttons in mine)
    menus = sum(sr(MENU) in buttons for _text, buttons in mine) - stale
    return menus, stale, lists


def test_a_hundred_at_once_over_a_bad_line_are_all_answered_once(running: Running, between: Between) -> None:
    turns = count()
    lock = threading.Lock()

    def decide(_update: Update, times: int) -> str:
        with lock:
            number = next(turns)
        return {0: FORGET, 3: REFUSE, 6: LOSE}.get(number % 9, CARRY) if times == 0 else CARRY

    between.decide = decide
    taken = running.arrivals("taken")
    people = [running.fake.person(next(ids)) for _person in range(CROWD)]
    for person in people:
        person.start()
    for person in people:
        person.wait(WELCOME, 60)
    running.product.wait_until(lambda: running.arrivals("taken") == taken + CROWD, WITHIN)
    running.product.wait_until(lambda: not running.fake.updates.pending, WITHIN)
    assert [how_often(WELCOME, person) for person in people] == [1] * CROWD
    told = running.product.health()
    assert told is not None
    assert told["status"] == "ok", told
