"""Listings: what is on offer, as staff wrote it, and the sessions at which it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Instant, Object, Several, When, partial_index, to

BLOCKS = ("OFF", "CALL", "GRANT", "APT", "RES")
"""Building blocks: an offer with sessions, an application call, a grant call, appointments, a bookable resource."""
STATES = ("draft", "open", "closed", "cancelled")


class Listing(Base):
    """One thing on offer. `kind` is a finer word within its block: tutoring, course, workshop, internship ...

    `title`, `summary`, `bring` and `criteria` are objects of words by language. `closes_at` is the
    deadline of a call or the end of enrolment. `remind_minutes` says how long before a session (or
    a deadline) people are reminded. `bands` are the age bands it is for; none means all. `code` is
    what deep links carry.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_listing_state_block", "state", "block"),
        Index("ix_listing_closes_at", "closes_at"),
        CheckConstraint("block IN ('OFF', 'CALL', 'GRANT', 'APT', 'RES')", name="block"),
        CheckConstraint("state IN ('draft', 'open', 'closed', 'cancelled')", name="state"),
        CheckConstraint("enrols IN ('each', 'series')", name="enrols"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    project_id: Mapped[int | None] = mapped_column(to("project"))
    block: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[Object]
    summary: Mapped[Object]
    bring: Mapped[Object]
    criteria: Mapped[Object]
    subject_id: Mapped[int | None] = mapped_column(to("subject"))
    site_id: Mapped[int | None] = mapped_column(to("site"))
    town_id: Mapped[int | None] = mapped_column(to("town"))
    bands: Mapped[Several]
    capacity: Mapped[int] = mapped_column(default=0)
    remind_minutes: Mapped[Several]
    services: Mapped[Several]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(to("person"))
    created_at: Mapped[When]
    invented: Mapped[bool] = mapped_column(default=False)
    """True for sample timetables, which say so wherever they are shown."""
    child_care: Mapped[bool] = mapped_column(default=False)
    """True where people are asked whether they need child care during it."""
    enrols: Mapped[str] = mapped_column(String(8), default="each")
    """Every meeting is booked on its own ("each"), or one enrolment counts for all of them ("series")."""
    join_late: Mapped[int] = mapped_column(default=0)
    """Into a series one can still come until so many of its units have begun."""
    rule_percent: Mapped[int] = mapped_column(default=0)
    """At what share of all units one has to be to have completed it; 0 for no rule."""
    shows: Mapped[Object] = mapped_column(default=dict)
    """A paper that staff have to see before, in words by language. Kept is only that it was seen."""
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    """From when (UTC) one can book; at once without it."""
    least: Mapped[int] = mapped_column(default=0)
    """So many people are needed for it to take place; 0 for no such number."""
    least_state: Mapped[str] = mapped_column(String(8), default="")
    """What has come of that: "reached" (staff know), "asked" (staff decide, it is not reached), "anyway", or ""."""
    checked: Mapped[bool] = mapped_column(default=False)
    """True where the organisation checks who may take part (models/places/eligibility.py)."""
    audience: Mapped[str] = mapped_column(String(16), default="all")
    """"all", or "professionals": who takes part for the institution where they work (models/places/quota.py)."""
    after_id: Mapped[int | None] = mapped_column(BigInteger)
    """The listing that has to be completed first."""
    drop_in: Mapped[bool] = mapped_column(default=False)
    """True where people just come: nothing is booked."""
    trip: Mapped[bool] = mapped_column(default=False)
    """True where everybody under 18 needs a guardian's yes to each session (models/outings/trip.py)."""
    meeting_point: Mapped[Object] = mapped_column(default=dict)
    """Where people meet, in words by language."""
    tools: Mapped[bool] = mapped_column(default=False)
    """True where people are asked whether they bring tools or need some."""
    buddies: Mapped[bool] = mapped_column(default=False)
    """True where people may wish for a buddy, or be one (models/outings/buddy.py)."""
    tools_needed: Mapped[Object] = mapped_column(default=dict)
    """How many of which tool one meeting needs, by its word ("gloves": 20), where that is known."""
    transport: Mapped[bool] = mapped_column(default=False)
    """True where people are asked whether they need somebody to fetch them."""
    cost: Mapped[Object] = mapped_column(default=dict)
    """What it costs, in words by language; none where nothing was said."""
    travel_paid: Mapped[str] = mapped_column(String(4), default="")
    """Whether travel is paid back: "yes", "no", or "" where nothing was said."""
    travel: Mapped[Object] = mapped_column(default=dict)
    """How travel is paid back, in words by language."""
    exam_needed: Mapped[bool] = mapped_column(default=False)
    """True where a certificate is for those alone who passed the exam (models/lessons/exam.py)."""

    def is_for(self, band: str | None) -> bool:
        """True if somebody of that age band may take part; of whom it is not known is asked by staff."""
        return not self.bands or not band or band in self.bands


class Session(Base):
    """One meeting of a listing. Times are UTC; `zone` is the site's and what people are told in.

    `taken` counts places that are booked or held by an offer; it is changed only under the session's
    lock. `sequence` grows with every change, for calendars. The later units of a series have `first_id`:
    the session at which all of its places live (models/offers/series.py). `topic` names a unit, in words by language.
    """

    __tablename__ = "session"
    __table_args__ = (
        Index("ix_session_listing_id_starts_at", "listing_id", "starts_at"),
        Index("ix_session_starts_at", "starts_at"),
        partial_index("ix_session_first_id", "first_id", where="first_id IS NOT NULL"),
        partial_index("uq_session_slot", "listing_id", "starts_at", unique=True, where="slot"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("ends_at > starts_at", name="order"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    site_id: Mapped[int | None] = mapped_column(to("site"))
    starts_at: Mapped[When]
    ends_at: Mapped[When]
    zone: Mapped[str] = mapped_column(String(32))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="planned")
    sequence: Mapped[int] = mapped_column(default=0)
    leader_id: Mapped[int | None] = mapped_column(to("leader"))
    slot: Mapped[bool] = mapped_column(default=False)
    """True for a slot of a resource (models/resources/seats.py): made when it is first taken, one for each time."""
    first_id: Mapped[int | None] = mapped_column(to("session"))
    topic: Mapped[Object] = mapped_column(default=dict)
    exam: Mapped[bool] = mapped_column(default=False)
    """True for an exam, which is passed or not (models/lessons/exam.py)."""
    log: Mapped[str] = mapped_column(Text, default="")
    """What was done there, in a few words of staff and without names."""


class SearchWord(Base):
    """A distinct folded word of the listings: what a mistyped word is mended against."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(64), primary_key=True)
