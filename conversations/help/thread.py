"""A request in words, as those who answer it see it."""

from __future__ import annotations

from conversations.facts.help import Line, Thread, Waiting
from conversations.help.callme import HOURS
from conversations.speech import Text, _, lines, n_, verbatim

_LANGUAGES = {"sr-Cyrl": "Српски", "sr-Latn": "Srpski", "bg": "Български", "en": "English"}
_SENT = {"photo": _("a photo"), "file": _("a file"), "voice": _("a voice note")}
_CONCERNS = {
    "asked": _("The person was asked, and said yes: somebody is hurt or in danger."),
    "quiet": _("The secret word was written."),
    "self_harm": _("Words hinted at self-harm."),
    "overdose": _("Words hinted at an overdose."),
    "medical": _("Words hinted at somebody hurt or ill."),
    "blackmail": _("Words hinted at blackmail with pictures."),
    "bullying": _("Words hinted at bullying."),
    "abuse": _("Words hinted at sexual abuse."),
    "violence": _("Words hinted at violence."),
    "marriage": _("Words hinted at a forced marriage."),
    "trafficking": _("Words hinted at trafficking."),
    "threats": _("Words hinted at threats."),
    "running_away": _("Words hinted at running away."),
    "hunger": _("Words hinted at hunger or having no home."),
}

SOMETHING_NEW = _("There is something new here.")
"""What somebody is sent whose safety is at stake: nothing that a phone on a table should not show."""
SHOW = _("Show it")
WRITE_BACK = _("Write back")
"""The button under an answer."""


def from_team(words: str, *, sent: bool) -> Text:
    """An answer as the person sees it, marked as from the team."""
    heading = _("Our team sends you this:") if sent else _("An answer from our team:")
    return lines(heading, verbatim(words) if words else None)


def who(waiting: Waiting) -> Text:
    """Who asked: what they want to be called, or the number of the request."""
    if waiting.kind == "safety":
        return _("Case {number}").of(number=waiting.request_id)
    if waiting.kind == "place":
        return _("🧹 Place {number}").of(number=waiting.request_id)
    if waiting.called:
        return verbatim(waiting.called)
    return _("Request {number}").of(number=waiting.request_id)


def in_list(waiting: Waiting) -> Text:
    """A request on a card of the inbox, without a word of what was written."""
    if waiting.unseen:
        new = n_("{n} new message since {moment}", "{n} new messages since {moment}").of(
            n=waiting.unseen, moment=waiting.since
        )
    else:
        new = _("nothing new since {moment}").of(moment=waiting.since)
    taken = _("yours") if waiting.mine else _("taken by a colleague") if waiting.taken else _("nobody's yet")
    return lines(
        who(waiting),
        _("{language} · {taken}").of(language=_LANGUAGES.get(waiting.tag, waiting.tag), taken=taken),
        new,
    )


def attached(words: str) -> Text:
    """What stands above something that was sent to the team."""
    return verbatim(words) if words else _("This was sent with it:")


def attached_line(line: Line) -> Text:
    """One message, with when it came and who wrote it."""
    return lines(_told(line), about_line(line))


def about_line(line: Line) -> Text | None:
    """What a message is about, for a line of its own; None for nothing."""
    if line.late is not None:
        when, number = line.late.when, str(line.late.number)
        if line.late.title:
            return _("   about: {title}, {when}, number {number}").of(title=line.late.title, when=when, number=number)
        return _("   about: an appointment, {when}, number {number}").of(when=when, number=number)
    return _("   about: {title}").of(title=line.about) if line.about else None


def words_of(line: Line) -> Text:
    """What a message says, whoever wrote it."""
    said = _("something that is not kept any more")
    if line.call or line.call_off:
        said = _("Please call me.") if line.call else _("No call is needed any more.")
    elif line.late is not None:
        said = _("⏰ I will be late.")
    words = verbatim(line.words) if line.words else _SENT.get(line.sent, said)
    if line.words and line.sent:
        words = _("{words} ({sent})").of(words=line.words, sent=_SENT.get(line.sent, _("a file")))
    return words


def _told(line: Line) -> Text:
    words = words_of(line)
    if line.ours:
        return _("{moment}, we: {words}").of(moment=line.at, words=words)
    return _("{moment}: {words}").of(moment=line.at, words=words)


def concern_of(kind: str) -> Text | None:
    """What the words hinted at, for those who answer."""
    return _CONCERNS.get(kind)


def as_text(thread: Thread) -> Text:
    """The request with its last messages."""
    safety = thread.waiting.kind == "safety"
    parts: list[Text | None] = [who(thread.waiting)]
    if safety:
        parts.append(concern_of(thread.concern))
        parts.append(_("It is a hint, no diagnosis. What was written is not kept.") if not thread.lines else None)
        parts.append(_("The person says that they were misunderstood.") if thread.denied else None)
        parts.append(_("If a child is at risk, the law says whom to tell, and how soon. Never tell the family first."))
    parts.extend(attached_line(line) for line in thread.lines)
    if thread.call is not None:
        parts.append(_("☎️ Call {number}: {hour}").of(number=thread.call.number, hour=HOURS[thread.call.wanted]))
        tried = n_("Nobody answered {n} time.", "Nobody answered {n} times.").of(n=thread.call.tries)
        parts.append(tried if thread.call.tries else None)
    return lines(*parts)
