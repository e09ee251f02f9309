"""My appointments: steps of "my bookings", the address of a visit at home, and the buttons under reminders."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import words
from conversations.appointments.arranged import ASK_ADDRESS, TOLD, address, telling
from conversations.deeds.appointments import CancelAppointment, SayVisiting, TakeAppointment, TellAddress
from conversations.facts.appointments import Visit
from conversations.offers.words import OUR_NOT_COMING
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, _, lines
from conversations.standing import About, StandingAction
from conversations.steps import Attach, Choose, Confirm, Do, End, Here, Item, Json, Open, Step, Tell

KEY = "apt"
"""How the keys of appointments begin among all that is booked."""


def items(here: Here) -> tuple[Item, ...]:
    """Appointments as cards in the list of what is booked."""
    return tuple(
        Item(
            f"{KEY}{visit.appointment_id}",
            lines(words.for_whom(visit.child), words.about(visit)),
            _("Number {number}").of(number=str(visit.number)),
        )
        for visit in here.facts.appointments.visits()
    )


def is_visit(here: Here) -> bool:
    """True where an appointment was picked from the list."""
    return str(here.get("which") or "").startswith(KEY)


def _id(here: Here) -> int:
    return int(str(here["which"]).removeprefix(KEY))


def _visit(here: Here) -> Visit | None:
    return here.facts.appointments.visit(_id(here))


def _details(here: Here) -> Text:
    return details_of(_visit(here))


def sure_of(visit: Visit | None) -> Text:
    """The question before an appointment is cancelled."""
    return lines(details_of(visit), _("Cancel this appointment?"))


def details_of(visit: Visit | None) -> Text:
    """All that its person may read of an appointment."""
    if visit is None:
        return words.NOT_THERE
    return lines(
        words.for_whom(visit.child),
        words.about(visit),
        _("🎒 Bring: {bring}").of(bring=visit.bring) if visit.bring else None,
        words.planned(visit),
        _("We do not know yet where to come.") if visit.home and not visit.told else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    visit = _visit(here)
    ways: dict[str, Text] = {}
    if visit is not None and visit.state == "booked":
        if visit.movable:
            ways["move"] = words.ANOTHER_TIME
        ways["cancel"] = words.AWAY if visit.home else OUR_NOT_COMING if visit.child else words.NOT_COMING
        if visit.home:
            ways["address"] = words.WHERE_TO_COME
        ways["calendar"] = _("🗓 For my calendar")
    return {**ways, "others": _("All bookings")}


def _moves(here: Here) -> Mapping[str, Json]:
    visit = _visit(here)
    return {"listing": visit.listing_id if visit else 0, "moves": _id(here), "seen": True}


def _calendar(here: Here) -> Say:
    visit = _visit(here)
    if visit is None:
        return Say(words.NOT_THERE)
    return Say(words.about(visit), document=here.facts.appointments.calendar(visit.appointment_id))


STEPS: tuple[Step, ...] = (
    Choose(
        name="visit",
        question=_details,
        choices=_ways,
        when=is_visit,
        goto={
            "move": Open("appointment", _moves),
            "cancel": "visit_sure",
            "address": Open("visit_address", lambda here: {"appointment": _id(here)}),
            "calendar": "visit_calendar",
            "others": "which",
        },
        otherwise="which",
    ),
    Confirm(
        name="visit_sure",
        question=lambda here: sure_of(_visit(here)),
        yes=_("Yes, cancel"),
        no=_("No, keep it"),
        when=is_visit,
        goto={"yes": "visit_cancel", "no": "which"},
    ),
    Do(
        name="visit_cancel",
        does=CancelAppointment,
        deed=lambda here: CancelAppointment(_id(here)),
        when=is_visit,
        goto={"cancelled": "visit_cancelled", "gone": "visit_gone"},
    ),
    Tell(name="visit_cancelled", text=words.CANCELLED, when=is_visit, otherwise="which"),
    Tell(name="visit_gone", text=words.NOT_THERE, when=is_visit, otherwise="which"),
    Tell(name="visit_calendar", text=_calendar, when=is_visit, otherwise="which"),
)
"""What "my bookings" asks once an appointment was picked; passed by for everything else."""


visit_address = Conversation(
    name="visit_address",
    title=_("Where to come"),
    steps=(
        Attach(name="address", question=ASK_ADDRESS, kinds=("voice", "location"), check=address, asks="location"),
        Do(
            name="tell",
            does=TellAddress,
            deed=lambda here: telling(int(here.get("appointment") or 0), here["address"]),
            goto={"told": "told", "gone": "gone", "lost": "lost"},
        ),
        End(name="told", text=TOLD),
        Tell(name="lost", text=_("That did not arrive in one piece. Once more, please."), otherwise="address"),
        End(name="gone", text=words.NOT_THERE),
    ),
)


def _cancelled(about: About) -> Say:
    return Say(words.CANCELLED, (Button(words.LOOK, str(about["again"])),))


_TAKEN = _("✅ The appointment is made. All about it is in “my bookings”.")


STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="see_appointment", opens="appointment"),
    StandingAction(name="visit_address", opens="visit_address"),
    StandingAction(name="calendar", opens="calendar"),
    StandingAction(
        name="visiting",
        words=("yes", "coming"),
        does=SayVisiting,
        deed=lambda about: SayVisiting(int(about["appointment"])),
        says={"noted": words.SEE_YOU, "gone": words.NOT_THERE},
    ),
    StandingAction(
        name="cancel_visit",
        words=("no", "not_coming"),
        does=CancelAppointment,
        deed=lambda about: CancelAppointment(int(about["appointment"])),
        says={"cancelled": _cancelled, "gone": words.NOT_THERE},
    ),
    StandingAction(
        name="take_slot",
        does=TakeAppointment,
        deed=lambda about: TakeAppointment(
            listing=int(about["listing"]),
            slot=str(about["slot"]),
            person=int(about["person"]),
            home=bool(about["home"]),
            language=str(about["language"]),
        ),
        says={
            "booked": _TAKEN,
            "moved": _TAKEN,
            "taken": _("Somebody was quicker. Please choose another time."),
            "limit": _("There is an appointment here already. When it is over, the next can be made."),
            "overlap": _("Something else is booked at that time. Another one?"),
            "closed": words.NOT_THERE,
            "age": words.NOT_THERE,
            "late": words.NOT_THERE,
            "consent": _("A yes for taking part is missing. It can be given in “my data”."),
            "denied": words.NOT_THERE,
        },
    ),
)
