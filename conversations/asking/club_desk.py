"""Staff and clubs: how many belong to one, what members propose, and the way to their votes."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.asking import DecideProposal, MakeClub
from conversations.facts.asking import ClubCard, ProposalRow
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines, n_
from conversations.staff import usual
from conversations.staff.writing.members import INVITE
from conversations.steps import Browse, Choose, Do, End, Here, Item, Json, Open, Page, Tell


def _club(here: Here) -> ClubCard | None:
    return here.facts.asking.club(int(here.get("listing", 0)))


def _about_club(here: Here) -> Say:
    club = _club(here)
    if club is None:
        return Say(_("People book meetings here. As a club they can also belong to it, propose and vote."))
    return Say(
        lines(
            _("🏡 {title}").of(title=club.title),
            n_("👥 {n} member", "👥 {n} members").of(n=club.members) if club.members else None,
            n_("💡 {n} proposal waits", "💡 {n} proposals wait").of(n=len(_waiting(here))) if _waiting(here) else None,
        )
    )


def _waiting(here: Here) -> tuple[ProposalRow, ...]:
    listing = int(here.get("listing", 0))
    return tuple(row for row in here.facts.asking.proposals() if row.listing_id == listing)


def _club_ways(here: Here) -> Mapping[str, Text]:
    if _club(here) is None:
        return {"make": _("🏡 Make it a club with members"), "close": _("All right")}
    first = {"proposals": _("💡 Proposals")} if _waiting(here) else {}
    ways = {"vote": _("🗳 A new vote"), "votes": _("🗳 All votes"), "invite": INVITE, "close": _("All right")}
    return {**first, **ways}


def _same(here: Here) -> dict[str, Json]:
    return {"listing": here["listing"]}


_BACK = Open("club_desk", _same, instead=True)

club_desk = Conversation(
    name="club_desk",
    title=_("A club of ours"),
    role="staff",
    alone=True,
    steps=(
        Choose(
            name="act",
            question=_about_club,
            choices=_club_ways,
            goto={
                "make": "make",
                "proposals": "proposal",
                "vote": Open("new_vote", _same),
                "votes": Open("votes"),
                "invite": Open("invite_members", lambda here: {"of": str(here["listing"])}),
                "close": "end",
            },
        ),
        Do(
            name="make",
            does=MakeClub,
            deed=lambda here: MakeClub(int(here["listing"])),
            goto={"made": "made", "refused": "refused"},
        ),
        Tell(name="made", text=_("🏡 It is a club now: people can join it."), otherwise=_BACK),
        Browse(
            name="proposal",
            question=_("What members propose. Whose it is is not shown."),
            items=lambda here, offset, size: Page(
                tuple(
                    Item(str(row.id), _("💡 {words}").of(words=row.words), _("Decide"))
                    for row in _waiting(here)[offset : offset + size]
                ),
                len(_waiting(here)),
            ),
            empty="nothing",
        ),
        Choose(
            name="decision",
            question=_("What shall become of it? The member is told."),
            choices={"yes": _("👍 Bring it to a vote"), "no": _("Not this time")},
        ),
        Do(
            name="decide",
            does=DecideProposal,
            deed=lambda here: DecideProposal(int(here["proposal"]), here["decision"] == "yes"),
            goto={"accepted": "accepted", "hidden": "hidden", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="accepted", text=_("👍 It can be chosen in the next vote."), otherwise=_BACK),
        Tell(name="hidden", text=_("It is put away."), otherwise=_BACK),
        Tell(name="gone", text=_("A colleague has looked at this already."), otherwise=_BACK),
        Tell(name="nothing", text=_("Nothing waits."), otherwise=_BACK),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
