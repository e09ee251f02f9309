"""Performing the deed of staff about what an offer costs and asks: price, travel, transport, exam, tools."""

from __future__ import annotations

from bot.deeds.people.staff_rights import listing_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BASES
from bot.searching.search import index_listing
from conversations.deeds.lessons import SetTerms
from conversations.outings.words import TOOLS
from conversations.speech import Done
from models.offers.listing import Listing

REFUSED = Done("refused")
WORDS_MOST = 160
NEEDED_MOST = 1000


def set_terms(doing: Doing, deed: SetTerms) -> Done:
    """Set one of it. Words are in one language; others stay."""
    listing = listing_for(doing, deed.listing)
    if listing is None or not apply_terms(listing, deed):
        return REFUSED
    doing.session.flush()
    index_listing(doing.session, listing.id)
    doing.audit("listing.terms", f"listing:{listing.id}", what=deed.what)
    return Done("saved")


def apply_terms(listing: Listing, deed: SetTerms) -> bool:
    """Write one of it into the listing; False where there is no such thing to set."""
    value = deed.value.strip()[:WORDS_MOST]
    tool = deed.what.removeprefix("tool:")
    if deed.what in ("cost", "travel") and deed.language in BASES:
        known = {
            language: words for language, words in getattr(listing, deed.what).items() if language != deed.language
        }
        setattr(listing, deed.what, {**known, **({deed.language: value} if value else {})})
    elif deed.what == "travel_paid" and value in ("yes", "no", ""):
        listing.travel_paid = value
    elif deed.what in ("transport", "exam_needed"):
        setattr(listing, deed.what, value == "yes")
    elif deed.what != tool and tool in TOOLS and value.isascii() and value.isdigit() and int(value) <= NEEDED_MOST:
        known = {word: n for word, n in listing.tools_needed.items() if word != tool}
        listing.tools_needed = {**known, **({tool: int(value)} if int(value) else {})}
    else:
        return False
    return True


PERFORM: Performers = {SetTerms: set_terms}
