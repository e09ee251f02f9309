"""What is said once an appointment is made or moved, and how we hear where to come."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import words
from conversations.deeds.appointments import TellAddress
from conversations.facts.appointments import Visit
from conversations.speech import NotUnderstood, Say, Text, _, lines
from conversations.steps import Here, Json

ADDRESS_MOST = 300


def visit_of(here: Here) -> Visit | None:
    """The appointment that has just been made."""
    return here.facts.appointments.visit(int((here.get("take") or {}).get("appointment") or 0))


def booked(visit: Visit, here: Here) -> Say:
    """The confirmation: number, time and place, and the calendar entry; of a discreet one nothing else."""
    return Say(
        lines(
            _("✅ The appointment is made. Number: {number}.").of(number=str(visit.number)),
            words.for_whom(visit.child),
            words.about(visit),
            _("🎒 Bring: {bring}").of(bring=visit.bring) if visit.bring else None,
            words.planned(visit),
        ),
        document=here.facts.appointments.calendar(visit.appointment_id),
    )


def has_booked(here: Here) -> Text | Say:
    """That it is made."""
    visit = visit_of(here)
    return booked(visit, here) if visit else _("✅ The appointment is made.")


def has_moved(here: Here) -> Text | Say:
    """That it is moved."""
    visit = visit_of(here)
    if visit is None:  # moved by staff: the people concerned have been told
        return _("✅ It is moved. Everybody concerned was told.")
    moved = _("✅ It is moved.")
    if here.get("seen"):  # the appointment is on the screen again right below
        return Say(moved, document=here.facts.appointments.calendar(visit.appointment_id))
    return Say(
        lines(moved, words.for_whom(visit.child), words.about(visit), words.planned(visit)),
        document=here.facts.appointments.calendar(visit.appointment_id),
    )


def address(typed: str, _here: Here) -> Json:
    """Reads where to come."""
    kept = typed.strip()
    if len(kept) < 3:
        raise NotUnderstood(_("Please write where we should come, or send a voice note or the place."))
    return kept[:ADDRESS_MOST]


def telling(appointment: int, sent: Mapping[str, Json]) -> TellAddress:
    """The deed for what was written, said or shared as the place to come to."""
    return TellAddress(
        appointment,
        words=str(sent.get("text") or "") if not sent.get("attachment") else "",
        latitude=sent.get("latitude"),
        longitude=sent.get("longitude"),
        attachment=str(sent.get("attachment") or ""),
    )


ASK_ADDRESS = _(
    "Where should we come? Write it, say it, or share the place. It is for this one visit: then it is erased."
)
TOLD = _("✅ We know where to come. Only who visits you sees it.")
