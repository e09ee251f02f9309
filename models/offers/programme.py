"""Organisations, their projects, and where things happen: towns and sites."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, QueryContext, mapped_column

from models.base import Base, Id, Object, Several, to


class Organisation(Base):
    """Somebody who runs services. `name` is an object of words by language."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[Object]


class Project(Base):
    """A funded project of an organisation: titles (with aliases), partners with roles, funders, targets.

    `partners`: [{"name", "role"}]; `funders`: [{"name", "amount", "currency"}];
    `targets`: [{"unit", "comparator", "target", "counting", "of"}] (services.md part 2).
    """

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    title: Mapped[Object]
    aliases: Mapped[Several]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    partners: Mapped[Several]
    funders: Mapped[Several]
    targets: Mapped[Several]


class Town(Base):
    """A town or village. `zone` is its IANA time zone."""

    __tablename__ = "town"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[Object]
    country: Mapped[str] = mapped_column(String(2))
    zone: Mapped[str] = mapped_column(String(32))
    languages: Mapped[Several]


class Site(Base):
    """A building where sessions are held."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    town_id: Mapped[int] = mapped_column(to("town"))
    name: Mapped[Object]
    address: Mapped[Object]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Subject(Base):
    """What something is about: maths, a trade, a sport. People choose subjects as interests."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[Object]
    icon: Mapped[str] = mapped_column(String(8), default="")


def _stays(row: Base, context: QueryContext) -> None:
    """A transaction reads each of them once: by itself a session forgets what nobody holds, and asks again."""
    context.session.info.setdefault("stays", []).append(row)


for _table in (Organisation, Town, Site):
    event.listen(_table, "load", _stays)
