"""What people are told because staff did something: a session moved or was cancelled, a broadcast."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Button, Document, Moment, Say, Text, Words, _, lines, n_

SEE_OFFER, SEE_CALL, SEE_BROADCAST, UNDO_LISTING = "broadcast_offer", "broadcast_call", "sent", "undo_listing"
"""Names of standing actions, for whoever makes their buttons."""

SEE = _("See")
REPORT = _("See how it went")
UNDO = _("Undo")

REASONS: Mapping[str, Text] = {
    "ill": _("The teacher is ill"),
    "closed": _("The building is closed"),
    "few": _("Too few people"),
    "broken": _("Something there does not work"),
}
"""Why a meeting does not take place: these are told in each one's language, typed words as they are."""

NO_MORE_OF_THIS = _("No more of this")
"""Ends the subscription that a message is for."""

REGISTERED = n_(
    "🙋 {n} new registration for “{title}”, the last at {time}.",
    "🙋 {n} new registrations for “{title}”, the last at {time}.",
)
WHO = _("See who")
NO_SUCH_NOTICES = _("🔕 No such notices")
NO_NOTICES = _("🔕 No notices about registrations")
SUCH_NOTICES = _("🔔 Notices about registrations")
NO_NOTICES_NOW = _("All right, no more notices about registrations. “For staff” switches them on again.")
NOTICES_NOW = _("Done: a short notice comes when somebody registers or books.")

_STOP = _("Stop messages")
_INVITED = _("🎉 This is an invitation:")
_TEXT = _("{words}")
_SIGNED = _("— {organisation}")
_MOVED = _("🔁 The time has changed.")
_CALLED_OFF = _("❌ This will not take place.")
_FOR = _("For: {child}")
_TITLE = _("📌 {title}")
_NOW = _("🗓 Now: {when}")
_WAS = _("Before: {when}")
_WHEN = _("🗓 {when}")
_PLACE = _("📍 {place}")
_REASON = _("Why: {reason}")
_KEPT = _("The place is kept. Reminders come for the new time.")
_HELD = _("A place is held until {until}")
_LINE_KEPT = _("The place in the waiting list is kept.")
_NOTHING_TO_DO = _("Nothing needs to be done. The booking has been cancelled.")
_CALL_BACK = _("Did our last message arrive? If something is unclear, write “person” and we will answer.")
_UNDELIVERED = n_("It could not reach {n} person.", "It could not reach {n} people.")
_DELIVERED = n_("📣 The message went out to {n} person.", "📣 The message went out to {n} people.")


def session_moved(
    title: Words,
    now: Moment,
    before: Moment,
    place: Words,
    child: Text | str,
    *,
    waiting: bool,
    held: Moment | None = None,
    calendar: Document | None,
    buttons: tuple[Button, ...] = (),
) -> Say:
    """A session that somebody is booked in takes place at another time. `child` names whose booking it is.

    `waiting` is in its waiting list, and for whom a place is offered, it is `held` until then.
    """
    return Say(
        lines(
            _MOVED,
            _FOR.of(child=child) if child else None,
            _TITLE.of(title=title),
            _NOW.of(when=now),
            _WAS.of(when=before),
            _PLACE.of(place=place) if place else None,
            _HELD.of(until=held) if held else _LINE_KEPT if waiting else _KEPT,
        ),
        buttons,
        document=calendar,
    )


def session_cancelled(
    title: Words,
    when: Moment,
    reason: str,
    child: Text | str,
    calendar: Document | None,
    buttons: tuple[Button, ...] = (),
) -> Say:
    """A session that somebody is booked in does not take place."""
    return Say(
        lines(
            _CALLED_OFF,
            _FOR.of(child=child) if child else None,
            _TITLE.of(title=title),
            _WHEN.of(when=when),
            _REASON.of(reason=REASONS.get(reason, reason)) if reason else None,
            _NOTHING_TO_DO,
        ),
        buttons,
        document=calendar,
    )


def broadcast_text(words: Words, organisation: Words) -> Text:
    """What a broadcast says: the words of staff, and who they are from."""
    return lines(_TEXT.of(words=words), _SIGNED.of(organisation=organisation))


def invitation_text(title: Words, when: Moment | None, place: Words, words: Words, organisation: Words) -> Text:
    """An invitation to something: what, when, where, in each one's language; and words of staff, if they wrote any."""
    return lines(
        _INVITED,
        _TITLE.of(title=title),
        _WHEN.of(when=when) if when else None,
        _PLACE.of(place=place) if place else None,
        _TEXT.of(words=words) if words else None,
        _SIGNED.of(organisation=organisation),
    )


ENTER_BREAKS = _("✏️ Enter breaks")
_BREAKS = _("The school breaks of {year} are not known here yet. Entered once, every series leaves them out.")


def breaks_wanted(year: str, button: Button) -> Say:
    """Told once to staff before a school year whose breaks nobody has entered."""
    return Say(_BREAKS.of(year=year), (button,))


def broadcast(text: Text, see: tuple[Button, ...] = (), *, end: str = "", relay: int | None = None) -> Say:
    """A broadcast as it is received: with what it is about behind buttons, and the way out: of its topic where it has
    one (`end` is the tap), and of all messages. `relay` is the voice or picture that comes with it.
    """
    out = (Button(NO_MORE_OF_THIS, end, quiet=True),) if end else ()
    return Say(text, (*see, *out, Button(_STOP, "w.stop", quiet=True)), relay=relay)


def broadcast_done(reached: int, not_reached: int, report: Button) -> Say:
    """Told to whoever sent it, when the last message has left."""
    return Say(lines(_DELIVERED.of(n=reached), _UNDELIVERED.of(n=not_reached) if not_reached else None), (report,))


def did_it_arrive() -> Say:
    """Asked of somebody whose message is in doubt."""
    return Say(_CALL_BACK)
