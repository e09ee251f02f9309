"""Reading callbacks: each becomes one arrival, and nothing that a stranger can send breaks the reading."""

from __future__ import annotations

import copy
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.speech import Attachment, Heard
from handlers.viber.reading import TAP_PREFIX, parse, read
from tests.handlers.viber_kit import NOW

ID = "aB3/x+9kQmZ0uLr7VwYt1g=="
TOKEN = 5_741_311_803_571_721_089
MS = int((NOW - timedelta(minutes=5)).timestamp() * 1000)
USER = {"id": ID, "name": "DEMO", "avatar": "http://a.example/x.jpg", "country": "RS", "language": "sr",
        "api_version": 10}  # fmt: skip
HEAD = {"timestamp": MS, "message_token": TOKEN, "chat_hostname": "SN-DEMO"}


def message(**content: Any) -> dict[str, Any]:
    return {"event": "message", **HEAD, "sender": USER, "message": content, "silent": False}


def heard(**content: Any) -> Heard:
    arrival = read(message(**content), NOW).arrival
    assert arrival.event == "heard"
    return arrival.heard


def test_words_come_with_who_when_and_the_exact_token() -> None:
    said = read(message(type="text", text="здраво"), NOW)
    assert said.arrival.message_id.startswith(f"{TOKEN}.")
    assert said.arrival.sender.external_id == ID
    assert (said.arrival.sender.language, said.arrival.heard.text, said.version) == ("sr", "здраво", 10)
    assert said.arrival.at == NOW - timedelta(minutes=5)
    assert not said.arrival.inline


def test_nothing_more_is_taken_over_than_an_address_and_a_language() -> None:
    for callback in (message(type="text", text="a"), {"event": "subscribed", **HEAD, "user": USER}):
        told = repr(read(callback, NOW))
        assert not any(word in told for word in ("DEMO", "a.example", "RS"))


def test_a_press_is_told_from_words_by_its_prefix() -> None:
    assert heard(type="text", text=f"{TAP_PREFIX}7.t2") == Heard(tap="7.t2")
    assert heard(type="text", text=f" {TAP_PREFIX}7.t2") == Heard(text=f" {TAP_PREFIX}7.t2")
    assert heard(type="text", text="7.t2") == Heard(text="7.t2")


def test_the_address_that_a_link_button_sends_is_nobodys_words() -> None:
    pressed = {**message(type="text", text="https://example.org/why"), "silent": True}
    assert read(pressed, NOW).arrival.event == "ignored"
    assert heard(type="text", text="https://example.org/why").text == "https://example.org/why"
    assert read({**message(type="text", text="hello"), "silent": True}, NOW).arrival.heard.text == "hello"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"type": "picture", "media": "https://dl-media.viber.com/1.jpg", "text": "мој рад", "size": 9},
         Heard("мој рад", attachment=Attachment("photo", media_type="image/jpeg", size=9,
                                                ref="https://dl-media.viber.com/1.jpg"))),
        ({"type": "video", "media": "https://dl.viber.com/1.mp4", "thumbnail": "x", "size": 5, "duration": 3},
         Heard(attachment=Attachment("file", media_type="video/mp4", size=5, ref="https://dl.viber.com/1.mp4"))),
        ({"type": "file", "media": "https://dl.viber.com/1", "file_name": "CV.pdf", "file_size": 7},
         Heard(attachment=Attachment("file", name="CV.pdf", size=7, ref="https://dl.viber.com/1"))),
        ({"type": "contact", "contact": {"name": "DEMO", "phone_number": "381600000000"}},
         Heard(attachment=Attachment("contact", phone="+381600000000"))),
        ({"type": "contact", "contact": {"phone_number": "060/000-00"}},
         Heard(attachment=Attachment("contact", phone="060/000-00"))),
        ({"type": "location", "location": {"lat": 44.08, "lon": 22}},
         Heard(attachment=Attachment("location", latitude=44.08, longitude=22.0))),
        ({"type": "sticker", "sticker_id": 40100, "media": "http://s.example/1.png"},
         Heard(attachment=Attachment("other"))),
        ({"type": "url", "media": "https://example.org/a"}, Heard("https://example.org/a")),
        ({"type": "something of next year", "x": 1}, Heard(attachment=Attachment("other"))),
    ],
)  # fmt: skip
def test_each_kind_of_message_becomes_something_that_can_be_answered(content: Any, expected: Heard) -> None:
    assert heard(**content) == expected


