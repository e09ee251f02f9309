"""What people write freely stays where it belongs: in no log line, and shown to nobody it is not meant for."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from bot.running import logs
from conversations.speech import Attachment
from tests.house import House, as_line
from tests.transcripts.playing import DONE, FOLDER, Line, _do, _given

SAID = """
given: mila en 15-17 bor
given: luka en 15-17 bor
given: mama en 18+ kazanlak
given: ana en staff kokoro bor
given: ema en staff kazanlak
given: vera en safeguarding kokoro
given: far en staff asb krusevac
mila> /start bor-matematika
mila> 1
mila> 1
mila> /bookings
mila> 1
mila> [❓ My question for it]
mila> MARKlesson
mama> /start kazanlak-kashti
mama> 1
mama> [health-care specialist]
mama> 1
mama> 1
mama> [🏠 At our home]
mama> 1
mama> 1
mama> 1
mama> MARKaddress
mila> /callme
mila> 060 7654321
mila> 1
mila> 4
mila> MARKcall
mila> /settings
mila> Secret word
mila> [Choose my own word]
mila> MARKsafe
mila> /help
mila> [📮 Ask or tell without a name]
mila> [Questions of parents]
mila> [✍️ Ask something]
mila> [Without a name]
mila> MARKbox
mila> 1
mila> MARKtakeback
mila> 1
ana> /survey
ana> Our centre
ana> [🙈 Without names]
ana> [Done]
ana> [🎤 Words or voice]
ana> What is missing?
ana> [✅ No more questions]
ana> [Young people]
ana> [All of them]
ana> 1
ana> [📤 Send now]
ana> [Yes, send it]
mila> [✍️ Answer]
mila> [✍️ Begin]
mila> MARKsurvey
mila> [📨 Send]
ana> /surveys
ana> 1
ana> [⏹ End it now]
ana> 1
mila> /start bor-racunari
mila> 2
mila> 1
"""
LOOKED = ("/inbox", "1", "/boxes", "1", "1", "1", "/prints", "1", "/calendar", "1", "1", "1", "/cases", "1", "/people")
"""What every one of the others opens, and the first thing in it, to see whatever there is for them."""
MEANT_FOR = {
    "MARKlesson": {"mila"},
    "MARKaddress": {"ema"},
    "MARKcall": {"ana"},
    "7654321": {"mila", "ana"},
    "MARKsafe": {"mila"},
    "MARKbox": {"ana"},
    "MARKtakeback": set(),
    "MARKsurvey": set(),
    "MARKpaper": set(),
}
"""Who may be shown what: a visit's address those who plan it, a box and a request the team; nobody fewer than five
answers to a survey, nor what a file is called."""


@pytest.fixture
def written() -> io.StringIO:
    log = io.StringIO()
    logs.set_up(as_json=True, level="DEBUG", to=log)
    return log


def test_free_words_are_in_no_log_line_and_shown_to_nobody_else(tmp_path: Path, written: io.StringIO) -> None:
    house = House(tmp_path)
    for line in SAID.strip().splitlines():
        if line.startswith("given: "):
            _given(house, line.removeprefix("given: "))
            continue
        match = DONE.match(line)
        assert match is not None
        _do(house, Line(match[1], match[2]))
    paper = (FOLDER / "files" / "seminarski.pdf").read_bytes()
    house.hear("mila", attachment=Attachment("file", "MARKpaper.pdf", size=len(paper), content=paper))
    house.hear("mila", "/person")
    house.hear("mila", "marksafe")
    house.advance(days=1)
    for name in ("ana", "ema", "far", "vera", "luka"):
        for act in LOOKED:
            house.hear(name, act)
    shown = {
        name: re.sub(r"(?<=\d) (?=\d)", "", "\n".join(as_line(message) for message in somebody.shown))
        for name, somebody in house.people.items()
    }
    seen = {mark: {name for name, words in shown.items() if mark in words} for mark in MEANT_FOR}
    for mark, readers in seen.items():
        assert readers <= MEANT_FOR[mark], mark
    assert seen["MARKcall"] == {"ana"}, "what is meant for the team reaches it"
    assert seen["MARKbox"] == {"ana"}
    logs.log.warning("all was looked at")
    told = written.getvalue()
    assert "all was looked at" in told
    assert "MARK" not in told
    assert "7654321" not in told.replace(" ", "")
