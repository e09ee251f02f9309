"""What stands on a certificate besides the words of staff. In the catalogues as `posters`."""

from __future__ import annotations

from conversations.speech import _

HOUSE = _("Putokaz")
HEADING = _("Certificate")
LEAD = _("of a completed programme")
LENGTH = _("Length:")
WHEN = _("When:")
BY = _("Issued by:")
NUMBER = _("Number:")
ISSUED = _("Issued on:")
DAY = _("{day} {year}")
DAYS = _("{first} – {last} {year}")
CHECK = _("Check it here:")
SIGNATURE = _("Signature and stamp")
TRIAL = _("Only a trial: this address works on one computer alone")
