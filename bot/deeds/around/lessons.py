"""Performing the deeds about how the learning goes and about exams: each by who leads it or staff."""

from __future__ import annotations

from bot.deeds.people.staff_rights import listing_for, marked_by
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering.describing import name_for, title_of
from conversations.around import learning_words as words
from conversations.deeds.lessons import (
    NoteResult,
    ReadLearning,
    SetExam,
    TellResults,
    WriteLearning,
)
from conversations.speech import Done, Moment, Say
from models.lessons import exam, learning
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import has_place
from models.who.acting import own_readers

REFUSED = Done("refused")


def _at(doing: Doing, session_id: int, booking_id: int) -> tuple[Meeting, Booking] | None:
    """A meeting that who acts may mark, and the booking of somebody who has a place there."""
    meeting = marked_by(doing, session_id)
    booking = doing.session.get(Booking, booking_id)
    if meeting is None or booking is None or not has_place(booking, meeting):
        return None
    return meeting, booking


# ---------------------------------------------------------------- learning


def read_learning(doing: Doing, deed: ReadLearning) -> Done:
    """Somebody reads how it goes with a pupil: who did, and of whom, is on record."""
    if _at(doing, deed.session, deed.booking) is None:
        return REFUSED
    doing.audit("learning.read", f"booking:{deed.booking}", session=deed.session)
    return Done("read")


def write_learning(doing: Doing, deed: WriteLearning) -> Done:
    """Keep, change or take away the lines of a lesson. The first time the pupil hears that there are some."""
    found = _at(doing, deed.session, deed.booking)
    if found is None:
        return REFUSED
    meeting, booking = found
    text = deed.text.strip()
    if not text:
        gone = learning.remove(doing.session, meeting.id, booking.person_id)
        doing.audit("learning.removed", f"booking:{booking.id}", session=meeting.id)
        return Done("removed" if gone else "gone")
    ended = learning.write(doing.session, doing.now, booking, meeting, text, doing.person_id)
    if ended in ("gone", "early"):
        return Done(ended)
    doing.audit("learning.written", f"booking:{booking.id}", session=meeting.id)
    if ended == "first":
        title = title_of(doing.session, meeting.listing_id)
        for reader in own_readers(doing.session, booking.person_id):
            about = {"booking": booking.id, "act": "learning"}
            button = doing.button(reader, words.READ_IT, "lesson", about, days=60)
            child = name_for(doing.session, booking.person_id, reader)
            doing.tell(reader, Say(words.written(title, child), (button,)), "offer")
    return Done("saved")


# ---------------------------------------------------------------- exams


def set_exam(doing: Doing, deed: SetExam) -> Done:
    """Staff say that a meeting is an exam, or is none any more: reminders say so from then on."""
    meeting = doing.session.get(Meeting, deed.session)
    listing = listing_for(doing, meeting.listing_id) if meeting is not None else None
    if listing is None or listing.block != "OFF":
        return REFUSED
    if not exam.set_exam(doing.session, deed.session, wanted=deed.wanted):
        return Done("late")
    doing.audit("session.exam", f"session:{deed.session}", wanted=deed.wanted)
    return Done("on" if deed.wanted else "off")


def note_result(doing: Doing, deed: NoteResult) -> Done:
    """Note a result. Nobody hears of it before results are told, so that a slip of the thumb harms nobody."""
    if _at(doing, deed.session, deed.booking) is None:
        return REFUSED
    noted = exam.note(
        doing.session,
        doing.now,
        booking_id=deed.booking,
        session_id=deed.session,
        result=deed.result,
        by_id=doing.person_id,
    )
    if not noted:
        return REFUSED
    doing.audit("exam.result", f"booking:{deed.booking}", session=deed.session, result=deed.result)
    return Done("noted")


def tell_results(doing: Doing, deed: TellResults) -> Done:
    """Everybody hears their own result, once; one that was corrected since is told again."""
    meeting = marked_by(doing, deed.session)
    if meeting is None or not meeting.exam:
        return REFUSED
    title, told = title_of(doing.session, meeting.listing_id), 0
    for row, booking in exam.to_tell(doing.session, meeting):
        for reader in own_readers(doing.session, booking.person_id):
            child = name_for(doing.session, booking.person_id, reader)
            when = Moment(meeting.starts_at, meeting.zone, "date")
            corrected = bool(row.told)
            say = words.result(title, when, child, passed=row.result == "passed", corrected=corrected)
            doing.tell(reader, Say(say), "offer")
        row.told = row.result
        told += 1
    doing.session.flush()
    if not told:
        return Done("nobody")
    doing.audit("exam.told", f"session:{meeting.id}", told=told)
    return Done("told", {"told": told})


PERFORM: Performers = {
    ReadLearning: read_learning,
    WriteLearning: write_learning,
    SetExam: set_exam,
    NoteResult: note_result,
    TellResults: tell_results,
}
