"""Performing the deeds about learning, exams, costs, sheets of people and the log: each by who leads it or staff."""

from __future__ import annotations

from functools import partial

from bot import trip_asking
from bot.deeds.around.certificates import chats_for
from bot.deeds.people.staff_rights import listing_for, marked_by
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BY_TAG
from bot.language.tongue import spoken, tongue
from bot.offering import sheets
from bot.offering.describing import name_for
from bot.searching.search import index_listing
from bot.telling import queue
from conversations.around import learning_words as words
from conversations.deeds.lessons import (
    HandSheet,
    NoteResult,
    ReadLearning,
    SetExam,
    SetTerms,
    TellResults,
    WriteLearning,
    WriteLog,
)
from conversations.outings.words import TOOLS
from conversations.running.sheets import HERE
from conversations.speech import Document, Done, Moment, Say, Words
from models.attending.attendance import MARK_BEFORE
from models.lessons import exam, learning
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings import trip
from models.places.booking import Booking
from models.places.placed import has_place
from models.who.people import Person
from models.who.staff import organisations_of

REFUSED = Done("refused")
OF_MEETINGS = ("signatures", "trip")
"""The tables of one meeting; the others are of a listing."""
WORDS_MOST = 160
LOG_MOST = 400
NEEDED_MOST = 1000
LANGUAGES = frozenset(language.base for language in BY_TAG.values())


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
        for reader in chats_for(doing.session, booking.person_id):
            about = {"booking": booking.id, "act": "learning"}
            button = doing.button(reader, words.READ_IT, "lesson", about, days=60)
            child = name_for(doing.session, booking.person_id, reader)
            doing.tell(reader, Say(words.written(_title(doing, meeting), child), (button,)), "offer")
    return Done("saved")


def _title(doing: Doing, meeting: Meeting) -> Words:
    return Words.of(doing.session.get_one(Listing, meeting.listing_id).title)


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
    told = 0
    for row, booking in exam.to_tell(doing.session, meeting):
        for reader in chats_for(doing.session, booking.person_id):
            child = name_for(doing.session, booking.person_id, reader)
            when = Moment(meeting.starts_at, meeting.zone, "date")
            corrected = bool(row.told)
            say = words.result(_title(doing, meeting), when, child, passed=row.result == "passed", corrected=corrected)
            doing.tell(reader, Say(say), "offer")
        row.told = row.result
        told += 1
    doing.session.flush()
    if not told:
        return Done("nobody")
    doing.audit("exam.told", f"session:{meeting.id}", told=told)
    return Done("told", {"told": told})


# ---------------------------------------------------------------- what an offer costs and asks


def set_terms(doing: Doing, deed: SetTerms) -> Done:
    """Set one of it. Words are in one language; others stay."""
    listing = listing_for(doing, deed.listing)
    if listing is None:
        return REFUSED
    if not apply_terms(listing, deed):
        return REFUSED
    doing.session.flush()
    index_listing(doing.session, listing.id)
    doing.audit("listing.terms", f"listing:{listing.id}", what=deed.what)
    return Done("saved")


def apply_terms(listing: Listing, deed: SetTerms) -> bool:
    """Write one of it into the listing; False where there is no such thing to set."""
    value = deed.value.strip()[:WORDS_MOST]
    tool = deed.what.removeprefix("tool:")
    if deed.what in ("cost", "travel") and deed.language in LANGUAGES:
        known = {
            language: words for language, words in getattr(listing, deed.what).items() if language != deed.language
        }
        setattr(listing, deed.what, {**known, **({deed.language: value} if value else {})})
    elif deed.what == "travel_paid" and value in ("yes", "no", ""):
        listing.travel_paid = value
    elif deed.what in ("transport", "exam_needed"):
        setattr(listing, deed.what, value == "yes")
    elif deed.what != tool and tool in TOOLS and value.isascii() and value.isdigit() and int(value) <= NEEDED_MOST:
        known = {word: n for word, n in listing.tools_needed.items() if word != tool}
        listing.tools_needed = {**known, **({tool: int(value)} if int(value) else {})}
    else:
        return False
    return True


# ---------------------------------------------------------------- sheets and the log


def hand_sheet(doing: Doing, deed: HandSheet) -> Done:
    """Hand over a table, where it was asked for. Who had which is on record."""
    if deed.what not in HERE:
        return REFUSED
    voice = tongue(doing.session.get_one(Person, doing.person_id).tag)
    document: Document | None = None
    if deed.what == "signatures":
        meeting = marked_by(doing, deed.of)
        if meeting is None:
            return REFUSED
        document = sheets.signatures(doing.session, meeting, voice)
    elif deed.what == "trip":
        meeting = marked_by(doing, deed.of)
        if meeting is None or not trip.is_trip(doing.session, meeting):
            return REFUSED
        document = sheets.escort(doing.session, meeting, voice, partial(trip_asking.family_by_chat, doing))
    else:
        mine = organisations_of(doing.session, doing.person_id)
        listing = listing_for(doing, deed.of) if deed.of else None
        if not mine or (deed.of and listing is None) or (deed.what == "travel" and listing is None):
            return REFUSED
        if deed.what == "travel" and listing is not None:
            document = sheets.travel(doing.session, doing.now, listing, voice)
        else:
            document = sheets.log(doing.session, doing.now, mine, deed.of, voice)
    if document is None:
        return Done("nobody")
    say = spoken(Say(HERE[deed.what], document=document), voice)
    doing.outgoing.append(queue(doing.session, doing.now, doing.address_id, say, "reply"))
    doing.audit(f"sheet.{deed.what}", f"{'session' if deed.what in OF_MEETINGS else 'listing'}:{deed.of}")
    return Done("sent")


def write_log(doing: Doing, deed: WriteLog) -> Done:
    """What was done at a meeting that has begun; the last words count."""
    meeting = marked_by(doing, deed.session)
    if meeting is None:
        return REFUSED
    if meeting.starts_at - MARK_BEFORE > doing.now:
        return Done("early")
    meeting.log = deed.words.strip()[:LOG_MOST]
    doing.session.flush()
    doing.audit("session.log", f"session:{meeting.id}")
    return Done("saved")


PERFORM: Performers = {
    ReadLearning: read_learning,
    WriteLearning: write_learning,
    SetExam: set_exam,
    NoteResult: note_result,
    TellResults: tell_results,
    SetTerms: set_terms,
    HandSheet: hand_sheet,
    WriteLog: write_log,
}
