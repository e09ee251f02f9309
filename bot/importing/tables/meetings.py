"""Tables of meetings and of clubs: each row becomes what the wizard would have gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.deeds.asking.clubs_staff import make_club
from bot.deeds.offers.terms import apply_terms
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.shared_columns import (
    BANDS_COLUMN,
    SITE,
    SUBJECT,
    SUMMARY,
    TITLE,
    TOWN,
    number,
    one_of,
    yes_no,
)
from bot.importing.tables.listings import add, common, key, seen_as, sight, there, withdraw
from bot.importing.wording import in_languages, words_in
from conversations.deeds.asking import MakeClub
from conversations.deeds.lessons import SetTerms
from conversations.facts.lessons import Terms
from conversations.importing.words import ENROLS, EVERY, EXAMPLES, HEADS, YES_NO
from conversations.offers.terms import lines_of
from conversations.running.terms import FETCHED, PAID
from conversations.speech import Text, Words, lines, verbatim
from conversations.staff.publishing import questions
from conversations.staff.publishing.drafts import REMINDERS, trip_lines
from models.asking.box import Box
from models.asking.vote import Poll
from models.offers import listing_changes
from models.offers.listing import Listing

KINDS: Mapping[str, Text] = {**questions.SERIES_KINDS, **questions.EVENT_KINDS}
STEPS = {"once": 0, "weekly": 7, "fortnightly": 14}


def _meeting(row: Mapping[str, Any], reader: Reader) -> Entry:
    every = row.get("every") or "once"
    times = row.get("times") or (1 if every == "once" else 4)
    if every == "once" and times > 1:
        raise Bad("choice", "every", known=c.spoken(reader, {key: EVERY[key] for key in ("weekly", "fortnightly")}))
    first = c.moment(reader, row["day"], row["time"], row["town"], column="day")
    enrols = row.get("booked") or "each"
    if row.get("trip") and enrols == "series" and times > 1:
        raise Bad("trip", "trip")
    if row.get("point") and not row.get("trip"):
        raise Bad("no_trip", "point")
    return {
        **common(row, reader),
        "block": "OFF",
        "kind": row["kind"],
        "bring": c.said_in(reader, row.get("bring")),
        "first": first.isoformat(),
        "minutes": row.get("minutes") or 60,
        "every": STEPS[every],
        "times": times if every != "once" else 1,
        "keep_holidays": row.get("holidays") == "keep",
        "remind": list(REMINDERS.get(row.get("remind") or "usual", ())),
        "enrols": "series" if enrols == "series" and times > 1 else "each",
        "drop_in": enrols == "drop_in",
        "trip": bool(row.get("trip")),
        "point": c.said_in(reader, row.get("point")),
        "terms": _terms(row, reader),
    }


def _terms(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What it costs, and whether and how travel is paid back."""
    paid, travel = row.get("travel_paid") or "unsaid", words_in(reader, row, "travel")
    if travel and paid != "yes":
        raise Bad("travel", "travel_paid")
    return {
        "cost": words_in(reader, row, "cost"),
        "travel_paid": paid if paid != "unsaid" else "",
        "travel": travel,
        "transport": bool(row.get("transport")),
    }


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    made = add(doing, entry, organisation_id)
    if made:
        listing = doing.session.get_one(Listing, id_in(made))
        terms = entry["terms"]
        said = [(what, words, language) for what in ("cost", "travel") for language, words in terms[what].items()]
        asked = [("travel_paid", terms["travel_paid"], ""), ("transport", "yes" if terms["transport"] else "", "")]
        for what, value, language in (*said, *asked):
            if value:
                apply_terms(listing, SetTerms(listing.id, what, value, language))
        doing.session.flush()
    return made


def _seen(entry: Entry, reader: Reader) -> Text:
    terms = entry["terms"]
    known = Terms(Words(), Words.of(terms["cost"]), terms["travel_paid"], Words.of(terms["travel"]))
    return lines(seen_as(entry, reader), *trip_lines(entry), *lines_of(known), FETCHED if terms["transport"] else None)


_KIND = one_of("kind", KINDS, example="tutoring", required=True)
_TRIP = yes_no("trip", also=questions.TRIP)
_POINT = Column("point", HEADS["point"], c.words(3, 200))
_COST = Column("cost", HEADS["cost"], c.words(2, 160), example=EXAMPLES["cost"], sets=("cost_language",))
_TRAVEL = Column("travel", HEADS["travel"], c.words(2, 160), example=EXAMPLES["travel"], sets=("travel_language",))

MEETINGS = Kind(
    name="meetings",
    columns=(
        TITLE,
        SUMMARY,
        _KIND,
        SUBJECT,
        TOWN,
        SITE,
        Column("day", HEADS["day"], c.day, required=True, example=verbatim("26.11.2026"), sets=("first",)),
        Column("time", HEADS["time"], c.clock, required=True, example=verbatim("17:00"), sets=("first",)),
        number("minutes", 5, 720, "60"),
        one_of("every", EVERY, example="weekly"),
        number("times", 1, 60, "6"),
        one_of("holidays", questions.HOLIDAYS, example="leave"),
        one_of("booked", ENROLS, also=questions.ENROLS, example="each", sets=("enrols",)),
        number("places", 1, 1000, "10", required=True),
        Column("bring", HEADS["bring"], c.words(2, 300), example=EXAMPLES["bring"]),
        BANDS_COLUMN,
        one_of("remind", questions.OF_A_MEETING, example="usual"),
        _COST,
        one_of("travel_paid", PAID, also=YES_NO, example="yes", sets=("paid",)),
        _TRAVEL,
        yes_no("transport"),
        _TRIP,
        _POINT,
        *in_languages(TITLE, SUMMARY, _COST, _TRAVEL),
    ),
    entry=_meeting,
    key=key,
    there=there,
    add=_add,
    undo=withdraw,
    seen=_seen,
    sight=sight,
    wizards=(Wizard("new", {"what": "series"}), Wizard("new", {"what": "event"}), Wizard("terms")),
)


# ---------------------------------------------------------------- clubs


def _club(row: Mapping[str, Any], reader: Reader) -> Entry:
    return _meeting({**row, "kind": "club"}, reader)


def _add_club(doing: Doing, entry: Entry, organisation_id: int) -> str:
    made = _add(doing, entry, organisation_id)
    done = make_club(doing, MakeClub(id_in(made))) if made else None
    return made if done is not None and done.outcome == "made" else ""


def _undo_club(doing: Doing, made: str) -> bool:
    """False once somebody belongs to it or is booked, and once there is a vote or a box beside it."""
    listing_id = id_in(made)
    listing_changes.locked(doing.session, listing_id)
    beside = (select(Poll.id).where(Poll.listing_id == listing_id), select(Box.id).where(Box.listing_id == listing_id))
    if any(doing.session.scalars(wanted.limit(1)).first() is not None for wanted in beside):
        return False
    return withdraw(doing, made)


CLUBS = replace(
    MEETINGS,
    name="clubs",
    columns=(
        replace(TITLE, example=EXAMPLES["club"]),
        replace(SUMMARY, example=EXAMPLES["about_club"]),
        *(column for column in MEETINGS.columns[2:] if column not in (_KIND, _TRIP, _POINT)),
    ),
    entry=_club,
    add=_add_club,
    undo=_undo_club,
    wizards=(Wizard("new", {"what": "series", "kind": "club"}), Wizard("terms"), Wizard("club_desk")),
    apart={"kind": "every row of it is a club", "proposal": "of people", "decision": "of people"},
)
