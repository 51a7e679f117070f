"""A small demo, loaded once for all tests of a module that only look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from louzhang.demo.loading import load_demo
from louzhang.demo.sizes import SMALL

# A Thursday afternoon, 15:00 in the district.
AFTERNOON = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """Load a district of two streets and take it back when the module is done."""
    place, settings.MEDIA_PLACE = settings.MEDIA_PLACE, Path(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(at=AFTERNOON, sizes=SMALL)
        settings.MEDIA_PLACE = place
        with django_db_blocker.block():
            yield AFTERNOON
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: datetime, db: None) -> datetime:
    """Give the moment the demo was loaded; a test may change what it likes."""
    return loaded
