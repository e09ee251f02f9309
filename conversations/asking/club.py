"""A club one can belong to: what it is, when it meets, joining and leaving, proposing something, its votes."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.asking import JoinClub, LeaveClub, Propose
from conversations.facts.asking import ClubCard
from conversations.offers.words import OTHER_AGE
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines, n_, said
from conversations.steps import Choose, Confirm, Do, End, Here, Json, Open, Tell, Write

WORDS_LEAST, WORDS_MOST = 3, 200


def _club(here: Here) -> ClubCard | None:
    return here.facts.asking.club(int(here.get("listing", 0)))


def card(club: ClubCard) -> Text:
    """What the club is and when it meets. Members are a number."""
    return lines(
        _("🏡 {title}").of(title=club.title),
        _("{summary}").of(summary=club.summary) if club.summary else None,
        _("📍 {place}").of(place=club.place) if club.place else None,
        n_("👥 {n} member", "👥 {n} members").of(n=club.members) if club.members else None,
        *(_("🗓 {when}").of(when=when) for when in club.dates),
        _("✅ You are a member.") if club.member else None,
        _("Held by: {organisation}").of(organisation=club.organisation) if club.organisation else None,
    )


def _card(here: Here) -> Text:
    club = _club(here)
    return card(club) if club else _GONE


_GONE = _("This club is not there any more.")


def _ways(here: Here) -> Mapping[str, Text]:
    club = _club(here)
    if club is None:
        return {"close": _("All right")}
    ways: dict[str, Text] = {} if club.member or not club.open else {"join": _("🤝 Join the club")}
    if club.dates:
        ways["dates"] = _("🗓 Come to a meeting")
    if club.member:
        ways["propose"] = _("💡 Propose something")
    if club.polls:
        ways["votes"] = _("🗳 Votes")
    if club.member:
        ways["leave"] = _("Leave the club")
    return ways or {"close": _("All right")}


def _votes(here: Here) -> Mapping[str, Text]:
    club = _club(here)
    return {str(poll): said(question) for poll, question in club.polls} if club else {}


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if len(kept) < WORDS_LEAST:
        raise NotUnderstood(_("Please write a few words."))
    if len(kept) > WORDS_MOST:
        raise NotUnderstood(_("Please make it shorter: at most {n} letters.").of(n=WORDS_MOST))
    return kept


def _missing(here: Here) -> Text:
    if here.facts.me.needs_guardian:
        return _("At this age a parent or guardian must say yes first. “My data” shows how.")
    return _("A yes for taking part is missing. It can be given in “my data”.")


def _same(here: Here) -> dict[str, Json]:
    return {"listing": here["listing"]}


_AGAIN = Open("club", _same, instead=True)

club = Conversation(
    name="club",
    title=_("A club"),
    shows=_card,
    steps=(
        Tell(name="gone", text=_GONE, when=lambda here: _club(here) is None, otherwise="end"),
        Choose(
            name="act",
            question=_card,
            choices=_ways,
            goto={
                "join": "joining",
                "dates": Open("offer", _same),
                "propose": "words",
                "votes": "which",
                "leave": "sure",
            },
            otherwise="end",
        ),
        Do(
            name="joining",
            does=JoinClub,
            deed=lambda here: JoinClub(int(here["listing"])),
            goto={"joined": "joined", "already": "joined", "closed": "closed", "age": "age", "consent": "missing"},
        ),
        Tell(
            name="joined",
            text=_("🤝 Welcome to the club! Nobody sees who the members are. You can leave at any time."),
            otherwise=_AGAIN,
        ),
        Tell(name="closed", text=_("The club takes nobody new right now."), otherwise="end"),
        Tell(name="age", text=OTHER_AGE, otherwise="end"),
        Tell(name="missing", text=_missing, otherwise=Open("mydata", instead=True)),
        Write(name="words", question=_("What should the club do? Write it in a sentence."), check=_words),
        Do(
            name="propose",
            does=Propose,
            deed=lambda here: Propose(int(here["listing"]), here["words"]),
            goto={"kept": "proposed", "many": "many", "members": "only"},
        ),
        Tell(
            name="proposed",
            text=_("💡 Thank you! The team looks at it, then the members vote. Your name is not shown."),
            otherwise=_AGAIN,
        ),
        Tell(name="many", text=_("Three of your ideas wait already. Thank you!"), otherwise=_AGAIN),
        Tell(name="only", text=_("Only members can propose something. Join first."), otherwise=_AGAIN),
        Choose(
            name="which",
            question=_("Which vote?"),
            choices=_votes,
            otherwise=Open("vote", lambda here: {"poll": int(here["which"])}),
        ),
        Confirm(name="sure", question=_("Leave the club? You can come back at any time."), goto={"no": "stays"}),
        Do(
            name="leaving",
            does=LeaveClub,
            deed=lambda here: LeaveClub(int(here["listing"])),
            goto={"left": "left", "gone": "left"},
        ),
        Tell(name="stays", text=_("Good that you stay!"), otherwise=_AGAIN),
        End(name="left", text=_("All right, you have left the club. The door stays open.")),
        End(name="end"),
    ),
)
