"""Migrations in a fraction of the time: a table that is made does not have every other model rendered anew.

Django renders again whatever can be reached from a new model, in both directions: where areas, people and events tie
everything together, that is every model there is, for each of some two hundred tables
(docs/decisions/0029-a-new-table-renders-alone.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def new_tables_render_alone() -> Iterator[None]:
    """Within the block a model added to a state is rendered by itself.

    Nobody can hold an older class of a model that was not there; relations to it that waited are bound when it comes,
    and what others remember of who points at them is forgotten by Django with every model that is registered.
    Changing, renaming and removing stay Django's own.
    """
    whole = ProjectState.add_model
    ProjectState.add_model = _add_model  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = whole  # type: ignore[method-assign]


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if vars(state)["_relations"] is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model_state])
