"""What names a kind of thing that is looked for: a job, a course, counselling, in every language and script."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.fold import fold
from bot.searching.vocabulary import stem_of

_NAMES: dict[str, str] = {
    "tutoring": "час часа часови часове часова часовима урок урока уроци уроците lesson lessons; "
    "настава наставе наставу; инструкције инструкција инструкцијама; "
    "тутор тутора туторство tutor tutors tutoring tuition",
    "course": "курс курса курсу курсом курсеви курсеве курсева курсът курсове курсовете течај течаја течајеви; "
    "обука обуке обуку обуци обуком; обучение обучения; course courses",
    "training": "обука обуке обуку обуци обуком обукама; тренинг тренинга тренинзи; "
    "обучение обучението обучения; training trainings; "
    "курс курса курсу курсом курсеви курсеве курсева курсът курсове курсовете; course courses",
    "workshop": "радионица радионице радионицу радионици радионицом радионицама; "
    "работилница работилницата работилници; ателие ателиета; workshop workshops",
    "club": "клуб клуба клубу клубови клубове клубова клубът клубовете секција секције секцију секцији секцијама "
    "кръжок кръжока кръжоци кръжоците krujok krujoci; club clubs",
    "seminar": "семинар семинара семинару семинари семинаре семинарът семинарите; seminar seminars",
    "event": "догађај догађаја догађаји догађаје; дешавање дешавања; събитие събитието събития; event events",
    "visit": "посета посете посету посети; излет излета излети излете; посещение посещения; екскурзия екскурзии; "
    "visit visits; trip trips excursion",
    "internship": "пракса праксе праксу пракси праксом практика практики; "
    "стажирање стажирања стаж стажа стажът стажове; internship internships placement",
    "job": "посао посла послу послом послови послове послова; запослење запослења запослењу; рад рада раду; "
    "работа работата работно; job jobs work employment vacancy vacancies",
    "grant": "грант гранта грантови грантове грантовете субвенција субвенције субсидия субсидии; "
    "grant grants subsidy subsidies",
    "appointment": "термин термина термини; саветовање саветовања саветовању савјетовање консултация консултации; "
    "саветник саветника саветнику савјетник съветник съветника; саветовалиште саветовалишта психолог психолога; "
    "appointment appointments; counselling counseling; counsellor counselor adviser advisor; psychologist",
}
"""The names of each kind in the forms that people write, those of one word together. What merely has to do with a kind
("school") is no name of it."""


def _by_word() -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    """The kinds that each folded name stands for, and the forms of each."""
    kinds: dict[str, set[str]] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for kind, names in _NAMES.items():
        for group in names.split(";"):
            same = tuple(dict.fromkeys(map(fold, group.split())))
            for word in same:
                kinds.setdefault(word, set()).add(kind)
                forms[word] = tuple(dict.fromkeys((*forms.get(word, ()), *same)))
    return {word: frozenset(several) for word, several in kinds.items()}, forms


_KINDS, _FORMS = _by_word()
_NONE: frozenset[str] = frozenset()


def kinds_named(word: str, terms: Sequence[str] = ()) -> frozenset[str]:
    """The kinds that a folded word names. `terms` are the words it was mended to: with a letter wrong, the first."""
    named = _KINDS.get(word, _NONE)
    stem = stem_of(word)
    if named or not terms or any(term.startswith(stem) for term in terms):
        return named
    return _KINDS.get(terms[0], _NONE)


def forms_of(word: str, terms: Sequence[str], named: frozenset[str]) -> tuple[str, ...]:
    """What may be meant by a name of these kinds: its own forms too ("jobs" for "job"), without names of others with
    the same beginning ("work" begins "workshop"). What only sounds like a name is not meant by it.
    """
    stem = stem_of(word) if word in _FORMS else ""
    own = (term for term in terms if term.startswith(stem) and not _KINDS.get(term, named).isdisjoint(named))
    return tuple(dict.fromkeys((*own, *_FORMS.get(word, ()))))
