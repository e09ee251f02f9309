"""Professionals who give appointments, the services they give them for, and when they work."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Several, When, partial_index, to
from models.offers.listing import Listing
from models.offers.programme import Site
from models.visits.opening import DAY, Span
from models.who.people import OneTimeCode
from models.who.staff import organisations_of

CELL = 5
"""Minutes: lengths, pauses and working hours are whole multiples of it."""


class AppointmentRules(Base):
    """How appointments of a listing (block APT) are given. All times in minutes.

    `discreet`: what it is about is named nowhere once it is booked. `wish`: who books for a child may hand on a line
    of the child's own. `home`: visits at people's homes too. A professional needs `before_minutes` and `after_minutes`
    around each; it is booked `notice_minutes` ahead at the latest and `horizon_days` at the earliest; a person has at
    most `most_at_once` to come.
    """

    __tablename__ = "appointment_rules"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    discreet: Mapped[bool] = mapped_column(default=False)
    wish: Mapped[bool] = mapped_column(default=False)
    home: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int]
    before_minutes: Mapped[int] = mapped_column(default=0)
    after_minutes: Mapped[int] = mapped_column(default=0)
    notice_minutes: Mapped[int] = mapped_column(default=120)
    horizon_days: Mapped[int] = mapped_column(default=28)
    most_at_once: Mapped[int] = mapped_column(default=1)


class Professional(Base):
    """Somebody who gives appointments. `person_id` is them where they use the bot themself.

    `profession` is a key ("psychologist") or, where none fits, their own words; `gender` "woman", "man" or "" as they
    want it shown; `languages` the languages they talk in ("sr", "rom").
    """

    __tablename__ = "professional"
    __table_args__ = (
        Index("ix_professional_organisation_id", "organisation_id"),
        partial_index("ix_professional_person_id", "person_id", where="person_id IS NOT NULL"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    person_id: Mapped[int | None] = mapped_column(to("person", ondelete="SET NULL"))
    called: Mapped[str] = mapped_column(String(80))
    profession: Mapped[str] = mapped_column(String(40))
    gender: Mapped[str] = mapped_column(String(8), default="")
    languages: Mapped[Several]
    invented: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ProfessionalService(Base):
    """A professional gives appointments for a listing."""

    __tablename__ = "professional_service"
    __table_args__ = (Index("ix_professional_service_listing_id", "listing_id"),)

    professional_id: Mapped[int] = mapped_column(
        to("professional", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"), primary_key=True, autoincrement=False)


class WorkingHours(Base):
    """When a professional works, week after week: wall time of the site, in minutes after midnight (Monday is 0)."""

    __tablename__ = "working_hours"
    __table_args__ = (
        Index("ix_working_hours_professional_id", "professional_id"),
        CheckConstraint("from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440", name="order"),
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
    )

    id: Mapped[Id]
    professional_id: Mapped[int] = mapped_column(to("professional", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(to("site"))
    weekday: Mapped[int]
    from_minute: Mapped[int]
    until_minute: Mapped[int]


class DayException(Base):
    """A day on which a professional does not work as usual: "off", or "extra" hours at a site."""

    __tablename__ = "day_exception"
    __table_args__ = (
        Index("ix_day_exception_professional_id_day", "professional_id", "day"),
        CheckConstraint("kind IN ('off', 'extra')", name="kind"),
    )

    id: Mapped[Id]
    professional_id: Mapped[int] = mapped_column(to("professional", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(8))
    site_id: Mapped[int | None] = mapped_column(to("site"))
    from_minute: Mapped[int] = mapped_column(default=0)
    until_minute: Mapped[int] = mapped_column(default=DAY)


# ---------------------------------------------------------------- looking


def giving(session: Session, listing_id: int) -> Sequence[Professional]:
    """Who gives appointments for a listing now."""
    wanted = (
        select(Professional)
        .join(ProfessionalService, ProfessionalService.professional_id == Professional.id)
        .where(ProfessionalService.listing_id == listing_id, Professional.ended_at.is_(None))
    )
    return session.scalars(wanted.order_by(Professional.id)).all()


def calendars_of(session: Session, person_id: int) -> Sequence[Professional]:
    """Whose calendars a person may see and keep: as staff those of their organisations, else their own alone."""
    mine = organisations_of(session, person_id)
    wanted = select(Professional).where(
        or_(Professional.organisation_id.in_(mine), Professional.person_id == person_id),
        Professional.ended_at.is_(None),
    )
    return session.scalars(wanted.order_by(Professional.person_id != person_id, Professional.id)).all()


def lock(session: Session, professional_id: int) -> Professional | None:
    """The professional's row, locked until the end of the transaction: what changes their calendar goes through here.

    Whoever also locks people locks them first.
    """
    wanted = select(Professional).where(Professional.id == professional_id).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).first()


def sites_of(session: Session, professional_id: int) -> Sequence[int]:
    """Where a professional works week after week, by the ids of the sites."""
    wanted = select(WorkingHours.site_id).where(WorkingHours.professional_id == professional_id)
    return session.scalars(wanted.distinct().order_by(WorkingHours.site_id)).all()


# ---------------------------------------------------------------- setting up


def engage(
    session: Session,
    now: datetime,
    listing: Listing,
    *,
    called: str,
    profession: str,
    gender: str,
    languages: Sequence[str],
    invented: bool = False,
) -> Professional:
    """Add somebody who gives appointments for a listing."""
    made = Professional(
        organisation_id=listing.organisation_id,
        called=called,
        profession=profession[:40],
        gender=gender,
        languages=list(languages),
        invented=invented,
        created_at=now,
    )
    session.add(made)
    session.flush()
    session.add(ProfessionalService(professional_id=made.id, listing_id=listing.id))
    session.flush()
    return made


def set_hours(session: Session, professional_id: int, site_id: int, week: Mapping[int, Sequence[Span]]) -> None:
    """The hours of a professional at a site from now on, in the place of those before. What is booked stays."""
    for row in session.scalars(
        select(WorkingHours).where(WorkingHours.professional_id == professional_id, WorkingHours.site_id == site_id)
    ):
        session.delete(row)
    session.add_all(
        WorkingHours(
            professional_id=professional_id, site_id=site_id, weekday=weekday, from_minute=begins, until_minute=ends
        )
        for weekday, spans in week.items()
        for begins, ends in spans
    )
    session.flush()


def open_calendar(session: Session, row: OneTimeCode, person_id: int) -> None:
    """Whoever uses a professional's code keeps their calendar from now on; codes for anything else do nothing here."""
    named = json.loads(row.details).get("professional")
    professional = lock(session, int(named)) if named is not None else None
    if professional is not None and professional.ended_at is None:
        professional.person_id = person_id
        session.flush()


def towns_of(session: Session, listing_id: int) -> Sequence[int]:
    """The towns in which appointments of a listing are given, by their ids; none for what is no such listing."""
    wanted = (
        select(Site.town_id)
        .join(WorkingHours, WorkingHours.site_id == Site.id)
        .join(ProfessionalService, ProfessionalService.professional_id == WorkingHours.professional_id)
        .where(ProfessionalService.listing_id == listing_id)
    )
    return session.scalars(wanted.distinct().order_by(Site.town_id)).all()
