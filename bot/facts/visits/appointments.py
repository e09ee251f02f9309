"""Facts about appointments, from the database: what is free is worked out, and nothing of another's is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.facts.lookup import Lookup
from bot.facts.offers.offers import KnownOffers
from bot.language.languages import BY_TAG
from bot.offering import visiting
from bot.offering.describing import place_of, site_and_town, towns_in_words
from conversations.facts.appointments import Free, Service, Visit, Wish
from conversations.speech import Document, Moment, Words
from models.offers.listing import Listing
from models.offers.programme import Organisation
from models.visits.appointing import has_enough
from models.visits.appointment import Appointment, to_come
from models.visits.professional import AppointmentRules, Professional, giving, towns_of
from models.visits.slots import Slot, free_slots
from models.visits.visit_reminders import is_private
from models.who.acting import may_change, speaks_for

GENDERS = ("woman", "man")
TALKS_MOST = 6


class KnownAppointments:
    """What there is to know about appointments, for the person who is talking."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._slots: dict[Wish, list[Slot]] = {}

    # ------------------------------------------------------------ services

    def service(self, listing_id: int) -> Service | None:
        """A service that people may see."""
        session = self.lookup.session
        listing = session.get(Listing, listing_id)
        rules = session.get(AppointmentRules, listing_id)
        if listing is None or rules is None or listing.block != "APT" or listing.state in ("draft", "cancelled"):
            return None
        organisation = session.get(Organisation, listing.organisation_id)
        given, home = Words(), self.lookup.me.town_id or 0
        if len(self.sites(Wish(listing_id))) > 1:
            given = towns_in_words(session, towns_of(session, listing_id), home)
        return Service(
            listing_id=listing.id,
            title=Words.of(listing.title),
            summary=Words.of(listing.summary),
            bring=Words.of(listing.bring),
            place=given or place_of(session, listing),
            organisation=Words.of(organisation.name) if organisation else Words(),
            bands=tuple(listing.bands),
            invented=listing.invented,
            open=listing.state == "open",
            discreet=rules.discreet,
            home=rules.home,
            wish=rules.wish,
            minutes=rules.minutes,
        )

    def has_enough(self, listing_id: int, person_id: int) -> bool:
        """Whether somebody the person may act for (0: they themself) has as many to come as one may have at once."""
        session, whose = self.lookup.session, person_id or self.lookup.me.person_id
        rules = session.get(AppointmentRules, listing_id)
        mine = speaks_for(session, self.lookup.me.person_id, whose, self.lookup.now)
        return rules is not None and mine and has_enough(session, self.lookup.now, rules, whose)

    def talks(self) -> tuple[tuple[int, Words, Words], ...]:
        """Where somebody to talk to gives appointments (discreet services): in the own town, else in the country."""
        session, me = self.lookup.session, self.lookup.me
        rows = session.scalars(
            select(Listing)
            .join(AppointmentRules, AppointmentRules.listing_id == Listing.id)
            .where(AppointmentRules.discreet, Listing.state == "open", Listing.block == "APT")
            .order_by(Listing.id)
        ).all()
        near, country = [], []
        for row in rows:
            if row.bands and me.band and me.band not in row.bands:
                continue
            _site, town = site_and_town(session, row)
            if town is not None and town.id == me.town_id:
                near.append(row)
            elif town is not None and town.country == me.country:
                country.append(row)
        found = near or country
        return tuple((row.id, Words.of(row.title), place_of(session, row)) for row in found[:TALKS_MOST])

    # ------------------------------------------------------------ what may be wished

    def _professionals(self, wish: Wish) -> list[Professional]:
        found: Sequence[Professional] = giving(self.lookup.session, wish.listing)
        kept = self._moved(wish) if wish.same else None
        return [
            one
            for one in found
            if (kept is None or one.id == kept.professional_id)
            and wish.profession in ("", one.profession)
            and wish.gender in ("", one.gender)
            and (not wish.language or wish.language in one.languages)
        ]

    def _moved(self, wish: Wish) -> Appointment | None:
        """The appointment that goes elsewhere."""
        return self.lookup.session.get(Appointment, wish.moves) if wish.moves else None

    def elsewhere(self, wish: Wish) -> bool:
        """Whether the appointment that moves could also go to another professional or place."""
        kept, free = self._moved(wish), self._free(Wish(wish.listing, moves=wish.moves))
        return kept is not None and any(
            (slot.professional_id, slot.site_id) != (kept.professional_id, kept.site_id) for slot in free
        )

    def _free(self, wish: Wish) -> list[Slot]:
        """The free times of a wish; within one turn each is worked out once."""
        known = self._slots.get(wish)
        if known is None:
            rules = self.lookup.session.get(AppointmentRules, wish.listing)
            kept = self._moved(wish) if wish.same else None
            known = self._slots[wish] = (
                free_slots(
                    self.lookup.session,
                    self.lookup.now,
                    rules,
                    self._professionals(wish),
                    visiting.closed,
                    site_id=kept.site_id if kept is not None else wish.site,
                    without=wish.moves,
                )
                if rules is not None
                else []
            )
        return known

    def _with_time(self, wish: Wish) -> list[Professional]:
        """Those who have a free time, at the site that was chosen."""
        busy = {slot.professional_id for slot in self._free(wish)}
        return [one for one in self._professionals(wish) if one.id in busy]

    def sites(self, wish: Wish) -> tuple[tuple[int, Words], ...]:
        """Where appointments are given."""
        ids = dict.fromkeys(slot.site_id for slot in self._free(Wish(wish.listing, moves=wish.moves)))
        return tuple((site, visiting.place_of_site(self.lookup.session, site)) for site in sorted(ids))

    def professions(self, wish: Wish) -> tuple[str, ...]:
        """Who gives them, by profession."""
        everybody = self._with_time(Wish(wish.listing, wish.site, moves=wish.moves))
        return tuple(dict.fromkeys(one.profession for one in everybody))

    def genders(self, wish: Wish) -> tuple[str, ...]:
        """Both "woman" and "man" where people can choose, else nothing."""
        there = {
            one.gender for one in self._with_time(Wish(wish.listing, wish.site, wish.profession, moves=wish.moves))
        }
        return GENDERS if there.issuperset(GENDERS) else ()

    def languages(self, wish: Wish) -> tuple[str, ...]:
        """Languages in which they talk, the person's own first."""
        before = Wish(wish.listing, wish.site, wish.profession, wish.gender, moves=wish.moves)
        found = dict.fromkeys(language for one in self._with_time(before) for language in one.languages)
        own = BY_TAG[self.lookup.me.tag].base
        return tuple(sorted(found, key=lambda language: language != own))

    def days(self, wish: Wish) -> tuple[tuple[str, Moment, int], ...]:
        """Days with free times: key, day, and how many."""
        days: dict[date, list[Slot]] = {}
        for slot in self._free(wish):
            days.setdefault(_day(slot), []).append(slot)
        return tuple(
            (day.isoformat(), Moment(slots[0].starts_at, slots[0].zone, "date"), len({one.starts_at for one in slots}))
            for day, slots in sorted(days.items())
        )

    def times(self, wish: Wish, day: str) -> tuple[Free, ...]:
        """The free times of a day: each once where it does not matter with whom."""
        there = [slot for slot in self._free(wish) if _day(slot).isoformat() == day]
        return tuple(self._time(slot) for slot in there)

    def time(self, wish: Wish, key: str) -> Free | None:
        """One free time; None once it is taken."""
        slot = next((one for one in self._free(wish) if visiting.key_of(one) == key), None)
        return self._time(slot, style="full") if slot is not None else None

    def _time(self, slot: Slot, *, style: str = "time") -> Free:
        session = self.lookup.session
        professional = session.get_one(Professional, slot.professional_id)
        return Free(
            key=visiting.key_of(slot),
            when=Moment(slot.starts_at, slot.zone, "full" if style == "full" else "time"),
            called=professional.called,
            profession=professional.profession,
            place=visiting.place_of_site(session, slot.site_id),
        )

    # ------------------------------------------------------------ one's own

    def visits(self) -> tuple[Visit, ...]:
        """Appointments to come of everybody the person acts for, the nearest first."""
        people = [one.person_id for one in KnownOffers(self.lookup).who()]
        rows = to_come(self.lookup.session, self.lookup.now, people)
        return tuple(self._visit(row) for row in rows if self._may_see(row))

    def _may_see(self, row: Appointment) -> bool:
        """Who speaks for somebody sees their appointments, but for a discreet one that they made alone."""
        session, me = self.lookup.session, self.lookup.me
        if row.person_id == me.person_id:
            return True
        if is_private(session, row):
            return False
        return may_change(session, self.lookup.now, me.person_id, row.person_id, row.booked_by_id)

    def visit(self, appointment_id: int) -> Visit | None:
        """One of them, also a past or cancelled one."""
        row = self.lookup.session.get(Appointment, appointment_id)
        return self._visit(row) if row is not None and self._may_see(row) else None

    def _visit(self, row: Appointment) -> Visit:
        return visiting.visit_of(self.lookup.session, self.lookup.now, row, self.lookup.me.person_id)

    def calendar(self, appointment_id: int) -> Document | None:
        """The calendar entry of an appointment; of a discreet one it says no more than when and where."""
        row = self.lookup.session.get(Appointment, appointment_id)
        if row is None or not self._may_see(row):
            return None
        return visiting.entry_of(self.lookup.session, self.lookup.now, row, self.lookup.me.person_id)


def _day(slot: Slot) -> date:
    return slot.starts_at.astimezone(ZoneInfo(slot.zone)).date()
