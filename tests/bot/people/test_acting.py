"""Who acts for whom: people on one phone, helpers with a mandate, and that everybody is counted and told once."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.campaigns.judging import count
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from conversations.deeds.acting import (
    AddHelpedChild,
    AddSharer,
    EndHelper,
    EndMandate,
    GiveMandate,
    InviteHelper,
    IssueMandateCode,
    LeavePhone,
    RecordMandate,
)
from conversations.deeds.offers import Book, CancelBooking, SayComing
from conversations.speech import Done
from models.audit import Audit
from models.campaigns.audience import Audience, people_of
from models.campaigns.broadcast import Recipient, outcome_counts, plan
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.places.booking import Booking
from models.who import acting, consent, person
from models.who.acting import Mandate
from models.who.people import Person
from models.who.staff import StaffRole
from tests.house import House

DAY = timedelta(days=1)


class Home(House):
    """A house in which everybody stays who they are, so that ids can be asked for in the middle of a transaction."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ids: dict[str, int] = {}

    def person_id(self, name: str) -> int:
        if name not in self.ids:
            self.ids[name] = super().person_id(name)
        return self.ids[name]


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = Home(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("medi", "en", organisation="kokoro", role="helper", town="bor")
    made.person("mama", "en", band="18+", town="bor")
    made.person("stranger", "en", band="18+", town="bor")
    for name in made.people:
        made.person_id(name)
    return made


def does(house: House, name: str, deed: object) -> Done:
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, house.person_id(name), 0, "console")
        done = perform(doing, deed)  # type: ignore[arg-type]  # deeds of the house
        session.commit()
    house._deliver()  # what is due now is shown
    return done


def facts(house: House, name: str, session: Session) -> KnownFacts:
    me = me_of(session, session.get_one(Person, house.person_id(name)))
    return KnownFacts(Lookup(session, house.now, me, house.rules, 0, "console"))


def gives(house: House, *, children: bool = False, months: int = 6) -> int:
    code = str(does(house, "medi", IssueMandateCode()).details["code"])
    assert does(house, "mama", GiveMandate(code, months, children)).outcome == "given"
    with Session(house.database) as session:
        return session.scalars(select(Mandate.id).where(Mandate.ended_at.is_(None))).one()


def child_of(house: House, name: str, called: str = "DEMO child", *purposes: str) -> int:
    with Session(house.database) as session:
        guardian = session.get_one(Person, house.person_id(name))
        child = person.add_child(session, house.now, guardian, called, "under14")
        assert child is not None
        person.link(session, house.now, guardian.id, child.id, "mother", reminders=True)
        agreed = ("attend", "messages", *purposes)
        consent.give(session, house.now, child.id, guardian.id, dict.fromkeys(agreed, "yes"), "en", channel="console")
        session.commit()
        return child.id


def meeting(house: House, nth: int = 0) -> int:
    with Session(house.database) as session:
        rows = session.scalars(
            select(Meeting.id)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.code == "bor-matematika", Meeting.starts_at > house.now)
            .order_by(Meeting.starts_at)
        ).all()
        return rows[nth]


# ---------------------------------------------------------------- a helper acts while the mandate stands


def test_a_helper_books_for_a_family_that_said_yes_and_the_family_is_told_by_whom(house: House) -> None:
    gives(house)
    mama = house.person_id("mama")
    does(house, "medi", Book(meeting(house), (mama,)))
    assert "Booked by: " in house.people["mama"].shown[-1].text
    assert any("Who acts for me" in button.label for button in house.people["mama"].shown[-1].buttons)
    with Session(house.database) as session:
        (mine,) = facts(house, "mama", session).offers.bookings()
        assert mine.by == f"#{house.person_id('medi')}"


