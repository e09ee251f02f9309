"""Boxes for questions and stories: what is put in is nobody's, and shown to nobody, unless they say so.

Decision 0086. An entry has a random key, the month, and no time, channel or address.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Date, Index, LargeBinary, String, Text, UniqueConstraint, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Object, When, fresh_token, to

KINDS = ("question", "story")
KEPT_MONTHS = 12
HIDDEN_MONTHS = 2
"""How many months an entry is kept, and one that staff have put away."""
STIRRED = 40


class Box(Base):
    """Where people put questions ("question") or stories ("story"). States: open, closed."""

    __tablename__ = "box"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_box_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    listing_id: Mapped[int | None] = mapped_column(to("listing"))
    author_id: Mapped[int | None] = mapped_column(to("person"))
    town_id: Mapped[int | None] = mapped_column(to("town"))
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[Object]
    intro: Mapped[Object]
    state: Mapped[str] = mapped_column(String(8), default="open")
    created_at: Mapped[When]


class BoxEntry(Base):
    """What somebody put into a box. States: new, accepted, hidden; `answer` is what staff say to it, by language.

    `person_id` only where they wanted their name beside it. `publish` is their yes to being shown to others, asked for
    by itself. `word` is a hash of the word by which somebody without a name takes it back.
    """

    __tablename__ = "box_entry"
    __table_args__ = (
        Index("ix_box_entry_box_id_state", "box_id", "state"),
        Index("ix_box_entry_person_id", "person_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    box_id: Mapped[int] = mapped_column(to("box", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(to("person"))
    words: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    media_type: Mapped[str] = mapped_column(String(80), default="")
    publish: Mapped[bool] = mapped_column(default=False)
    word: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(8), default="new")
    answer: Mapped[Object] = mapped_column(default=dict)
    month: Mapped[date] = mapped_column(Date)


def put(
    session: Session,
    today: date,
    box_id: int,
    *,
    words: str,
    content: bytes | None = None,
    media_type: str = "",
    person_id: int | None = None,
    publish: bool = False,
    word: str = "",
) -> BoxEntry | None:
    """Put something into a box; None for a box that takes nothing (any more). `today` is kept as its month alone."""
    box = session.get(Box, box_id)
    if box is None or box.state != "open" or not (words or content):
        return None
    _stir(session, box_id)
    entry = BoxEntry(
        key=fresh_token(),
        box_id=box_id,
        person_id=person_id,
        words=words,
        content=content,
        media_type=media_type,
        publish=publish,
        word=word_hash(box, word) if word and person_id is None else "",
        answer={},
        month=today.replace(day=1),
    )
    session.add(entry)
    session.flush()
    return entry


def _stir(session: Session, box_id: int) -> None:
    """What was there before gets new keys: neither its place nor the transaction that wrote it tells the newest."""
    keys = list(session.scalars(select(BoxEntry.key).where(BoxEntry.box_id == box_id)))
    chance = random.SystemRandom()
    for key in chance.sample(keys, min(STIRRED, len(keys))):
        session.get_one(BoxEntry, key).key = fresh_token()
    session.flush()


def word_hash(box: Box, word: str) -> str:
    """What is kept of the word that somebody thought of: slow to make, so that guessing is slow."""
    plain = " ".join(word.casefold().split()).encode()
    return hashlib.scrypt(plain, salt=f"box {box.code}".encode(), n=2**12, r=8, p=1, dklen=32).hex()


def by_word(session: Session, box_id: int, word: str) -> list[BoxEntry]:
    """What somebody without a name put in under that word."""
    box = session.get(Box, box_id)
    if box is None or not word.strip():
        return []
    wanted = select(BoxEntry).where(BoxEntry.box_id == box_id, BoxEntry.word == word_hash(box, word))
    return list(session.scalars(wanted))


def by_name(session: Session, box_id: int, person_id: int) -> list[BoxEntry]:
    """What somebody put in with their name."""
    wanted = select(BoxEntry).where(BoxEntry.box_id == box_id, BoxEntry.person_id == person_id)
    return list(session.scalars(wanted.order_by(BoxEntry.key)))


def take_back(session: Session, entries: list[BoxEntry]) -> int:
    """Whoever put them in wants them gone. Returns how many that were."""
    for entry in entries:
        session.delete(entry)
    session.flush()
    return len(entries)


def entries(session: Session, box_id: int, state: str) -> list[BoxEntry]:
    """What is in a box, in no order that tells anything."""
    wanted = select(BoxEntry).where(BoxEntry.box_id == box_id, BoxEntry.state == state)
    return list(session.scalars(wanted.order_by(BoxEntry.key)))


def count_new(session: Session, box_ids: list[int]) -> int:
    """How much nobody has looked at yet."""
    counted = select(func.count()).select_from(BoxEntry)
    return session.scalar(counted.where(BoxEntry.box_id.in_(box_ids), BoxEntry.state == "new")) or 0


def moderate(session: Session, key: str, state: str, answer: Mapping[str, str] | None = None) -> BoxEntry | None:
    """Staff accept an entry, put it away, or answer it before all. None for one that is gone."""
    entry = session.get(BoxEntry, key, with_for_update=True, populate_existing=True)
    if entry is None:
        return None
    entry.state = state
    if answer is not None:
        entry.answer = dict(answer)
    session.flush()
    return entry


def published(session: Session, box_id: int) -> list[BoxEntry]:
    """What everybody may see: accepted by staff, and either with a yes to being shown or as an answer alone."""
    return [row for row in entries(session, box_id, "accepted") if row.publish or row.answer]


def shown_words(entry: BoxEntry) -> str:
    """The words of an entry as others may see them: nothing without a yes to that."""
    return entry.words if entry.publish and entry.state == "accepted" else ""


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: what they put in with their name goes."""
    session.execute(delete(BoxEntry).where(BoxEntry.person_id == person_id))


def keep_no_longer(session: Session, now: datetime, most: int) -> int:
    """Forget entries whose months are over. Returns how many that were."""
    old, hidden = _months_before(now, KEPT_MONTHS), _months_before(now, HIDDEN_MONTHS)
    over = or_(BoxEntry.month < old, (BoxEntry.state == "hidden") & (BoxEntry.month < hidden))
    keys = session.scalars(select(BoxEntry.key).where(over).limit(most)).all()
    session.execute(delete(BoxEntry).where(BoxEntry.key.in_(keys)))
    return len(keys)


def _months_before(now: datetime, months: int) -> date:
    day = now.date().replace(day=1)
    for _month in range(months):
        day = (day - timedelta(days=1)).replace(day=1)
    return day
