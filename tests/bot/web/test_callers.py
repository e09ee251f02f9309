"""Whose request it is behind a web server that passes requests on, and that nobody can say it of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import BadSettings, load
from bot.web.callers import caller, networks
from bot.web.certificates import AT_ONCE
from models.base import fresh_token
from tests.small_talk import SMALL_TALK
from tests.web import Phone, web_house

OURS = networks("10.0.0.0/8, 127.0.0.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("10.0.0.2", ["8.8.8.8, 198.51.100.1, 10.0.0.3"], "198.51.100.1"),
        ("10.0.0.2", ["8.8.8.8", "198.51.100.1", "10.0.0.3"], "198.51.100.1"),
        ("10.0.0.2", ["10.0.0.4, 10.0.0.3"], "10.0.0.4"),
        ("10.0.0.2", ["198.51.100.1, no address, 10.0.0.3"], "10.0.0.3"),
        ("10.0.0.2", [""], "10.0.0.2"),
        ("::ffff:127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("fd00::1", ["2001:DB8::7"], "2001:db8::7"),
        ("", ["198.51.100.1"], ""),
        ("127.0.0.1", ["198.51.100.1," + ",".join(["10.0.0.3"] * 30)], "10.0.0.3"),
    ],
)
def test_the_list_is_read_from_its_end_as_far_as_our_servers_wrote_it(
    peer: str, forwarded: list[str], found: str
) -> None:
    assert caller(peer, forwarded, OURS) == found


def test_without_servers_of_ours_nobody_is_believed() -> None:
    assert caller("127.0.0.1", ["198.51.100.1"], ()) == "127.0.0.1"


async def _refused(phone: Phone, looks: int, forged: str) -> bool:
    """Whether the last of so many looks at certificates is refused, each with another forged caller."""
    status = 0
    for number in range(looks):
        headers = {"X-Forwarded-For": forged.format(n=number)}
        async with phone.session.get(f"/c/{fresh_token()}", headers=headers) as answer:
            status = answer.status
    return status == 429


async def test_a_forged_caller_has_no_more_looks_than_an_honest_one(tmp_path: Path) -> None:
    async with web_house(tmp_path, talks=SMALL_TALK) as house, Phone(house) as phone:
        assert await _refused(phone, AT_ONCE + 1, "198.51.100.{n}")


async def test_behind_a_server_of_ours_each_caller_has_looks_of_their_own(tmp_path: Path) -> None:
    async with web_house(tmp_path, talks=SMALL_TALK, trusted="127.0.0.1,::1") as house, Phone(house) as phone:
        assert await _refused(phone, AT_ONCE + 1, "8.8.8.{n}, 203.0.113.9"), "what a caller writes before is nothing"
        assert not await _refused(phone, AT_ONCE, "203.0.113.10")
        # the same for the channels' own paths: the limit on new chats counts by the caller, not by the server
        for number in range(300):
            assert house.channel._house.opening.allows("203.0.113.9"), number
        headers = {"X-Forwarded-For": "203.0.113.9"}
        async with phone.session.get("/chat", headers=headers, allow_redirects=False) as answer:
            assert answer.status == 429
        async with phone.session.get("/chat", allow_redirects=False) as answer:
            assert answer.status == 303


@pytest.mark.parametrize("wrong", ["proxy", "10.0.0.1/8", "1.2.3.4/40"])
def test_a_network_that_is_none_is_said_at_the_start(wrong: str) -> None:
    with pytest.raises(BadSettings, match="PUTOKAZ_TRUSTED_PROXIES must be network addresses"):
        load(trusted_proxies=wrong, _env_file=None)
