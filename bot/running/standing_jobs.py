"""Everything that falls due by itself: the list of it, and all of it as one synchronous round."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select

from bot import trips
from bot.campaigns import asking_jobs, broadcasting, digest
from bot.caring import notices, reviewing, safeguarding
from bot.deeds.visits import prints
from bot.doing import Doing
from bot.importing import adding
from bot.keeping import erasure
from bot.keeping.ledger import ledger_at
from bot.offering import afterwards, conditions, places, school_year
from bot.reminders import fire
from bot.searching import reindexing
from models.offers import call
from models.visits import visit_memory
from models.who.people import Address, Person


def _close_calls(doing: Doing) -> None:
    call.close_passed(doing.session, doing.now)


def _notices(doing: Doing) -> None:
    notices.ask_to_check_hotlines(doing)


def _erasures(doing: Doing) -> None:
    leaving = select(Address.id).join(Person, Person.id == Address.person_id).where(Person.erased_at.is_not(None))
    if doing.session.scalars(leaving.limit(1)).first() is None:
        return
    erasure.finish(doing.session, doing.now, ledger_at(doing.rules.ledger))


def _visits(doing: Doing) -> None:
    visit_memory.forget_over(doing.session, doing.now)


WORK: Mapping[str, tuple[float, Callable[[Doing], object]]] = {
    "calls": (5, _close_calls),
    "conditions": (5, conditions.sweep),
    "places": (5, places.sweep),
    "notices": (60, _notices),
    "answers": (300, reviewing.tell_owners),
    "safety": (30, safeguarding.escalate),
    "erasures": (15, _erasures),
    "visits": (300, _visits),
    "trips": (15, trips.sweep),
    "afterwards": (120, afterwards.sweep),
    "prints": (60, prints.sweep),
    "asking": (60, asking_jobs.run),
    "breaks": (900, school_year.ask_for_breaks),
}
"""What is done in one transaction each: how often, in seconds, and what. The scheduler runs these beside reminders
and broadcasts, which go in small portions."""


def due(doing: Doing) -> None:
    """Do everything that is due at `doing.now`, in the caller's transaction."""
    for _seconds, work in WORK.values():
        work(doing)
    while True:
        fired = fire(doing.session, doing.now, doing.rules)
        doing.outgoing.extend(fired.outgoing)
        if not fired.seen:
            break
    while broadcasting.step(doing):
        pass
    while digest.step(doing):
        pass
    while adding.step(doing):
        pass
    while reindexing.step(doing.session):
        pass
