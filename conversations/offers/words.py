"""Texts about offers that several conversations and reminders share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.facts.offers import Gathering, Mine, Offer
from conversations.facts.series import Course
from conversations.offers import units
from conversations.offers.booking.condition_words import CHECKING, card_lines
from conversations.speech import Joined, Moment, Text, Words, _, lines, n_, verbatim

KINDS: Mapping[str, Text] = {
    "tutoring": _("📚 Help with school"),
    "course": _("💻 Courses"),
    "workshop": _("🎨 Workshops"),
    "club": _("🧩 Clubs"),
    "training": _("🛠 Training"),
    "seminar": _("🗣 Seminars"),
    "event": _("🎉 Events"),
    "visit": _("🚌 Visits and trips"),
    "internship": _("💼 Internships"),
    "job": _("👷 Jobs"),
    "grant": _("💶 Grants"),
    "appointment": _("🗓 Appointments"),
}
"""Names of kinds of listings. Others are shown as they were written."""

BANDS: Mapping[str, Text] = {
    "under14": _("under 14"),
    "14": _("14"),
    "15-17": _("from 15 to 17"),
    "18+": _("adults"),
}
_YOUNGEST = {"under14": 0, "14": 14, "15-17": 15, "18+": 18}
_OLDEST = {"under14": 13, "14": 14, "15-17": 17, "18+": 0}
"""The first and the last year of each band; 0 where there is none."""

OTHER_AGE = _("This one is for another age. We will gladly find something that fits.")

COMING = _("👍 I'm coming")
NOT_COMING = _("I can't come")
TAKE_IT = _("✅ Take the place")
LEAVE_IT = _("No, thank you")
LOOK_AGAIN = _("Look at the dates")
AFTER_ALL = _("I can come after all")
OUR_COMING = _("👍 We're coming")
OUR_NOT_COMING = _("We can't come")

YOUR_CHILD = _("your child")
YOUR_CHILD_OF_SEVERAL = _("your child ({n})")
SOMEBODY = _("somebody without a name here")
CANCELLED = _("It is cancelled. Thank you for telling us: somebody else can come.")
EXCUSED = _("The team knows. The place stays, see you at the next meeting. 👋")
TOO_LATE = _("The time for this place is over. It is for others now.")
NOT_THERE = _("This is over or was changed. “My bookings” shows how things are.")
WHO_BOOKED_DECIDES = _("It is for all of you together. We are asking who booked for you.")
SOMETHING_THEN = _("There is another booking at that time.")
CANCEL_OTHER = _("Please cancel that one first, then take this place.")


def kind_name(kind: str) -> Text:
    """The name of a kind."""
    return KINDS.get(kind) or verbatim(kind)


def places(free: int, waiting: int) -> Text:
    """How full a session is, in plain words."""
    if free > waiting:
        return n_("{n} place free", "{n} places free").of(n=free - waiting)
    if waiting:
        return n_("full, {n} waiting", "full, {n} waiting").of(n=waiting)
    return _("full, waiting list")


def enrol_label(gathering: Gathering) -> Text:
    """A whole series as a button: how full."""
    return _("✍️ Enrol · {places}").of(places=places(gathering.free, gathering.waiting))


def date_label(gathering: Gathering, *, elsewhere: bool = False) -> Text:
    """A session as a button: when, and how full; with its place where that is not the listing's."""
    if gathering.bookable and elsewhere:
        full = places(gathering.free, gathering.waiting)
        return _("{when} · {place} · {places}").of(when=gathering.when, place=gathering.place, places=full)
    if not gathering.bookable:
        return _("{when} · not open").of(when=gathering.when)
    return _("{when} · {places}").of(when=gathering.when, places=places(gathering.free, gathering.waiting))


def card(offer: Offer) -> Text:
    """A listing: title, what it is, where, for whom, what to bring, whose it is."""
    paper = next((one.paper for one in offer.sessions), None)
    return lines(
        _("📌 {title}").of(title=offer.title),
        _("{summary}").of(summary=offer.summary) if offer.summary else None,
        _("📍 {place}").of(place=offer.place) if offer.place else None,
        *_series(offer),
        _("For ages: {bands}").of(bands=ages(offer.bands)) if 0 < len(offer.bands) < len(BANDS) else None,
        _("🎒 Bring: {bring}").of(bring=offer.bring) if offer.bring else None,
        _("📄 To show the team before: {paper}").of(paper=paper) if paper else None,
        _("Held by: {organisation}").of(organisation=offer.organisation) if offer.organisation else None,
        *card_lines(offer.conditions),
        _("(The dates are an invented example.)") if offer.invented else None,
    )


def _series(offer: Offer) -> tuple[Text | None, ...]:
    """All meetings of a series; of several each is told by its date."""
    courses = [one.course for one in offer.sessions if one.course is not None]
    if len(courses) != 1:
        return ()
    listed = units.listed(courses[0])
    following = units.following(courses[0]) if listed is None or courses[0].begun else None
    return (units.dates(courses[0]), listed, following)


def ages(bands: tuple[str, ...]) -> Joined | Text:
    """Age bands: neighbours as one stretch of years, else one or the other."""
    chosen = [band for band in BANDS if band in bands]
    order = list(BANDS)
    first = order.index(chosen[0]) if chosen else 0
    if len(chosen) > 1 and chosen == order[first : first + len(chosen)]:
        youngest, oldest = _YOUNGEST[chosen[0]], _OLDEST[chosen[-1]]
        if not youngest:
            return _("up to {n} years").of(n=oldest)
        if not oldest:
            return _("from {n} years").of(n=youngest)
        return _("from {n} to {most} years").of(n=youngest, most=oldest)
    return Joined(tuple(BANDS[band] for band in chosen), "or")


