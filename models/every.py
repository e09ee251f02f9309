"""All tables: to be imported by whoever makes them, compares them, or may come to any of them."""

from models import audit, base, code, house
from models.asking import box, club, survey, vote
from models.attending import absences, attendance, head_count, room_code
from models.campaigns import broadcast, reach, subscription
from models.caring import answer, callback, case, desk, hand_over, ready_answer, safety
from models.lessons import certificate, feedback, leading, leaning, learning, lesson_question, material
from models.messages import conversation, message, money, reminder, sending, viber, webchat
from models.offers import announcement, call, closures, importing, listing, programme, school_break
from models.outings import buddy, steps, trip
from models.places import booking, eligibility, quota
from models.resources import printing, resource
from models.visits import appointment, professional
from models.who import apart, consent, people, staff

__all__ = [
    "absences",
    "announcement",
    "answer",
    "apart",
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
    "learning",
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
    "ready_answer",
    "reminder",
    "resource",
    "room_code",
    "safety",
    "school_break",
    "sending",
    "staff",
    "steps",
    "subscription",
    "survey",
    "trip",
    "viber",
    "vote",
    "webchat",
]
