"""What staff do in the topic of a request: their words go to the person, buttons and commands take and close it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arriving.keeping_attachments import stored
from bot.deeds.every import perform
from bot.desk import ready, words
from bot.desk.acting import Act, name_of
from bot.desk.topics import draw
from conversations.deeds import Deed
from conversations.deeds.help import AnswerRequest, CloseRequest, HandOver, TakeRequest
from conversations.speech import Button, Say, verbatim
from handlers.desk.arriving import SIGN
from models.caring import case, desk_people, handling, reading
from models.caring.desk import DeskTopic
from models.who.people import Person

COLLEAGUES_MOST = 12


def heard(act: Act, topic: DeskTopic) -> None:
    """Something was written or sent in the topic of a request."""
    said = act.arrival.heard.text.strip()
    command, _space, rest = said.partition(" ")
    if said.startswith("#") or command == "/note":
        act.doing.audit("request_noted", f"request {topic.request_id}")
    elif command in ("/take", "/hand", "/close", "/reopen"):
        _act(act, topic, command[1:])
    elif command == "/answers" and not rest:
        _offer_ready(act, topic)
    elif command in ("/help", "/start"):
        act.tell(words.HELP_IN_TOPIC)
    elif command.startswith("/") and act.arrival.heard.attachment is None:
        act.tell(words.TO_THE_PERSON)
    else:
        _answer(act, topic)


def _answer(act: Act, topic: DeskTopic) -> None:
    doing = act.doing
    request = handling.locked(doing.session, topic.request_id)
    if request is not None and request.state == "closed":
        act.tell(words.HERE_IS_CLOSED)
        return
    sent = stored(doing.session, doing.now, act.person.id, act.arrival.heard)
    attachment = sent.attachment
    if attachment is not None and (not attachment.ref.isdigit() or act.arrival.heard.attachment is attachment):
        act.tell(words.LOST)
        return
    _send(act, topic, sent.text.strip(), attachment.ref if attachment is not None else "")


def _send(act: Act, topic: DeskTopic, said: str, attachment: str = "") -> None:
    """To the person, as from the team. What they wrote is posted first; the answer itself stands here already."""
    doing = act.doing
    draw(doing, act.group, topic)
    before = topic.posted_id
    match perform(doing, AnswerRequest(str(topic.request_id), said, attachment)).outcome:
        case "sent":
            newest = _newest(doing.session, topic.request_id)
            topic.posted_id = max(before, newest)
            act.answer = SIGN
        case "unreachable":
            act.tell(words.UNREACHABLE)
        case "lost":
            act.tell(words.LOST)
        case _:
            act.tell(words.GONE)
    draw(doing, act.group, topic)


def _newest(session: Session, request_id: int) -> int:
    newest = select(func.max(case.RequestMessage.id)).where(case.RequestMessage.request_id == request_id)
    return session.scalars(newest).one() or 0


# ---------------------------------------------------------------- buttons


def press(act: Act, topic_id: int, what: str, argument: str) -> None:
    """A button of a topic was pressed."""
    topic = act.doing.session.get(DeskTopic, topic_id, with_for_update=True, populate_existing=True)
    if topic is None or topic.group_id != act.group.id:
        act.show(words.GONE)
    elif what == "to":
        _hand_to(act, topic, argument)
    elif what == "ready":
        _offer_ready(act, topic)
    elif what == "say":
        _say_ready(act, topic, argument)
    else:
        _act(act, topic, what)


def _act(act: Act, topic: DeskTopic, what: str) -> None:
    request_id = str(topic.request_id)
    if what == "hand":
        _offer_colleagues(act, topic)
    elif what == "take":
        _do(act, topic, TakeRequest(request_id), ("taken",))
    elif what == "close":
        _do(act, topic, CloseRequest(request_id), ("closed",))
    elif what == "reopen":
        _reopen(act, topic)


def _do(act: Act, topic: DeskTopic, deed: Deed, well: tuple[str, ...]) -> None:
    """Perform a deed; the topic says what came of it, and a button says that it went well."""
    if perform(act.doing, deed).outcome not in well:
        act.tell(words.GONE)
        return
    act.answer = act.speak.speak(words.DONE) if act.arrival.heard.tap else ""
    draw(act.doing, act.group, topic)


def _reopen(act: Act, topic: DeskTopic) -> None:
    doing = act.doing
    request = handling.locked(doing.session, topic.request_id)
    if request is None or not reading.may_read(doing.session, request, act.person.id) or request.state != "closed":
        act.tell(words.GONE)
    elif not handling.reopen(doing.session, doing.now, request, act.person.id):
        act.tell(words.ONE_IS_OPEN)
    else:
        doing.audit("request_reopened", f"request {request.id}", kind=request.kind)
        draw(doing, act.group, topic)


def _offer_colleagues(act: Act, topic: DeskTopic) -> None:
    session = act.doing.session
    request = session.get_one(case.Request, topic.request_id)
    if request.state == "closed" or not reading.may_read(session, request, act.person.id):
        act.tell(words.GONE)
        return
    others = sorted(set(reading.team(session, request)) - {act.person.id})
    there = [one for one in others if desk_people.roles_in(session, one, act.group.organisation_id)][:COLLEAGUES_MOST]
    buttons = [Button(name_of(act.doing, one), f"d.t.{topic.id}.to.{one}") for one in there]
    act.post(Say(words.WHO_GOES_ON, (*buttons, Button(words.EVERYBODY, f"d.t.{topic.id}.to.0"))))


def _hand_to(act: Act, topic: DeskTopic, to: str) -> None:
    if not to.isascii() or not to.isdigit() or len(to) > 18:
        act.show(words.GONE)
        return
    _do(act, topic, HandOver(str(topic.request_id), "" if to == "0" else to), ("handed", "back"))


# ---------------------------------------------------------------- ready answers


def _offer_ready(act: Act, topic: DeskTopic) -> None:
    names = ready.names_for(act.doing.session, act.group.organisation_id, _reader(act, topic).tag)
    if not names:
        act.tell(words.NO_ANSWERS)
        return
    buttons = tuple(Button(verbatim(name), f"d.t.{topic.id}.say.{answer_id}") for answer_id, name in names)
    act.post(Say(words.CHOOSE_ANSWER, buttons))


def _say_ready(act: Act, topic: DeskTopic, answer_id: str) -> None:
    said = ready.words_of(act.doing.session, act.group.organisation_id, answer_id, _reader(act, topic).tag)
    if not said:
        act.show(words.NO_ANSWERS)
        return
    act.post(Say(words.TEAM.of(who=name_of(act.doing, act.person.id), words=said)))
    _send(act, topic, said)
    if act.answer == SIGN:
        act.show(words.DONE)


def _reader(act: Act, topic: DeskTopic) -> Person:
    session = act.doing.session
    return session.get_one(Person, session.get_one(case.Request, topic.request_id).person_id)