def test_a_shared_number_is_never_taken_for_proven() -> None:
    sent = heard(type="contact", contact={"name": "DEMO", "phone_number": "+381600000000"}, text="phone").attachment
    assert sent is not None
    assert not sent.own


def test_a_repeated_message_keeps_its_name_and_no_other_has_it() -> None:
    """Whatever is tried again is the same person saying the same; only addresses of files are made anew."""
    sent = message(type="picture", media="https://dl.viber.com/1.jpg?e=1", thumbnail="a", text="x", size=9)
    fresh = {"type": "picture", "media": "https://dl.viber.com/1.jpg?e=2", "thumbnail": "b", "text": "x", "size": 9}
    name = read(sent, NOW).arrival.message_id
    assert read({**sent, "message": fresh, "timestamp": MS + 1}, NOW).arrival.message_id == name
    words = [message(type="text", text=text) for text in ("a", "b")]
    elsewhere = {**words[0], "sender": {**USER, "id": "01234567890A="}}
    assert len({read(one, NOW).arrival.message_id for one in (*words, elsewhere, sent)}) == 4


def test_numbers_in_quotation_marks_are_numbers_where_the_platform_writes_so() -> None:
    place = heard(type="location", location={"lat": "44.07", "lon": "-22.1"}).attachment
    assert place == Attachment("location", latitude=44.07, longitude=-22.1)
    for odd in ("north", "1e3", "91", "NaN", "1" * 400):
        callback = message(type="location", location={"lat": odd, "lon": "1"})
        assert read(callback, NOW).arrival.event == "ignored"
    for written, version in (("7", 7), ("0", None), ("x", None), ("10000", None)):
        callback = {**message(type="text", text="a"), "sender": {**USER, "api_version": written}}
        assert read(callback, NOW).version == version


def test_words_that_do_not_say_what_they_are_are_words() -> None:
    assert heard(text="Петак", tracking_data="x") == Heard("Петак")
    assert heard(text=f"{TAP_PREFIX}7.t2", message_token=7) == Heard(tap="7.t2")
    assert heard(text="", tracking_data="x") == Heard(attachment=Attachment("other"))


def test_opening_carries_the_context_and_asks_for_its_answer() -> None:
    opened = {"event": "conversation_started", **HEAD, "type": "open", "context": "BOR-1", "user": USER,
              "subscribed": False}  # fmt: skip
    said = read(opened, NOW)
    assert (said.arrival.event, said.arrival.link, said.arrival.inline) == ("opened", "BOR-1", True)
    assert said.arrival.message_id == f"conversation_started.{TOKEN}.{ID}"
    assert len(said.arrival.message_id) <= 128


def test_receipts_name_the_message_exactly_and_failures_their_reason() -> None:
    for event in ("delivered", "seen"):
        arrival = read({"event": event, **HEAD, "user_id": ID}, NOW).arrival
        assert (arrival.event, arrival.shown_id, arrival.reason) == (event, str(TOKEN), "")
    failed = {"event": "failed", **HEAD, "user_id": ID, "desc": 'keyboard is not valid: "Ана" ' + "x" * 999}
    arrival = read(failed, NOW).arrival
    assert (arrival.event, arrival.shown_id, arrival.reason) == ("failed", str(TOKEN), "keyboard is not valid:")
    ids = {read({"event": e, **HEAD, "user_id": ID}, NOW).arrival.message_id for e in ("delivered", "seen", "failed")}
    assert len(ids) == 3


