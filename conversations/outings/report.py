"""Report a place that should be cleaned: a photo, where it is; and staff say when it is clean."""

from __future__ import annotations

from conversations.deeds.outings import MarkCleaned, ReportPlace
from conversations.help.talk import words_for_team
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines
from conversations.steps import Attach, Do, End, Here, Json, Tell

LEAST_LETTERS = 3
"""Shorter than this is no place that anybody finds."""


def place_words(words: str, here: Here) -> Json:
    """Where it is, in words: a picture or a number alone leads nobody there."""
    if sum(one.isalpha() for one in words) < LEAST_LETTERS:
        raise NotUnderstood(_("Please write a few words: the street, or what is beside it."))
    return words_for_team(words, here)


def _report(here: Here) -> ReportPlace:
    photo, where = here.get("photo") or {}, here.get("where") or {}
    return ReportPlace(
        words=str(where.get("text") or ""),
        photo=str(photo.get("attachment") or ""),
        latitude=where.get("latitude"),
        longitude=where.get("longitude"),
    )


def _sent(here: Here) -> Text:
    if here["report"]["outcome"] == "nobody":
        return _("Thank you! It is kept here, but nobody from our team has started yet.")
    return lines(
        _("Thank you! Our team has it, and looks who can clean there."),
        _("When it is clean, I write here."),
    )


report_place = Conversation(
    name="report_place",
    title=_("Report a place to clean"),
    wishes=("rubbish",),
    steps=(
        Attach(
            name="photo",
            question=lines(
                _("🧹 Where is rubbish lying about? Send a photo of the place."),
                _("No people in the picture, please."),
            ),
            kinds=("photo",),
            skip=_("Without a photo"),
        ),
        Attach(
            name="where",
            question=_("Where is it? Send the pin from the map, or write it: street, what is beside it."),
            kinds=("location",),
            asks="location",
            check=place_words,
            place=True,
        ),
        Do(
            name="report",
            does=ReportPlace,
            deed=_report,
            goto={"sent": "end", "added": "end", "nobody": "end", "lost": "lost", "nothing": "where"},
        ),
        Tell(
            name="lost",
            text=_("The photo did not arrive in one piece. Please send it once more."),
            otherwise="photo",
        ),
        End(name="end", text=_sent),
    ),
)

cleaned = Conversation(
    name="cleaned",
    title=_("A place is clean"),
    role="staff",
    alone=True,
    steps=(
        Attach(
            name="photo",
            question=_("Send a photo of how it looks now. No people in the picture, please."),
            kinds=("photo",),
            skip=_("Without a photo"),
        ),
        Do(
            name="mark",
            does=MarkCleaned,
            deed=lambda here: MarkCleaned(str(here["request"]), str((here.get("photo") or {}).get("attachment") or "")),
            goto={"told": "told", "unreachable": "unreachable", "lost": "photo", "gone": "gone"},
        ),
        End(name="told", text=_("✅ Closed. Who reported it is told.")),
        End(name="unreachable", text=_("Closed. Who reported it cannot be reached any more.")),
        End(name="gone"),  # the inbox, where it goes back to, says that it is closed
    ),
)
