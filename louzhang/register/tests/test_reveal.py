"""Sealed things open with a reason, are logged, and not without end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from louzhang.journal.models import Reveal
from louzhang.journal.refusals import InputRefused, NotThere, TooOften
from louzhang.register.actions import reveal_resident
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast

WHY = "帮老人核对养老认证。"


def test_a_chief_opens_a_number_with_a_reason_and_it_is_logged(cast: Cast, homes: Homes) -> None:
    father, chief = homes.residents["father"], cast.actor("chief")
    told = reveal_resident(resident_id=father.pk, what="phone", reason=WHY, actor=chief, at=cast.at)
    assert told == "13911110001"
    looked = Reveal.objects.get(subject_kind="resident", subject_id=father.pk)
    assert (looked.what, looked.reason, looked.user_id) == ("phone", WHY, chief.user_id)


def test_without_a_reason_nothing_opens(cast: Cast, homes: Homes) -> None:
    with pytest.raises(InputRefused):
        reveal_resident(
            resident_id=homes.residents["father"].pk, what="phone", reason=" ", actor=cast.actor("chief"), at=cast.at
        )
    assert not Reveal.objects.exists()


@pytest.mark.parametrize(
    ("key", "what"), [("next_chief", "phone"), ("street", "phone"), ("property", "phone"), ("chief", "health")]
)
def test_nobody_else_and_nothing_else_opens(cast: Cast, homes: Homes, key: str, what: str) -> None:
    resident_id = homes.residents["father"].pk
    with pytest.raises(NotThere):
        reveal_resident(resident_id=resident_id, what=what, reason=WHY, actor=cast.actor(key), at=cast.at)
    assert not Reveal.objects.exists()


def test_sixty_an_hour_is_the_end_until_the_next(cast: Cast, homes: Homes) -> None:
    ask: dict[str, Any] = {
        "resident_id": homes.residents["father"].pk,
        "what": "phone",
        "reason": WHY,
        "actor": cast.actor("chief"),
    }
    for _ in range(60):
        reveal_resident(**ask, at=cast.at)
    with pytest.raises(TooOften):
        reveal_resident(**ask, at=cast.at)
    assert reveal_resident(**ask, at=cast.at + timedelta(hours=1))
