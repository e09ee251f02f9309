"""/new: a wizard for a series of meetings, an event, a call or a grant; preview, publish, undo."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import PublishListing, WithdrawListing
from conversations.script import (
    Choose,
    ChooseMany,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Open,
    Step,
    Tell,
    Write,
)
from conversations.speech import Button, Joined, Say, Text, _, lines, said, verbatim
from conversations.staff import fields, notices
from conversations.staff.drafts import draft_of, holidays, is_call, preview
from conversations.standing import StandingAction

TITLE = fields.words(3, 80)
SUMMARY = fields.words(3, 600)
SHORT = fields.words(2, 300)

_KINDS: Mapping[str, Text] = {
    "tutoring": _("Help with school"),
    "course": _("Course"),
    "workshop": _("Workshop"),
    "club": _("Club"),
    "training": _("Training"),
}
_EVENTS: Mapping[str, Text] = {
    "event": _("Event"),
    "workshop": _("Workshop"),
    "seminar": _("Seminar"),
    "visit": _("Visit or trip"),
}
_JOBS: Mapping[str, Text] = {"internship": _("Internship"), "job": _("Job"), "training": _("Training")}


def _kinds(here: Here) -> Mapping[str, Text]:
    return {"series": _KINDS, "event": _EVENTS}.get(here.get("what") or "", _JOBS)


def _towns(here: Here) -> Mapping[str, Text]:
    everywhere = {"all": _("Everywhere")} if is_call(here) else {}
    return {**everywhere, **fields.towns(here)}


def _in_a_town(here: Here) -> bool:
    return fields.town_of(here) is not None


def _sites(here: Here) -> Mapping[str, Text]:
    town = fields.town_of(here)
    known = here.facts.staff.sites(town) if town is not None else ()
    return {**{str(site.id): said(site.name) for site in known}, "other": _("Another place")}


def _holiday_question(here: Here) -> Text:
    return _("Holidays and school breaks: {dates}. Leave them out?").of(dates=Joined(holidays(here), "commas"))


def _changes(here: Here) -> Mapping[str, Text]:
    common = {"title": _("Title"), "summary": _("Description"), "subject": _("Subject"), "town": _("Place")}
    dates = {"closes": _("Deadline"), "criteria": _("Who it is for")} if is_call(here) else {}
    if not is_call(here):
        dates = {"first": _("Date and time"), "minutes": _("Length")}
        if here.get("what") == "series":
            dates |= {"every": _("How often"), "times": _("How many times")}
    return {**common, **dates, "places": _("Places"), "remind": _("Reminders"), "bands": _("Ages")}


def _reminder_choices(here: Here) -> Mapping[str, Text]:
    if is_call(here):
        return {"deadline": _("7 days and 1 day before"), "day": _("1 day before"), "none": _("No reminders")}
    return {
        "usual": _("1 day and 2 hours before"),
        "early": _("3 days and 1 day before"),
        "day": _("1 day before"),
        "hours": _("2 hours before"),
        "none": _("No reminders"),
    }


_FIRST_QUESTION = _("When is the first time? Write day and time, for example: 26.11. 17:00")
_MINUTES = fields.numbers(45, 60, 90, 120)
_PLACES_QUESTION = _("How many places are there? When they are taken, people go on a waiting list.")
_TITLE_QUESTION = _("What is it called? A few plain words that a child understands.")
_SUMMARY_QUESTION = _("Describe it in two or three sentences: what happens there, and what is it good for?")
_SUBJECT_QUESTION = _("What is it about? People who chose this subject find it more easily.")
_TOWN_QUESTION = _("In which town is it?")
_SITE_QUESTION = _("Where exactly?")
_BANDS_QUESTION = _("For which ages? Choose nothing for everybody.")
_REMIND_QUESTION = _("When should people be reminded?")
_MINUTES_QUESTION = _("How long does it last, in minutes?")
_EVERY_QUESTION = _("How often does it take place?")
_EVERY_CHOICES = {"weekly": _("Every week"), "fortnightly": _("Every two weeks")}
_TIMES_QUESTION = _("How many times in all?")
_CLOSES_QUESTION = _("Until when can people register? A day is enough, for example: 26.11.")
_CRITERIA_QUESTION = _("Who can register? Write the conditions in plain words.")
_NONE_OF_THESE = _("None of these")


def _not_call(here: Here) -> bool:
    return not is_call(here)


def _series(here: Here) -> bool:
    return bool(here.get("what") == "series")


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
    Choose(
        name="organisation",
        question=_("For which organisation?"),
        choices=fields.organisations,
        when=fields.several_organisations,
    ),
    Choose(
        name="kind",
        question=_("What kind is it? People can look for it by this."),
        choices=_kinds,
        when=lambda here: here.get("what") != "grant",
    ),
    Write(name="title", question=_TITLE_QUESTION, check=TITLE),
    Write(name="summary", question=_SUMMARY_QUESTION, check=SUMMARY),
    ChooseMany(
        name="languages",
        question=_("Would you like to write it in other languages too? Without it, people see the text as it is."),
        choices=fields.other_languages,
    ),
    *(
        step
        for language in fields.LANGUAGES
        for step in (
            fields.in_language("title", language, _("The title in this language: {language}"), TITLE, "languages"),
            fields.in_language(
                "summary", language, _("The description in this language: {language}"), SUMMARY, "languages"
            ),
        )
    ),
    Choose(
        name="subject",
        question=_SUBJECT_QUESTION,
        choices=fields.subjects,
        skip=_NONE_OF_THESE,
    ),
    Choose(name="town", question=_TOWN_QUESTION, choices=_towns, typed=fields.typed_town),
    Choose(name="site", question=_SITE_QUESTION, choices=_sites, skip=_("Not known yet"), when=_in_a_town),
    Write(
        name="site_name",
        question=_("What is the place called? People will see this name."),
        check=fields.words(2, 80),
        when=lambda here: here.get("site") == "other",
    ),
    Write(
        name="first",
        question=_FIRST_QUESTION,
        check=fields.when(),
        suggestions=fields.likely(),
        when=_not_call,
    ),
    Write(
        name="minutes",
        question=_MINUTES_QUESTION,
        check=fields.number(5, 720),
        suggestions=_MINUTES,
        when=_not_call,
    ),
    Choose(name="every", question=_EVERY_QUESTION, choices=_EVERY_CHOICES, when=_series),
    Write(
        name="times",
        question=_TIMES_QUESTION,
        check=fields.number(2, 60),
        suggestions=fields.numbers(4, 6, 8, 10),
        when=_series,
    ),
    Choose(
        name="enrols",
        question=_("How do people book it?"),
        choices={
            "each": _("Each meeting on its own"),
            "series": _("Enrol once for all the meetings"),
        },
        when=_series,
    ),
    Choose(
        name="holidays",
        question=_holiday_question,
        choices={"leave": _("Leave them out"), "keep": _("Keep them")},
        when=lambda here: bool(holidays(here)),
    ),
    Write(
        name="bring",
        question=_("What should people bring?"),
        check=SHORT,
        skip=_("Nothing"),
        when=_not_call,
    ),
    Write(
        name="criteria",
        question=_CRITERIA_QUESTION,
        check=SUMMARY,
        skip=_("Everybody"),
        when=is_call,
    ),
    Write(
        name="offered",
        question=_("What is offered? For example pay, a certificate, travel costs."),
        check=SHORT,
        skip=_("Skip"),
        when=is_call,
    ),
    Write(
        name="closes",
        question=_CLOSES_QUESTION,
        check=fields.when(deadline=True),
        suggestions=fields.likely(deadline=True),
        when=is_call,
    ),
    Write(
        name="places",
        question=_PLACES_QUESTION,
        check=fields.number(1, 1000),
        suggestions=fields.numbers(8, 10, 15, 20),
    ),
    Choose(name="remind", question=_REMIND_QUESTION, choices=_reminder_choices),
    ChooseMany(name="bands", question=_BANDS_QUESTION, choices=fields.bands),
)

_CHANGING: tuple[Step, ...] = (
    Choose(
        name="change",
        question=_("What should be changed?"),
        choices=_changes,
        page=12,
        goto={
            "title": "new_title",
            "summary": "new_summary",
            "subject": "new_subject",
            "town": "new_town",
            "first": "new_first",
            "minutes": "new_minutes",
            "every": "new_every",
            "times": "new_times",
            "closes": "new_closes",
            "criteria": "new_criteria",
            "places": "new_places",
            "remind": "new_remind",
            "bands": "new_bands",
        },
        otherwise="preview",
    ),
    Write(name="new_title", question=_TITLE_QUESTION, check=TITLE, otherwise="preview"),
    Write(name="new_summary", question=_SUMMARY_QUESTION, check=SUMMARY, otherwise="preview"),
    Choose(
        name="new_subject",
        question=_SUBJECT_QUESTION,
        choices=fields.subjects,
        skip=_NONE_OF_THESE,
        otherwise="preview",
    ),
    Choose(name="new_town", question=_TOWN_QUESTION, choices=_towns, typed=fields.typed_town),
    Choose(
        name="new_site",
        question=_SITE_QUESTION,
        when=_in_a_town,
        choices=_sites,
        skip=_("Not known yet"),
        goto={"other": "new_site_name"},
        otherwise="preview",
    ),
    Write(
        name="new_site_name",
        question=_("What is the place called? People will see this name."),
        check=fields.words(2, 80),
        when=_in_a_town,
        otherwise="preview",
    ),
    Tell(name="everywhere", text=_("All right, everywhere."), otherwise="preview"),
    Write(
        name="new_first",
        question=_FIRST_QUESTION,
        check=fields.when(),
        suggestions=fields.likely(),
        otherwise="preview",
    ),
    Write(
        name="new_minutes",
        question=_MINUTES_QUESTION,
        check=fields.number(5, 720),
        suggestions=_MINUTES,
        otherwise="preview",
    ),
    Choose(name="new_every", question=_EVERY_QUESTION, choices=_EVERY_CHOICES, otherwise="preview"),
    Write(
        name="new_times",
        question=_TIMES_QUESTION,
        check=fields.number(2, 60),
        suggestions=fields.numbers(4, 6, 8, 10),
        otherwise="preview",
    ),
    Write(
        name="new_closes",
        question=_CLOSES_QUESTION,
        check=fields.when(deadline=True),
        suggestions=fields.likely(deadline=True),
        otherwise="preview",
    ),
    Write(name="new_criteria", question=_CRITERIA_QUESTION, check=SUMMARY, otherwise="preview"),
    Write(
        name="new_places",
        question=_PLACES_QUESTION,
        check=fields.number(1, 1000),
        suggestions=fields.numbers(8, 10, 15, 20),
        otherwise="preview",
    ),
    Choose(name="new_remind", question=_REMIND_QUESTION, choices=_reminder_choices, otherwise="preview"),
    ChooseMany(name="new_bands", question=_BANDS_QUESTION, choices=fields.bands, otherwise="preview"),
)


def _published(here: Here) -> Say:
    done = here["publish"]
    return Say(
        lines(
            _("✅ It is published. People can find it now."),
            _("To share it, let people write: {code}").of(code=verbatim(f"/start {done['code']}")),
            _("You can undo this for 15 minutes, as long as nobody is in it."),
        ),
        (Button(notices.UNDO, done["undo"]),),
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
    Tell(
        name="incomplete",
        text=_("Something is missing: title, place or date. Please look again."),
        otherwise="preview",
    ),
    Tell(name="past", text=_("The date is over by now. Please change it."), otherwise="preview"),
    End(name="refused", text=_("Only staff of the organisation can do this.")),
    Tell(name="published", text=_published),
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
        "refused": _("Only staff of the organisation can do this."),
    },
)
