"""/new, appointments: a service, who gives it, and when they work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.appointments import words
from conversations.deeds.appointments import PublishService
from conversations.hours import clock
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Say, Text, Words, _, lines, n_, verbatim
from conversations.staff import fields, usual
from conversations.staff.publishing.drafts import place_of
from conversations.steps import Choose, ChooseMany, Do, End, Here, Json, Step, Write
from conversations.weekdays import SHORT

OTHER = "other"
NOTICE = {"two_hours": 120, "day": 1440, "two_days": 2880}
HORIZON = {"two_weeks": 14, "month": 28, "two_months": 56}
NOTICES: Mapping[str, Text] = {
    "two_hours": _("2 hours before"),
    "day": _("1 day before"),
    "two_days": _("2 days before"),
}
HORIZONS: Mapping[str, Text] = {"two_weeks": _("2 weeks"), "month": _("4 weeks"), "two_months": _("8 weeks")}
GENDERS: Mapping[str, Text] = {"woman": _("A woman"), "man": _("A man"), "unsaid": _("Not said")}
MOST = 3
"""Appointments that one person may have to come."""
_CHANGES: Mapping[str, Text] = {
    "title": _("Title"),
    "summary": _("Description"),
    "holds": _("Discreet, at home, parents"),
    "minutes": _("Length"),
    "after": _("Pause"),
    "notice": _("Until when to book"),
    "horizon": _("How far ahead"),
    "most": _("Appointments of one person"),
    "called": _("Name"),
    "languages": _("Languages"),
    "hours": _("Hours"),
}
"""What can be changed before it is published, by the step that asks for it."""
_OF_A_PERSON = ("called", "languages", "hours")


def _adding(here: Here) -> bool:
    return bool(here.get("listing"))


def _fresh(here: Here) -> bool:
    return not _adding(here)


def _town(here: Here) -> int | None:
    if _adding(here):
        row = here.facts.staff.listing(int(here["listing"]))
        return row.town_id if row else None
    return fields.town_of(here)


def sites(here: Here) -> Mapping[str, Text]:
    """The places in the town of the service, and another."""
    return usual.sites_in(here, _town(here))


def read_hours(typed: str, here: Here) -> Json:
    """Reads weekly hours: "mon, wed 9-12, 14-17; fri 10-14"."""
    found = here.facts.calendars.hours_typed(typed)
    if not found:
        raise NotUnderstood(_("I cannot read hours in that. For example: Mon, Wed 9-12, 14-17; Fri 10-14"))
    return [list(one) for one in found]


def hours_in_words(hours: Any) -> Text:
    """Weekly hours, a line each."""
    return lines(
        *(
            _("{day} {begins}-{ends}").of(day=SHORT[int(day)], begins=_clock(begins), ends=_clock(ends))
            for day, begins, ends in hours
        )
    )


def _clock(minute: int) -> Text:
    return verbatim(clock(int(minute)))


def five(least: int, most: int) -> Any:
    """Reads a number of minutes that is a multiple of five."""
    read = fields.number(least, most)

    def check(typed: str, here: Here) -> Json:
        minutes = read(typed, here)
        if int(minutes) % 5:
            raise NotUnderstood(_("Please write a multiple of five: 30, 45, 60."))
        return minutes

    return check


def draft_of(here: Here) -> dict[str, Any]:
    """What was gathered, as JSON."""
    holds = fields.said_at(here, "holds") or []
    site = here.get("site")
    said = {name: fields.said_at(here, name) for name in _CHANGES}
    return {
        "listing": int(here["listing"]) if _adding(here) else None,
        "organisation": int(here["organisation"]) if here.get("organisation") else None,
        "title": fields.by_language(here, "title"),
        "summary": fields.by_language(here, "summary"),
        "town": _town(here),
        "site": int(site) if site and site != OTHER else None,
        "site_name": here.get("site_name") or "",
        "minutes": int(said["minutes"] or 30),
        "after": int(said["after"] or 0),
        "notice": NOTICE.get(str(said["notice"]), 1440),
        "horizon": HORIZON.get(str(said["horizon"]), 28),
        "most": int(said["most"] or 1),
        "discreet": "discreet" in holds,
        "home": "home" in holds,
        "wish": "wish" in holds,
        "called": said["called"] or "",
        "profession": here.get("own_profession") or here.get("profession") or "",
        "gender": "" if here.get("gender") == "unsaid" else here.get("gender") or "",
        "languages": list(said["languages"] or ()),
        "hours": said["hours"] or [],
    }


def _preview(here: Here) -> Text:
    draft = draft_of(here)
    if _adding(here):
        return who(draft)
    return lines(_("👀 This is how people will see it:"), seen(draft, place_of(here, draft)))


def seen(draft: Mapping[str, Any], place: Words) -> Text:
    """A service as people will see it, and who gives the appointments. `place` is the site with its town."""
    return lines(
        _("📌 {title}").of(title=Words.of(draft["title"])),
        _("{summary}").of(summary=Words.of(draft["summary"])),
        _("📍 {place}").of(place=place) if place else None,
        n_("⏱ {n} minute", "⏱ {n} minutes").of(n=draft["minutes"]),
        _("🤫 Discreet: once booked, it is named nowhere.") if draft["discreet"] else None,
        _("🏠 Visits at home too.") if draft["home"] else None,
        _("🧒 Parents book; a line of the child") if draft["wish"] else None,
        who(draft),
    )


def who(draft: Mapping[str, Any]) -> Text:
    """Who gives the appointments: name, profession, languages, hours."""
    spoken = tuple(words.language(key) for key in draft["languages"])
    return lines(
        _("{name}, {profession}").of(name=draft["called"], profession=words.profession(draft["profession"])),
        _("🗣 {languages}").of(languages=Joined(spoken, "commas")) if spoken else None,
        hours_in_words(draft["hours"]),
    )


def _changes(here: Here) -> Mapping[str, Text]:
    return {name: label for name, label in _CHANGES.items() if _fresh(here) or name in _OF_A_PERSON}


def _published(here: Here) -> Say:
    return usual.published(here, _("More people and other hours: /listings, then this service."))


_SERVICE: tuple[Step, ...] = (
    usual.organisation(when=lambda here: _fresh(here) and fields.several_organisations(here)),
    Write(
        name="title",
        question=_("What is it called? A few plain words that a child understands."),
        check=fields.words(3, 80),
        when=_fresh,
    ),
    Write(
        name="summary",
        question=_("Describe it in two or three sentences: what happens there, and what is it good for?"),
        check=fields.words(3, 600),
        when=_fresh,
    ),
    ChooseMany(
        name="holds",
        question=_("What holds for it? Counselling should be discreet: no message names it once it is booked."),
        choices={
            "discreet": _("🤫 Discreet"),
            "home": _("🏠 Visits at home too"),
            "wish": _("🧒 Parents book; a line of the child"),
        },
        when=_fresh,
    ),
    Write(
        name="minutes",
        question=_("How long does one appointment last, in minutes?"),
        check=five(10, 240),
        suggestions=fields.numbers(30, 45, 60),
        when=_fresh,
    ),
    Write(
        name="after",
        question=_("How many minutes of pause (or way) are needed after each?"),
        check=five(0, 120),
        suggestions=fields.numbers(0, 10, 15, 30),
        when=_fresh,
    ),
    Choose(
        name="notice",
        question=_("Until when before can people book, move or cancel?"),
        choices=NOTICES,
        when=_fresh,
    ),
    Choose(
        name="horizon",
        question=_("How far ahead can people book?"),
        choices=HORIZONS,
        when=_fresh,
    ),
    Choose(
        name="most",
        question=_("How many appointments may one person have booked at the same time?"),
        choices={str(number): verbatim(str(number)) for number in range(1, MOST + 1)},
        when=_fresh,
    ),
    Choose(
        name="town",
        question=_("In which town is it?"),
        choices=fields.towns,
        typed=fields.typed_town,
        when=_fresh,
    ),
)

_PROFESSIONAL: tuple[Step, ...] = (
    Write(
        name="called", question=_("Who gives the appointments? The name that people see."), check=fields.words(2, 80)
    ),
    Choose(
        name="profession",
        question=_("What is their job?"),
        choices={**words.PROFESSIONS, OTHER: _("Something else")},
        page=12,
        goto={OTHER: "own_profession"},
        otherwise="gender",
    ),
    Write(name="own_profession", question=_("What is their job? One or two words."), check=fields.words(2, 40)),
    Choose(
        name="gender",
        question=_("People may wish for a woman or a man. How should it be shown, as they want it themselves?"),
        choices=GENDERS,
    ),
    ChooseMany(
        name="languages",
        question=_("In which languages do they talk?"),
        choices=words.LANGUAGES,
        page=8,
        least=1,
    ),
    Choose(name="site", question=_("Where exactly?"), choices=sites, page=usual.SITES_SEEN),
    usual.NAMED_SITE,
    Write(
        name="hours",
        question=_("When do they work there? For example: Mon, Wed 9-12, 14-17; Fri 10-14"),
        check=read_hours,
    ),
)

new_service = Conversation(
    name="new_service",
    title=_("Appointments"),
    role="staff",
    steps=(
        *_SERVICE,
        *_PROFESSIONAL,
        Choose(
            name="preview",
            question=_preview,
            choices={"publish": _("✅ Publish"), "change": usual.CHANGE, "drop": _("🗑 Throw away")},
            goto={"publish": "publish", "change": "change", "drop": "sure"},
        ),
        *usual.changing((*_SERVICE, *_PROFESSIONAL), _changes, *_CHANGES),
        *fields.THROWN_AWAY,
        Do(
            name="publish",
            does=PublishService,
            deed=lambda here: PublishService(draft_of(here)),
            goto={"published": "published", "added": "added", "incomplete": "incomplete", "refused": "refused"},
        ),
        usual.INCOMPLETE,
        End(name="refused", text=usual.REFUSED),
        End(name="added", text=_("✅ Added. People can book there from now on.")),
        End(name="published", text=_published),
    ),
)
