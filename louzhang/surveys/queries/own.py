"""What a household is asked: its own open surveys, and one of them by its code or its door."""

from __future__ import annotations

from uuid import UUID

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.models.bindings import own_households
from louzhang.surveys.home_codes import is_code_of
from louzhang.surveys.models import Share, Survey, Target

UNKNOWN = "没有找到。请核对门牌和户码，或请楼长再给您看一次。"
_WITH = ("survey", "dwelling", "area__level")


def own_targets(actor: Actor) -> list[Target]:
    """The open surveys of the households in which the actor lives; two queries at most."""
    if actor.user_id is None and not actor.device:
        return []
    rows = Target.objects.filter(household__in=own_households(actor).order_by().values("pk"))
    return list(rows.filter(survey__in=Survey.objects.open().values("pk")).select_related(*_WITH).order_by("pk"))


def target_by_code(uid: UUID, code: str) -> Target:
    """The household of an address with its code; raises `NotThere`, the same for a wrong code and none at all."""
    target = Target.objects.select_related(*_WITH).filter(uid=uid).first()
    if target is None or not is_code_of(target.uid, code):
        raise NotThere(UNKNOWN)
    return target


def own_target(actor: Actor, uid: UUID) -> Target:
    """A household in which the actor lives; raises `NotThere`."""
    rows = Target.objects.filter(household__in=own_households(actor).order_by().values("pk"), uid=uid)
    target = rows.select_related(*_WITH).first()
    if target is None:
        raise NotThere(UNKNOWN)
    return target


def open_in_house(house: Area) -> list[Survey]:
    """The open surveys that ask homes of a building."""
    shares = Share.objects.leaves().filter(area__path__gte=house.path, area__path__lt=house.path + "~")
    return list(Survey.objects.open().filter(pk__in=shares.order_by().values("survey_id")).order_by("ends_at", "pk"))


def target_at_door(house: Area, survey: Survey, door: str, code: str) -> Target:
    """The household behind a door of a building whose code was typed; raises `NotThere`.

    Several families may live behind one door: each has a code of its own.
    """
    rows = Target.objects.filter(survey=survey, area__path__gte=house.path, area__path__lt=house.path + "~")
    behind = rows.filter(dwelling__door=door.strip()).select_related(*_WITH)
    found = next((target for target in behind[:50] if is_code_of(target.uid, code)), None)
    if found is None:
        raise NotThere(UNKNOWN)
    return found
