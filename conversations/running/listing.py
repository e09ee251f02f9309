"""Staff, around a listing: leaders, materials, how it was liked, certificates, child care; and who is missing."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.around.words import MOODS, WHYS
from conversations.deeds.lessons import SetTerms
from conversations.deeds.staff_around import IssueCertificates, RevokeCertificate, SetChildCare, SettleAbsence
from conversations.facts.around import Around, CertificateRow, MissingRow
from conversations.running.log import LABEL as LOG
from conversations.running.terms import LABEL as TERMS
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, n_
from conversations.staff import fields, usual
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write


def _listing(here: Here) -> int:
    return int(here["listing"])


def _same(here: Here) -> dict[str, object]:
    return {"listing": here["listing"]}


def _known(here: Here) -> Around | None:
    return here.facts.around.around(_listing(here))


def _shown(here: Here) -> Text:
    known = _known(here)
    if known is None:
        return usual.NOT_YOURS
    return lines(
        _("📌 {title}").of(title=known.title),
        _("🧑‍🏫 Led by: {leader}").of(leader=Joined(known.leaders, "and")) if known.leaders else None,
        n_("📎 {n} thing to read", "📎 {n} things to read").of(n=known.materials) if known.materials else None,
        n_("🎓 {n} certificate", "🎓 {n} certificates").of(n=known.issued) if known.issued else None,
        _("🧸 People are asked whether they need child care.") if known.child_care else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    known = _known(here)
    if known is None:
        return {"done": _("All right")}
    return {
        "leader": _("🧑‍🏫 Who leads it"),
        "materials": _("📎 Materials"),
        "opinions": _("😊 How it was"),
        "register": _("🎓 Certificates"),
        "care": _("🧸 Do not ask about child care") if known.child_care else _("🧸 Ask about child care"),
        "terms": TERMS,
        "log": LOG,
        "done": _("All right"),
    }


def _opinions(here: Here) -> Text:
    found = here.facts.around.opinions(_listing(here))
    if not found.counts:
        return _("Fewer than five people have answered. Nothing is shown until then, so that nobody can be recognised.")
    counted = (_("{mood}: {n}").of(mood=label, n=found.counts.get(mood, 0)) for mood, label in MOODS.items())
    return lines(*counted, *(_("“{words}”").of(words=written) for written in found.words))


opinions = Conversation(
    name="opinions",
    title=_("How it was"),
    role="staff",
    alone=True,  # what young people wrote is read by one person at a time
    steps=(
        Choose(name="shown", question=_opinions, choices={"done": _("All right")}, goto={"done": "end"}),
        End(name="end"),
    ),
)

around = Conversation(
    name="around",
    title=_("Around a listing"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=8,
            goto={
                "leader": Open("who_leads", _same),
                "materials": Open("materials", _same),
                "opinions": Open("opinions", _same),
                "register": Open("register", _same),
                "terms": Open("terms", _same),
                "log": Open("log", _same),
                "care": "care",
            },
            otherwise="end",
        ),
        Do(
            name="care",
            does=SetChildCare,
            deed=lambda here: SetChildCare(
                _listing(here), not (known.child_care if (known := _known(here)) else False)
            ),
            goto={"refused": "refused"},
            otherwise="act",
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- certificates


def _about_register(here: Here) -> Text:
    known = _known(here)
    if known is None:
        return usual.NOT_YOURS
    return lines(
        _("📌 {title}").of(title=known.title),
        n_("🎓 {n} certificate", "🎓 {n} certificates").of(n=known.issued),
        n_("{n} person completed it and has none yet.", "{n} people completed it and have none yet.").of(
            n=known.to_issue
        ),
    )


def _register_ways(here: Here) -> Mapping[str, Text]:
    known = _known(here)
    ways: dict[str, Text] = {}
    if known is not None and known.to_issue:
        ways["issue"] = _("🎓 Issue them all")
    if known is not None and here.facts.around.register(_listing(here)):
        ways["list"] = _("📋 The register")
    if known is not None:
        passed = here.facts.lessons.terms(_listing(here)).exam_needed
        ways["exam"] = _("📝 Also without the exam") if passed else _("📝 Only for who passed the exam")
    return {**ways, "done": _("All right")}


def _rows(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.register(_listing(here))
    items = (Item(str(row.id), _told(row), _("Number {number}").of(number=str(row.number))) for row in rows)
    return Page(tuple(items)[offset : offset + size], len(rows))


def _told(row: CertificateRow) -> Text:
    who = row.name or row.child or _("Without a name")
    return lines(
        _("🎓 {number}: {who}").of(number=str(row.number), who=who),
        _("Withdrawn: {reason}").of(reason=row.revoked) if not row.valid else None,
    )


def _row(here: Here) -> CertificateRow | None:
    rows = here.facts.around.register(_listing(here))
    return next((row for row in rows if str(row.id) == str(here.get("list"))), None)


def _card(here: Here) -> Text:
    row = _row(here)
    return _told(row) if row is not None else usual.NOT_YOURS


def _card_ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    revoke = {"revoke": _("❌ Withdraw it")} if row is not None and row.valid else {}
    return {**revoke, "back": _("All right")}


register = Conversation(
    name="register",
    title=_("Certificates"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_about_register,
            choices=_register_ways,
            goto={"issue": "issue", "list": "list", "exam": "exam"},
            otherwise="end",
        ),
        Do(
            name="issue",
            does=IssueCertificates,
            deed=lambda here: IssueCertificates(_listing(here)),
            goto={"issued": "issued", "nobody": "nobody", "refused": "refused"},
        ),
        Tell(
            name="issued",
            text=lambda here: n_(
                "✅ {n} certificate is issued. The person is told.", "✅ {n} certificates are issued. People are told."
            ).of(n=int(here["issue"]["n"])),
            otherwise="act",
        ),
        Do(
            name="exam",
            does=SetTerms,
            deed=lambda here: SetTerms(
                _listing(here), "exam_needed", "" if here.facts.lessons.terms(_listing(here)).exam_needed else "yes"
            ),
            goto={"saved": "act", "refused": "refused"},
        ),
        Tell(name="nobody", text=_("Nobody is left who completed it and has none."), otherwise="act"),
        Browse(name="list", question=_("The register, the newest first:"), items=_rows, empty="act"),
        Choose(name="one", question=_card, choices=_card_ways, goto={"revoke": "why"}, otherwise="list"),
        Write(
            name="why",
            question=_("Why is it withdrawn? It stays in the register, and the person reads it."),
            check=fields.words(3, 200),
        ),
        Confirm(
            name="sure",
            question=_("Withdraw it? The page that checks it will say so at once."),
            goto={"no": "act"},
        ),
        Do(
            name="revoke",
            does=RevokeCertificate,
            deed=lambda here: RevokeCertificate(int(here["list"]), str(here["why"])),
            goto={"revoked": "revoked", "gone": "revoked", "refused": "refused"},
        ),
        Tell(name="revoked", text=_("✅ It is withdrawn."), otherwise="act"),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)


# ---------------------------------------------------------------- who is missing


def _missing(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.around.missing()
    items = (Item(str(row.id), _about(row), _("Open")) for row in rows[offset : offset + size])
    return Page(tuple(items), len(rows))


def _about(row: MissingRow) -> Text:
    who = _("{name} ({number})").of(name=row.called, number=str(row.number)) if row.called else None
    return lines(
        _("🌱 {who}").of(who=who or _("Number {number}").of(number=str(row.number))),
        _("📌 {title}").of(title=row.title),
        _("Three times not there, the last time {when}.").of(when=row.last),
        _("They say: {why}").of(why=WHYS[row.why]) if row.why in WHYS else _("No answer so far."),
    )


def _one_missing(here: Here) -> Text:
    row = next((one for one in here.facts.around.missing() if str(one.id) == str(here["which"])), None)
    return lines(_about(row), _("A call or a visit helps most.")) if row is not None else usual.NOT_YOURS


missing = Conversation(
    name="missing",
    title=_("Who is missing"),
    command="missing",
    about=_("who was not there three times in a row"),
    role="staff",
    steps=(
        Browse(name="which", question=_("They were not there three times in a row:"), items=_missing, empty="none"),
        Choose(
            name="act",
            question=_one_missing,
            choices={"settle": _("✅ Talked to them"), "back": _("Not yet")},
            goto={"back": "end"},
        ),
        Do(
            name="settle",
            does=SettleAbsence,
            deed=lambda here: SettleAbsence(int(here["which"])),
            goto={"settled": "settled", "gone": "settled", "refused": "refused"},
        ),
        End(name="settled", text=_("✅ Done. It is off the list.")),
        End(name="refused", text=usual.REFUSED),
        End(name="none", text=_("Nobody has been away for long.")),
        End(name="end", text=_("All right.")),
    ),
)
