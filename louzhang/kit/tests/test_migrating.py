"""What migrations see of the models is whole although a new table renders alone."""

from __future__ import annotations

from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from louzhang.kit.migrating import new_tables_render_alone


def bound(model: Any, apps: Any) -> bool:
    """Whether a model points at the classes of now, and these know of it."""
    return all(
        field.related_model is apps.get_model(field.related_model._meta.label)
        and model in {each.related_model for each in field.related_model._meta.get_fields(include_hidden=True)}
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model not in (None, model) and not field.auto_created
    )


def known(apps: Any) -> dict[str, set[str]]:
    """Every model with all its fields and whatever points at it."""
    return {
        model._meta.label: {field.name for field in model._meta.get_fields(include_hidden=True)}
        for model in apps.get_models(include_auto_created=True)
    }


def test_each_new_table_is_tied_to_what_there_is_and_in_the_end_nothing_is_missing():
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    assert state.apps is not None
    plan = [node for target in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(target)]
    made = []
    with new_tables_render_alone():
        for app, name in dict.fromkeys(plan):
            for operation in loader.graph.nodes[app, name].operations:
                operation.state_forwards(app, state)
                if isinstance(operation, CreateModel):
                    made.append(state.apps.get_model(app, operation.name))
                    is_ours = not made[-1]._meta.swapped
                    assert not is_ours or bound(made[-1], state.apps), f"{app}.{operation.name}"
    assert len(made) > 100
    anew = ProjectState(models=dict(state.models), real_apps=loader.unmigrated_apps)
    assert known(state.apps) == known(anew.apps)


def test_the_way_of_django_is_back_afterwards():
    whole = ProjectState.add_model
    with new_tables_render_alone():
        assert ProjectState.add_model is not whole
    assert ProjectState.add_model is whole
