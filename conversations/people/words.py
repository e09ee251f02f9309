"""Texts about people that several conversations share: bands, relations, purposes, the privacy card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from conversations.speech import Joined, NotUnderstood, Text, Words, _, lines, said, verbatim
from conversations.steps import Here

BANDS: Mapping[str, Text] = {
    "under14": _("Under 14"),
    "14": verbatim("14"),
    "15-17": _("15 to 17"),
    "adult": _("18 or more"),
}
"""Age bands by the key of their button; see `band_of`."""

RELATIONS: Mapping[str, Text] = {
    "mother": _("Mother"),
    "father": _("Father"),
    "guardian": _("Foster parent or guardian"),
    "other": _("Other"),
}

PURPOSES: Mapping[str, Text] = {
    "attend": _("🙋 Taking part"),
    "reminders": _("⏰ Reminders to me"),
    "messages": _("📣 News for the child"),
    "photos": _("📷 Photos"),
    "outings": _("🚌 Outings"),
    "school": _("🏫 Sharing with school"),
}
"""Short names of what a guardian may agree to."""

MEANINGS: Mapping[str, Text] = {
    "attend": _("🙋 Taking part: the child may book and come; we keep the booking and who came."),
    "reminders": _("⏰ Reminders to me: we write to me before each visit of the child."),
    "messages": _("📣 News for the child: we may write to the child when there is something new."),
    "photos": _("📷 Photos: the child may be in photos that we show to others."),
    "outings": _("🚌 Outings: the child may go on trips with our team."),
    "school": _("🏫 Sharing with school: we may tell the school how learning goes."),
}
"""What each purpose means: kept word for word with the consent."""

ROLES: Mapping[str, Text] = {
    "admin": _("administrator"),
    "staff": _("member of the team"),
    "safeguarding": _("person for children's safety"),
    "helper": _("helper of families"),
    "professional": _("who gives appointments"),
}
"""What somebody may be in an organisation."""

OWN_PURPOSES: Mapping[str, Text] = {"attend": _("Booking and taking part"), "messages": _("News about new things")}

NEWS = _("Shall we write here when there is something new that fits? It can be stopped at any time.")
"""The wording of one's own consent to messages."""

ATTEND = _("To book, we keep what is booked and who came, and remind of it in time. Is that all right?")
"""The wording of one's own consent to take part, where it is asked again."""

GROWN_ATTEND = _(
    "At this age you decide about bookings yourself. We keep what is booked and who came, and remind of it in time. "
    "Is that all right?"
)
"""The wording of the own consent of a young person who has outgrown their guardian's."""

GUARDIAN_STILL_REMINDED = _("Your child is old enough now to decide about bookings alone. Reminders still come here.")
GUARDIAN_NO_MORE = _("Your child is old enough now to decide about bookings alone. Nothing needs to be done.")
"""What a guardian is told then."""

CHILD_MAY = _("Good news! Your parent or guardian said yes. Booking is open now. 🙂")
CHILD_MAY_NOT_YET = _("Your parent or guardian has answered, but not said yes to taking part yet.")
CHILD_MAY_NO_MORE = _(
    "Your parent or guardian has taken back their yes. What was booked is cancelled. We are still here."
)
"""What a child is told when a guardian has decided."""
GO_ON_BOOKING = _("📅 Go on with the booking")
GO_ON_CALL = _("Go on with registering")
"""Under the good news: the way on to what the child had chosen before."""

NAME_MOST = 80
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200c\u200e\u200f\ufeff\x00-\x1f\x7f]")


def band_of(key: str) -> str:
    """The band that a key of `BANDS` stands for."""
    return "18+" if key == "adult" else key


def typed_band(_here: Here, words: str) -> str | None:
    """The key of the band of an age that was written as a number ("16", "13 years"), or None."""
    found = re.search(r"(?<![0-9])[0-9]{1,3}(?![0-9])", words)
    age = int(found.group()) if found else 0
    if not 5 <= age <= 110:
        return None
    return "under14" if age < 14 else "14" if age == 14 else "15-17" if age < 18 else "adult"


