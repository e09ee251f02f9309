"""What members of the team are told without having asked: never a name, never a word of anybody's."""

from __future__ import annotations

from conversations.speech import _, n_

WAITS = _("Somebody wrote to our team and waits for an answer.")
MANY = n_("{n} person waits for an answer from our team.", "{n} people wait for an answer from our team.")
CASE = _("Case {number} needs you.")
CASE_WAITS = _("Case {number} still waits. Nobody has taken it yet.")
HANDED = _("A request was handed to you.")
OPEN = _("Open")
INBOX = _("Open the inbox")
HOTLINES = n_(
    "{n} number on the emergency cards should be checked. Please call it or look it up.",
    "{n} numbers on the emergency cards should be checked. Please call them or look them up.",
)
CHECK = _("Check the numbers")
