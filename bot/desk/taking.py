"""Takes what comes in at the desk, one arrival in one transaction: who it is, where it is, what it means there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.links import resolve
from bot.arriving.sender import left, remember
from bot.desk import answering, cards, files, languages, ready, words
from bot.desk.acting import Act
from bot.desk.talks import Talks
from bot.dialogue import Dialogue, Taken
from bot.doing import Doing
from bot.language.languages import guess
from bot.language.tongue import tongue
from conversations.engine.hearing import COMMAND
from conversations.engine.state import State
from conversations.engine.walking import ALONE
from conversations.speech import Heard, Spoken, Text
from handlers.channel import Arrival
from handlers.desk.arriving import DeskArrival
from models.caring import desk, desk_people
from models.caring.desk import DESK, DeskGroup
from models.messages.conversation import Talk
from models.messages.message import Note, Outgoing
from models.who.people import Address

FRESH = timedelta(minutes=15)
"""So long after a member's last act in a group their words there are taken for an answer to what was asked."""
RESTING = ("menu", "desk")
"""Conversations in which nothing typed in a group is waited for: colleagues talk there among themselves."""
JOINING = ("join_staff",)


class Desk:
    """Stands where the dialogue stands for other channels, and lets it hold the members' own conversations."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self.talks = Talks(dialogue)
        self._told: set[str] = set()
        """Strangers who were told already that this chat is not for them."""

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        """Take one arrival within the caller's transaction. A known message id has no effect."""
        if not remember(session, arrival, now):
            return Taken(duplicate=True)
        if not isinstance(arrival, DeskArrival) or arrival.event == "ignored":
            return Taken()
        if arrival.change:
            self._changed(session, arrival)
            return Taken()
        if arrival.event in ("left", "returned"):
            return Taken(tuple(self._leaves(session, arrival)) if arrival.event == "left" else ())
        group = desk.group_at(session, arrival.chat) if arrival.place else _first(session)
        if group is None:
            return Taken()
        act = self._act(session, arrival, group, now)
        if act is None:
            return self._stranger(session, arrival, group, now)
        opens = self._dispatch(act)
        if isinstance(opens, Taken):
            return opens
        answer = Spoken(act.answer) if act.answer else None
        return Taken(tuple(act.doing.outgoing), answer=answer)

    def limits(self, arrival: Arrival) -> bool:
        """In a group colleagues write as much as they like; to the bot alone anybody can."""
        return not (isinstance(arrival, DeskArrival) and arrival.place)

    def quarantine(self, session: Session, arrival: Arrival, now: datetime, reason: str) -> Taken:
        """Set aside an arrival whose turn failed: who wrote is told so where it was, staff by a note."""
        if not remember(session, arrival, now, state="quarantined", reason=reason):
            return Taken(duplicate=True)
        session.add(Note(kind="quarantined", about=f"{arrival.channel}: {reason}", created_at=now))
        person = desk_people.person_of(session, arrival.sender.external_id)
        tag = person.tag if person is not None else self._dialogue.rules.default_tag
        return Taken(answer=Spoken(tongue(tag).speak(words.TROUBLE)))

    # ------------------------------------------------------------ who it is

    @staticmethod
    def _changed(session: Session, arrival: DeskArrival) -> None:
        """Something happened to a group itself."""
        if arrival.change == "moved":
            desk.moved(session, arrival.chat, arrival.moved_to)
            return
        group = desk.group_at(session, arrival.chat)
        if group is not None and arrival.change == "out":
            desk.in_trouble(session, group, "not a member")
        elif group is not None:
            desk.in_trouble(session, group, "to be checked")

    def _act(self, session: Session, arrival: DeskArrival, group: DeskGroup, now: datetime) -> Act | None:
        """The act of a member of the group who has a role in its organisation; None for anybody else's."""
        person = desk_people.person_of(session, arrival.sender.external_id) if arrival.member else None
        roles = desk_people.roles_in(session, person.id, group.organisation_id) if person is not None else frozenset()
        if person is None or not roles:
            return None
        doing = Doing(session, now, self._dialogue.rules, person.id, 0, DESK)
        return Act(doing, arrival, group, person, roles)

    def _stranger(self, session: Session, arrival: DeskArrival, group: DeskGroup, now: datetime) -> Taken:
        """Somebody without a role: kindly refused once, unless they come with the code that gives them one."""
        if not arrival.place and arrival.member and self._joins(session, arrival):
            return self.talks.in_private(session, arrival, now)
        moved = tuple(self._leaves(session, arrival))
        person = desk_people.person_of(session, arrival.sender.external_id)
        tag = person.tag if person is not None else guess(arrival.sender.language, self._dialogue.rules.default_tag)
        text = self._refusal(session, arrival, group)
        return Taken(moved, answer=Spoken(tongue(tag).speak(text)) if text is not None else None)

    def _refusal(self, session: Session, arrival: DeskArrival, group: DeskGroup) -> Text | None:
        if arrival.heard.tap:
            return words.NOT_YOURS
        in_topic = desk.topic_at(session, group.id, arrival.thread) is not None if arrival.place else False
        if in_topic and not arrival.heard.text.startswith("#"):
            return words.NOT_SENT
        user = arrival.sender.external_id
        if user in self._told or (arrival.place and not arrival.heard.text.startswith("/")):
            return None
        if len(self._told) > 10_000:
            self._told.clear()
        self._told.add(user)
        return words.NOT_YOURS if arrival.place else words.REFUSED

    @staticmethod
    def _leaves(session: Session, arrival: DeskArrival) -> list[int]:
        """Whoever left the chat, or has no role any more, is not written to here: what is meant for them moves."""
        if arrival.place:
            return []
        own = session.scalars(
            select(Address.id).where(
                Address.channel == DESK, Address.external_id == arrival.sender.external_id, Address.active
            )
        ).first()
        return left(session, own, "left") if own is not None else []

    def _joins(self, session: Session, arrival: DeskArrival) -> bool:
        """True with a code for staff, or in the middle of the conversation that such a code opened."""
        if arrival.event == "opened" and arrival.link:
            opening = resolve(session, arrival.link)
            return opening is not None and opening[0] in JOINING
        stored = session.scalars(
            select(Talk.state)
            .join(Address, Address.id == Talk.address_id)
            .where(Address.channel == DESK, Address.external_id == arrival.sender.external_id)
        ).first()
        return any(frame.conversation in JOINING for frame in State.from_json(stored).frames)

    # ------------------------------------------------------------ what it means

    def _dispatch(self, act: Act) -> Taken | None:
        """Do what the act asks for. A Taken comes from a conversation of the member's own."""
        arrival, session = act.arrival, act.doing.session
        tap = arrival.heard.tap
        if tap.startswith("d."):
            return self._pressed(act, tap.split("."))
        topic = desk.topic_at(session, act.group.id, arrival.thread) if arrival.place else None
        if topic is not None and not tap:
            answering.heard(act, topic)
            return None
        if tap:
            return self.talks.converse(act) if self._is_theirs(act) else None
        command, _space, rest = arrival.heard.text.strip().partition(" ")
        match command.lower():
            case "/lists":
                files.command(act)
            case "/answers":
                ready.command(act, rest.strip())
            case "/language" if arrival.place:
                languages.ask(act)
            case "/help" if arrival.place:
                act.tell(words.HELP)
            case _:
                return self.talks.converse(act) if self._fits(act) else None
        return None

    def _pressed(self, act: Act, parts: list[str]) -> Taken | None:
        kind, number, what, *more = (*parts[1:], "", "", "")
        if not (number.isascii() and number.isdigit() and len(number) < 18) and kind != "f":
            act.show(words.OVER)
            return None
        match kind:
            case "k":
                _key, place = self.talks.place(act)
                act.doing.address_id = place.address_id
                opens = cards.press(act, int(number), what)
                return self.talks.converse(act, opens) if opens is not None else None
            case "t":
                answering.press(act, int(number), what, more[0])
            case "f":
                files.press(act, number, what)
            case "l":
                languages.press(act, int(number), what)
            case _:
                act.show(words.OVER)
        return None

    def _is_theirs(self, act: Act) -> bool:
        """Whether the button belongs to the conversation of whoever pressed it; else they are told so kindly."""
        arrival, session = act.arrival, act.doing.session
        if not arrival.place:
            return True
        key, _place = self.talks.place(act)
        shown = (
            select(Outgoing.id)
            .join(Address, Address.id == Outgoing.address_id)
            .where(Address.channel == DESK, Address.external_id == key)
        )
        # what was sent a moment ago may not be marked yet
        own = session.scalars(
            shown.where((Outgoing.shown_id == arrival.shown_id) | Outgoing.state.in_(("waiting", "sending"))).limit(1)
        ).first()
        if own is None:
            act.show(words.NOT_YOUR_TALK)
            return False
        if arrival.heard.tap == "w.menu":
            act.arrival = replace(arrival, heard=Heard(text="/desk"))
        elif arrival.heard.tap.startswith("w.") and arrival.heard.tap not in ("w.back", "w.goon"):
            act.show(ALONE)
            return False
        return True

    def _fits(self, act: Act) -> bool:
        """Whether what was written is meant for the bot, and may be answered where others read it."""
        arrival, heard = act.arrival, act.arrival.heard
        if not arrival.place:
            return True
        said = heard.text.strip()
        command = COMMAND.fullmatch(said.split()[0]) if said else None
        if command is not None:
            return self._may_here(act, command[1].lower())
        _key, place = self.talks.place(act)
        top = State.from_json(place.stored).top
        lately = place.last_heard_at is not None and act.doing.now - place.last_heard_at < FRESH
        if top is None or top.conversation in RESTING or not (arrival.answers or lately):
            return False
        word = act.speak.word(said) if said else None
        if word is None or word in ("back", "goon"):
            return True
        if word == "menu":
            act.arrival = replace(arrival, heard=Heard(text="/desk"))
            return True
        act.tell(ALONE)
        return False

    def _may_here(self, act: Act, command: str) -> bool:
        """Commands of staff work in a group; what shows somebody's own things is for a private chat."""
        if command in ("menu", "start"):
            act.arrival = replace(act.arrival, heard=Heard(text="/desk"))
            return True
        talk = self._dialogue.engine.scripts.by_command.get(command)
        if talk is None:
            return False
        if not self.talks.is_open(act.group, talk.name):
            act.tell(ALONE)
            return False
        return True


def _first(session: Session) -> DeskGroup | None:
    """The group that a private chat with the bot belongs to: the common one, where there is one."""
    found = select(DeskGroup).where(DeskGroup.active).order_by(DeskGroup.kind != "common", DeskGroup.id)
    return session.scalars(found.limit(1)).first()
