"""After sessions: how it was, what there is to take along, and who was missed. Each is asked or told once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from bot.doing import Doing
from bot.offering import places
from bot.offering.describing import name_for, title_of
from bot.telling import after_quiet, zone_of
from conversations.around import words
from conversations.speech import Card, Moment, Say
from models.attending import absences
from models.attending.attendance import states_at
from models.lessons import feedback, material
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import placed_at
from models.who.people import Address, Guardianship, Person

TAKE_ALONG = timedelta(days=7)
"""So long after a session what is added to it is still brought to people."""


def sweep(doing: Doing) -> None:
    """The standing job."""
    hand_on(doing)
    ask_how_it_was(doing)
    miss(doing)


def _sleeps(doing: Doing, person_id: int) -> bool:
    """True while nobody should write to somebody: what waits for the morning is then said in one message."""
    person = doing.session.get_one(Person, person_id)
    return after_quiet(doing.now, zone_of(doing.session, person, doing.rules), doing.rules) > doing.now


def ask_how_it_was(doing: Doing) -> int:
    """Ask who was there, by one tap. Returns how many people were asked."""
    asked = 0
    for person_id, meetings in feedback.to_ask(doing.session, doing.now):
        if _sleeps(doing, person_id):
            continue
        cards = []
        for meeting in reversed(meetings):
            row = feedback.ask(doing.session, doing.now, meeting.id, person_id)
            if row is not None:
                cards.append(_card(doing, person_id, meeting, row))
        if len(cards) == 1:
            doing.tell(person_id, Say(words.how_was(cards[0].text), cards[0].buttons), "survey")
        elif cards:
            doing.tell(person_id, Say(words.HOW_WERE_THEY, cards=tuple(cards)), "survey")
        asked += bool(cards)
    return asked


def _card(doing: Doing, person_id: int, meeting: Meeting, row: int) -> Card:
    title = title_of(doing.session, meeting.listing_id)
    buttons = tuple(
        doing.button(person_id, label, "feedback", {"feedback": row, "mood": mood}, days=14)
        for mood, label in words.MOODS.items()
    )
    return Card(words.WHICH.of(title=title, when=Moment(meeting.starts_at, meeting.zone, "short")), buttons)


def hand_on(doing: Doing) -> int:
    """Tell everybody who had a place that there is something to take along. Returns how many were told."""
    session, now = doing.session, doing.now
    has_some = exists().where(
        material.Material.listing_id == Meeting.listing_id,
        material.Material.part == "after",
        (material.Material.session_id.is_(None)) | (material.Material.session_id == Meeting.id),
    )
    meetings = session.scalars(
        select(Meeting)
        .where(
            has_some,
            Meeting.state == "planned",
            Meeting.starts_at > now - TAKE_ALONG - absences.LONGEST,
            Meeting.ends_at <= now,
            Meeting.ends_at > now - TAKE_ALONG,
        )
        .order_by(Meeting.id)
    ).all()
    told = 0
    for meeting in meetings:
        away = {one for one, state in states_at(session, meeting.id).items() if state in ("absent", "excused")}
        for booking in session.scalars(select(Booking).where(*placed_at(meeting)).order_by(Booking.id)).all():
            if booking.id not in away and material.tell_once(session, now, meeting.id, booking.person_id):
                told += _bring(doing, meeting, booking)
    return told


def _bring(doing: Doing, meeting: Meeting, booking: Booking) -> int:
    title = title_of(doing.session, meeting.listing_id)
    told = 0
    for reader in places.those_concerned(doing.session, doing.now, booking):
        button = doing.button(reader, words.GET_MATERIALS, "lesson", {"booking": booking.id, "act": "materials"})
        text = words.take_along(title, name_for(doing.session, booking.person_id, reader))
        told += doing.tell(reader, Say(text, (button,)), "offer", listing_id=meeting.listing_id) is not None
    return told


def miss(doing: Doing) -> int:
    """Write kindly to who was not there three times in a row. Returns how many streaks were new."""
    found = absences.find(doing.session, doing.now)
    for notice in found:
        title = title_of(doing.session, notice.listing_id)
        for reader in _who_hears(doing, notice.person_id):
            child = name_for(doing.session, notice.person_id, reader)
            buttons = (
                doing.button(reader, words.TALK, "talk_now", {}),
                *(
                    doing.button(reader, label, "why_absent", {"notice": notice.id, "why": why})
                    for why, label in words.WHYS.items()
                ),
            )
            doing.tell(reader, Say(words.missed(title, child), buttons), "invitation", listing_id=notice.listing_id)
    return len(found)


def _who_hears(doing: Doing, person_id: int) -> list[int]:
    """The person themself where they have a chat, and guardians who speak for them and want the child's reminders."""
    chats = select(Address.id).where(Address.person_id == person_id).limit(1)
    own = [person_id] if doing.session.scalars(chats).first() is not None else []
    guardians = doing.session.scalars(
        select(Guardianship.guardian_id)
        .where(
            Guardianship.child_id == person_id,
            Guardianship.ended_at.is_(None),
            Guardianship.grown_at.is_(None),
            Guardianship.reminders,
        )
        .order_by(Guardianship.guardian_id)
    )
    return [*own, *guardians]
