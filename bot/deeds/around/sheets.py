"""Performing the deeds about sheets of people for printing, and about the log of what was done."""

from __future__ import annotations

from functools import partial

from bot import trip_asking
from bot.deeds.people.staff_rights import listing_for, marked_by
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import sheets
from conversations.deeds.lessons import HandSheet, WriteLog
from conversations.running.sheets import HERE
from conversations.speech import Document, Done, Say
from models.attending.attendance import MARK_BEFORE
from models.outings import trip
from models.who.staff import organisations_of

REFUSED = Done("refused")
OF_MEETINGS = ("signatures", "trip")
"""The tables of one meeting; the others are of a listing."""
LOG_MOST = 400


def hand_sheet(doing: Doing, deed: HandSheet) -> Done:
    """Hand over a table, where it was asked for. Who had which is on record."""
    if deed.what not in HERE:
        return REFUSED
    voice = doing.voice
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
    doing.hand(Say(HERE[deed.what], document=document))
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


PERFORM: Performers = {HandSheet: hand_sheet, WriteLog: write_log}
