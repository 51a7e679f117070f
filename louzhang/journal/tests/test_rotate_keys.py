"""A new key: everything sealed comes under it, in any number of runs, and opens as before."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from louzhang.accounts.models import User
from louzhang.journal.actions import resealing
from louzhang.journal.sealed import Sealed
from louzhang.kit import crypto
from tests.cast import Cast, make_cast

NEW = {"k9": bytes(range(16))}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, stderr=io.StringIO())
    return out.getvalue()


def keys_of_people() -> set[str]:
    return {crypto.key_id_of(user.phone_sealed) for user in User.objects.all()}


def test_everything_comes_under_the_new_key_and_opens_as_before(cast: Cast, settings: Any) -> None:
    before = {user.pk: user.open_phone() for user in User.objects.all()}
    settings.SEAL_KEYS = NEW | settings.SEAL_KEYS
    assert f"换了 {len(before)} 个" in rotate()
    assert keys_of_people() == {"k9"}
    settings.SEAL_KEYS = NEW  # the old key may go
    assert {user.pk: user.open_phone() for user in User.objects.all()} == before
    assert "换了 0 个" in rotate()


def test_a_run_that_was_stopped_is_taken_up_by_the_next(cast: Cast, settings: Any, monkeypatch: Any) -> None:
    settings.SEAL_KEYS = NEW | settings.SEAL_KEYS
    monkeypatch.setattr(resealing, "BATCH", 5)
    stops = iter([None, None, KeyboardInterrupt])

    def advance(count: int) -> None:
        if stop := next(stops):
            raise stop

    people = next(column for column in resealing.sealed_columns() if column.model is User)
    with pytest.raises(KeyboardInterrupt):
        resealing.reseal_column(people, advance)
    assert people.stale().count() == User.objects.count() - 15
    rotate()
    assert keys_of_people() == {"k9"}


def test_a_value_that_no_key_opens_is_named_and_the_rest_is_done(cast: Cast, settings: Any) -> None:
    lost = cast.people["chief"]
    User.objects.filter(pk=lost.pk).update(phone_sealed="k5." + lost.phone_sealed.partition(".")[2])
    settings.SEAL_KEYS = NEW | settings.SEAL_KEYS
    with pytest.raises(CommandError, match=f"accounts_user.phone_sealed id={lost.pk}"):
        rotate()
    assert keys_of_people() == {"k9", "k5"}


def test_every_sealed_column_of_the_house_is_known_to_the_command() -> None:
    known = {(column.model, column.column) for column in resealing.sealed_columns()}
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and field.name.endswith("_sealed")
    }
    assert found == known
    assert all(issubclass(model, Sealed) for model, _ in found)
