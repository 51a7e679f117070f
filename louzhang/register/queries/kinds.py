"""Kinds of dwelling; they are settings of the district and show nobody."""

from __future__ import annotations

from louzhang.journal.refusals import NotThere
from louzhang.register.models import DwellingKind


def list_kinds() -> list[DwellingKind]:
    """All kinds, those in use first."""
    return sorted(DwellingKind.objects.all(), key=lambda kind: (kind.ended_at is not None, kind.position, kind.pk))


def find_kind(kind_id: int) -> DwellingKind:
    """One kind; raises `NotThere`."""
    kind = DwellingKind.objects.filter(pk=kind_id).first()
    if kind is None:
        raise NotThere("没有找到这个房屋类型。")
    return kind
