"""/broadcast: whom, what in which languages, preview and count, now or later; how it goes, stop, report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.staff import ReportBroadcast, SendBroadcast, StopBroadcast
from conversations.facts.staff import BroadcastRow, Reach
from conversations.people.topics import TOPICS
from conversations.script import (
    Browse,
    Choose,
    ChooseMany,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Item,
    Open,
    Page,
    Step,
    Tell,
    Write,
)
from conversations.speech import Joined, Say, Text, Words, _, lines, n_, said
from conversations.staff import fields, notices
from conversations.staff.reports import REASONS
from conversations.standing import StandingAction

WORDS = fields.words(3, 900)
ROLES: Mapping[str, Text] = {
    "young": _("Young people"),
    "guardian": _("Parents and guardians"),
    "staff": _("Staff"),
}
_STATES: Mapping[str, Text] = {
    "scheduled": _("🕗 It is planned for {when}."),
    "digest": _("🗓 It is said in the weekly digest of those who want such news."),
    "sending": _("📤 It is going out."),
    "sent": _("✅ It is done."),
    "stopped": _("⏹ It was stopped."),
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
    }
    whom = here.get("whom")
    if whom in ("young", "guardian"):
        return {**draft, "roles": [whom]}
    if whom == "near":
        listing = here.facts.staff.listing(_listing(here) or 0)
        return {**draft, "towns": [listing.town_id] if listing and listing.town_id else []}
    if whom == "topics":
        return {**draft, "topics": here.get("topics") or [], "towns": here.get("towns") or []}
    if whom == "pick":
        for name in ("towns", "subjects", "bands", "roles", "languages"):
            draft[name] = here.get(name) or []
    return draft


def _open_listings(here: Here) -> Mapping[str, Text]:
    rows, _total = here.facts.staff.listings(0, 30)
    return {str(row.id): said(row.title) for row in rows if row.state == "open"}


def _organisation(here: Here) -> Words:
    mine = here.facts.staff.organisations()
    chosen = here.get("organisation")
    return next((one.name for one in mine if chosen is None or str(one.id) == chosen), Words())


def _reach(here: Here) -> Reach:
    """Whom it would reach for whatever it costs."""
    return here.facts.staff.reach({**draft_of(here), "free_only": False})


def _count(here: Here) -> Text:
    """How many people get it, and who is left out and why."""
    reach = _reach(here)
    out = tuple(_("{reason}: {n}").of(reason=REASONS[reason], n=n) for reason, n in reach.left_out)
    return lines(
        n_("👥 It goes to {n} person.", "👥 It goes to {n} people.").of(n=reach.reached),
        _("Not written to: {reasons}").of(reasons=Joined(out, "commas")) if out else None,
        _("It is their night: the first get it {when}.").of(when=reach.from_at) if reach.from_at else None,
        *_money(reach),
    )


def _money(reach: Reach) -> tuple[Text, ...]:
    """What it costs, where it costs anything; and that there is not enough, where there is not."""
    told: list[Text] = []
    for paid in reach.paid:
        costs = n_(
            "💶 {free} free of charge, {n} person by paid message on {channel}: about {cost} EUR. "
            "Left this month: {left} EUR.",
            "💶 {free} free of charge, {n} people by paid messages on {channel}: about {cost} EUR. "
            "Left this month: {left} EUR.",
        )
        told.append(costs.of(free=reach.free, n=paid.people, channel=paid.channel, cost=paid.cost, left=paid.left))
        if paid.unknown:
            unknown = n_(
                "The price is not known for {n} of them: reckoned with {each} EUR.",
                "The price is not known for {n} of them: reckoned with {each} EUR each.",
            )
            told.append(unknown.of(n=paid.unknown, each=paid.each))
    if not reach.affordable:
        told.append(_("⚠️ That is more than may be spent. It can go where it is free, or to fewer people."))
    return tuple(told)


def _preview(here: Here) -> Say:
    listing = here.facts.staff.listing(_listing(here) or 0)
    texts = draft_of(here)["texts"]
    others = tuple(fields.LANGUAGES[language] for language in texts)
    return Say(
        lines(
            _("👀 This is how people will get it:"),
            notices.broadcast_text(Words.of(texts), _organisation(here)),
            _("With a button: {title}").of(title=listing.title) if listing else None,
            _("Languages: {languages}").of(languages=Joined(others, "and")),
            _count(here),
        )
    )


def _sure(here: Here) -> Text:
    reach = here.facts.staff.reach(draft_of(here))
    if here.get("go") == "later":
        return n_("Send it to {n} person, {when}?", "Send it to {n} people, {when}?").of(
            n=reach.reached, when=here.facts.staff.moment(here["due"], None)
        )
    if here.get("go") == "digest":
        return _("It is said in the next weekly digest of those who want such news, and not by itself. All right?")
    return n_("Send it to {n} person now?", "Send it to {n} people now?").of(n=reach.reached)


def _ways_on(here: Here) -> Mapping[str, Text]:
    """Sending it, as far as there is money; and the ways on where there is not."""
    reach = _reach(here)
    ways: dict[str, Text] = {"now": _("📤 Send now")} if reach.affordable else {}
    if not reach.affordable and reach.free:
        ways["free"] = _("📤 Send where it is free")
    ways["later"] = _("🕗 Send later")
    if here.get("whom") == "topics":
        ways["digest"] = _("🗓 Only in the weekly digest")
    ways["text"] = _("✏️ Change the text")
    if not reach.affordable:
        ways["whom"] = _("👥 Choose other people")
    return {**ways, "drop": _("🗑 Throw away")}


def _earlier(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.staff.broadcasts(offset, size)
    return Page(tuple(Item(str(row.id), _in_list(row), _("Look")) for row in rows), total)


def _in_list(row: BroadcastRow) -> Text:
    return lines(_("{when}: {words}").of(when=row.due_at, words=row.words), _state(row))


def _state(row: BroadcastRow) -> Text:
    return _STATES.get(row.state, _STATES["sent"]).of(when=row.due_at)


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
    Choose(
        name="organisation",
        question=_("For which organisation?"),
        choices=fields.organisations,
        when=fields.several_organisations,
    ),
    Choose(name="whom", question=_("Who should get it?"), choices=_whom),
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
    Write(name="text", question=_("What should the message say? Short and plain is best."), check=WORDS),
    ChooseMany(
        name="text_in",
        question=_("Would you like to write it in other languages too? Without it, people see the text as it is."),
        choices=fields.other_languages,
    ),
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
        goto={
            "now": "sure",
            "free": "sure",
            "later": "due",
            "digest": "sure",
            "text": "new_text",
            "whom": "whom",
            "drop": "dropped",
        },
    ),
    Write(name="new_text", question=_("What should the message say instead?"), check=WORDS, otherwise="go"),
    End(name="dropped", text=_("All right, nothing was sent.")),
    Write(
        name="due",
        question=_("When should it go out? For example: 26.11. 17:00"),
        check=fields.when(),
        suggestions=fields.likely(),
    ),
    Confirm(name="sure", question=_sure, yes=_("Yes, send it"), goto={"yes": "send", "no": "go"}),
    Do(
        name="send",
        does=SendBroadcast,
        deed=lambda here: SendBroadcast(draft_of(here)),
        goto={
            "sending": "under_way",
            "scheduled": "under_way",
            "nobody": "nobody",
            "unpaid": "unpaid",
            "refused": "refused",
        },
    ),
    Tell(name="nobody", text=_("Nobody fits that. Please choose other people."), otherwise="whom"),
    Tell(name="unpaid", text=_("There is not enough money left for that. Nothing was sent."), otherwise="go"),
    End(name="refused", text=_("Only staff of the organisation can do this.")),
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


# ---------------------------------------------------------------- how it goes


def _row(here: Here) -> BroadcastRow | None:
    return here.facts.staff.broadcast(int(here["broadcast"]))


def _progress(here: Here) -> Say:
    row = _row(here)
    if row is None:
        return Say(_("This message is not there, or it is not yours to see."))
    left = tuple(
        _("{reason}: {n}").of(reason=REASONS[key.removeprefix("left.")], n=n)
        for key, n in row.counts
        if key.startswith("left.") and key.removeprefix("left.") in REASONS
    )
    failed = row.of("failed") + row.of("cancelled")
    return Say(
        lines(
            _state(row),
            _("{words}").of(words=row.words),
            n_("Got it: {n} person", "Got it: {n} people").of(n=row.of("sent")),
            _("On its way: {n}").of(n=row.of("waiting")) if row.of("waiting") else None,
            _("In doubt: {n}").of(n=row.of("unsure")) if row.of("unsure") else None,
            _("Did not get it: {n}").of(n=failed) if failed else None,
            _("Not written to: {reasons}").of(reasons=Joined(left, "commas")) if left else None,
        ),
        replaces=True,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"close": _("All right")}
    ways: dict[str, Text] = {}
    if row.state in ("scheduled", "sending", "digest"):
        ways = {"refresh": _("🔄 How is it going?"), "stop": _("⏹ Stop it")}
    if row.state not in ("scheduled", "digest"):
        ways["report"] = _("📄 Report as a file")
    return {**ways, "close": _("All right")}


def _again(here: Here) -> dict[str, object]:
    return {"broadcast": here["broadcast"]}


sent = Conversation(
    name="sent",
    title=_("How a message goes"),
    role="staff",
    steps=(
        Choose(
            name="go",
            question=_progress,
            choices=_ways,
            goto={
                "refresh": Open("sent", _again, instead=True),
                "stop": "sure",
                "report": "report",
                "close": "end",
            },
            otherwise="end",
        ),
        Confirm(name="sure", question=_("Stop it? Who has not got it yet will not get it."), goto={"no": "again"}),
        Do(
            name="stop",
            does=StopBroadcast,
            deed=lambda here: StopBroadcast(int(here["broadcast"])),
            goto={"stopped": "stopped", "over": "over", "refused": "refused"},
        ),
        Tell(
            name="stopped",
            text=lambda here: n_("Stopped. {n} person will not get it.", "Stopped. {n} people will not get it.").of(
                n=here["stop"]["spared"]
            ),
            otherwise=Open("sent", _again, instead=True),
        ),
        Tell(
            name="over",
            text=_("It was over already."),
            otherwise=Open("sent", _again, instead=True),
        ),
        Tell(name="again", text=_("All right, it goes on."), otherwise=Open("sent", _again, instead=True)),
        Do(
            name="report",
            does=ReportBroadcast,
            deed=lambda here: ReportBroadcast(int(here["broadcast"])),
            goto={"sent": Open("sent", _again, instead=True), "refused": "refused"},
        ),
        End(name="refused", text=_("Only staff of the organisation can do this.")),
        End(name="end", text=_("All right.")),
    ),
)

STANDING: tuple[StandingAction, ...] = (
    StandingAction(name=notices.SEE_OFFER, opens="offer"),
    StandingAction(name=notices.SEE_CALL, opens="call"),
    StandingAction(name=notices.SEE_BROADCAST, opens="sent"),
)
