"""/new: a wizard for a series of meetings, an event, a call or a grant; preview, publish, undo."""

from __future__ import annotations

from conversations.deeds.asking import MakeClub
from conversations.deeds.staff import PublishListing, WithdrawListing
from conversations.script import Conversation
from conversations.speech import Joined, Text, _
from conversations.staff import fields, notices, usual
from conversations.staff.publishing import questions
from conversations.staff.publishing.drafts import draft_of, holidays, is_call, preview
from conversations.standing import StandingAction
from conversations.steps import Choose, ChooseMany, Confirm, Do, End, Here, Open, Step, Tell, Write


def _holiday_question(here: Here) -> Text:
    return _("Holidays and school breaks: {dates}. Leave them out?").of(dates=Joined(holidays(here), "commas"))


def _not_call(here: Here) -> bool:
    return not is_call(here)


def _series(here: Here) -> bool:
    return bool(here.get("what") == "series")


def _visit(here: Here) -> bool:
    return bool(here.get("what") == "event" and here.get("kind") == "visit")


_ASKING: tuple[Step, ...] = (
    Choose(
        name="what",
        question=_("What would you like to publish?"),
        choices={
            "series": _("🔁 A series of meetings"),
            "event": _("🎉 One event"),
            "job": _("💼 Internship, job or training"),
            "grant": _("💶 A grant"),
            "appointments": _("🗓 Appointments with somebody"),
            "seats": _("🖥 Seats by the hour"),
            "import": _("📊 From a table"),
            "answer": _("📖 An answer for everybody"),
            "announce": _("📺 A programme or event elsewhere"),
            "survey": _("❓ A survey"),
            "vote": _("🗳 A vote"),
            "box": _("📮 A box for questions or stories"),
        },
        page=12,
        goto={
            "answer": Open("new_answer", instead=True),
            "announce": Open("announce", instead=True),
            "survey": Open("new_survey", instead=True),
            "vote": Open("new_vote", instead=True),
            "box": Open("new_box", instead=True),
            "appointments": Open("new_service", instead=True),
            "seats": Open("new_resource", instead=True),
            "import": Open("import_sheet", instead=True),
        },
    ),
    usual.organisation(),
    Choose(
        name="kind",
        question=_("What kind is it? People can look for it by this."),
        choices=questions.kinds,
        when=lambda here: here.get("what") != "grant",
    ),
    Write(name="title", question=questions.ASK_TITLE, check=questions.TITLE),
    Write(name="summary", question=questions.ASK_SUMMARY, check=questions.SUMMARY),
    usual.languages(),
    *(
        step
        for language in fields.LANGUAGES
        for step in (
            fields.in_language(
                "title", language, _("The title in this language: {language}"), questions.TITLE, "languages"
            ),
            fields.in_language(
                "summary", language, _("The description in this language: {language}"), questions.SUMMARY, "languages"
            ),
        )
    ),
    Choose(
        name="subject",
        question=questions.ASK_SUBJECT,
        choices=fields.subjects,
        skip=questions.NONE_OF_THESE,
    ),
    Choose(name="town", question=questions.ASK_TOWN, choices=questions.towns, typed=fields.typed_town),
    Choose(
        name="site",
        question=questions.ASK_SITE,
        choices=usual.sites,
        page=usual.SITES_SEEN,
        skip=_("Not known yet"),
        when=questions.in_a_town,
    ),
    usual.NAMED_SITE,
    usual.moment("first", questions.ask_first, when=_not_call),
    Write(
        name="minutes",
        question=questions.ASK_MINUTES,
        check=fields.number(5, 720),
        suggestions=questions.MINUTES,
        when=_not_call,
    ),
    Choose(name="every", question=questions.ASK_EVERY, choices=questions.EVERY, when=_series),
    usual.count("times", questions.ASK_TIMES, between=(2, 60), likely=(4, 6, 8, 10), when=_series),
    Choose(
        name="enrols",
        question=_("How do people book it?"),
        choices=questions.enrols,
        when=_series,
    ),
    Choose(
        name="holidays",
        question=_holiday_question,
        choices=questions.HOLIDAYS,
        when=lambda here: bool(holidays(here)),
    ),
    Write(
        name="bring",
        question=_("What should people bring?"),
        check=questions.SHORT,
        skip=_("Nothing"),
        when=_not_call,
    ),
    Choose(
        name="trip",
        question=questions.ASK_TRIP,
        choices=questions.TRIP,
        when=_visit,
    ),
    Write(
        name="point",
        question=questions.ASK_POINT,
        check=fields.words(3, 200),
        skip=_("Not known yet"),
        when=lambda here: _visit(here) and here.get("trip") == "yes",
    ),
    Write(
        name="criteria",
        question=questions.ASK_CRITERIA,
        check=questions.SUMMARY,
        skip=_("Everybody"),
        when=is_call,
    ),
    Write(
        name="offered",
        question=_("What is offered? For example pay, a certificate, travel costs."),
        check=questions.SHORT,
        skip=_("Skip"),
        when=is_call,
    ),
    usual.moment("closes", questions.ASK_CLOSES, deadline=True, when=is_call),
    usual.count("places", questions.ask_places, between=(1, 1000), likely=(8, 10, 15, 20)),
    Choose(name="remind", question=questions.ASK_REMIND, choices=questions.reminders),
    ChooseMany(name="bands", question=questions.ASK_BANDS, choices=fields.bands),
)

