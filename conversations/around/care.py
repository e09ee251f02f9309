"""At booking: whether child care is needed during it, and whether somebody has to be fetched, where staff offer it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.offers import SetNeed
from conversations.facts.offers import Mine
from conversations.speech import Text, _
from conversations.steps import Choose, Here


def _asked(here: Here) -> bool:
    return here.facts.around.asks_care(int(here.get("listing") or 0))


def _fetches(here: Here) -> bool:
    return here.facts.lessons.terms(int(here.get("listing") or 0)).transport


TRANSPORT = Choose(
    name="transport",
    question=_("We can fetch whoever has no way to come. Is that needed?"),
    choices={"yes": _("🚐 Yes, please fetch us"), "no": _("No, thank you")},
    when=_fetches,
)

CARE = Choose(
    name="care",
    question=_("There is child care meanwhile. Is it needed?"),
    choices={"yes": _("🧸 Yes, please"), "no": _("No, thank you")},
    when=_asked,
)

_NEEDED = (_("🧸 Child care is needed"), _("🚐 Please fetch us"))
_NOT_NEEDED = (_("🧸 No child care needed"), _("🚐 No need to fetch us"))


def noted(mine: Mine) -> tuple[Text | None, ...]:
    """What was said at booking, so that whoever said it sees that it is known."""
    return (
        _("🧸 Child care: noted") if mine.care else None,
        _("🚐 Being fetched: noted") if mine.transport else None,
    )


def changes(mine: Mine) -> Mapping[str, Text]:
    """What can be said otherwise now, by what it is about."""
    said = (("care", mine.care), ("transport", mine.transport))
    return {
        what: (_NOT_NEEDED if needed else _NEEDED)[place]
        for place, (what, needed) in enumerate(said)
        if needed is not None
    }


def otherwise(mine: Mine | None, what: str) -> SetNeed:
    """The deed that turns one of them round."""
    needed = (mine.care if what == "care" else mine.transport) if mine is not None else True
    return SetNeed(mine.booking_id if mine is not None else 0, what, not needed)
