"""What only the platform can do to topics, and writing down that it is done, refused, or not known.

A topic cannot be looked up on the platform. So that one is going to be made is written down before it is asked for:
whoever finds that mark with nobody at work (a crash, no answer) tells staff, with the number in the topic's name, that
there may be an empty one, and makes another. Decision 0070.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.desk import topics, words
from bot.desk.acting import post
from bot.doing import Doing
from conversations.speech import Say, Text
from models.caring import desk
from models.caring.desk import DeskGroup, DeskTopic
from models.who.people import Address


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be done to a topic: open, rename, close, reopen, delete; or only here: forget, doubt."""

    topic_id: int
    chat: int
    thread: int
    name: str
    what: str


AGAIN, AGAIN_MOST = timedelta(seconds=30), timedelta(hours=1)
"""The wait before a topic is made once more, doubled with each doubt: every one may have left an empty topic."""


def errands(session: Session, now: datetime) -> list[Errand]:
    """What the platform is to do to topics, in order: deleting comes last. What it refuses for good is left out."""
    rows = session.execute(
        select(DeskTopic, DeskGroup)
        .join(DeskGroup, DeskGroup.id == DeskTopic.group_id)
        .where(
            DeskGroup.active,
            DeskGroup.trouble == "",
            or_(DeskTopic.wanted != DeskTopic.shown, DeskTopic.name != DeskTopic.shown_name),
            DeskTopic.shown != "gone",
        )
        .order_by(DeskTopic.wanted == "gone", DeskTopic.id)
    )
    found = []
    for topic, group in rows:
        what = _what(topic, now)
        if what and what != topic.refused:
            found.append(Errand(topic.id, group.chat, topic.thread, topic.name, what))
    return found


def _what(topic: DeskTopic, now: datetime) -> str:
    if topic.opening_at is not None:
        return "doubt"
    if topic.wanted == "gone":
        return "delete" if topic.thread else "forget"
    if not topic.shown:
        return "open" if topic.wanted == "open" and _rested(topic) <= now else ""
    if topic.wanted != topic.shown:
        return "close" if topic.wanted == "closed" else "reopen"
    return "rename" if topic.name != topic.shown_name else ""


def _rested(topic: DeskTopic) -> datetime:
    """From when on a topic may be made: at once, unless it was not known before whether it was."""
    if topic.doubted_at is None:
        return topic.created_at
    return topic.doubted_at + min(AGAIN_MOST, AGAIN * (1 << min(topic.doubts - 1, 10)))


def begin(session: Session, now: datetime, errand: Errand) -> bool:
    """Note that the platform is asked now. False where somebody else has asked it for this topic already."""
    topic = session.get(DeskTopic, errand.topic_id, with_for_update=True)
    if topic is None or topic.shown or topic.opening_at is not None:
        return False
    topic.opening_at = now
    session.flush()
    return True


def not_made(session: Session, errand: Errand) -> None:
    """The platform certainly has not made the topic: no doubt is left."""
    topic = session.get(DeskTopic, errand.topic_id, with_for_update=True)
    if topic is not None and not topic.shown:
        topic.opening_at = None
        session.flush()


def doubt(doing: Doing, group: DeskGroup, topic: DeskTopic) -> None:
    """Nobody knows whether the topic was made: staff hear of it, and another is made after a while."""
    topic.opening_at, topic.doubted_at, topic.doubts = None, doing.now, topic.doubts + 1
    post(doing, group, group.address_id, Say(words.MAYBE_EMPTY.of(number=topic.request_id)))
    doing.session.flush()


def refused(doing: Doing, errand: Errand) -> None:
    """The platform refuses for good: staff are told once, and it is not tried again until the bot's rights change.

    Of a topic that was to be deleted nothing is kept here all the same.
    """
    topic = doing.session.get(DeskTopic, errand.topic_id, with_for_update=True)
    group = doing.session.get(DeskGroup, topic.group_id) if topic is not None else None
    if topic is None or group is None or topic.refused == errand.what:
        return
    topic.refused = errand.what
    if errand.what == "delete":
        _empty(doing.session, topic)
    told: Text = words.REFUSED_TO.get(errand.what, words.NOT_CHANGED)
    post(doing, group, group.address_id, Say(told.of(number=topic.request_id)))
    doing.session.flush()


def done(doing: Doing, errand: Errand, thread: int) -> None:
    """A topic is as it was wanted; a new one gets everything there is to say at once."""
    session = doing.session
    topic = session.get(DeskTopic, errand.topic_id, with_for_update=True)
    group = session.get(DeskGroup, topic.group_id) if topic is not None else None
    if topic is None or group is None:
        return
    topic.refused = ""
    if errand.what == "doubt":
        if topic.opening_at is not None:
            doubt(doing, group, topic)
    elif errand.what == "open" and topic.shown:  # another process was faster: this one stays empty
        doubt(doing, group, topic)
    elif errand.what == "open":
        topic.opening_at = None
        topic.thread, topic.shown, topic.shown_name = thread, "open", errand.name
        topic.address_id = desk.place(session, doing.now, group.room_id, f"{errand.chat}/{thread}")
        session.flush()
        topics.draw(doing, group, topic)
    elif errand.what == "rename":
        topic.shown_name = errand.name
    elif errand.what in ("delete", "forget"):
        _forget(session, topic)
    else:
        topic.shown = "closed" if errand.what == "close" else "open"
    session.flush()


def _forget(session: Session, topic: DeskTopic) -> None:
    """A topic that is deleted on the platform: what was posted in it is emptied here too."""
    topic.shown = "gone"
    _empty(session, topic)


def _empty(session: Session, topic: DeskTopic) -> None:
    if topic.address_id is not None:
        desk.empty_place(session, topic.address_id)
    topic.name = topic.shown_name = ""
    session.flush()


def lost(session: Session, errand: Errand) -> None:
    """Somebody deleted the topic: it is made anew, if it is still wanted."""
    topic = session.get(DeskTopic, errand.topic_id, with_for_update=True)
    if topic is None:
        return
    if topic.wanted == "gone":
        _forget(session, topic)
        return
    address = session.get(Address, topic.address_id) if topic.address_id is not None else None
    if address is not None:
        address.active, address.inactive_reason = False, "message thread not found"
    topic.address_id, topic.thread, topic.shown, topic.shown_name = None, 0, "", ""
    topic.posted_id, topic.told = 0, ""
    session.flush()
