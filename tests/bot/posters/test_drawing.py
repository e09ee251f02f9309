"""What is drawn can be read: nothing overflows or overlaps, every code leads where it should and is large enough."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.language.languages import TAGS
from bot.language.tongue import tongue
from bot.posters.cards import cards
from bot.posters.codes import LEAST_MM, QUIET, TooDense, grid
from bot.posters.drawing import draw
from bot.posters.gathering import poster_of
from bot.posters.lettering import SAFE, fit, printable, width, wrap
from bot.posters.poster import Code, Line, Poster
from bot.posters.sheet import HIGH, SETTINGS, WIDE, Box, Sheet
from bot.posters.wall import wall
from bot.telling import Rules
from conversations.speech import Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Site, Town
from tests.house import House

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SITE = "https://putokaz.example.org"
RULES = Rules(
    landing=f"{SITE}/go/",
    links=(
        ("Telegram", "https://t.me/putokaz_demo_bot?start="),
        ("Viber", "viber://pa?chatURI=putokazdemo&context="),
        ("web", f"{SITE}/chat?start="),
    ),
)
POSTER = Poster(
    language="en",
    house="Putokaz",
    free="Free",
    title="Maths",
    lead="",
    facts=(Line("calendar", "Tuesday 3 March, 17:00"), Line("pin", "Day centre, Bor")),
    on_card=("Tuesday 3 March, 17:00", "Day centre, Bor"),
    main=Code(f"{SITE}/go/bor-matematika", "Point the phone's camera here"),
    codes=(Code("https://t.me/putokaz_demo_bot?start=bor-matematika", "Telegram"),),
    type_it="Or type:",
    typed="putokaz.example.org/go/bor-matematika",
    contact="Questions? Write “person” in the chat. Somebody from the team answers.",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    house = House(tmp_path_factory.mktemp("posters"))
    with Session(house.database) as session:
        yield session
    house.database.dispose()


# ---------------------------------------------------------------- nothing overflows


def extents(sheet: Sheet) -> list[tuple[str, Box, Box]]:
    """Every line of text: its words, what it really takes (mm), and the box it must stay within."""
    with rc_context(SETTINGS):
        canvas: Any = FigureCanvasAgg(sheet.figure)
        return _measured(sheet, canvas)


def _measured(sheet: Sheet, canvas: Any) -> list[tuple[str, Box, Box]]:
    millimetres = 25.4 / sheet.figure.dpi
    found = []
    for text, box in sheet.placed:
        drawn = text.get_window_extent(canvas.get_renderer())
        took = Box(*(value * millimetres for value in (drawn.x0, drawn.y0, drawn.width, drawn.height)))
        found.append((text.get_text(), took, box))
    return found


def within(inner: Box, outer: Box, slack: float = 0.0) -> bool:
    return (
        inner.x >= outer.x - slack
        and inner.y >= outer.y - slack
        and inner.x + inner.wide <= outer.x + outer.wide + slack
        and inner.y + inner.high <= outer.y + outer.high + slack
    )


def overlap(one: Box, other: Box, slack: float = 0.0) -> bool:
    return (
        one.x + one.wide > other.x + slack
        and other.x + other.wide > one.x + slack
        and one.y + one.high > other.y + slack
        and other.y + other.high > one.y + slack
    )


def check(sheet: Sheet, margin: float) -> str:
    """Every line stays in its box and on what a printer prints, and covers neither another line nor a code.

    The words that are on it.
    """
    paper = Box(margin, margin, WIDE - 2 * margin, HIGH - 2 * margin)
    lines = extents(sheet)
    assert len(lines) > 5
    for words, took, box in lines:
        assert took.x >= box.x - 0.5 and took.x + took.wide <= box.x + box.wide + 0.5, f"{words!r} is too wide"
        assert within(took, box, slack=1.2), f"{words!r} leaves its box"
        assert within(took, paper), f"{words!r} leaves the paper"
        for _grid, code in sheet.codes:
            assert not overlap(took, code, slack=0.8), f"{words!r} covers a code"
    for (words, took, _box), (others, beside, _other) in combinations(lines, 2):
        assert not overlap(took, beside, slack=0.9), f"{words!r} covers {others!r}"
    for (_a, one), (_b, other) in combinations(sheet.codes, 2):
        assert not overlap(one, other, slack=0.01), "two codes touch"
    return " ".join(words for words, _took, _box in lines)


@pytest.mark.parametrize("tag", TAGS)
def test_every_listing_and_town_of_the_sample_fits_in_every_language(sample: Session, tag: str) -> None:
    """The longest titles and places in full, the others by chance of being there too."""
    codes = [*sample.scalars(select(Listing.code)), *sample.scalars(select(Town.code))]
    posters = [poster_of(sample, MONDAY, RULES, code, tag) for code in codes]
    made = [poster for poster in posters if poster is not None]
    assert len(made) == len(codes)
    longest = sorted(made, key=lambda poster: -len(poster.title))[:3]
    fullest = sorted(made, key=lambda poster: -sum(len(fact.text) for fact in poster.facts))[:2]
    for poster in {poster.title: poster for poster in [*longest, *fullest]}.values():
        shown = check(wall(poster), margin=4.5)
        small = check(cards(poster), margin=4.5).split()
        for line in (poster.title, *poster.on_card):
            assert all(small.count(word) >= 8 for word in printable(line).split()), f"{line!r} is not on every card"
        assert "…" not in shown, "nothing of the sample is left out"
        for line in (poster.title, *(fact.text for fact in poster.facts)):
            assert all(word in shown for word in printable(line).split()), f"{line!r} is not on the wall"


@pytest.mark.parametrize(("many", "tag"), [(14, "en")])
def test_a_listing_at_several_sites_names_all_its_towns(sample: Session, many: int, tag: str) -> None:
    part = sample.begin_nested()
    row = sample.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
    sample.execute(delete(Meeting).where(Meeting.listing_id == row.id))
    towns = list(sample.scalars(select(Town).order_by(Town.id).limit(many)))
    towns += [
        Town(code=f"demo{number}", name={"sr": f"Демоград {number}"}, country="RS", zone="UTC", languages=[])
        for number in range(len(towns), many)
    ]
    sample.add_all(towns)
    sample.flush()
    for number, town in enumerate(towns):
        site = Site(code=f"demo-site{number}", town_id=town.id, name={"sr": "ДЕМО дом"}, address={})
        sample.add(site)
        sample.flush()
        starts = MONDAY + timedelta(days=number + 1)
        sample.add(
            Meeting(
                listing_id=row.id,
                starts_at=starts,
                ends_at=starts + timedelta(hours=1),
                zone="Europe/Belgrade",
                site_id=site.id,
                capacity=9,
            )
        )
    sample.flush()
    poster = poster_of(sample, MONDAY, RULES, "bor-matematika", tag)
    assert poster is not None
    voice = tongue(tag)
    names = [voice.words(Words.of(town.name)) for town in towns]
    (place,) = [fact.text for fact in poster.facts if fact.icon == "pin"]
    dates = poster.facts[0].text.splitlines()
    assert all(dates[number].endswith(f", {names[number]}") for number in range(min(many, 3)))
    shown = names if many <= 12 else names[:11]
    assert all(name in place for name in shown)
    assert ("3" in place) == (many == 14), "how many more there are"
    drawn, small = check(wall(poster), margin=4.5), check(cards(poster), margin=4.5)
    assert all(word in drawn for name in shown for word in name.split())
    assert all(small.count(word) >= 8 for name in names[:2] for word in name.split())
    assert poster.main.url.endswith("/go/bor-matematika")
    part.rollback()


ENDLESS = "Donaudampfschifffahrtsgesellschaftskapitän" * 3


@pytest.mark.parametrize("mark", ["", "Only a trial, not for the wall"])
@pytest.mark.parametrize(
    "title",
    [
        "A",
        ENDLESS,
        "Љубав " * 60,
        "$x_1^2$ & <b>bold</b> \\frac{1}{2}",
        "⚽️ Фудбал 🎉👩‍👩‍👧",
        "\u202eabc\u202c \u0007x",
    ],
    ids=["short", "endless", "long", "formula", "emoji", "control"],
)
def test_whatever_staff_wrote_stays_within_its_box(title: str, mark: str) -> None:
    facts = (*POSTER.facts, Line("people", title), Line("house", title * 2))
    poster = replace(
        POSTER,
        title=title,
        facts=facts,
        on_card=(title, title),
        note=title,
        lead=title,
        mark=mark,
        typed=f"x.org/{'y' * 60}",
    )
    check(wall(poster), margin=4.5)
    check(cards(poster), margin=4.5)


def test_what_the_type_has_no_sign_for_is_left_out_and_the_words_stay() -> None:
    assert printable("⚽️ Фудбал 🎉👩‍👩‍👧\n  ђ ь ъ  ŽĐ ") == "Фудбал\nђ ь ъ ŽĐ"


def test_a_dollar_is_a_dollar() -> None:
    title = "$x_1^2$"
    taken = [took.wide for words, took, _box in extents(wall(replace(POSTER, title=title))) if words == title]
    assert taken[0] == pytest.approx(width(title, 58, bold=True) / SAFE, rel=0.03), "and no formula"


def test_an_address_is_parted_at_a_slash_and_words_only_where_nothing_else_helps() -> None:
    address = "putokaz.example.org/go/bor-matematika"
    parted = fit(address, 37, 20, 9, 5.5, bold=True)
    assert "".join(parted.lines) == address
    assert all(line.endswith("/") for line in parted.lines[:-1])
    narrow = wrap(ENDLESS, 10, 30)
    assert narrow.parted
    assert "".join(narrow.lines) == ENDLESS
    assert all(width(line, 10) <= 30 for line in narrow.lines)


# ---------------------------------------------------------------- codes


def modules(picture: np.ndarray[tuple[int, ...], np.dtype[np.float32]], box: Box, across: int) -> list[list[bool]]:
    """What a camera sees: the middle of each module of a code, in the picture."""
    high, wide = picture.shape[:2]
    grey = picture[:, :, :3].mean(axis=2)
    side = box.wide / across
    found = []
    for down in range(QUIET, across - QUIET):
        row = []
        for right in range(QUIET, across - QUIET):
            x = (box.x + (right + 0.5) * side) / WIDE * wide
            y = (HIGH - box.y - box.high + (down + 0.5) * side) / HIGH * high
            row.append(bool(grey[int(y), int(x)] < 0.5))
        found.append(row)
    return found


def test_every_code_of_the_picture_is_the_code_of_its_address() -> None:
    sheet = wall(POSTER)
    picture = imread(BytesIO(draw(POSTER, "picture")))
    wanted = [POSTER.main.url, *(code.url for code in POSTER.codes), *[POSTER.main.url] * 6]
    assert len(sheet.codes) == len(wanted)
    for url, (made, box) in zip(wanted, sheet.codes, strict=True):
        drawn = modules(picture, box, made.across)
        peers = [segno.make_qr(url, error=level) for level in "LMQH"]
        assert any(drawn == [[bool(one) for one in row] for row in peer.matrix] for peer in peers), url


def test_a_code_for_another_address_is_another_picture() -> None:
    """The test above can fail: one letter is enough."""
    sheet = wall(POSTER)
    made, box = sheet.codes[0]
    drawn = modules(imread(BytesIO(draw(POSTER, "picture"))), box, made.across)
    other = segno.make_qr(POSTER.main.url + "x", error=made.level)
    assert drawn != [[bool(one) for one in row] for row in other.matrix]


def test_no_module_is_smaller_than_a_home_printer_prints(sample: Session) -> None:
    codes = sorted([*sample.scalars(select(Listing.code)), *sample.scalars(select(Town.code))], key=len)
    poster = poster_of(sample, MONDAY, RULES, codes[-1], "bg")
    assert poster is not None
    for sheet in (wall(poster), cards(poster)):
        for made, box in sheet.codes:
            assert made.module_mm(box.wide) >= LEAST_MM
            assert made.across == len(made.rows) + 2 * 4
    main, box = wall(poster).codes[0]
    assert main.module_mm(box.wide) >= 1.5, "the large code is read from two metres"
    assert main.level in ("Q", "H")


def test_a_longer_address_gets_a_less_sturdy_code_and_then_none() -> None:
    short, long = grid("https://x.org/go/n1", 27), grid("https://putokaz.example.org/go/" + "n" * 60, 27)
    assert short.level in ("Q", "H")
    assert long.level in ("L", "M")
    with pytest.raises(TooDense):
        grid("https://x.org/" + "n" * 400, 27)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(("form", "pages"), [("wall", 1), ("cards", 1), ("print", 2)])
def test_the_file_for_the_printer_is_a4_with_its_letters_in_it(form: str, pages: int) -> None:
    content = draw(replace(POSTER, title="Математика: помоћ"), form)
    assert content.startswith(b"%PDF-")
    assert len(content) < 300_000
    assert len(re.findall(rb"/Type /Page\b", content)) == pages
    for wide, high in re.findall(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", content):
        assert (round(float(wide)), round(float(high))) == (595, 842)
    assert b"/FontFile2" in content, "the letters are embedded"
    assert b"DejaVuSans" in content
    assert b"/CreationDate" not in content, "nothing of when it was made"
    whole = content + b"".join(_inflated(content))
    assert b"/work" not in whole and b"/home" not in whole and b"/tmp" not in whole


def _inflated(content: bytes) -> Iterator[bytes]:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            yield zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue


def test_the_picture_is_black_and_white_and_small_enough_to_send_on() -> None:
    content = draw(POSTER, "picture")
    picture = imread(BytesIO(content))
    assert len(content) < 600_000
    assert picture.shape[:2] in ((1753, 1240), (1754, 1240))
    colours = picture[:, :, :3]
    assert float(np.abs(colours.max(axis=2) - colours.min(axis=2)).max()) == 0.0, "no colour to get lost in print"
    assert 0.02 < float((colours.mean(axis=2) < 0.5).mean()) < 0.3, "ink is dear"


def test_a_poster_survives_being_stored() -> None:
    import json

    assert Poster.from_json(json.loads(json.dumps(POSTER.to_json()))) == POSTER


def test_the_command_draws_without_a_font_folder_of_its_own(tmp_path: Path) -> None:
    """Nothing on the machine is needed beside the packages."""
    (tmp_path / "poster.pdf").write_bytes(draw(POSTER, "wall"))
    assert (tmp_path / "poster.pdf").stat().st_size > 10_000
