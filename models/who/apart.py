"""Two people who were joined by mistake become two again: within a month, with what came from each (decision 0040)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Table, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, When
from models.caring.case import Request, RequestMessage
from models.lessons.certificate import Certificate
from models.messages.conversation import Talk
from models.messages.message import Outgoing
from models.messages.reminder import Earlier, Reminder, replan_person
from models.messages.webchat import CHANNEL as WEB
from models.messages.webchat import WebLine
from models.places.locking import lock_people
from models.who import requests_of_two
from models.who.people import Address, Guardianship, Person
from models.who.ties import LINKS, pointing_at_people

LASTS = timedelta(days=30)
"""How long a joining can be undone, and its record is kept."""
TIMES = ("band_at", "ask_band_at", "welcomed_at", "stopped_at", "created_at")
FIELDS = ("called", "tag", "language_chosen", "band", "town_id", *TIMES)
"""What a person's own row says of them."""


class Joining(Base):
    """Two people became one: `other_id` went into `kept_id`. What is needed to take them apart, until `until`.

    `before` and `after` hold the fields of both rows ("kept", "other") at that time, `moved` the keys of the rows that
    were the other's, by "table.column". The numbers are plain: a record points at nobody who is joined again.
    """

    __tablename__ = "joining"
    __table_args__ = (Index("ix_joining_kept_id", "kept_id"), Index("ix_joining_until", "until"))

    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(BigInteger)
    other_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[When]
    until: Mapped[When]
    before: Mapped[Object]
    after: Mapped[Object]
    moved: Mapped[Object]
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Apart:
    """How it ended: "apart", or "gone" where that is not possible (any more)."""

    outcome: str
    kept_id: int = 0
    other_id: int = 0


# ---------------------------------------------------------------- the record


def begin(session: Session, now: datetime, kept: Person, other: Person) -> Joining:
    """Write down what is whose, before anything is joined."""
    moved: dict[str, list[Any]] = {}
    for column in (*pointing_at_people(), Base.metadata.tables["person"].columns["merged_into_id"]):
        keys = _keys_of(session, column, other.id, kept.id)
        if keys:
            moved[f"{column.table.name}.{column.name}"] = keys
    theirs = select(RequestMessage.id, RequestMessage.request_id).join(Request, Request.id == RequestMessage.request_id)
    words = session.execute(theirs.where(Request.person_id == other.id, Request.state != "closed")).all()
    row = Joining(
        kept_id=kept.id,
        other_id=other.id,
        at=now,
        until=now + LASTS,
        before={"kept": _fields(kept), "other": _fields(other)},
        after={},
        moved={**moved, "words": [[message, request] for message, request in words]},
    )
    session.add(row)
    return row


def end(row: Joining, kept: Person) -> None:
    """Write down how the one who stays looks now: only what has not changed since is taken back."""
    row.after = {"kept": _fields(kept)}


