"""/prints: the queue of papers. Get the file, say that it is printed, collected, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conversations.deeds.resources import HandlePaper
from conversations.facts.resources import Paper
from conversations.resources.printing import NOT_PRINTED, pages
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page, Tell

_KINDS: Mapping[str, Text] = {
    "pdf": verbatim("PDF"),
    "docx": verbatim("DOCX"),
    "photo": _("a photo"),
    "stick": _("on a USB stick"),
}
_GONE = _("This paper is not in the queue any more.")


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.resources.queue(offset, size)
    return Page(tuple(Item(str(row.job_id), _told(row), _("Open")) for row in rows), total)


def _told(paper: Paper) -> Text:
    return lines(
        _("{mark} Number {number} · {kind} · {pages}").of(
            mark="✅" if paper.state == "printed" else "⏳",
            number=str(paper.number),
            kind=_KINDS[paper.kind],
            pages=pages(paper.pages),
        ),
        _("For: {child}").of(child=paper.called) if paper.called else None,
        _("{title}, {when}").of(title=paper.title, when=paper.sent),
    )


def _paper(here: Here) -> Paper | None:
    return here.facts.resources.paper(int(here["which"]))


def _shown(here: Here) -> Text:
    paper = _paper(here)
    if paper is None:
        return _GONE
    waits = paper.state == "waiting"
    return lines(_told(paper), _("The file is deleted on {when}.").of(when=paper.until) if waits else None)


def _ways(here: Here) -> Mapping[str, Text]:
    paper = _paper(here)
    if paper is None:
        return {"done": _("All right")}
    if paper.state == "printed":
        return {"collected": _("📬 It was collected"), "done": _("Later")}
    ways = {"file": _("📎 Give me the file")} if paper.attachment is not None else {}
    return {**ways, "printed": _("✅ It is printed"), "refuse": _("Not printed, because …"), "done": _("Later")}


def _file(here: Here) -> Say:
    paper = _paper(here)
    if paper is None or paper.attachment is None:
        return Say(_GONE)
    return Say(
        lines(
            _("Number {number}. Print it, then delete it from this device too.").of(number=str(paper.number)),
            _("It is nobody else's to read."),
        ),
        relay=paper.attachment,
    )


_BACK = Open("prints", lambda here: {"which": here["which"]}, instead=True)
_QUEUE = Open("prints", instead=True)


def _handle(act: str) -> Callable[[Here], HandlePaper]:
    """The deed of one act, for the paper that was chosen."""

    def deed(here: Here) -> HandlePaper:
        paper = _paper(here)
        pages = here.get("pages") or (paper.pages if paper else None) or 0
        return HandlePaper(int(here["which"]), act, str(here.get("why") or ""), int(pages))

    return deed


prints = Conversation(
    name="prints",
    title=_("Papers to print"),
    command="prints",
    about=_("papers to print"),
    role="staff",
    alone=True,
    steps=(
        Browse(
            name="which",
            question=lambda here: n_("{n} paper in the queue:", "{n} papers in the queue:").of(
                n=here.facts.resources.queue(0, 1)[1]
            ),
            items=_items,
            empty="none",
            otherwise="act",
        ),
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "file": "file",
                "printed": "pages",
                "refuse": "why",
                "collected": "collect",
                "done": _QUEUE,
            },
            otherwise=_QUEUE,
        ),
        Tell(name="file", text=_file, otherwise=_BACK),
        usual.count(
            "pages",
            _("How many pages was it?"),
            between=(1, 500),
            likely=(1, 2, 4, 8),
            when=lambda here: (paper := _paper(here)) is not None and not paper.pages,
        ),
        Do(
            name="print",
            does=HandlePaper,
            deed=_handle("printed"),
            goto={"done": "is_printed", "pages": "pages", "gone": "gone", "refused": "refused"},
        ),
        Choose(name="why", question=_("Why not? The person reads it kindly put."), choices=NOT_PRINTED),
        Do(
            name="refuse",
            does=HandlePaper,
            deed=_handle("refused"),
            goto={"done": "is_refused", "pages": "gone", "gone": "gone", "refused": "refused"},
        ),
        Do(
            name="collect",
            does=HandlePaper,
            deed=_handle("collected"),
            goto={"done": "is_collected", "pages": "gone", "gone": "gone", "refused": "refused"},
        ),
        Tell(
            name="is_printed",
            text=_("✅ The person is told to collect it. Nothing is kept here."),
            otherwise=_QUEUE,
        ),
        Tell(name="is_refused", text=_("The person is told why. Nothing is kept here."), otherwise=_QUEUE),
        Tell(name="is_collected", text=_("✅ Done."), otherwise=_QUEUE),
        Tell(name="gone", text=_GONE, otherwise=_QUEUE),
        End(name="refused", text=usual.REFUSED),
        End(name="none", text=_("There is nothing to print.")),
    ),
)
