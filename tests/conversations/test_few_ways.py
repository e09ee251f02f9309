"""Settings and help show few ways at once, the ones that people use first; words find the others at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from bot.language.tongue import tongue
from conversations.engine.answers import Answered, take_words
from conversations.engine.questions import options
from conversations.engine.state import Frame
from conversations.facts import Facts, Me
from conversations.help.answers import answers
from conversations.people.settings import settings
from conversations.speech import Heard, Text
from conversations.steps import Choose, Here

MOST = 6
"""people.md part 1: at most six choices."""


def _here(*, roles: tuple[str, ...] = (), band: str = "18+", stopped: bool = False) -> Here:
    me = Me(1, "en", welcomed=True, roles=roles, band=band, stopped=stopped)
    some = SimpleNamespace(acting_for_me=lambda: ("one",))
    everything = SimpleNamespace(
        topics=lambda: ("papers",),
        places=lambda: ("one",),
        events=lambda: ("one",),
        boxes=lambda: ("one",),
        look_up=lambda _words: (),
    )
    known = SimpleNamespace(me=me, people=some, help=everything, campaigns=everything, asking=everything)
    return Here(cast(Facts, known), {})


def _pages(step: Choose, here: Here) -> list[list[str]]:
    """The labels of each page."""
    pages: list[list[str]] = []
    offset = 0
    while True:
        shown = options(step, Frame("x", step.name, draft={"offset": offset}), here)
        pages.append([tongue("en").speak(one.label) for one in shown])
        if "more" not in [one.key for one in shown if one.own]:
            return pages
        offset += step.page


@pytest.mark.parametrize("roles", [(), ("helper",)])
@pytest.mark.parametrize("band", ["15-17", "18+"])
@pytest.mark.parametrize("stopped", [False, True])
def test_settings_begin_with_what_people_use(roles: tuple[str, ...], band: str, *, stopped: bool) -> None:
    step = settings.step("what")
    assert isinstance(step, Choose)
    here = _here(roles=roles, band=band, stopped=stopped)
    first, *others = _pages(step, here)
    assert len(first) <= MOST
    assert all(len(page) <= MOST + 1 for page in others), "the way back to the first page comes on top"
    switch = "🔔 Start messages again" if stopped else "🔕 Stop messages"
    assert {"🌐 Language", "🔒 My data", "📱 Another phone or app", switch} < set(first)
    every = [label for page in (first, *others) for label in page if label not in ("More", "Earlier ones")]
    assert len(set(every)) == len(every) == 8 + (band == "18+") + bool(roles) + 1
    for words, key in (("secret word", "safeword"), ("тајна реч", "safeword"), ("Who acts for me", "acting")):
        taken = take_words(step, Heard(text=words), Frame("settings", "what"), here, tongue("en"))
        assert isinstance(taken, Answered)
        assert taken.value == key, "its words need no page"


def test_help_has_the_numbers_on_its_first_page() -> None:
    step = answers.step("where")
    assert isinstance(step, Choose)
    assert isinstance(step.question, Text)
    first, *others = _pages(step, _here())
    assert len(first) <= MOST
    assert "📞 Useful numbers" in first, "the question names it"
    assert sorted(len(page) for page in others) == [4]