_CHANGING: tuple[Step, ...] = (
    *usual.changing(
        _ASKING,
        questions.changes,
        "title",
        "summary",
        "subject",
        "first",
        "minutes",
        "bring",
        "every",
        "times",
        "enrols",
        "trip",
        "point",
        "closes",
        "criteria",
        "offered",
        "places",
        "remind",
        "bands",
        also={"town": "new_town"},
    ),
    Choose(name="new_town", question=questions.ASK_TOWN, choices=questions.towns, typed=fields.typed_town),
    Choose(
        name="new_site",
        question=questions.ASK_SITE,
        when=questions.in_a_town,
        choices=usual.sites,
        page=usual.SITES_SEEN,
        skip=_("Not known yet"),
        goto={"other": "new_site_name"},
        otherwise="preview",
    ),
    Write(
        name="new_site_name",
        question=usual.SITE_NAME,
        check=fields.words(2, 80),
        when=questions.in_a_town,
        otherwise="preview",
    ),
    Tell(name="everywhere", text=_("All right, everywhere."), otherwise="preview"),
)


def _seed(here: Here) -> dict[str, object]:
    """What the message about it begins with."""
    return {"start": "new", "call": here["publish"]["listing"]}


_PUBLISHING: tuple[Step, ...] = (
    Choose(
        name="preview",
        question=preview,
        choices={"publish": _("✅ Publish"), "change": _("✏️ Change something"), "drop": _("🗑 Throw away")},
        goto={"publish": "publish", "change": "change", "drop": "sure"},
    ),
    *_CHANGING,
    *fields.THROWN_AWAY,
    Do(
        name="publish",
        does=PublishListing,
        deed=lambda here: PublishListing(draft_of(here)),
        goto={"published": "published", "incomplete": "incomplete", "past": "past", "refused": "refused"},
    ),
    usual.INCOMPLETE,
    Tell(name="past", text=_("The date is over by now. Please change it."), otherwise="preview"),
    End(name="refused", text=usual.REFUSED),
    Tell(name="published", text=usual.published),
    Confirm(
        name="club",
        question=_("Should people also be able to belong to it: to propose things and to vote?"),
        yes=_("🏡 Yes, as a club with members"),
        no=_("No, only to the meetings"),
        when=lambda here: here.get("kind") == "club",
        goto={"no": "tell_people"},
    ),
    Do(
        name="make_club",
        does=MakeClub,
        deed=lambda here: MakeClub(int(here["publish"]["listing"])),
        when=lambda here: here.get("kind") == "club",
        goto={"made": "tell_people", "refused": "refused"},
    ),
    Confirm(
        name="tell_people",
        question=_("Would you like to tell people about it now?"),
        yes=_("📣 Yes, write a message"),
        no=_("Not now"),
        goto={"yes": Open("broadcast", _seed, instead=True), "no": "end"},
    ),
    End(name="end", text=_("All right.")),
)

new = Conversation(
    name="new",
    title=_("Publish something new"),
    command="new",
    about=_("publish something new"),
    role="staff",
    steps=(*_ASKING, *_PUBLISHING),
)

undo = StandingAction(
    name=notices.UNDO_LISTING,
    does=WithdrawListing,
    deed=lambda about: WithdrawListing(int(about["listing"])),
    says={
        "withdrawn": _("It is withdrawn. Nobody sees it any more."),
        "late": _("It is too late for that. You can close it in the list."),
        "booked": _("Somebody is in it already. You can cancel the meeting in the list: everybody is told."),
        "refused": usual.REFUSED,
    },
)
