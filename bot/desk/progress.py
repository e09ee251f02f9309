"""How a broadcast goes: one post that is changed as it goes on, as often as the platform's limits for groups allow."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.deeds.every import perform
from bot.desk import words
from bot.desk.acting import Act
from bot.doing import Doing
from conversations.deeds.staff import ReportBroadcast, StopBroadcast
from conversations.speech import Button, Say, Words, lines
from models.campaigns.broadcast import Broadcast, outcome_counts
from models.caring.desk import DeskCard, DeskGroup

APART = timedelta(seconds=15)
"""The post is changed no more often: four of the twenty that a group may get in a minute."""
FROM = timedelta(days=1)


def find(doing: Doing, group: DeskGroup) -> list[int]:
    """Broadcasts of the group's organisation that go out, or have just done so, and have no post yet."""
    known = select(DeskCard.about_id).where(DeskCard.group_id == group.id, DeskCard.about == "broadcast")
    return list(
        doing.session.scalars(
            select(Broadcast.id)
            .where(
                Broadcast.organisation_id == group.organisation_id,
                (Broadcast.state == "sending")
                | ((Broadcast.state == "sent") & (Broadcast.ended_at > doing.now - FROM)),
                Broadcast.id.not_in(known),
            )
            .order_by(Broadcast.id)
        )
    )


def key(doing: Doing, card: DeskCard) -> str:
    """What tells one state of the post from the next."""
    counts = outcome_counts(doing.session, card.about_id)
    return ":".join(str(counts.get(name, 0)) for name in ("sent", "unsure", "failed", "cancelled"))


def say(doing: Doing, card: DeskCard) -> Say | None:
    """The post as it is now; with the last message it is done."""
    row = doing.session.get(Broadcast, card.about_id)
    if row is None:
        return None
    if row.state in ("sent", "stopped"):
        card.state, card.outcome = "done", "stopped" if row.state == "stopped" else "over"
    sent = outcome_counts(doing.session, row.id).get("sent", 0)
    told = {"sent": words.WENT, "stopped": words.STOPPED}.get(row.state, words.GOING)
    text = lines(words.BROADCAST.of(words=Words.of(row.texts)), told.of(sent=sent, counted=max(sent, row.counted)))
    stop = Button(words.STOP, f"d.k.{card.id}.stop")
    return Say(text, (stop, Button(words.REPORT, f"d.k.{card.id}.report")))


def press(act: Act, card: DeskCard, what: str) -> None:
    """Stop it, or hand over the report so far."""
    doing = act.doing
    if what == "report":
        outcome = perform(doing, ReportBroadcast(card.about_id)).outcome
        act.show(words.COMING if outcome == "sent" else words.NOT_YOURS)
        return
    outcome = perform(doing, StopBroadcast(card.about_id)).outcome if what == "stop" else "over"
    if outcome == "stopped":
        card.decided_by_id, card.changed_at = act.person.id, doing.now
        doing.audit("desk.stopped", f"broadcast:{card.about_id}", card=card.id)
    act.show({"stopped": words.OUTCOMES["stopped"], "refused": words.NOT_YOURS}.get(outcome, words.OVER))
