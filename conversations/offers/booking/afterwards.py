"""What is said once it is booked, waited for, or there already."""

from __future__ import annotations

from conversations.around.care import noted
from conversations.facts.offers import Mine
from conversations.offers import units, words
from conversations.outings import joining
from conversations.speech import Joined, Say, Text, Value, _, lines
from conversations.steps import Here


def _bookings(here: Here) -> tuple[Mine, ...]:
    known = here.facts.offers
    return tuple(mine for booking in here["book"]["bookings"] if (mine := known.booking(int(booking))) is not None)


def confirmation(mine: Mine, here: Here, others: tuple[Mine, ...] = ()) -> Say:
    """The confirmation of a booking: number, time and place, what to bring, the pin and the calendar entry."""
    numbers: tuple[Value, ...] = tuple(str(one.number) for one in (mine, *others))
    whom = words.together([one.child for one in (mine, *others)])
    return Say(
        lines(
            _("✅ The place is booked. Number: {number}.").of(number=Joined(numbers, "and")),
            words.for_whom(whom),
            words.about_session(mine.gathering),
            units.listed(mine.gathering.course) if mine.gathering.course else None,
            units.rule(mine.gathering.course) if mine.gathering.course else None,
            _("🎒 Bring: {bring}").of(bring=mine.bring) if mine.bring else None,
            words.paper_to_show(mine),
            joining.of_booking(here, mine.booking_id),
            *noted(mine),
            words.reminder_plan(mine),
        ),
        venue=here.facts.offers.venue(mine.gathering.session_id),
        document=here.facts.offers.calendar(mine.booking_id),
    )


def booked(here: Here) -> Text | Say:
    """The confirmation, or one line where nothing is known of it."""
    mine = _bookings(here)
    if not mine:
        return _("✅ The place is booked.")
    return confirmation(mine[0], here, mine[1:])


def waiting(here: Here) -> Text:
    """Their turn in the waiting list."""
    mine = _bookings(here)
    if not mine:
        return _("You are on the waiting list.")
    children = [one.child for one in mine]
    return lines(
        words.waiting_line(mine[0].ahead),
        words.for_whom(words.together(children)),
        words.about_session(mine[0].gathering),
        _("There is a place for all of you, or for none.") if len(mine) > 1 else None,
        _("When a place becomes free, we write here. Number: {number}.").of(number=str(mine[0].number)),
    )


def already(here: Here) -> Text:
    """What they have there already."""
    mine = _bookings(here)
    if not mine:
        return _("This is booked already.")
    return lines(_("This is there already:"), words.about_session(mine[0].gathering), words.state_of(mine[0]))


def overlap(here: Here) -> Text:
    """What stands in the way at that time."""
    clash = here.facts.offers.booking(int(here["book"]["clash"]))
    if clash is None:
        return words.SOMETHING_THEN
    return lines(
        _("There is another booking at that time:"),
        words.about_session(clash.gathering),
        _("Please choose another date, or cancel the other one in “my bookings”."),
    )
