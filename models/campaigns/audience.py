"""Whom a broadcast is for: a filter over people, and who has agreed to be written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, or_, select, union
from sqlalchemy.orm import Session

from models.asking.club import Membership
from models.asking.survey import SurveyPerson
from models.campaigns.subscription import TOPICS, Subscription
from models.messages.message import Outgoing
from models.offers.call import Application
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.acting import Sharing
from models.who.consent import Consent
from models.who.people import Address, Guardianship, Interest, Person
from models.who.staff import StaffRole

ROLES = ("young", "guardian", "staff")
UNASKED = ("broadcast", "invitation", "survey", "digest")
"""Classes of messages that nobody asked for: they count for the daily cap (people.md part 6)."""
STANDS = ("waiting", "sending", "sent", "unsure")


@dataclass(frozen=True, slots=True)
class Audience:
    """Which people; what is empty means everybody. Languages are "sr", "bg", "en"."""

    towns: tuple[int, ...] = ()
    subjects: tuple[int, ...] = ()
    bands: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Only who is subscribed to one of these."""
    listings: tuple[int, ...] = ()
    """Only who is booked, accepted or a member there."""
    asked: tuple[int, ...] = ()
    """Only who was asked in one of these surveys."""
    guardians: bool = False
    """With `listings`: also who speaks for somebody who takes part there."""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Audience:
        """The audience of a stored JSON object; what it does not know is ignored."""
        return cls(
            tuple(int(town) for town in stored.get("towns") or ()),
            tuple(int(subject) for subject in stored.get("subjects") or ()),
            tuple(str(band) for band in stored.get("bands") or ()),
            tuple(role for role in stored.get("roles") or () if role in ROLES),
            tuple(str(language) for language in stored.get("languages") or ()),
            tuple(topic for topic in stored.get("topics") or () if topic in TOPICS),
            tuple(int(listing) for listing in stored.get("listings") or ()),
            tuple(int(survey) for survey in stored.get("asked") or ()),
            bool(stored.get("guardians")),
        )

    def to_json(self) -> dict[str, Any]:
        """The audience as JSON holds it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def people_of(audience: Audience) -> Select[int]:
    """The ids of the people an audience names, in order, before consent and stops are looked at."""
    wanted = select(Person.id).where(Person.welcomed_at.is_not(None), Person.erased_at.is_(None)).order_by(Person.id)
    if audience.towns:
        wanted = wanted.where(Person.town_id.in_(audience.towns))
    if audience.subjects:
        interested = select(Interest.person_id).where(Interest.subject_id.in_(audience.subjects))
        wanted = wanted.where(Person.id.in_(interested))
    if audience.topics:
        subscribed = select(Subscription.person_id).where(Subscription.topic.in_(audience.topics))
        wanted = wanted.where(Person.id.in_(subscribed))
    if audience.listings:
        there = _taking_part(audience.listings)
        speaks = select(Guardianship.guardian_id).where(
            Guardianship.child_id.in_(there), Guardianship.ended_at.is_(None), Guardianship.grown_at.is_(None)
        )
        with_them = or_(Person.id.in_(there), Person.id.in_(speaks))
        wanted = wanted.where(with_them if audience.guardians else Person.id.in_(there))
    if audience.asked:
        asked = select(SurveyPerson.person_id).where(SurveyPerson.survey_id.in_(audience.asked))
        wanted = wanted.where(Person.id.in_(asked))
    if audience.bands:
        wanted = wanted.where(Person.band.in_(audience.bands))
    if audience.languages:
        wanted = wanted.where(or_(*(Person.tag.startswith(language) for language in audience.languages)))
    if audience.roles:
        guardian = Person.id.in_(select(Guardianship.guardian_id).where(Guardianship.ended_at.is_(None)))
        staff = Person.id.in_(
            select(StaffRole.person_id).where(StaffRole.ended_at.is_(None), StaffRole.role != "helper")
        )
        kinds = {"young": and_(~guardian, ~staff), "guardian": guardian, "staff": staff}
        wanted = wanted.where(or_(*(kinds[role] for role in audience.roles)))
    return wanted


def _taking_part(listings: Sequence[int]) -> CompoundSelect[int]:
    """Who has a place in some listings, was accepted there, or is a member."""
    return union(
        select(Booking.person_id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id.in_(listings), Booking.state == "booked"),
        select(Application.person_id).where(Application.listing_id.in_(listings), Application.state == "accepted"),
        select(Membership.person_id).where(Membership.listing_id.in_(listings), Membership.left_at.is_(None)),
    )


def agreed_to_messages(session: Session, people: Iterable[int]) -> tuple[set[int], set[int]]:
    """Who agreed to be written to: by their own word, and by the word of somebody who is their guardian now."""
    ids = list(people)
    own: set[int] = set()
    by_guardian: set[int] = set()
    given = session.execute(
        select(Consent.person_id, Consent.given_by_id, Guardianship.id)
        .outerjoin(
            Guardianship,
            and_(
                Guardianship.child_id == Consent.person_id,
                Guardianship.guardian_id == Consent.given_by_id,
                Guardianship.ended_at.is_(None),
            ),
        )
        .where(Consent.person_id.in_(ids), Consent.purpose == "messages", Consent.withdrawn_at.is_(None))
    )
    for person, giver, guardianship in given:
        if giver == person:
            own.add(person)
        elif guardianship is not None:
            by_guardian.add(person)
    return own, by_guardian


def holders_of(session: Session, people: Iterable[int]) -> dict[int, int]:
    """For people without a chat of their own, whose phone reaches them: a guardian's, else the one they share.

    Somebody who has stopped messages is no such holder.
    """
    ids = list(people)
    alone = set(ids) - set(session.scalars(select(Address.person_id).where(Address.person_id.in_(ids))))
    holders: dict[int, int] = {}
    if not alone:
        return holders
    for table, holder, held in (
        (Guardianship, Guardianship.guardian_id, Guardianship.child_id),
        (Sharing, Sharing.host_id, Sharing.person_id),
    ):
        rows = session.execute(
            select(held, holder)
            .join(Person, Person.id == holder)
            .where(held.in_(alone), table.ended_at.is_(None), Person.stopped_at.is_(None), Person.erased_at.is_(None))
            .where(holder.in_(select(Address.person_id).where(Address.active)))
            .order_by(held, table.id)
        )
        for person, reached_by in rows:
            holders.setdefault(person, reached_by)
    return holders


def unasked_since(
    session: Session, people: Iterable[int], since: datetime, without_broadcast: int = 0
) -> dict[int, list[datetime]]:
    """When (UTC) each person is or was written to unasked, on any of their addresses, since an instant."""
    found = session.execute(
        select(Address.person_id, Outgoing.due_at)
        .join(Outgoing, Outgoing.address_id == Address.id)
        .where(
            Address.person_id.in_(list(people)),
            Outgoing.kind.in_(UNASKED),
            Outgoing.state.in_(STANDS),
            Outgoing.due_at >= since,
            or_(Outgoing.broadcast_id.is_(None), Outgoing.broadcast_id != without_broadcast),
        )
    )
    times: dict[int, list[datetime]] = {}
    for person, due in found:
        times.setdefault(person, []).append(due)
    return times
