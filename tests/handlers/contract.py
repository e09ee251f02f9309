"""What every channel must do: a table of behaviours, run against each channel over its own real wire.

A channel's test file subclasses `ChannelContract` and gives a fixture `wire`. See handlers/ADDING_A_CHANNEL.md.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Protocol

import pytest

from conversations.speech import Document, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Arrival, Channel, Relay, SendFailed, Sent

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + b"\r\n--not-a-boundary\r\n\x00\x00"


class Listener:
    """Stands for the house: writes down what arrives. `fail_next` makes it refuse so many times."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.fail_next = 0

    async def receive(self, arrival: Arrival) -> None:
        if self.fail_next:
            self.fail_next -= 1
            raise RuntimeError("the house cannot take this now")
        self.arrivals.append(arrival)

    @property
    def heard(self) -> list[Arrival]:
        """What people said and did, without the openings."""
        return [arrival for arrival in self.arrivals if arrival.event == "heard"]


class Wire(Protocol):
    """One person on a channel, and the platform in between."""

    channel: Channel
    house: Listener
    external_id: str
    nobody: str
    """An address that the channel cannot write to."""

    async def opens(self, link: str = "") -> None:
        """The person opens the chat, by a deep link if one is given."""
        ...

    async def writes(self, text: str) -> None:
        """The person writes."""
        ...

    async def taps(self, label: str) -> None:
        """The person taps the button, or gives the number of the line, with that label."""
        ...

    async def sends_file(self, name: str, content: bytes) -> bool:
        """The person sends a file. False if nobody can on this channel."""
        ...

    async def leaves(self) -> bool:
        """The person blocks us, or ends the subscription. False if nobody can on this channel."""
        ...

    async def again(self) -> None:
        """The platform delivers once more, byte for byte, what the person did last; nothing where none ever does."""
        ...

    async def sees(self) -> str:
        """All that the person has been shown, as plain text, oldest first."""
        ...


def say(text: str = "Which one?", *labels: str) -> Spoken:
    """A message with a button for each label; payloads are t1, t2 ..."""
    buttons = tuple(SpokenButton(label, f"7.t{number}") for number, label in enumerate(labels, 1))
    return Spoken(text, "en", buttons)


HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "{text.__class__} {{7*7}} %s %(x)s $HOME",
    "*stars* _lines_ [x](http://example.org) `code`",
    "Ђорђевић ǆ čćžšđ „наводници“ — 👩‍👩‍👧 🇷🇸",
    "'; DROP TABLE person; -- \" \\",
)


