"""The days of the week, as they are written out and as they are shortened."""

from __future__ import annotations

from conversations.speech import Text, _

LONG: tuple[Text, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
"""From Monday."""
SHORT: tuple[Text, ...] = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
"""From Monday, shortened."""
