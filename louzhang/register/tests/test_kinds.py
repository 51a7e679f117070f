"""Kinds of dwelling are the district's own: letter with colour, no name that sorts people."""

from __future__ import annotations

import pytest
from django.urls import reverse

from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.register.actions import KindDraft, add_dwelling_kind, lay_down_kinds
from louzhang.register.models import DwellingKind
from louzhang.register.tests.conftest import Homes
from tests.cast import Cast, browser_as


def test_kinds_are_laid_down_once(cast: Cast) -> None:
    assert lay_down_kinds(actor=SYSTEM, at=cast.at) == 6
    assert lay_down_kinds(actor=SYSTEM, at=cast.at) == 0


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (KindDraft("petition", "信访户", "信", "grey"), InputRefused),
        (KindDraft("dorm", "宿舍", "自", "grey"), Conflict),
        (KindDraft("own", "宿舍", "宿", "grey"), Conflict),
    ],
)
def test_a_kind_that_sorts_people_or_takes_a_sign_is_refused(
    cast: Cast, homes: Homes, draft: KindDraft, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_dwelling_kind(draft=draft, position=9, actor=cast.actor("system_admin"), at=cast.at)


@pytest.mark.parametrize("key", ["chief", "desk", "commander", "security_admin"])
def test_nobody_but_the_system_administrator_changes_kinds(cast: Cast, homes: Homes, key: str) -> None:
    with pytest.raises(NotYours):
        add_dwelling_kind(draft=KindDraft("dorm", "宿舍", "宿", "grey"), position=9, actor=cast.actor(key), at=cast.at)


def test_the_system_administrator_adds_changes_and_ends_one_on_the_pages(cast: Cast, homes: Homes) -> None:
    keeper = browser_as(cast, "system_admin")
    given = {"code": "dorm", "name": "宿舍", "letter": "宿", "colour": "ochre", "position": "9"}
    assert keeper.post(reverse("register:kind_add"), given).status_code == 302
    kind = DwellingKind.objects.get(code="dorm")
    taken = keeper.post(reverse("register:kind", args=[kind.pk]), given | {"letter": "自"})
    assert taken.status_code == 409
    assert "换一个" in taken.content.decode()
    assert keeper.post(reverse("register:kind", args=[kind.pk]), given | {"name": "职工宿舍"}).status_code == 302
    assert "职工宿舍" in keeper.get(reverse("register:kinds")).content.decode()
    assert keeper.post(reverse("register:kind_end", args=[kind.pk]), {"reason": "不用了"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.ended_at is None) == ("职工宿舍", False)
