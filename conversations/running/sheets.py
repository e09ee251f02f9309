"""Words of the tables that staff print or hand on: who signs, who came how often, what was done."""

from __future__ import annotations

from conversations.speech import _

HERE = {
    "signatures": _("🖨 Here is the list for signing. Print it, and keep it on paper only as long as it is needed."),
    "trip": _("🖨 Here is the list for the escort. Print it, and keep it on paper only until everybody is home."),
    "travel": _("📄 Here is who came how often, for paying travel back."),
    "log": _("📄 Here is what was done, in counts. No names are in it."),
}
SIGNATURES = _("Signatures")
TRAVEL = _("Travel")
LOG = _("Log")
NUMBER = _("Number")
NAME = _("Name")
SIGNATURE = _("Signature")
WORKS_AT = _("Works at")
TOWN = _("Town")
TIMES = _("Was there")
DAYS = _("On these days")
TITLE = _("What")
WHEN = _("When")
BOOKED = _("Booked")
CAME = _("Came")
COUNTED = _("Counted")
DONE = _("What was done")
TRIP = _("Trip")
LED_BY = _("Escort: {name}")
AGREED = _("Yes to the trip")
YES_BY = {"chat": _("in the chat"), "paper": _("on paper"), "adult": _("of age"), "": _("none yet")}
STAYS = _("does not come along")
FAMILY = _("Family")
BY_CHAT = _("hears by chat")
NOT_BY_CHAT = _("not by chat")
ON_BOARD = _("On the bus")
BACK = _("On the way back")
COUNTED_OUT_AND_BACK = _("Counted at the start: ______   Counted on the way back: ______")
