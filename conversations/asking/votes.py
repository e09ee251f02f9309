"""Votes for staff: a new one, how they stand, end one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.asking.vote import card
from conversations.deeds.asking import ClosePoll, OpenPoll
from conversations.facts.asking import PollCard
from conversations.script import Conversation
from conversations.speech import Moment, NotUnderstood, Text, _, lines, n_, verbatim
from conversations.staff import fields, usual
from conversations.steps import (
    Browse,
    Choose,
    ChooseMany,
    Confirm,
    Do,
    End,
    Here,
    Item,
    Json,
    Open,
    Page,
    Step,
    Tell,
    Write,
)

OPTIONS_MOST, OPTION_MOST = 20, 60
WHO: Mapping[str, Text] = {"members": _("🤝 Members of the club"), "all": _("👋 Everybody who has the code")}
SHOWS: Mapping[str, Text] = {"voted": _("After their vote"), "end": _("At the end")}


def parts_of(typed: str) -> list[str]:
    """What stands between semicolons or on lines of its own, else between commas; nothing twice."""
    parts = [part.strip() for part in typed.replace(";", "\n").split("\n")]
    if len(parts) == 1:
        parts = [part.strip() for part in typed.split(",")]
    return list(dict.fromkeys(part for part in parts if part))


def _options(typed: str, here: Here) -> Json:
    kept = parts_of(typed)
    least = 0 if here.get("proposed") else 2
    if not least <= len(kept) <= OPTIONS_MOST or any(len(part) > OPTION_MOST for part in kept):
        raise NotUnderstood(
            _("Please write 2 to {n} things to choose from, with commas between them.").of(n=OPTIONS_MOST)
        )
    return kept


def _dates(typed: str, here: Here) -> Json:
    """Several moments, each as day and time."""
    found = [here.facts.staff.read_when(part, fields.town_of(here)) for part in parts_of(typed)]
    moments = [one.at.isoformat() for one in found if isinstance(one, Moment)]
    if len(moments) < len(found) or not 2 <= len(moments) <= OPTIONS_MOST:
        raise NotUnderstood(_("Please write 2 to {n} days with time: 26.11. 17:00, 27.11. 18:00").of(n=OPTIONS_MOST))
    return moments


def _proposals(here: Here) -> Mapping[str, Text]:
    listing = int(here.get("listing") or 0)
    return {str(row.id): verbatim(row.words) for row in here.facts.asking.accepted(listing)[:OPTIONS_MOST]}


def _draft(here: Here) -> dict[str, Any]:
    """What was gathered, as JSON."""
    language = fields.language_of(here)
    if here.get("what") == "dates":
        options: list[dict[str, Any]] = [{"at": at} for at in here.get("dates") or ()]
    else:
        accepted = {str(row.id): row.words for row in here.facts.asking.accepted(int(here.get("listing") or 0))}
        picked = [accepted[key] for key in here.get("proposed") or () if key in accepted]
        options = [
            {"words": {language: words}} for words in [*picked, *(here.get("options") or here.get("more") or ())]
        ]
    return {
        "listing": int(here["listing"]) if here.get("listing") else None,
        "organisation": int(here["organisation"]) if here.get("organisation") else None,
        "question": fields.by_language(here, "question"),
        "options": options[:OPTIONS_MOST],
        "who": "members" if here.get("who") == "members" else "all",
        "shows": here.get("shows"),
        "closes": here.get("closes"),
    }


def _preview(here: Here) -> Text:
    draft = _draft(here)
    shown: list[Text] = []
    for option in draft["options"]:
        if option.get("at"):
            shown.append(_("🗓 {when}").of(when=here.facts.staff.moment(option["at"], None)))
        else:
            shown.append(verbatim(next(iter(option["words"].values()))))
    return lines(
        _("👀 This is how people will get it:"),
        _("🗳 {question}").of(question=here["question"]),
        *(_("• {option}").of(option=one) for one in shown),
        _("Until: {when}").of(when=here.facts.staff.moment(here["closes"], None)),
    )


def _is_club(here: Here) -> bool:
    return bool(here.get("listing")) and here.facts.asking.club(int(here["listing"])) is not None


def _opened(here: Here) -> Text:
    done = here["open"]
    told = n_("{n} member was told.", "{n} members were told.").of(n=done["told"]) if done["told"] else None
    return lines(
        _("🗳 The vote is open."),
        told,
        usual.share(done["code"]),
    )


_NEW: tuple[Step, ...] = (
    usual.organisation(when=lambda here: fields.several_organisations(here) and not here.get("listing")),
    Choose(
        name="what",
        question=_("What is the vote about?"),
        choices={"things": _("💡 What to do"), "dates": _("🗓 A date")},
    ),
    Write(name="question", question=_("What do you ask?"), check=fields.words(3, 120)),
    Write(
        name="dates",
        question=_("Which days? Write them with commas between: 26.11. 17:00, 27.11. 18:00"),
        check=_dates,
        when=lambda here: here.get("what") == "dates",
    ),
    ChooseMany(
        name="proposed",
        question=_("Which proposals of members can be chosen?"),
        choices=_proposals,
        when=lambda here: here.get("what") == "things" and bool(_proposals(here)),
    ),
    Write(
        name="options",
        question=_("What can be chosen? Write it with commas between."),
        check=_options,
        when=lambda here: here.get("what") == "things" and not here.get("proposed"),
    ),
    Write(
        name="more",
        question=_("What else can be chosen? Write it with commas between."),
        check=_options,
        skip=_("Only these proposals"),
        when=lambda here: here.get("what") == "things" and bool(here.get("proposed")),
    ),
    Choose(
        name="who",
        question=_("Who can vote?"),
        choices=WHO,
        when=_is_club,
    ),
    Choose(
        name="shows",
        question=_("When do people see how it stands?"),
        choices=SHOWS,
    ),
    Write(
        name="closes",
        question=_("Until when can people vote? For example: 26.11. 17:00"),
        check=fields.when(deadline=True),
        suggestions=fields.likely(),
    ),
    Confirm(name="sure", question=_preview, yes=_("✅ Open the vote"), no=_("🗑 Throw away"), goto={"no": "dropped"}),
    Do(
        name="open",
        does=OpenPoll,
        deed=lambda here: OpenPoll(_draft(here)),
        goto={"opened": "opened", "incomplete": "incomplete", "past": "past", "refused": "refused"},
    ),
    Tell(name="incomplete", text=_("At least two things to choose from are needed."), otherwise="what"),
    Tell(name="past", text=_("That is over already. Please write a time to come."), otherwise="closes"),
    End(name="opened", text=_opened),
    End(name="dropped", text=_("All right, nothing was sent.")),
    End(name="refused", text=usual.REFUSED),
)

new_vote = Conversation(name="new_vote", title=_("A new vote"), role="staff", steps=_NEW)


# ---------------------------------------------------------------- how they stand


def _poll(here: Here) -> PollCard | None:
    return here.facts.asking.poll(int(here["which"])) if str(here.get("which", "")).isdigit() else None


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.asking.polls(offset, size)
    return Page(tuple(Item(str(row.id), card(row), _("Look")) for row in rows), total)


def _shown(here: Here) -> Text:
    poll = _poll(here)
    if poll is None:
        return _("This vote is not there any more.")
    code = usual.share(poll.code)
    voted = n_("{n} person has voted.", "{n} people have voted.").of(n=poll.total)
    return lines(card(poll), voted if poll.open else None, code if poll.open and not poll.members else None)


def _poll_ways(here: Here) -> Mapping[str, Text]:
    poll = _poll(here)
    return {**({"stop": _("⏹ End it now")} if poll and poll.open else {}), "list": _("All votes")}


votes = Conversation(
    name="votes",
    title=_("Votes"),
    command="votes",
    about=_("votes and how they stand"),
    role="staff",
    steps=(
        Browse(
            name="which",
            question=_("Votes of your organisation:"),
            items=_items,
            choices={"new": _("➕ A new vote")},
            goto={"new": Open("new_vote")},
            empty="none",
        ),
        Choose(
            name="act",
            question=_shown,
            choices=_poll_ways,
            goto={"stop": "sure", "list": Open("votes", instead=True)},
        ),
        Confirm(name="sure", question=_("End the vote? Nobody can vote any more."), goto={"no": "act"}),
        Do(
            name="stop",
            does=ClosePoll,
            deed=lambda here: ClosePoll(int(here["which"])),
            goto={"closed": "ended", "over": "ended", "refused": "refused"},
        ),
        End(name="ended", text=_shown),
        Confirm(
            name="none",
            question=_("There is no vote yet. Begin one?"),
            goto={"yes": Open("new_vote", instead=True), "no": "end"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