class ChannelContract:
    """The behaviours. Each test is one line of the table."""

    @pytest.mark.parametrize("words", [*HOSTILE, "da", "7", "two\nlines"])
    async def test_words_arrive_as_they_were_written(self, wire: Wire, words: str) -> None:
        if "\n" in words and wire.channel.name == "console":
            words = words.replace("\n", " ")
        await wire.opens()
        await wire.writes(words)
        assert [arrival.heard.text for arrival in wire.house.heard] == [words]

    async def test_an_arrival_says_who_when_and_where_and_nothing_more(self, wire: Wire) -> None:
        await wire.opens()
        await wire.writes("hello")
        arrival = wire.house.heard[0]
        assert arrival.channel == wire.channel.name
        assert arrival.sender.external_id == wire.external_id
        assert arrival.at.utcoffset() == timedelta(0)
        assert arrival.at.astimezone(UTC) == arrival.at
        assert 0 < len(arrival.message_id) <= 128

    async def test_opening_is_told_with_the_payload_of_the_link(self, wire: Wire) -> None:
        await wire.opens("BOR-math_1")
        opened = [arrival for arrival in wire.house.arrivals if arrival.event == "opened"]
        assert [arrival.link for arrival in opened][-1] == "BOR-math_1"

    async def test_a_tap_brings_exactly_the_payload_of_its_button(self, wire: Wire) -> None:
        await wire.opens()
        await wire.channel.send(wire.external_id, say("Which one?", "Maths", "Physics"))
        await wire.taps("Physics")
        assert [(arrival.heard.tap, arrival.heard.text) for arrival in wire.house.heard] == [("7.t2", "")]

    async def test_the_same_delivery_has_the_same_name(self, wire: Wire) -> None:
        await wire.opens()
        await wire.writes("once")
        await wire.again()
        names = {arrival.message_id for arrival in wire.house.heard}
        assert len(names) == 1

    async def test_the_same_words_said_twice_are_two(self, wire: Wire) -> None:
        await wire.opens()
        await wire.writes("1")
        await wire.writes("1")
        assert len({arrival.message_id for arrival in wire.house.heard}) == 2

    async def test_what_the_house_could_not_take_comes_again_under_the_same_name(self, wire: Wire) -> None:
        """Perhaps more than once: a platform repeats itself unasked, and the name makes one of it."""
        await wire.opens()
        wire.house.fail_next = 1
        await wire.writes("do not lose me")
        await wire.again()
        assert wire.house.fail_next == 0
        named = {arrival.message_id: arrival.heard.text for arrival in wire.house.heard}
        assert list(named.values()) == ["do not lose me"]

    async def test_words_arrive_in_the_order_in_which_they_were_written(self, wire: Wire) -> None:
        await wire.opens()
        for number in range(8):
            await wire.writes(f"words {number}")
        assert [arrival.heard.text for arrival in wire.house.heard] == [f"words {number}" for number in range(8)]

    async def test_who_leaves_is_told_as_somebody_who_left_and_who_comes_back_is_heard(self, wire: Wire) -> None:
        await wire.opens()
        if not await wire.leaves():
            pytest.skip("nobody can leave here")
        last = wire.house.arrivals[-1]
        assert (last.event, last.sender.external_id) == ("left", wire.external_id)
        with pytest.raises(SendFailed) as failed:
            await wire.channel.send(wire.external_id, say("hello"))
        assert failed.value.kind == "gone"
        before = len(wire.house.arrivals)
        await wire.opens()
        assert "opened" in [arrival.event for arrival in wire.house.arrivals[before:]]
        assert await wire.channel.send(wire.external_id, say("welcome back"))

    @pytest.mark.parametrize("words", HOSTILE)
    async def test_words_are_shown_literally(self, wire: Wire, words: str) -> None:
        await wire.opens()
        await wire.channel.send(wire.external_id, say(words))
        assert words in await wire.sees()

    async def test_a_message_that_was_shown_has_a_name(self, wire: Wire) -> None:
        await wire.opens()
        first = await wire.channel.send(wire.external_id, say("one"))
        second = await wire.channel.send(wire.external_id, say("two"))
        assert isinstance(first, Sent)
        assert first.shown_id
        assert first.shown_id != second.shown_id

    async def test_messages_stand_in_the_order_they_were_sent(self, wire: Wire) -> None:
        await wire.opens()
        for number in range(5):
            await wire.channel.send(wire.external_id, say(f"number {number}."))
        seen = await wire.sees()
        assert [seen.index(f"number {number}.") for number in range(5)] == sorted(
            seen.index(f"number {number}.") for number in range(5)
        )

    async def test_a_message_in_place_of_another_is_shown_there_or_below_it(self, wire: Wire) -> None:
        await wire.opens()
        first = await wire.channel.send(wire.external_id, say("Page one.", "Next"))
        second = Spoken("Page two.", "en", (SpokenButton("Previous", "7.p"),), replaces=True)
        await wire.channel.send(wire.external_id, second, shown_id=first.shown_id)
        seen = await wire.sees()
        assert seen.count("Page two.") == 1
        assert ("Page one." not in seen) == wire.channel.capabilities.edits
        await wire.taps("Previous")
        assert [arrival.heard.tap for arrival in wire.house.heard] == ["7.p"]

    async def test_a_text_beyond_every_limit_is_shown_whole(self, wire: Wire) -> None:
        await wire.opens()
        words = [f"реч{number}" for number in range(3000)]
        await wire.channel.send(wire.external_id, say(" ".join(words)))
        assert (await wire.sees()).split()[-3000:] == words

    async def test_all_buttons_can_be_read(self, wire: Wire) -> None:
        await wire.opens()
        labels = [f"Choice {number}" for number in range(1, 31)]
        await wire.channel.send(wire.external_id, say("Which?", *labels))
        seen = await wire.sees()
        assert [label for label in labels if label not in seen] == []

    async def test_cards_are_shown_with_their_buttons(self, wire: Wire) -> None:
        await wire.opens()
        cards = tuple(
            SpokenCard(f"{name} on Friday", (SpokenButton(f"Book {name}", f"7.{name}"),)) for name in ("Maths", "Art")
        )
        await wire.channel.send(wire.external_id, Spoken("Two things:", "en", cards=cards))
        seen = await wire.sees()
        assert "Maths on Friday" in seen
        assert "Art on Friday" in seen
        await wire.taps("Book Art")
        assert [arrival.heard.tap for arrival in wire.house.heard] == ["7.Art"]

    async def test_a_place_and_a_file_are_never_dropped(self, wire: Wire) -> None:
        await wire.opens()
        message = Spoken(
            "Come here:",
            "en",
            venue=SpokenVenue("Day centre", "Main street, Bor", 44.07, 22.09),
            document=Document("visit.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        )
        await wire.channel.send(wire.external_id, message)
        seen = await wire.sees()
        assert [
            part for part in ("Come here:", "Day centre", "Main street, Bor", "visit.ics") if part not in seen
        ] == []

    async def test_a_photo_arrives_whole(self, wire: Wire) -> None:
        await wire.opens()
        if not await wire.sends_file("slika 1.png", PNG):
            pytest.skip("nobody can send files here")
        arrival = wire.house.heard[0]
        sent = arrival.heard.attachment
        assert sent is not None
        content = sent.content if arrival.fetch is None else await arrival.fetch()
        assert (sent.kind, content) == ("photo", PNG)

    async def test_an_attachment_of_somebody_else_can_be_passed_on(self, wire: Wire) -> None:
        if not wire.channel.capabilities.relays:
            pytest.skip("the channel says that it cannot")
        await wire.opens()
        before = await wire.sees()
        relay = Relay("photo", "letter.png", "image/png", PNG)
        await wire.channel.send(wire.external_id, Spoken("From a person:", "en", relay=3), relay=relay)
        assert "From a person:" in (await wire.sees())[len(before) :]

    async def test_an_address_that_cannot_be_written_to_is_refused_in_the_channels_own_words(self, wire: Wire) -> None:
        with pytest.raises(SendFailed) as failed:
            await wire.channel.send(wire.nobody, say("hello"))
        assert failed.value.kind in ("gone", "refused")
        assert "hello" not in failed.value.reason

    async def test_nothing_is_received_any_more_after_the_stop(self, wire: Wire) -> None:
        await wire.opens()
        await wire.channel.stop()
        await wire.writes("too late")
        assert wire.house.heard == []
