"""Buttons that stay good: a guardian's yes and no to a trip, the way to a trip, a buddy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conversations.deeds.outings import AgreeToTrip, AnswerBuddy, RefuseTrip
from conversations.outings import words
from conversations.speech import Button, Say, Text, Words, _
from conversations.standing import About, StandingAction

_GONE = _("This trip was changed or is over, or the place is not there any more. Nothing was recorded.")


def _left(_about: About) -> Say:
    return Say(
        _("The bus has left already, so this changes nothing any more. Please write to our team."),
        (Button(_("Write to our team"), "w.person"),),
    )


def _given(about: About) -> Say:
    return Say(
        _("✅ Thank you! It is noted for this trip alone. It can be taken back until it begins."),
        (Button(words.TAKE_BACK, str(about["back"])),),
    )


def _both(about: About) -> Text:
    return words.buddy_found(Words.of(about["title"]), str(about["called"]))


_BUDDY: Mapping[str, Text | Callable[[About], Text | Say]] = {
    "both": _both,
    "waits": _("Thank you! As soon as the other one says yes, I write here."),
    "no": _("All right. Nobody is told who said no."),
    "gone": _("That is settled already. Our team knows more."),
}


STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="trip_yes",
        words=("yes", "letting_go"),
        does=AgreeToTrip,
        deed=lambda about: AgreeToTrip(int(about["booking"]), int(about["sequence"])),
        says={"given": _given, "already": _("✅ There is a yes already. Thank you!"), "gone": _GONE},
    ),
    StandingAction(
        name="trip_no",
        words=("no", "not_letting_go"),
        does=RefuseTrip,
        deed=lambda about: RefuseTrip(int(about["booking"])),
        says={
            "freed": words.place_freed,
            "left": _left,
            "gone": _GONE,
        },
    ),
    StandingAction(name="see_trip", opens="trip"),
    StandingAction(
        name="buddy_yes",
        words=("yes",),
        does=AnswerBuddy,
        deed=lambda about: AnswerBuddy(int(about["pair"]), int(about["person"]), yes=True),
        says=_BUDDY,
    ),
    StandingAction(
        name="buddy_no",
        words=("no",),
        does=AnswerBuddy,
        deed=lambda about: AnswerBuddy(int(about["pair"]), int(about["person"]), yes=False),
        says=_BUDDY,
    ),
)
