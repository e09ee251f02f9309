"""Consent: what was agreed to, by whom, in which words, in the chat or on paper, and its withdrawal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.prepared import Prepared

PURPOSES = ("attend", "reminders", "messages", "photos", "outings", "school")
"""What may be agreed to. "attend": book and take part; "reminders": to a guardian, of the child's sessions;
"messages": broadcasts; the rest only by a guardian for a child (people.md part 8)."""
OWN = ("attend", "messages")
"""What people agree to for themselves."""
ON_PAPER = ("attend", "messages", "photos", "outings", "school")
"""What a guardian may tick on a paper form: nobody without a chat can be reminded here."""
NUMBER_MOST = 40
"""The longest number of a form."""


class Wording(Base):
    """A text that people agreed to, kept as it was shown. `hash` is SHA-256 of language and text."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("hash"),)

    id: Mapped[Id]
    hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)


class PaperForm(Base):
    """A guardian's consent on paper, which staff have seen: the form's own number, its child and its guardian (a
    person without a chat), the day it was signed on, who recorded it for which organisation. `ended_at`: taken back.
    """

    __tablename__ = "paper_form"
    __table_args__ = (
        Index("ix_paper_form_child_id", "child_id"),
        partial_index("uq_paper_form_number", "organisation_id", "number", unique=True, where="ended_at IS NULL"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(NUMBER_MOST))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    child_id: Mapped[int] = mapped_column(to("person"))
    guardian_id: Mapped[int] = mapped_column(to("person"))
    recorded_by_id: Mapped[int] = mapped_column(to("person"))
    signed_on: Mapped[date]
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Consent(Base):
    """One purpose that was agreed to (or withdrawn) for one person.

    `basis` is the legal ground ("consent", "contract" ...), `method` how it was given ("chat", "paper"),
    `given_by_id` who gave it: the person, or a guardian; `form_id` the paper it stands on, which names who recorded it.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_id_purpose", "person_id", "purpose"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    given_by_id: Mapped[int] = mapped_column(to("person"))
    purpose: Mapped[str] = mapped_column(String(24))
    basis: Mapped[str] = mapped_column(String(16), default="consent")
    wording_id: Mapped[int] = mapped_column(to("wording"))
    channel: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16), default="chat")
    form_id: Mapped[int | None] = mapped_column(to("paper_form"))
    given_at: Mapped[When]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


_STANDING = Prepared(
    lambda _dialect: select(Consent.purpose).where(
        Consent.person_id == bindparam("person"),
        Consent.given_by_id == bindparam("giver"),
        Consent.withdrawn_at.is_(None),
    )
)
_GIVEN = ("person_id", "given_by_id", "purpose", "basis", "wording_id", "channel", "method", "form_id", "given_at")
_GIVE = Prepared(lambda _dialect: insert(Consent).values(**{name: bindparam(name) for name in _GIVEN}))
_WORDING = Prepared(lambda _dialect: select(Wording.id).where(Wording.hash == bindparam("hash")))


def give(
    session: Session,
    now: datetime,
    person_id: int,
    given_by_id: int,
    agreed: Mapping[str, str],
    language: str,
    *,
    channel: str,
    method: str = "chat",
    basis: str = "consent",
    form_id: int | None = None,
) -> None:
    """Record consent to each purpose with the words it was given to. One that already stands is left as it is.

    `agreed` is the text for each purpose. Raises ValueError for a purpose that does not exist.
    """
    session.flush()
    standing = {purpose for (purpose,) in _STANDING.run(session, person=person_id, giver=given_by_id)}
    if unknown := sorted({*agreed} - {*PURPOSES}):
        raise ValueError(f"nobody can agree to {unknown}")
    rows = [
        {
            "person_id": person_id,
            "given_by_id": given_by_id,
            "purpose": purpose,
            "basis": basis,
            "wording_id": wording_of(session, language, text),
            "channel": channel,
            "method": method,
            "form_id": form_id,
            "given_at": now,
        }
        for purpose, text in agreed.items()
        if purpose not in standing
    ]
    if rows:
        _GIVE.run_many(session, rows)


def wording_of(session: Session, language: str, text: str) -> int:
    """The id of a wording, which is kept when it is new."""
    hashed = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
    found = _WORDING.run(session, hash=hashed)
    if found:
        return int(found[0][0])
    made = Wording(hash=hashed, language=language, text=text)
    session.add(made)
    session.flush()
    return made.id


def withdraw(
    session: Session, now: datetime, person_id: int, purposes: Iterable[str], *, given_by_id: int | None = None
) -> int:
    """Take back what stands for a person, of one giver or of all; returns how many consents ended."""
    ended = (
        update(Consent)
        .where(Consent.person_id == person_id, Consent.purpose.in_(tuple(purposes)), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(Consent.id)
    )
    if given_by_id is not None:
        ended = ended.where(Consent.given_by_id == given_by_id)
    return len(session.scalars(ended).all())


def stands(session: Session, person_id: int, purpose: str) -> bool:
    """True if somebody's consent to the purpose stands for the person."""
    found = select(Consent.id).where(
        Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return session.scalars(found.limit(1)).first() is not None


# ---------------------------------------------------------------- on paper


def live_form(session: Session, organisation_id: int, number: str) -> PaperForm | None:
    """The form of an organisation with that number which stands, locked."""
    return session.scalars(
        select(PaperForm)
        .where(PaperForm.organisation_id == organisation_id, PaperForm.number == number, PaperForm.ended_at.is_(None))
        .with_for_update()
    ).first()


def forms_for(session: Session, child_id: int) -> list[PaperForm]:
    """The forms that stand for a child, locked, the oldest first."""
    return list(
        session.scalars(
            select(PaperForm)
            .where(PaperForm.child_id == child_id, PaperForm.ended_at.is_(None))
            .order_by(PaperForm.id)
            .with_for_update()
        )
    )


def on_paper(session: Session, child_id: int) -> bool:
    """True where a form stands for a child."""
    found = select(PaperForm.id).where(PaperForm.child_id == child_id, PaperForm.ended_at.is_(None))
    return session.scalars(found.limit(1)).first() is not None
