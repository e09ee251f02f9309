"""The explicit list of everything that can be talked about."""

from __future__ import annotations

from conversations.appointments import CONVERSATIONS as APPOINTMENTS
from conversations.appointments import STANDING as APPOINTMENTS_STANDING
from conversations.around import CONVERSATIONS as AROUND
from conversations.around import STANDING as AROUND_STANDING
from conversations.asking import CONVERSATIONS as ASKING
from conversations.asking import STANDING as ASKING_STANDING
from conversations.calls import CONVERSATIONS as CALLS
from conversations.calls import STANDING as CALLS_STANDING
from conversations.help import CONVERSATIONS as HELP
from conversations.help import STANDING as HELP_STANDING
from conversations.importing import CONVERSATIONS as IMPORTING
from conversations.importing import STANDING as IMPORTING_STANDING
from conversations.menu import menu
from conversations.offers import CONVERSATIONS as OFFERS
from conversations.offers import STANDING as OFFERS_STANDING
from conversations.outings import CONVERSATIONS as OUTINGS
from conversations.outings import STANDING as OUTINGS_STANDING
from conversations.people import CONVERSATIONS as PEOPLE
from conversations.people import STANDING as PEOPLE_STANDING
from conversations.resources import CONVERSATIONS as RESOURCES
from conversations.resources import STANDING as RESOURCES_STANDING
from conversations.running import CONVERSATIONS as RUNNING
from conversations.script import Conversation
from conversations.staff import CONVERSATIONS as STAFF
from conversations.staff import STANDING as STAFF_STANDING
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    menu,
    *PEOPLE,
    *OFFERS,
    *OUTINGS,
    *APPOINTMENTS,
    *AROUND,
    *RUNNING,
    *CALLS,
    *HELP,
    *STAFF,
    *ASKING,
    *RESOURCES,
    *IMPORTING,
)
STANDING: dict[str, StandingAction] = {
    action.name: action
    for action in (
        *PEOPLE_STANDING,
        *OFFERS_STANDING,
        *OUTINGS_STANDING,
        *APPOINTMENTS_STANDING,
        *AROUND_STANDING,
        *CALLS_STANDING,
        *HELP_STANDING,
        *STAFF_STANDING,
        *ASKING_STANDING,
        *RESOURCES_STANDING,
        *IMPORTING_STANDING,
    )
}
