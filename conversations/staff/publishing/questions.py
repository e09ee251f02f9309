"""What /new asks, in the same words for what is new and for what is changed, and what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _
from conversations.staff import fields
from conversations.staff.publishing.drafts import is_call
from conversations.steps import Here

TITLE = fields.words(3, 80)
SUMMARY = fields.words(3, 600)
SHORT = fields.words(2, 300)

SERIES_KINDS: Mapping[str, Text] = {
    "tutoring": _("Help with school"),
    "course": _("Course"),
    "workshop": _("Workshop"),
    "club": _("Club"),
    "training": _("Training"),
}
EVENT_KINDS: Mapping[str, Text] = {
    "event": _("Event"),
    "workshop": _("Workshop"),
    "seminar": _("Seminar"),
    "visit": _("Visit or trip"),
}
JOB_KINDS: Mapping[str, Text] = {"internship": _("Internship"), "job": _("Job"), "training": _("Training")}


EVERYWHERE = _("Everywhere")
HOLIDAYS: Mapping[str, Text] = {"leave": _("Leave them out"), "keep": _("Keep them")}
ENROLS: Mapping[str, Text] = {
    "each": _("Each meeting on its own"),
    "series": _("Enrol once for all the meetings"),
    "drop_in": _("🚪 No booking: everybody is welcome"),
}
OF_AN_EVENT: Mapping[str, Text] = {"each": _("With a booking"), "drop_in": ENROLS["drop_in"]}
OF_A_MEETING: Mapping[str, Text] = {
    "usual": _("1 day and 2 hours before"),
    "early": _("3 days and 1 day before"),
    "day": _("1 day before"),
    "hours": _("2 hours before"),
    "none": _("No reminders"),
}
OF_A_DEADLINE: Mapping[str, Text] = {
    "deadline": _("7 days and 1 day before"),
    "day": _("1 day before"),
    "none": _("No reminders"),
}
"""When people may be reminded of a meeting, and of a deadline."""


def kinds(here: Here) -> Mapping[str, Text]:
    """The kinds there are of what is published, by which people look for it."""
    return {"series": SERIES_KINDS, "event": EVENT_KINDS}.get(here.get("what") or "", JOB_KINDS)


def towns(here: Here) -> Mapping[str, Text]:
    """All towns; what is no meeting may also be everywhere."""
    everywhere = {"all": EVERYWHERE} if is_call(here) else {}
    return {**everywhere, **fields.towns(here)}


def enrols(here: Here) -> Mapping[str, Text]:
    """How people may book it: one event has nothing to book at once."""
    return ENROLS if here.get("what") == "series" else OF_AN_EVENT


def changes(here: Here) -> Mapping[str, Text]:
    """What can be changed before it is published."""
    about = {"title": _("Title"), "summary": _("Description"), "subject": _("Subject"), "town": _("Place")}
    if is_call(here):
        own = {"closes": _("Deadline"), "criteria": _("Who it is for"), "offered": _("What is offered")}
    else:
        own = {"first": _("Date and time"), "minutes": _("Length"), "bring": _("What to bring")}
        if here.get("what") == "series":
            own |= {"every": _("How often"), "times": _("How many times")}
        own["enrols"] = _("Booking")
        if here.get("trip"):
            own["trip"] = _("🚌 Trip")
        if fields.said_at(here, "trip") == "yes":
            own["point"] = _("📍 Meeting point")
    return {**about, **own, "places": _("Places"), "remind": _("Reminders"), "bands": _("Ages")}


def ask_first(here: Here) -> Text:
    """The question for day and time."""
    return ASK_FIRST if here.get("what") == "series" else _ASK_WHEN


def ask_places(here: Here) -> Text:
    """The question for the places: for a call somebody is chosen, and nobody waits in a line."""
    if is_call(here):
        return _ASK_CHOSEN
    return _ASK_ROOM if fields.said_at(here, "enrols") == "drop_in" else ASK_PLACES


def in_a_town(here: Here) -> bool:
    """True where one town was chosen."""
    return fields.town_of(here) is not None


def reminders(here: Here) -> Mapping[str, Text]:
    """When people may be reminded."""
    return OF_A_DEADLINE if is_call(here) else OF_A_MEETING


ASK_FIRST = _("When is the first time? Write day and time, for example: 26.11. 17:00")
_ASK_WHEN = _("When is it? Write day and time, for example: 26.11. 17:00")
_ASK_CHOSEN = _("How many people can be chosen?")
_ASK_ROOM = _("For how many people is there room?")
MINUTES = fields.numbers(45, 60, 90, 120)
ASK_PLACES = _("How many places are there? When they are taken, people go on a waiting list.")
ASK_TITLE = _("What is it called? A few plain words that a child understands.")
ASK_SUMMARY = _("Describe it in two or three sentences: what happens there, and what is it good for?")
ASK_SUBJECT = _("What is it about? People who chose this subject find it more easily.")
ASK_TOWN = _("In which town is it?")
ASK_SITE = _("Where exactly?")
ASK_BANDS = _("For which ages? Choose nothing for everybody.")
ASK_REMIND = _("When should people be reminded?")
ASK_MINUTES = _("How long does it last, in minutes?")
ASK_EVERY = _("How often does it take place?")
EVERY = {"weekly": _("Every week"), "fortnightly": _("Every two weeks")}
ASK_TIMES = _("How many times in all?")
ASK_TRIP = _("Do you go somewhere together? Then a parent or guardian is asked for a yes for each one under 18.")
TRIP: Mapping[str, Text] = {"yes": _("🚌 Yes, it is a trip"), "no": _("No, people come there")}
ASK_POINT = _("Where do people meet? For example: in front of the school, at the gate")
ASK_CLOSES = _("Until when can people register? A day is enough, for example: 26.11.")
ASK_CRITERIA = _("Who can apply, and what counts in the choice? Write it in plain words.")
NONE_OF_THESE = _("None of these")
