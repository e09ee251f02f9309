"""The answer book as staff keep it: confirm, correct, translate, read aloud, retire."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import ConfirmAnswer, CorrectAnswer, RetireAnswer, SetVoice
from conversations.facts.campaigns import CardRow
from conversations.help.answers import TOPICS
from conversations.help.numbers import COUNTRIES
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, said, verbatim
from conversations.staff import fields, usual
from conversations.staff.informing.new_answer import ANSWER, QUESTION, new_answer
from conversations.standing import StandingAction
from conversations.steps import Attach, Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write

STILL_TRUE = _("✅ It is still true")
CONFIRM = "confirm_answer"


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.campaigns.book(offset, size)
    return Page(tuple(Item(str(row.card_id), _in_list(row), said(row.question)) for row in rows), total)


def _in_list(row: CardRow) -> Text:
    state = _("⛔ Hidden since {day}") if row.hidden else _("⚠️ Only until {day}") if row.due else _("Until {day}")
    where = said(row.place) if row.place else COUNTRIES.get(row.country, _("In both countries"))
    topic = TOPICS.get(row.topic, verbatim(row.topic))
    return lines(said(row.question), topic, _("📍 {place}").of(place=where), state.of(day=row.review))


def _row(here: Here) -> CardRow | None:
    return here.facts.campaigns.card(int(here["card"]))


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return usual.NOT_YOURS
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
        usual.share(code),
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
        End(name="refused", text=usual.REFUSED),
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
            "refused": usual.NOT_YOURS,
        },
    ),
    StandingAction(name="book", opens="book"),
)
