"""Performing the deeds of helpers and of the families they act for."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select, update

from bot.arriving.knowing import me_of
from bot.deeds.people.agreeing import agree_to_attend
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.people.people import keepers
from bot.offering.describing import called_as_helper
from conversations.deeds.acting import (
    AddHelpedChild,
    EndHelper,
    EndMandate,
    GiveMandate,
    InviteHelper,
    IssueMandateCode,
    LookAtMandate,
    RecordMandate,
)
from conversations.people.families import family_ended, family_said_yes, form_recorded, helper_ended
from conversations.people.words import ATTEND, MEANINGS, guardian_card
from conversations.speech import Done, Say, lines
from models import code
from models.offers.programme import Organisation
from models.who import acting, staff
from models.who import person as people
from models.who.acting import HELPER, Mandate
from models.who.people import Guardianship, OneTimeCode, Person
from models.who.staff import StaffRole, organisations_of

CODE_LASTS = timedelta(hours=24)
MONTH = timedelta(days=30)
MONTHS_MOST = 12
"""No mandate is longer than a year: then the family is asked again."""
PURPOSE = "mandate"


# ---------------------------------------------------------------- the family's word


def issue(doing: Doing, _deed: IssueMandateCode) -> Done:
    """A code for one family. Whoever is no helper gets none."""
    organisation = _helps_for(doing)
    if organisation is None:
        return Done("refused")
    details = json.dumps({"organisation": organisation})
    made = code.issue(doing.session, doing.now, PURPOSE, doing.person_id, CODE_LASTS, details)
    doing.audit("mandate code made", f"person {doing.person_id}")
    return Done("made", {"code": made, "hours": int(CODE_LASTS.total_seconds() // 3600)})


def look(doing: Doing, deed: LookAtMandate) -> Done:
    """Who asks, and for which organisation."""
    found = _looked_up(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    helper, organisation_id = found[1], found[2]
    children = select(Guardianship.id).where(
        Guardianship.guardian_id == doing.person_id, Guardianship.ended_at.is_(None)
    )
    return Done(
        "good",
        {
            "helper": called_as_helper(doing.session, helper.id),
            "organisation": dict(doing.session.get_one(Organisation, organisation_id).name),
            "children": len(doing.session.scalars(children).all()),
        },
    )


def give(doing: Doing, deed: GiveMandate) -> Done:
    """The family's yes: authorised again, used once."""
    found = _looked_up(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    row, helper, organisation_id = found
    row.used_at = doing.now
    mandate = acting.give(
        doing.session,
        doing.now,
        helper_id=helper.id,
        person_id=doing.person_id,
        organisation_id=organisation_id,
        children=deed.children,
        until=doing.now + MONTH * max(1, min(deed.months, MONTHS_MOST)),
    )
    doing.audit("mandate given", f"person {doing.person_id}", mandate=mandate.id, helper=helper.id)
    doing.tell(helper.id, Say(family_said_yes(doing.actor().called)), "confirmation")
    return Done("given")


def end(doing: Doing, deed: EndMandate) -> Done:
    """End a mandate with one tap; the other side is told. From this instant on the helper may do nothing more."""
    mandate = acting.end(doing.session, doing.now, deed.mandate, doing.person_id)
    if mandate is None:
        return Done("gone")
    doing.audit("mandate ended", f"person {mandate.person_id}", mandate=mandate.id)
    if doing.person_id == mandate.helper_id:
        say = Say(helper_ended(called_as_helper(doing.session, mandate.helper_id)))
        doing.tell(mandate.person_id, say, "confirmation")
    else:
        called = doing.session.get_one(Person, mandate.person_id).called
        doing.tell(mandate.helper_id, Say(family_ended(called)), "confirmation")
    return Done("ended")


def _looked_up(doing: Doing, typed: str) -> tuple[OneTimeCode, Person, int] | str:
    row = code.look(doing.session, doing.now, typed, PURPOSE, doing.person_id)
    if row is None or row.subject_id is None:
        return "unknown"
    helper = doing.session.get(Person, row.subject_id)
    organisation_id = int(json.loads(row.details)["organisation"])
    if helper is None or organisation_id not in organisations_of(doing.session, helper.id, roles=(HELPER,)):
        return "unknown"
    if helper.id == doing.person_id:
        return "own"
    me = doing.actor()
    return "minor" if not me.band or me_of(doing.session, me).needs_guardian else (row, helper, organisation_id)


# ---------------------------------------------------------------- on paper


def record(doing: Doing, deed: RecordMandate) -> Done:
    """Staff have the signed form of somebody without a phone."""
    session = doing.session
    shared = organisations_of(session, doing.person_id) & organisations_of(session, deed.helper, roles=(HELPER,))
    if not shared or not deed.form:
        return Done("refused")
    organisation_id = min(shared)
    same = select(Mandate.id).where(
        Mandate.organisation_id == organisation_id, Mandate.form == deed.form, Mandate.ended_at.is_(None)
    )
    if session.scalars(same.limit(1)).first() is not None:
        return Done("taken")
    helper = session.get_one(Person, deed.helper)
    adult = people.add_without_chat(session, doing.now, helper, deed.called, "18+", welcomed_at=doing.now)
    agree_to_attend(doing, adult, adult, ATTEND, "paper")
    mandate = acting.give(
        session,
        doing.now,
        helper_id=helper.id,
        person_id=adult.id,
        organisation_id=organisation_id,
        children=True,
        until=doing.now + MONTH * max(1, min(deed.months, MONTHS_MOST)),
        form=deed.form,
        recorded_by_id=doing.person_id,
    )
    doing.audit("mandate recorded", f"person {adult.id}", mandate=mandate.id, helper=helper.id)
    doing.tell(helper.id, Say(form_recorded(deed.called, deed.form)), "confirmation")
    return Done("recorded")


def add_child(doing: Doing, deed: AddHelpedChild) -> Done:
    """A child of a family whose form staff have. With a phone the family adds its children itself."""
    session = doing.session
    mandate = session.get(Mandate, deed.mandate)
    if mandate is None or mandate.helper_id != doing.person_id or mandate.method != "paper":
        return Done("refused")
    if acting.acts_for(session, doing.now, doing.person_id, mandate.person_id) is None:
        return Done("refused")
    adult = session.get_one(Person, mandate.person_id)
    child = people.add_child(session, doing.now, adult, deed.called, deed.band)
    if child is None:
        return Done("too_many")
    people.link(session, doing.now, adult.id, child.id, "other", reminders=False)
    agree_to_attend(doing, child, adult, lines(guardian_card(keepers(session)), MEANINGS["attend"]), "paper")
    doing.audit("child added", f"person {child.id}", mandate=mandate.id)
    return Done("added")


# ---------------------------------------------------------------- staff


def invite(doing: Doing, deed: InviteHelper) -> Done:
    """A code by which somebody becomes a helper: any member of the organisation's staff may make one."""
    mine = organisations_of(doing.session, doing.person_id)
    organisation_id = deed.organisation_id if deed.organisation_id is not None else min(mine, default=None)
    if organisation_id is None or organisation_id not in mine:
        return Done("refused")
    made = staff.invite(doing.session, doing.now, organisation_id, HELPER, doing.person_id)
    doing.audit("invited staff", f"organisation {organisation_id}", role=HELPER)
    return Done("made", {"code": made, "days": staff.INVITE_LASTS.days})


def end_helper(doing: Doing, deed: EndHelper) -> Done:
    """End the role, and with it every mandate of that organisation; families with a chat are told."""
    session = doing.session
    mine = organisations_of(session, doing.person_id)
    ended = session.scalars(
        update(StaffRole)
        .where(
            StaffRole.person_id == deed.helper,
            StaffRole.role == HELPER,
            StaffRole.organisation_id.in_(mine),
            StaffRole.ended_at.is_(None),
        )
        .values(ended_at=doing.now)
        .returning(StaffRole.organisation_id)
    ).all()
    if not ended:
        return Done("refused")
    families = session.scalars(
        update(Mandate)
        .where(Mandate.helper_id == deed.helper, Mandate.organisation_id.in_(ended), Mandate.ended_at.is_(None))
        .values(ended_at=doing.now)
        .returning(Mandate.person_id)
    ).all()
    for person_id in families:
        doing.tell(person_id, Say(helper_ended(called_as_helper(session, deed.helper))), "confirmation")
    doing.audit("helper ended", f"person {deed.helper}", families=len(families))
    return Done("ended", {"families": len(families)})


# ---------------------------------------------------------------- shared


def _helps_for(doing: Doing) -> int | None:
    return min(organisations_of(doing.session, doing.person_id, roles=(HELPER,)), default=None)


PERFORM: Performers = {
    IssueMandateCode: issue,
    LookAtMandate: look,
    GiveMandate: give,
    EndMandate: end,
    RecordMandate: record,
    AddHelpedChild: add_child,
    InviteHelper: invite,
    EndHelper: end_helper,
}
