"""The answer book as staff keep it: write, confirm, correct, translate, read aloud, retire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.campaigns import AddAnswer, ConfirmAnswer, CorrectAnswer, RetireAnswer, SetVoice
from conversations.facts.campaigns import CardRow
from conversations.help.answers import TOPICS
from conversations.help.numbers import COUNTRIES
from conversations.script import (
    Attach,
    Browse,
    Choose,
    ChooseMany,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Item,
    Json,
    Open,
    Page,
    Step,
    Tell,
    Write,
)
from conversations.speech import Joined, NotUnderstood, Text, Words, _, lines, said, verbatim
from conversations.staff import fields
from conversations.standing import StandingAction

QUESTION = fields.words(5, 120)
ANSWER = fields.words(5, 600)
_REFUSED = _("Only staff of the organisation can do this.")
STILL_TRUE = _("✅ It is still true")
CONFIRM = "confirm_answer"
_KEEPS: Mapping[str, Text] = {
    "90": _("3 months"),
    "180": _("6 months"),
    "365": _("1 year"),
}


# ---------------------------------------------------------------- writing a new one


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
        "source": here["source"],
        "dated": here.get("dated"),
        "days": int(here["keeps"]),
    }


def _preview(here: Here) -> Text:
    draft = _draft(here)
    return lines(
        _("👀 This is how people will see it:"),
        TOPICS[draft["topic"]],
        said(Words.of(draft["question"])),
        said(Words.of(draft["answer"])),
        _("Source: {source}").of(source=draft["source"]),
        _("Languages: {languages}").of(
            languages=Joined(tuple(fields.LANGUAGES[key] for key in draft["answer"]), "and")
        ),
        _("It is shown for {time}; then we ask you whether it is still true.").of(time=_KEEPS[here["keeps"]]),
    )


def _added(here: Here) -> Text:
    link = here.facts.campaigns.link(here["add"]["code"])
    return lines(
        _("✅ It is in the answer book. People can find it now."),
        _("To share it, let people write: {code}").of(code=verbatim(f"/start {here['add']['code']}")),
        verbatim(link) if link else None,
    )


_WRITING: tuple[Step, ...] = (
    Choose(
        name="organisation",
        question=_("For which organisation?"),
        choices=fields.organisations,
        when=fields.several_organisations,
    ),
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
    ChooseMany(
        name="languages",
        question=_("Would you like to write it in other languages too? Without it, people see the text as it is."),
        choices=fields.other_languages,
    ),
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
        question=_("Of which day is that source?"),
        check=_dated,
        suggestions={"today": _("Today")},
    ),
    Choose(name="keeps", question=_("How long is it surely true?"), choices=_KEEPS),
    Choose(
        name="go",
        question=_preview,
        choices={"publish": _("✅ Publish"), "answer": _("✏️ Change the answer"), "drop": _("🗑 Throw away")},
        goto={"publish": "add", "answer": "new_answer", "drop": "dropped"},
    ),
    Write(name="new_answer", question=_("What should it say instead?"), check=ANSWER, otherwise="go"),
    Do(
        name="add",
        does=AddAnswer,
        deed=lambda here: AddAnswer(_draft(here)),
        goto={"added": "added", "incomplete": "incomplete", "refused": "refused"},
    ),
    Tell(name="incomplete", text=_("Something is missing: question, answer or source."), otherwise="go"),
    End(name="added", text=_added),
    End(name="dropped", text=_("All right, it is gone. Nobody has seen it.")),
    End(name="refused", text=_REFUSED),
)

new_answer = Conversation(
    name="new_answer",
    title=_("A new answer"),
    role="staff",
    steps=_WRITING,
)


# ---------------------------------------------------------------- keeping the book


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.campaigns.book(offset, size)
    return Page(tuple(Item(str(row.card_id), _in_list(row), said(row.question)) for row in rows), total)


def _in_list(row: CardRow) -> Text:
    state = _("⛔ Hidden since {day}") if row.hidden else _("⚠️ Only until {day}") if row.due else _("Until {day}")
    return lines(said(row.question), TOPICS.get(row.topic, verbatim(row.topic)), state.of(day=row.review))


def _row(here: Here) -> CardRow | None:
    return here.facts.campaigns.card(int(here["card"]))


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _("This is not there, or it is not yours to change.")
    return lines(
        _in_list(row),
        said(row.answer),
        _("Source: {source}, {date}").of(source=row.source, date=row.dated),
        _("Languages: {languages}").of(languages=Joined(tuple(fields.LANGUAGES[key] for key in row.languages), "and")),
        _("🔊 Read aloud: {languages}").of(languages=Joined(tuple(fields.LANGUAGES[key] for key in row.voices), "and"))
        if row.voices
        else None,
        _("👍 {helped}  👎 {missed} in 30 days").of(helped=row.helped, missed=row.missed),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    if _row(here) is None:
        return {"done": _("All right")}
    return {
        "true": STILL_TRUE,
        "answer": _("✏️ Change the answer"),
        "question": _("✏️ Change the question"),
        "voice": _("🔊 Add a voice note"),
        "share": _("🔗 Share"),
        "retire": _("🗑 Take it out"),
        "done": _("All right"),
    }


def _share(here: Here) -> Text:
    row = _row(here)
    code = row.code if row else ""
    return lines(
        _("To share it, let people write: {code}").of(code=verbatim(f"/start {code}")),
        verbatim(here.facts.campaigns.link(code)),
    )


def _voice(here: Here) -> SetVoice:
    return SetVoice(int(here["card"]), here["language"], str((here["note"] or {}).get("attachment") or ""))


_AGAIN = Open("book", lambda here: {"card": here["card"]}, instead=True)
_LIST = Open("book", instead=True)

book = Conversation(
    name="book",
    title=_("The answer book"),
    command="answers",
    about=_("write and check answers"),
    role="staff",
    steps=(
        Browse(
            name="card",
            question=_("📖 Answers that we look after. Those that run out come first."),
            items=_items,
            choices={"new": _("➕ A new answer")},
            goto={"new": Open("new_answer")},
            empty="none",
        ),
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=8,
            goto={
                "true": "confirm",
                "answer": "language",
                "question": "language",
                "voice": "language",
                "share": "share",
                "retire": "sure",
                "done": "end",
            },
            otherwise="end",
        ),
        Choose(name="language", question=_("In which language?"), choices=fields.LANGUAGES),
        Attach(
            name="note",
            question=_("Send a voice note: read the question and the answer aloud, slowly."),
            kinds=("voice",),
            when=lambda here: here.get("act") == "voice",
            otherwise="set_voice",
        ),
        Write(
            name="words",
            question=_("What should it say instead?"),
            check=lambda typed, here: (QUESTION if here["act"] == "question" else ANSWER)(typed, here),
        ),
        Do(
            name="correct",
            does=CorrectAnswer,
            deed=lambda here: CorrectAnswer(int(here["card"]), here["act"], here["language"], here["words"]),
            goto={"saved": "saved", "refused": "refused"},
        ),
        Do(
            name="set_voice",
            does=SetVoice,
            deed=_voice,
            goto={"saved": "saved", "lost": "lost", "refused": "refused"},
        ),
        Tell(name="saved", text=_("✅ It is changed."), otherwise=_AGAIN),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="note"),
        Do(
            name="confirm",
            does=ConfirmAnswer,
            deed=lambda here: ConfirmAnswer(int(here["card"])),
            goto={"confirmed": "confirmed", "refused": "refused"},
        ),
        Tell(name="confirmed", text=_("✅ Noted: it is still true. We ask again in half a year."), otherwise=_LIST),
        Tell(name="share", text=_share, otherwise=_AGAIN),
        Confirm(name="sure", question=_("Take this answer out of the book? Nobody will find it."), goto={"no": "act"}),
        Do(
            name="retire",
            does=RetireAnswer,
            deed=lambda here: RetireAnswer(int(here["card"])),
            goto={"retired": "retired", "refused": "refused"},
        ),
        Tell(name="retired", text=_("🗑 It is out of the book."), otherwise=_LIST),
        End(name="none", text=_("There is no answer yet.")),
        End(name="refused", text=_REFUSED),
        End(name="end", text=_("All right.")),
    ),
)

CONVERSATIONS: tuple[Conversation, ...] = (new_answer, book)
STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name=CONFIRM,
        does=ConfirmAnswer,
        deed=lambda about: ConfirmAnswer(int(about["card"])),
        says={
            "confirmed": _("✅ Noted: it is still true. We ask again in half a year."),
            "refused": _("This is not there, or it is not yours to change."),
        },
    ),
    StandingAction(name="book", opens="book"),
)
