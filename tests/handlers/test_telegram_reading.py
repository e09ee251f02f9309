"""Reading updates: each becomes one arrival, and nothing that a stranger can send breaks the reading."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleaning import clean
from handlers.polling import chat_of
from handlers.telegram.reading import read
from tests.fakes.telegram import FakeTelegram, odd_bodies
from tests.handlers.telegram_kit import NOW

ANA = {"id": 5, "is_bot": False, "first_name": "DEMO", "language_code": "sr"}
PRIVATE = {"id": 5, "type": "private"}
AT = 1_790_000_000


def message(**content: Any) -> dict[str, Any]:
    body = {"message_id": 9, "date": AT, "from": ANA, "chat": PRIVATE} | content
    return {"update_id": 1, "message": body}


def test_words_arrive_with_sender_language_and_time() -> None:
    arrival = read(message(text="час математике"), datetime(2027, 1, 1, tzinfo=UTC)).arrival
    assert (arrival.channel, arrival.message_id, arrival.event) == ("telegram", "u1", "heard")
    assert (arrival.sender.external_id, arrival.sender.language) == ("5", "sr")
    assert arrival.heard.text == "час математике"
    assert arrival.at == datetime.fromtimestamp(AT, UTC)


@pytest.mark.parametrize(
    ("text", "event", "link", "heard"),
    [
        ("/start", "opened", "", ""),
        ("/start abc-DEF_1", "opened", "abc-DEF_1", ""),
        ("/Start@demo_bot  code more", "opened", "code", ""),
        ("/start " + "x" * 999, "opened", "x" * 64, ""),
        ("/find", "heard", "", "/find"),
        ("/FIND@demo_bot математика петак", "heard", "", "/find математика петак"),
        ("/", "heard", "", "/"),
        ("/старт", "heard", "", "/старт"),
        ("start", "heard", "", "start"),
        ("/startle", "heard", "", "/startle"),
    ],
)
def test_commands(text: str, event: str, link: str, heard: str) -> None:
    arrival = read(message(text=text), NOW).arrival
    assert (arrival.event, arrival.link, arrival.heard.text) == (event, link, heard)


def test_a_tap_names_the_message_and_the_press_to_answer() -> None:
    press = {"id": "77", "from": ANA, "chat_instance": "1", "data": "b:1"}
    said = read(
        {"update_id": 2, "callback_query": press | {"message": {"chat": PRIVATE, "message_id": 8, "date": 0}}}, NOW
    )
    assert (said.press, said.arrival.heard.tap, said.arrival.shown_id) == ("77", "b:1", "8")
    assert said.arrival.at == NOW
    inline = read({"update_id": 2, "callback_query": press | {"inline_message_id": "x"}}, NOW)
    assert (inline.arrival.event, inline.press) == ("ignored", "77")


def test_only_a_proven_own_number_is_own() -> None:
    def contact(**fields: Any) -> Any:
        return read(
            message(contact={"phone_number": "381601234", "first_name": "D", **fields}), NOW
        ).arrival.heard.attachment

    assert (contact(user_id=5).own, contact(user_id=5).phone) == (True, "+381601234")
    assert (contact(user_id=6).own, contact(user_id=6).phone) == (False, "381601234")
    assert contact().own is False


@pytest.mark.parametrize(
    ("content", "kind", "ref"),
    [
        ({"photo": [{"file_id": "s"}, {"file_id": "l", "file_size": 7}], "caption": "c"}, "photo", "l"),
        ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "voice", "v"),
        ({"document": {"file_id": "d", "file_name": "a\0.pdf"}}, "file", "d"),
        ({"animation": {"file_id": "g"}, "document": {"file_id": "g"}}, "file", "g"),
        ({"video_note": {"file_id": "n"}}, "file", "n"),
        ({"location": {"latitude": 44.0, "longitude": 22}}, "location", ""),
        ({"sticker": {"file_id": "x"}}, "other", ""),
        ({"something_of_next_year": {}}, "other", ""),
    ],
)
def test_attachments(content: dict[str, Any], kind: str, ref: str) -> None:
    attachment = read(message(**content), NOW).arrival.heard.attachment
    assert attachment is not None
    assert (attachment.kind, attachment.ref) == (kind, ref)
    assert "\0" not in attachment.name


@pytest.mark.parametrize(
    ("status", "event"), [("kicked", "left"), ("member", "returned"), ("restricted", "ignored"), (7, "ignored")]
)
def test_blocking_and_coming_back(status: Any, event: str) -> None:
    change = {"chat": PRIVATE, "from": ANA, "date": AT, "new_chat_member": {"status": status}}
    assert read({"update_id": 3, "my_chat_member": change}, NOW).arrival.event == event


def test_groups_are_left_and_what_is_said_there_is_ignored() -> None:
    group = {"id": -100, "type": "supergroup"}
    change = {"chat": group, "from": ANA, "date": AT, "new_chat_member": {"status": "member"}}
    said = read({"update_id": 3, "my_chat_member": change}, NOW)
    assert (said.arrival.event, said.leave) == ("ignored", -100)
    gone = change | {"new_chat_member": {"status": "left"}}
    assert read({"update_id": 3, "my_chat_member": gone}, NOW).leave is None
    assert read(message(text="hello", chat=group), NOW).arrival.event == "ignored"


def test_what_other_bots_and_the_platform_itself_say_is_ignored() -> None:
    assert read(message(text="x", **{"from": ANA | {"is_bot": True}}), NOW).arrival.event == "ignored"
    assert read(message(pinned_message={"message_id": 1}), NOW).arrival.event == "ignored"
    assert read({"update_id": 1, "edited_message": message(text="x")["message"]}, NOW).arrival.event == "ignored"


def test_every_update_of_the_schema_is_read() -> None:
    events = [read({"update_id": n, **body}, NOW).arrival.event for n, body in enumerate(odd_bodies())]
    assert set(events) == {"heard", "ignored"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["chat", "from", "id", "type", "text", "message", "date", "data", "status", "photo", "contact",
                         "new_chat_member", "message_id", "location", "voice", "file_id", "language_code"]),
        inner | st.just("private"), max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]), anything)
def test_no_nonsense_breaks_the_reading(kind: str, body: Any) -> None:
    update = {"update_id": 4, kind: body}
    assert read(update, NOW).arrival.message_id == "u4"
    chat_of(update)


@given(st.text(st.characters(categories=["Cs", "L", "So", "Cc"])))
def test_a_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned


def test_half_a_surrogate_pair_becomes_a_replacement_and_two_halves_one_character() -> None:
    assert clean("a\ud83db\0") == "a\ufffdb"
    assert clean("\ud83d\ude00") == "😀"


def test_times_from_the_future_and_absurd_ids_do_no_harm() -> None:
    assert read(message(text="x", date=9_999_999_999), NOW).arrival.at == NOW
    assert read(message(text="x", date=10**400), NOW).arrival.at == NOW
    assert read(message(text="x", chat={"id": 10**400, "type": "private"}), NOW).arrival.event == "ignored"
    assert read(message(text="x", **{"from": ANA | {"language_code": "x" * 999}}), NOW).arrival.sender.language == ""


def test_taps_belong_to_the_chat_of_who_tapped() -> None:
    assert chat_of(message(text="x")) == 5
    assert chat_of({"update_id": 1, "callback_query": {"from": ANA}}) == 5
    assert chat_of({"update_id": 1, "poll": {}}) is None


@pytest.mark.campaign
def test_reading_is_cheap() -> None:
    fake = FakeTelegram()
    fake.person(5).write("час математике петак")
    update = fake.updates.pending[0]
    began = time.process_time()
    for _ in range(10_000):
        read(update, NOW)
    assert (time.process_time() - began) / 10_000 < 0.00015
