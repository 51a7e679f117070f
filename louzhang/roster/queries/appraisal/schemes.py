"""Which scheme holds where: of two for the same role the nearer one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from louzhang.areas.models import Area, LevelKind
from louzhang.journal.actor import Actor
from louzhang.roster.models.appraisal import RankingScene, Scheme
from louzhang.roster.queries.appraisal.spans import Span


def schemes_in_force(month: date) -> list[Scheme]:
    """Those by which a month may be opened, the nearest to communities last."""
    rows = Scheme.objects.current().filter(starts_on__lte=month).select_related("area")
    return sorted(rows.prefetch_related("indicators"), key=lambda scheme: (scheme.role, len(scheme.area.path)))


def places_of_schemes(month: date) -> Iterator[tuple[Scheme, Area]]:
    """Every community with the scheme that holds for each role there."""
    schemes = schemes_in_force(month)
    if not schemes:
        return
    for community in Area.objects.of_kind(LevelKind.COMMUNITY).filter(ended_at=None).order_by("path"):
        held = {scheme.role: scheme for scheme in schemes if community.path.startswith(scheme.area.path)}
        for scheme in held.values():
            yield scheme, community


def schemes_for(actor: Actor) -> list[Scheme]:
    """What an actor may read, those in use first."""
    rows = Scheme.objects.visible_to(actor).select_related("area__level").prefetch_related("indicators")
    return sorted(rows, key=lambda scheme: (scheme.ended_at is not None, scheme.area.path, scheme.role, -scheme.pk))


def scene_of(span: Span) -> RankingScene | None:
    """The scene under which staff are compared in a month: one that lasts all of it or begins or ends in it."""
    held = Q(starts_on__lt=span.next_month, ends_on__gt=span.month)
    return RankingScene.objects.filter(held, ended_at=None).order_by("pk").first()


def scenes() -> list[RankingScene]:
    """The scenes under which staff were or are compared, the newest first; public to whoever works here."""
    return list(RankingScene.objects.order_by("-starts_on", "-pk")[:50])
