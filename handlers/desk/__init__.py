"""The staff desk: a second, private bot in a group of staff, on python-telegram-bot."""

from __future__ import annotations

import os

# the library's next way of telling how long to wait; its present one warns at each use
os.environ.setdefault("PTB_TIMEDELTA", "true")
