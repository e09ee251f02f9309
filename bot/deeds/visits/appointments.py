"""Performing the deeds about appointments: authorised again, consent checked, everybody concerned told discreetly."""

from __future__ import annotations

from bot.arriving.knowing import consented
from bot.arriving.sent import sent
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import visiting
from conversations.appointments import words
from conversations.deeds.appointments import CancelAppointment, SayVisiting, TakeAppointment, TellAddress
from conversations.speech import Done, Moment
from models.visits import appointing
from models.visits.appointment import Appointment, VisitDetail, locked
from models.visits.professional import AppointmentRules, calendars_of
from models.visits.visit_memory import LATEST
from models.who.acting import may_change, speaks_for
from models.who.merging import survivor
from models.who.people import Person

ADDRESS_MOST, WISH_MOST = 500, 300


def keeps(doing: Doing, professional_id: int) -> bool:
    """True if who acts may keep a calendar: staff of its organisation, or whose it is."""
    return any(one.id == professional_id for one in calendars_of(doing.session, doing.person_id))


def take(doing: Doing, deed: TakeAppointment) -> Done:
    """Take a free time, or move an appointment there."""
    read = visiting.read_key(deed.slot)
    if read is None:
        return Done("taken")
    moved = doing.session.get(Appointment, deed.moves) if deed.moves else None
    if deed.moves and moved is None:
        return Done("closed")
    by_staff = moved is not None and keeps(doing, moved.professional_id) and keeps(doing, read[0])
    person_id = moved.person_id if moved else survivor(doing.session, deed.person or doing.person_id)
    person = doing.session.get(Person, person_id)
    if person is None:
        return Done("denied")
    if not by_staff:
        helper = moved is not None and not may_change(
            doing.session, doing.now, doing.person_id, person_id, moved.booked_by_id
        )
        if helper or not speaks_for(doing.session, doing.person_id, person_id, doing.now):
            return Done("denied")
        if not consented(doing.session, person):
            return Done("consent")
    wanted = appointing.Wanted(
        listing_id=moved.listing_id if moved else deed.listing,
        professional_id=read[0],
        site_id=read[1],
        starts_at=read[2],
        person_id=person_id,
        actor_id=doing.person_id,
        home=deed.home,
        language=deed.language[:8],
        moves=deed.moves,
    )
    had = moved.professional_id if moved else 0
    ended = appointing.take(doing.session, doing.now, wanted, visiting.closed, by_staff=by_staff)
    if ended.appointment is None or ended.outcome not in ("booked", "moved"):
        return Done(ended.outcome)
    row = ended.appointment
    visiting.plan_reminders(doing, row)
    if ended.before is None:
        _wish(doing, row, deed.wish)
        doing.audit("appointment_booked", f"appointment:{row.id}", person=row.person_id)
        visiting.tell_others(doing, row, words.booked_by_other)
        visiting.tell_calendar(doing, words.NEW_ENTRY.of(when=Moment(row.starts_at, row.zone)), row.professional_id)
        return Done("booked", {"appointment": row.id})
    before = Moment(ended.before, row.zone)
    doing.audit("appointment_moved", f"appointment:{row.id}", before=ended.before.isoformat(), staff=by_staff)
    visiting.tell_others(doing, row, lambda visit: words.moved_by_other(visit, before))
    told = words.MOVED_ENTRY.of(before=before, when=Moment(row.starts_at, row.zone))
    visiting.tell_calendar(doing, told, row.professional_id, had)
    return Done("moved", {"appointment": row.id})


def _wish(doing: Doing, row: Appointment, said: str) -> None:
    """What a child had to say, where the service asks for it and somebody else books."""
    rules = doing.session.get_one(AppointmentRules, row.listing_id)
    if said and rules.wish and row.booked_by_id != row.person_id:
        doing.session.add(VisitDetail(appointment_id=row.id, wish=said[:WISH_MOST]))
        doing.session.flush()


def _own(doing: Doing, appointment_id: int) -> Appointment | None:
    """The appointment, locked, if who acts may change it and it is still to come."""
    row = locked(doing.session, appointment_id)
    if row is None or row.state != "booked" or row.ends_at <= doing.now:
        return None
    may = may_change(doing.session, doing.now, doing.person_id, row.person_id, row.booked_by_id)
    return row if may else None


def tell_address(doing: Doing, deed: TellAddress) -> Done:
    """Keep where to come for this visit alone. What was recorded is kept as long as the address, and no longer."""
    row = _own(doing, deed.appointment)
    if row is None or not row.home:
        return Done("gone")
    recorded = sent(doing, deed.attachment)
    if deed.attachment and recorded is None:
        return Done("lost")
    if not (deed.words or recorded is not None or (deed.latitude is not None and deed.longitude is not None)):
        return Done("lost")
    detail = doing.session.get(VisitDetail, row.id, with_for_update=True)
    if detail is None:
        detail = VisitDetail(appointment_id=row.id)
        doing.session.add(detail)
    if recorded is not None:
        recorded.keep_until = row.ends_at + 2 * LATEST
    detail.address = deed.words[:ADDRESS_MOST]
    detail.latitude, detail.longitude = deed.latitude, deed.longitude
    detail.attachment_id = recorded.id if recorded is not None else None
    doing.session.flush()
    doing.audit("address_told", f"appointment:{row.id}")
    return Done("told")


def cancel(doing: Doing, deed: CancelAppointment) -> Done:
    """Give an appointment back."""
    row = appointing.cancel(doing.session, doing.now, deed.appointment, doing.person_id)
    if row is None:
        return Done("gone")
    doing.audit("appointment_cancelled", f"appointment:{row.id}", person=row.person_id, reason=row.reason)
    visiting.tell_others(doing, row, words.cancelled_by_other)
    visiting.tell_calendar(doing, words.GONE_ENTRY.of(when=Moment(row.starts_at, row.zone)), row.professional_id)
    again = doing.button(doing.person_id, words.LOOK, "see_appointment", {"listing": row.listing_id})
    return Done("cancelled", {"again": again.tap})


def say_visiting(doing: Doing, deed: SayVisiting) -> Done:
    """They will be there."""
    row = _own(doing, deed.appointment)
    if row is None or row.starts_at <= doing.now:
        return Done("gone")
    row.comes = True
    return Done("noted")


PERFORM: Performers = {
    TakeAppointment: take,
    TellAddress: tell_address,
    CancelAppointment: cancel,
    SayVisiting: say_visiting,
}
