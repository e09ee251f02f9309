"""What a session is in words that can be spoken: its title, its time, its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.script import to_latin
from bot.offering.units import course_of, next_unit
from conversations.offers import words
from conversations.speech import Moment, Text, Venue, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from models.places.booking import Booking
from models.who.acting import knows, was_helper
from models.who.people import Guardianship, Person


def described(session: Session, now: datetime, booking: Booking) -> tuple[Words, Moment]:
    """What a booking is for: the title, and when; of a series its next meeting."""
    meeting = next_unit(session, now, session.get_one(Meeting, booking.session_id))
    listing = session.get_one(Listing, meeting.listing_id)
    return Words.of(listing.title), Moment(meeting.starts_at, meeting.zone)


def title_of(session: Session, listing_id: int) -> Words:
    """What a listing is called."""
    return Words.of(session.get_one(Listing, listing_id).title)


def about_booking(session: Session, now: datetime, booking: Booking) -> Text:
    """What a booking is for, when and where, on lines of their own."""
    places = session.get_one(Meeting, booking.session_id)
    title, when = described(session, now, booking)
    place = place_of(session, session.get_one(Listing, places.listing_id), places)
    return words.what_when_where(title, when, place, course_of(session, now, places))


def site_and_town(
    session: Session, listing: Listing, meeting: Meeting | None = None
) -> tuple[Site | None, Town | None]:
    """Where a session is held: its own site, else its listing's; and the town."""
    site_id = (meeting.site_id if meeting else None) or listing.site_id
    site = session.get(Site, site_id) if site_id is not None else None
    town_id = site.town_id if site else listing.town_id
    return site, session.get(Town, town_id) if town_id is not None else None


def place_of(session: Session, listing: Listing, meeting: Meeting | None = None) -> Words:
    """Site and town as people say them, "Dnevni boravak, Bor"; the town alone where there is no site."""
    site, town = site_and_town(session, listing, meeting)
    if site is None:
        return Words.of(town.name) if town else Words()
    return with_town(site, town) if town is not None else Words.of(site.name)


def with_town(site: Site, town: Town) -> Words:
    """A site with its town, where its name does not say it."""
    return Words.of(
        {
            language: name if (in_town := town.name.get(language, "")) in name else f"{name}, {in_town}"
            for language, name in site.name.items()
        }
    )


def towns_in_words(session: Session, town_ids: Iterable[int], first: int = 0) -> Words:
    """Several towns as one value, "Niš, Vranje": the `first` of them, where it is among them, before the others."""
    keys = sorted(set(town_ids), key=lambda key: (key != first, key))
    names = [town.name for key in keys if (town := session.get(Town, key)) is not None and town.name]
    languages = dict.fromkeys(language for name in names for language in name)
    return Words.of(
        {
            spoken: ", ".join(str(name.get(spoken) or next(iter(name.values()))) for name in names)
            for spoken in languages
        }
    )


def venue_of(session: Session, listing: Listing, meeting: Meeting) -> Venue | None:
    """The pin on the map, where the site's position is known."""
    site, town = site_and_town(session, listing, meeting)
    if site is None or site.latitude is None or site.longitude is None:
        return None
    name, address = site.name, site.address or (town.name if town else {})
    if town is not None and not site.address:
        name = {spoken: _without(said, town.name.get(spoken, "")) for spoken, said in name.items()}
    return Venue(Words.of(name), Words.of(address), site.latitude, site.longitude)


def _without(name: str, town: str) -> str:
    """The name of a site without its town at the end, where that stands below it anyway."""
    return name.removesuffix(f", {town}") if town else name


def helper_of(session: Session, booking: Booking) -> str:
    """The name of the helper who made a booking; "" where it was the person, a guardian or a phone's holder."""
    by = booking.booked_by_id
    if by == booking.person_id or not was_helper(session, by, booking.person_id, booking.created_at):
        return ""
    return called_as_helper(session, by)


def called_as_helper(session: Session, helper_id: int) -> str:
    """What families know a helper by: their name, else their number."""
    return session.get_one(Person, helper_id).called or f"#{helper_id}"


def name_for(session: Session, person_id: int, reader_id: int) -> Text | str:
    """What somebody is called, for a reader who acts for them ("your child" without a name); "" for the person."""
    if person_id == reader_id:
        return ""
    linked = select(Person.called).join(Guardianship, Guardianship.child_id == Person.id)
    found = session.scalars(
        linked.where(Person.id == person_id, Guardianship.guardian_id == reader_id, Guardianship.ended_at.is_(None))
    ).first()
    if found is None and knows(session, reader_id, person_id):
        return session.get_one(Person, person_id).called or words.SOMEBODY
    return found or _your_child(session, person_id, reader_id)


def _your_child(session: Session, person_id: int, reader_id: int) -> Text:
    """A child without a name, for its guardian; of several with the number that it has on buttons."""
    rows = session.execute(
        select(Person.id, Person.called)
        .join(Guardianship, Guardianship.child_id == Person.id)
        .where(
            Guardianship.guardian_id == reader_id,
            Guardianship.ended_at.is_(None),
            Guardianship.grown_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    ).all()
    numbers = {child: number for number, (child, _called) in enumerate(rows, start=1)}
    if person_id in numbers and sum(not called for _child, called in rows) > 1:
        return words.YOUR_CHILD_OF_SEVERAL.of(n=numbers[person_id])
    return words.YOUR_CHILD


def town_zone(session: Session, site_id: int, otherwise: str) -> str:
    """The time zone of a site; `otherwise` where there is none."""
    found = session.scalars(select(Town.zone).join(Site, Site.town_id == Town.id).where(Site.id == site_id)).first()
    return found or otherwise


def named(called: str) -> Words:
    """The name of somebody who leads sessions, as staff wrote it: who reads Latin sees it in Latin."""
    return Words.of({"sr": called, "bg": called, "en": to_latin(called)})


def noon(day: date, zone: str) -> Moment:
    """A day there, to be spoken without the time."""
    return Moment(datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC), zone, "date")
