"""A poster and cards of a listing or of a town, drawn in a language and handed over as a file."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import MakePoster
from conversations.people.words import languages
from conversations.script import Conversation
from conversations.speech import Text, _, lines
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here

DRAWING = _("🖨 It is being drawn. One moment …")
SORRY = _("The drawing did not work this time. Please try again, or tell whoever runs the bot.")
_FORMS: Mapping[str, Text] = {
    "print": _("🖨 To print: a poster and cards"),
    "picture": _("🖼 A picture to send on"),
}


def _number(here: Here, step: str) -> int | None:
    """A listing or town that was seeded or chosen."""
    chosen = str(here.get(step) or "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() else None


def _coming(here: Here) -> Text:
    how = {
        "print": _(
            "Print it on A4 paper; black and white will do. Page 1 is for the wall. Cut page 2 into eight cards."
        ),
        "picture": _("Send it on to groups and neighbours."),
    }
    trial = _("It is marked as a trial: without a public address its code leads nowhere on other phones.")
    return lines(how.get(here["form"], how["print"]), trial if here["make"].get("trial") else None)


poster = Conversation(
    name="poster",
    title=_("A poster"),
    command="poster",
    about=_("a poster with a code, to print"),
    role="staff",
    steps=(
        Choose(
            name="town",
            question=_("Of which town?"),
            choices=fields.towns,
            typed=fields.typed_town,
            when=lambda here: _number(here, "listing") is None,
        ),
        Choose(name="language", question=_("In which language?"), choices=languages),
        Choose(name="form", question=_("What for?"), choices=_FORMS),
        Do(
            name="make",
            does=MakePoster,
            deed=lambda here: MakePoster(
                _number(here, "listing"), _number(here, "town"), str(here["language"]), str(here["form"])
            ),
            goto={"coming": "coming", "over": "over", "no_way": "no_way", "refused": "refused"},
        ),
        End(name="coming", text=_coming),
        End(name="over", text=_("This takes nobody new any more, so there is no poster of it.")),
        End(
            name="no_way",
            text=_("There is no address yet to which a code could lead. Whoever runs the bot can set one up."),
        ),
        End(name="refused", text=usual.REFUSED),
    ),
)
