"""Performing the deeds of growing up: what a young person says of their age, and that they decide alone from now on."""

from __future__ import annotations

from datetime import timedelta

from bot.arriving.knowing import me_of
from bot.deeds.people.agreeing import agree_alone
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.people import AskBandLater, DecideAlone
from conversations.people.words import GROWN_ATTEND, GUARDIAN_NO_MORE, GUARDIAN_STILL_REMINDED, NEWS
from conversations.speech import Done, Say
from models.who import consent, growing


def ask_later(doing: Doing, deed: AskBandLater) -> Done:
    """Do not ask again before so many days."""
    growing.ask_later(doing.actor(), doing.now, timedelta(days=deed.days))
    return Done("noted")


def decide_alone(doing: Doing, deed: DecideAlone) -> Done:
    """Their own yes (or no) takes the place of the guardian's, who is told so in neutral words."""
    person = doing.actor()
    me = me_of(doing.session, person)
    if not person.band or me.needs_guardian:
        return Done("guardian")
    if deed.attend:
        shown = {"attend": GROWN_ATTEND}
        agree_alone(doing, person, shown | {"messages": NEWS} if deed.messages else shown)
    told = growing.decide_alone(doing.session, doing.now, person.id, reminders=deed.attend and deed.reminders)
    for guardian_id, reminded in told.items():
        doing.tell(guardian_id, Say(GUARDIAN_STILL_REMINDED if reminded else GUARDIAN_NO_MORE), "invitation")
    doing.audit("decides alone", f"person {person.id}", attend=deed.attend)
    return Done("alone" if consent.stands(doing.session, person.id, "attend") else "without")


PERFORM: Performers = {AskBandLater: ask_later, DecideAlone: decide_alone}
