"""Two people at once: a code signs in one of them, a count loses nobody."""

import pytest

from louzhang.accounts import limits
from louzhang.accounts.actions import issue_sign_in_code, register_person, sign_in_with_code
from louzhang.accounts.models import Device, User
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused
from tests.at_once import at_once
from tests.cast import MORNING

pytestmark = pytest.mark.django_db(transaction=True)


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

    assert sorted(at_once(*[use] * 4)) == ["refused", "refused", "refused", "signed in"]
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

    assert len(at_once(*[act] * 4)) == 4
    assert Device.objects.count() <= 1


def test_counts_at_once_lose_nobody():
    counted = at_once(*[lambda: limits.count_all([("a", 60), ("b", 3600), ("c", 60)], MORNING)["b", 3600]] * 6)
    assert sorted(counted) == [1, 2, 3, 4, 5, 6]
