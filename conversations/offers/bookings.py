"""My bookings, and my children's: what is booked, waited for or offered, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.offers import AcceptPlace, CancelBooking, DeclinePlace
from conversations.facts.offers import Mine
from conversations.offers import words
from conversations.offers.offer import confirmation
from conversations.script import Browse, Choose, Confirm, Conversation, Do, End, Here, Item, Open, Page, Tell
from conversations.speech import Say, Text, _, lines, n_


def _items(here: Here, offset: int, limit: int) -> Page:
    mine = here.facts.offers.bookings()
    return Page(tuple(_item(one) for one in mine[offset : offset + limit]), len(mine))


def _item(mine: Mine) -> Item:
    text = lines(
        words.for_whom(mine.child),
        words.about_session(mine.gathering),
        words.by_helper(mine.by),
        words.state_of(mine),
    )
    return Item(str(mine.booking_id), text, _("Number {number}").of(number=str(mine.number)))


def _question(here: Here) -> Text:
    return n_("Booked or waiting: {n}. Tap it to see more.", "Booked or waiting: {n}. Tap one to see more.").of(
        n=len(here.facts.offers.bookings())
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
        _("🎒 Bring: {bring}").of(bring=mine.bring) if mine.bring else None,
        words.reminder_plan(mine),
    )


def _actions(here: Here) -> Mapping[str, Text]:
    mine = _mine(here)
    actions: dict[str, Text] = {}
    if mine is not None and mine.state == "offered":
        actions = {"take": words.TAKE_IT, "leave": words.LEAVE_IT}
    elif mine is not None and mine.state == "booked":
        actions = {"cancel": words.NOT_COMING, "calendar": _("🗓 For my calendar")}
    elif mine is not None and mine.state == "waiting":
        actions = {"cancel": _("Leave the waiting list")}
    return {**actions, "others": _("All bookings")}


def _sure(here: Here) -> Text:
    mine = _mine(here)
    if mine is None:
        return _("This booking is not there any more.")
    if mine.state == "waiting":
        return lines(words.about_session(mine.gathering), _("Leave the waiting list?"))
    return lines(
        words.about_session(mine.gathering),
        words.for_whom(mine.child),
        _("Cancel this? The place goes to the next in line."),
    )


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
    first = _("There is another booking at that time:")
    return lines(first, words.about_session(clash.gathering) if clash else None, words.CANCEL_OTHER)


bookings = Conversation(
    name="bookings",
    title=_("My bookings"),
    word="bookings",
    command="bookings",
    about=_("what is booked, and how to cancel"),
    steps=(
        Browse(name="which", question=_question, items=_items, empty="none", otherwise="what"),
        Choose(
            name="what",
            question=_details,
            choices=_actions,
            goto={"cancel": "sure", "take": "take", "leave": "leave", "calendar": "calendar", "others": "which"},
            otherwise="which",
        ),
        Confirm(name="sure", question=_sure, yes=_("Yes, cancel"), no=_("No, keep it"), goto={"no": "kept"}),
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
            goto={"booked": "taken", "already": "taken", "overlap": "clash", "late": "late", "gone": "gone"},
        ),
        Do(
            name="leave",
            does=DeclinePlace,
            deed=lambda here: DeclinePlace(int(here["which"])),
            goto={"declined": "declined", "gone": "gone"},
        ),
        Tell(name="calendar", text=_calendar, otherwise="which"),
        Tell(name="kept", text=_("All right, everything stays as it was."), otherwise="which"),
        Tell(name="cancelled", text=words.CANCELLED, otherwise="which"),
        Tell(name="taken", text=_taken, otherwise="which"),
        Tell(name="declined", text=words.DECLINED, otherwise="which"),
        Tell(name="clash", text=_clash, otherwise="which"),
        Tell(name="late", text=words.TOO_LATE, otherwise="which"),
        Tell(name="gone", text=words.NOT_THERE, otherwise="which"),
        Choose(
            name="none",
            question=_("Nothing is booked. Shall we look for something?"),
            choices={"find": _("🔎 What is on"), "no": _("Not now")},
            goto={"find": Open("find", instead=True), "no": "end"},
        ),
        End(name="end", text=_("All right.")),
    ),
)
