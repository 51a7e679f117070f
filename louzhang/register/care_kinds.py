"""The kinds of care tag that ship (standards: 探访关爱); a district keeps, ends and adds its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CareDraft:
    """A kind of care tag as it is laid down."""

    code: str
    name: str
    purpose: str
    legal_basis: str
    is_health: bool = False
    is_for_children: bool = False
    review_months: int = 6
    longest_months: int = 12

    def columns(self) -> dict[str, Any]:
        """As the table takes it."""
        return asdict(self)


_VISITS = "《关于加强特殊困难老年人探访关爱服务的指导意见》"
_RELIEF = "《社会救助暂行办法》"

STANDARD_CARE = (
    CareDraft("living_alone", "独居", "定期探访，停水停电时先送到家", _VISITS),
    CareDraft("empty_nest", "空巢", "定期探访，节假日问候", _VISITS),
    CareDraft("left_behind", "留守", "定期探访，帮助联系家人", _VISITS),
    CareDraft("very_old", "高龄", "提醒办理高龄津贴，定期探访", _VISITS),
    CareDraft(
        "disabled_care", "失能", "上门帮办，紧急疏散时先接应", "本人或监护人单独同意", is_health=True, review_months=3
    ),
    CareDraft("severe_disability", "重残", "上门帮办，紧急疏散时先接应", "本人或监护人单独同意", is_health=True),
    CareDraft("special_family", "特殊家庭老人", "定期探访，帮办就医", _VISITS),
    CareDraft("minimum_living", "低保对象", "提醒复核，帮办救助手续", _RELIEF),
    CareDraft("extreme_poverty", "特困人员", "帮办供养手续，定期探访", _RELIEF),
    CareDraft(
        "child_in_need", "困境儿童", "儿童主任定期走访", "监护人单独同意；《未成年人保护法》",
        is_for_children=True, review_months=3, longest_months=6,
    ),
)  # fmt: skip
