"""A box: ask or tell something, without a name or with it; say whether others may read it; take it back."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.asking import BeginAnswering, PutIntoBox, TakeBack
from conversations.facts.asking import BoxCard, Shown
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines, said, verbatim
from conversations.steps import Attach, Choose, Do, End, Here, Json, Open, Tell, Write

WORDS_MOST = 1000
WORDS_AT_ONCE = 5
"""From so many words on, what is written where a button was asked for is what somebody asks or tells."""
WORD_LEAST, WORD_MOST = 4, 60
_OWN = "e_"
"""How keys begin that stand for something put in with a name."""


def _box(here: Here) -> BoxCard | None:
    chosen = str(here.get("box") or "")
    return here.facts.asking.box(int(chosen)) if chosen.isdigit() else None


def _story(here: Here) -> bool:
    box = _box(here)
    return box is not None and box.kind == "story"


def _boxes(here: Here) -> Mapping[str, Text]:
    return {str(box.id): said(box.title) for box in here.facts.asking.boxes()} or {"none": _("There is none now")}


def _card(here: Here) -> Text:
    box = _box(here)
    if box is None:
        return _GONE
    return lines(
        _("📮 {title}").of(title=box.title),
        _("{intro}").of(intro=box.intro) if box.intro else None,
        None if box.open else _("It takes nothing new right now."),
        _("— {organisation}").of(organisation=box.organisation),
    )


_GONE = _("This box is not there any more.")


def _ways(here: Here) -> Mapping[str, Text]:
    box = _box(here)
    ways: dict[str, Text] = {}
    if box is not None and box.open:
        ways["write"] = _("✍️ Tell a story") if box.kind == "story" else _("✍️ Ask something")
    if box is not None and box.shown:
        ways["read"] = _("👀 Read stories") if box.kind == "story" else _("👀 Questions and answers")
    return {**ways, "back": _("↩️ Take something back")}


def _typed(here: Here, typed: str) -> Open | None:
    """What is asked or told at once, without a tap before it."""
    box = _box(here)
    if box is None or not box.open or len(typed.split()) < WORDS_AT_ONCE:
        return None
    seed: dict[str, Json] = {"box": str(box.id), "act": "write", "typed": typed.strip()[:WORDS_MOST]}
    return Open("box", lambda _here: seed, instead=True)


def _ask_name(here: Here) -> Text:
    return lines(
        _("“{words}”").of(words=str(here["typed"])) if here.get("typed") else None,
        _("Without a name, nobody can tell who it is from. Or should the team know your name?"),
    )


def _shown(here: Here) -> Text:
    box = _box(here)
    return lines(*(_told(one) for one in box.shown)) if box and box.shown else _("There is nothing to read yet.")


def _told(one: Shown) -> Text:
    return lines(
        _("“{words}”").of(words=one.words) if one.words else None,
        _("💬 {answer}").of(answer=one.answer) if one.answer else None,
    )


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if len(kept) < 3:
        raise NotUnderstood(_("Please write a few words, or send a voice note."))
    return kept[:WORDS_MOST]


def _word(typed: str, _here: Here) -> Json:
    kept = " ".join(typed.split())
    if not WORD_LEAST <= len(kept) <= WORD_MOST:
        raise NotUnderstood(_("Please write a word of at least {n} letters.").of(n=WORD_LEAST))
    return kept


def _ask(here: Here) -> Text:
    return lines(
        _("Write it here, or send a voice note. Please no names of others."),
        _("A voice can be recognised. It is never played to others.") if here.get("named") == "no" else None,
    )


def _voice(here: Here) -> bool:
    return bool((here.get("what") or {}).get("attachment"))


def _sure(here: Here) -> Text:
    publish = here.get("publish") == "yes"
    return lines(
        _("With your name, for the team.") if here.get("named") == "yes" else _("Without a name."),
        _("Others may read it once the team has looked at it. Your name is not shown to them.")
        if publish
        else _("Only the team reads it."),
        _("Put it in?"),
    )


def _put(here: Here) -> PutIntoBox:
    what = here.get("what") or {"text": here["typed"]}
    return PutIntoBox(
        int(here["box"]),
        str(what.get("text") or ""),
        str(what.get("attachment") or ""),
        named=here.get("named") == "yes",
        publish=here.get("publish") == "yes",
        word=str(here.get("word") or ""),
        since=here["since"]["since"],
    )


def _own(here: Here) -> Mapping[str, Text]:
    box = _box(here)
    return {_OWN + key: verbatim(words[:40] or "🎤") for key, words in box.mine[:5]} if box else {}


def _take_back(here: Here) -> TakeBack:
    given = str(here["which"])
    key = given.removeprefix(_OWN) if given in _own(here) else ""
    return TakeBack(int(here["box"]), "" if key else given, key, here["begun"]["since"])


box = Conversation(
    name="box",
    title=_("A box for questions and stories"),
    shows=_card,
    wishes=("box",),
    resumes=True,
    halts=True,
    steps=(
        Choose(name="box", question=_("Which box?"), choices=_boxes),
        Tell(name="gone", text=_GONE, when=lambda here: _box(here) is None, otherwise="end"),
        Choose(
            name="act",
            question=_card,
            choices=_ways,
            typed=_typed,
            goto={"write": "named", "read": "read", "back": "begun"},
        ),
        Tell(name="read", text=_shown, otherwise="act"),
        Choose(
            name="named",
            question=_ask_name,
            choices={"no": _("Without a name"), "yes": _("With my name")},
        ),
        Do(name="since", does=BeginAnswering, deed=lambda _here: BeginAnswering(), otherwise="what"),
        Attach(
            name="what",
            question=_ask,
            kinds=("voice",),
            check=_words,
            when=lambda here: not here.get("typed"),
        ),
        Choose(
            name="publish",
            question=_("May others read it? Only if you say yes here. The team looks at it first."),
            choices={"no": _("No, only the team"), "yes": _("Yes, others may read it")},
            when=lambda here: not _voice(here),
        ),
        Write(
            name="word",
            question=_("To take it back one day, think of a secret word and write it here. We cannot look it up."),
            check=_word,
            skip=_("Without a word"),
            when=lambda here: here.get("named") == "no",
        ),
        Choose(
            name="sure",
            question=_sure,
            choices={"yes": _("📮 Put it in"), "no": _("🗑 Throw away")},
            goto={"yes": "put", "no": "thrown"},
        ),
        Do(
            name="put",
            does=PutIntoBox,
            deed=_put,
            goto={"kept": "kept", "closed": "closed", "lost": "lost"},
        ),
        Tell(name="lost", text=_("The voice note is not here any more. Please send it once more."), otherwise="what"),
        Do(name="begun", does=BeginAnswering, deed=lambda _here: BeginAnswering(), otherwise="which"),
        Write(
            name="which",
            question=_("Write the secret word, or tap what you put in with your name. It is deleted at once."),
            check=_word,
            suggestions=_own,
        ),
        Do(
            name="taking",
            does=TakeBack,
            deed=_take_back,
            goto={"gone": "taken", "unknown": "unknown", "blocked": "blocked"},
        ),
        Tell(
            name="unknown", text=_("There is nothing under that word. Please look how it was written."), otherwise="act"
        ),
        End(name="blocked", text=_("That was tried often. Please try again in an hour, or ask a person.")),
        End(name="taken", text=_("↩️ It is taken back and deleted. Nobody can read it any more.")),
        End(
            name="kept",
            text=_("📮 Thank you, it is in the box. Answers that are for everybody are shown there."),
        ),
        End(name="closed", text=_("The box takes nothing new right now. Nothing was kept.")),
        End(name="thrown", text=_("All right. Nothing was kept.")),
        End(name="end"),
    ),
)
