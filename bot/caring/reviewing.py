"""Telling those who keep the answer book that an answer runs out: 14 days before, and when it is hidden."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.doing import Doing
from bot.telling import after_quiet
from conversations.help import notices as words
from conversations.speech import Button, Say, Words
from conversations.staff.informing.answers import CONFIRM, STILL_TRUE
from models.caring import answer_keeping, reading
from models.caring.answer import AnswerCard
from models.who.staff import organisations_of, team_of


def tell_owners(doing: Doing) -> int:
    """A standing job: each owner is told once of each review date. Returns how many answers that was.

    One answer comes with a button that says it is still true; several come as one message that leads to the list.
    """
    if after_quiet(doing.now, doing.rules.zone, doing.rules) > doing.now:
        return 0
    today = doing.now.astimezone(ZoneInfo(doing.rules.zone)).date()
    cards = answer_keeping.running_out(doing.session, today)
    by_owner: dict[int, list[AnswerCard]] = {}
    for card in cards:
        owners = _owners(doing, card)
        for owner in owners:
            by_owner.setdefault(owner, []).append(card)
        if owners:
            answer_keeping.told(card, today)
    for owner, theirs in sorted(by_owner.items()):
        hidden = sum(card.review_on <= today for card in theirs)
        if len(theirs) > 1:
            text = words.ANSWERS_RUN_OUT.of(n=len(theirs), hidden=hidden)
            doing.tell(owner, Say(text, (doing.button(owner, words.CHECK_ANSWERS, "book", {}),)), "offer")
            continue
        card = theirs[0]
        day = f"{card.review_on.day}.{card.review_on.month}.{card.review_on.year}"
        text = (words.ANSWER_HIDDEN if hidden else words.ANSWER_RUNS_OUT).of(question=Words.of(card.question), day=day)
        doing.tell(owner, Say(text, _buttons(doing, owner, card)), "offer")
    doing.session.flush()
    return len(cards)


def _buttons(doing: Doing, owner: int, card: AnswerCard) -> tuple[Button, ...]:
    about = {"card": card.id}
    return (
        doing.button(owner, STILL_TRUE, CONFIRM, about),
        doing.button(owner, words.LOOK_AT_ANSWER, "book", {"card": str(card.id)}),
    )


def _owners(doing: Doing, card: AnswerCard) -> list[int]:
    """Who looks after a card: its owner while they are staff, else their team; for the house's own administrators."""
    session = doing.session
    if card.owner_id is not None:
        theirs = organisations_of(session, card.owner_id)
        if theirs and (card.organisation_id is None or card.organisation_id in theirs):
            return [card.owner_id]
    if card.organisation_id is not None:
        return team_of(session, card.organisation_id)
    return sorted(reading.admins(session) or reading.all_staff(session))
