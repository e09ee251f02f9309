"""Materials of a listing or a session: a file, a link or a text, for before or after the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from models.base import Base, Id, When, inserting, to
from models.messages.message import StoredAttachment
from models.offers.listing import Session as Meeting
from models.offers.series import units_of
from models.places.booking import Booking

PARTS = ("before", "after")
MOST = 12
"""The most materials of a listing, those of its sessions included: nobody reads more."""
PASSING_ON = timedelta(hours=48)
"""How long the copy is kept that is on its way to people."""


class Material(Base):
    """Something to look at `part` ("before" or "after") a session: of one, or of every session of a listing.

    `kind` is "file" (`content`), "link" or "text" (`words`). `attachment_id` is the copy on its way to people.
    """

    __tablename__ = "material"
    __table_args__ = (
        Index("ix_material_listing_id", "listing_id"),
        CheckConstraint("part IN ('before', 'after')", name="part"),
        CheckConstraint("kind IN ('file', 'link', 'text')", name="kind"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(to("session", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text, default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    attachment_kind: Mapped[str] = mapped_column(String(12), default="")
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    added_by_id: Mapped[int | None] = mapped_column(to("person"))
    created_at: Mapped[When]


class MaterialNotice(Base):
    """Somebody was told that there is something to take along from a session: once."""

    __tablename__ = "material_notice"

    session_id: Mapped[int] = mapped_column(to("session", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    at: Mapped[When]


def of_listing(session: Session, listing_id: int) -> Sequence[Material]:
    """Everything of a listing and its sessions."""
    return session.scalars(select(Material).where(Material.listing_id == listing_id).order_by(Material.id)).all()


def of_session(session: Session, meeting: Meeting, part: str = "") -> Sequence[Material]:
    """What there is for a session: its own and its listing's."""
    wanted = select(Material).where(
        Material.listing_id == meeting.listing_id,
        or_(Material.session_id.is_(None), Material.session_id == meeting.id),
    )
    if part:
        wanted = wanted.where(Material.part == part)
    return session.scalars(wanted.order_by(Material.part.desc(), Material.id)).all()


def copy_of(session: Session, now: datetime, material: Material, person_id: int) -> int | None:
    """The id of a stored copy of a file that can be passed on now; one copy serves everybody for two days."""
    if material.content is None:
        return None
    known = session.get(StoredAttachment, material.attachment_id) if material.attachment_id is not None else None
    if known is not None and known.keep_until > now + PASSING_ON / 2:
        return known.id
    made = StoredAttachment(
        person_id=person_id,
        kind=material.attachment_kind or "file",
        name=material.name,
        media_type=material.media_type,
        content=material.content,
        created_at=now,
        keep_until=now + PASSING_ON,
    )
    session.add(made)
    session.flush()
    material.attachment_id = made.id
    session.flush()
    return made.id


def tell_once(session: Session, now: datetime, session_id: int, person_id: int) -> bool:
    """True the first time only: two at once cannot both be told so."""
    made = inserting(session.get_bind().dialect.name)(MaterialNotice).values(
        session_id=session_id, person_id=person_id, at=now
    )
    told = made.on_conflict_do_nothing(index_elements=["session_id", "person_id"]).returning(MaterialNotice.person_id)
    return session.execute(told).first() is not None


def readable(session: Session, now: datetime, booking: Booking) -> list[Material]:
    """What somebody with a booking may read now: for before, and of meetings that are over for after."""
    found: dict[int, Material] = {}
    for unit in units_of(session, session.get_one(Meeting, booking.session_id)):
        for one in of_session(session, unit):
            if one.part == "before" or unit.ends_at <= now:
                found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.part != "before", one.id))
