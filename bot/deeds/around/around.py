"""Performing the deeds around a session of who takes part: each is authorised again, by the booking it is about."""

from __future__ import annotations

from bot.arriving.sent import sent
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.around import words
from conversations.deeds.around import (
    AddFeedbackWords,
    AskForLesson,
    BecomeLeader,
    ForgetLeaning,
    GetMaterial,
    GiveFeedback,
    KeepLeaning,
    LookAtLeaderCode,
    SayHere,
    SayWhyAbsent,
)
from conversations.speech import Done
from models import code
from models.attending import absences, attendance, room_code
from models.lessons import feedback, leading, leaning, lesson_question, material
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import Booking
from models.who import person as people
from models.who.acting import may_change, speaks_for
from models.who.people import OneTimeCode, Person
from models.who.staff import StaffRole


def _booking(doing: Doing, booking_id: int) -> Booking | None:
    """A booking of who acts, or of somebody they act for."""
    row = doing.session.get(Booking, booking_id)
    if row is None or not may_change(doing.session, doing.now, doing.person_id, row.person_id, row.booked_by_id):
        return None
    return row


def ask_for_lesson(doing: Doing, deed: AskForLesson) -> Done:
    """Keep a question for whoever leads the meeting."""
    if not deed.text.strip() and not deed.attachment:
        return Done("nothing")
    booking = _booking(doing, deed.booking)
    meeting = doing.session.get(Meeting, deed.session)
    if booking is None or meeting is None:
        return Done("late")
    shown = sent(doing, deed.attachment)
    if deed.attachment and shown is None:
        return Done("lost")
    return Done(lesson_question.ask(doing.session, doing.now, booking, meeting, deed.text.strip(), shown))


def get_material(doing: Doing, deed: GetMaterial) -> Done:
    """Hand over something to read, as far as it is theirs to read by now."""
    booking = _booking(doing, deed.booking)
    if booking is None or booking.state != "booked":
        return Done("gone")
    mine = {one.id: one for one in material.readable(doing.session, doing.now, booking)}
    row = mine.get(deed.material)
    if row is None:
        return Done("gone")
    if row.kind != "file":
        return Done(row.kind, {"name": row.name, "words": row.words})
    copy = material.copy_of(doing.session, doing.now, row, doing.person_id)
    return Done("file", {"name": row.name, "relay": copy}) if copy is not None else Done("gone")


def say_here(doing: Doing, deed: SayHere) -> Done:
    """Mark somebody as present by the code of the room. What staff have marked stays."""
    booking = _booking(doing, deed.booking)
    meeting = doing.session.get(Meeting, deed.session)
    if booking is None or meeting is None:
        return Done("no_place")
    found = room_code.may_use(doing.session, doing.now, meeting, booking, deed.code, doing.person_id)
    if found != "right":
        return Done(found)
    marked = attendance.mark(
        doing.session,
        doing.now,
        booking_id=booking.id,
        session_id=meeting.id,
        state="present",
        by_id=doing.person_id,
    )
    if not marked:
        return Done("no_place")
    doing.audit("attendance.code", f"booking:{booking.id}", session=meeting.id)
    return Done("here")


# ---------------------------------------------------------------- afterwards


def give_feedback(doing: Doing, deed: GiveFeedback) -> Done:
    """Take the one answer; a few words may follow."""
    ended = feedback.answer(doing.session, doing.now, deed.feedback, doing.person_id, deed.mood)
    if ended != "thanks":
        return Done(ended)
    button = doing.button(doing.person_id, words.ADD_WORDS, "feedback_words", {"feedback": deed.feedback}, days=7)
    return Done("thanks", {"words": button.tap})


def add_feedback_words(doing: Doing, deed: AddFeedbackWords) -> Done:
    """Keep a few words with the answer."""
    kept = feedback.add_words(doing.session, deed.feedback, doing.person_id, deed.words)
    return Done("kept" if kept else "gone")


def say_why_absent(doing: Doing, deed: SayWhyAbsent) -> Done:
    """Keep what is in the way, for staff."""
    row = doing.session.get(absences.AbsenceNotice, deed.notice, with_for_update=True)
    if row is None or deed.why not in absences.REASONS or not speaks_for(doing.session, doing.person_id, row.person_id):
        return Done("gone")
    row.why = deed.why
    doing.session.flush()
    return Done("noted")


# ---------------------------------------------------------------- interests


def keep_leaning(doing: Doing, deed: KeepLeaning) -> Done:
    """Keep a result that only the person reads."""
    until = leaning.keep(doing.session, doing.now, doing.person_id, deed.areas)
    return Done("kept", {"until": until.isoformat()})


def forget_leaning(doing: Doing, _deed: ForgetLeaning) -> Done:
    """Delete it at once."""
    leaning.forget(doing.session, doing.person_id)
    return Done("forgotten")


# ---------------------------------------------------------------- becoming a leader


def _invited(doing: Doing, typed: str) -> tuple[OneTimeCode, leading.Leader] | None:
    row = code.look(doing.session, doing.now, typed, leading.INVITE, doing.person_id)
    leader = doing.session.get(leading.Leader, int(row.details)) if row is not None else None
    if row is None or leader is None or leader.ended_at is not None:
        return None
    return (row, leader) if leader.person_id in (None, doing.person_id) else None


def _is_minor(doing: Doing) -> bool:
    return doing.session.get_one(Person, doing.person_id).band in people.MINORS


def look_at_leader_code(doing: Doing, deed: LookAtLeaderCode) -> Done:
    """Whose code it is."""
    found = _invited(doing, deed.code)
    if found is None:
        return Done("unknown")
    if _is_minor(doing):
        return Done("minor")
    leader = found[1]
    organisation = doing.session.get_one(Organisation, leader.organisation_id)
    return Done("good", {"called": leader.called, "organisation": dict(organisation.name)})


def become_leader(doing: Doing, deed: BecomeLeader) -> Done:
    """Use a leader's code: authorised again. Leaders are of age and need no welcome."""
    found = _invited(doing, deed.code)
    if found is None:
        return Done("unknown")
    if _is_minor(doing):
        return Done("minor")
    row, leader = found
    person = doing.actor()
    if leading.become(doing.session, leader.id, person.id) is None:
        return Done("unknown")
    row.used_at = doing.now
    if not person.band:
        people.set_band(doing.session, doing.now, person, "18+")
    person.welcomed_at = person.welcomed_at or doing.now
    doing.session.add(
        StaffRole(
            person_id=person.id,
            organisation_id=leader.organisation_id,
            role="leader",
            given_by_id=row.subject_id,
            given_at=doing.now,
        )
    )
    doing.audit("became leader", f"leader:{leader.id}")
    return Done("joined")


PERFORM: Performers = {
    AskForLesson: ask_for_lesson,
    GetMaterial: get_material,
    SayHere: say_here,
    GiveFeedback: give_feedback,
    AddFeedbackWords: add_feedback_words,
    SayWhyAbsent: say_why_absent,
    KeepLeaning: keep_leaning,
    ForgetLeaning: forget_leaning,
    LookAtLeaderCode: look_at_leader_code,
    BecomeLeader: become_leader,
}
