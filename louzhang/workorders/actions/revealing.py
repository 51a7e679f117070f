"""Opening a sealed contact: asked with a reason, allowed by relation, logged."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries import Tier, contact_tier

FIELDS = ("name", "phone", "door")


def reveal_contact(*, report_id: int, what: str, reason: str, actor: Actor, at: datetime) -> str:
    """The plain name, phone or door of a reporter, for who may have it now.

    The desk and those who hold the order may; the unit that had it before may not; a keeper
    may where the reporter chose to be told at the door or the keeper typed the report.

    Raises `NotThere` out of scope, `NotYours` without the right, `InputRefused` without reason.
    """
    report = Report.objects.filter(pk=report_id).first()
    order = None
    if report is not None:
        rows = WorkOrder.objects.visible_to(actor).with_relations(actor)
        order = rows.filter(pk=report.order_id).first()
    if report is None or order is None or what not in FIELDS:
        raise NotThere("没有找到这条反映，或它不在您的范围内。")
    if contact_tier(order, report, actor) is not Tier.REVEAL:
        raise NotYours("您现在不能查看反映人的联系方式，请联系受理这件事的社区。")
    if not reason.strip():
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    log_reveal(
        subject_kind=report.subject_kind,
        subject_id=report.pk,
        what=what,
        reason=reason.strip()[:200],
        actor=actor,
        at=at,
    )
    return report.open_field(what)
