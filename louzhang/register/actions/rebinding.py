"""Who is bound to two rows that become one, or one that becomes two, has to be recognised anew.

A row made of two holds what neither binding was confirmed for: somebody bound to a made-up row would read the other
person's. So a merge ends the bindings of both rows, and its undoing brings exactly those back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.telling import tell_bound
from louzhang.register.models import Binding, Merge

KEY = "binding"
TITLE = "您的登记有变动，请重新认证本人"


def end_bindings(merge: Merge, actor: Actor, at: datetime) -> None:
    """End the bindings of both rows, confirmed or asked, and tell whoever they let in."""
    for resident_id in (merge.resident_id, merge.into_id):
        tell_bound(resident_id, merge.into, title=TITLE, url=reverse("own:home"), at=at)
    rows = _locked(merge)
    for binding in rows:
        _end(binding, actor, at)
    merge.laid_away[KEY] = {str(binding.pk): [None, None] for binding in rows}


def bring_back(merge: Merge, actor: Actor, at: datetime) -> None:
    """End what was confirmed since the merge, since it was for both rows, and bring those before it back.

    One whose account or phone is somebody else's by now stays ended.
    """
    for binding in _locked(merge):
        _end(binding, actor, at)
    ended = Binding.objects.filter(pk__in=[int(pk) for pk in merge.laid_away.get(KEY, {})])
    for binding in ended.select_related("resident").order_by("pk").select_for_update(no_key=True, of=("self",)):
        binding.ended_at = None
        try:
            with transaction.atomic():
                tell(binding, "restore", area_id=binding.resident.area_id, actor=actor, at=at, save=("ended_at",))
        except IntegrityError:
            continue


def _locked(merge: Merge) -> list[Binding]:
    rows: Iterable[Binding] = (
        Binding.objects.filter(resident_id__in=(merge.resident_id, merge.into_id), ended_at=None)
        .select_related("resident")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    return list(rows)


def _end(binding: Binding, actor: Actor, at: datetime) -> None:
    binding.ended_at = at
    tell(binding, "end", area_id=binding.resident.area_id, actor=actor, at=at, save=("ended_at",))
