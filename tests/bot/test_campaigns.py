"""News, the weekly digest, announcements, answers, places and call-backs: rules that hold, also in ugly cases."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.campaigns import digest
from bot.caring import reviewing
from bot.deeds import perform
from bot.doing import Doing
from bot.facts.reached import few
from bot.keeping.retention import _digests, _numbers
from bot.offering.public_answers import answer_in_public, answers_in_public
from bot.searching.answer_search import find
from conversations.deeds import Deed
from conversations.deeds import campaigns as deeds
from conversations.deeds.staff import SendBroadcast
from conversations.hours import read_spans
from conversations.speech import Say, Spoken, verbatim
from models.base import Base
from models.campaigns import reach, subscription
from models.campaigns.reach import ReachCount
from models.campaigns.subscription import Digest, DigestRun, Subscription
from models.caring import answer, answer_keeping, callback, case
from models.caring.answer import AnswerCard, AnswerCount
from models.caring.callback import Callback
from models.messages.message import Outgoing, StoredAttachment
from models.messages.reminder import Reminder
from models.offers import closures
from models.offers.announcement import Announcement
from models.offers.closures import Closure
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site
from models.visits.opening import day_json
from models.who import erasure
from models.who.consent import withdraw
from models.who.people import Address, Person
from tests.house import House

SUNDAY = timedelta(hours=151, minutes=5)
"""From Monday ten o'clock to five past five on Sunday: the digests are due."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "sr-Latn", band="15-17", town="bor")
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("eva", "en", organisation="asb", town="krusevac")
    return made


def doing(house: House, session: Session, name: str = "") -> Doing:
    return Doing(session, house.now, house.rules, house.person_id(name) if name else 0)


def act(house: House, name: str, deed: Deed) -> str:
    with Session(house.database) as session:
        done = perform(doing(house, session, name), deed)
        session.commit()
    return done.outcome


def digests(house: House, name: str = "mila") -> int:
    who = house.person_id(name)
    with Session(house.database) as session:
        mine = select(Address.id).where(Address.person_id == who)
        return session.scalar(select(func.count()).where(Outgoing.kind == "digest", Outgoing.address_id.in_(mine))) or 0


def run(house: House) -> int:
    with Session(house.database) as session:
        seen = digest.step(doing(house, session))
        session.commit()
    return seen


def sunday(house: House) -> list[tuple[str, Spoken]]:
    """Sunday has come, and the digests with it."""
    house.now += SUNDAY
    run(house)
    return house._deliver()


def on(house: House, name: str, topic: str) -> str:
    return act(house, name, deeds.Subscribe(topic))


# ---------------------------------------------------------------- the weekly digest


def test_nobody_gets_two_digests_in_a_week(house: House) -> None:
    mila = house.person_id("mila")
    assert on(house, "mila", "week") == "subscribed"
    sunday(house)
    assert digests(house) == 1
    with Session(house.database) as session:  # a crash that lost how far the run had come
        session.execute(update(DigestRun).values(cursor=0, ended_at=None))
        session.commit()
    run(house)
    assert digests(house) == 1
    with Session(house.database) as session:  # and one that lost even who was dealt with: another process claims first
        assert subscription.claim(session, house.now, date(2026, 3, 2), [(mila, "written")]) == set()
    with Session(house.database) as session:  # two processes that looked at the same moment
        digest._write(doing(house, session), date(2026, 3, 2), [mila])
        session.commit()
    assert digests(house) == 1
    house.rules = type(house.rules)(digest_day=0, digest_hour=17, landing=house.rules.landing)
    house.now += timedelta(hours=24)  # the day was changed to Monday: six days must lie between two
    run(house)
    assert digests(house) == 1


def test_only_subscribers_who_still_agree_get_one(house: House) -> None:
    for name in ("stopped", "withdrew", "ended", "never", "stays"):
        house.person(name, "bg", band="18+", town="bor")
        if name != "never":
            on(house, name, "week")
    act(house, "ended", deeds.Unsubscribe("week"))
    stopped, withdrew = house.person_id("stopped"), house.person_id("withdrew")
    with Session(house.database) as session:
        session.get_one(Person, stopped).stopped_at = house.now
        withdraw(session, house.now, withdrew, ["messages"])
        session.commit()
    assert [name for name, message in sunday(house) if "Тази седмица" in message.text] == ["stays"]


