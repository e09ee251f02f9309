"""What members of the team are told without having asked: never a name, never a word of anybody's."""

from __future__ import annotations

from conversations.speech import _, n_

WAITS = _("Somebody wrote to our team and waits for an answer.")
MANY = n_("{n} person waits for an answer from our team.", "{n} people wait for an answer from our team.")
CASE = _("Case {number} needs you.")
CASE_WAITS = _("Case {number} still waits. Nobody has taken it yet.")
CASE_HANDED = _("Case {number} was handed to you.")
HANDED = _("A request was handed to you.")
OPEN = _("Open")
INBOX = _("Open the inbox")
HOTLINES = n_(
    "{n} number on the emergency cards should be checked. Please call it or look it up.",
    "{n} numbers on the emergency cards should be checked. Please call them or look them up.",
)
CHECK = _("Check the numbers")
ANSWER_RUNS_OUT = _("📖 Until {day} this answer is shown: “{question}”. Is it still true?")
ANSWER_HIDDEN = _("⛔ This answer is hidden since {day}: “{question}”. Is it still true?")
ANSWERS_RUN_OUT = n_(
    "📖 {n} answer runs out soon ({hidden} hidden already). Please check whether it is still true.",
    "📖 {n} answers run out soon ({hidden} hidden already). Please check whether they are still true.",
)
CHECK_ANSWERS = _("Check the answers")
LOOK_AT_ANSWER = _("Look at it")
