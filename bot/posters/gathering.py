"""From a listing or a town to the words of its poster, in one language."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.language.tongue import Speaker, tongue
from bot.lines.ways import WEB, Way, WaysIn, as_typed, ways_in
from bot.offering.in_public import PublicListing, PublicTown, listing_in_public, town_in_public
from bot.posters import words
from bot.posters.poster import Code, Line, Poster
from bot.telling import Rules
from conversations.offers.words import BANDS, kind_name
from conversations.speech import Joined, Moment, said

TOWNS, ON_CARD = 12, 5
"""The most towns that are named on a wall, and on a card."""


class Over(Exception):
    """The listing takes nobody any more: there is nothing to hang up."""


class NoWay(Exception):
    """Nothing is set up that a code could lead to."""


def poster_of(session: Session, now: datetime, rules: Rules, code: str, tag: str) -> Poster | None:
    """The poster of a listing or, by its code, of a town; None for a code of neither.

    Raises Over for a listing that takes nobody any more and NoWay where no code could lead anywhere.
    """
    listing = listing_in_public(session, now, code, rules.zone)
    town = None if listing is not None else town_in_public(session, code)
    if listing is None and town is None:
        return None
    if listing is not None and listing.over:
        raise Over(code)
    ways = ways_in(rules, code)
    if ways.main is None:
        raise NoWay(code)
    voice = tongue(tag)
    if listing is not None:
        return _of_listing(listing, voice, ways, ways.main)
    return _of_town(town, voice, ways, ways.main) if town is not None else None


def _of_listing(listing: PublicListing, voice: Speaker, ways: WaysIn, main: Way) -> Poster:
    several = len(listing.towns) > 1
    when = [_upper(voice.value(date)) for date in listing.dates]
    if several:
        when = [
            voice.speak(words.DATE_IN.of(when=date, town=town))
            for date, town in zip(when, listing.dated_in, strict=True)
        ]
    if listing.until is not None:
        when = [voice.speak(words.UNTIL.of(when=listing.until))]
    more = [voice.speak(words.MORE_DATES.of(n=listing.more))] if listing.more else []
    place = _in_towns(listing, voice, TOWNS) if several else voice.words(listing.place)
    facts = [Line("calendar", "\n".join([*when, *more]))] if when else []
    if place:
        facts.append(Line("pin", place))
    if 0 < len(listing.bands) < len(BANDS):
        ages = Joined(tuple(BANDS[band] for band in BANDS if band in listing.bands), "or")
        facts.append(Line("people", voice.speak(words.AGES.of(bands=ages))))
    organisation = voice.words(listing.organisation)
    if organisation:
        facts.append(Line("house", voice.speak(words.HELD_BY.of(organisation=organisation))))
    soonest = _soonest(listing, voice)
    return _made(
        voice,
        ways,
        main,
        title=voice.words(listing.title),
        facts=tuple(facts),
        on_card=tuple(line for line in (soonest, _in_towns(listing, voice, ON_CARD) if several else place) if line),
        note=voice.speak(words.INVENTED) if listing.invented else "",
    )


def _in_towns(listing: PublicListing, voice: Speaker, most: int) -> str:
    """The towns in which something is given; of very many the nearest ones, and how many more there are."""
    named = listing.towns if len(listing.towns) <= most else listing.towns[: most - 1]
    towns = voice.value(Joined(named, "commas"))
    more = len(listing.towns) - len(named)
    return voice.speak(words.MORE_TOWNS.of(towns=towns, n=more)) if more else towns


def _soonest(listing: PublicListing, voice: Speaker) -> str:
    if listing.until is not None:
        return voice.speak(words.UNTIL.of(when=Moment(listing.until.at, listing.until.zone, "date")))
    return _upper(voice.value(listing.dates[0])) if listing.dates else ""


def _of_town(town: PublicTown, voice: Speaker, ways: WaysIn, main: Way) -> Poster:
    kinds = tuple(Line("star", voice.speak(kind_name(kind))) for kind in town.kinds)
    return _made(
        voice,
        ways,
        main,
        title=voice.speak(said(town.name)),
        lead=voice.speak(words.IN_TOWN),
        facts=(*kinds, Line("calendar", voice.speak(words.WHEN_IN_TOWN))),
        on_card=(voice.speak(words.IN_TOWN), *(kind.text for kind in kinds[:3])),
    )


def _made(
    voice: Speaker,
    ways: WaysIn,
    main: Way,
    *,
    title: str,
    facts: tuple[Line, ...],
    on_card: tuple[str, ...],
    lead: str = "",
    note: str = "",
) -> Poster:
    return Poster(
        language=voice.tag,
        house=voice.speak(words.HOUSE),
        free=voice.speak(words.FREE),
        title=title,
        lead=lead,
        facts=facts,
        on_card=on_card,
        main=Code(main.url, voice.speak(words.SCAN)),
        codes=tuple(Code(way.url, _named(way, voice)) for way in ways.others),
        type_it=voice.speak(words.TYPE),
        typed=as_typed(main.url),
        contact=voice.speak(words.CONTACT),
        note=note,
        mark=voice.speak(words.TRIAL) if ways.trial else "",
    )


def _named(way: Way, voice: Speaker) -> str:
    return voice.speak(words.NO_APP) if way.name == WEB else way.name


def _upper(words_: str) -> str:
    return words_[:1].upper() + words_[1:]
