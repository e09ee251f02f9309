"""The staff desk: groups of staff, their places, the topic of each request, cards for what waits for a decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, inserting, to
from models.messages.message import Outgoing
from models.who.people import Address, Person

DESK = "desk"
"""The channel of everything here."""


class DeskGroup(Base):
    """A group of staff: `kind` is "common", or "safety" for cases alone. All in it is of one organisation.

    `named` is its number in the settings, `chat` what the platform calls it now (another one after it was
    made a supergroup). Several read there, so it is nobody's address: `room_id` stands in the tables as a
    person who was never welcomed, whom every rule that looks for people leaves out; all places of the
    group are the room's. `trouble` is why nothing can be posted: "" means that all is well. `tag` is the language
    that an administrator chose for the group; "" is that of the settings.
    """

    __tablename__ = "desk_group"
    __table_args__ = (UniqueConstraint("kind"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    named: Mapped[int] = mapped_column(BigInteger)
    chat: Mapped[int] = mapped_column(BigInteger)
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    room_id: Mapped[int] = mapped_column(to("person"))
    address_id: Mapped[int] = mapped_column(to("address"))
    active: Mapped[bool] = mapped_column(default=True)
    trouble: Mapped[str] = mapped_column(String(64), default="")
    tag: Mapped[str] = mapped_column(String(12), default="")


class DeskTopic(Base):
    """The topic of a request. `wanted` and `shown` are "open", "closed" or "gone" ("" while there is none yet).

    `posted_id` is the last message of the request that was posted, `told` the last state that was. `opening_at` is set
    before the platform is asked to make the topic and taken away when it is known what came of it: found later, it
    stands for a topic of which nobody knows (`doubts`, the last at `doubted_at`). `refused` is what the platform
    refuses to do to it for good: open, rename, close, reopen, delete.
    """

    __tablename__ = "desk_topic"
    __table_args__ = (UniqueConstraint("request_id"), Index("ix_desk_topic_group_id_thread", "group_id", "thread"))

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(to("desk_group", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(to("request"))
    address_id: Mapped[int | None] = mapped_column(to("address"))
    thread: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(128))
    shown_name: Mapped[str] = mapped_column(String(128), default="")
    wanted: Mapped[str] = mapped_column(String(8), default="open")
    shown: Mapped[str] = mapped_column(String(8), default="")
    posted_id: Mapped[int] = mapped_column(BigInteger, default=0)
    told: Mapped[str] = mapped_column(String(32), default="")
    nudged_at: Mapped[datetime | None] = mapped_column(Instant)
    opening_at: Mapped[datetime | None] = mapped_column(Instant)
    doubted_at: Mapped[datetime | None] = mapped_column(Instant)
    doubts: Mapped[int] = mapped_column(default=0)
    refused: Mapped[str] = mapped_column(String(8), default="")
    created_at: Mapped[When]


class DeskCard(Base):
    """Something that waits for somebody, as a post with buttons. States: open, done; `outcome` is what was decided.

    `outgoing_id` is the message that shows it, `edit_id` the last one that changed it, `drawn` what they say.
    """

    __tablename__ = "desk_card"
    __table_args__ = (UniqueConstraint("group_id", "about", "about_id"), Index("ix_desk_card_state", "state"))

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(to("desk_group", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(16))
    about_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8), default="open")
    outcome: Mapped[str] = mapped_column(String(16), default="")
    decided_by_id: Mapped[int | None] = mapped_column(to("person"))
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="SET NULL"))
    edit_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="SET NULL"))
    drawn: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[When]
    changed_at: Mapped[When]


def place(session: Session, now: datetime, room_id: int, external_id: str) -> int:
    """The id of the address of a place at the desk, made if there is none. It is the room's."""
    made = (
        inserting(session.get_bind().dialect.name)(Address)
        .values(
            person_id=room_id,
            channel=DESK,
            external_id=external_id,
            active=True,
            inactive_reason="",
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["channel", "external_id"])
    )
    session.execute(made)
    return session.scalars(select(Address.id).where(Address.channel == DESK, Address.external_id == external_id)).one()


