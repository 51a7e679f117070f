"""What must never be recorded about a person is nowhere: no column, no choice, no kind that ships."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Field

from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused
from louzhang.kit.postgres.rights import DELETABLE
from louzhang.register.actions.kinds import STANDARD_KINDS
from louzhang.register.forbidden import forbidden_in, refuse_forbidden

# Membership of the party stands with the roster, by the member's consent (handbook, "Where the product says no"):
# one table, whose rows nobody but the member reads.
EXCEPTION = ("roster", "PartyMembership")


def columns() -> list[tuple[str, str, str, str]]:
    """App, table, column, and every word of it that a person or a program reads."""
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("louzhang."):
            continue
        for column in model._meta.get_fields():
            if isinstance(column, Field):
                choices = [f"{value} {label}" for value, label in (column.choices or [])]
                words = [column.name, str(column.verbose_name), str(column.help_text), *choices]
                text = f"{model.__name__} {model._meta.verbose_name} {words}"
                found.append((model._meta.app_label, model.__name__, column.name, text))
    return found


def test_no_table_has_a_column_or_choice_for_what_must_not_be_recorded() -> None:
    found = [
        (app, table, name, forbidden_in(words))
        for app, table, name, words in columns()
        if forbidden_in(words) and (app, table) != EXCEPTION
    ]
    assert found == []


def test_the_one_table_that_is_excepted_is_there_and_no_other_points_at_it() -> None:
    assert {(app, table) for app, table, _, words in columns() if forbidden_in(words)} == {EXCEPTION}
    excepted = apps.get_model(*EXCEPTION)
    others = [model for model in apps.get_models() if model is not excepted]
    assert [model for model in others if any(field.related_model is excepted for field in model._meta.fields)] == []


def test_the_excepted_table_is_shown_to_its_member_alone_stands_by_consent_and_can_be_deleted() -> None:
    excepted = apps.get_model(*EXCEPTION)
    consent = next(rule for rule in excepted._meta.constraints if rule.name == "roster_membership_by_consent")
    assert "way" in str(consent.deconstruct())
    assert DELETABLE[excepted._meta.db_table] == {"web", "worker"}
    clock_reads = excepted._default_manager.visible_to(SYSTEM)
    assert clock_reads.query.is_empty()


def test_the_kinds_that_ship_name_nothing_forbidden() -> None:
    assert [kind.name for kind in STANDARD_KINDS if forbidden_in(f"{kind.code} {kind.name}")] == []


@pytest.mark.parametrize("name", ["信访户", "重点人员", "少数民族", "刑满释放", "Key_Person", "返乡人员"])
def test_a_kind_or_tag_of_such_a_name_is_refused_with_a_way_out(name: str) -> None:
    with pytest.raises(InputRefused, match="每周探访"):
        refuse_forbidden(name, field="name")


def test_the_test_sees_columns() -> None:
    assert len(columns()) > 300
