"""Performing the deed of staff about posters: what is on it is written down now, it is drawn when it is sent."""

from __future__ import annotations

from bot.deeds.people.staff_rights import listing_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BY_TAG
from bot.posters.apart import order
from bot.posters.gathering import NoWay, Over, poster_of
from conversations.deeds.staff import MakePoster
from conversations.speech import Document, Done, Say, Spoken
from conversations.staff.publishing import posters
from models.offers.programme import Town
from models.who.staff import organisations_of

REFUSED = Done("refused")
_MEDIA = {"print": ("pdf", "application/pdf"), "picture": ("png", "image/png")}


def make(doing: Doing, deed: MakePoster) -> Done:
    """Queue the file for whoever asked, where they asked. Staff may have their own listings drawn, and any town."""
    code = _code(doing, deed)
    if code is None or deed.tag not in BY_TAG or deed.form not in _MEDIA:
        return REFUSED
    try:
        poster = poster_of(doing.session, doing.now, doing.rules, code, deed.tag)
    except Over:
        return Done("over")
    except NoWay:
        return Done("no_way")
    if poster is None:
        return Done("over")
    voice = doing.voice
    ending, media_type = _MEDIA[deed.form]
    file = Document(f"putokaz-{code}-{deed.tag}.{ending}", media_type, b"")
    drawn = order(poster, deed.form, voice.speak(posters.SORRY))
    doing.hand(Say(posters.DRAWING))
    doing.hand(Spoken("", voice.tag, document=file), drawn=drawn)
    doing.audit("poster.made", _subject(deed), language=deed.tag, form=deed.form)
    return Done("coming", {"trial": bool(poster.mark)})


def _code(doing: Doing, deed: MakePoster) -> str | None:
    """The public code of what is to be drawn, if the person who acts may have it drawn."""
    if deed.listing_id is not None:
        listing = listing_for(doing, deed.listing_id)
        return listing.code if listing is not None and listing.state != "draft" else None
    if deed.town_id is None or not organisations_of(doing.session, doing.person_id):
        return None
    town = doing.session.get(Town, deed.town_id)
    return town.code if town is not None else None


def _subject(deed: MakePoster) -> str:
    return f"listing:{deed.listing_id}" if deed.listing_id is not None else f"town:{deed.town_id}"


PERFORM: Performers = {MakePoster: make}
