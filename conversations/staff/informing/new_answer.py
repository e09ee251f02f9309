"""A new answer for the answer book: where it is true, in which languages, from which source, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.campaigns import AddAnswer
from conversations.help.answers import TOPICS
from conversations.help.numbers import COUNTRIES
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Text, Words, _, lines, said, verbatim
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here, Json, Step, Tell, Write

QUESTION = fields.words(5, 120)
ANSWER = fields.words(5, 600)
KEEPS: Mapping[str, Text] = {
    "90": _("3 months"),
    "180": _("6 months"),
    "365": _("1 year"),
}


def _places(_here: Here) -> Mapping[str, Text]:
    return {"RS": COUNTRIES["RS"], "BG": COUNTRIES["BG"], "all": _("In both countries"), "town": _("In one town only")}


def _in_town(here: Here) -> bool:
    return bool(here.get("where") == "town")


def _dated(typed: str, here: Here) -> Json:
    if typed == "today":
        return None
    day = here.facts.staff.past_day(typed)
    if day is None:
        raise NotUnderstood(_("Please write the day of the source, for example: 5.3.2026"))
    return day


def _draft(here: Here) -> dict[str, Any]:
    where = here.get("where")
    return {
        "organisation": int(here["organisation"]) if here.get("organisation") else None,
        "topic": here["topic"],
        "country": where if where in COUNTRIES else "",
        "town": fields.town_of(here) if _in_town(here) else None,
        "question": fields.by_language(here, "question"),
        "answer": fields.by_language(here, "answer"),
        "source": fields.said_at(here, "source"),
        "dated": fields.said_at(here, "dated"),
        "days": int(fields.said_at(here, "keeps")),
    }


def _valid(here: Here, draft: dict[str, Any]) -> Text | Words:
    """Where it is true."""
    return here.facts.staff.town_name(draft["town"]) if draft["town"] else _places(here)[str(here["where"])]


def _preview(here: Here) -> Text:
    draft = _draft(here)
    return lines(
        _("👀 This is how people will see it:"),
        TOPICS[draft["topic"]],
        _("📍 {place}").of(place=_valid(here, draft)),
        said(Words.of(draft["question"])),
        said(Words.of(draft["answer"])),
        _("Source: {source}").of(source=draft["source"]),
        _("Languages: {languages}").of(
            languages=Joined(tuple(fields.LANGUAGES[key] for key in draft["answer"]), "and")
        ),
        _("It is shown for {time}; then we ask you whether it is still true.").of(time=KEEPS[str(draft["days"])]),
    )


def _added(here: Here) -> Text:
    link = here.facts.campaigns.link(here["add"]["code"])
    return lines(
        _("✅ It is in the answer book. People can find it now."),
        usual.share(here["add"]["code"]),
        verbatim(link) if link else None,
    )


_CHANGES: Mapping[str, Text] = {
    "question": _("The question"),
    "answer": _("The answer"),
    "source": _("The source"),
    "dated": _("Date of the source"),
    "keeps": _("How long it is true"),
}
"""What can be changed before it is published, by the step that asks for it."""
_ASKING: tuple[Step, ...] = (
    usual.organisation(),
    Choose(name="topic", question=_("Under which topic?"), choices=TOPICS, page=8),
    Choose(name="where", question=_("Where is it true?"), choices=_places),
    Choose(
        name="town",
        question=_("In which town?"),
        choices=fields.towns,
        typed=fields.typed_town,
        when=_in_town,
    ),
    Write(name="question", question=_("The question, as people would ask it:"), check=QUESTION),
    Write(
        name="answer",
        question=_("The answer: two or three plain sentences that a child understands."),
        check=ANSWER,
    ),
    usual.languages(),
    *(
        step
        for language in fields.LANGUAGES
        for step in (
            fields.in_language(
                "question", language, _("The question in this language: {language}"), QUESTION, "languages"
            ),
            fields.in_language("answer", language, _("The answer in this language: {language}"), ANSWER, "languages"),
        )
    ),
    Write(
        name="source", question=_("Where is that written? The law, the office, the page."), check=fields.words(3, 200)
    ),
    Write(
        name="dated",
        question=_("What date is that source?"),
        check=_dated,
        suggestions={"today": _("Today")},
    ),
    Choose(name="keeps", question=_("How long is it surely true?"), choices=KEEPS),
)
_WRITING: tuple[Step, ...] = (
    *_ASKING,
    Choose(
        name="go",
        question=_preview,
        choices={"publish": _("✅ Publish"), "change": usual.CHANGE, "drop": _("🗑 Throw away")},
        goto={"publish": "add", "change": "change", "drop": "dropped"},
    ),
    *usual.changing(_ASKING, _CHANGES, *_CHANGES, back="go"),
    Do(
        name="add",
        does=AddAnswer,
        deed=lambda here: AddAnswer(_draft(here)),
        goto={"added": "added", "incomplete": "incomplete", "refused": "refused"},
    ),
    Tell(name="incomplete", text=_("Something is missing: question, answer or source."), otherwise="go"),
    End(name="added", text=_added),
    End(name="dropped", text=_("All right, it is gone. Nobody has seen it.")),
    End(name="refused", text=usual.REFUSED),
)

new_answer = Conversation(
    name="new_answer",
    title=_("A new answer"),
    role="staff",
    steps=_WRITING,
)
