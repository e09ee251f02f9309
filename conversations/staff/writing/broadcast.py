"""/broadcast: whom, what in which languages, preview and count, now or later; how it goes, stop, report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.staff import SendBroadcast
from conversations.facts.staff import BroadcastRow, Reach
from conversations.people.topics import TOPICS
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, Words, _, lines, said
from conversations.staff import fields, notices, usual
from conversations.staff.writing import members, sending, sent
from conversations.standing import StandingAction
from conversations.steps import Browse, Choose, ChooseMany, Do, End, Here, Item, Open, Page, Step, Tell, Write

WORDS = fields.words(3, 900)
ROLES: Mapping[str, Text] = {
    "young": _("Young people"),
    "guardian": _("Parents and guardians"),
    "staff": _("Staff"),
}


def _listing(here: Here) -> int | None:
    chosen = here.get("call") or here.get("listing")
    return int(chosen) if chosen else None


def _whom(here: Here) -> Mapping[str, Text]:
    listing = here.facts.staff.listing(_listing(here) or 0)
    near = {"near": _("Everybody in {town}").of(town=listing.town)} if listing and listing.town_id else {}
    return {
        **near,
        "all": _("Everybody"),
        "young": ROLES["young"],
        "guardian": ROLES["guardian"],
        "topics": _("📰 Who wants such news"),
        "pick": _("Choose more exactly"),
        "members": members.LABEL,
    }


def _picking(here: Here) -> bool:
    return bool(here.get("whom") == "pick")


def draft_of(here: Here) -> dict[str, Any]:
    """What was gathered, as JSON: the deed and the facts read it."""
    organisation = here.get("organisation")
    draft: dict[str, Any] = {
        "organisation": int(organisation) if organisation else None,
        "texts": fields.by_language(here, "text"),
        "listing": _listing(here),
        "due": here.get("due") if here.get("go") == "later" else None,
        "free_only": here.get("go") == "free",
        "announcement": here.get("announcement"),
        "in_digest": here.get("go") == "digest",
        **members.with_it(here),
    }
    whom = here.get("whom")
    if whom in ("young", "guardian"):
        return {**draft, "roles": [whom]}
    if whom == "near":
        listing = here.facts.staff.listing(_listing(here) or 0)
        return {**draft, "towns": [listing.town_id] if listing and listing.town_id else []}
    if members.is_wanted(here):
        return {**draft, **members.audience_of(here)}
    if whom == "topics":
        return {**draft, "topics": here.get("topics") or [], "towns": here.get("towns") or []}
    if whom == "pick":
        for name in ("towns", "subjects", "bands", "roles", "languages"):
            draft[name] = here.get(name) or []
    return draft


def _open_listings(here: Here) -> Mapping[str, Text]:
    rows, _total = here.facts.staff.listings(0, 30)
    return {str(row.id): said(row.title) for row in rows if row.state == "open"}


def _reach(here: Here) -> Reach:
    """Whom it would reach for whatever it costs."""
    return here.facts.staff.reach({**draft_of(here), "free_only": False})


def _preview(here: Here) -> Say:
    listing = here.facts.staff.listing(_listing(here) or 0)
    texts = draft_of(here)["texts"]
    others = tuple(fields.LANGUAGES[language] for language in texts or fields.LANGUAGES)
    words, organisation = Words.of(texts), fields.organisation_name(here)
    reach = _reach(here)
    attachment = members.with_it(here)["attachment"]
    return Say(
        lines(
            _("👀 This is how people will get it:"),
            members.invitation(here, words, organisation)
            if here.get("invites")
            else notices.broadcast_text(words, organisation),
            _("With a button: {title}").of(title=listing.title) if listing else None,
            _("🎙 With what was recorded or sent, right after the words.") if attachment else None,
            _("Languages: {languages}").of(languages=Joined(others, "and")),
            sending.reached(reach, *sending.costs(reach)),
        ),
        relay=int(attachment) if attachment else None,
    )


def _sure(here: Here) -> Text:
    if here.get("go") == "digest":
        return _("It is said in the next weekly digest of those who want such news, and not by itself. All right?")
    return sending.is_sure(here, here.facts.staff.reach(draft_of(here)).reached)


def _ways_on(here: Here) -> Mapping[str, Text]:
    """Sending it, as far as there is money; and the ways on where there is not."""
    reach = _reach(here)
    ways: dict[str, Text] = {"now": _("📤 Send now")} if reach.affordable else {}
    if not reach.affordable and reach.free:
        ways["free"] = _("📤 Send where it is free")
    ways["later"] = _("🕗 Send later")
    if here.get("whom") == "topics" and not members.with_it(here)["attachment"]:  # a digest is words
        ways["digest"] = _("🗓 Only in the weekly digest")
    ways["text"] = _("✏️ Change the text")
    ways["voice"] = _("🎙 Add a voice note")
    if not reach.affordable:
        ways["whom"] = _("👥 Choose other people")
    return {**ways, "drop": _("🗑 Throw away")}


def _earlier(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.staff.broadcasts(offset, size)
    return Page(tuple(Item(str(row.id), _in_list(row), _("Look")) for row in rows), total)


def _in_list(row: BroadcastRow) -> Text:
    return lines(_("{when}: {words}").of(when=row.due_at, words=row.words), sent.state_of(row))


def _seed_sent(here: Here) -> dict[str, object]:
    return {"broadcast": here["send"]["broadcast"]}


_STEPS: tuple[Step, ...] = (
    Choose(
        name="start",
        question=_("📣 A message to many people at once. Each person gets it once at most."),
        choices={"new": _("✏️ Write a new one"), "earlier": _("📜 Earlier ones")},
        goto={"new": "organisation", "earlier": "earlier"},
    ),
    Browse(
        name="earlier",
        question=_("Messages of your organisation, the newest first:"),
        items=_earlier,
        empty="none_yet",
        otherwise=Open("sent", lambda here: {"broadcast": int(here["earlier"])}),
    ),
    Tell(name="none_yet", text=_("Nothing was sent so far."), otherwise="organisation"),
    usual.organisation(),
    Choose(name="whom", question=_("Who should get it?"), choices=_whom, page=8),
    members.OF,
    ChooseMany(
        name="topics",
        question=_("Who is subscribed to which news?"),
        choices=TOPICS,
        least=1,
        page=8,
        when=lambda here: bool(here.get("whom") == "topics"),
    ),
    ChooseMany(
        name="towns",
        question=_("In which towns? Choose nothing for all."),
        choices=fields.towns,
        when=lambda here: here.get("whom") in ("pick", "topics"),
    ),
    ChooseMany(
        name="subjects",
        question=_("With which interests? Choose nothing for all."),
        choices=fields.subjects,
        when=_picking,
    ),
    ChooseMany(name="bands", question=_("Which ages? Choose nothing for all."), choices=fields.bands, when=_picking),
    ChooseMany(name="roles", question=_("Which people? Choose nothing for all."), choices=ROLES, when=_picking),
    ChooseMany(
        name="languages",
        question=_("Which languages do they read? Choose nothing for all."),
        choices=fields.LANGUAGES,
        when=_picking,
    ),
    Write(
        name="text",
        question=_("What should the message say? Short and plain is best."),
        check=WORDS,
        when=lambda here: not here.get("invites"),
    ),
    usual.languages("text_in", when=lambda here: not here.get("invites")),
    *(
        fields.in_language("text", language, _("The message in this language: {language}"), WORDS, "text_in")
        for language in fields.LANGUAGES
    ),
    Choose(
        name="listing",
        question=_("Should a button lead to something you have published?"),
        choices=_open_listings,
        skip=_("No button"),
        when=lambda here: not here.get("call") and bool(_open_listings(here)),
    ),
    Choose(
        name="go",
        question=_preview,
        choices=_ways_on,
        page=8,
        goto={
            "now": "sure",
            "free": "sure",
            "later": "due",
            "digest": "sure",
            "text": "new_text",
            "voice": "voice",
            "whom": "whom",
            "drop": "dropped",
        },
    ),
    Write(name="new_text", question=_("What should the message say instead?"), check=WORDS, otherwise="go"),
    *members.VOICE,
    *sending.last_look(_sure),
    Do(
        name="send",
        does=SendBroadcast,
        deed=lambda here: SendBroadcast(draft_of(here)),
        goto={
            "sending": "under_way",
            "scheduled": "under_way",
            "nobody": "nobody",
            "unpaid": "unpaid",
            "lost": "lost",
            "refused": "refused",
        },
    ),
    Tell(name="nobody", text=_("Nobody fits that. Please choose other people."), otherwise="whom"),
    Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="voice"),
    Tell(name="unpaid", text=_("There is not enough money left for that. Nothing was sent."), otherwise="go"),
    End(name="refused", text=usual.REFUSED),
    End(name="under_way", then=Open("sent", _seed_sent)),
)

broadcast = Conversation(
    name="broadcast",
    title=_("A message to many"),
    command="broadcast",
    about=_("a message to many people"),
    role="staff",
    steps=_STEPS,
)


STANDING: tuple[StandingAction, ...] = (
    StandingAction(name=notices.SEE_OFFER, opens="offer"),
    StandingAction(name=notices.SEE_CALL, opens="call"),
    StandingAction(name=notices.SEE_BROADCAST, opens="sent"),
)
