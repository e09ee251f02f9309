"""What staff are told about the conditions of their listings: somebody asks, a group is big enough or too small."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Moment, Text, Words, _, lines, n_

ASKED = _("🔎 Somebody asks whether they can take part in “{title}”.")
DECIDE = _("See who, and decide")
REACHED = n_(
    "👥 “{title}”: {n} enrolled. That is enough, it takes place.",
    "👥 “{title}”: {n} enrolled. That is enough, it takes place.",
)
DROP_IN = _("🚪 Drop-in: nothing is booked.")
COUNTED = n_("🔢 {n} person was counted", "🔢 {n} people were counted")
ANYWAY = _("✅ It takes place anyway")
CANCEL_GROUP = _("❌ Cancel it")
_SMALL = n_("👥 “{title}”: {least} needed, {n} enrolled.", "👥 “{title}”: {least} needed, {n} enrolled.")

REASONS: Mapping[str, Text] = {
    "mistake": _("It was a mistake of ours"),
    "agreed": _("Agreed with those who wait"),
    "siblings": _("Brothers and sisters together"),
    "need": _("Special need (not told)"),
    "other": _("Another reason (not told)"),
}
"""Why somebody is moved in a line, as staff choose it."""
TOLD: Mapping[str, Text] = {
    "mistake": _("We had made a mistake, and have put it right."),
    "agreed": _("It was agreed with those who wait."),
    "siblings": _("So that brothers and sisters come together."),
}
"""What the person moved reads of it; of other reasons nothing."""


def too_small(title: Words, when: Moment, enrolled: int, least: int) -> Text:
    """A group that is too small begins soon: staff decide."""
    return lines(
        _SMALL.of(title=title, least=least, n=enrolled),
        _("It begins: {when}").of(when=when),
        _("What shall we do?"),
    )
