"""What is said at the desk, to staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _, n_

LANGUAGES = {"sr-Cyrl": "српски", "sr-Latn": "srpski", "bg": "български", "en": "English"}
"""Names of languages in themselves, as they stand in the name of a topic."""
MARKS = {"telegram": "Telegram", "viber": "Viber", "webchat": "🌐"}
"""What stands for a channel in the name of a topic."""

# ---------------------------------------------------------------- who may

REFUSED = _("This chat is for the team. If you belong to it, ask a colleague for an invitation.")
NOT_SENT = _("Only colleagues with a role can answer here. This was not sent.")
NOT_YOURS = _("Only colleagues with a role can do this.")
NOT_YOUR_TALK = _("A colleague began this. Write the command yourself to have your own.")
TROUBLE = _("That did not work, and it was noted. Please try it once more.")

# ---------------------------------------------------------------- topics

REQUEST = _("Request {number}")
CASE = _("Case {number}")
HEAD = _("{language} · {channel}")
RULES = _("What is written here goes to the person. Begin with # for a note that stays here.")
MISUNDERSTOOD = _("The person says that they were misunderstood.")
CASE_RULES = _("What the person writes is read in the own chat of who has the case: /cases. Nothing of it stands here.")
NEW_IN_CASE = _("Case {number}: something new. Who has it reads it in their own chat: /cases")
SAID = _("👤 {words}")
SENT = _("👤 This was sent with it:")
TEAM = _("💬 {who}: {words}")
TEAM_SENT = _("💬 {who} sent this:")
TAKEN = _("✋ {who} takes care of this.")
OPEN = _("🕗 Nobody has taken this yet.")
CLOSED = _("☑️ Closed. If the person writes again, a new topic opens.")
ELSEWHERE = _("Another team goes on with this. Nothing more comes here.")
NUDGE = _("⏳ The person waits for an answer since {moment}.")
TAKE = _("I take it")
HAND = _("Hand over")
READY = _("Ready answers")
CLOSE = _("Close")
REOPEN = _("Open again")
WHO_GOES_ON = _("Who goes on with it?")
EVERYBODY = _("Back to everybody")
COLLEAGUE = _("Colleague {number}")
UNREACHABLE = _("This person cannot be reached any more. Nothing was sent.")
LOST = _("That cannot be handed on. Nothing was sent. Words, photos, files and voice notes can.")
GONE = _("This request is closed, or it is not yours to see.")
HERE_IS_CLOSED = _("This request is closed. Nothing was sent. Write /reopen to go on.")
ONE_IS_OPEN = _("The person has written again: go on in the new topic.")
TO_THE_PERSON = _("Here everything goes to the person, and this was not sent. Write commands outside of this topic.")
DONE = _("✅ Done.")
HELP_IN_TOPIC = _(
    "Write, or send a photo or voice note: it goes to the person. # begins a note. "
    "/take, /hand, /answers, /close and /reopen work here."
)

# ---------------------------------------------------------------- ready answers

NO_ANSWERS = _("There are no ready answers yet.")
CHOOSE_ANSWER = _("Which answer shall be sent?")
ANSWER_LINE = _("{language}: {name}: {words}")
HOW_TO_ANSWER = _("To add one, write: /answers sr: name: words. Without words it is removed.")
ANSWER_KEPT = _("✅ The answer “{name}” is kept.")
ANSWER_REMOVED = _("The answer “{name}” is removed.")
TOO_MANY = _("There are too many already. Please remove one first.")

# ---------------------------------------------------------------- cards

NEW_APPLICATION = _("🆕 Application number {number} waits for a decision.")
TITLE = _("📌 {title}")
SENT_AT = _("Sent: {moment}")
ACCEPT = _("✅ Accept")
REFUSE = _("Not this time")
LOOK = _("Look")
SEEN = _("I have seen it")
RESEND = _("Send it again")
ASK = _("Ask whether it came")
LEAVE = _("Leave it")
STOP = _("⏹ Stop it")
REPORT = _("See how it went")
WHEN = _("🗓 {when}")
WAITING = n_("🪑 {n} person waits for a place.", "🪑 {n} people wait for a place.")
WAITING_HINT = _("It is full. Perhaps there can be one more meeting?")
ALREADY = _("{who} has done this already: {what}.")
DECIDED = _("{what} · {who}, {moment}")
OVER = _("This is over already.")
ADMINS = _("Only administrators of the organisation can do this.")
OUTCOMES: Mapping[str, Text] = {
    "accepted": _("✅ accepted"),
    "refused": _("not chosen this time"),
    "seen": _("👀 seen"),
    "resend": _("🔁 sent again"),
    "ask": _("❔ asked"),
    "stopped": _("⏹ stopped"),
    "over": _("☑️ over"),
}
BROADCAST = _("📣 {words}")
GOING = _("📤 It is going out: {sent} of {counted}.")
WENT = _("✅ It went out to {sent} of {counted}.")
STOPPED = _("⏹ It was stopped after {sent} of {counted}.")

# ---------------------------------------------------------------- what the platform does not do

MAYBE_EMPTY = _(
    "❓ It is not known whether the topic of request {number} was made. If there is an empty one with #{number} in "
    "its name, please delete it. Another one comes in a moment."
)
NOT_CHANGED = _("⚠️ Telegram does not let me change the topic of request {number}.")
REFUSED_TO: Mapping[str, Text] = {
    "delete": _("🗑 Telegram does not let me delete the topic of request {number}. Please delete it here by hand."),
    "open": _(
        "⚠️ Telegram does not let me make a topic for request {number}. Please answer it in the public bot: /inbox"
    ),
}

# ---------------------------------------------------------------- the language of a group

WHICH_LANGUAGE = _("In which language shall I write in this group?")
FROM_NOW_ON = _("✅ In this group I write like this from now on.")

# ---------------------------------------------------------------- files and help

WHICH_LIST = _("Which list, or which picture?")
WHO_COMES = _("👥 {title}, {when}")
WHO_APPLIED = _("🙋 {title}")
PLOT_REGISTRATIONS = _("📈 Registrations")
PLOT_ATTENDANCE = _("📊 Attendance")
REGISTRATIONS = _("Registrations by week")
ATTENDANCE = _("Attendance by week")
COMING = _("Here it is:")
SORRY = _("The file could not be made. Please ask once more.")
NUMBER = _("Number")
NAME = _("Called")
STATE = _("State")
ANSWERED = _("Says")
SINCE = _("Since")
STATES: Mapping[str, Text] = {
    "booked": _("has a place"),
    "offered": _("a place is held"),
    "waiting": _("waits"),
    "registered": _("no decision yet"),
    "accepted": _("accepted"),
    "refused": _("not chosen this time"),
}
ATTENDS: Mapping[str, Text] = {
    "coming": _("comes"),
    "excused": _("excused"),
    "present": _("was there"),
    "absent": _("was not there"),
}
"""What is known of somebody at a meeting."""
WEEK = _("Week of")
WERE_THERE = _("Were there")
WERE_NOT = _("Were not there")
HELP = _(
    "Each request has a topic: what is written there goes to the person. Cards show what waits for a decision. "
    "/today, /new, /listings, /people, /broadcast and /interested work here. /lists makes files, /answers shows "
    "the ready answers."
)
COMMANDS: Mapping[str, Text] = {
    "lists": _("lists and pictures as files"),
    "answers": _("the ready answers"),
    "language": _("the language of this group"),
    "help": _("what works here"),
}
TOPIC_COMMANDS: Mapping[str, Text] = {
    "take": _("in a topic: I take it"),
    "hand": _("in a topic: hand over"),
    "close": _("in a topic: close it"),
    "reopen": _("in a topic: open it again"),
}
