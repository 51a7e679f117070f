"""What a row of the table is made of, and the sentence for an input that is missing."""

from __future__ import annotations

from louzhang.kit.lifecycle import Transition
from louzhang.workorders.lifecycle.states import Relation, State

MISSING = {
    "reason": "请写明理由，让对方知道为什么。",
    "advice": "请写一句建议，告诉反映人接下来可以找谁、怎么办。",
    "unit": "请选择承办单位。",
    "note": "请写一句办理情况，说明做了什么。",
    "answer": "请写一句给反映人的答复。",
    "category": "请选择类别。",
    "area": "请选择地点。",
    "words": "请写下要说的话。",
    "stars": "请选择一到五颗星。",
    "solved": "请选择“已解决”或“未解决”。",
    "seat": "请选择由谁办理。",
    "call_result": "请选择告知结果。",
    "into": "请选择并入哪一件，或写下它的单号。",
    "others": "请选择要合并进来的工单。",
    "other": "请选择要拆出的工单。",
    "photo": "请选择一张照片。",
    "units": "请至少选择一个单位。",
    "task": "请写明请对方做什么。",
    "reply": "请写一句回复，说明做了什么。",
    "part": "请选择是哪一项协办。",
    "clause": "请选择这个决定依据权责清单的哪一条；清单里还没有的，请先在设置里补上。",
    "decision": "请写下会商的决定和理由。",
    "place": "请写明在哪里开。",
    "held_at": "请写明什么时候开。",
    "meeting": "请选择是哪一次现场办公。",
    "minutes": "请写下现场办公的记录。",
    "title": "请写一个标题。",
    "body": "请写明提交给谁。",
    "demand": "请写明督办的要求。",
    "due_date": "请选择要在哪一天以前回复。",
    "explanation": "请写一段反映人看得懂的说明。",
    "review_date": "请选择哪一天复查。",
    "basis": "请写明法律、法规或政策依据。",
    "contact_result": "请选择联系的结果。",
    "pause_for": "请选择为什么暂停。",
    "amount": "请填写延长多少，要是一个整数。",
    "boxes": "请在照片上画出要遮挡的地方，或填写它的位置。",
}


def transition(
    verb: str,
    label: str,
    sources: set[State] | frozenset[State],
    targets: tuple[State, ...],
    relations: set[Relation],
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
    *,
    audience: str = "handlers",
    is_main: bool = False,
    is_grave: bool = False,
    said: str = "",
) -> Transition:
    """One row of the table below."""
    return Transition(
        verb=verb,
        label=label,
        sources=frozenset(sources),
        targets=targets,
        relations=frozenset(relations),
        needs=needs,
        takes=takes,
        audience=audience,
        is_main=is_main,
        is_grave=is_grave,
        said=said or label,
    )