def test_a_digest_names_what_fits_and_is_not_booked(house: House) -> None:
    house.person("odd", "en", band="15-17", town="razhena")  # a village where nothing is held
    on(house, "mila", "week")
    on(house, "odd", "week")
    house.hear("mila", "/start bor-matematika")
    house.hear("mila", "3")  # not this week's, but the next one's
    house.tap("mila", "Da, molim")
    shown = dict(sunday(house))
    odd = house.person_id("odd")
    text = next(m.text for m in house.people["mila"].shown if "Ove nedelje" in m.text)
    assert "Matematika" not in text
    assert "Engleski" in text
    assert "roditelj" not in text.casefold(), "what is for adults is not for her"
    assert "odd" not in shown, "nothing fits: nothing is written"
    with Session(house.database) as session:
        states = {row.person_id: row.state for row in session.scalars(select(Digest))}
    assert states[odd] == "nothing"


def test_who_subscribes_after_the_hour_waits_for_the_next_week(house: House) -> None:
    sunday(house)
    with Session(house.database) as session:
        session.execute(update(DigestRun).values(ended_at=None))
        session.commit()
    on(house, "mila", "week")
    house.now += timedelta(minutes=5)
    run(house)
    assert digests(house) == 0


def test_a_run_that_comes_too_late_is_left_out(house: House) -> None:
    on(house, "mila", "week")
    house.now += timedelta(hours=152 + 25)
    assert run(house) == 0
    assert digests(house) == 0


def test_who_had_another_message_today_gets_it_tomorrow(house: House) -> None:
    on(house, "mila", "week")
    mila = house.person_id("mila")
    house.now += SUNDAY
    with Session(house.database) as session:
        doing(house, session).tell(mila, Say(verbatim("DEMO")), "broadcast")
        digest.step(doing(house, session))
        session.commit()
        due = session.scalars(select(Outgoing.due_at).where(Outgoing.kind == "digest")).one()
    assert due - house.now >= timedelta(hours=12)


def test_a_digest_that_waits_does_not_come_once_it_is_ended(house: House) -> None:
    test_who_had_another_message_today_gets_it_tomorrow(house)
    act(house, "mila", deeds.Unsubscribe("week"))
    with Session(house.database) as session:
        assert session.scalars(select(Outgoing.state).where(Outgoing.kind == "digest")).all() == ["cancelled"]


def test_many_are_dealt_with_in_portions(house: House) -> None:
    with Session(house.database) as session:
        people = [Person(tag="bg", band="18+", created_at=house.now, welcomed_at=house.now) for _n in range(25)]
        session.add_all(people)
        session.flush()
        session.add_all([Subscription(person_id=one.id, topic="week", created_at=house.now) for one in people])
        session.commit()
    house.now += timedelta(hours=152)
    seen = []
    for _round in range(4):
        with Session(house.database) as session:
            seen.append(digest.step(doing(house, session), 10))
            session.commit()
    assert seen == [10, 10, 5, 0]


def test_old_rows_go_but_not_the_one_that_keeps_a_second_digest_away(house: House) -> None:
    mila = house.person_id("mila")
    with Session(house.database) as session:
        for weeks in (0, 20):
            at = house.now - timedelta(weeks=weeks)
            session.add(Digest(person_id=mila, week=at.date(), state="written", created_at=at))
        session.flush()
        assert _digests(session, house.now) == 1
        assert session.scalars(select(Digest.week)).all() == [house.now.date()]


# ---------------------------------------------------------------- subscriptions and messages


def test_a_child_needs_a_guardian_and_an_adult_a_yes(house: House) -> None:
    house.person("child", "bg", band="under14", town="kazanlak")
    assert on(house, "child", "jobs") == "guardian"
    mila = house.person_id("mila")
    with Session(house.database) as session:
        withdraw(session, house.now, mila, ["messages"])
        session.commit()
    assert on(house, "mila", "jobs") == "agree"
    with Session(house.database) as session:
        assert session.scalars(select(Subscription)).all() == []


