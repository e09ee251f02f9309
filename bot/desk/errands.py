"""What only the platform can do to topics, and writing down that it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.desk import topics
from bot.doing import Doing
from models.caring import desk
from models.caring.desk import DeskGroup, DeskTopic
from models.who.people import Address


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be done to a topic: open, rename, close, reopen, delete."""

    topic_id: int
    chat: int
    thread: int
    name: str
    what: str


def errands(session: Session) -> list[Errand]:
    """What the platform is to do to topics, in order: deleting comes last."""
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
        what = _what(topic)
        if what:
            found.append(Errand(topic.id, group.chat, topic.thread, topic.name, what))
    return found


def _what(topic: DeskTopic) -> str:
    if topic.wanted == "gone":
        return "delete" if topic.thread else "forget"
    if not topic.shown:
        return "open" if topic.wanted == "open" else ""
    if topic.wanted != topic.shown:
        return "close" if topic.wanted == "closed" else "reopen"
    return "rename" if topic.name != topic.shown_name else ""


def done(doing: Doing, errand: Errand, thread: int) -> None:
    """A topic is as it was wanted; a new one gets everything there is to say at once."""
    session = doing.session
    topic = session.get(DeskTopic, errand.topic_id, with_for_update=True)
    group = session.get(DeskGroup, topic.group_id) if topic is not None else None
    if topic is None or group is None:
        return
    if errand.what == "open":
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
    topic.shown, topic.shown_name = "gone", topic.name
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
