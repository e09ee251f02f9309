"""What stands on posters and cards besides the words of staff. In the catalogues as `posters`."""

from __future__ import annotations

from conversations.speech import _, n_

FREE = _("Free")
SCAN = _("Point the phone's camera here")
TYPE = _("Or type:")
NO_APP = _("Without an app")
"""Below the code of the web chat."""
HOUSE = _("Putokaz")
MORE_DATES = n_("and {n} more time", "and {n} more times")
DATE_IN = _("{when}, {town}")
"""A date of what is given in several towns."""
MORE_TOWNS = n_("{towns} and {n} more town", "{towns} and {n} more towns")
UNTIL = _("Apply until {when}")
AGES = _("For ages: {bands}")
HELD_BY = _("Held by: {organisation}")
CONTACT = _("Questions? Write “person” in the chat. Somebody from the team answers.")
INVENTED = _("(The dates are an invented example.)")
TRIAL = _("Only a trial, not for the wall")
IN_TOWN = _("What is on here?")
"""Below the name of a town."""
WHEN_IN_TOWN = _("Days and times are in the chat.")
