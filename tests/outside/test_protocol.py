"""The Telegram protocol as it really is: forged, odd, doubled, shuffled, refused, cut off, and a process that dies."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import cached_property
from itertools import count

import pytest

from tests.fakes.telegram import FakeTelegram, Fault, odd_bodies
from tests.fakes.telegram.people import Person
from tests.outside.product import Product
from tests.outside.talking import MATHS, MENU, WITHIN, do, finds_maths, how_often, sr, welcomed

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
HIDDEN = "HIDDENQXZ"
"""Stands in every name and text that must not come out anywhere else."""
FOUND = MATHS[1:-1]
BOOKED = "Mesto je rezervisano"
PRIVACY = "🔒"
QUESTION = "Yes, please"
ids = count(1001)


class Running:
    """One program and one platform for all tests of a way of receiving."""

    def __init__(self, fake: FakeTelegram, product: Product) -> None:
        self.fake, self.product = fake, product

    def newcomer(self) -> Person:
        """Somebody new, who pressed START and is asked for the language."""
        person = self.fake.person(next(ids))
        person.start()
        person.wait("Putokaz", WITHIN)
        return person

    @cached_property
    def known(self) -> Person:
        """Somebody welcomed, for the tests that need the menu: a chat takes one message a second, so they share."""
        person = self.fake.person(next(ids))
        welcomed(person)
        return person

    def log(self) -> str:
        return self.product.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def polling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with FakeTelegram() as fake:
        fake.rate = None  # many people are played one after another: the pace has tests of its own
        folder = tmp_path_factory.mktemp("polling")
        with Product(folder, telegram_token=fake.token, telegram_api_url=fake.url) as product:
            product.wait_for_telegram()
            yield Running(fake, product)
        log = product.log.read_text(encoding="utf-8")
    assert fake.token not in log
    assert "Traceback" not in log
    assert HIDDEN not in log
    assert "DEMO 1" not in log, "the platform's own names of people"


@pytest.fixture(scope="module")
def webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with FakeTelegram() as fake:
        fake.rate = None
        product = Product(
            tmp_path_factory.mktemp("webhook"),
            telegram_token=fake.token,
            telegram_api_url=fake.url,
            public_url="https://putokaz.example",
            stage="false",
        )
        fake.updates.deliver_to = product.url
        fake.updates.scale = 0.05
        with product:
            product.wait_until(lambda: fake.calls("setWebhook"))
            yield Running(fake, product)


def post(running: Running, body: bytes, secret: str | None) -> int:
    """A post to the webhook, by whoever it may be."""
    headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: secret} if secret is not None else {})
    request = urllib.request.Request(running.product.url + PATH, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def arrivals(running: Running) -> float:
    """How many arrivals of Telegram the program has counted."""
    _status, body = running.product.get("/metrics")
    lines = body.decode().splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("putokaz_arrivals_total") and 'channel="telegram"' in line
    )


# ---------------------------------------------------------------- by webhook


def test_updates_that_come_before_the_library_is_there_are_delivered_again(webhook: Running) -> None:
    """The page is served at once, aiogram comes later: until then the platform is told to try again."""
    fake = webhook.fake
    early = post(webhook, b"{}", "whatever")
    assert early in (503, 401)
    webhook.product.wait_until(lambda: bool(fake.calls("setWebhook")))
    asked = fake.calls("setWebhook")[0].params
    assert asked["url"] == "https://putokaz.example" + PATH
    assert len(asked["secret_token"]) >= 32
    webhook.product.wait_for_telegram()
    assert asked["secret_token"] not in webhook.log()


def test_a_chat_goes_by_webhook_and_a_replayed_post_is_one_effect(webhook: Running) -> None:
    person = webhook.known
    update = person.write("matematika")
    person.wait(FOUND, WITHIN)
    secret = webhook.fake.calls("setWebhook")[0].params["secret_token"]
    body = json.dumps(webhook.fake.updates.sent[update]).encode()
    assert [post(webhook, body, secret) for _ in range(5)] == [200] * 5
    do(person, ("menu", MENU))
    assert how_often(FOUND, person) == 1
    assert webhook.fake.unanswered == []


def test_only_the_exact_secret_opens_the_webhook(webhook: Running) -> None:
    webhook.product.wait_for_telegram()
    secret = webhook.fake.calls("setWebhook")[0].params["secret_token"]
    chat = {"id": next(ids), "type": "private"}
    said = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": chat["id"], "is_bot": False}, "text": HIDDEN}
    body = json.dumps({"update_id": 1, "message": said}).encode()
    before, log = arrivals(webhook), webhook.log()
    near = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    wrong = [None, "", near, secret.upper() + "A", secret + " x", secret[:-1], "ž" * 10, webhook.fake.token]
    assert [post(webhook, body, one.encode().decode("latin-1") if one else one) for one in wrong] == [401] * len(wrong)
    assert arrivals(webhook) == before
    new = webhook.log().removeprefix(log)
    assert HIDDEN not in new
    assert near not in new
    assert post(webhook, body, secret) == 200
    webhook.product.wait_until(lambda: arrivals(webhook) == before + 1, WITHIN)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b'"update_id"', b"{", b"\xff\xfe", b"[" * 100_000,
        b'{"update_id":' + b"9" * 5000 + b"}",
        b'{"update_id": NaN}', b'{"update_id": 1e999}', b'{"update_id": true}', b'{"update_id": -1, "message": {}}',
        b'{"update_id": 5, "message": {"text": "\\ud800", "chat": {"id": 1e999, "type": "private"}}}',
        b'{"update_id": 6, "message": null}', b'{"update_id": 7, "callback_query": {"data": 5}}',
    ],
    ids=range(16),
)  # fmt: skip
def test_a_body_that_is_no_update_is_taken_and_forgotten(webhook: Running, body: bytes) -> None:
    """Anything but a 200 would be sent again for a day."""
    webhook.product.wait_for_telegram()
    assert post(webhook, body, webhook.fake.calls("setWebhook")[0].params["secret_token"]) == 200
    assert "Traceback" not in webhook.log()


# ---------------------------------------------------------------- by polling


def test_every_kind_of_update_and_message_is_survived(polling: Running) -> None:
    fake = polling.fake
    odd = fake.person(77)
    odd.start()
    odd.wait("Putokaz", WITHIN)
    for body in odd_bodies():
        fake.send_raw(**body)
    assert len(fake.updates.sent) > 100
    polling.product.wait_until(lambda: not fake.updates.pending, WITHIN)
    do(polling.known, ("matematika", FOUND))
    told = polling.product.health()
    assert told is not None
    assert told["status"] == "ok", told
    assert "a turn failed" not in polling.log()


def test_the_same_update_five_times_and_shuffled_is_one_effect(polling: Running) -> None:
    fake, person = polling.fake, polling.known
    do(person, ("menu", MENU))
    do(person, (finds_maths(person), QUESTION))
    booked = person.tap(sr("Yes, please"))
    person.wait(BOOKED, WITHIN)
    later = person.write("menu")
    person.wait(sr(MENU), WITHIN)
    found = how_often(FOUND, person)
    for update in [later, booked, booked, later, booked, booked, later]:
        fake.redeliver(update)
    do(person, ("matematika", FOUND))
    assert how_often(BOOKED, person) == 1
    assert how_often(FOUND, person) == found + 1
    fake.shuffle_next(2)
    person.write("menu")
    person.write("matematika")
    polling.product.wait_until(lambda: how_often(FOUND, person) == found + 2, WITHIN)


def test_a_limit_is_kept_and_the_answer_comes_once(polling: Running) -> None:
    person = polling.newcomer()
    polling.fake.fail("sendMessage", Fault.too_many(2))
    began = time.monotonic()
    do(person, ("[Srpski]", PRIVACY))
    assert time.monotonic() - began >= 2.0
    assert how_often(PRIVACY, person) == 1


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        (Fault.error(500), 1),
        (Fault.html(502), 1),
        (Fault.error(503), 1),
        (Fault.cut_before(), 1),
        (Fault.cut_after(), 2),
        (Fault.truncated_json(), 2),
    ],
    ids=["500", "html", "503", "cut before", "cut after", "half an answer"],
)
def test_a_reply_comes_whatever_the_network_does(polling: Running, fault: Fault, most: int) -> None:
    """At least once: where it is unknown whether it was shown, it may be shown again, and is never lost."""
    person = polling.newcomer()
    polling.fake.fail("sendMessage", fault)
    do(person, ("[Srpski]", PRIVACY), ("[All right]", "How old are you?"))
    assert 1 <= how_often(PRIVACY, person) <= most
    assert how_often("How old are you?", person) == 1


def test_who_blocks_is_not_written_to_until_they_return(polling: Running) -> None:
    fake, person = polling.fake, polling.newcomer()
    person.block()
    polling.product.wait_until(lambda: not fake.updates.pending, WITHIN)
    tried = len(fake.calls("sendMessage", ok=False))
    polling.product.advance(3600)
    assert all(call.params["chat_id"] != person.id for call in fake.calls("sendMessage", ok=False)[tried:])
    person.start()
    person.wait("Putokaz", WITHIN)
    do(person, ("[Srpski]", PRIVACY))


def test_a_block_that_only_a_refusal_tells_is_understood(polling: Running) -> None:
    """The update of the block was lost: the 403 says it, and it is not tried again."""
    fake, person = polling.fake, polling.newcomer()
    person.blocked = True
    person.tap("Srpski")

    def refused() -> int:
        calls = fake.calls("sendMessage", ok=False)
        return sum(call.status == 403 and str(call.params.get("chat_id")) == str(person.id) for call in calls)

    polling.product.wait_until(refused, WITHIN)
    polling.newcomer()
    polling.product.advance(1800)
    assert refused() == 1
    person.blocked = False
    person.start()
    person.wait(PRIVACY, WITHIN)


def test_forged_taps_move_nothing(polling: Running) -> None:
    person, other = polling.known, polling.newcomer()
    do(person, ("menu", MENU))
    theirs = person.last.buttons[0][0]["callback_data"]
    for data in (theirs, "s.AAAAAAAAAAAAAAAAAAAAAA", "s.", "", "999999.yes", "1e9.x", "\u202e" * 21):
        other.press(data, other.last)
        other.wait("", WITHIN)
    assert all("Putokaz" in text for text in other.texts[-2:])
    do(other, ("1", PRIVACY))
    assert "a turn failed" not in polling.log()


def test_what_people_write_stays_with_them(polling: Running) -> None:
    writer, other = polling.known, polling.newcomer()
    do(writer, ("menu", MENU), (f"ja sam {HIDDEN} i živim u {HIDDEN}", ""))
    do(writer, ("/person", ""), (f"{HIDDEN} treba pomoć", ""))
    writer.send_document(b"DEMO", name=f"{HIDDEN}.pdf")
    writer.wait("", WITHIN)
    do(other, ("[Srpski]", PRIVACY), ("[All right]", "How old are you?"))
    for call in polling.fake.history:
        if str(call.params.get("chat_id")) != str(writer.id):
            assert HIDDEN not in json.dumps(call.params, ensure_ascii=False, default=str)
    assert HIDDEN not in polling.log()
    _status, metrics = polling.product.get("/metrics")
    assert HIDDEN.encode() not in metrics


def test_a_killed_process_goes_on_where_it_was(polling: Running) -> None:
    """kill -9 in the middle of a conversation, while an update waits that nobody has answered yet."""
    product, person = polling.product, polling.fake.person(next(ids))
    welcomed(person)
    session = finds_maths(person)
    product.kill()
    person.tap(session[1:-1])
    product.start()
    person.wait(sr(QUESTION), 60)
    person.tap(sr("Yes, please"))
    person.wait(BOOKED, WITHIN)
    product.kill()
    product.start()
    do(person, ("/bookings", "Matematika"))
    assert how_often(BOOKED, person) <= 2  # an answer may come twice after a crash; what it says may not
    sent = polling.fake.calls("sendMessage")
    assert len({call.params["text"] for call in sent if _confirms(call.params, person)}) == 1


def _confirms(params: dict[str, object], person: Person) -> bool:
    return params["chat_id"] == person.id and BOOKED in str(params["text"])
