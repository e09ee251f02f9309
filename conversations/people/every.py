"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.people.apart import STANDING as APART_STANDING
from conversations.people.apart import apart
from conversations.people.ask_guardian import ask_guardian
from conversations.people.chats import STANDING as CHATS_STANDING
from conversations.people.chats import add_chat, chats, link_address
from conversations.people.children import add_child, children
from conversations.people.families import families, new_family
from conversations.people.growing import growing
from conversations.people.guardian import guardian
from conversations.people.joining import join_staff
from conversations.people.language import language
from conversations.people.mandates import STANDING as MANDATES_STANDING
from conversations.people.mandates import acting, mandate
from conversations.people.mydata import mydata, withdraw
from conversations.people.own_phone import own_phone
from conversations.people.settings import correct, settings, start
from conversations.people.sharing import add_sharer, sharing
from conversations.people.stop import erase, stop
from conversations.people.topics import topics, unsubscribe
from conversations.people.welcome import welcome
from conversations.people.works import works
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    welcome,
    language,
    settings,
    correct,
    start,
    mydata,
    withdraw,
    stop,
    erase,
    ask_guardian,
    growing,
    guardian,
    children,
    add_child,
    chats,
    sharing,
    add_sharer,
    families,
    new_family,
    mandate,
    acting,
    add_chat,
    own_phone,
    link_address,
    apart,
    join_staff,
    topics,
    unsubscribe,
    works,
)
STANDING: tuple[StandingAction, ...] = (*CHATS_STANDING, *APART_STANDING, *MANDATES_STANDING)
