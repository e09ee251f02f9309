"""The menu: six ways on at most, and whatever is typed is looked for."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.offers.find import look_for
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, End, Here, Open


def _choices(here: Here) -> Mapping[str, Text]:
    choices = {
        "find": _("🔎 What is on"),
        "bookings": _("📅 My bookings"),
        "talk": _("💬 Talk to a person"),
        "calls": _("💼 Jobs, training, grants"),
        "help": _("ℹ️ Help and rights"),
        "more": _("⚙️ Language, my data, stop"),
    }
    if "staff" in here.facts.me.roles or "admin" in here.facts.me.roles:
        choices["desk"] = _("🗂 For staff")
    elif "safeguarding" in here.facts.me.roles:
        choices["cases"] = _("🛟 Safety cases")
    elif "professional" in here.facts.me.roles:
        choices["calendar"] = _("🗓 My calendar")
    if "leader" in here.facts.me.roles:
        choices["leading"] = _("🧑‍🏫 What I lead")
    return choices


menu = Conversation(
    name="menu",
    title=_("Menu"),
    command="menu",
    about=_("everything there is"),
    steps=(
        Choose(
            name="where",
            question=_("What would you like? You can also write what you are looking for."),
            choices=_choices,
            page=8,
            goto={
                "find": Open("find"),
                "bookings": Open("bookings"),
                "talk": Open("talk"),
                "calls": Open("calls"),
                "help": Open("help"),
                "more": Open("settings"),
                "desk": Open("desk"),
                "cases": Open("cases"),
                "calendar": Open("calendar"),
                "leading": Open("leading"),
            },
            typed=look_for,
        ),
        End(name="end"),
    ),
)
