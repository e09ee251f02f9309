"""Texts about appointments that several conversations, reminders and notices share."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.facts.appointments import Entry, Service, Visit
from conversations.facts.offers import Offer
from conversations.offers.words import card as offer_card
from conversations.speech import Joined, Moment, Text, Words, _, lines, n_, verbatim

PROFESSIONS: Mapping[str, Text] = {
    "social_worker": _("social worker"),
    "psychologist": _("psychologist"),
    "pedagogue": _("pedagogue"),
    "nurse": _("health-care specialist"),
    "associate": _("social associate"),
    "mediator": _("Roma mediator"),
    "counsellor": _("counsellor"),
    "facilitator": _("employment facilitator"),
    "business": _("business adviser"),
    "adviser": _("adviser"),
}
"""Names of professions. Others are shown as they were written."""
LANGUAGES: Mapping[str, Text] = {
    "sr": _("Serbian"),
    "bg": _("Bulgarian"),
    "rom": _("Romani"),
    "en": _("English"),
    "tr": _("Turkish"),
    "sq": _("Albanian"),
    "bs": _("Bosnian"),
    "de": _("German"),
}
GENDERS: Mapping[str, Text] = {"woman": _("👩 With a woman"), "man": _("👨 With a man")}
OUTCOMES: Mapping[str, Text] = {
    "done": _("✅ Came, done"),
    "absent": _("🚪 Did not come"),
    "refused": _("✋ Did not want it"),
    "referred": _("➡️ Referred on"),
}
OUTCOMES_AT_HOME: Mapping[str, Text] = {**OUTCOMES, "done": _("✅ Done"), "absent": _("🚪 Not at home")}

COMING = _("👍 I'm coming")
AWAITED = _("👍 We're at home")
NOT_COMING = _("I can't come")
AWAY = _("We won't be there")
WHERE_TO_COME = _("🏠 Where to come")
ANOTHER_TIME = _("🔁 Another time")
TALK = _("💬 Write to a person")
LOOK = _("🗓 Free times")
A_TIME = _("🗓 {when}")
YOUR_APPOINTMENT = _("Your appointment")
NOT_THERE = _("This is over or was changed. “My bookings” shows how things are.")
CANCELLED = _("It is cancelled. Thank you for telling us: somebody else can come.")
SEE_YOU = _("Thank you. See you! 👋")


def profession(key: str) -> Text:
    """The name of a profession."""
    return PROFESSIONS.get(key) or verbatim(key)


def language(key: str) -> Text:
    """The name of a language of the talk."""
    return LANGUAGES.get(key) or verbatim(key)


def card(service: Service) -> Text:
    """A service, as everything on offer looks; how long it lasts below."""
    offer = Offer(
        listing_id=service.listing_id,
        title=service.title,
        summary=service.summary,
        bring=service.bring,
        place=service.place,
        town=Words(),
        address=Words(),
        organisation=service.organisation,
        bands=service.bands,
        invented=service.invented,
        open=service.open,
    )
    return lines(offer_card(offer), n_("⏱ {n} minute", "⏱ {n} minutes").of(n=service.minutes))


def what(title: Words, *, mine: bool = True) -> Text:
    """What it is; of a discreet one no more than that it is an appointment."""
    if title:
        return _("📌 {title}").of(title=title)
    return YOUR_APPOINTMENT if mine else _("Appointment")


def when_where(title: Words, when: Moment, place: Words, called: str, *, home: bool, mine: bool = True) -> Text:
    """What, when, with whom and where, each on a line of its own."""
    return lines(
        what(title, mine=mine),
        _("🗓 {when}").of(when=when),
        _("👤 {name}").of(name=called) if called else None,
        _("🏠 At home") if home else (_("📍 {place}").of(place=place) if place else None),
    )


def about(visit: Visit) -> Text:
    """What, when and where of an appointment."""
    return when_where(visit.title, visit.when, visit.place, visit.called, home=visit.home, mine=not visit.child)


def planned(visit: Visit) -> Text | None:
    """When the person will be reminded; None where nothing is planned."""
    if not visit.reminders:
        return None
    return _("⏰ A reminder comes: {times}").of(times=Joined(visit.reminders, "and"))


def for_whom(child: Text | str) -> Text | None:
    """Whom it is for, where it is a child of the reader."""
    return _("For: {child}").of(child=child) if child else None


# ---------------------------------------------------------------- said to others


def reminder(visit: Visit, *, asks: bool) -> Text:
    """A reminder. Its first line says nothing that a shared phone should not show; of a discreet one, none does."""
    return lines(
        _("🔔 A reminder"),
        for_whom(visit.child),
        about(visit),
        _("🎒 Bring: {bring}").of(bring=visit.bring) if visit.bring else None,
        _("We do not know yet where to come.") if visit.home and not visit.told else None,
        (_("Is that still all right?") if visit.home else _("Are you coming?")) if asks else None,
    )


def booked_by_other(visit: Visit) -> Text:
    """Somebody else concerned has booked."""
    return lines(_("An appointment was made."), for_whom(visit.child), about(visit))


def moved_by_other(visit: Visit, before: Moment) -> Text:
    """The appointment was moved by somebody else: staff, the guardian, the child."""
    return lines(
        _("🔁 The time has changed."), for_whom(visit.child), about(visit), _("Before: {when}").of(when=before)
    )


def cancelled_by_other(visit: Visit) -> Text:
    """Somebody else concerned has cancelled."""
    return lines(_("An appointment was cancelled."), for_whom(visit.child), _("🗓 {when}").of(when=visit.when))


def day_off(visit: Visit, offered: bool) -> Text:
    """The professional does not come on that day: other times at once."""
    return lines(
        _("❌ This will not take place."),
        for_whom(visit.child),
        what(visit.title, mine=not visit.child),
        _("🗓 {when}").of(when=visit.when),
        _("We are sorry. These times are free:") if offered else _("We are sorry. A person from our team will help."),
    )


def twice() -> Text:
    """Asked of somebody who did not come twice: no reproach in it."""
    return lines(
        _("We missed you twice, and hope that all is well."),
        _("Would another time suit better, or would you rather write to a person? Both are fine."),
    )


NEW_ENTRY = _("🗓 A new appointment: {when}")
MOVED_ENTRY = _("🔁 An appointment was moved: {before} → {when}")
GONE_ENTRY = _("❌ An appointment was cancelled: {when}")
"""What professionals are told: never a name, never what it is about."""
SEE_CALENDAR = _("🗓 Open the calendar")
STOP = _("{n}. {when}")


_ANSWERED = {False: _("👍 Is coming"), True: _("👍 Is at home")}


def entry(one: Entry) -> Text:
    """An appointment in a list of the day."""
    state = OUTCOMES_AT_HOME if one.home else OUTCOMES
    return lines(
        _("{when} · {name}").of(when=one.when, name=one.called or _("without a name")),
        _("🏠 At home") if one.home else (_("📍 {place}").of(place=one.place) if one.place else None),
        state.get(one.outcome) if one.outcome else _ANSWERED[one.home] if one.comes else None,
    )
