"""My bookings, and my children's: what is booked, waited for or offered, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conversations.appointments import mine as visits
from conversations.around import care
from conversations.around.earlier import LABEL, is_there
from conversations.around.lesson import actions as booked_actions
from conversations.around.lesson import box_of, exam_results, led_by
from conversations.deeds.offers import AcceptPlace, CancelBooking, DeclinePlace, SetNeed
from conversations.facts.offers import Mine
from conversations.offers import units, words
from conversations.offers.booking.afterwards import confirmation
from conversations.offers.cancelling import item_of, sure_of
from conversations.offers.find import look_for
from conversations.outings import joining
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines, n_
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Json, Open, Page, Tell


def _items(here: Here, offset: int, limit: int) -> Page:
    mine = (*(item_of(one) for one in here.facts.offers.bookings()), *visits.items(here))
    return Page(mine[offset : offset + limit], len(mine))


def _question(here: Here) -> Text:
    if here.get("off"):  # a reminder of several: one of them at least cannot come
        return _("Who cannot come? Tap that booking.")
    return n_("Booked or waiting: {n}. Tap it to see more.", "Booked or waiting: {n}. Tap one to see more.").of(
        n=len(here.facts.offers.bookings()) + len(visits.items(here))
    )


def _mine(here: Here) -> Mine | None:
    return here.facts.offers.booking(int(here["which"]))


def _details(here: Here) -> Text:
    mine = _mine(here)
    if mine is None:
        return _("This booking is not there any more.")
    return lines(
        words.about_session(mine.gathering),
        words.for_whom(mine.child),
        words.by_helper(mine.by),
        words.state_of(mine),
        None if mine.decides else words.WHO_BOOKED_DECIDES,
        *_units(mine),
        words.paper_to_show(mine),
        joining.of_booking(here, mine.booking_id),
        *care.noted(mine),
        led_by(here, mine),
        *exam_results(here, mine.booking_id),
        _("🎒 Bring: {bring}").of(bring=mine.bring) if mine.bring else None,
        words.reminder_plan(mine),
    )


def _units(mine: Mine) -> tuple[Text | None, ...]:
    course = mine.gathering.course
    if course is None or mine.state != "booked":
        return ()
    known = any(unit.attends for unit in course.units)
    return (units.listed(course, all_of_them=known or course.begun > 0), units.share(course))


def _actions(here: Here) -> Mapping[str, Text]:
    mine = _mine(here)
    actions: dict[str, Text] = {}
    if mine is not None and mine.state == "offered" and mine.decides:
        actions = {"take": words.TAKE_IT, "leave": words.LEAVE_IT}
    elif mine is not None and mine.state == "booked":
        if mine.gathering.course is None:
            actions = {"cancel": words.OUR_NOT_COMING if mine.child else words.NOT_COMING}
        else:
            actions = {"away": _("🟡 I can't come once"), "cancel": _("Leave the course")}
        actions["calendar"] = _("🗓 For my calendar")
        actions |= {**booked_actions(here, mine), **care.changes(mine)}
    elif mine is not None and mine.state == "waiting":
        actions = {"cancel": _("Leave the waiting list")}
    return {**actions, "others": _("All bookings")}


def _beside(here: Here) -> Mapping[str, Text]:
    return {"earlier": LABEL} if is_there(here) else {}


def _around(act: str) -> Callable[[Here], dict[str, Json]]:
    return lambda here: {"booking": int(here["which"]), "act": act}


def _calendar(here: Here) -> Say:
    mine = _mine(here)
    if mine is None:
        return Say(_("This booking is not there any more."))
    known = here.facts.offers
    return Say(
        words.about_session(mine.gathering),
        venue=known.venue(mine.gathering.session_id),
        document=known.calendar(mine.booking_id),
    )


def _taken(here: Here) -> Text | Say:
    mine = _mine(here)
    return confirmation(mine, here) if mine else _("✅ The place is booked.")


def _clash(here: Here) -> Text:
    clash = here.facts.offers.booking(int(here["take"]["clash"]))
    if clash is None:
        return lines(words.SOMETHING_THEN, words.CANCEL_OTHER)
    first = _("There is another booking at that time:")
    return lines(first, words.about_session(clash.gathering), words.CANCEL_OTHER)


bookings = Conversation(
    name="bookings",
    title=_("My bookings"),
    word="bookings",
    wishes=("show_work",),
    command="bookings",
    about=_("what is booked, and how to cancel"),
    steps=(
        Browse(
            name="which",
            question=_question,
            items=_items,
            choices=_beside,
            goto={"earlier": Open("earlier")},
            empty="none",
        ),
        *visits.STEPS,
        Choose(
            name="what",
            question=_details,
            choices=_actions,
            goto={
                **{act: Open("lesson", _around(act)) for act in ("question", "materials", "here", "learning")},
                "box": Open("box", box_of),
                "away": Open("away", lambda here: {"booking": int(here["which"])}),
                "cancel": "sure",
                "take": "take",
                "leave": "leave",
                "calendar": "calendar",
                "care": "need",
                "transport": "need",
                "others": "which",
            },
            otherwise="which",
        ),
        Do(
            name="need",
            does=SetNeed,
            deed=lambda here: care.otherwise(_mine(here), str(here["what"])),
            goto={"noted": "what", "gone": "gone"},
            when=lambda here: here.get("what") in ("care", "transport"),
        ),
        Confirm(
            name="sure",
            question=lambda here: sure_of(_mine(here)),
            yes=_("Yes, cancel"),
            no=_("No, keep it"),
            goto={"no": "kept"},
        ),
        Do(
            name="cancel",
            does=CancelBooking,
            deed=lambda here: CancelBooking(int(here["which"])),
            goto={"cancelled": "cancelled", "gone": "gone", "denied": "gone"},
        ),
        Do(
            name="take",
            does=AcceptPlace,
            deed=lambda here: AcceptPlace(int(here["which"])),
            goto={
                "booked": "taken",
                "already": "taken",
                "overlap": "clash",
                "late": "late",
                "gone": "gone",
                "others": "others",
            },
        ),
        Do(
            name="leave",
            does=DeclinePlace,
            deed=lambda here: DeclinePlace(int(here["which"])),
            goto={"declined": "declined", "gone": "gone", "others": "others"},
        ),
        Tell(name="calendar", text=_calendar, otherwise="which"),
        Tell(name="kept", text=_("All right, everything stays as it was."), otherwise="which"),
        Tell(name="cancelled", text=words.CANCELLED, otherwise="which"),
        Tell(name="taken", text=_taken, otherwise="which"),
        Tell(name="declined", text=lambda here: words.declined(here["leave"]), otherwise="which"),
        Tell(name="clash", text=_clash, otherwise="which"),
        Tell(name="late", text=words.TOO_LATE, otherwise="which"),
        Tell(name="gone", text=words.NOT_THERE, otherwise="which"),
        Tell(name="others", text=words.WHO_BOOKED_DECIDES, otherwise="which"),
        Choose(
            name="none",
            question=_("Nothing is booked. Shall we look for something?"),
            choices=lambda here: {"find": _("🔎 What is on"), **_beside(here), "no": _("Not now")},
            goto={"find": Open("find", instead=True), "earlier": Open("earlier", instead=True), "no": "end"},
            typed=look_for,
        ),
        End(name="end", text=_("All right.")),
    ),
)
