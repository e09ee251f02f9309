"""How a message to many goes: who got it, who did not and why; stopping it, and the report."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.staff import ReportBroadcast, StopBroadcast
from conversations.facts.staff import BroadcastRow
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, _, lines, n_
from conversations.staff import usual
from conversations.staff.writing.reports import REASONS
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell

_STATES: Mapping[str, Text] = {
    "scheduled": _("🕗 It is planned for {when}."),
    "digest": _("🗓 It goes into the weekly digest of those who want such news."),
    "sending": _("📤 It is going out."),
    "sent": _("✅ It is done."),
    "stopped": _("⏹ It was stopped."),
}


def state_of(row: BroadcastRow) -> Text:
    """Whether it is planned, going out or done."""
    return _STATES.get(row.state, _STATES["sent"]).of(when=row.due_at)


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
            state_of(row),
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


def _spared(here: Here) -> Text:
    """How many do not get it; what comes next says that it was stopped."""
    spared = here["stop"]["spared"]
    words = n_("Stopped. {n} person will not get it.", "Stopped. {n} people will not get it.")
    return words.of(n=spared) if spared else _("All right.")


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
            text=_spared,
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
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
