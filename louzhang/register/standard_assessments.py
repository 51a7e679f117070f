"""Assessments that ship: of what every register needs. A real district reads, rewrites and switches them on itself."""

from __future__ import annotations

from collections.abc import Mapping

from louzhang.register.models import Target

_WHO = "加密保存，页面遮盖，打开要写理由并留痕，本人能看到谁看过，每人每小时有上限。"

# Purpose, necessity, risks, measures; by what they are about.
STANDARD: Mapping[tuple[str, str], tuple[str, str, str, str]] = {
    (Target.FIELD_GROUP, "identity"): (
        "核对是不是同一个人，帮居民办理要证件号码的事。",
        "同名同姓的人分不清就会办错人；不填也能登记和得到服务。",
        "泄露可能被冒用身份办事。",
        _WHO,
    ),
    (Target.FIELD_GROUP, "phone"): (
        "上门前联系，停水停电和紧急情况时通知。",
        "没有电话只能上门找人，急事会耽误；不填也能登记和得到服务。",
        "泄露可能带来骚扰和诈骗电话。",
        _WHO,
    ),
    (Target.FIELD_GROUP, "health"): (
        "失能、重残等要照看的人，上门和紧急疏散时知道要注意什么。",
        "不知道用什么药、能不能走动，救急时会帮错忙；不填也能得到照看。",
        "泄露会让人难堪，可能影响求职和保险，也会引来推销。",
        "本人或监护人单独同意才记，随时撤回，马上删除；" + _WHO,
    ),
    (Target.IMPORT_TYPE, "residents"): (
        "把社区已有的住户表格一次登记进来，不再逐户重填。",
        "一个社区几千户，逐户录入会重复打扰居民。",
        "表格错行会把信息登记到别人名下，文件外传会整批泄露。",
        "导入前预览和核对，错行退回；文件加密暂存，办完删除；一批可以整批撤销。",
    ),
    (Target.SURVEY, "screening"): (
        "按文件或社区的决定逐户核对一件事，一次问清，不为别的事再用。",
        "不上门核对就不知道哪一户要帮忙；每一题都可以不愿回答，不影响任何服务。",
        "问得太细会打扰居民，回答泄露会让人知道家里的情况。",
        "题目不碰不能问的事；写到人的回答加密；上级只看数字；到期删除回答，只留汇总。",
    ),
    (Target.SURVEY, "questionnaire"): (
        "听居民的需求和意见，把要办的事列出来。",
        "不问就只能替居民做主；自愿回答，可以用自己的手机填，每一题都可以不愿回答。",
        "少数人的意见可能被认出来是谁写的。",
        "人数太少的格子不显示；文字回答加密，只有经办的人能看；到期删除回答，只留汇总。",
    ),
}
