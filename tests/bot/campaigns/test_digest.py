"""The weekly digest: one a week, for those who want it, of what fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.campaigns import digest
from bot.keeping.retention import _digests
from conversations.deeds import campaigns as deeds
from conversations.speech import Say, verbatim
from models.campaigns import broadcast, subscription
from models.campaigns.subscription import Digest, DigestRun, Subscription
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.programme import Organisation
from models.who.consent import withdraw
from models.who.people import Person
from tests.bot.campaigns.kit import SUNDAY, act, digests, doing, on, run, sunday
from tests.house import House


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
    house.rules = type(house.rules)(digest_day=0, digest_hour=17, landing=house.rules.landing)
    house.now += timedelta(hours=24)  # the day was changed to Monday: six days must lie between two
    run(house)
    assert digests(house) == 1


def test_what_two_processes_prepared_is_written_once_and_not_to_who_left_meanwhile(house: House) -> None:
    house.person("tara", "sr-Latn", band="18+", town="bor")
    for name in ("mila", "tara"):
        assert on(house, name, "week") == "subscribed"
    house.now += SUNDAY
    with Session(house.database) as session:
        portions = [digest.prepare(doing(house, session)) for _process in range(2)]
        assert session.scalars(select(DigestRun)).all() == [], "nothing was written"
    assert act(house, "tara", deeds.Unsubscribe("week")) == "ended"
    for portion in portions:
        assert portion is not None
        assert set(portion.messages) == {house.person_id("mila"), house.person_id("tara")}
        with Session(house.database) as session:
            digest.write(doing(house, session), replace(portion, last=False))
            session.commit()
    assert [digests(house), digests(house, "tara")] == [1, 0]
    assert run(house) == 0
    assert [digests(house), digests(house, "tara")] == [1, 0]


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


def _give(house: House, audience: dict[str, list[str]], words: str, listing: str = "") -> None:
    author = house.person_id("eva")
    with Session(house.database) as session:
        broadcast.plan(
            session,
            house.now,
            organisation_id=session.scalars(select(Organisation.id).where(Organisation.code == "asb")).one(),
            author_id=author,
            audience=audience,
            texts={"en": words},
            listing_id=session.scalars(select(Listing.id).where(Listing.code == listing)).first(),
            due_at=None,
            counted=1,
            topic=audience["topics"][0] if len(audience["topics"]) == 1 else "",
            in_digest=True,
        )
        session.commit()


def test_news_for_the_digest_reach_everybody_who_wants_such_news(house: House) -> None:
    for name, topics in {"only": ("news",), "both": ("week", "news"), "none": ("grants",), "late": ()}.items():
        house.person(name, "en", band="18+", town="krusevac")
        for topic in topics:
            on(house, name, topic)
    _give(house, {"topics": ["news", "tv"]}, "DEMO new address", "krusevac-klub")
    shown = dict(sunday(house))
    assert set(shown) == {"only", "both"}, "whoever wants such news, also without the list of what is on"
    assert shown["only"].text == "📰 News of this week:\n📰 DEMO new address"
    assert "This week, near you" in shown["both"].text
    assert shown["both"].text.endswith("📰 DEMO new address")
    house.tap("only", "Good-Neighbour Club: tea together")  # where the news leads to
    assert "Come as you are" in house.people["only"].shown[-1].text
    assert "‘Get informed’ news" in house.tap("only", "No more of this")[0][1].text, "that is what they end"
    on(house, "late", "news")
    house.now += timedelta(days=7)
    run(house)
    assert "late" not in dict(house._deliver()), "each stands in the digest of one week"
    assert digests(house, "both") == 2


def test_news_that_wait_do_not_come_once_nothing_is_wanted(house: House) -> None:
    house.person("only", "en", band="18+", town="krusevac")
    on(house, "only", "news")
    only = house.person_id("only")
    _give(house, {"topics": ["news"]}, "DEMO")
    house.now += SUNDAY
    with Session(house.database) as session:
        doing(house, session).tell(only, Say(verbatim("DEMO")), "broadcast")
        digest.step(doing(house, session))
        session.commit()
    act(house, "only", deeds.Unsubscribe("news"))
    with Session(house.database) as session:
        assert session.scalars(select(Outgoing.state).where(Outgoing.kind == "digest")).all() == ["cancelled"]
