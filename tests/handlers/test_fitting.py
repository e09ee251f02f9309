"""Fitting: nothing is dropped, every part is within the channel's limits, and fitting twice changes nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conversations.engine.questions import BACK
from conversations.speech import Document, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Capabilities
from handlers.fitting import WAY_BACK, fit, rows, split, utf16

PLAIN = Capabilities(text_length=300, label_length=20, buttons=0, buttons_in_row=1)
RICH = Capabilities(
    text_length=100, label_length=30, buttons=8, buttons_in_row=3, edits=True, venues=True, documents=True, length=utf16
)
CARDS = Capabilities(text_length=100, label_length=30, buttons=8, buttons_in_row=3, cards=5)
APART = replace(CARDS, cards_alone=True, venues=True, bare_pins=True)
"""Cards without words, pins without a name."""
FILE = Document("lesson.ics", "text/calendar", b"BEGIN:VCALENDAR")
VENUE = SpokenVenue("Дом културе", "Трг 1, Бор", 44.08, 22.1)
words = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=400)
labels = st.text("абвšđ XY🎒", min_size=1, max_size=40).filter(lambda label: bool(label.strip()))
buttons = st.lists(st.builds(SpokenButton, label=labels, tap=st.just("t"), quiet=st.booleans()), max_size=12).map(tuple)
cards = st.lists(st.builds(SpokenCard, text=labels, buttons=buttons.map(lambda b: b[:2])), max_size=4).map(tuple)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_short_message_stays_as_it_is() -> None:
    message = Spoken("Здраво!", "sr", (SpokenButton("Даље", "1"),), replaces=True)
    assert fit(message, RICH) == (message,)


@given(words, st.sampled_from([len, utf16]), st.integers(4, 50))
def test_splitting_keeps_every_character_and_every_limit(text: str, length: object, limit: int) -> None:
    measure = len if length is len else utf16
    parts = split(text, limit, measure)
    assert squeezed("".join(parts)) == squeezed(text)
    assert all(0 < measure(part) <= limit and part.strip() == part for part in parts)


def test_a_text_is_cut_at_the_paragraph_before_the_sentence_before_the_word() -> None:
    text = "Прва реченица. Друга реченица.\n\nТрећа реченица је овде."
    assert split(text, 40) == ("Прва реченица. Друга реченица.", "Трећа реченица је овде.")
    assert split("Једна реченица. Друга дугачка реченица", 25)[0] == "Једна реченица."
    assert split("једна два три четири", 12) == ("једна два", "три четири")


def test_an_emoji_with_its_colour_a_flag_and_an_accent_stay_whole() -> None:
    assert split("aaaaaaa👍🏽bbb", 9, utf16) == ("aaaaaaa", "👍🏽bbb")
    assert split("aaaaaaa🇷🇸🇧🇬", 9, utf16) == ("aaaaaaa", "🇷🇸🇧🇬")
    assert split("abcde\u0301fg", 5) == ("abcd", "e\u0301fg")
    assert split("aaaa👩\u200d👧bb", 6) == ("aaaa", "👩\u200d👧bb")


def test_length_is_counted_in_the_unit_of_the_channel() -> None:
    assert len(split("😀" * 10, 10, utf16)) == 2
    assert len(split("😀" * 10, 10, len)) == 1


@given(words, buttons, cards, st.booleans(), st.booleans(), st.sampled_from([PLAIN, RICH, CARDS, APART]))
def test_nothing_is_dropped_and_every_part_is_within_the_limits(
    text: str,
    under: tuple[SpokenButton, ...],
    with_cards: tuple[SpokenCard, ...],
    pin: bool,
    file: bool,
    able: Capabilities,
) -> None:
    message = Spoken(text, "sr", under, with_cards, VENUE if pin else None, FILE if file else None, replaces=True)
    parts = fit(message, able)
    written = squeezed("".join(part.text for part in parts))
    assert all(able.length(part.text) <= able.text_length for part in parts)
    assert all(not part.buttons for part in parts[:-1])
    assert [part.replaces for part in parts] == [True] + [False] * (len(parts) - 1)
    assert len(parts[-1].buttons) <= able.buttons
    assert all(able.length(button.label) <= able.label_length for button in parts[-1].buttons)
    shown = written + squeezed("".join(b.label for b in parts[-1].buttons))
    shown += squeezed("".join(c.text + "".join(b.label for b in c.buttons) for part in parts for c in part.cards))
    for wanted in (text.strip(), *(b.label for b in under), *(c.text for c in with_cards)):
        assert squeezed(wanted) in shown
    offered = len(under) + sum(len(card.buttons) for card in with_cards)
    kept = len(parts[-1].buttons) + sum(len(card.buttons) for part in parts for card in part.cards)
    assert kept == offered or (offered > able.buttons and not parts[-1].buttons)
    for card in with_cards:
        assert all(squeezed(button.label) in shown for button in card.buttons)
    assert not pin or VENUE in [part.venue for part in parts] or squeezed(VENUE.address) in written
    assert not file or FILE in [part.document for part in parts] or "lesson.ics" in written


@given(words, buttons, cards, st.sampled_from([PLAIN, RICH, CARDS, APART]))
def test_fitting_a_fitted_part_changes_nothing(
    text: str, under: tuple[SpokenButton, ...], with_cards: tuple[SpokenCard, ...], able: Capabilities
) -> None:
    for part in fit(Spoken(text, "sr", under, with_cards, VENUE, FILE, relay=4), able):
        assert fit(part, able) == (part,)


def test_cards_and_pins_that_carry_no_words_stand_apart_from_them() -> None:
    card = SpokenCard("Maths", (SpokenButton("Book", "1"),))
    words, cards, pin = fit(Spoken("Two:", "en", cards=(card,), venue=VENUE), APART)
    assert (words.text, words.cards) == ("Two:\n\nДом културе\nТрг 1, Бор", ())
    assert (cards.text, cards.cards) == ("", (card,))
    assert pin.venue == SpokenVenue("", "", VENUE.latitude, VENUE.longitude)


def test_without_buttons_the_answers_are_numbered_and_the_way_out_is_zero() -> None:
    under = (
        SpokenButton("Back", BACK, quiet=True),
        SpokenButton("Maths", "1"),
        SpokenButton("Physics", "2"),
        SpokenButton("Talk to a person", "p", quiet=True),
        SpokenButton("Read more", url="https://example.org/a"),
    )
    (part,) = fit(Spoken("Which subject?", "en", under), PLAIN)
    assert part.text == (
        "Which subject?\n\n1. Maths\n2. Physics\nRead more: https://example.org/a\n0. Back\n• Talk to a person"
    )
    assert part.buttons == ()
    assert WAY_BACK == BACK


def test_cards_become_numbered_paragraphs_and_their_buttons_carry_the_number() -> None:
    three = tuple(SpokenCard(f"Course {n}", (SpokenButton("Book", f"b{n}"),)) for n in (1, 2, 3))
    (part,) = fit(Spoken("Found:", "en", (SpokenButton("Next", "n"),), three), RICH)
    assert part.text == "Found:\n\n1. Course 1\n\n2. Course 2\n\n3. Course 3"
    assert [button.label for button in part.buttons] == ["1. Book", "2. Book", "3. Book", "Next"]
    assert [button.tap for button in part.buttons] == ["b1", "b2", "b3", "n"]


def test_without_buttons_the_numbers_run_on_over_the_cards() -> None:
    two = tuple(
        SpokenCard(f"Course {n}", (SpokenButton("Book", f"b{n}"), SpokenButton("More", f"m{n}"))) for n in (1, 2)
    )
    (part,) = fit(Spoken("", "en", (SpokenButton("Next", "n"),), two), PLAIN)
    assert part.text == "Course 1\n1. Book\n2. More\n\nCourse 2\n3. Book\n4. More\n\n5. Next"


def test_a_pin_and_a_file_are_parts_of_their_own_with_the_buttons_last() -> None:
    message = Spoken("Booked.", "en", (SpokenButton("Menu", "m"),), venue=VENUE, document=FILE)
    first, pin, file = fit(message, RICH)
    assert (first.text, first.buttons, pin.venue, file.document) == ("Booked.", (), VENUE, FILE)
    assert [button.label for button in file.buttons] == ["Menu"]


def test_an_offer_to_share_is_left_out_where_the_channel_cannot_ask() -> None:
    message = Spoken("Your number?", "en", (SpokenButton("Share", asks="phone"), SpokenButton("Skip", "s")))
    (part,) = fit(message, RICH)
    assert [button.label for button in part.buttons] == ["Skip"]


def test_a_label_too_long_is_written_out_and_shortened() -> None:
    label = "Средња медицинска школа у Бору"
    (part,) = fit(Spoken("Где?", "sr", (SpokenButton(label, "1"),)), Capabilities(100, 12, 3, 1))
    assert label in part.text
    assert part.buttons[0].label == "Средња меди…"


@given(buttons, st.integers(1, 8))
def test_rows_keep_every_button_in_order_with_the_quiet_ones_last(under: tuple[SpokenButton, ...], in_row: int) -> None:
    able = Capabilities(100, 40, 20, in_row)
    laid = rows(under, able)
    flat = [button for row in laid for button in row]
    assert flat == sorted(under, key=lambda button: button.quiet)
    assert all(1 <= len(row) <= in_row for row in laid)
    assert all(len({button.quiet for button in row}) == 1 for row in laid)


def test_long_answers_stand_alone_and_short_ones_side_by_side() -> None:
    able = Capabilities(100, 64, 20, 3)

    def sizes(*labels: str) -> list[int]:
        return [len(row) for row in rows(tuple(SpokenButton(label, "t") for label in labels), able)]

    assert sizes("Да", "Не", "Можда") == [3]
    assert sizes("Математика", "Физика", "Хемија", "Енглески") == [2, 2]
    assert sizes("Средња медицинска школа", "Да", "Не") == [1, 2]
