"""Certificates as people see them: where one is checked, and what is drawn on its sheet."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.language.tongue import Speaker, tongue
from bot.lines.ways import is_local
from bot.posters import certificate_words as words
from bot.posters.diploma import Diploma
from bot.telling import Rules
from conversations.speech import Moment, Words, n_
from models.lessons.certificate import Certificate
from models.offers.listing import Listing
from models.offers.programme import Organisation, Town

PATH = "c/"
HOURS = n_("{n} hour", "{n} hours")
MINUTES = n_("{n} minute", "{n} minutes")


def link(rules: Rules, code: str) -> str:
    """Where anybody can check a certificate."""
    return f"{rules.landing.removesuffix('go/')}{PATH}{code}"


def zone_of(session: Session, listing: Listing, rules: Rules) -> str:
    """The zone in which its days are told."""
    town = session.get(Town, listing.town_id) if listing.town_id is not None else None
    return town.zone if town is not None else rules.zone


def length(minutes: int, voice: Speaker) -> str:
    """How long it was, in hours; in minutes below one and a half."""
    return voice.speak(HOURS.of(n=round(minutes / 60)) if minutes >= 90 else MINUTES.of(n=minutes))


def days(row: Certificate, zone: str, voice: Speaker) -> str:
    """When it was: a day, or from the first to the last."""
    first = Moment(row.first_at, zone, "date")
    last = Moment(row.last_at, zone, "date")
    if voice.value(first) == voice.value(last):
        return voice.speak(words.DAY.of(day=first, year=row.first_at.year))
    return voice.speak(words.DAYS.of(first=first, last=last, year=row.last_at.year))


def order(session: Session, rules: Rules, row: Certificate, tag: str, sorry: str) -> dict[str, Any]:
    """What is stored with a message whose certificate is drawn when it is sent."""
    voice = tongue(tag)
    listing = session.get_one(Listing, row.listing_id)
    organisation = session.get_one(Organisation, listing.organisation_id)
    zone = zone_of(session, listing, rules)
    url = link(rules, row.code)
    issued = voice.speak(words.DAY.of(day=Moment(row.issued_at, zone, "date"), year=row.issued_at.year))
    facts = (
        (voice.speak(words.LENGTH), length(row.minutes, voice)),
        (voice.speak(words.WHEN), days(row, zone, voice)),
        (voice.speak(words.BY), voice.words(Words.of(organisation.name))),
        (voice.speak(words.NUMBER), str(row.number)),
        (voice.speak(words.ISSUED), issued),
    )
    diploma = Diploma(
        house=voice.speak(words.HOUSE),
        heading=voice.speak(words.HEADING),
        lead=voice.speak(words.LEAD),
        name=row.name,
        title=voice.words(Words.of(row.title)),
        facts=facts,
        check=voice.speak(words.CHECK),
        url=url,
        signature=voice.speak(words.SIGNATURE),
        mark=voice.speak(words.TRIAL) if is_local(url) else "",
    )
    return {"form": "certificate", "certificate": diploma.to_json(), "sorry": sorry}