# Shapes of callbacks as they stand in the test suites of RapidPro's courier, viber-bot-python, viber-bot-node and
# others, with values of our own: minimal senders, string tokens, odd times, missing fields.
SHAPES: list[tuple[dict[str, Any], str]] = [
    ({"event": "webhook", "timestamp": 4_987_034_606_158_369_000, "message_token": 1_481_059_480_858}, "ignored"),
    ({"event": "webhook", "timestamp": MS, "message_token": "241256543215", "chat_hostname": "SN"}, "ignored"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID, "name": "D"},
      "message": {"text": "hi", "type": "text", "tracking_data": "30"}}, "heard"),
    ({"event": "message", "timestamp": MS, "message_token": "912661846655238145", "sender": {"id": "01234567890A="},
      "message": {"type": "text", "text": "HI"}, "silent": True}, "heard"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "chat_id": 5_048_086_924_903_818_307,
      "reply_type": "message", "sender": {"id": ID}, "message": {"type": "text", "text": "HI"}}, "ignored"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": "xy5$$**=="},
      "message": {"type": "text", "text": "x"}}, "ignored"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "text", "tracking_data": "30"}}, "ignored"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "picture", "tracking_data": "30"}}, "ignored"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "sticker", "sticker_id": "40133", "media": "http://s.example/s.png"}}, "heard"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "rich_media", "rich_media": {"Type": "rich_media", "Buttons": []}}}, "heard"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "contact", "text": "", "contact": {"name": "D", "phone_number": "+9725"}}}, "heard"),
    ({"event": "message", "timestamp": MS, "message_token": TOKEN, "sender": {"id": ID},
      "message": {"type": "location", "location": {"lat": 1, "lon": 2.5, "address": "x"}}}, "heard"),
    ({"event": "failed", "timestamp": MS, "message_token": TOKEN, "user_id": "01234567890A=", "desc": "x"}, "failed"),
    ({"event": "delivered", "timestamp": MS, "message_token": TOKEN, "user_id": ID, "desc": "x"}, "delivered"),
    ({"event": "delivered", "timestamp": MS, "message_token": TOKEN, "user_id": ID, "chat_id": 5}, "delivered"),
    ({"event": "seen", "timestamp": MS, "message_token": "912661846655238145", "user_id": ID}, "seen"),
    ({"event": "seen", "timestamp": MS, "user_id": ID}, "ignored"),
    ({"event": "subscribed", "timestamp": MS, "message_token": TOKEN, "user": USER}, "returned"),
    ({"event": "subscribed", "timestamp": "1457764197627", "user": {"id": ID, "api_version": 1}}, "returned"),
    ({"event": "subscribed", "timestamp": MS, "message_token": TOKEN, "user": {"id": "0123**$$90A="}}, "ignored"),
    ({"event": "unsubscribed", "timestamp": MS, "message_token": TOKEN, "user_id": ID}, "left"),
    ({"event": "unsubscribed", "timestamp": MS, "message_token": TOKEN, "user_id": "012345678$$%**90A="}, "ignored"),
    ({"event": "conversation_started", "user": USER, "subscribed": False, "context": "c"}, "opened"),
    ({"event": "conversation_started", "timestamp": MS, "message_token": TOKEN, "type": "open",
      "user": {"id": ID, "name": "D", "language": "en-GB", "api_version": "7"}}, "opened"),
    ({"event": "client_status", "timestamp": MS, "user": USER, "status": {"code": 0, "message": "x"}}, "ignored"),
    ({"event": "unexpected", "timestamp": 4_987_034_606_158_369_000, "message_token": 1}, "ignored"),
    ({"event": ["message"]}, "ignored"),
    ({}, "ignored"),
]  # fmt: skip


@pytest.mark.parametrize(("callback", "event"), SHAPES)
def test_the_callbacks_of_other_projects_tests_are_read(callback: dict[str, Any], event: str) -> None:
    said = read(callback, NOW)
    assert said.arrival.event == event
    assert said.arrival == read(copy.deepcopy(callback), NOW + timedelta(0)).arrival
    assert said.arrival.at <= NOW
    assert said.arrival.message_id or event == "ignored"


