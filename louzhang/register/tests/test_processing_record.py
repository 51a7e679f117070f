"""The record of processing: what is done with people's data, from the code and from the district."""

from __future__ import annotations

import io

from django.core.management import call_command

from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import put_in_use
from tests.cast import Cast


def test_the_record_names_what_is_in_use_with_purpose_basis_and_end_and_no_person(cast: Cast, homes: Homes) -> None:
    put_in_use(cast, "disabled_care")
    printed = io.StringIO()
    call_command("processing_record", stdout=printed)
    said = printed.getvalue()
    named = (
        "人房登记",
        "荣誉奖金",
        "关爱标记：失能",
        "单独同意",
        "最长 12 个月",
        "影响评估",
        "2026-03-02 评估，已启用",
    )
    for words in named:
        assert words in said
    assert "独居" not in said, "not in use"
    assert [name for name in ("演示父亲", "演示母亲") if name in said] == []
