"""What people are told around sessions, by conversations and by what falls due by itself."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Moment, Text, Words, _, lines

PARTS: Mapping[str, Text] = {"before": _("📖 To read beforehand"), "after": _("🎒 To take along")}

# ---------------------------------------------------------------- leaders

_INSTEAD = _("🧑‍🏫 A small change: {old} cannot come, {new} comes instead.")
_TITLE = _("📌 {title}")
_WHEN = _("🗓 {when}")
_FOR = _("For: {child}")
_STAYS = _("Time and place stay. See you there!")
LEAD_IT = _("🧑‍🏫 This one is yours to lead: {title}, {when}.")
LEAD_NO_MORE = _("🧑‍🏫 Somebody else leads this one now: {title}, {when}. Get well soon, or have a good rest.")


def substitute(title: Words, when: Moment, old: Words, new: Words, child: Text | str) -> Text:
    """Somebody else leads a session than was expected."""
    return lines(
        _INSTEAD.of(old=old, new=new),
        _FOR.of(child=child) if child else None,
        _TITLE.of(title=title),
        _WHEN.of(when=when),
        _STAYS,
    )


# ---------------------------------------------------------------- materials

MATERIALS_BEFORE = _("📖 Something to look at before")
GET_MATERIALS = _("🎒 Take a look")


def take_along(title: Words, child: Text | str) -> Text:
    """There is something to take along from a session."""
    return lines(
        _("🎒 There is something to keep from “{title}”.").of(title=title),
        _FOR.of(child=child) if child else None,
        _("It is in “my bookings” too, under “Earlier”."),
    )


# ---------------------------------------------------------------- feedback

MOODS: Mapping[str, Text] = {"good": _("😊 Good"), "so-so": _("😐 So-so"), "bad": _("🙁 Not good")}
WHICH = _("{title}, {when}")
HOW_WERE_THEY = _("How was it? One tap each, if you like. Nobody sees who said what.")
ADD_WORDS = _("✏️ Add a few words")
THANKS = _("Thank you! It helps to make it better.")
ANSWERED = _("Your answer is here already. Thank you!")
NOT_OPEN = _("This question is over. Thank you anyway!")


def how_was(which: Text) -> Text:
    """The question after one session."""
    return lines(_("How was it? One tap, if you like. Nobody sees who said what."), which)


# ---------------------------------------------------------------- missed

TALK = _("💬 Talk to a person")
WHYS: Mapping[str, Text] = {
    "far": _("🚌 It is too far"),
    "time": _("🕒 Another time is better"),
    "other": _("Something else"),
}
NOTED = _("Thank you for telling us. The team sees it and looks for a way. You are always welcome.")
WHY_GONE = _("This is settled already. You are always welcome.")


def missed(title: Words, child: Text | str) -> Text:
    """Somebody was not there three times in a row: said kindly, with no blame."""
    if child:
        return lines(
            _("🌱 {child} was not at “{title}” for a while. We miss them!").of(child=child, title=title),
            _("Is something in the way? Maybe we can help."),
        )
    return lines(
        _("🌱 We miss you at “{title}”! It is fine, nobody is angry.").of(title=title),
        _("Is something in the way? Maybe we can help."),
    )


# ---------------------------------------------------------------- certificates

GET_IT = _("🎓 Get it")
DRAWING = _("🎓 Your certificate is being made. One moment …")
NOT_DRAWN = _("The certificate could not be made this time. Please try again from “my bookings”.")


def ready(title: Words) -> Text:
    """A certificate has been issued."""
    return lines(
        _("🎓 Well done! There is a certificate for “{title}”.").of(title=title),
        _("First tell us which name should be on it."),
    )


def withdrawn(title: Words, reason: str) -> Text:
    """A certificate was withdrawn."""
    return lines(
        _("The certificate for “{title}” was withdrawn.").of(title=title),
        _("Why: {reason}").of(reason=reason),
        _("Is that wrong? Write “person”, and somebody from the team answers."),
    )
