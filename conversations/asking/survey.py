"""A survey as somebody who was asked meets it: begin, question by question, send or throw away; and "no questions"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conversations.asking.notices import FACES, NO_QUESTIONS, whose
from conversations.deeds.asking import BeginAnswering, DropSurvey, RefuseQuestions, SendAnswers
from conversations.facts.asking import Asked, SurveyCard
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Text, _, lines, n_, said
from conversations.steps import Choose, Confirm, Do, Each, End, Here, Json, Question, Tell

WORDS_MOST = 400
NUMBER_MOST = 1000

KINDS: Mapping[str, Text] = {
    "one": _("☝️ Choose one"),
    "many": _("☑️ Choose several"),
    "faces": _("😊😐🙁 Faces"),
    "number": _("🔢 A number"),
    "text": _("✍️ A few words"),
    "voice": _("🎤 Words or voice"),
}
"""How a question may be answered, as staff choose it."""

_ONE = _("Tap one.")
_MANY = _("Tap all that fit, then “Done”.")
_A_NUMBER = _("Write a number.")
_A_FEW_WORDS = _("Write a few words. Please no names.")
_WORDS_OR_VOICE = _("Write a few words, or send a voice note. Please no names. A voice can be recognised.")
_HOW: Mapping[str, Text] = {
    "one": _ONE,
    "many": _MANY,
    "faces": _ONE,
    "number": _A_NUMBER,
    "text": _A_FEW_WORDS,
    "voice": _WORDS_OR_VOICE,
}


def _survey(here: Here) -> SurveyCard | None:
    return here.facts.asking.survey(int(here.get("survey", 0)))


def _standing(what: str) -> Callable[[Here], bool]:
    def stands(here: Here) -> bool:
        survey = _survey(here)
        return (survey.standing if survey else "not_asked") == what

    return stands


def _number(typed: str, _here: Here) -> Json:
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 5 and int(digits) <= NUMBER_MOST):
        raise NotUnderstood(_("Please write a number from {least} to {most}.").of(least=0, most=NUMBER_MOST))
    return int(digits)


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if not kept:
        raise NotUnderstood(_("Please write a few words."))
    if len(kept) > WORDS_MOST:
        raise NotUnderstood(_("Please make it shorter: at most {n} letters.").of(n=WORDS_MOST))
    return kept


def question_of(asked: Asked, number: int, total: int) -> Question:
    """One question as the engine asks it."""
    choices = tuple(FACES.items()) if asked.kind == "faces" else tuple((k, said(w)) for k, w in asked.choices)
    text = lines(
        _("{number} of {total}: {question}").of(number=number, total=total, question=asked.text), _HOW[asked.kind]
    )
    return Question(
        asked.key,
        text,
        choices if asked.kind in ("one", "many", "faces") else (),
        optional=True,
        check=_number if asked.kind == "number" else _words,
        many=asked.kind == "many",
        kinds=("voice",) if asked.kind == "voice" else (),
    )


def _questions(here: Here) -> tuple[Question, ...]:
    survey = _survey(here)
    asked = survey.questions if survey else ()
    return tuple(question_of(one, number, len(asked)) for number, one in enumerate(asked, 1))


def intro(survey: SurveyCard) -> Text:
    """What it is about, whose it is, whether names stand beside the answers, and until when."""
    return lines(
        _("❓ {title}").of(title=survey.title),
        n_("{n} short question.", "{n} short questions.").of(n=len(survey.questions)),
        whose(survey.anonymous),
        _("Until: {when}").of(when=survey.until),
        _("— {organisation}").of(organisation=survey.organisation),
    )


def seen(card: SurveyCard) -> Text:
    """A survey as people will get it, with all its questions and what can be chosen."""
    told: list[Text] = []
    for number, asked in enumerate(card.questions, 1):
        question = question_of(asked, number, len(card.questions))
        labels = tuple(_("[{label}]").of(label=label) for _key, label in question.choices)
        told += [question.text, *((_("{labels}").of(labels=Joined(labels, "commas")),) if labels else ())]
    return lines(intro(card), *told)


def _intro(here: Here) -> Text:
    survey = _survey(here)
    return intro(survey) if survey else _GONE


_GONE = _("These questions are for people who were asked. Thank you all the same.")


def _thanks(here: Here) -> Text:
    survey = _survey(here)
    return lines(_("✅ Thank you! The answers are with the team."), whose(survey.anonymous) if survey else None)


def _waiting(here: Here) -> Mapping[str, Text]:
    return {str(card.id): said(card.title) for card in here.facts.asking.waiting()}


survey = Conversation(
    name="survey",
    title=_("A few questions"),
    wishes=("survey",),
    resumes=True,
    steps=(
        Tell(
            name="none",
            text=_("There are no questions for you right now. Thank you for offering!"),
            when=lambda here: not here.get("survey") and not _waiting(here),
            otherwise="end",
        ),
        Choose(name="survey", question=_("Which questions?"), choices=_waiting),
        Tell(name="not_asked", text=_GONE, when=_standing("not_asked"), otherwise="end"),
        Tell(
            name="done", text=_("✅ Your answers are here already. Thank you!"), when=_standing("done"), otherwise="end"
        ),
        Tell(name="closed", text=_("This survey is over. Thank you!"), when=_standing("closed"), otherwise="end"),
        Choose(
            name="begin",
            question=_intro,
            choices={"yes": _("✍️ Begin"), "later": _("Not now"), "never": NO_QUESTIONS},
            goto={"later": "put_off", "never": "refuse"},
        ),
        Do(name="since", does=BeginAnswering, deed=lambda _here: BeginAnswering(), otherwise="answers"),
        Each(name="answers", over=_questions),
        Choose(
            name="send",
            question=_("That was all. Send the answers?"),
            choices={"send": _("📨 Send"), "again": _("✏️ From the beginning"), "drop": _("🗑 Throw away")},
            goto={"send": "submit", "again": "answers", "drop": "drop"},
        ),
        Do(
            name="submit",
            does=SendAnswers,
            deed=lambda here: SendAnswers(int(here["survey"]), here["answers"], here["since"]["since"]),
            goto={"sent": "sent", "done": "twice", "closed": "late", "not_asked": "other", "lost": "lost"},
        ),
        Tell(
            name="lost",
            text=_("The voice note is not here any more. Please answer once more."),
            otherwise="answers",
        ),
        Do(
            name="drop",
            does=DropSurvey,
            deed=lambda here: DropSurvey(int(here["survey"]), here["since"]["since"]),
            goto={"dropped": "dropped"},
        ),
        Do(name="refuse", does=RefuseQuestions, deed=lambda _here: RefuseQuestions(True), otherwise="refused"),
        End(name="sent", text=_thanks),
        End(name="twice", text=_("✅ Your answers are here already. Thank you!")),
        End(name="late", text=_("This survey is over. Nothing was kept.")),
        End(name="other", text=_GONE),
        End(name="dropped", text=_("All right. Nothing of it was kept.")),
        End(name="put_off", text=_("All right. The button works until the end of the survey.")),
        End(
            name="refused",
            text=_("All right, no questions any more. “Language, my data, stop” switches them on again."),
        ),
        End(name="end"),
    ),
)


def _refuses(here: Here) -> bool:
    return here.facts.asking.refuses()


no_questions = Conversation(
    name="no_questions",
    title=_("Questions"),
    word="no_questions",
    steps=(
        Confirm(
            name="off",
            question=_("We ask a few questions once a month at most. No questions any more?"),
            yes=NO_QUESTIONS,
            no=_("You may ask"),
            goto={"yes": "refuse", "no": "kept"},
            when=lambda here: not _refuses(here),
        ),
        Confirm(
            name="on",
            question=_("Questions are switched off. May we ask again, once a month at most?"),
            yes=_("You may ask"),
            no=NO_QUESTIONS,
            goto={"yes": "allow", "no": "stay"},
        ),
        Do(name="refuse", does=RefuseQuestions, deed=lambda _here: RefuseQuestions(True), otherwise="stay"),
        Do(name="allow", does=RefuseQuestions, deed=lambda _here: RefuseQuestions(False), otherwise="kept"),
        End(name="stay", text=_("All right, no questions.")),
        End(name="kept", text=_("Thank you. We ask once a month at most.")),
    ),
)
