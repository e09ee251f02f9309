"""Conversations about people: welcome, language, settings, my data, guardians and children, stop, joining."""

from conversations.people.ask_guardian import ask_guardian
from conversations.people.children import add_child, children
from conversations.people.guardian import guardian
from conversations.people.joining import add_chat, join_staff, link_address
from conversations.people.language import language
from conversations.people.mydata import mydata, withdraw
from conversations.people.settings import correct, settings, start
from conversations.people.stop import erase, stop
from conversations.people.welcome import welcome
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
    guardian,
    children,
    add_child,
    add_chat,
    link_address,
    join_staff,
)
STANDING: tuple[StandingAction, ...] = ()