def test_a_message_for_a_topic_reaches_its_subscribers_alone_and_ends_by_one_tap(house: House) -> None:
    house.person("vuk", "sr-Latn", band="15-17", town="bor")
    on(house, "mila", "jobs")
    draft = {"texts": {"en": "A job"}, "topics": ["jobs"], "organisation": None}
    assert act(house, "ana", SendBroadcast(draft)) == "sending"
    assert [name for name, _m in house.advance(minutes=15) if name in ("mila", "vuk")] == ["mila"]
    house.tap("mila", "Ne više o ovome")
    house.advance(hours=30)
    assert act(house, "ana", SendBroadcast(draft)) == "nobody"


def test_erasing_somebody_ends_what_they_wanted(house: House) -> None:
    on(house, "mila", "tv")
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    mila = house.person_id("mila")
    with Session(house.database) as session:
        erasure.erase(session, house.now, mila)
        session.commit()
        assert session.scalars(select(Subscription)).all() == []
        assert session.scalars(select(Callback)).all() == []


# ---------------------------------------------------------------- answers


def test_an_answer_that_ran_out_is_shown_nowhere(house: House) -> None:
    def everywhere() -> list[bool]:
        with Session(house.database) as session:
            card = session.scalars(select(AnswerCard).where(AnswerCard.code == "rs-work")).one()
            shown = answer.cards(session, house.now.date(), "RS")
            return [
                card in shown,
                card in find(shown, "od koliko godina smem da radim"),
                answer_in_public(session, house.now, "rs-work", house.rules.zone) is not None,
                "rs-work" in {one.code for one in answers_in_public(session, house.now, house.rules.zone)},
            ]

    assert everywhere() == [True] * 4
    with Session(house.database) as session:
        session.execute(update(AnswerCard).where(AnswerCard.code == "rs-work").values(review_on=house.now.date()))
        session.commit()
    assert everywhere() == [False] * 4
    shown = house.hear("mila", "/start rs-work")
    assert not any("15 godina" in message.text for _name, message in shown)
    with Session(house.database) as session:
        card_id = session.scalars(select(AnswerCard.id).where(AnswerCard.code == "rs-work")).one()
    assert act(house, "ana", deeds.ConfirmAnswer(card_id)) == "confirmed"
    assert everywhere() == [True] * 4
    assert act(house, "ana", deeds.RetireAnswer(card_id)) == "retired"
    assert everywhere() == [False] * 4


@pytest.mark.parametrize("words", ["лична карта", "LICNA KARTA", "lična krta", "licnu kartu"])
def test_free_words_find_an_answer_in_either_script_and_with_a_letter_wrong(house: House, words: str) -> None:
    with Session(house.database) as session:
        found = find(answer.cards(session, house.now.date(), "RS"), words)
        assert found[0].code == "rs-id-card"
        assert find(answer.cards(session, house.now.date(), "RS"), "xylophone quartz") == []


def test_its_owner_is_told_once_before_and_once_when_it_is_hidden(house: House) -> None:
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        card.review_on = (house.now + timedelta(days=14)).date()
        session.commit()
    told = [m.text for name, m in house.advance(hours=2) if name == "ana" and "internet" in m.text]
    assert len(told) == 1
    house.now += timedelta(days=14)
    told = [m.text for name, m in house.advance(hours=2) if name == "ana" and "hidden" in m.text]
    assert len(told) == 1
    house.tap("ana", "✅ It is still true")
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        assert card.review_on > house.now.date() + timedelta(days=100)
        assert reviewing.tell_owners(doing(house, session)) == 0