def _fields(person: Person) -> dict[str, Any]:
    values = {name: getattr(person, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _keys_of(session: Session, column: Column[Any], other: int, kept: int) -> list[Any]:
    """The keys of the rows in which a column names the other. What the one who stays has too is left out: it is one."""
    rest = [key for key in column.table.primary_key.columns if key is not column]
    read = rest or [column]
    keys = [list(row) for row in session.execute(select(*read).where(column == other)).all()]
    if len(rest) < len(column.table.primary_key.columns):
        mine = {tuple(row) for row in session.execute(select(*read).where(column == kept)).all()}
        keys = [key for key in keys if tuple(key) not in mine and (rest or not mine)]
    return [key if rest else [] for key in keys if all(isinstance(part, int | str) for part in key)]


# ---------------------------------------------------------------- who may


def open_for(session: Session, now: datetime, person_id: int) -> list[Joining]:
    """What can be taken apart of a person, the newest first."""
    wanted = select(Joining).where(Joining.kept_id == person_id, Joining.until > now, Joining.undone_at.is_(None))
    return list(session.scalars(wanted.order_by(Joining.at.desc(), Joining.id.desc())))


def sides(session: Session, row: Joining) -> tuple[list[int], list[int]]:
    """The chats that were the one's and those that were the other's, as far as they still belong to the person.

    A chat that came later is on no side: it cannot answer for either.
    """
    came = {key[0] for key in row.moved.get("address.person_id", ())}
    theirs = session.scalars(select(Address).where(Address.person_id == row.kept_id).order_by(Address.id)).all()
    kept = [one.id for one in theirs if one.id not in came and one.created_at <= row.at]
    return kept, [one.id for one in theirs if one.id in came]


def used_last(session: Session, chats: Sequence[int]) -> Address | None:
    """Of some chats the one that was written from last, of those that can be reached."""
    reachable = select(Address).where(Address.id.in_(chats), Address.active)
    return session.scalars(reachable.order_by(Address.last_heard_at.desc().nulls_last(), Address.id)).first()


# ---------------------------------------------------------------- taking apart


def undo(session: Session, now: datetime, joining_id: int, earlier: Earlier) -> Apart:
    """Give each what came from them. Whoever calls has had it confirmed by both sides, or by
    one of them and an administrator (models/who/two_again.py).

    What was made since stays with the one who was kept; what was there twice and ended stays ended; what either took
    back stays taken back. Neither chat shows any more what was said in both.
    """
    row = session.get(Joining, joining_id, with_for_update=True, populate_existing=True)
    if row is None or row.undone_at is not None or row.until <= now:
        return Apart("gone")
    both = (row.kept_id, row.other_id)
    session.flush()
    session.execute(select(Address.id).where(Address.person_id.in_(both)).order_by(Address.id).with_for_update())
    lock_people(session, both)
    kept, other = (session.get(Person, one, populate_existing=True) for one in both)
    if kept is None or other is None or kept.erased_at is not None or other.erased_at is not None:
        return Apart("gone")
    here, there = sides(session, row)
    if kept.merged_into_id is not None or other.merged_into_id != kept.id or not here or not there:
        return Apart("gone")
    _recall(session, (*here, *there), row.at)
    requests_of_two.give_back(session, row.moved.get("words", ()))
    for name, keys in row.moved.items():
        if name != "words":
            _go_back(session, name, keys, kept.id, other.id)
    requests_of_two.follow(session, kept.id, other.id, there, row.at)
    _links(session, row)
    _certificates(session, row)
    _become_two(row, kept, other)
    row.undone_at, row.before, row.after, row.moved = now, {}, {}, {}
    session.flush()
    session.expire_all()
    for person_id in both:
        for one in (person_id, *spoken_for(session, person_id)):
            replan_person(session, now, one, earlier)
    return Apart("apart", *both)


def _recall(session: Session, chats: Iterable[int], since: datetime) -> None:
    """What the chats showed and began while they were one is forgotten in both; what waits is written anew."""
    ids = list(chats)
    session.execute(delete(Talk).where(Talk.address_id.in_(ids)).execution_options(synchronize_session=False))
    web = select(Address.external_id).where(Address.id.in_(ids), Address.channel == WEB)
    session.execute(
        delete(WebLine)
        .where(WebLine.external_id.in_(web), WebLine.at >= since)
        .execution_options(synchronize_session=False)
    )
    since_then = and_(Outgoing.address_id.in_(ids), Outgoing.created_at >= since)
    for waiting in session.scalars(select(Outgoing).where(since_then, Outgoing.state == "waiting")).all():
        waiting.state, waiting.reason = "cancelled", "apart"
        if waiting.reminder_id is not None:
            said = or_(Reminder.id == waiting.reminder_id, Reminder.said_with_id == waiting.reminder_id)
            session.execute(
                update(Reminder).where(said, Reminder.state == "queued").values(state="planned", said_with_id=None)
            )
    session.execute(
        update(Outgoing)
        .where(since_then, Outgoing.state.in_(("sent", "failed", "cancelled")))
        .values(body={})
        .execution_options(synchronize_session=False)
    )


def _go_back(session: Session, name: str, keys: Iterable[list[Any]], kept: int, other: int) -> None:
    """Rows that were the other's, are still there and still the one's name the other again."""
    table_name, _, column_name = name.partition(".")
    table: Table | None = Base.metadata.tables.get(table_name)
    if table is None or column_name not in table.columns:
        return
    column = table.columns[column_name]
    rest = [key for key in table.primary_key.columns if key is not column]
    for parts in keys:
        this = and_(column == kept, *(key == part for key, part in zip(rest, parts, strict=True)))
        try:
            with session.begin_nested():
                session.execute(table.update().where(this).values({column: other}))
        except IntegrityError:  # somebody has made the same for the other meanwhile
            continue


def _links(session: Session, row: Joining) -> None:
    """What ended because both had it stands again for the other, where it still does for the one who was kept."""
    kept, other = row.kept_id, row.other_id
    for table, mine, theirs in LINKS:
        standing = {
            tuple(one) for one in session.execute(select(*theirs).where(mine == kept, table.ended_at.is_(None)))
        }
        ended: Any = session.execute(select(table.id, *theirs).where(mine == other, table.ended_at == row.at)).all()
        for row_id, *to in ended:
            if tuple(to) in standing:
                session.execute(update(table).where(table.id == row_id).values(ended_at=None))


def _certificates(session: Session, row: Joining) -> None:
    session.execute(
        update(Certificate)
        .where(
            Certificate.person_id.in_((row.kept_id, row.other_id)),
            Certificate.revoked_at == row.at,
            Certificate.revoked_reason == "there twice",
        )
        .values(revoked_at=None, revoked_reason="")
    )


def _become_two(row: Joining, kept: Person, other: Person) -> None:
    """The other is as they were; the one who was kept loses what was the other's, if it was not changed since."""
    now_kept = _fields(kept)
    for name in FIELDS:
        if now_kept[name] == row.after["kept"][name]:
            setattr(kept, name, _value(row.before["kept"][name], name))
        setattr(other, name, _value(row.before["other"][name], name))
    other.merged_into_id = None


def _value(stored: Any, name: str) -> Any:
    return datetime.fromisoformat(stored) if stored is not None and name in TIMES else stored


def spoken_for(session: Session, person_id: int) -> list[int]:
    """The children whose reminders go to somebody as well."""
    children = select(Guardianship.child_id).where(
        Guardianship.guardian_id == person_id, Guardianship.ended_at.is_(None)
    )
    return list(session.scalars(children))


# ---------------------------------------------------------------- forgetting


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: no record of what they were joined with stays."""
    theirs = or_(Joining.kept_id == person_id, Joining.other_id == person_id)
    session.execute(delete(Joining).where(theirs).execution_options(synchronize_session=False))


def keep_no_longer(session: Session, now: datetime, most: int = 500) -> int:
    """Records whose time is over, and those that were used a day ago. How many."""
    over = or_(Joining.until < now, Joining.undone_at < now - timedelta(days=1))
    these = select(Joining.id).where(over).limit(most)
    gone = session.scalars(delete(Joining).where(Joining.id.in_(these)).returning(Joining.id))
    return len(gone.all())