def set_up(session: Session, now: datetime, kind: str, named: int, organisation_id: int, tag: str) -> DeskGroup:
    """The group that the settings name. Another group or organisation than before starts anew: its topics are made
    again there. One that moved (`chat`) stays where it moved to. `tag` is its language until one is chosen there.
    """
    group = session.scalars(select(DeskGroup).where(DeskGroup.kind == kind).with_for_update()).first()
    if group is None:
        room = Person(called="", tag=tag, language_chosen=False, band="", created_at=now)
        session.add(room)
        session.flush()
        group = DeskGroup(
            kind=kind,
            named=named,
            chat=named,
            organisation_id=organisation_id,
            room_id=room.id,
            address_id=place(session, now, room.id, str(named)),
        )
        session.add(group)
    elif (group.named, group.organisation_id) != (named, organisation_id):
        session.execute(delete(DeskTopic).where(DeskTopic.group_id == group.id))
        session.execute(delete(DeskCard).where(DeskCard.group_id == group.id))
        group.named = group.chat = named
        group.organisation_id = organisation_id
        group.address_id = place(session, now, group.room_id, str(named))
        group.trouble = group.tag = ""
    group.active = True
    session.get_one(Person, group.room_id).tag = group.tag or tag
    session.flush()
    return group


def speak_in(session: Session, group: DeskGroup, tag: str) -> None:
    """A group reads another language from now on; what stands there and can still be pressed is written anew."""
    group.tag = session.get_one(Person, group.room_id).tag = tag
    session.execute(
        update(DeskCard)
        .where(DeskCard.group_id == group.id, DeskCard.state == "open")
        .values(drawn="")
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.expire_all()


def switch_off(session: Session, kinds: tuple[str, ...]) -> None:
    """Groups that the settings do not name (any more) are left in peace; what waits for them is called off."""
    for group in session.scalars(select(DeskGroup).where(DeskGroup.kind.in_(kinds), DeskGroup.active)):
        group.active = False
        of_room = select(Address.id).where(Address.person_id == group.room_id)
        session.execute(
            update(Outgoing)
            .where(Outgoing.address_id.in_(of_room), Outgoing.state == "waiting")
            .values(state="cancelled", reason="the desk is switched off")
            .execution_options(synchronize_session=False)
        )
    session.flush()


def groups(session: Session) -> list[DeskGroup]:
    """The groups that are in use."""
    return list(session.scalars(select(DeskGroup).where(DeskGroup.active).order_by(DeskGroup.id)))


def group_at(session: Session, chat: int) -> DeskGroup | None:
    """The group that the platform knows under that number."""
    return session.scalars(select(DeskGroup).where(DeskGroup.active, DeskGroup.chat == chat)).first()


def moved(session: Session, before: int, after: int) -> bool:
    """A group has another number now, and all its places with it. False if there is no such group."""
    group = session.scalars(select(DeskGroup).where(DeskGroup.chat == before).with_for_update()).first()
    if group is None:
        return False
    group.chat = after
    for address in session.scalars(select(Address).where(Address.channel == DESK, Address.person_id == group.room_id)):
        owner, at, where = address.external_id.rpartition("@")
        chat, slash, thread = where.partition("/")
        if chat == str(before):
            address.external_id = f"{owner}{at}{after}{slash}{thread}"
    session.flush()
    return True


def in_trouble(session: Session, group: DeskGroup, trouble: str) -> None:
    """Nothing can be posted in a group until somebody acts; `trouble` says why."""
    group.trouble = trouble[:64]
    session.flush()


def well_again(session: Session, group: DeskGroup) -> None:
    """Posts are possible (again). What was called off or refused meanwhile is done once more."""
    group.trouble = ""
    session.execute(update(DeskTopic).where(DeskTopic.group_id == group.id).values(refused=""))
    session.get_one(Address, group.address_id).active = True
    for topic in session.scalars(select(DeskTopic).where(DeskTopic.group_id == group.id)):
        address = session.get(Address, topic.address_id) if topic.address_id is not None else None
        if address is not None and not address.active:
            address.active, topic.posted_id, topic.told = True, 0, ""
    lost = select(Outgoing.id).where(Outgoing.state == "cancelled")
    session.execute(
        update(DeskCard)
        .where(DeskCard.group_id == group.id, DeskCard.state == "open", DeskCard.outgoing_id.in_(lost))
        .values(outgoing_id=None, edit_id=None, drawn="")
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.expire_all()


def empty_place(session: Session, address_id: int) -> None:
    """Empty what was posted at a place that is no more."""
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == address_id, Outgoing.state.in_(("waiting", "sending")))
        .values(state="cancelled", reason="the topic is deleted")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == address_id)
        .values(body={})
        .execution_options(synchronize_session=False)
    )


def topic_at(session: Session, group_id: int, thread: int) -> DeskTopic | None:
    """The topic in a thread of a group, locked."""
    if not thread:
        return None
    return session.scalars(
        select(DeskTopic).where(DeskTopic.group_id == group_id, DeskTopic.thread == thread).with_for_update()
    ).first()
