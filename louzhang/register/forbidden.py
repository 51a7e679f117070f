"""What must never stand in the register, nor in any other table (handbook, "Where the product says no").

No work, no petitioning, convictions, drugs, religion, ethnicity or politics of a person, no "key persons", no
standing lists of newcomers or returners. Columns and the names of kinds and tags that people add are both
held against these words. Membership of the party stands in the roster by the member's consent and is the
one exception, named in the test.
"""

from __future__ import annotations

from louzhang.journal.refusals import InputRefused

# Parts of English identifiers.
NAMES = (
    "occupation", "profession", "employer", "petition", "convict", "criminal", "offender", "drug", "religio",
    "faith", "ethnic", "nationality", "politic", "party_member", "membership", "key_person", "watch_list", "blacklist",
    "score_of", "credit_score", "newcomer", "returner", "face_id",
)  # fmt: skip
# Parts of Chinese words that people read.
WORDS = (
    "职业", "工作单位", "信访", "上访", "缠访", "前科", "刑满", "犯罪", "服刑", "社区矫正", "吸毒", "涉毒", "戒毒",
    "毒品", "宗教", "信仰", "信教", "信什么教", "信哪个教", "教徒", "信徒", "民族", "政治面貌", "党员", "党籍", "邪教",
    "重点人", "重点关注", "重点管控", "重点对象", "管控", "维稳", "黑名单", "积分等级", "信用分", "返乡",
    "外来人员", "新来人员", "人脸",
)  # fmt: skip


def forbidden_in(text: str) -> str:
    """The first forbidden word of a text, or an empty string."""
    folded = text.casefold()
    return next((word for word in (*NAMES, *WORDS) if word in folded), "")


def refuse_forbidden(text: str, *, field: str) -> None:
    """Raise `InputRefused` for a name of a kind or tag that would put people on such a list."""
    if word := forbidden_in(text):
        raise InputRefused(
            f"“{word}”不能作为类别或标签：人房登记不记录职业、信访、前科、信仰、民族、政治面貌，也没有“重点人员”。"
            "请换成要做什么事的说法，例如“每周探访”。",
            field=field,
        )
