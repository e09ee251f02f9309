"""What is held about a person around sessions, as plain data: a part of what "my data" hands over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from models.attending.absences import AbsenceNotice
from models.lessons.certificate import Certificate
from models.lessons.feedback import Feedback
from models.lessons.leading import Leader
from models.lessons.leaning import Leaning
from models.lessons.learning import LearningNote
from models.lessons.lesson_question import LessonQuestion
from models.offers.listing import Listing, Session
from models.who.people import Person


def around(session: Database, person: Person) -> dict[str, Any]:
    """Questions, notes on their learning, answers, absences, certificates, interests, what they lead. Times in UTC."""
    leaning = session.get(Leaning, person.id)
    return {
        "questions_for_lessons": [
            {"text": text, "with_a_file": attachment is not None, "at": at.isoformat()}
            for text, attachment, at in session.execute(
                select(LessonQuestion.text, LessonQuestion.attachment_id, LessonQuestion.created_at)
                .where(LessonQuestion.person_id == person.id)
                .order_by(LessonQuestion.id)
            )
        ],
        "how_the_learning_goes": [
            {"title": title, "lesson_at": starts.isoformat(), "words": text, "written_at": at.isoformat()}
            for title, starts, text, at in session.execute(
                select(Listing.title, Session.starts_at, LearningNote.text, LearningNote.at)
                .join(Session, Session.id == LearningNote.session_id)
                .join(Listing, Listing.id == Session.listing_id)
                .where(LearningNote.person_id == person.id)
                .order_by(LearningNote.id)
            )
        ],
        "how_it_was": [
            {"title": title, "answer": mood, "words": words, "asked_at": at.isoformat()}
            for title, mood, words, at in session.execute(
                select(Listing.title, Feedback.mood, Feedback.words, Feedback.asked_at)
                .join(Session, Session.id == Feedback.session_id)
                .join(Listing, Listing.id == Session.listing_id)
                .where(Feedback.person_id == person.id)
                .order_by(Feedback.id)
            )
        ],
        "missed_three_times": [
            {"title": title, "at": at.isoformat(), "why": why}
            for title, at, why in session.execute(
                select(Listing.title, AbsenceNotice.at, AbsenceNotice.why)
                .join(Listing, Listing.id == AbsenceNotice.listing_id)
                .where(AbsenceNotice.person_id == person.id)
                .order_by(AbsenceNotice.id)
            )
        ],
        "certificates": [
            {"number": row.number, "title": row.title, "name": row.name, "issued_at": row.issued_at.isoformat()}
            for row in session.scalars(
                select(Certificate).where(Certificate.person_id == person.id).order_by(Certificate.number)
            )
        ],
        "what_suits_me": {"fields": leaning.areas, "deleted_at": leaning.until.isoformat()} if leaning else None,
        "leads_meetings_as": list(
            session.scalars(select(Leader.called).where(Leader.person_id == person.id, Leader.ended_at.is_(None)))
        ),
    }
