"""What is over: earlier meetings, what there is to take along, certificates."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.around import HandCertificate, NameCertificate
from conversations.facts.around import CertificateRow, Past
from conversations.people.words import languages
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines, n_, verbatim
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Json, Open, Page, Write

LABEL = _("🕘 Earlier, certificates")
NAME_MOST = 80


def is_there(here: Here) -> bool:
    """True for whoever has something that is over."""
    return bool(here.facts.around.past() or here.facts.around.certificates())


def _items(here: Here, offset: int, size: int) -> Page:
    past = here.facts.around.past()
    return Page(tuple(_item(one) for one in past[offset : offset + size]), len(past))


def _item(one: Past) -> Item:
    return Item(str(one.booking_id), _told(one), _("{title}").of(title=one.title))


def _told(one: Past) -> Text:
    return lines(
        _("📌 {title}").of(title=one.title),
        _("🗓 {when}").of(when=one.when),
        _("For: {child}").of(child=one.child) if one.child else None,
        n_("✅ there {n} time", "✅ there {n} times").of(n=one.present) if one.present else None,
        n_("🎒 {n} thing to read", "🎒 {n} things to read").of(n=one.materials) if one.materials else None,
    )


def _opened(here: Here) -> dict[str, Json]:
    """Straight to what there is to read, where there is nothing else."""
    booking, known = int(here["which"]), here.facts.lessons
    more = known.learning(booking) or known.results(booking)
    return {"booking": booking} if more else {"booking": booking, "act": "materials"}


def _beside(here: Here) -> Mapping[str, Text]:
    return {"certificates": _("🎓 Certificates")} if here.facts.around.certificates() else {}


earlier = Conversation(
    name="earlier",
    title=_("Earlier meetings"),
    steps=(
        Browse(
            name="which",
            question=_("What was. Tap one to see what there is to read."),
            items=_items,
            choices=_beside,
            goto={"certificates": Open("certificate")},
            empty="none",
            otherwise=Open("lesson", _opened),
        ),
        Choose(
            name="none",
            question=_("There are no meetings from the last two months."),
            choices=lambda here: {**_beside(here), "done": _("All right")},
            goto={"certificates": Open("certificate", instead=True)},
            otherwise="end",
        ),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- certificates


def _row(here: Here) -> CertificateRow | None:
    wanted = str(here.get("certificate") or "")
    return next((one for one in here.facts.around.certificates() if str(one.id) == wanted), None)


def _certificates(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.certificates()
    return Page(tuple(_certificate(row) for row in rows[offset : offset + size]), len(rows))


def _certificate(row: CertificateRow) -> Item:
    text = lines(
        _("🎓 {title}").of(title=row.title),
        _("Number {number}").of(number=str(row.number)),
        _("For: {child}").of(child=row.child) if row.child else None,
        _("Name: {name}").of(name=row.name) if row.name else None,
    )
    return Item(str(row.id), text, _("Number {number}").of(number=str(row.number)))


def _unnamed(here: Here) -> bool:
    row = _row(here)
    return row is not None and not row.name


def _suggested(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    return {"called": verbatim(row.suggested)} if row is not None and row.suggested else {}


def _name(typed: str, here: Here) -> Json:
    row = _row(here)
    kept = " ".join((row.suggested if typed == "called" and row is not None else typed).split())
    if not 2 <= len(kept) <= NAME_MOST or any(char.isdigit() or char in "<>{}@/" for char in kept):
        raise NotUnderstood(_("Please write a first name and a family name, in letters."))
    return kept


def _sure(here: Here) -> Text:
    return lines(
        _("On the certificate: {name}").of(name=str(here["name"])),
        _("It cannot be changed later without the team. Is it right?"),
    )


certificate = Conversation(
    name="certificate",
    title=_("My certificates"),
    wishes=("certificates",),
    command="certificates",
    about=_("my certificates"),
    steps=(
        Browse(name="certificate", question=_("Which certificate?"), items=_certificates, empty="none"),
        Write(
            name="name",
            question=_("Which name should be on it? First name and family name, as in your papers."),
            check=_name,
            suggestions=_suggested,
            when=_unnamed,
        ),
        Choose(
            name="public",
            question=_("Whoever has the code can check the certificate on a page. What may the page show of the name?"),
            choices={"initials": _("Only first letters"), "whole": _("The whole name")},
            when=lambda here: _unnamed(here) and not here.facts.me.needs_guardian,
        ),
        Confirm(name="sure", question=_sure, when=_unnamed, goto={"no": "name"}),
        Do(
            name="keep",
            does=NameCertificate,
            deed=lambda here: NameCertificate(
                int(here["certificate"]), str(here["name"]), here.get("public") == "whole"
            ),
            when=lambda here: _unnamed(here) and here.get("sure") == "yes",
            goto={"named": "language", "gone": "gone"},
        ),
        Choose(name="language", question=_("In which language?"), choices=languages),
        Do(
            name="hand",
            does=HandCertificate,
            deed=lambda here: HandCertificate(int(here["certificate"]), str(here["language"])),
            goto={"coming": "coming", "no_name": "gone", "gone": "gone"},
        ),
        End(
            name="coming",
            text=lambda here: lines(
                _("Anybody can check it here:"),
                verbatim(str(here["hand"]["link"])),
                _("It can be fetched again at any time."),
            ),
        ),
        End(name="none", text=_("There is no certificate yet. It comes when a course is completed.")),
        End(name="gone", text=_("This certificate is not there any more. Write “person”, and somebody answers.")),
    ),
)
