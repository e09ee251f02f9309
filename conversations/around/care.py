"""At booking: whether child care is needed during it, where staff offer it."""

from __future__ import annotations

from conversations.script import Choose, Here
from conversations.speech import _


def _asked(here: Here) -> bool:
    return here.facts.around.asks_care(int(here.get("listing") or 0))


CARE = Choose(
    name="care",
    question=_("Somebody looks after children meanwhile. Is that needed?"),
    choices={"yes": _("🧸 Yes, please"), "no": _("No, thank you")},
    when=_asked,
)
