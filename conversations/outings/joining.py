"""At booking: a guardian's yes to the trip, own tools, a buddy; and what cards and bookings say about it."""

from __future__ import annotations

from collections.abc import Callable

from conversations.outings import words
from conversations.speech import Text, _, lines
from conversations.steps import Choose, ChooseMany, Confirm, Here, Step

Chosen = Callable[[Here], tuple[int, ...]]


def _listing(here: Here) -> int:
    return int(here.get("listing") or 0)


def _trip(here: Here) -> Text:
    known = here.facts.outings.outing(_listing(here))
    back = here.facts.outings.returns(int(here["session"]))
    return lines(
        words.NEEDS_YES,
        words.point_line(known.point),
        words.back_line(back) if back else None,
        _("People from our team come along."),
        words.ON_PAPER,
        _("Do you agree, as the parent or guardian?"),
    )


def steps(chosen: Chosen) -> tuple[Step, ...]:
    """The questions before the booking itself, each only where its listing asks it."""
    return (
        Confirm(
            name="trip",
            question=_trip,
            yes=_("Yes, I agree"),
            no=_("Not now"),
            goto={"no": "later"},
            when=lambda here: here.facts.outings.asks_trip(_listing(here), chosen(here)),
        ),
        Choose(
            name="tools",
            question=_("Tools: bring your own (gloves, rake, bags)?"),
            choices={"brings": _("🧤 I bring some"), "needs": _("I need some"), "none": _("Neither")},
            when=lambda here: here.facts.outings.outing(_listing(here)).tools,
        ),
        ChooseMany(
            name="brings",
            question=_("Which tools? One tap each."),
            choices=words.TOOLS,
            when=lambda here: here.get("tools") == "brings",
        ),
        Choose(
            name="buddy",
            question=_("A buddy is somebody from the school who helps at the start. Would you like that?"),
            choices={
                "wants": _("🤝 I would like a buddy"),
                "is": _("🙋 I can be a buddy"),
                "none": _("No, thank you"),
            },
            when=lambda here: here.facts.outings.outing(_listing(here)).buddies,
        ),
    )


def tools_of(here: Here) -> str:
    """What was said about tools."""
    said = str(here.get("tools") or "")
    return said if said != "none" else ""


def brings_of(here: Here) -> tuple[str, ...]:
    """Which tools somebody brings."""
    return tuple(str(one) for one in here.get("brings") or ()) if tools_of(here) == "brings" else ()


def buddy_of(here: Here) -> str:
    """What was said about a buddy."""
    said = str(here.get("buddy") or "")
    return said if said != "none" else ""


def on_card(here: Here, card: Text) -> Text:
    """A card with where people meet, and that a trip needs a guardian's yes."""
    known = here.facts.outings.outing(_listing(here))
    needs = (words.NEEDS_YES, words.ON_PAPER) if known.trip else ()
    return lines(card, words.point_line(known.point), *needs) if known.point or needs else card


def of_booking(here: Here, booking_id: int) -> Text | None:
    """On a booking: where people meet, the tools, and of a trip when it is back and how it stands with the yes."""
    mine = here.facts.outings.mine(booking_id)
    return words.of_mine(mine) if mine is not None else None
