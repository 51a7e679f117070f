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
    (Target.IMPORT_TYPE, "residents"): (
        "把社区已有的住户表格一次登记进来，不再逐户重填。",
        "一个社区几千户，逐户录入会重复打扰居民。",
        "表格错行会把信息登记到别人名下，文件外传会整批泄露。",
        "导入前预览和核对，错行退回；文件加密暂存，办完删除；一批可以整批撤销。",
    ),
}