def typed_child_band(here: Here, words: str) -> str | None:
    """The same for somebody who is not of age."""
    key = typed_band(here, words)
    return key if key != "adult" else None


def code_of(here: Here) -> str:
    """The one-time code: the seeded one of a link, else the one that was typed."""
    return str(here.get("code") or here["typed"])


def band_name(band: str) -> Text:
    """A stored band in words."""
    return BANDS["adult" if band == "18+" else band] if band else _("not said")


def purpose_name(purpose: str, *, mine: bool) -> Text:
    """The short name of a purpose that somebody agreed to for themself, or that a guardian agreed to for them."""
    if purpose == "reminders" and not mine:
        return _("Reminders to the guardian")
    return OWN_PURPOSES.get(purpose) or PURPOSES.get(purpose) or verbatim(purpose)


def languages(here: Here) -> Mapping[str, Text]:
    """All languages under their own names, the person's first."""
    return {tag: verbatim(native) for tag, native in here.facts.people.languages}


def towns(here: Here) -> Mapping[str, Text]:
    """All towns, by code."""
    return {town.code: said(town.name) for town in here.facts.people.towns()}


def subjects(here: Here) -> Mapping[str, Text]:
    """All subjects, by code."""
    return {
        subject.code: _("{icon} {name}").of(icon=subject.icon, name=subject.name)
        if subject.icon
        else said(subject.name)
        for subject in here.facts.people.subjects()
    }


def privacy_card(keepers: tuple[Words, ...]) -> Text:
    """Three lines: who keeps what, what the messenger sees, how to delete."""
    who = Joined(keepers, "and") if 0 < len(keepers) <= 2 else _("the organisations of this programme")
    return lines(
        _("🔒 We keep little: language, age group, town, bookings. Who can see it: {who}.").of(who=who),
        _("The app used for this (Telegram, Viber) can see that you write to us."),
        _("Write “my data” at any time to see or delete everything."),
    )


def privacy_page() -> Text:
    """The full page in plain words."""
    return lines(
        _("What we keep: language, age group, town, interests, bookings, and messages to our team."),
        _("Why: to find what fits, to keep a place, to remind in time, to answer questions."),
        _("How long: messages 90 days; bookings until the project has been checked; then without any name."),
        _("What we never ask: ethnicity, religion, health, document numbers."),
        _("Nobody else gets it: no advertising, nothing is sold. Only if a life is in danger do we call for help."),
        _("What is booked or written can be seen, corrected, sent as a file or deleted: write “my data”."),
        _("Below the age of consent (15 in Serbia, 14 in Bulgaria), a parent or guardian decides about bookings."),
    )


def guardian_card(keepers: tuple[Words, ...]) -> Text:
    """Who, what, why, how long, and how to take it back: what a guardian agrees to."""
    who = Joined(keepers, "and") if 0 < len(keepers) <= 2 else _("the organisations of this programme")
    return lines(
        _("Who: {who}. It is free.").of(who=who),
        _("What we keep: age group, language, town, bookings, who came."),
        _("Why: so that the child has a place and an adult knows about it."),
        _("How long: until the project has been checked; then without any name."),
        _("To take it back: write “my data” here at any time."),
    )


def clean_name(words: str, _here: Here) -> str:
    """A name as typed, without invisible characters. Raises NotUnderstood for nothing or far too much."""
    name = " ".join(_CONTROLS.sub("", unicodedata.normalize("NFC", words)).split())
    if not any(letter.isalnum() for letter in name):
        raise NotUnderstood(_("A first name or a nickname is enough."))
    if len(name) > NAME_MOST:
        raise NotUnderstood(_("That is long. A first name or a nickname is enough."))
    return name


def clean_code(words: str, _here: Here) -> str:
    """A code as typed or pasted: alone, after /start, or at the end of a link."""
    last = words.strip().split()[-1] if words.strip() else ""
    code = re.split(r"[=/]", last)[-1].strip(".,!\"'„“”")
    if not re.fullmatch(r"[A-Za-z0-9_-]{6,64}", code):
        raise NotUnderstood(_("The code has letters and numbers. It can be copied from the message."))
    return code
