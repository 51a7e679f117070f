"""The parts of a survey somebody answers for, place by place, with who helps."""

from __future__ import annotations

from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.scope import keeping_seats
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.models.targets import passed_places
from louzhang.surveys.queries.progress import Place, added, counts_below

DEPTHS = 8
SHOWN = 300
UNKNOWN = "没有找到这一份，或它不在您负责的范围内。"


def own_paths(survey: Survey, actor: Actor) -> list[str]:
    """The places one answers for: looked after, or passed on."""
    passed = passed_places(actor).filter(survey=survey).values_list("area__path", flat=True)
    return sorted({*(seat.path for seat in keeping_seats(actor) if seat.path), *passed})


def parts_of(survey: Survey, actor: Actor) -> list[Place]:
    """Every place of one's own down to the doors, in the order of the tree."""
    paths = own_paths(survey, actor)
    below = _below(paths)
    shares = Share.objects.filter(below, survey=survey).select_related("area__level", "passed_to")
    leaves = counts_below(survey, paths, DEPTHS)
    return [
        Place(share.area, added(count for path, count in leaves.items() if path.startswith(share.area.path)), share)
        for share in shares.defer("area__outline").order_by("area__path")[:SHOWN]
    ]


def find_part(survey: Survey, actor: Actor, area_id: int) -> Share:
    """One of them; raises `NotThere`."""
    rows = Share.objects.filter(_below(own_paths(survey, actor)), survey=survey, area_id=area_id)
    share = rows.select_related("area__level").first()
    if share is None:
        raise NotThere(UNKNOWN)
    return share


def _below(paths: list[str]) -> Q:
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    return Q(area__in=areas) if paths else Q(pk__in=[])