def test_staff_of_another_organisation_change_nothing(house: House) -> None:
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard.id).where(AnswerCard.code == "bor-online")).one()
        site = session.scalars(select(Site.id).where(Site.code == "bor-boravak")).one()
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    today = house.now.isoformat()
    attempts: list[Deed] = [
        deeds.ConfirmAnswer(card),
        deeds.CorrectAnswer(card, "answer", "en", "wrong"),
        deeds.RetireAnswer(card),
        deeds.SetVoice(card, "en", "1"),
        deeds.CloseSite({"site": site, "first": today, "last": today, "cancel": True}),
        deeds.SetHours(site, (0,), "8-9"),
        deeds.SetBus(site, "en", "wrong"),
        deeds.MoveEvent(event, (house.now + timedelta(days=9)).isoformat()),
        deeds.CancelEvent(event),
        deeds.AddEvidence(event, "https://example.org/x"),
    ]
    for name in ("eva", "mila"):
        assert [act(house, name, deed) for deed in attempts] == ["refused"] * len(attempts), name
    assert act(house, "mila", deeds.AddAnswer({"topic": "papers"})) == "refused"
    assert act(house, "mila", deeds.Announce({"at": today, "topic": "tv", "title": {}, "place": {}})) == "refused"


def test_a_voice_is_replaced_and_goes_with_its_answer(house: House) -> None:
    ana = house.person_id("ana")
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        made = [
            StoredAttachment(person_id=ana, kind="voice", content=b"DEMO", created_at=house.now, keep_until=house.now)
            for _n in range(2)
        ]
        session.add_all(made)
        session.flush()
        for one in made:
            answer_keeping.set_voice(session, house.now, card.id, "sr", one.id)
        assert answer_keeping.voice_of(session, card.id, "sr") == made[1].id
        assert made[0].keep_until == house.now < made[1].keep_until
        answer_keeping.retire(session, house.now, card)
        assert answer_keeping.voice_of(session, card.id, "sr") is None
        assert made[1].keep_until == house.now


# ---------------------------------------------------------------- how far it reached


def test_counters_know_nobody(house: House) -> None:
    for table in (ReachCount.__table__, AnswerCount.__table__):
        pointed = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        assert pointed <= {"answer_card"}, "a count points at nobody"
        assert not {"person_id", "address_id", "created_at", "at"} & set(table.columns.keys())
    house.person("vuk", "sr-Latn", band="15-17", town="bor")
    for name in ("mila", "vuk", "vuk"):
        house.hear(name, "/start rs-work")
    with Session(house.database) as session:
        rows = session.execute(select(ReachCount.kind, ReachCount.what, ReachCount.day, ReachCount.n)).all()
    assert [tuple(row) for row in rows] == [("answer", "chat", house.now.date(), 3)]


def test_small_counts_are_not_told_apart() -> None:
    assert [few(n) for n in (0, 1, 4, 5, 12)] == ["0", "<5", "<5", "5", "12"]


def test_only_what_there_is_can_be_counted(house: House) -> None:
    with Session(house.database) as session, pytest.raises(ValueError, match="not counted"):
        reach.count(session, house.now.date(), "person", 1, "chat")
    house.hear("mila", tap="l.bor-matematika.999")
    with Session(house.database) as session:
        assert session.scalars(select(ReachCount).where(ReachCount.kind == "broadcast")).all() == []


# ---------------------------------------------------------------- places