def what_when_where(title: Words, when: Moment, place: Words, course: Course | None = None) -> Text:
    """Title, time and place, each on a line of its own; of a series all of it, and the next meeting."""
    return lines(
        _("📌 {title}").of(title=title),
        units.dates(course) if course else _("🗓 {when}").of(when=when),
        units.following(course) if course else None,
        _("📍 {place}").of(place=place) if place else None,
    )


def about_session(gathering: Gathering) -> Text:
    """What, when and where of a session."""
    return what_when_where(gathering.title, gathering.when, gathering.place, gathering.course)


def paper_to_show(mine: Mine) -> Text | None:
    """The paper that staff have to see before; None where there is none."""
    if not mine.gathering.paper:
        return None
    seen = _("📄 Seen by the team: {paper} ✅") if mine.shown else _("📄 Please show the team: {paper}")
    return seen.of(paper=mine.gathering.paper)


def reminder_plan(mine: Mine) -> Text | None:
    """When the person will be reminded; None where nothing is planned."""
    if not mine.reminders:
        return None
    times = tuple(Moment(moment.at, moment.zone, "full") for moment in mine.reminders)
    if mine.gathering.course is not None:
        return _("⏰ A reminder comes before each meeting, the next: {times}").of(times=Joined(times, "and"))
    return _("⏰ A reminder comes: {times}").of(times=Joined(times, "and"))


def state_of(mine: Mine) -> Text:
    """How a booking stands, in a line."""
    if mine.state == "offered" and mine.until:
        return _("A place is held until {until}").of(until=mine.until)
    if mine.state == "waiting" and mine.checking:
        return CHECKING
    if mine.state == "waiting":
        return waiting_line(mine.ahead)
    if mine.state != "booked":
        return _("This is cancelled.")
    return _("The place is booked. Number {number}.").of(number=str(mine.number))


def waiting_line(ahead: int) -> Text:
    """How many stand before somebody in the line."""
    if not ahead:
        return _("On the waiting list, first in line.")
    return n_("On the waiting list, {n} before you.", "On the waiting list, {n} before you.").of(n=ahead)


def for_whom(child: Text | str | Joined) -> Text | None:
    """Whom it is for, where it is a child of the reader."""
    return _("For: {child}").of(child=child) if child else None


def by_helper(name: str) -> Text | None:
    """Who booked, where that was a helper."""
    return _("🤝 Booked by: {helper}").of(helper=name) if name else None


# ---------------------------------------------------------------- said to others


def together(names: Sequence[Text | str]) -> Text | str | Joined:
    """Several people as one reader knows them; "" is the reader, who is not named when alone."""
    if len(names) == 1:
        return names[0]
    return Joined(tuple(name or _("you") for name in names), "and")


def place_held(about: Text, until: Moment, child: Text | str | Joined) -> Text:
    """A place has become free and is held for somebody. `about` says what it is for."""
    return lines(
        _("A place has become free."),
        for_whom(child),
        about,
        _("It is held until {until}. After that, it is free for others.").of(until=until),
    )


def place_asked(about: Text) -> Text:
    """Places have become free for several together: who booked for them is asked, and this is for the others."""
    return lines(
        _("A place has become free."),
        about,
        WHO_BOOKED_DECIDES,
    )


def declined(about: Mapping[str, Any]) -> Text:
    """A held place was left: to the next in line (`next`), or nobody waits."""
    if about.get("next"):
        return _("All right. The next in line gets the place.")
    return _("All right. The place is free for others now.")


def place_gone(title: Words, when: Moment, *, given_on: bool) -> Text:
    """The time of a held place is over. `given_on`: somebody else is offered it."""
    return lines(
        _("The time for the held place is over. The next in line gets it.")
        if given_on
        else _("The time for the held place is over. It is free for others now."),
        _("{title} · {when}").of(title=title, when=when),
        _("Still interested? Join the waiting list again."),
    )


def booked_by_other(about: Text, child: Text | str) -> Text:
    """Somebody else concerned has booked. `about` says what."""
    first = _("A place was booked for {child}.").of(child=child) if child else _("A place was booked.")
    return lines(first, about)


def cancelled_by_other(title: Words, when: Moment, child: Text | str) -> Text:
    """Somebody else concerned has cancelled."""
    first = _("A booking for {child} was cancelled.").of(child=child) if child else _("A booking was cancelled.")
    return lines(first, _("{title} · {when}").of(title=title, when=when))


def reminder(
    title: Words,
    when: Moment,
    place: Words,
    bring: Words,
    children: tuple[Text | str, ...],
    *,
    topic: Words,
    me: bool,
    answered: bool,
    exam: bool = False,
    meeting: tuple[Text | None, ...] = (),
) -> Text:
    """A reminder of a session. Its first line says nothing that a shared phone should not show.

    `meeting` are the lines about where people meet, which tools they bring, and when a trip is back.
    """
    names: tuple[Text | str, ...] = (*((_("you"),) if me else ()), *children)
    return lines(
        _("🔔 A reminder"),
        _("For: {who}").of(who=Joined(names, "and")) if children else None,
        what_when_where(title, when, place),
        _("📖 {topic}").of(topic=topic) if topic else None,
        _("📝 This is the exam. Good luck!") if exam else None,
        _("🎒 Bring: {bring}").of(bring=bring) if bring else None,
        *meeting,
        None if answered else _("Are you coming?"),
    )
