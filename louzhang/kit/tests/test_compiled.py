"""A compiled read gives what its queryset gives, with the values of each run."""

from __future__ import annotations

import uuid
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from louzhang.kit import clock
from louzhang.kit.compiled import OneOf, compiled
from louzhang.kit.database.base import numbered

User = get_user_model()


@compiled
def _named(*, name: Any) -> QuerySet[Any]:
    return User.objects.filter(name=name).order_by("pk")


@compiled
def _columns(*columns: str, at_least: Any) -> QuerySet[Any, Any]:
    return User.objects.filter(pk__gte=at_least).order_by("pk").values_list(*columns)


@compiled
def _nobody(*, name: Any) -> QuerySet[Any]:
    return User.objects.filter(name=name).none()


@compiled
def _chosen(*, keys: Any) -> QuerySet[Any]:
    return User.objects.filter(OneOf("pk", keys)).order_by("pk")


@compiled
def _locked(*, name: Any) -> QuerySet[Any]:
    return User.objects.filter(name=name).select_for_update(no_key=True)


def _user(name: str) -> Any:
    return User.objects.create(name=name, phone_index=uuid.uuid4().hex, registered_at=clock.now())


@pytest.mark.django_db
def test_each_run_binds_its_own_values() -> None:
    first, second = _user("演示甲"), _user("演示乙")
    assert [_named.first(name=name) for name in ("演示甲", "演示乙", "演示甲", "演示丙")] == [
        first,
        second,
        first,
        None,
    ]


@pytest.mark.django_db
def test_plain_columns_come_as_the_queryset_says() -> None:
    made = _user("演示甲")
    assert _columns("pk", "name", at_least=made.pk) == [(made.pk, "演示甲")]
    assert _columns("name", at_least=made.pk) == [("演示甲",)]


@pytest.mark.django_db
def test_a_quote_in_a_value_is_a_value() -> None:
    made = _user("演示'; --")
    assert _named.first(name="演示'; --") == made


def test_a_percent_sign_of_the_text_is_no_place() -> None:
    assert numbered("a %s b LIKE 'x%%' c %s") == "a $1 b LIKE 'x%' c $2"


@pytest.mark.django_db
def test_a_query_that_can_hold_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert _nobody(name="演示甲") == []


@pytest.mark.django_db
def test_a_statement_is_counted_like_any_other_and_shows_no_value() -> None:
    with CaptureQueriesContext(connection) as asked:
        _named(name="演示甲")
    assert len(asked) == 1
    assert "$1" in asked[0]["sql"]
    assert "演示甲" not in asked[0]["sql"]


@pytest.mark.django_db
def test_the_server_keeps_a_statement_that_comes_often() -> None:
    for name in ("演示甲", "演示乙", "演示丙", "演示丁"):
        _named(name=name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%name%= $1 ORDER BY%'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_a_slot_must_be_given() -> None:
    with pytest.raises(TypeError):
        _named()


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_refused_outside_a_transaction_at_every_run() -> None:
    with transaction.atomic():
        _locked(name="演示甲")
    with pytest.raises(transaction.TransactionManagementError):
        _locked(name="演示甲")


@pytest.mark.django_db(transaction=True)
def test_another_thread_reads_through_its_own_connection() -> None:
    made = _user("演示甲")
    _named(name="演示甲")
    seen: list[Any] = []

    def read() -> None:
        try:
            seen.append((_named.first(name="演示甲"), connection.connection is not None))
        finally:
            connection.close()

    reader = Thread(target=read)
    reader.start()
    reader.join()
    assert seen == [(made, True)]


@pytest.mark.django_db
def test_a_slot_can_be_bound_to_a_list_of_keys() -> None:
    first, _, third = [_user(f"演示{letter}") for letter in "甲乙丙"]

    assert _chosen(keys=[third.pk, first.pk]) == [first, third]
    assert _chosen(keys=[]) == []
