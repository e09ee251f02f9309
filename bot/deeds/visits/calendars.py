"""Performing the deeds about calendars: services, professionals, how visits ended, the route of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from bot.arriving.knowing import me_of
from bot.deeds.offers.staff_listings import undo_of
from bot.deeds.people.staff_rights import listing_for, organisation_for, own
from bot.deeds.performing import Performers
from bot.deeds.visits.appointments import keeps
from bot.doing import Doing
from bot.facts.lookup import Lookup
from bot.facts.visits.calendars import KnownCalendars
from bot.searching.search import index_listing
from bot.times.day_hours import read_day
from conversations.appointments import words
from conversations.appointments.calendar import route
from conversations.deeds.appointments import (
    EndProfessional,
    InviteProfessional,
    MarkVisit,
    PublishService,
    SetHours,
    ShowRoute,
)
from conversations.speech import Done, Say, Venue, Words
from models.offers import publishing
from models.offers.listing import Listing
from models.offers.programme import Site
from models.visits import appointing, professional
from models.visits.appointment import Appointment, VisitDetail, locked
from models.visits.opening import DAY, Span
from models.visits.professional import AppointmentRules, Professional, ProfessionalService
from models.visits.visit_memory import forget
from models.who import staff
from models.who.people import Person

REFUSED = Done("refused")
MINUTES_MOST = 480


def publish(doing: Doing, deed: PublishService) -> Done:
    """Publish a service with its first professional, or add one to it. Everything is checked once more."""
    draft = deed.draft
    hours = _hours(draft.get("hours") or ())
    if not hours or not draft.get("called") or not draft.get("profession"):
        return Done("incomplete")
    if draft.get("listing"):
        listing = listing_for(doing, int(draft["listing"]))
        if listing is None or listing.block != "APT":
            return REFUSED
    else:
        organisation = organisation_for(doing, draft.get("organisation"))
        if organisation is None:
            return REFUSED
        if not any((draft.get("title") or {}).values()) or draft.get("town") is None:
            return Done("incomplete")
        listing = _listing(doing, draft, organisation)
    site = _site(doing, draft, listing)
    if site is None:
        return Done("incomplete")
    listing.site_id = listing.site_id or site.id
    made = professional.engage(
        doing.session,
        doing.now,
        listing,
        called=str(draft["called"])[:80],
        profession=str(draft["profession"]),
        gender=str(draft.get("gender") or ""),
        languages=[str(one)[:8] for one in draft.get("languages") or ()],
    )
    professional.set_hours(doing.session, made.id, site.id, hours)
    index_listing(doing.session, listing.id)
    if draft.get("listing"):
        doing.audit("professional_added", f"professional:{made.id}", listing=listing.id)
        return Done("added", {"listing": listing.id, "professional": made.id})
    doing.audit("listing.published", f"listing:{listing.id}", block=listing.block)
    details = {"listing": listing.id, "professional": made.id, "undo": undo_of(doing, listing.id), "code": listing.code}
    return Done("published", details)


def _listing(doing: Doing, draft: Mapping[str, Any], organisation: int) -> Listing:
    listing = publishing.publish(
        doing.session,
        doing.now,
        publishing.Draft(
            organisation_id=organisation,
            author_id=doing.person_id,
            block="APT",
            kind="appointment",
            title=draft.get("title") or {},
            summary=draft.get("summary") or {},
            town_id=int(draft["town"]),
            remind_minutes=(1440, 120),
        ),
    )
    doing.session.add(
        AppointmentRules(
            listing_id=listing.id,
            discreet=bool(draft.get("discreet")),
            wish=bool(draft.get("wish")),
            home=bool(draft.get("home")),
            minutes=_minutes(draft.get("minutes"), 30) or 30,
            after_minutes=_minutes(draft.get("after"), 0),
            notice_minutes=max(0, min(int(draft.get("notice") or 0), 7 * 1440)),
            horizon_days=max(1, min(int(draft.get("horizon") or 28), 120)),
            most_at_once=max(1, min(int(draft.get("most") or 1), 10)),
        )
    )
    doing.session.flush()
    return listing


def _minutes(said: object, usual: int) -> int:
    minutes = int(said) if isinstance(said, int) else usual
    return max(0, min(minutes, MINUTES_MOST)) // professional.CELL * professional.CELL


def _site(doing: Doing, draft: Mapping[str, Any], listing: Listing) -> Site | None:
    """A site in the listing's town, a new one where it was named."""
    if draft.get("site") is not None:
        site = doing.session.get(Site, int(draft["site"]))
        return site if site is not None and site.town_id == listing.town_id else None
    if listing.town_id is None or not draft.get("site_name"):
        return None
    return publishing.add_site(doing.session, listing.town_id, str(draft["site_name"]), doing.voice.language.base)


