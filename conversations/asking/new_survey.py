"""The wizard for a survey: title, with names or without, five questions at most, whom, until when; preview, send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conversations.asking import audience
from conversations.asking.survey import KINDS, seen
from conversations.deeds.asking import SendSurvey
from conversations.facts.asking import Asked, SurveyCard
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Say, Text, Words, _, lines
from conversations.staff import fields, usual
from conversations.staff.writing import sending
from conversations.steps import Choose, Do, End, Here, Json, Open, Step, Tell, Write

MOST = 5
CHOICES_MOST = 6
CHOICE_MOST = 40
_TITLE = fields.words(3, 60)
_TEXT = fields.words(3, 120)


def _choices(typed: str, _here: Here) -> Json:
    """What can be chosen, each on a line of its own or between commas."""
    parts = [part.strip() for part in typed.replace(";", ",").replace("\n", ",").split(",")]
    kept = list(dict.fromkeys(part for part in parts if part))
    if not 2 <= len(kept) <= CHOICES_MOST or any(len(part) > CHOICE_MOST for part in kept):
        raise NotUnderstood(
            _("Please write 2 to {n} answers, with commas between them, each of {letters} letters at most.").of(
                n=CHOICES_MOST, letters=CHOICE_MOST
            )
        )
    return kept


def _asked(number: int) -> Callable[[Here], bool]:
    """True if the wizard came to that question."""

    def came(here: Here) -> bool:
        before = [f"kind{one}" for one in range(1, number + 1)]
        return not _repeated(here) and all(here.get(step) not in (None, "enough") for step in before)

    return came


def _repeated(here: Here) -> bool:
    return bool(here.get("again"))


def _written(here: Here) -> bool:
    return not _repeated(here)


def _kinds(number: int) -> Callable[[Here], Mapping[str, Text]]:
    enough = {"enough": _("✅ No more questions")} if number > 1 else {}
    return lambda _here: {**KINDS, **enough}


def _may_ask(number: int) -> Callable[[Here], bool]:
    return _written if number == 1 else _asked(number - 1)


def _lists(number: int) -> Callable[[Here], bool]:
    asked = _asked(number)
    return lambda here: asked(here) and here.get(f"kind{number}") in ("one", "many")


def _in(language: str, when: Callable[[Here], bool]) -> Callable[[Here], bool]:
    return lambda here: when(here) and language in (here.get("in_languages") or ())


def _as_many(number: int) -> Callable[[str, Here], Json]:
    """Answers in another language: as many as in the first, in the same order."""

    def check(typed: str, here: Here) -> Json:
        kept = _choices(typed, here)
        if len(kept) != len(here[f"choices{number}"]):
            raise NotUnderstood(
                _("Please write the same {n} answers, in the same order.").of(n=len(here[f"choices{number}"]))
            )
        return kept

    return check


def _block(number: int) -> tuple[Step, ...]:
    """The steps for one question."""
    return (
        Choose(
            name=f"kind{number}",
            question=_("Question {number}: how is it answered?").of(number=number),
            choices=_kinds(number),
            page=8,
            when=_may_ask(number),
        ),
        Write(name=f"text{number}", question=_("What do you ask?"), check=_TEXT, when=_asked(number)),
        Write(
            name=f"choices{number}",
            question=_("What can be chosen? Write the answers with commas between them."),
            check=_choices,
            when=_lists(number),
        ),
        *(
            step
            for language in fields.LANGUAGES
            for step in (
                Write(
                    name=f"text{number}_{language}",
                    question=_("The question in this language: {language}").of(language=fields.LANGUAGES[language]),
                    check=_TEXT,
                    skip=_("Leave it out"),
                    when=_in(language, _asked(number)),
                ),
                Write(
                    name=f"choices{number}_{language}",
                    question=_("The answers in this language: {language}").of(language=fields.LANGUAGES[language]),
                    check=_as_many(number),
                    skip=_("Leave it out"),
                    when=_in(language, _lists(number)),
                ),
            )
        ),
    )


def _questions(here: Here) -> list[dict[str, Any]]:
    """The questions as they were gathered."""
    found: list[dict[str, Any]] = []
    for number in range(1, MOST + 1):
        if not _asked(number)(here):
            break
        found.append(
            {
                "kind": here[f"kind{number}"],
                "text": fields.by_language(here, f"text{number}"),
                "choices": _choices_of(here, number) if _lists(number)(here) else {},
            }
        )
    return found


def _choices_of(here: Here, number: int) -> dict[str, dict[str, str]]:
    by_language = fields.by_language(here, f"choices{number}")
    count = len(here[f"choices{number}"])
    return {
        f"c{place + 1}": {language: words[place] for language, words in by_language.items()} for place in range(count)
    }


def draft_of(here: Here) -> dict[str, Any]:
    """What was gathered, as JSON: the deed and the facts read it."""
    organisation = here.get("organisation")
    return {
        **audience.audience_of(here),
        "organisation": int(organisation) if organisation else None,
        "again": int(here["again"]) if _repeated(here) else None,
        "title": fields.by_language(here, "title"),
        "anonymous": here.get("whose") == "anonymous",
        "questions": [] if _repeated(here) else _questions(here),
        "most": here.get("most") or 0,
        "closes": fields.said_at(here, "closes"),
        "due": here.get("due") if here.get("go") == "later" else None,
    }


def _card(here: Here) -> SurveyCard | None:
    """The survey as those who are asked will see it."""
    name = fields.organisation_name(here)
    until = here.facts.staff.moment(fields.said_at(here, "closes"), None)
    if _repeated(here):
        row = here.facts.asking.survey_row(int(here["again"]))
        return SurveyCard(0, row.title, name, row.anonymous, row.questions, "open", until) if row else None
    draft = draft_of(here)
    questions = tuple(
        Asked(
            f"q{number}",
            one["kind"],
            Words.of(one["text"]),
            tuple((key, Words.of(words)) for key, words in one["choices"].items()),
        )
        for number, one in enumerate(draft["questions"], 1)
    )
    return SurveyCard(0, Words.of(draft["title"]), name, draft["anonymous"], questions, "open", until)


def _preview(here: Here) -> Say:
    card = _card(here)
    if card is None:
        return Say(_("This is not there, or it is not yours to see."))
    return Say(lines(_("👀 This is how people will get it:"), seen(card), _reached(here)))


def _reached(here: Here) -> Text:
    reach = here.facts.asking.reach(draft_of(here))
    fewer = _("⚠️ That is more than may be spent. Please ask fewer people.")
    return sending.reached(reach, None if reach.affordable else fewer)


def _ways_on(here: Here) -> Mapping[str, Text]:
    """Sending it, where there is anybody to ask by now; and the ways on."""
    now = {"now": _("📤 Send now")} if here.facts.asking.reach(draft_of(here)).reached else {}
    return {
        **now,
        "later": _("🕗 Send later"),
        "whom": _("👥 Choose other people"),
        "change": usual.CHANGE,
        "drop": _("🗑 Throw away"),
    }


def _sure(here: Here) -> Text:
    return sending.is_sure(here, here.facts.asking.reach(draft_of(here)).reached)


_TEXTS = tuple(f"text{number}" for number in range(1, MOST + 1))


def _changes(here: Here) -> Mapping[str, Text]:
    """What can be written anew before it is sent; the answers to choose belong together in all languages."""
    asked = {
        text: _("Question {number}").of(number=number) for number, text in enumerate(_TEXTS, 1) if _asked(number)(here)
    }
    title = {"title": _("Title")} if _written(here) else {}
    return {**title, **asked, "closes": _("Deadline")}


_ASKING: tuple[Step, ...] = (
    usual.organisation(when=lambda here: fields.several_organisations(here) and not _repeated(here)),
    Write(
        name="title",
        question=_("What is the survey about? A few plain words."),
        check=_TITLE,
        when=_written,
    ),
    Choose(
        name="whose",
        question=_("Should names stand beside the answers? Without names, nobody can ever find out who said what."),
        choices={"anonymous": _("🙈 Without names"), "named": _("🙂 With names")},
        when=_written,
    ),
    usual.languages("in_languages", when=_written),
    *(
        fields.in_language("title", language, _("The title in this language: {language}"), _TITLE, "in_languages")
        for language in fields.LANGUAGES
    ),
    *(step for number in range(1, MOST + 1) for step in _block(number)),
    *audience.STEPS,
    usual.count(
        "most",
        _("How many people at most? Those who were asked longest ago come first."),
        between=(5, 10000),
        likely=(20, 50, 100),
        skip=_("All of them"),
    ),
    usual.moment("closes", _("Until when can people answer? A day is enough, for example: 26.11."), deadline=True),
)
_STEPS: tuple[Step, ...] = (
    *_ASKING,
    Choose(
        name="go",
        question=_preview,
        choices=_ways_on,
        goto={"now": "sure", "later": "due", "whom": "whom", "change": "change", "drop": "dropped"},
    ),
    *usual.changing(_ASKING, _changes, "title", *_TEXTS, "closes", back="go"),
    *sending.last_look(_sure),
    Do(
        name="send",
        does=SendSurvey,
        deed=lambda here: SendSurvey(draft_of(here)),
        goto={
            "sending": "under_way",
            "scheduled": "under_way",
            "nobody": "nobody",
            "unpaid": "unpaid",
            "past": "past",
            "incomplete": "incomplete",
            "refused": "refused",
        },
    ),
    Tell(name="nobody", text=_("Nobody fits that, or all of them were asked within the last month."), otherwise="whom"),
    Tell(name="unpaid", text=_("There is not enough money left for that. Nothing was sent."), otherwise="whom"),
    Tell(name="past", text=_("It would end before it begins. Please choose a later day."), otherwise="new_closes"),
    End(name="incomplete", text=_("A question is missing something. Nothing was sent.")),
    End(name="refused", text=usual.REFUSED),
    End(name="under_way", then=Open("survey_report", lambda here: {"survey": here["send"]["survey"]})),
)

new_survey = Conversation(
    name="new_survey",
    title=_("A new survey"),
    command="survey",
    about=_("ask people a few questions"),
    role="staff",
    steps=_STEPS,
)