def test_closing_tells_those_booked_once_and_the_staff_of_others(house: House) -> None:
    house.hear("mila", "/start bor-engleski")
    house.hear("mila", "1")
    house.tap("mila", "Da, molim")
    with Session(house.database) as session:
        site = session.scalars(select(Site).where(Site.code == "bor-boravak")).one()
        asb = session.scalars(select(Organisation.id).where(Organisation.code == "asb")).one()
        theirs = select(Listing.id).where(Listing.organisation_id == asb, Listing.block == "OFF").limit(1)
        guest = session.scalars(theirs).one()
        session.execute(update(Meeting).where(Meeting.listing_id == guest).values(site_id=site.id))
        session.commit()
        site_id = site.id
    first, last = house.now.isoformat(), (house.now + timedelta(days=9)).isoformat()
    draft = {"site": site_id, "first": first, "last": last, "reason": "repair", "cancel": True}
    assert act(house, "ana", deeds.CloseSite(draft)) == "closed"
    assert act(house, "ana", deeds.CloseSite(draft)) == "closed", "a double tap is no second closure"
    shown = house.advance(minutes=15)
    assert [name for name, m in shown if name == "mila" and "neće održati" in m.text] == ["mila"]
    assert any(name == "eva" and "closed" in m.text for name, m in shown)
    with Session(house.database) as session:
        assert session.scalar(select(func.count()).select_from(Closure)) == 1
        day = house.now.date()
        assert closures.closed_on(session, site_id, day) is not None
        assert closures.closed_on(session, site_id, day + timedelta(days=10)) is None
        states = session.scalars(
            select(Meeting.state).where(Meeting.listing_id == guest, Meeting.starts_at < house.now + timedelta(days=9))
        ).all()
        assert set(states) <= {"planned"}, "another organisation decides about its own meetings"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8-16", [["08:00", "16:00"]]),
        ("8.30–12, 15:00-19:00", [["08:30", "12:00"], ["15:00", "19:00"]]),
        ("16-8", None),
        ("8-12, 11-14", None),
        ("8-25", None),
        ("8-12 и 15-24", [["08:00", "12:00"], ["15:00", "24:00"]]),
        ("od 8h do 12h30", [["08:00", "12:30"]]),
        ("16:00 до 20:00 ч", [["16:00", "20:00"]]),
        ("8-12 и у 17", None),
        ("8-12-16", None),
        ("", None),
    ],
)
def test_hours_are_read_or_asked_again(typed: str, read: list[list[str]] | None) -> None:
    spans = read_spans(typed)
    assert (day_json(spans) if spans else None) == read


# ---------------------------------------------------------------- announcements and calls


def test_a_reminder_follows_its_announcement(house: House) -> None:
    with Session(house.database) as session:
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "planned"
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "already"
    later = house.now + timedelta(days=4, hours=5)
    assert act(house, "ana", deeds.MoveEvent(event, later.isoformat())) == "moved"
    assert not any("Uskoro" in m.text for _name, m in house.advance(days=4)), "not at the old time"
    shown = [m.text for name, m in house.advance(hours=5) if name == "mila" and "Uskoro" in m.text]
    assert len(shown) == 1
    assert act(house, "mila", deeds.RemindOfEvent(event)) in ("late", "already")
    assert act(house, "ana", deeds.CancelEvent(event)) == "over"


def test_a_cancelled_announcement_reminds_nobody(house: House) -> None:
    with Session(house.database) as session:
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    act(house, "mila", deeds.RemindOfEvent(event))
    assert act(house, "ana", deeds.CancelEvent(event)) == "cancelled"
    assert act(house, "mila", deeds.RemindOfEvent(event)) == "gone"
    with Session(house.database) as session:
        assert session.scalars(select(Reminder.state).where(Reminder.about == "event")).all() == ["cancelled"]


def test_a_number_is_gone_once_somebody_has_called_or_the_request_is_closed(house: House) -> None:
    assert act(house, "mila", deeds.AskCall("+381601234567", "morning")) == "asked"
    assert act(house, "mila", deeds.AskCall("+381601234568", "any")) == "changed"
    assert act(house, "mila", deeds.AskCall("12", "any")) == "unreadable"
    with Session(house.database) as session:
        request = session.scalars(select(case.Request)).one()
    assert act(house, "eva", deeds.MarkCalled(str(request.id), True)) == "gone", "it is not theirs"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), False)) == "tried"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), True)) == "called"
    assert act(house, "ana", deeds.MarkCalled(str(request.id), True)) == "gone"
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    with Session(house.database) as session:
        case.close(session, house.now, session.get_one(case.Request, request.id))
        session.commit()
        assert {row.phone for row in session.scalars(select(Callback))} == {""}


def test_a_number_that_nobody_called_is_not_kept(house: House) -> None:
    act(house, "mila", deeds.AskCall("+381601234567", "any"))
    with Session(house.database) as session:
        assert _numbers(session, house.now + timedelta(days=29)) == 0
        assert _numbers(session, house.now + timedelta(days=31)) == 1
        assert session.scalars(select(Callback.phone)).one() == ""
        assert callback.waiting(session, 1) is None


def test_every_new_table_that_names_somebody_is_accounted_for() -> None:
    mine = {"subscription", "digest", "callback", "closure", "announcement", "evidence", "answer_card"}
    assert mine <= erasure.HANDLED | erasure.KEPT
    assert mine <= set(Base.metadata.tables)
