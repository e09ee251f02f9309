"""What is remembered: tables by subject, and the operations that keep their rules true."""

from models import audit, base, code, house
from models.asking import box, club, survey, vote
from models.campaigns import broadcast, reach, subscription
from models.caring import answer, callback, case, desk, hand_over, safety
from models.lessons import certificate, feedback, leading, leaning, lesson_question, material
from models.messages import conversation, message, money, reminder, sending, webchat
from models.offers import announcement, call, closures, importing, listing, programme, school_break
from models.outings import buddy, trip
from models.places import absences, attendance, booking, eligibility, head_count, quota, room_code
from models.resources import printing, resource
from models.visits import appointment, professional
from models.who import consent, people, staff

__all__ = [
    "absences",
    "announcement",
    "answer",
    "appointment",
    "attendance",
    "audit",
    "base",
    "booking",
    "box",
    "broadcast",
    "buddy",
    "call",
    "callback",
    "case",
    "certificate",
    "closures",
    "club",
    "code",
    "consent",
    "conversation",
    "desk",
    "eligibility",
    "feedback",
    "hand_over",
    "head_count",
    "house",
    "importing",
    "leading",
    "leaning",
    "lesson_question",
    "listing",
    "material",
    "message",
    "money",
    "people",
    "printing",
    "professional",
    "programme",
    "quota",
    "reach",
    "reminder",
    "resource",
    "room_code",
    "safety",
    "school_break",
    "sending",
    "staff",
    "subscription",
    "survey",
    "trip",
    "vote",
    "webchat",
]