@pytest.mark.parametrize(
    "how", ["none", "ended by family", "ended by helper", "over", "role ended", "role taken", "replaced"]
)
def test_without_a_mandate_that_stands_nothing_can_be_done_or_seen(house: House, how: str) -> None:
    mama, medi = house.person_id("mama"), house.person_id("medi")
    booked = 0
    if how != "none":
        mandate = gives(house, months=1)
        booked = int(does(house, "medi", Book(meeting(house, 1), (mama,))).details["bookings"][0])  # type: ignore[index]
        if how == "ended by family":
            assert does(house, "mama", EndMandate(mandate)).outcome == "ended"
        elif how == "ended by helper":
            assert does(house, "medi", EndMandate(mandate)).outcome == "ended"
        elif how == "role ended":
            assert does(house, "ana", EndHelper(medi)).outcome == "ended"
        elif how == "role taken":
            with Session(house.database) as session:
                session.execute(update(StaffRole).where(StaffRole.person_id == medi).values(ended_at=house.now))
                session.commit()
        elif how == "over":
            house.now += timedelta(days=30)
        else:
            with Session(house.database) as session:
                session.get_one(Mandate, mandate).helper_id = house.person_id("stranger")
                session.commit()
    assert does(house, "medi", Book(meeting(house), (mama,))).outcome == "denied"
    assert does(house, "medi", CancelBooking(booked)).outcome in ("denied", "gone")
    assert does(house, "medi", SayComing((booked,))).outcome == "gone"
    with Session(house.database) as session:
        known = facts(house, "medi", session)
        assert [one.person_id for one in known.offers.who()] == [medi]
        assert known.offers.bookings() == ()
        assert known.offers.booking(booked) is None
        assert known.people.families() == ()


def test_it_is_over_at_that_very_instant(house: House) -> None:
    mandate, mama = gives(house, months=1), house.person_id("mama")
    with Session(house.database) as session:
        until = session.get_one(Mandate, mandate).until
        medi = house.person_id("medi")
        assert acting.acts_for(session, until - timedelta(seconds=1), medi, mama) is not None
        assert acting.acts_for(session, until, medi, mama) is None


def test_a_helper_sees_and_changes_only_what_they_booked(house: House) -> None:
    gives(house)
    mama = house.person_id("mama")
    own = int(does(house, "mama", Book(meeting(house), (mama,))).details["bookings"][0])  # type: ignore[index]
    theirs = int(does(house, "medi", Book(meeting(house, 1), (mama,))).details["bookings"][0])  # type: ignore[index]
    with Session(house.database) as session:
        known = facts(house, "medi", session)
        assert [mine.booking_id for mine in known.offers.bookings()] == [theirs]
        assert known.offers.booking(own) is None
    assert does(house, "medi", CancelBooking(own)).outcome == "denied"
    assert does(house, "medi", CancelBooking(theirs)).outcome == "cancelled"


def test_a_mandate_for_oneself_does_not_cover_the_children(house: House) -> None:
    child = child_of(house, "mama")
    gives(house)
    assert does(house, "medi", Book(meeting(house), (child,))).outcome == "denied"
    gives(house, children=True)
    assert does(house, "medi", Book(meeting(house), (child,))).outcome == "booked"


def test_every_act_of_a_helper_is_recorded_with_the_mandate(house: House) -> None:
    mandate, mama = gives(house), house.person_id("mama")
    made = int(does(house, "medi", Book(meeting(house), (mama,))).details["bookings"][0])  # type: ignore[index]
    does(house, "medi", CancelBooking(made))
    with Session(house.database) as session:
        rows = session.scalars(select(Audit).where(Audit.actor_id == house.person_id("medi"))).all()
        acts = [(row.action, row.details.get("mandate")) for row in rows if row.subject.startswith("booking:")]
    assert acts == [("booked", mandate), ("cancelled", mandate)]


def test_a_helper_does_not_read_what_a_family_writes_to_the_team(house: House) -> None:
    from models.caring.case import open_request
    from models.caring.reading import readers

    gives(house)
    with Session(house.database) as session:
        for kind in ("talk", "safety"):
            request, _new = open_request(session, house.now, house.person_id("mama"), None, kind=kind)
            assert house.person_id("medi") not in readers(session, request)


def test_codes_of_helpers_work_once_and_only_for_helpers(house: House) -> None:
    assert does(house, "stranger", IssueMandateCode()).outcome == "refused"
    code = str(does(house, "medi", IssueMandateCode()).details["code"])
    assert re.fullmatch(r"[\w-]{22}", code)
    assert does(house, "medi", GiveMandate(code, 1, False)).outcome == "own"
    assert does(house, "mama", GiveMandate(code, 1, False)).outcome == "given"
    assert does(house, "stranger", GiveMandate(code, 1, False)).outcome == "unknown"
    late = str(does(house, "medi", IssueMandateCode()).details["code"])
    house.now += DAY
    assert does(house, "stranger", GiveMandate(late, 1, False)).outcome == "unknown"
    ended = str(does(house, "medi", IssueMandateCode()).details["code"])
    does(house, "ana", EndHelper(house.person_id("medi")))
    assert does(house, "stranger", GiveMandate(ended, 1, False)).outcome == "unknown"


