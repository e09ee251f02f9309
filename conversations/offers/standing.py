"""Buttons about bookings that stay good, under reminders and offers of places."""

from __future__ import annotations

from conversations.deeds.offers import AcceptPlace, CancelBooking, DeclinePlace, SayComing
from conversations.deeds.series import Excuse
from conversations.offers import words
from conversations.speech import Button, Say, _
from conversations.standing import About, StandingAction


def _cancelled(about: About) -> Say:
    return Say(words.CANCELLED, (Button(words.AFTER_ALL, str(about["again"])),))


STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="coming",
        words=("yes", "coming"),
        does=SayComing,
        deed=lambda about: SayComing(tuple(int(one) for one in about["bookings"]), int(about.get("session") or 0)),
        says={"noted": _("Thank you. See you there! 👋"), "gone": words.NOT_THERE},
    ),
    StandingAction(
        name="not_coming",
        words=("no", "not_coming"),
        does=CancelBooking,
        deed=lambda about: CancelBooking(int(about["booking"])),
        says={"cancelled": _cancelled, "gone": words.NOT_THERE, "denied": words.NOT_THERE},
    ),
    StandingAction(
        name="away",
        words=("no", "not_coming"),
        does=Excuse,
        deed=lambda about: Excuse(int(about["booking"]), int(about["session"])),
        says={"noted": words.EXCUSED, "gone": words.NOT_THERE, "denied": words.NOT_THERE},
    ),
    StandingAction(
        name="accept_place",
        words=("yes", "signup"),
        does=AcceptPlace,
        deed=lambda about: AcceptPlace(int(about["booking"])),
        says={
            "booked": _("✅ The place is booked. All about it is in “my bookings”."),
            "already": _("✅ The place is booked already."),
            "overlap": _("There is another booking at that time. Cancel it in “my bookings”, then take this place."),
            "late": words.TOO_LATE,
            "gone": words.NOT_THERE,
            "others": words.WHO_BOOKED_DECIDES,
        },
    ),
    StandingAction(
        name="decline_place",
        words=("no", "not_coming"),
        does=DeclinePlace,
        deed=lambda about: DeclinePlace(int(about["booking"])),
        says={"declined": words.declined, "gone": words.NOT_THERE, "others": words.WHO_BOOKED_DECIDES},
    ),
    StandingAction(name="see_offer", opens="offer"),
    StandingAction(name="see_bookings", opens="bookings"),
)