def test_a_callback_without_token_has_a_name_that_stays() -> None:
    opened: dict[str, Any] = {"event": "conversation_started", "user": USER, "context": "c"}
    first, again = read(opened, NOW).arrival, read(dict(opened), NOW + timedelta(hours=1)).arrival
    other = read({**opened, "context": "d"}, NOW).arrival
    assert first.message_id == again.message_id != other.message_id


@pytest.mark.parametrize(
    "token", [0, -1, 2**63, 1.5, True, None, "", "12x", "１２", "1" * 20, [], {}, float(TOKEN)]
)  # fmt: skip
def test_only_an_exact_token_is_taken(token: object) -> None:
    arrival = read({"event": "seen", "timestamp": MS, "message_token": token, "user_id": ID}, NOW).arrival
    assert arrival.event == "ignored"


@pytest.mark.parametrize("stamp", [None, "x", -5, 0, 10**30, True, 1.5, MS * 1000])
def test_a_time_that_cannot_be_is_now(stamp: object) -> None:
    assert read({**message(type="text", text="a"), "timestamp": stamp}, NOW).arrival.at == NOW


VALUES: list[Any] = [None, True, 0, -1, 2**64, 1e308, "", "x" * 9000, "\ud83d\x00", [], ["a"], {}, {"a": {"b": []}}]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else []
    return [path, *(p for key, one in inner for p in _paths(one, (*path, key)))]


def _mutated() -> list[dict[str, Any]]:
    full = [
        message(type="text", text="a"),
        message(type="picture", media="https://dl.viber.com/1.jpg", text="", file_name="a.jpg", size=1),
        message(type="contact", contact={"name": "D", "phone_number": "+381600000000"}),
        message(type="location", location={"lat": 1.0, "lon": 2.0}),
        {"event": "conversation_started", **HEAD, "type": "open", "context": "c", "user": USER, "subscribed": True},
        {"event": "failed", **HEAD, "user_id": ID, "desc": "x"},
    ]
    made = []
    for callback in full:
        for path in _paths(callback)[1:]:
            for value in VALUES:
                odd = copy.deepcopy(callback)
                where = odd
                for key in path[:-1]:
                    where = where[key]
                where[path[-1]] = value
                made.append(odd)
    return made


def test_a_wrong_type_in_any_place_breaks_nothing_and_costs_nothing() -> None:
    odd = _mutated()
    assert len(odd) > 700
    for callback in odd:
        before = time.thread_time()
        arrival = read(callback, NOW).arrival
        assert time.thread_time() - before < 0.05
        assert len(arrival.message_id) <= 128
        for text in (arrival.heard.text, arrival.link, arrival.reason, arrival.message_id, arrival.sender.external_id):
            text.encode()
            assert "\0" not in text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*HEAD, "event", "user", "sender",
                        "message", "user_id", "type", "text", "id", "media"]), inner), max_leaves=20))  # fmt: skip
def test_reading_never_raises(callback: Any) -> None:
    if isinstance(callback, dict):
        read({"event": "message", **callback}, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b'"x"', b"{", b"invalid", b"\xff\xfe", b'{"event": NaN}', b'{"a": -Infinity}',
     b'{"a": ' + b"9" * 5000 + b"}", b'{"a":' * 100_000, b"[" * 100_000, b'{"a": 1e999'],
)  # fmt: skip
def test_what_is_no_callback_is_told_so_quickly(body: bytes) -> None:
    before = time.thread_time()
    assert parse(body) is None
    assert time.thread_time() - before < 0.05


def test_the_last_of_two_equal_keys_counts_and_big_numbers_stay_exact() -> None:
    assert parse(b'{"event": "a", "event": "b"}') == {"event": "b"}
    assert parse(b'{"message_token": 9223372036854775807}') == {"message_token": 9223372036854775807}
    assert json.dumps(parse(b'{"a": 1e999}')) == '{"a": Infinity}'
