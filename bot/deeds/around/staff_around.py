"""Performing the deeds of staff around a session: leaders and substitutes, materials, the code of the room."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.arriving.sent import sent
from bot.deeds.people.staff_rights import listing_for, marked_by, organisation_for, own, session_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import places
from bot.offering.describing import name_for, named
from conversations.around import words
from conversations.deeds.staff_around import (
    AddLeader,
    AddMaterial,
    EndLeader,
    InviteLeader,
    RemoveMaterial,
    SetChildCare,
    SetLeader,
    SettleAbsence,
    ShowRoomCode,
)
from conversations.speech import Done, Moment, Say, Words
from models import code
from models.attending import absences, room_code
from models.lessons import leading, material
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.placed import placed_at
from models.who.staff import StaffRole

REFUSED = Done("refused")
NAME_MOST = 80


def _leader(doing: Doing, leader_id: int) -> leading.Leader | None:
    """A leader on the roster of an organisation of who acts."""
    row = own(doing, leading.Leader, leader_id)
    return row if row is not None and row.ended_at is None else None


def add_leader(doing: Doing, deed: AddLeader) -> Done:
    """Put a name on the roster."""
    organisation_id = organisation_for(doing, deed.organisation)
    called = deed.called.strip()[:NAME_MOST]
    if organisation_id is None or not called:
        return REFUSED
    row = leading.add(doing.session, doing.now, organisation_id, called)
    doing.audit("leader.added", f"leader:{row.id}")
    return Done("added", {"leader": row.id})


def end_leader(doing: Doing, deed: EndLeader) -> Done:
    """Take a name off the roster: their meetings have nobody, and they see no list any more."""
    row = _leader(doing, deed.leader)
    if row is None:
        return REFUSED
    if row.person_id is not None:
        doing.session.execute(
            update(StaffRole)
            .where(
                StaffRole.person_id == row.person_id,
                StaffRole.organisation_id == row.organisation_id,
                StaffRole.role == "leader",
                StaffRole.ended_at.is_(None),
            )
            .values(ended_at=doing.now)
        )
    left = leading.end(doing.session, doing.now, row)
    doing.audit("leader.ended", f"leader:{row.id}")
    return Done("ended", {"left": len(left)})


def invite_leader(doing: Doing, deed: InviteLeader) -> Done:
    """A one-time code for a leader: it shows them their own meetings and lists, and nothing else."""
    row = _leader(doing, deed.leader)
    if row is None or row.person_id is not None:
        return REFUSED
    made = code.issue(
        doing.session, doing.now, leading.INVITE, doing.person_id, leading.INVITE_LASTS, details=str(row.id)
    )
    doing.audit("leader.invited", f"leader:{row.id}")
    return Done("made", {"code": made})


def set_leader(doing: Doing, deed: SetLeader) -> Done:
    """Say who leads. Where somebody else was expected, the people booked are told kindly who comes instead."""
    leader = _leader(doing, deed.leader) if deed.leader else None
    if deed.leader and leader is None:
        return REFUSED
    if deed.listing:
        return _set_all(doing, deed.listing, leader)
    found = session_for(doing, deed.session)
    if found is None or (leader is not None and leader.organisation_id != found[1].organisation_id):
        return REFUSED
    meeting, listing = found
    changed, before = leading.lead(doing.session, doing.now, meeting.id, leader)
    if not changed:
        return Done("late" if meeting.ends_at <= doing.now or meeting.state != "planned" else "same")
    told = _tell_substitute(doing, meeting, listing, before, leader) if before is not None and leader else 0
    _tell_leaders(doing, meeting, listing, before, leader)
    doing.audit("session.leader", f"session:{meeting.id}", leader=deed.leader, told=told)
    return Done("set", {"told": told})


def _set_all(doing: Doing, listing_id: int, leader: leading.Leader | None) -> Done:
    listing = listing_for(doing, listing_id)
    if listing is None or (leader is not None and leader.organisation_id != listing.organisation_id):
        return REFUSED
    coming = doing.session.scalars(
        select(Meeting.id)
        .where(Meeting.listing_id == listing_id, Meeting.state == "planned", Meeting.starts_at > doing.now)
        .order_by(Meeting.id)
    ).all()
    changed = [one for one in coming if leading.lead(doing.session, doing.now, one, leader)[0]]
    doing.audit("listing.leader", f"listing:{listing_id}", leader=leader.id if leader else 0)
    return Done("set", {"told": 0}) if changed else Done("same")


def _tell_substitute(
    doing: Doing, meeting: Meeting, listing: Listing, before: leading.Leader, now: leading.Leader
) -> int:
    """Everybody with a place, and who is reminded for them, once each. How many."""
    told: set[int] = set()
    rows = doing.session.scalars(select(Booking).where(*placed_at(meeting)).order_by(Booking.id)).all()
    for booking in rows:
        for reader in places.those_concerned(doing.session, doing.now, booking):
            say = words.substitute(
                Words.of(listing.title),
                Moment(meeting.starts_at, meeting.zone),
                named(before.called),
                named(now.called),
                name_for(doing.session, booking.person_id, reader),
            )
            until = meeting.starts_at
            if reader not in told and doing.tell(reader, Say(say), "reminder", expires_at=until, listing_id=listing.id):
                told.add(reader)
    return len(told)


def _tell_leaders(
    doing: Doing, meeting: Meeting, listing: Listing, before: leading.Leader | None, now: leading.Leader | None
) -> None:
    """Leaders who use the bot hear that a meeting is theirs, or is not any more."""
    when = Moment(meeting.starts_at, meeting.zone)
    for leader, text in ((now, words.LEAD_IT), (before, words.LEAD_NO_MORE)):
        if leader is not None and leader.person_id not in (None, doing.person_id) and leader.ended_at is None:
            say = Say(text.of(title=Words.of(listing.title), when=when))
            doing.tell(leader.person_id or 0, say, "reminder", expires_at=meeting.ends_at)


# ---------------------------------------------------------------- materials, code, child care


def add_material(doing: Doing, deed: AddMaterial) -> Done:
    """Add something to read: staff for any meeting of theirs, a leader for one that they lead."""
    meeting = marked_by(doing, deed.session) if deed.session else None
    if deed.session and meeting is None:
        return REFUSED
    listing = doing.session.get(Listing, meeting.listing_id) if meeting else listing_for(doing, deed.listing)
    if listing is None or deed.part not in material.PARTS:
        return REFUSED
    if len(material.of_listing(doing.session, listing.id)) >= material.MOST:
        return Done("many")
    row = material.Material(
        listing_id=listing.id,
        session_id=meeting.id if meeting else None,
        part=deed.part,
        name=deed.name[:120],
        added_by_id=doing.person_id,
        created_at=doing.now,
    )
    if deed.attachment:
        file = sent(doing, deed.attachment)
        if file is None:
            return Done("lost")
        row.kind, row.content, row.media_type, row.attachment_kind = "file", file.content, file.media_type, file.kind
    else:
        row.words = deed.words.strip()
        row.kind = "link" if row.words.startswith(("https://", "http://")) and " " not in row.words else "text"
    if row.kind != "file" and not row.words:
        return Done("lost")
    doing.session.add(row)
    doing.session.flush()
    doing.audit("material.added", f"material:{row.id}", kind=row.kind)
    return Done("added")


def remove_material(doing: Doing, deed: RemoveMaterial) -> Done:
    """Take one away: staff any of theirs, a leader those of their meeting."""
    row = doing.session.get(material.Material, deed.material)
    if row is None:
        return REFUSED
    led = marked_by(doing, row.session_id) if row.session_id is not None else None
    if led is None and listing_for(doing, row.listing_id) is None:
        return REFUSED
    doing.session.delete(row)
    doing.session.flush()
    doing.audit("material.removed", f"material:{deed.material}")
    return Done("removed")


def show_room_code(doing: Doing, deed: ShowRoomCode) -> Done:
    """The code of a meeting, while it is on."""
    meeting = marked_by(doing, deed.session)
    if meeting is None:
        return REFUSED
    shown = room_code.show(doing.session, doing.now, meeting)
    if not shown:
        return Done("not_now")
    doing.audit("room_code.shown", f"session:{meeting.id}")
    return Done("shown", {"code": shown})


def set_child_care(doing: Doing, deed: SetChildCare) -> Done:
    """Whether people are asked about child care."""
    listing = listing_for(doing, deed.listing)
    if listing is None:
        return REFUSED
    listing.child_care = deed.wanted
    doing.session.flush()
    doing.audit("listing.child_care", f"listing:{listing.id}", wanted=deed.wanted)
    return Done("on" if deed.wanted else "off")


def settle_absence(doing: Doing, deed: SettleAbsence) -> Done:
    """Done with: it leaves the list."""
    row = doing.session.get(absences.AbsenceNotice, deed.notice, with_for_update=True)
    if row is None or listing_for(doing, row.listing_id) is None:
        return REFUSED
    if row.settled_at is not None:
        return Done("gone")
    row.settled_at = doing.now
    doing.session.flush()
    doing.audit("absence.settled", f"absence:{row.id}")
    return Done("settled")


PERFORM: Performers = {
    AddLeader: add_leader,
    EndLeader: end_leader,
    InviteLeader: invite_leader,
    SetLeader: set_leader,
    AddMaterial: add_material,
    RemoveMaterial: remove_material,
    ShowRoomCode: show_room_code,
    SetChildCare: set_child_care,
    SettleAbsence: settle_absence,
}
