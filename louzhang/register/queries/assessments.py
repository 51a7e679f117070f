"""What has been assessed and what of it is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from louzhang.journal.refusals import NotThere
from louzhang.register.models import CareKind, ImpactAssessment, Target

FIELD_GROUPS: Mapping[str, str] = {"identity": "证件号码、出生日期", "phone": "电话", "health": "健康情况"}
IMPORT_TYPES: Mapping[str, str] = {"residents": "住户批量导入"}
SURVEY_KINDS: Mapping[str, str] = {"screening": "入户排查", "questionnaire": "问卷"}
FIXED: Mapping[str, Mapping[str, str]] = {
    Target.FIELD_GROUP: FIELD_GROUPS,
    Target.IMPORT_TYPE: IMPORT_TYPES,
    Target.SURVEY: SURVEY_KINDS,
}


@dataclass(frozen=True, slots=True)
class Assessable:
    """One thing that needs an assessment, with the latest of them."""

    target: str
    code: str
    name: str
    latest: ImpactAssessment | None

    @property
    def target_label(self) -> str:
        """Which sort of thing it is."""
        return Target(self.target).label

    @property
    def is_on(self) -> bool:
        """Whether it is in use by its latest assessment."""
        row = self.latest
        return row is not None and row.switched_on_at is not None and row.switched_off_at is None


def is_switched_on(target: str, code: str) -> bool:
    """Whether an assessment has switched this on."""
    return ImpactAssessment.objects.switched_on().filter(target=target, code=code).exists()


def codes_switched_on(target: str) -> set[str]:
    """The codes of one sort that are in use."""
    return set(ImpactAssessment.objects.switched_on().filter(target=target).values_list("code", flat=True))


def targets_of(target: str) -> Mapping[str, str]:
    """Code and name of everything of one sort that can be assessed."""
    if target == Target.CARE_KIND:
        return dict(CareKind.objects.filter(ended_at=None).order_by("position", "pk").values_list("code", "name"))
    return FIXED[target]


def all_assessable() -> list[Assessable]:
    """Everything that needs an assessment; two queries."""
    latest: dict[tuple[str, str], ImpactAssessment] = {}
    for row in ImpactAssessment.objects.select_related("author").order_by("assessed_on", "pk"):
        standing = latest.get((row.target, row.code))
        if standing is None or not (standing.switched_on_at and standing.switched_off_at is None):
            latest[row.target, row.code] = row
    return [
        Assessable(target.value, code, name, latest.get((target.value, code)))
        for target in Target
        for code, name in targets_of(target).items()
    ]


def find_assessment(uid: UUID) -> ImpactAssessment:
    """One assessment: they name no person and lie open to whoever may open the page; raises `NotThere`."""
    row = ImpactAssessment.objects.filter(uid=uid).first()
    if row is None:
        raise NotThere("没有找到这份评估。")
    return row
