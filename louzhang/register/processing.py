"""个人信息处理活动记录 (PIPL 55, 56): what is processed, what for, by which right, who sees it, for how long.

The fixed part is written here beside the code that does it; kinds of care tag and assessments come from the district.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from louzhang.register.models import CareKind
from louzhang.register.queries.assessments import all_assessable, codes_switched_on

LEGAL_DUTY = "履行法定职责（《个人信息保护法》第13条第3项）"
CONSENT = "本人同意（第13条第1项）"
SEPARATE = "本人或监护人单独同意（第29、31条）"
RELATION = "办理本人反映的事所必需（第13条第2、3项）"


@dataclass(frozen=True, slots=True)
class Processing:
    """One processing of people's data."""

    name: str
    contents: str
    purpose: str
    basis: str
    seen_by: str
    kept: str


FIXED = (
    Processing(
        "账号", "姓名、手机号（加密）", "登录和联系", RELATION, "本人；上级办公室看到遮盖后的号码",
        "账号停用以后不再使用",
    ),
    Processing(
        "反映和工单", "姓名、电话、门牌（加密），文字和照片", "办理居民反映的事", RELATION,
        "受理和办理人员；公开的页面没有", "按类别的保存期限，到期清空，留下空记录",
    ),
    Processing(
        "微邻里提问", "姓名、电话（加密），问的话", "回答居民的提问", RELATION, "网格员、楼长、社区",
        "结束以后按期限清空",
    ),
    Processing(
        "矛盾调解", "当事人姓名、电话（加密），谈话和协议", "调解", CONSENT, "调解人和当事人", "结束以后按期限清空",
    ),
    Processing(
        "人房登记", "姓名、性别、出生年；证件号码、出生日期、电话（加密）；住处、户籍、与户主关系", "服务和联系住户",
        LEGAL_DUTY, "单元长、楼长、网格员、网格长、社区；街道以上只看数字", "迁出、去世以后按规定；本人可以请求删除",
    ),
    Processing(
        "怎么联系、需求", "联系方式偏好、需要什么", "按住户方便的方式服务", LEGAL_DUTY, "登记人房的人", "随户",
    ),
    Processing(
        "查看记录", "谁、什么时候、为什么看了加密的内容", "让本人知道谁看过", LEGAL_DUTY,
        "本人、审计管理员", "不能修改和删除",
    ),
)  # fmt: skip


_added: dict[str, Processing] = {}


def add_processing(*processing: Processing) -> None:
    """Name what another part does with people's data; called in `AppConfig.ready()`."""
    _added.update({one.name: one for one in processing})


def processings() -> Iterator[Processing]:
    """Every processing there is now: the fixed ones, those of other parts, then the kinds of care tag in use."""
    yield from FIXED
    yield from _added.values()
    on = codes_switched_on("care_kind")
    for kind in CareKind.objects.filter(ended_at=None, code__in=on).order_by("position", "pk"):
        yield Processing(
            name=f"关爱标记：{kind.name}",
            contents=f"有这个标记，目的、记的人、到期日{'，健康情况（加密）' if kind.is_health else ''}",
            purpose=kind.purpose,
            basis=f"{kind.legal_basis}；{SEPARATE}" if kind.is_health or kind.is_for_children else kind.legal_basis,
            seen_by="儿童主任、社区负责人" if kind.is_for_children else "登记人房的人，打开要留痕",
            kept=f"最长 {kind.longest_months} 个月，每 {kind.review_months} 个月看一次，到期删除",
        )


def record_lines() -> Iterator[str]:
    """The record as lines of text, then every assessment with its state."""
    for number, one in enumerate(processings(), start=1):
        yield f"{number}. {one.name}"
        said = (("内容", one.contents), ("目的", one.purpose), ("依据", one.basis), ("谁能看", one.seen_by),
                ("保存", one.kept))  # fmt: skip
        yield from (f"   {label}：{words}" for label, words in said)
    yield "影响评估"
    for thing in all_assessable():
        row = thing.latest
        if row is not None:
            state = "已启用" if thing.is_on else "未启用"
            yield f"   {thing.target_label} {thing.name}：{row.assessed_on} 评估，{state}，保存到 {row.keep_until}"
