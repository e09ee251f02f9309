"""Requests as topics: what the person writes is posted there, what staff write there goes to the person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.desk import words
from bot.desk.acting import name_of, post
from bot.doing import Doing
from bot.facts.helping.lines import line_of
from bot.telling import after_quiet
from conversations.help.thread import about_line, words_of
from conversations.speech import Button, Moment, Say, Text, lines, verbatim
from models.caring import case, desk, desk_people, handling
from models.caring.desk import DeskGroup, DeskTopic
from models.messages.message import StoredAttachment
from models.who.people import Address, Person

NUDGE_AFTER = timedelta(minutes=30)
"""Somebody who has waited so long, in hours, is told of in the topic."""
NUDGE_AGAIN = timedelta(hours=4)
KEEP = timedelta(days=90)
"""A topic is deleted so long after its request was closed: as long as words are kept anywhere here."""
POSTS_MOST = 20


# ---------------------------------------------------------------- keeping topics as their requests are


def look(doing: Doing, group: DeskGroup) -> None:
    """Bring the topics of a group up to date. What only the platform can do is left to the desk's line."""
    session = doing.session
    of_kind = case.Request.kind == "safety" if group.kind == "safety" else case.Request.kind != "safety"
    known = select(DeskTopic.request_id)
    waiting = select(case.Request).where(of_kind, case.Request.state != "closed")
    for request in session.scalars(waiting.where(case.Request.id.not_in(known)).order_by(case.Request.id)):
        if desk_people.may_show(session, request, group):
            name = _name(session, request)
            session.add(DeskTopic(group_id=group.id, request_id=request.id, name=name, created_at=doing.now))
    session.flush()
    changing = (
        select(DeskTopic)
        .join(case.Request, case.Request.id == DeskTopic.request_id)
        .join(Person, Person.id == case.Request.person_id)
        .where(
            DeskTopic.group_id == group.id,
            DeskTopic.wanted != "gone",
            or_(
                case.Request.state != "closed",
                DeskTopic.shown != "closed",
                case.Request.changed_at > doing.now - timedelta(minutes=10),
                case.Request.changed_at < doing.now - KEEP,
                Person.erased_at.is_not(None),
            ),
        )
        .order_by(DeskTopic.id)
        .with_for_update(of=DeskTopic)
    )
    for topic in session.scalars(changing).all():
        draw(doing, group, topic)


def draw(doing: Doing, group: DeskGroup, topic: DeskTopic) -> None:
    """Bring one topic up to date: its name, whether it is open, and everything that is to be posted there."""
    session = doing.session
    asker = select(case.Request.person_id).where(case.Request.id == topic.request_id)
    # both are locked, so that nobody is writing into the request: a message that commits later with a smaller
    # number would be passed over for ever
    person = session.get_one(Person, session.scalars(asker).one(), with_for_update=True)
    request = handling.locked(session, topic.request_id)
    if request is None:
        return
    over = request.state == "closed" and request.changed_at < doing.now - KEEP
    if person.erased_at is not None or over:
        topic.wanted = "gone"
        return
    mine = desk_people.may_show(session, request, group)
    topic.wanted = "open" if mine and request.state != "closed" else "closed"
    if mine:
        topic.name = _name(session, request)
    address = session.get(Address, topic.address_id) if topic.address_id is not None else None
    if address is None or not _stands(doing, group, topic, address):
        return
    if not mine:
        _state(doing, group, topic, "elsewhere", words.ELSEWHERE)
        return
    if not topic.told:
        _head(doing, group, topic, request, person)
    _messages(doing, group, topic, request)
    _told(doing, group, topic, request)
    _nudge(doing, group, topic, request)
    session.flush()


def _stands(doing: Doing, group: DeskGroup, topic: DeskTopic, address: Address) -> bool:
    """Whether the topic is there. One that was deleted is made anew, and gets everything once more."""
    if address.active:
        return bool(topic.shown)
    if "thread" in address.inactive_reason:
        topic.address_id, topic.thread, topic.shown, topic.shown_name = None, 0, "", ""
        topic.posted_id, topic.told = 0, ""
    elif not group.trouble:
        desk.in_trouble(doing.session, group, "not a member")
    return False


def _name(session: Session, request: case.Request) -> str:
    """What the topic is called: a name, language, channel and the number. A case has its number only."""
    if request.kind == "safety":
        return f"🛟 #{request.id}"
    person = session.get_one(Person, request.person_id)
    address = session.get(Address, request.address_id) if request.address_id is not None else None
    mark = words.MARKS.get(address.channel, "💬") if address is not None else "💬"
    parts = [" ".join(person.called.split())[:40], words.LANGUAGES.get(person.tag, person.tag), mark]
    number = f"#{request.id}"
    return " · ".join((*parts, number) if parts[0] else (number, *parts[1:]))


def _post(doing: Doing, group: DeskGroup, topic: DeskTopic, say: Say) -> None:
    if topic.address_id is not None:
        post(doing, group, topic.address_id, say)


