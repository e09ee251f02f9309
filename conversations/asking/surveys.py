"""The surveys of an organisation: how they go, end one, results as words and files, back to those asked, ask again."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.asking import notices
from conversations.deeds.asking import CloseSurvey, ShowResults, TellResults
from conversations.facts.asking import Asked, Months, SurveyRow, Told
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, Value, _, lines, n_, said
from conversations.staff import usual
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Json, Open, Page, Tell

WORDS_SHOWN = 12


def _row(here: Here) -> SurveyRow | None:
    return here.facts.asking.survey_row(int(here.get("survey", 0)))


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.asking.surveys(offset, size)
    return Page(tuple(Item(str(row.id), _line(row), _("Look")) for row in rows), total)


def _line(row: SurveyRow) -> Text:
    return lines(
        _("📊 {title}").of(title=row.title),
        _("Until: {when}").of(when=row.until) if row.state == "open" else _("It has ended."),
        _("{answered} of {asked} answered").of(answered=row.answered, asked=row.asked),
    )


def _told(one: Told) -> Text:
    if one.few:
        few = _("fewer than 5 answers, so nothing is shown")
        return lines(_("❓ {question}").of(question=one.question.text), few)
    if one.counts:
        return notices.counts(one.question, one.counts)
    quoted: tuple[Value, ...] = tuple(_("“{words}”").of(words=words) for words in one.words[:WORDS_SHOWN])
    return lines(
        _("❓ {question}").of(question=one.question.text),
        _("{words}").of(words=Joined(quoted)) if quoted else None,
        n_("🎤 {n} voice note", "🎤 {n} voice notes").of(n=one.voices) if one.voices else None,
    )


def _report(here: Here) -> Say:
    row = _row(here)
    if row is None:
        return Say(_("This is not there, or it is not yours to see."))
    results = [_told(one) for one in row.results]
    waiting = _("Results are shown when it has ended: so nobody can tell whose answer came last.")
    return Say(lines(_line(row), *(results or [waiting])), replaces=True)


def _counted(row: SurveyRow) -> tuple[Asked, ...]:
    return tuple(one.question for one in row.results if one.counts and not one.few)


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"close": _("All right")}
    ways: dict[str, Text] = {}
    if row.state == "open":
        return {
            "refresh": _("🔄 How is it going?"),
            "sent": _("📤 Who got it"),
            "stop": _("⏹ End it now"),
            "close": _("All right"),
        }
    if _counted(row):
        if not row.back:
            ways["back"] = _("📣 Tell those who were asked")
        ways["picture"] = _("🖼 Picture")
        if row.times > 1:
            ways["months"] = _("📈 The same over time")
    if any(not one.few for one in row.results):
        ways["sheet"] = _("📄 As a table")
    if any(one.voices for one in row.results):
        ways["voices"] = _("🎤 Listen")
    return {**ways, "again": _("🔁 Ask the same again"), "close": _("All right")}


def _pictures(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    return {one.key: said(one.text) for one in _counted(row)} if row else {}


def _spoken(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    return {one.question.key: said(one.question.text) for one in row.results if one.voices} if row else {}


def _same(here: Here) -> dict[str, Json]:
    return {"survey": here["survey"]}


_BACK = Open("survey_report", _same, instead=True)


def _month(one: Months) -> Text:
    rows = tuple(
        _("{when}: {counts}").of(
            when=when,
            counts=Joined(
                tuple(_("{label}: {n}").of(label=notices.label(one.question, key), n=n) for key, n in counts), "commas"
            )
            if counts is not None
            else _("fewer than 5 answers"),
        )
        for when, counts in one.rows
    )
    return lines(_("❓ {question}").of(question=one.question.text), *rows)


def _months(here: Here) -> Text:
    return lines(
        _("📈 The same questions over time:"), *(_month(one) for one in here.facts.asking.months(int(here["survey"])))
    )


def _preview(here: Here) -> Say:
    row = _row(here)
    told = [(one.question, one.counts) for one in row.results if one.counts and not one.few] if row else []
    if row is None or not told:
        return Say(_FEW)
    return Say(
        lines(
            _("👀 This is how people will get it:"),
            notices.results(row.title, row.answered, told),
            _("It goes to everybody who was asked. Words and voices are not in it. Send it?"),
        )
    )


_FEW = _("Fewer than 5 people have answered: nothing can be told.")

surveys = Conversation(
    name="surveys",
    title=_("Surveys"),
    command="surveys",
    about=_("surveys and their results"),
    role="staff",
    steps=(
        Browse(
            name="which",
            question=_("Surveys of your organisation, the newest first:"),
            items=_items,
            choices={"new": _("➕ A new survey")},
            goto={"new": Open("new_survey")},
            empty="none",
            otherwise=Open("survey_report", lambda here: {"survey": int(here["which"])}),
        ),
        Confirm(
            name="none",
            question=_("There is no survey yet. Begin one?"),
            goto={"yes": Open("new_survey", instead=True), "no": "end"},
        ),
        End(name="end", text=_("All right.")),
    ),
)

survey_report = Conversation(
    name="survey_report",
    title=_("How a survey goes"),
    role="staff",
    alone=True,
    steps=(
        Choose(
            name="go",
            question=_report,
            choices=_ways,
            page=8,
            goto={
                "refresh": _BACK,
                "sent": Open("sent", lambda here: {"broadcast": row.broadcast_id if (row := _row(here)) else 0}),
                "stop": "sure",
                "back": "preview",
                "picture": "question",
                "months": "months",
                "sheet": "sheet",
                "voices": "spoken",
                "again": Open("new_survey", lambda here: {"again": here["survey"]}),
                "close": "end",
            },
            otherwise="end",
        ),
        Confirm(
            name="sure",
            question=_("End it? Nobody can answer any more, and nobody else is asked."),
            goto={"no": "goes_on"},
        ),
        Do(
            name="stop",
            does=CloseSurvey,
            deed=lambda here: CloseSurvey(int(here["survey"])),
            goto={"closed": "ended", "over": "ended", "refused": "refused"},
        ),
        Tell(name="ended", text=_("⏹ It has ended."), otherwise=_BACK),
        Tell(name="goes_on", text=_("All right, it goes on."), otherwise=_BACK),
        Confirm(name="preview", question=_preview, yes=_("📣 Yes, send it"), goto={"yes": "tell", "no": "not_told"}),
        Do(
            name="tell",
            does=TellResults,
            deed=lambda here: TellResults(int(here["survey"])),
            goto={
                "sending": "told",
                "few": "few",
                "told": "told",
                "nobody": "nobody",
                "unpaid": "unpaid",
                "refused": "refused",
            },
        ),
        Tell(name="told", text=_("📣 The results go back to those who were asked."), otherwise=_BACK),
        Tell(name="few", text=_FEW, otherwise=_BACK),
        Tell(name="nobody", text=_("None of them can be written to right now. Try again tomorrow."), otherwise=_BACK),
        Tell(name="unpaid", text=_("There is not enough money left for that. Nothing was sent."), otherwise=_BACK),
        Tell(name="not_told", text=_("All right, nothing was sent."), otherwise=_BACK),
        Choose(name="question", question=_("Of which question?"), choices=_pictures),
        Do(
            name="draw",
            does=ShowResults,
            deed=lambda here: ShowResults(int(here["survey"]), "picture", here["question"]),
            goto={"coming": _BACK, "nothing": "few", "refused": "refused"},
        ),
        Tell(name="months", text=_months),
        Do(
            name="draw_months",
            does=ShowResults,
            deed=lambda here: ShowResults(int(here["survey"]), "months", next(iter(_pictures(here)), "")),
            goto={"coming": _BACK, "nothing": "few", "refused": "refused"},
        ),
        Do(
            name="sheet",
            does=ShowResults,
            deed=lambda here: ShowResults(int(here["survey"]), "sheet"),
            goto={"coming": _BACK, "nothing": "few", "refused": "refused"},
        ),
        Choose(name="spoken", question=_("Of which question?"), choices=_spoken),
        Do(
            name="listen",
            does=ShowResults,
            deed=lambda here: ShowResults(int(here["survey"]), "voices", here["spoken"]),
            goto={"coming": _BACK, "nothing": "few", "refused": "refused"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
