"""What the wizard has gathered, as it will be published, and how people will see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from conversations.facts.conditions import Conditions
from conversations.facts.offers import Offer
from conversations.offers import words
from conversations.outings.words import NEEDS_YES, point_line
from conversations.speech import Joined, Moment, Say, Text, Words, _, lines, n_
from conversations.staff.fields import by_language, said_at, town_of
from conversations.steps import Here

REMINDERS = {
    "usual": (1440, 120),
    "early": (4320, 1440),
    "day": (1440,),
    "hours": (120,),
    "deadline": (10080, 1440),
}
"""How long before, in minutes, by the key that was chosen."""
EVERY = {"weekly": 7, "fortnightly": 14}
SHOWN = 8

_DATE = _("🗓 {when}")
_DATES = n_("🗓 {n} meeting:", "🗓 {n} meetings:")
_MORE_DATES = _("... and the last one: {when}")
ALL_OF_THEM = _("✍️ One enrolment counts for all the meetings.")
_DEADLINE = _("⏳ Until: {when}")
_CRITERIA = _("What counts: {criteria}")
_PLACES = n_("👥 {n} place", "👥 {n} places")
_LENGTH = n_("⏱ {n} minute", "⏱ {n} minutes")
_LEFT_OUT = _("Left out, because of holidays: {dates}")
_ON_HOLIDAY = _("On a holiday or in a school break: {dates}")
_SKIPPED = _("Left out, because the clock change leaves out that time: {n}")
_NO_BREAKS = _("ℹ️ School breaks of {year} are not known here yet, so none is left out. To enter them: /breaks")
_REMINDED = _("⏰ Reminders: {times}")
_BEFORE = {
    10080: _("7 days before"),
    4320: _("3 days before"),
    1440: _("1 day before"),
    120: _("2 hours before"),
}
_LATIN = _("✍️ Serbian in Latin letters is shown in Latin to all. In Cyrillic, each reads it in their own letters.")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_AS_SEEN = _("👀 This is how people will see it:")


def is_call(here: Here) -> bool:
    """True for internships, jobs, training and grants: there is a deadline instead of meetings."""
    return here.get("what") in ("job", "grant")


def draft_of(here: Here) -> dict[str, Any]:
    """What was gathered, as JSON: the deed and the facts read it."""
    call = is_call(here)
    summary = by_language(here, "summary")
    for language, offered in by_language(here, "offered").items():
        summary[language] = f"{summary[language]}\n{offered}" if summary.get(language) else offered
    site = said_at(here, "site")
    organisation = here.get("organisation")
    subject, enrols = said_at(here, "subject"), said_at(here, "enrols")
    return {
        "organisation": int(organisation) if organisation else None,
        "block": {"job": "CALL", "grant": "GRANT"}.get(here.get("what") or "", "OFF"),
        "kind": "grant" if here.get("what") == "grant" else here.get("kind") or "event",
        "title": by_language(here, "title"),
        "summary": summary,
        "bring": by_language(here, "bring"),
        "criteria": by_language(here, "criteria"),
        "subject": int(subject) if subject else None,
        "town": town_of(here),
        "site": int(site) if site and site != "other" else None,
        "site_name": said_at(here, "site_name") if site == "other" else "",
        "bands": said_at(here, "bands") or [],
        "places": said_at(here, "places") or 0,
        "remind": list(REMINDERS.get(said_at(here, "remind") or "", ())),
        "closes": said_at(here, "closes") if call else None,
        "first": None if call else said_at(here, "first"),
        "every": EVERY.get(said_at(here, "every") or "", 0) if here.get("what") == "series" else 0,
        "times": said_at(here, "times") or 1 if here.get("what") == "series" else 1,
        "keep_holidays": here.get("holidays") == "keep",
        "enrols": "series" if enrols == "series" else "each",
        "drop_in": enrols == "drop_in",
        "trip": said_at(here, "trip") == "yes",
        "point": by_language(here, "point"),
        "minutes": int(said_at(here, "minutes") or 60),
    }


def place_of(here: Here, draft: dict[str, Any]) -> Words:
    """Site and town of a draft."""
    town = draft["town"]
    if town is None:
        return Words()
    sites = () if draft["site"] is None else here.facts.staff.sites(town)
    site = next((one.name for one in sites if one.id == draft["site"]), Words())
    return site_in_town(site, draft["site_name"] or "", here.facts.staff.town_name(town))


def site_in_town(site: Words, site_name: str, town: Words) -> Words:
    """How people read where it is: the site that is known, else the name of a new one, with the town."""
    if site:
        by = dict(town.by_language)
        return Words.of(
            {key: f"{said}, {by[key]}" if by.get(key, said) not in said else said for key, said in site.by_language}
        )
    return Words.of({key: f"{site_name}, {said}" for key, said in town.by_language}) if site_name else town


def preview(here: Here) -> Say:
    """The draft exactly as its card will look, with its dates below."""
    draft = draft_of(here)
    offer = Offer(
        listing_id=0,
        title=Words.of(draft["title"]),
        summary=Words.of(draft["summary"]),
        bring=Words.of(draft["bring"]),
        place=place_of(here, draft),
        town=Words(),
        address=Words(),
        organisation=_organisation(here, draft),
        bands=tuple(draft["bands"]),
        invented=False,
        open=True,
        conditions=Conditions(drop_in=draft["drop_in"]),
    )
    trip = trip_lines(draft)
    return Say(lines(_AS_SEEN, words.card(offer), *trip, *_times(here, draft), _reminders(draft), _in_latin(draft)))


def trip_lines(draft: Mapping[str, Any]) -> tuple[Text | None, ...]:
    """Of a trip: that guardians are asked, and where people meet."""
    return (NEEDS_YES, point_line(Words.of(draft["point"]))) if draft.get("trip") else ()


def _in_latin(draft: dict[str, Any]) -> Text | None:
    """A word on scripts, where the Serbian of a draft is in Latin letters: see docs/decisions/0006."""
    serbian = " ".join(str(draft[part].get("sr") or "") for part in ("title", "summary", "bring", "criteria"))
    return _LATIN if any(one.isalpha() for one in serbian) and not _CYRILLIC.search(serbian) else None


def _organisation(here: Here, draft: dict[str, Any]) -> Words:
    mine = here.facts.staff.organisations()
    return next((one.name for one in mine if draft["organisation"] in (None, one.id)), Words())


def _times(here: Here, draft: dict[str, Any]) -> tuple[Text | None, ...]:
    criteria = Words.of(draft["criteria"])
    places = _PLACES.of(n=draft["places"]) if draft["places"] else None
    if draft["block"] != "OFF":
        closes = here.facts.staff.moment(draft["closes"], draft["town"]) if draft["closes"] else None
        return (
            _CRITERIA.of(criteria=criteria) if criteria else None,
            places,
            _DEADLINE.of(when=closes) if closes else None,
        )
    if not draft["first"]:
        return (places,)
    dates = here.facts.staff.dates(draft)
    shown = dates.starts[:SHOWN]
    free = dates.holidays
    kept = draft["keep_holidays"] or draft["every"] == 0
    return (
        _DATES.of(n=len(dates.starts)) if len(shown) > 1 else None,
        *((_("{when}") if len(shown) > 1 else _DATE).of(when=when) for when in shown),
        _MORE_DATES.of(when=dates.starts[-1]) if len(dates.starts) > SHOWN else None,
        ALL_OF_THEM if draft["enrols"] == "series" else None,
        _LENGTH.of(n=draft["minutes"]),
        places,
        (_ON_HOLIDAY if kept else _LEFT_OUT).of(dates=Joined(free, "commas")) if free else None,
        _SKIPPED.of(n=dates.gaps) if dates.gaps else None,
        _NO_BREAKS.of(year=dates.unknown) if dates.unknown else None,
    )


def _reminders(draft: dict[str, Any]) -> Text | None:
    times = tuple(_BEFORE[minutes] for minutes in draft["remind"])
    return _REMINDED.of(times=Joined(times, "and")) if times else None


def holidays(here: Here) -> tuple[Moment, ...]:
    """The public holidays that the planned meetings fall on."""
    draft = draft_of(here)
    if draft["block"] != "OFF" or not draft["first"] or not draft["every"]:
        return ()
    return here.facts.staff.dates({**draft, "keep_holidays": True}).holidays
