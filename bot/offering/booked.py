"""What follows when somebody books for another: by which mandate is on record, and those concerned hear of it."""

from __future__ import annotations

from bot.doing import Doing
from bot.offering import places
from bot.offering.describing import about_booking, called_as_helper, name_for
from conversations.offers import words
from conversations.people.mandates import SEE_ACTING
from conversations.speech import Say, lines
from models.places.booking import Booking
from models.who.acting import acts_for, speaks_for


def audit_booking(doing: Doing, action: str, booking: Booking) -> None:
    """Record an act on a booking, and by which mandate where it was a helper's."""
    mandate = None
    if not speaks_for(doing.session, doing.person_id, booking.person_id):
        mandate = acts_for(doing.session, doing.now, doing.person_id, booking.person_id)
    as_helper = {"mandate": mandate.id} if mandate is not None else {}
    doing.audit(action, f"booking:{booking.id}", person=booking.person_id, **as_helper)


def tell_booked(doing: Doing, booking: Booking) -> None:
    """The guardian or the child hears of a place that was taken; of a helper's act by whom, and how to end that."""
    about_it = about_booking(doing.session, doing.now, booking)
    by_helper = not speaks_for(doing.session, doing.person_id, booking.person_id)
    helper = called_as_helper(doing.session, doing.person_id) if by_helper else ""

    def told(reader: int) -> Say:
        name = name_for(doing.session, booking.person_id, reader)
        end = (doing.button(reader, SEE_ACTING, "see_acting", {}, days=365),) if helper else ()
        return Say(lines(words.booked_by_other(about_it, name), words.by_helper(helper)), end)

    places.tell_others(doing, booking, told)
