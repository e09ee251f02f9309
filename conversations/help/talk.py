"""Talk to a person: what is written or said here goes to the team, and their answer comes back here."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.help import SendRequest
from conversations.help.numbers import when_read
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines
from conversations.steps import Attach, Choose, Confirm, Do, End, Here, Json, Open

WORDS_MOST = 1000
"""The longest message to the team, in characters."""


def words_for_team(words: str, _here: Here) -> Json:
    """What was written, as it goes to a person."""
    words = words.strip()
    if not words:
        raise NotUnderstood(_("Please write a few words, or send a voice note."))
    return words[:WORDS_MOST]


def _about(here: Here) -> str:
    return str(here.get("about") or "")


def _first(here: Here) -> Text:
    if here.get("answering"):
        return _("Write your answer, or send a voice note or a photo.")
    title = here.facts.campaigns.about(_about(here)) if _about(here) else None
    if title:
        return lines(_("It is about: {title}").of(title=title), _ask_first(here))
    return _ask_first(here)


def _ask_first(here: Here) -> Text:
    ask = _("Write what you need, or send a voice note or a photo. A person from our team reads it.")
    if here.facts.help.waits():
        return lines(_("Your earlier message is with our team. You can add to it."), ask)
    return lines(ask, when_read(here.facts.help.readers()))


def _meeting(here: Here) -> Mapping[str, Text]:
    """The way to somebody to talk to face to face, where there is one near."""
    near = here.facts.me.welcomed and not here.get("answering") and bool(here.facts.appointments.talks())
    return {"meet": _("🗣 I want to talk, face to face")} if near else {}


def _printers(here: Here) -> Mapping[str, Text]:
    """Where what was sent unasked can be printed: for each place the button that leads there."""
    if not here.facts.me.welcomed or (here.get("sent") or {}).get("kind") not in ("file", "photo"):
        return {}
    return {str(key): _("🖨 Have it printed: {title}").of(title=name) for key, name in here.facts.resources.printers()}


def _printing(here: Here) -> dict[str, Json]:
    return {"listing": int(here["what"]), "way": "file", "file": here["sent"]}


def _more(here: Here) -> Text:
    match (here.get("request") or {}).get("outcome"):
        case "added":
            return _("Our team has this too. You can write more here.")
        case "lost":
            return _("That did not arrive in one piece. Please send it once more, or write it.")
        case "nobody":
            return lines(
                _("Your message is safe here, but nobody from our team has started yet."),
                _("If it cannot wait, call: write “sos” for the numbers."),
            )
        case _:
            return lines(
                _("Your message is with our team."),
                when_read(here.facts.help.readers()),
                _("You can write more here."),
            )


def _send(here: Here) -> SendRequest:
    for step in ("more", "message", "sent"):
        if step in here.answers:
            sent = here[step] or {}
            return SendRequest(str(sent.get("text") or ""), str(sent.get("attachment") or ""), _about(here))
    return SendRequest()


talk = Conversation(
    name="talk",
    title=_("Talk to a person"),
    word="person",
    command="person",
    about=_("write to somebody from our team"),
    open_to_all=True,
    steps=(
        Choose(
            name="what",
            question=_("What shall I do with this?"),
            choices=lambda here: {
                **_printers(here),
                "team": _("💬 Send it to our team"),
                "nothing": _("Nothing"),
            },
            goto={"team": "request", "nothing": "kept"},
            otherwise=Open("printing", _printing, instead=True),
            when=lambda here: bool(_printers(here)),
        ),
        Confirm(
            name="shall",
            question=_("Shall I send this to a person from our team?"),
            when=lambda here: "sent" in here.answers and "what" not in here.answers,
            yes=_("Yes, send it"),
            no=_("No, do not send"),
            goto={"yes": "request", "no": "kept"},
        ),
        Attach(
            name="message",
            question=_first,
            kinds=("voice", "photo", "file"),
            check=words_for_team,
            choices=_meeting,
            goto={"meet": Open("appointment")},
        ),
        Do(
            name="request",
            does=SendRequest,
            deed=_send,
            goto={"sent": "more", "added": "more", "nobody": "more", "lost": "more", "nothing": "end"},
        ),
        Attach(
            name="more",
            question=_more,
            kinds=("voice", "photo", "file"),
            check=words_for_team,
            skip=_("That is all"),
            otherwise="request",
        ),
        End(name="kept", text=_("All right, nothing was sent.")),
        End(name="end", text=_("All right. You will see the answer here.")),
    ),
)
