"""Cards: what waits for a decision, as posts with buttons. Who decided is written on them; two at once: one wins."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.desk import progress, words
from bot.desk.acting import Act, name_of, post
from bot.desk.finding import FINDERS, NEW_MOST
from bot.doing import Doing
from bot.offering.units import next_unit
from conversations.deeds import Deed
from conversations.deeds.calls import DecideApplication
from conversations.deeds.staff import SettleNote
from conversations.speech import Button, Moment, Say, Text, Words, lines
from conversations.staff.desk import note_text
from models.caring.desk import DeskCard, DeskGroup
from models.messages.message import Note, Outgoing
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import last_start
from models.places.booking import Booking

WAIT_MOST = 6
"""While so many posts wait to be sent no new cards are added."""


def look(doing: Doing, group: DeskGroup) -> None:
    """Bring the cards of a group up to date, and add what is new."""
    session = doing.session
    standing = session.scalars(
        select(DeskCard)
        .where(DeskCard.group_id == group.id, DeskCard.state == "open")
        .order_by(DeskCard.id)
        .with_for_update()
    ).all()
    for card in standing:
        draw(doing, group, card)
    late = session.scalars(
        select(DeskCard)
        .where(DeskCard.group_id == group.id, DeskCard.state == "done", DeskCard.drawn != "done")
        .with_for_update()
    ).all()
    for card in late:
        draw(doing, group, card)
    unsent = session.scalar(
        select(func.count()).where(Outgoing.address_id == group.address_id, Outgoing.state == "waiting")
    )
    room = min(NEW_MOST, WAIT_MOST - (unsent or 0))
    for about, find in FINDERS.items():
        for about_id in find(doing, group)[: max(0, room)]:
            room -= 1
            card = DeskCard(
                group_id=group.id, about=about, about_id=about_id, created_at=doing.now, changed_at=doing.now
            )
            session.add(card)
            session.flush()
            draw(doing, group, card)


# ---------------------------------------------------------------- how they look


def draw(doing: Doing, group: DeskGroup, card: DeskCard) -> None:
    """Show a card, or change the one that is shown, if it says something else by now."""
    say = _say(doing, card)
    if say is None:
        return
    key = "done" if card.state == "done" else progress.key(doing, card) if card.about == "broadcast" else "open"
    if key == card.drawn:
        return
    shown = _shown(doing.session, card)
    if shown is None:
        if card.outgoing_id is None:
            card.outgoing_id = post(doing, group, group.address_id, say)
            card.drawn, card.changed_at = key, doing.now
        return  # not there yet: the next look finds it
    if card.about == "broadcast" and card.state == "open" and card.changed_at > doing.now - progress.APART:
        return
    changed = Say(say.text, say.buttons, replaces=True)
    card.edit_id = post(doing, group, group.address_id, changed, edits=shown)
    card.drawn, card.changed_at = key, doing.now
    doing.session.flush()


def _shown(session: Session, card: DeskCard) -> str | None:
    """The platform's name for the card's message; None while it is on its way. A post that failed is forgotten."""
    edit = session.get(Outgoing, card.edit_id) if card.edit_id is not None else None
    if edit is not None and edit.state in ("waiting", "sending"):
        return None
    first = session.get(Outgoing, card.outgoing_id) if card.outgoing_id is not None else None
    if first is None or first.state in ("failed", "cancelled"):
        card.outgoing_id = card.edit_id = None
        return None
    if edit is not None and edit.state == "sent" and edit.shown_id:
        return edit.shown_id
    return first.shown_id if first.state == "sent" and first.shown_id else None


def _say(doing: Doing, card: DeskCard) -> Say | None:
    """What a card says now. Whatever was settled elsewhere is done here too."""
    make = {"application": _application, "note": _note, "waiting": _line, "broadcast": progress.say}[card.about]
    made = make(doing, card)
    if made is None:
        if card.state == "open":
            card.state, card.outcome = "done", card.outcome or "over"
        made = Say(words.OVER)
    if card.state == "open":
        return made
    if card.about == "broadcast":
        return Say(made.text, made.buttons[1:])
    outcome = words.OUTCOMES.get(card.outcome, words.OUTCOMES["over"])
    if card.decided_by_id is None:
        return Say(lines(made.text, outcome))
    moment = Moment(card.changed_at, doing.rules.zone, "short")
    told = words.DECIDED.of(what=outcome, who=name_of(doing, card.decided_by_id), moment=moment)
    return Say(lines(made.text, told))


def _button(card: DeskCard, label: Text, act: str) -> Button:
    return Button(label, f"d.k.{card.id}.{act}")


def _application(doing: Doing, card: DeskCard) -> Say | None:
    """A number and a call: names and words are behind "Look", which is recorded."""
    row = doing.session.get(Application, card.about_id)
    listing = doing.session.get(Listing, row.listing_id) if row is not None else None
    if row is None or listing is None:
        return None
    if row.state != "registered" and card.state == "open":
        card.state, card.outcome = "done", row.state if row.state in words.OUTCOMES else "over"
    text = lines(
        words.NEW_APPLICATION.of(number=str(row.number)),
        words.TITLE.of(title=Words.of(listing.title)),
        words.SENT_AT.of(moment=Moment(row.created_at, doing.rules.zone, "short")),
    )
    acts = {"accepted": words.ACCEPT, "refused": words.REFUSE, "look": words.LOOK}
    return Say(text, tuple(_button(card, label, act) for act, label in acts.items()))


def _note(doing: Doing, card: DeskCard) -> Say | None:
    row = doing.session.get(Note, card.about_id)
    if row is None:
        return None
    if row.seen_at is not None and card.state == "open":
        card.state, card.outcome = "done", "seen"
    text = note_text(row.kind, row.about, Moment(row.created_at, doing.rules.zone, "short"))
    acts = {"seen": words.SEEN}
    if row.kind == "unsure":
        acts = {"resend": words.RESEND, "ask": words.ASK, "seen": words.LEAVE}
    return Say(text, tuple(_button(card, label, act) for act, label in acts.items()))


def _line(doing: Doing, card: DeskCard) -> Say | None:
    row = doing.session.get(Meeting, card.about_id)
    listing = doing.session.get(Listing, row.listing_id) if row is not None else None
    if row is None or listing is None:
        return None
    waiting = doing.session.scalar(select(func.count()).where(Booking.session_id == row.id, Booking.state == "waiting"))
    following = next_unit(doing.session, doing.now, row)
    if card.state == "open" and (row.state != "planned" or last_start(doing.session, row) <= doing.now or not waiting):
        card.state, card.outcome = "done", "over"
    text = lines(
        words.WAITING.of(n=waiting or 0),
        words.TITLE.of(title=Words.of(listing.title)),
        words.WHEN.of(when=Moment(following.starts_at, following.zone)),
        words.WAITING_HINT if card.state == "open" else None,
    )
    return Say(text, (_button(card, words.LOOK, "look"), _button(card, words.SEEN, "seen")))


# ---------------------------------------------------------------- pressing


def press(act: Act, card_id: int, what: str) -> tuple[str, dict[str, object]] | None:
    """A button of a card was pressed. The card's row is locked: of two at once one decides, the other is told.

    Returns the conversation to open for who pressed, if that is what the button does.
    """
    doing = act.doing
    card = doing.session.get(DeskCard, card_id, with_for_update=True, populate_existing=True)
    if card is None or card.group_id != act.group.id:
        act.show(words.OVER)
        return None
    if what == "look":
        return _opens(doing, card)
    if card.about == "broadcast":
        progress.press(act, card, what)
    elif card.state == "done":
        _already(act, card)
    else:
        _decide(act, card, what)
    draw(doing, act.group, card)
    _mend(act, card)
    return None


def _mend(act: Act, card: DeskCard) -> None:
    """Settle a copy of a decided card whose button was pressed: there is one where the platform took a post and its
    answer was lost, so that it was posted once more.
    """
    session, pressed = act.doing.session, act.arrival.shown_id
    sent = [session.get(Outgoing, row) for row in (card.outgoing_id, card.edit_id) if row is not None]
    known = {row.shown_id for row in sent if row is not None and row.shown_id}
    say = _say(act.doing, card) if card.state == "done" and known and pressed and pressed not in known else None
    if say is not None:
        post(act.doing, act.group, act.group.address_id, Say(say.text, say.buttons, replaces=True), edits=pressed)


def _opens(doing: Doing, card: DeskCard) -> tuple[str, dict[str, object]] | None:
    if card.about == "waiting":
        return "attendance", {"session": card.about_id}
    row = doing.session.get(Application, card.about_id) if card.about == "application" else None
    if row is None:
        return None
    return "interested", {"listing": str(row.listing_id), "number": str(row.number)}


def _already(act: Act, card: DeskCard) -> None:
    if card.decided_by_id is None:
        act.show(words.OVER)
        return
    what = words.OUTCOMES.get(card.outcome, words.OUTCOMES["over"])
    act.show(words.ALREADY.of(who=name_of(act.doing, card.decided_by_id), what=what))


def _decide(act: Act, card: DeskCard, what: str) -> None:
    doing = act.doing
    if card.about == "waiting":
        outcome = "done" if what == "seen" and act.roles & {"staff", "admin"} else "refused"
    else:
        deed = _deed(doing, card, what)
        outcome = perform(doing, deed).outcome if deed is not None else "gone"
    if outcome in ("done", "decided"):
        card.state, card.outcome, card.decided_by_id, card.changed_at = "done", what, act.person.id, doing.now
        doing.audit(f"desk.{what}", f"{card.about}:{card.about_id}", card=card.id)
        act.show(words.OUTCOMES.get(what, words.DONE))
    elif outcome == "refused":
        act.show(words.ADMINS if what in ("resend", "ask") else words.NOT_YOURS)
    else:
        act.show(words.OVER)


def _deed(doing: Doing, card: DeskCard, what: str) -> Deed | None:
    if card.about == "note":
        return SettleNote(str(card.about_id), what) if what in ("seen", "resend", "ask") else None
    row = doing.session.get(Application, card.about_id)
    if row is None or what not in ("accepted", "refused"):
        return None
    return DecideApplication(str(row.number), what == "accepted")
