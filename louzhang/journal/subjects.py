"""Which table a subject kind lives in: apps register their chained models when they load."""

from __future__ import annotations

from louzhang.journal.models import Chained

_kinds: dict[str, type[Chained]] = {}


def register(*chained: type[Chained]) -> None:
    """Make the chains of these models known to `verify_events` and the photo worker."""
    for model in chained:
        _kinds[model.subject_kind] = model


def model_of(subject_kind: str) -> type[Chained]:
    """The model of a kind; raises KeyError for a kind nobody registered."""
    return _kinds[subject_kind]


def registered() -> dict[str, type[Chained]]:
    """All kinds, for a walk over every chain."""
    return dict(_kinds)
