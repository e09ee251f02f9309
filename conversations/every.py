"""The explicit list of everything that can be talked about."""

from __future__ import annotations

from conversations.appointments.every import CONVERSATIONS as APPOINTMENTS
from conversations.appointments.every import STANDING as APPOINTMENTS_STANDING
from conversations.around.every import CONVERSATIONS as AROUND
from conversations.around.every import STANDING as AROUND_STANDING
from conversations.asking.every import CONVERSATIONS as ASKING
from conversations.asking.every import STANDING as ASKING_STANDING
from conversations.calls.every import CONVERSATIONS as CALLS
from conversations.calls.every import STANDING as CALLS_STANDING
from conversations.help.every import CONVERSATIONS as HELP
from conversations.help.every import STANDING as HELP_STANDING
from conversations.importing.every import CONVERSATIONS as IMPORTING
from conversations.importing.every import STANDING as IMPORTING_STANDING
from conversations.menu import menu
from conversations.offers.every import CONVERSATIONS as OFFERS
from conversations.offers.every import STANDING as OFFERS_STANDING
from conversations.outings.every import CONVERSATIONS as OUTINGS
from conversations.outings.every import STANDING as OUTINGS_STANDING
from conversations.people.every import CONVERSATIONS as PEOPLE
from conversations.people.every import STANDING as PEOPLE_STANDING
from conversations.resources.every import CONVERSATIONS as RESOURCES
from conversations.resources.every import STANDING as RESOURCES_STANDING
from conversations.running.every import CONVERSATIONS as RUNNING
from conversations.script import Conversation
from conversations.staff.every import CONVERSATIONS as STAFF
from conversations.staff.every import STANDING as STAFF_STANDING
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
