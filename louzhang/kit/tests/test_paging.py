import base64
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Length, NullIf
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from louzhang.kit.paging import BadCursor, Page, page_of, rough_count

pytestmark = pytest.mark.django_db
APP = "paging_rows"
NAMES = [f"{letter}{number}" for letter in "abc" for number in range(7)] + ["long one", "长长的名字"]


@pytest.fixture
def rows() -> QuerySet[ContentType]:
    ContentType.objects.bulk_create(ContentType(app_label=APP, model=name) for name in NAMES)
    return ContentType.objects.filter(app_label=APP)


def walk(queryset: QuerySet[ContentType], size: int, order: tuple[str, ...]) -> list[Page[ContentType]]:
    pages = [page_of(queryset, cursor=None, size=size, order=order)]
    while pages[-1].has_next:
        pages.append(page_of(queryset, cursor=pages[-1].next_cursor, size=size, order=order))
    return pages


def ids(page: Page[Any]) -> list[int]:
    return [row.pk for row in page.rows]


def made(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


ORDERS = [("-id",), ("id",), ("model",), ("-model", "id"), ("length", "-id"), ("-maybe", "model"), ("maybe",), ("-pk",)]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 23, 50])
def test_all_rows_come_once_and_in_order(rows: QuerySet[ContentType], order: tuple[str, ...], size: int) -> None:
    queryset = rows.annotate(length=Length("model"), maybe=NullIf(Length("model"), Value(2)))
    pages = walk(queryset, size, order)
    found = [row for page in pages for row in ids(page)]
    key = "-id" if order[0].startswith("-") else "id"
    assert found == list(queryset.order_by(*order, key).values_list("pk", flat=True))
    assert all(len(page.rows) == size for page in pages[:-1])


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_pages_seen_before(rows: QuerySet[ContentType], order: tuple[str, ...]) -> None:
    queryset = rows.annotate(length=Length("model"), maybe=NullIf(Length("model"), Value(2)))
    pages = walk(queryset, 5, order)
    assert not pages[0].has_previous
    for before, page in pairwise(pages):
        assert page.has_previous
        back = page_of(queryset, cursor=page.previous_cursor, size=5, order=order)
        assert ids(back) == ids(before)
        assert back.next_cursor == before.next_cursor
        assert back.has_previous == before.has_previous


def test_rows_that_arrive_later_do_not_move_the_next_page(rows: QuerySet[ContentType]) -> None:
    first = page_of(rows, cursor=None, size=5)
    expected = ids(page_of(rows, cursor=first.next_cursor, size=5))
    ContentType.objects.create(app_label=APP, model="newcomer")
    assert ids(page_of(rows, cursor=first.next_cursor, size=5)) == expected


def test_rows_that_arrived_before_the_first_page_are_reached_by_going_back(rows: QuerySet[ContentType]) -> None:
    first = page_of(rows, cursor=None, size=5)
    second = page_of(rows, cursor=first.next_cursor, size=5)
    ContentType.objects.create(app_label=APP, model="newcomer")
    back = page_of(rows, cursor=second.previous_cursor, size=5)
    assert ids(back) == ids(first)
    assert back.has_previous
    assert page_of(rows, cursor=back.previous_cursor, size=5).rows[0].model == "newcomer"


def test_a_list_that_became_empty_shows_an_empty_page(rows: QuerySet[ContentType]) -> None:
    second = page_of(rows, cursor=None, size=5).next_cursor
    page = page_of(rows.none(), cursor=second, size=5)
    assert (page.rows, page.has_next, page.has_previous) == ([], False, False)


def test_moments_keep_their_microseconds(rows: QuerySet[ContentType]) -> None:
    start = datetime(2026, 11, 22, 6, 5, 4, 123456, tzinfo=UTC)
    step = timedelta(microseconds=1)
    at = ExpressionWrapper(Value(start) + Value(step) * F("id"), output_field=DateTimeField())
    pages = walk(rows.annotate(at=at), 4, ("-at",))
    assert len({row for page in pages for row in ids(page)}) == len(NAMES)


def test_one_query_a_page_and_no_count(rows: QuerySet[ContentType], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as first:
        page = page_of(rows, cursor=None, size=5)
    with django_assert_num_queries(1) as second:
        page_of(rows, cursor=page.next_cursor, size=5)
    assert "count" not in (first.captured_queries + second.captured_queries)[-1]["sql"].lower()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "中文",
        "A" * 2000,
        made(),
        made("n"),
        made("n", 1, 2),
        made("sideways", 1),
        made("n", "abc"),
        made("n", None),
        made("n", [1]),
        made("n", {"a": 1}),
        made("n", float("nan")),
        made("n", float("inf")),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_broken_cursor_is_refused_with_a_sentence(rows: QuerySet[ContentType], cursor: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        page_of(rows, cursor=cursor, size=5)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize("value", ["\x00", "\ud800"])
def test_texts_that_no_database_takes_are_refused(rows: QuerySet[ContentType], value: str) -> None:
    with pytest.raises(BadCursor):
        page_of(rows, cursor=made("n", value, 1), size=5, order=("model",))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(values=st.lists(st.none() | st.integers() | st.text(max_size=9) | st.floats() | st.booleans(), max_size=3))
def test_a_made_up_cursor_never_breaks_the_page(rows: QuerySet[ContentType], values: list[Any]) -> None:
    try:
        page = page_of(rows, cursor=made("n", *values), size=5, order=("model",))
    except BadCursor:
        return
    assert len(page.rows) <= 5


def test_few_rows_are_counted_and_many_are_not(rows: QuerySet[ContentType]) -> None:
    assert rough_count(rows) == len(NAMES)
    assert rough_count(rows, limit=len(NAMES) + 1) == len(NAMES)
    assert rough_count(rows, limit=len(NAMES)) == f"{len(NAMES) - 1}+"
    assert rough_count(rows.order_by("model"), limit=10) == "9+"
    assert rough_count(rows.none()) == 0
