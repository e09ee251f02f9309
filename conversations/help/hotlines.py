"""For staff: the numbers on the emergency cards, when each was last checked, and putting them right at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conversations.deeds.help import ConfirmHotline, CorrectHotline, RemoveHotline
from conversations.facts.help import Hotline
from conversations.help.numbers import COUNTRIES, dated
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines, verbatim
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Json, Page, Write

NUMBER = re.compile(r"\+?[0-9][0-9 /-]{1,18}[0-9]")
"""What may stand on a card: digits with spaces between, three to twenty characters."""

_GONE = _("That number is not on the list any more.")


def _state(line: Hotline) -> Text:
    if not line.active and not line.lasting:
        return _("taken off")
    return _("please check") if line.due else _("checked")


def _items(here: Here, offset: int, size: int) -> Page:
    found, total = here.facts.help.book(offset, size)
    items = tuple(
        Item(
            str(line.hotline_id),
            lines(
                dated(line),
                _("{country} · {state}").of(
                    country=COUNTRIES.get(line.country, verbatim(line.country)), state=_state(line)
                ),
            ),
            _("{number}, {country}").of(
                number=line.number, country=COUNTRIES.get(line.country, verbatim(line.country))
            ),
        )
        for line in found
    )
    return Page(items, total)


def _one(here: Here) -> Text:
    line = here.facts.help.hotline(here["number"])
    if line is None:
        return _GONE
    stays = _("It always stays on the card: it can be corrected, not taken off.") if line.lasting else None
    return lines(dated(line), stays, _("Please call it or look it up. What is true?"))


def _ways(here: Here) -> Mapping[str, Text]:
    line = here.facts.help.hotline(here["number"])
    ways = {"right": _("It is right"), "other": _("The number is another")}
    if line is not None and line.active and not line.lasting:
        ways["off"] = _("Take it off")
    return {**ways, "list": _("All numbers")}


def _number(words: str, _here: Here) -> Json:
    words = words.strip()
    if not (words.isascii() and NUMBER.fullmatch(words)):
        raise NotUnderstood(_("Please write the number with digits, for example 116 111."))
    return " ".join(words.split())


hotlines = Conversation(
    name="hotlines",
    title=_("Numbers on the emergency cards"),
    command="hotlines",
    about=_("check the emergency numbers"),
    role="staff",
    steps=(
        Browse(
            name="number",
            question=_("The numbers people see in an emergency. Tap one to check it."),
            items=_items,
            empty="none",
            page=6,
        ),
        Choose(
            name="what",
            question=_one,
            choices=_ways,
            goto={"right": "confirm", "other": "new", "off": "sure", "list": "number"},
        ),
        Do(
            name="confirm",
            does=ConfirmHotline,
            deed=lambda here: ConfirmHotline(here["number"]),
            goto={"done": "done", "refused": "refused"},
        ),
        Write(name="new", question=_("Which number is right?"), check=_number),
        Confirm(
            name="show",
            question=lambda here: _("People will see {number}. Is that right?").of(number=here["new"]),
            goto={"no": "new"},
        ),
        Do(
            name="correct",
            does=CorrectHotline,
            deed=lambda here: CorrectHotline(here["number"], here["new"]),
            goto={"done": "done", "refused": "refused"},
        ),
        Confirm(
            name="sure",
            question=_("Take this number off the cards, from now on?"),
            goto={"no": "what"},
        ),
        Do(
            name="remove",
            does=RemoveHotline,
            deed=lambda here: RemoveHotline(here["number"]),
            goto={"done": "done", "refused": "refused"},
        ),
        End(name="done", text=_("Thank you. People see it like this from now on.")),
        End(name="refused", text=_("That cannot be done: the number always stays, or it is on the list already.")),
        End(name="none", text=_("There is no number yet.")),
    ),
)
