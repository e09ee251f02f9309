"""At booking: whether child care is needed during it, and whether somebody has to be fetched, where staff offer it."""

from __future__ import annotations

from conversations.speech import _
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
