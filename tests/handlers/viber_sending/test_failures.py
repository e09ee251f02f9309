"""What each failure is called, and that none carries a secret."""

from __future__ import annotations

import logging
import traceback

import pytest

from conversations.speech import Spoken, SpokenButton, SpokenVenue
from handlers.viber.channel import ViberChannel
from handlers.viber.errors import NAMES
from tests.fakes.viber import FakeViber, Fault, Person, status
from tests.handlers.viber_sending.kit import failure

KINDS = {
    1: "refused", 2: "stopped", 3: "refused", 4: "refused", 5: "gone", 6: "gone", 7: "stopped", 8: "stopped",
    9: "stopped", 10: "stopped", 11: "gone", 12: "wait", 13: "refused", 14: "refused", 15: "stopped", 16: "refused",
    17: "refused", 18: "refused", 19: "refused", 20: "refused", 21: "refused", 22: "refused", 23: "unpaid",
    24: "unpaid", 25: "retry", 99: "retry",
}  # fmt: skip


@pytest.mark.parametrize("code", KINDS)
async def test_each_status_has_its_kind(channel: ViberChannel, fake: FakeViber, ana: Person, code: int) -> None:
    fake.fail("send_message", status(code))
    failed = await failure(channel, "a", ana.id)
    assert (failed.kind, failed.everyone) == (KINDS[code], False)
    assert str(code) in failed.reason
    assert ana.shown == []
    await channel.send(ana.id, Spoken("afterwards"))
    assert ana.last.text == "afterwards"


def test_every_status_that_viber_has_a_name_for_is_decided() -> None:
    assert set(NAMES) == set(range(1, 25)) == {code for code in KINDS if code < 25}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=500, body=""), "unsure"),
        (Fault.html(502), "unsure"),
        (Fault.html(504, takes_effect=True), "unsure"),
        (Fault(status=503, body="busy"), "retry"),
        (Fault(status=429, body=""), "retry"),
        (Fault(status=404, body="<html>"), "retry"),
        (Fault(status=401, body=""), "stopped"),
        (Fault(status=413, body=""), "refused"),
        (Fault.empty(), "unsure"),
        (Fault.html(200), "unsure"),
        (Fault.truncated_json(), "unsure"),
        (Fault.cut_before(), "unsure"),
        (Fault.cut_after(), "unsure"),
        (Fault(status=500, body='{"status": 0}'), "unsure"),
        (Fault(status=401, body='{"status": "5"}'), "gone"),
        (Fault(status=200, body='{"status": true}'), "unsure"),
        (Fault(status=200, body='{"status_message": "ok"}'), "unsure"),
        (Fault(status=200, body="[]"), "unsure"),
        (Fault(status=200, body="[" * 100_000), "unsure"),
        (Fault(status=200, body='{"status": ' + "1" * 5000 + "}"), "unsure"),
        (Fault(status=200, body='{"status": 0, "x": "' + "x" * 10_000_000 + '"}'), "unsure"),
        (Fault(status=302, body=""), "unsure"),
    ],
)  # fmt: skip
async def test_each_broken_answer_has_its_kind(
    channel: ViberChannel, fake: FakeViber, ana: Person, fault: Fault, kind: str
) -> None:
    fake.fail("send_message", fault)
    assert (await failure(channel, "a", ana.id)).kind == kind
    await channel.send(ana.id, Spoken("afterwards"))
    assert ana.last.text == "afterwards"


async def test_a_slow_answer_is_unsure_and_nothing_listening_surely_was_not_shown(
    channel: ViberChannel, fake: FakeViber, ana: Person
) -> None:
    assert channel._line._session is not None
    await channel._line._session.close()
    channel._line._session, channel._line._seconds = None, 0.3
    fake.fail("send_message", Fault.slow(1.0))
    assert (await failure(channel, "a", ana.id)).kind == "unsure"
    fake.stop()
    failed = await failure(channel, "a", ana.id)
    assert (failed.kind, failed.reason) == ("retry", "viber: no connection")


async def test_a_token_is_kept_to_its_last_digit(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    for token in (2**63 - 1, 9_007_199_254_740_993, '"4912661846655238145"'):
        fake.fail("send_message", Fault(status=200, body=f'{{"status": 0, "message_token": {token}}}'))
        sent = await channel.send(ana.id, Spoken("a"))
        assert sent.shown_id == str(token).strip('"')


async def test_gone_unknown_and_impossible_addresses(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    await fake.taken(ana.unsubscribes())
    assert (await failure(channel, "a", ana.id)).kind == "gone"
    assert (await failure(channel, "a", "AAAAAAAAAAAAAAAAAAAAAA==")).kind == "gone"
    assert (await failure(channel, "a", "@somebody")).kind == "refused"
    assert (await failure(channel, "a", "")).kind == "refused"


async def test_breaking_off_after_a_first_part_is_unsure(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    fake.fail("send_message", Fault.slow(0.0))
    fake.fail("send_message", status(12))
    failed = await failure(channel, Spoken("a", venue=SpokenVenue("x", "y", 1.0, 2.0)), ana.id)
    assert failed.kind == "unsure"
    assert ana.texts == ["a\n\nx\ny"]


async def test_no_failure_carries_the_token_or_the_words_of_a_person(
    channel: ViberChannel, fake: FakeViber, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures = []
    for fault in (Fault.html(502), Fault.cut_after(), status(3, 'bad "MARKER"'), status(99, "MARKER")):
        fake.fail("send_message", fault)
        failures.append(await failure(channel, "MARKER", ana.id))
    failures.append(await failure(channel, Spoken("MARKER", buttons=(SpokenButton("MARKER", "MARKER" * 20),)), ana.id))
    pin = SpokenVenue("MARKER", "MARKER", float("nan"), "MARKER")  # type: ignore[arg-type]  # as wrong as can be
    failures.append(await failure(channel, Spoken("", venue=pin), ana.id))
    fake.stop()
    failures.append(await failure(channel, "MARKER", ana.id))
    for one in failures:
        told = "".join(traceback.format_exception(one, chain=True))
        chain: BaseException | None = one
        while chain is not None:
            told += f"{chain!r}{chain}"
            chain = chain.__context__
        assert fake.token not in told
        assert ana.id not in told
        assert "MARKER" not in "".join(line for line in told.splitlines() if "await" not in line)
    assert fake.token not in caplog.text + repr(channel) + repr(channel._line)
    assert "MARKER" not in caplog.text
