"""A paper to be printed: sent as a file or a photo, or brought on a USB stick; and what is in the queue already."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls import whom
from conversations.deeds.resources import SendPaper, TakePaperBack
from conversations.facts.resources import Paper
from conversations.resources.seat import listing_of
from conversations.script import Conversation
from conversations.speech import Button, NotUnderstood, Say, Text, Words, _, lines, n_
from conversations.standing import StandingAction
from conversations.steps import Attach, Choose, Confirm, Do, End, Here, Json, Open, Tell, Write

PAGES_MOST = 500
COLLECT = _("🖨 Printed: collect it with number {number}.")
TAKE_BACK = _("Do not print it")
AGAIN = _("🖨 Printing")
_TOO_LATE = _("It is not waiting any more.")
_REASONS: Mapping[str, Text] = {
    "pages": _("It has too many pages for one time. Please send a part of it, or ask a person."),
    "unreadable": _("The file does not open here. Please send it as PDF, or come by with it."),
    "unsuitable": _("This is not something that we print. Ask a person if that is not clear."),
    "broken": _("The printer does not work right now. Please send it again in a few days."),
}
"""Why a paper is not printed, as the person reads it."""
NOT_PRINTED: Mapping[str, Text] = {
    "pages": _("Too many pages"),
    "unreadable": _("It does not open"),
    "unsuitable": _("It is nothing for us to print"),
    "broken": _("The printer is broken"),
}
"""The same as staff choose it."""


def printed(number: int, place: Words, *, kept: bool) -> Text:
    """It can be collected. `kept`: a file of theirs was here, and is not any more."""
    return lines(
        COLLECT.of(number=str(number)),
        _("📍 {place}").of(place=place) if place else None,
        _("The file has been deleted here.") if kept else None,
    )


def refused(number: int, reason: str) -> Text:
    """It was not printed, and why."""
    return lines(_("Number {number} was not printed.").of(number=str(number)), _REASONS[reason])


def will_be_deleted(number: int, *, kept: bool) -> Text:
    """Nobody has printed it, and its time is nearly over. `kept`: a file of theirs is here."""
    return lines(
        _("Number {number} is still not printed. We are sorry.").of(number=str(number)),
        _("Tomorrow the file is deleted. Please ask a person, or send it again.")
        if kept
        else _("Its number is good until tomorrow. Please ask a person."),
    )


def taken_back(*, kept: bool) -> Text:
    """It is not printed after all. `kept`: a file of theirs was here."""
    return _("All right, it is not printed. The file is deleted.") if kept else _("All right, it is not printed.")


def deleted(number: int, *, kept: bool) -> Text:
    """Nobody has printed it, and it is gone. `kept`: a file of theirs was here."""
    if not kept:
        return _("Number {number} was not printed in time. It can be asked for again.").of(number=str(number))
    return _("Number {number} was not printed in time. The file is deleted; it can be sent again.").of(
        number=str(number)
    )


def pages(count: int | None) -> Text:
    """How many pages, or that nobody knows yet."""
    return n_("{n} page", "{n} pages").of(n=count) if count else _("pages not counted yet")


def _line(paper: Paper) -> Text:
    if paper.state == "printed":
        return COLLECT.of(number=str(paper.number))
    return _("⏳ Number {number}: waits, {pages}").of(number=str(paper.number), pages=pages(paper.pages))


def _sure(here: Here) -> Text:
    on_a_stick = any(str(one.job_id) == here.get("which") and one.kind == "stick" for one in _waiting(here))
    return _("Take it back?") if on_a_stick else _("Take it back? The file is deleted.")


def _left(here: Here) -> int:
    return here.facts.resources.pages_left(listing_of(here))


def _waiting(here: Here) -> tuple[Paper, ...]:
    return tuple(one for one in here.facts.resources.papers() if one.state == "waiting")


def _ask(here: Here) -> Text:
    room = here.facts.resources.room(listing_of(here))
    return lines(
        *(_line(paper) for paper in here.facts.resources.papers()),
        n_("This week you can have {n} more page printed.", "This week you can have {n} more pages printed.").of(
            n=_left(here)
        ),
        _("📍 {place}").of(place=room.place) if room and room.place else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    ways: dict[str, Text] = {}
    if _left(here):
        ways = {"file": _("📎 Send the file here"), "stick": _("💾 I bring it on a USB stick")}
    if _waiting(here):
        ways["back"] = _("🗑 Take one back")
    return {**ways, "leave": _("Not now")}


def _not_here(here: Here) -> bool:
    room = here.facts.resources.room(listing_of(here))
    return room is None or not room.open or not room.week_pages


def _may_not(here: Here) -> bool:
    return not here.facts.me.may_book


def _count(typed: str, _here: Here) -> Json:
    digits = "".join(c for c in typed if c.isdigit())
    if not digits.isascii() or not digits or len(digits) > 3 or not 1 <= int(digits) <= PAGES_MOST:
        raise NotUnderstood(_("Please write how many pages it has, for example: 4"))
    return int(digits)


def _file(here: Here) -> SendPaper:
    return SendPaper(listing_of(here), str((here["file"] or {}).get("attachment") or ""))


def _sent(here: Here) -> Say:
    done = here["send"]
    number = str(done["number"])
    stick = here.get("way") == "stick"
    text = lines(
        _("✅ It is in the queue: number {number}, {pages}.").of(number=number, pages=pages(done["pages"])),
        _("Come by with the stick and say this number.") if stick else _("We write here when it is printed."),
        None if stick else _("The file is deleted as soon as it is printed, at the latest after 7 days."),
    )
    return Say(text, (Button(TAKE_BACK, done["back"]),))


def _quota(here: Here) -> Text:
    return lines(
        n_(
            "That is more than the {n} page that is left this week.",
            "That is more than the {n} pages that are left this week.",
        ).of(n=here["send"]["left"]),
        _("Send a shorter part, or the rest next week."),
    )


printing = Conversation(
    name="printing",
    title=_("Printing"),
    steps=(
        Tell(name="not_here", text=_("Nothing is printed there right now."), when=_not_here, otherwise="end"),
        Choose(
            name="consent",
            question=whom.asks_consent,
            choices=whom.consent_choices,
            when=_may_not,
            goto={
                "guardian": Open(
                    "ask_guardian", lambda here: {"ask": "make", "listing": listing_of(here)}, instead=True
                ),
                "own": Open("ask_guardian"),
                "children": Open("children"),
                "go": "way",
                "later": "end",
            },
        ),
        Choose(
            name="way",
            question=_ask,
            choices=_ways,
            goto={"file": "file", "stick": "pages", "back": "which", "leave": "end"},
        ),
        Attach(
            name="file",
            question=_("Send the paper now: a PDF, a Word file (.docx) or a photo, up to 5 MB."),
            kinds=("file", "photo"),
            otherwise="send",
        ),
        Write(
            name="pages",
            question=_("How many pages does it have, about?"),
            check=_count,
            otherwise="send_stick",
        ),
        Do(
            name="send",
            does=SendPaper,
            deed=_file,
            goto={
                "waiting": "sent",
                "quota": "quota",
                "many": "many",
                "lost": "lost",
                "type": "type",
                "large": "large",
                "locked": "locked",
                "closed": "not_any_more",
                "consent": "denied",
                "denied": "denied",
            },
        ),
        Do(
            name="send_stick",
            does=SendPaper,
            deed=lambda here: SendPaper(listing_of(here), "", int(here["pages"])),
            goto={"waiting": "sent_stick", "quota": "quota_stick", "many": "many", "closed": "not_any_more"},
            otherwise="denied",
        ),
        Tell(name="quota", text=_quota, otherwise="way"),
        Tell(
            name="quota_stick",
            text=lambda here: _quota(Here(here.facts, {**here.answers, "send": here["send_stick"]})),
            otherwise="way",
        ),
        Tell(
            name="many", text=_("There are ten papers in the queue already. Let us print those first."), otherwise="way"
        ),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="file"),
        Tell(
            name="type",
            text=_("I cannot print that kind of file. PDF, Word (.docx, without macros) or a photo works."),
            otherwise="file",
        ),
        Tell(
            name="large",
            text=_("That file is too large for me. Up to 5 MB works; or bring it on a USB stick."),
            otherwise="way",
        ),
        Tell(
            name="locked",
            text=_("This PDF is locked with a password. Please save it without one, or bring it on a USB stick."),
            otherwise="way",
        ),
        Choose(
            name="which",
            question=_("Which one should not be printed?"),
            choices=lambda here: {str(one.job_id): _line(one) for one in _waiting(here)} or {"none": _("None")},
            goto={},
            otherwise="sure",
        ),
        Confirm(name="sure", question=_sure, goto={"no": "way"}),
        Do(
            name="take",
            does=TakePaperBack,
            deed=lambda here: TakePaperBack(int(here["which"]) if str(here["which"]).isdigit() else 0),
            goto={"taken": "taken", "gone": "not_waiting"},
        ),
        Tell(name="taken", text=lambda here: taken_back(kept=here["take"]["kept"]), otherwise="way"),
        Tell(name="not_waiting", text=_TOO_LATE, otherwise="way"),
        End(name="sent", text=_sent, then=Open("menu")),
        End(
            name="sent_stick",
            text=lambda here: _sent(Here(here.facts, {**here.answers, "send": here["send_stick"]})),
            then=Open("menu"),
        ),
        End(name="not_any_more", text=_("Nothing is printed there right now.")),
        End(name="denied", text=_("Before that, a yes for taking part is needed. It can be given in “my data”.")),
        End(name="end", text=_("All right.")),
    ),
)

STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="no_print",
        does=TakePaperBack,
        deed=lambda about: TakePaperBack(int(about["job"])),
        says={"taken": lambda details: taken_back(kept=details["kept"]), "gone": _TOO_LATE},
    ),
    StandingAction(name="see_printing", opens="printing"),
)
