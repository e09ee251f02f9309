"""A practice that is open on Tuesdays."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.models.appointments.practice import Practice, open_practice


@pytest.fixture
def practice(session: Session) -> Practice:
    return open_practice(session)
