"""The explicit list of everything that can be talked about."""

from __future__ import annotations

from conversations.calls import CONVERSATIONS as CALLS
from conversations.calls import STANDING as CALLS_STANDING
from conversations.help import CONVERSATIONS as HELP
from conversations.help import STANDING as HELP_STANDING
from conversations.menu import menu
from conversations.offers import CONVERSATIONS as OFFERS
from conversations.offers import STANDING as OFFERS_STANDING
from conversations.people import CONVERSATIONS as PEOPLE
from conversations.people import STANDING as PEOPLE_STANDING
from conversations.script import Conversation
from conversations.staff import CONVERSATIONS as STAFF
from conversations.staff import STANDING as STAFF_STANDING
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (menu, *PEOPLE, *OFFERS, *CALLS, *HELP, *STAFF)
STANDING: dict[str, StandingAction] = {
    action.name: action
    for action in (*PEOPLE_STANDING, *OFFERS_STANDING, *CALLS_STANDING, *HELP_STANDING, *STAFF_STANDING)
}
