"""Two people at once: a code signs in one of them, a count loses nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from louzhang.accounts import limits
from louzhang.accounts.actions import issue_sign_in_code, register_person, sign_in_with_code
from louzhang.accounts.models import Device, User
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused
from tests.cast import MORNING

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(times: int, act: Callable[[], object]) -> list[object]:
    """Run the same act in several connections that start together."""
    start = Barrier(times)

    def one(_: int) -> object:
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.fixture
def person() -> User:
    return register_person(name="演示楼长", phone="13900000001", actor=SYSTEM, at=MORNING)


def test_the_same_code_used_twice_at_once_signs_in_once(person):
    code = issue_sign_in_code(user=person, issuer=person, actor=SYSTEM, at=MORNING)

    def use() -> str:
        try:
            sign_in_with_code(user=person, code=code, label="", at=MORNING)
        except InputRefused:
            return "refused"
        return "signed in"

    assert sorted(str(result) for result in at_once(4, use)) == ["refused", "refused", "refused", "signed in"]
    assert Device.objects.count() == 1


def test_issuing_and_using_a_code_at_once_ends_without_a_deadlock(person):
    code = issue_sign_in_code(user=person, issuer=person, actor=SYSTEM, at=MORNING)
    turns = iter(["issue", "use", "issue", "use"])

    def act() -> str:
        try:
            if next(turns) == "issue":
                issue_sign_in_code(user=person, issuer=person, actor=SYSTEM, at=MORNING)
            else:
                sign_in_with_code(user=person, code=code, label="", at=MORNING)
        except InputRefused:
            return "refused"
        return "done"

    assert len(at_once(4, act)) == 4
    assert Device.objects.count() <= 1


def test_counts_at_once_lose_nobody():
    counted = at_once(6, lambda: limits.count_all([("a", 60), ("b", 3600), ("c", 60)], MORNING)["b", 3600])
    assert sorted(int(str(number)) for number in counted) == [1, 2, 3, 4, 5, 6]