def _head(doing: Doing, group: DeskGroup, topic: DeskTopic, request: case.Request, person: Person) -> None:
    safety = request.kind == "safety"
    number = (words.CASE if safety else words.REQUEST).of(number=request.id)
    address = doing.session.get(Address, request.address_id) if request.address_id is not None else None
    channel = words.MARKS.get(address.channel, "💬") if address is not None else "💬"
    of = words.HEAD.of(language=words.LANGUAGES.get(person.tag, person.tag), channel=channel)
    text = lines(
        number,
        verbatim(person.called) if person.called and not safety else None,
        of,
        words.CASE_RULES if safety else words.RULES,
    )
    _post(doing, group, topic, Say(text, _buttons(topic)))


def _buttons(topic: DeskTopic) -> tuple[Button, ...]:
    acts = {"take": words.TAKE, "hand": words.HAND, "ready": words.READY, "close": words.CLOSE}
    return tuple(Button(label, f"d.t.{topic.id}.{act}") for act, label in acts.items())


def _messages(doing: Doing, group: DeskGroup, topic: DeskTopic, request: case.Request) -> None:
    """Post what is new. That it is shown to all who read in the group is recorded."""
    session = doing.session
    new = session.scalars(
        select(case.RequestMessage)
        .where(case.RequestMessage.request_id == request.id, case.RequestMessage.id > topic.posted_id)
        .order_by(case.RequestMessage.id)
        .limit(POSTS_MOST)
    ).all()
    for message in new:
        own = message.author_id == request.person_id
        if request.kind == "safety":  # read by who has the case alone, and each reading is recorded
            topic.posted_id = message.id
            continue
        there = message.attachment_id is not None and session.get(StoredAttachment, message.attachment_id) is not None
        _post(
            doing, group, topic, Say(_line(doing, message, own, there), relay=message.attachment_id if there else None)
        )
        topic.posted_id = message.id
    if not any(message.author_id == request.person_id for message in new):
        return
    if request.kind == "safety":
        _post(doing, group, topic, Say(words.NEW_IN_CASE.of(number=request.id)))
    else:
        doing.audit("request_shown", f"request {request.id}", kind=request.kind, group=group.id)


def _line(doing: Doing, message: case.RequestMessage, own: bool, there: bool) -> Text:
    written = Moment(message.created_at, doing.rules.zone, "short")
    line = line_of(doing.session, message, written, ours=not own, sent="")
    said = words_of(line)
    if own:
        return lines(words.SENT if there and not message.text else words.SAID.of(words=said), about_line(line))
    who = name_of(doing, message.author_id)
    return words.TEAM_SENT.of(who=who) if there and not message.text else words.TEAM.of(who=who, words=said)


def _told(doing: Doing, group: DeskGroup, topic: DeskTopic, request: case.Request) -> None:
    """Say once what has become of the request."""
    denied = ":denied" if request.denied_at is not None else ""
    if request.state == "closed":
        reopen = Button(words.REOPEN, f"d.t.{topic.id}.reopen")
        _state(doing, group, topic, "closed", words.CLOSED, reopen)
    elif request.state == "taken":
        told = words.TAKEN.of(who=name_of(doing, request.taken_by_id))
        _state(doing, group, topic, f"taken:{request.taken_by_id}{denied}", told)
    elif not topic.told and not denied:
        topic.told = "open"
    else:
        _state(doing, group, topic, f"open{denied}", words.MISUNDERSTOOD if denied else words.OPEN)


def _state(doing: Doing, group: DeskGroup, topic: DeskTopic, state: str, text: Text, *buttons: Button) -> None:
    if topic.told != state:
        topic.told = state[:32]
        _post(doing, group, topic, Say(text, buttons))


def _nudge(doing: Doing, group: DeskGroup, topic: DeskTopic, request: case.Request) -> None:
    """Somebody who waits too long for an answer is told of, in the hours in which the team reads."""
    if request.state == "closed" or after_quiet(doing.now, doing.rules.zone, doing.rules) > doing.now:
        return
    since = _waits_since(doing.session, request)
    if since is None or since > doing.now - NUDGE_AFTER:
        return
    if topic.nudged_at is not None and (topic.nudged_at > doing.now - NUDGE_AGAIN and topic.nudged_at > since):
        return
    topic.nudged_at = doing.now
    _post(doing, group, topic, Say(words.NUDGE.of(moment=Moment(since, doing.rules.zone, "short"))))


def _waits_since(session: Session, request: case.Request) -> datetime | None:
    """When the first of the person's messages came that nobody has answered; None if there is none."""
    message = case.RequestMessage
    answered = select(func.coalesce(func.max(message.id), 0)).where(
        message.request_id == request.id, message.author_id != request.person_id
    )
    return session.scalars(
        select(func.min(message.created_at)).where(
            message.request_id == request.id,
            message.author_id == request.person_id,
            message.id > answered.scalar_subquery(),
        )
    ).one()
