"""A copy of the own entry to take along: one file with JSON for programs and a page for people (PIPL 45)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.models import Resident
from louzhang.register.queries.histories import history_of
from louzhang.register.queries.own import OwnEntry, looks_at, own_entry, own_requests

NAME = "my-entry"


def copy_of(resident: Resident, actor: Actor, at: datetime) -> bytes:
    """The zip of everything the register holds about a person who has asked for it."""
    content = _content(own_entry(resident, actor, at), actor, at)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.json", json.dumps(content, ensure_ascii=False, indent=2))
        archive.writestr(f"{NAME}.html", render_to_string("register/own/copy.html", {"content": content}))
    return packed.getvalue()


def _content(entry: OwnEntry, actor: Actor, at: datetime) -> dict[str, list[dict[str, Any]]]:
    resident = entry.resident
    return {
        "本人": [_person(resident)],
        "住处": [
            {
                "地方": f"{stay.household.dwelling.area.name} {stay.household.dwelling.door}",
                "与户主关系": str(stay.get_tie_display()),
                "起": stay.starts_on.isoformat(),
                "止": stay.ends_on.isoformat() if stay.ends_on else "",
            }
            for stay in entry.stays
        ],
        "户籍": [{"地址": row.address, "起": row.starts_on.isoformat()} for row in entry.registrations if row.address],
        "关爱标记": [
            {
                "标记": str(tag.kind),
                "目的": tag.purpose,
                "依据": tag.legal_basis,
                "健康情况": tag.open_field("health"),
                "到期": tag.ends_on.isoformat(),
            }
            for tag in entry.tags
        ],
        "单独同意": [{"标记": str(row.kind), "时间": _moment(row.given_at)} for row in entry.consents],
        "谁看过": [
            {"时间": _moment(look.at), "谁": look.who, "看了什么": look.what, "为什么": look.reason}
            for look in looks_at(resident)
        ],
        "我的请求": [
            {"请求": str(row.get_right_display()), "时间": _moment(row.asked_at), "结果": row.status_label}
            for row, _ in own_requests(actor)
        ],
        "登记经过": [{"时间": _moment(line.at), "什么": line.what} for line in history_of(resident)],
        "这份文件": [{"制作时间": _moment(at)}],
    }


def _person(resident: Resident) -> dict[str, str]:
    return {
        "姓名": resident.name,
        "性别": str(resident.get_sex_display()) if resident.sex else "",
        "出生": resident.open_field("birth_date") or str(resident.birth_year or ""),
        "证件号码": resident.open_field("id_number"),
        "电话": resident.open_field("phone"),
    }


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
