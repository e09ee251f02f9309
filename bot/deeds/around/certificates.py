"""Performing the deeds about certificates: issued by staff, named and fetched by the person, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deeds.people.staff_rights import listing_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BY_TAG
from bot.offering.certificates import link, order
from conversations.around import words
from conversations.deeds.around import HandCertificate, NameCertificate
from conversations.deeds.staff_around import IssueCertificates, RevokeCertificate
from conversations.speech import Document, Done, Say, Spoken, Words
from models.lessons import certificate
from models.who.acting import own_readers, speaks_for
from models.who.people import Person
from models.who.person import below_consent

REFUSED = Done("refused")


def _mine(doing: Doing, certificate_id: int) -> certificate.Certificate | None:
    """A valid certificate of who acts, or of somebody they speak for."""
    row = doing.session.get(certificate.Certificate, certificate_id)
    if row is None or row.revoked_at is not None or row.person_id is None:
        return None
    return row if speaks_for(doing.session, doing.person_id, row.person_id) else None


def name(doing: Doing, deed: NameCertificate) -> Done:
    """Whose name stands on it: said once. Whether all of it is shown is for who is old enough to agree."""
    if _mine(doing, deed.certificate) is None or not deed.name.strip():
        return Done("gone")
    actor = doing.session.get_one(Person, doing.person_id)
    public = deed.public and not below_consent(doing.session, actor)
    if not certificate.claim(doing.session, deed.certificate, deed.name.strip(), public=public):
        return Done("gone")
    doing.audit("certificate.named", f"certificate:{deed.certificate}")
    return Done("named")


def hand_over(doing: Doing, deed: HandCertificate) -> Done:
    """Queue the file for whoever asked, where they asked: the same certificate however often."""
    row = _mine(doing, deed.certificate)
    if row is None or deed.tag not in BY_TAG:
        return Done("gone")
    if not row.name:
        return Done("no_name")
    voice = doing.voice
    file = Document(f"putokaz-{row.number}.pdf", "application/pdf", b"")
    drawn = order(doing.session, doing.rules, row, deed.tag, voice.speak(words.NOT_DRAWN))
    doing.hand(Say(words.DRAWING))
    doing.hand(Spoken("", voice.tag, document=file), drawn=drawn)
    doing.audit("certificate.drawn", f"certificate:{row.id}")
    return Done("coming", {"link": link(doing.rules, row.code)})


def issue(doing: Doing, deed: IssueCertificates) -> Done:
    """One for everybody who completed it; each is told, or who speaks for them where they have no chat."""
    listing = listing_for(doing, deed.listing)
    if listing is None or listing.block != "OFF":
        return REFUSED
    made = certificate.issue(doing.session, doing.now, listing, doing.person_id)
    if not made:
        return Done("nobody")
    told = sum(_tell(doing, row) for row in made)
    doing.audit("certificates.issued", f"listing:{listing.id}", n=len(made))
    return Done("issued", {"n": len(made), "told": told})


def _tell(doing: Doing, row: certificate.Certificate) -> bool:
    told = False
    for reader in _readers(doing, row):
        button = doing.button(reader, words.GET_IT, "certificate", {"certificate": str(row.id)}, days=90)
        say = Say(words.ready(Words.of(row.title)), (button,))
        told |= doing.tell(reader, say, "offer", listing_id=row.listing_id) is not None
    return told


def _readers(doing: Doing, row: certificate.Certificate) -> Sequence[int]:
    return own_readers(doing.session, row.person_id) if row.person_id is not None else []


def revoke(doing: Doing, deed: RevokeCertificate) -> Done:
    """Withdraw one. The person is told; the page that checks it says "withdrawn" from now on."""
    row = doing.session.get(certificate.Certificate, deed.certificate)
    if row is None or listing_for(doing, row.listing_id) is None or not deed.reason.strip():
        return REFUSED
    if not certificate.revoke(doing.session, doing.now, row.id, deed.reason.strip()[:200]):
        return Done("gone")
    for reader in _readers(doing, row):
        doing.tell(reader, Say(words.withdrawn(Words.of(row.title), deed.reason.strip())), "offer")
    doing.audit("certificate.revoked", f"certificate:{row.id}")
    return Done("revoked")


PERFORM: Performers = {
    NameCertificate: name,
    HandCertificate: hand_over,
    IssueCertificates: issue,
    RevokeCertificate: revoke,
}
