"""What suits me? Six short questions with pictures. The result is the person's alone, and deletes itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from conversations.deeds.around import ForgetLeaning, KeepLeaning
from conversations.script import Conversation
from conversations.speech import Text, _, lines, said
from conversations.steps import Choose, Do, End, Here, Open, Step

MOST = 2
"""So many fields are named: the first ones."""
AREAS: Mapping[str, Text] = {
    "hands": _("🔧 Making and repairing: electrician, carpenter, welder, baker"),
    "people": _("🤝 With people: nurse, teacher, mediator, waiter"),
    "art": _("🎨 Beautiful things: hairdresser, tailor, painter, musician"),
    "tech": _("💻 With computers: web designer, programmer, office"),
    "nature": _("🌳 Outside: gardener, forester, farmer, vet's assistant"),
    "trade": _("🛒 Trade: shop, own firm, driver, storekeeper"),
}
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "hands": ("work",),
    "people": ("community", "english"),
    "art": ("art",),
    "tech": ("computers", "maths"),
    "nature": ("nature", "chemistry"),
    "trade": ("business", "work"),
}
"""Subjects of what is on offer, by field."""
CAREER = "career"
_SKIP = _("None of these")

_QUESTIONS: tuple[tuple[Text, Mapping[str, Text]], ...] = (
    (
        _("1 of 6. What do you like to do?"),
        {
            "hands": _("🔧 Make, repair, cook"),
            "people": _("🤝 Help others"),
            "art": _("🎨 Draw, sing, dress up"),
            "tech": _("💻 Phone and computer"),
        },
    ),
    (
        _("2 of 6. Where would you like to be all day?"),
        {
            "nature": _("🌳 Outside"),
            "hands": _("🏭 In a workshop"),
            "people": _("🏥 Where many people are"),
            "tech": _("🖥 At a desk"),
        },
    ),
    (
        _("3 of 6. What is easy for you?"),
        {
            "tech": _("🔢 Numbers"),
            "people": _("💬 Talking"),
            "art": _("🎵 Colours and sounds"),
            "nature": _("🐕 Animals and plants"),
        },
    ),
    (
        _("4 of 6. What do you do in a group?"),
        {
            "trade": _("📋 Plan and count"),
            "art": _("💡 Have ideas"),
            "people": _("🕊 Make peace"),
            "hands": _("💪 Get to work"),
        },
    ),
    (
        _("5 of 6. What would make you proud?"),
        {
            "hands": _("🏠 Something I built"),
            "people": _("🙂 Somebody I helped"),
            "trade": _("💶 My own firm"),
            "nature": _("🌱 Something I grew"),
        },
    ),
    (
        _("6 of 6. Whom would you visit at work?"),
        {
            "hands": _("🔌 An electrician"),
            "art": _("💇 A hairdresser"),
            "tech": _("👩‍💻 A web designer"),
            "trade": _("🚚 A driver"),
            "people": _("👩‍⚕️ A nurse"),
        },
    ),
)
_NAMES = tuple(f"q{number}" for number in range(1, len(_QUESTIONS) + 1))


def areas_of(answers: tuple[str, ...]) -> tuple[str, ...]:
    """The fields that somebody leans to, the strongest first; of equals the one that was named first."""
    counted = Counter(one for one in answers if one in AREAS)
    return tuple(area for area, _n in counted.most_common(MOST))


def _answered(here: Here) -> tuple[str, ...]:
    return tuple(str(here.get(name) or "") for name in _NAMES)


def _known(here: Here) -> bool:
    return here.facts.around.leaning() is not None


def _result(here: Here) -> Text:
    known = here.facts.around.leaning()
    if known is None or not known[0]:
        return _("Nothing in particular, and that is fine. The course “choosing an occupation” helps to look around.")
    areas, until = known
    return lines(
        _("This may suit you:"),
        *(AREAS[area] for area in areas if area in AREAS),
        _("It is a hint, no test. Only you can see it. It is deleted on {when}.").of(when=until),
        _("Would you like to see what is on?"),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    known = here.facts.around.leaning()
    areas = known[0] if known is not None else ()
    codes = tuple(dict.fromkeys((CAREER, *(code for area in areas for code in SUBJECTS.get(area, ())))))
    found = {f"s_{number}": said(name) for number, name in here.facts.around.open_subjects(codes)}
    forget = {"forget": _("🗑 Delete it now")} if known is not None else {}
    return {**found, "new": _("🔁 Answer again"), **forget, "done": _("All right")}


def _ask(name: str, question: Text, choices: Mapping[str, Text]) -> Step:
    return Choose(name=name, question=question, choices=choices, skip=_SKIP)


occupations = Conversation(
    name="occupations",
    title=_("What suits me?"),
    wishes=("occupations",),
    command="occupations",
    about=_("which occupation suits me"),
    steps=(
        Choose(
            name="last",
            question=_result,
            choices=_ways,
            when=_known,
            goto={"new": "q1", "forget": "forget", "done": "end"},
            otherwise=Open("find", lambda here: {"words": here["last"]}),
            page=8,
        ),
        *(_ask(name, question, choices) for name, (question, choices) in zip(_NAMES, _QUESTIONS, strict=True)),
        Do(
            name="keep",
            does=KeepLeaning,
            deed=lambda here: KeepLeaning(areas_of(_answered(here))),
            goto={"kept": "result"},
        ),
        Choose(
            name="result",
            question=_result,
            choices=_ways,
            goto={"new": "q1", "forget": "forget", "done": "end"},
            otherwise=Open("find", lambda here: {"words": here["result"]}),
            page=8,
        ),
        Do(
            name="forget",
            does=ForgetLeaning,
            deed=lambda _here: ForgetLeaning(),
            goto={"forgotten": "forgotten"},
        ),
        End(name="forgotten", text=_("Done. Nothing of it is kept.")),
        End(name="end", text=_("All right.")),
    ),
)