def test_no_mandate_is_longer_than_a_year(house: House) -> None:
    mandate = gives(house, months=1000)
    with Session(house.database) as session:
        assert session.get_one(Mandate, mandate).until <= house.now + timedelta(days=366)


def test_strangers_cannot_end_a_mandate(house: House) -> None:
    mandate = gives(house)
    assert does(house, "stranger", EndMandate(mandate)).outcome == "gone"
    assert does(house, "ana", EndMandate(mandate)).outcome == "gone"


def test_mandates_are_forgotten_two_years_after_they_ended(house: House) -> None:
    from bot.keeping.retention import STEPS

    mandate = gives(house)
    does(house, "mama", EndMandate(mandate))
    for days, left in ((730, [mandate]), (732, [])):
        with Session(house.database) as session:
            for step in STEPS:
                step(session, house.now + timedelta(days=days))
            session.commit()
            assert session.scalars(select(Mandate.id)).all() == left


# ---------------------------------------------------------------- on paper


def on_paper(house: House, form: str = "17/2026") -> int:
    done = does(house, "ana", RecordMandate(house.person_id("medi"), "DEMO adult", form, 6))
    assert done.outcome == "recorded"
    with Session(house.database) as session:
        return session.scalars(select(Mandate.id).where(Mandate.form == form)).one()


def test_only_staff_of_the_organisation_record_a_form_and_each_once(house: House) -> None:
    medi = house.person_id("medi")
    on_paper(house)
    assert does(house, "ana", RecordMandate(medi, "DEMO", "17/2026", 6)).outcome == "taken"
    for name in ("medi", "stranger", "mama"):
        assert does(house, name, RecordMandate(medi, "DEMO", "18/2026", 6)).outcome == "refused"
    assert does(house, "ana", RecordMandate(house.person_id("stranger"), "DEMO", "19", 6)).outcome == "refused"
    for name in ("medi", "stranger"):
        assert does(house, name, InviteHelper()).outcome == "refused"
        assert does(house, name, EndHelper(medi)).outcome == "refused"


def test_a_helper_has_more_families_than_a_parent_has_children(house: House) -> None:
    for number in range(person.CHILDREN_MOST + 3):
        mandate = on_paper(house, f"{number}/2026")
        assert does(house, "medi", AddHelpedChild(mandate, "DEMO child", "under14")).outcome == "added"
    with Session(house.database) as session:
        assert len(facts(house, "medi", session).offers.who()) == 1 + 2 * (person.CHILDREN_MOST + 3)
    assert does(house, "stranger", AddHelpedChild(mandate, "DEMO", "under14")).outcome == "refused"


def test_a_family_without_a_phone_is_reminded_through_its_helper_until_the_mandate_ends(house: House) -> None:
    mandate = on_paper(house)
    does(house, "medi", AddHelpedChild(mandate, "DEMO child", "under14"))
    with Session(house.database) as session:
        child = session.scalars(select(Person.id).where(Person.called == "DEMO child")).one()
    assert does(house, "medi", Book(meeting(house, 1), (child,))).outcome == "booked"
    seen = [message.text for name, message in house.advance(hours=60) if name == "medi"]
    assert any("DEMO child" in text for text in seen)
    does(house, "medi", Book(meeting(house, 3), (child,)))
    does(house, "medi", EndMandate(mandate))
    assert not [name for name, message in house.advance(days=9) if name == "medi" and "A reminder" in message.text]


# ---------------------------------------------------------------- on one phone


def test_people_on_one_phone_are_reminded_once_with_both_names(house: House) -> None:
    guest = int(does(house, "mama", AddSharer("DEMO Stana", "18+")).details["person"])  # type: ignore[call-overload]
    mama = house.person_id("mama")
    assert does(house, "mama", Book(meeting(house), (mama, guest))).outcome == "booked"
    seen = [message.text for name, message in house.advance(hours=25) if name == "mama" and "reminder" in message.text]
    assert len(seen) == 1
    assert "DEMO Stana" in seen[0]
    assert does(house, "stranger", Book(meeting(house, 1), (guest,))).outcome == "denied"


def test_who_needs_a_guardian_has_no_say_of_their_own_on_a_phone(house: House) -> None:
    assert does(house, "mama", AddSharer("DEMO", "under14")).outcome == "guardian"
    assert does(house, "mama", AddSharer("DEMO", "14")).outcome == "guardian", "in Serbia from fifteen"
    assert does(house, "mama", AddSharer("DEMO", "15-17")).outcome == "added"