def _hours(given: Any) -> dict[int, list[Span]]:
    """Hours that hold, by weekday: whole multiples of five minutes within a day. Nothing where one does not."""
    week: dict[int, list[Span]] = {}
    for weekday, begins, ends in given:
        fits = 0 <= weekday <= 6 and 0 <= begins < ends <= DAY
        if not fits or begins % professional.CELL or ends % professional.CELL:
            return {}
        week.setdefault(weekday, []).append((begins, ends))
    return week


def set_hours(doing: Doing, deed: SetHours) -> Done:
    """Other hours at a site: what is booked stays booked."""
    row, site, hours = (
        own(doing, Professional, deed.professional),
        doing.session.get(Site, deed.site),
        _hours(deed.hours),
    )
    if row is None or site is None or not hours:
        return REFUSED
    professional.lock(doing.session, row.id)
    professional.set_hours(doing.session, row.id, site.id, hours)
    for listing_id in doing.session.scalars(
        select(ProfessionalService.listing_id).where(ProfessionalService.professional_id == row.id)
    ).all():
        index_listing(doing.session, listing_id)
    doing.audit("hours_set", f"professional:{row.id}", site=site.id)
    return Done("saved")


def invite(doing: Doing, deed: InviteProfessional) -> Done:
    """A one-time code by which a professional comes to their own calendar and to nothing else."""
    row = own(doing, Professional, deed.professional)
    if row is None or row.person_id is not None:
        return REFUSED
    made = staff.invite(
        doing.session, doing.now, row.organisation_id, "professional", doing.person_id, professional_id=row.id
    )
    doing.audit("invited staff", f"organisation {row.organisation_id}", role="professional")
    return Done("made", {"code": made})


def end(doing: Doing, deed: EndProfessional) -> Done:
    """A professional leaves, once nobody is booked with them any more."""
    row = own(doing, Professional, deed.professional)
    if row is None:
        return REFUSED
    professional.lock(doing.session, row.id)
    left = doing.session.scalar(
        select(func.count()).where(
            Appointment.professional_id == row.id, Appointment.state == "booked", Appointment.starts_at > doing.now
        )
    )
    if left:
        return Done("booked", {"left": left})
    row.ended_at = doing.now
    doing.audit("professional_ended", f"professional:{row.id}")
    return Done("ended")


def mark(doing: Doing, deed: MarkVisit) -> Done:
    """How a visit ended. What was told for it is forgotten; who did not come twice is asked, kindly, what suits."""
    row = locked(doing.session, deed.appointment)
    if row is None or not keeps(doing, row.professional_id):
        return REFUSED
    if not appointing.mark(doing.session, doing.now, row, deed.outcome):
        return Done("early")
    forget(doing.session, row.id)
    doing.audit("visit_marked", f"appointment:{row.id}", outcome=deed.outcome)
    if deed.outcome == "absent" and appointing.missed_in_a_row(doing.session, row) == appointing.TWICE:
        _ask_kindly(doing, row)
    return Done("marked")


def _ask_kindly(doing: Doing, row: Appointment) -> None:
    """Asked of who made the appointment: nothing is taken from anybody."""
    whom = row.booked_by_id
    buttons = (
        doing.button(whom, words.ANOTHER_TIME, "see_appointment", {"listing": row.listing_id}),
        doing.button(whom, words.TALK, "write_back", {}),
    )
    doing.tell(whom, Say(words.twice(), buttons), "invitation")


def show_route(doing: Doing, deed: ShowRoute) -> Done:
    """Where to go on a day: one list, then pins and recordings in its order. Recorded: who looked."""
    day = read_day(deed.day)
    if day is None or not keeps(doing, deed.professional):
        return REFUSED
    known = _calendars(doing)
    found = [one for one in known.entries(deed.professional, deed.day) if one.home and one.state == "booked"]
    entries = tuple(entry for one in found if (entry := known.entry(one.appointment_id)) is not None)
    if not entries:
        return Done("none")
    doing.audit("route_read", f"professional:{deed.professional}", day=deed.day)
    says = [Say(route(entries))]
    for number, one in enumerate(entries, 1):
        label = words.STOP.of(n=str(number), when=one.when)
        detail = doing.session.get(VisitDetail, one.appointment_id)
        if one.pin is not None:
            place = Words.of({"en": f"{number}"})
            says.append(Say(label, venue=Venue(place, Words(), one.pin[0], one.pin[1])))
        elif detail is not None and detail.attachment_id is not None:
            says.append(Say(label, relay=detail.attachment_id))
    for say in says:
        doing.hand(say)
    return Done("shown")


def _calendars(doing: Doing) -> KnownCalendars:
    me = me_of(doing.session, doing.session.get_one(Person, doing.person_id))
    return KnownCalendars(Lookup(doing.session, doing.now, me, doing.rules))


PERFORM: Performers = {
    PublishService: publish,
    SetHours: set_hours,
    InviteProfessional: invite,
    EndProfessional: end,
    MarkVisit: mark,
    ShowRoute: show_route,
}
