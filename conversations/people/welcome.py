"""The welcome: language, privacy, age band, place, interests; and then what was wanted in the first place."""

from __future__ import annotations

from conversations.deeds.people import SetInterests, Settle, SetTown
from conversations.people import introducing
from conversations.people.speaking import LANGUAGE_FIRST
from conversations.people.words import (
    NEWS,
    privacy_card,
    privacy_page,
    subjects,
    towns,
)
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, _
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here


def _full_page(here: Here) -> Say:
    url = here.facts.people.privacy_url
    return Say(privacy_page(), (Button(_("Open the full page"), url=url),) if url else ())


def _goodbye(here: Here) -> Text:
    if here.facts.me.needs_guardian and not here.facts.me.may_book:
        return _(
            "Done! Everything can be looked at now. For booking a parent must say yes; I show how when it is time."
        )
    return _("Done! It is good to have you here. 🙂")


def _alone(here: Here) -> bool:
    return not here.facts.me.needs_guardian


welcome = Conversation(
    name="welcome",
    title=_("Welcome"),
    open_to_all=True,
    steps=(
        *LANGUAGE_FIRST,
        Choose(
            name="privacy",
            question=lambda here: privacy_card(here.facts.people.keepers()),
            choices={"ok": _("All right"), "more": _("Read more")},
            goto={"ok": "band", "more": "page"},
        ),
        Choose(name="page", question=_full_page, choices={"ok": _("All right")}),
        *introducing.age(_("How old are you?"), then="town"),
        Choose(
            name="town",
            question=_("Which town or village is closest? Tap it, or write its name."),
            choices=towns,
            skip=_("Skip"),
            when=lambda here: bool(here.facts.people.towns()),
        ),
        Do(
            name="placed",
            does=SetTown,
            deed=lambda here: SetTown(here.get("town")),
            otherwise="interests",
            when=lambda here: "town" in here.answers,
        ),
        ChooseMany(
            name="interests",
            question=_("What sounds interesting? Tap as many as you like, or just “Done”."),
            choices=subjects,
            when=lambda here: bool(here.facts.people.subjects()),
        ),
        Do(
            name="noted",
            does=SetInterests,
            deed=lambda here: SetInterests(tuple(here.get("interests") or ())),
        ),
        Confirm(name="news", question=NEWS, goto={"no": "settled"}, when=_alone),
        Do(name="settled", does=Settle, deed=lambda here: Settle(here.get("news") == "yes")),
        End(name="end", text=_goodbye),
    ),
)