def test_who_is_off_the_only_phone_is_erased_and_nobody_elses_word_counts(house: House) -> None:
    guest = int(does(house, "mama", AddSharer("DEMO Stana", "18+")).details["person"])  # type: ignore[call-overload]
    does(house, "mama", Book(meeting(house), (guest,)))
    assert does(house, "stranger", LeavePhone(guest)).outcome == "not_here"
    assert does(house, "mama", LeavePhone(guest)).outcome == "left"
    with Session(house.database) as session:
        gone = session.get_one(Person, guest)
        assert (gone.called, gone.erased_at) == ("", house.now)
        assert session.scalars(select(Booking.state)).all() == ["cancelled"]


def test_the_data_of_a_stranger_is_not_handed_out(house: House) -> None:
    with Session(house.database) as session:
        mine = facts(house, "mama", session).people
        assert mine.data_file(house.person_id("stranger")).content == mine.data_file().content


# ---------------------------------------------------------------- each counted once, each told once


def broadcast(house: House, *, roles: tuple[str, ...] = (), bands: tuple[str, ...] = ()) -> int:
    with Session(house.database) as session:
        organisation = session.scalars(select(Organisation).where(Organisation.code == "kokoro")).one()
        row = plan(
            session, house.now, organisation_id=organisation.id, author_id=house.person_id("ana"),
            audience=Audience(roles=roles, bands=bands).to_json(), texts={"en": "DEMO news"}, listing_id=None,
            due_at=None, counted=0,
        )  # fmt: skip
        session.commit()
        return row.id


def test_a_mother_with_two_children_on_her_phone_gets_one_message_and_three_are_counted(house: House) -> None:
    for called in ("DEMO one", "DEMO two"):
        child_of(house, "mama", called)
    with Session(house.database) as session:
        assert count(session, house.rules, house.now, Audience()).reached == len(house.people) + 2
        assert count(session, house.rules, house.now, Audience(bands=("under14",))).reached == 2
    row = broadcast(house, roles=("young", "guardian"))
    seen = [name for name, message in house.advance(minutes=30) if "DEMO news" in message.text]
    assert sorted(seen) == ["mama", "medi", "stranger"], "once to each phone"
    with Session(house.database) as session:
        counts = outcome_counts(session, row)
        assert sum(counts.values()) == 5, "each of the people once"
        assert set(counts) <= {"sent", "waiting"}


def test_who_cannot_come_is_asked_where_a_reminder_is_for_several(house: House) -> None:
    mama = house.person_id("mama")
    both = tuple(child_of(house, "mama", called) for called in ("DEMO one", "DEMO two"))
    does(house, "mama", Book(meeting(house, 0), (mama, *both)))
    house.advance(hours=24)
    asked = house.tap("mama", "We can't come")[0][1]
    assert asked.text.startswith("Who cannot come?")
    assert len(asked.cards) == 3
    assert "Who cannot come?" not in house.hear("mama", "/bookings")[0][1].text


def test_the_same_in_small_steps(house: House) -> None:
    from bot.campaigns import broadcasting

    for called in ("DEMO one", "DEMO two"):
        child_of(house, "mama", called)
    row = broadcast(house, bands=("under14", "18+"))
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules)
        while broadcasting.step(doing, 1):
            pass
        session.commit()
        mine = select(Outgoing.address_id).where(Outgoing.broadcast_id == row)
        addresses = session.scalars(mine).all()
        assert len(addresses) == len(set(addresses)) == 4
        assert len(session.scalars(select(Recipient.id).where(Recipient.broadcast_id == row)).all()) == 6


def test_a_phone_whose_holder_has_stopped_is_left_alone(house: House) -> None:
    child_of(house, "mama")
    house.hear("mama", "stop")
    house.tap("mama", "🔕 Stop messages")
    broadcast(house, bands=("under14",))
    assert not [name for name, message in house.advance(minutes=30) if "DEMO news" in message.text]


def test_a_helper_is_not_staff_for_a_message_to_staff(house: House) -> None:
    with Session(house.database) as session:
        assert session.scalars(people_of(Audience(roles=("staff",)))).all() == [house.person_id("ana")]


def test_somebody_with_three_bookings_is_one_person_for_staff(house: House) -> None:
    for nth in range(3):
        does(house, "mama", Book(meeting(house, nth), (house.person_id("mama"),)))
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        row = facts(house, "ana", session).staff.listing(listing.id)
        assert row is not None
        assert row.people == 1
