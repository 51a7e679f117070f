"""What happens in a month, for the tests of appraisals: orders, visits, questions and errands through their actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.models import Span as Beat
from louzhang.fieldwork.models import Whom
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.roster.actions.appraisal import adopt_scheme, compute_month, open_month
from louzhang.roster.models.appraisal import AppraisalMonth, Scheme, Standing
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    report_workorder,
    settle_on_spot_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import AnswerWay, Channel, WorkOrder
from tests.cast import Cast

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
AFTER = timedelta(days=32)  # from the cast's morning on 2 March into April
WORK = SchemeDraft("楼长月度考核", "chief", (Weighed("orders_in_time", 60), Weighed("visits_due", 40)), commend_most=1)


@dataclass
class Course:
    """The cast with a scheme and a month, and what people do in it."""

    cast: Cast
    scheme: Scheme
    month: AppraisalMonth

    def report(self, hours: float = 0, area: str = "stairwell", by: Actor | None = None) -> WorkOrder:
        """A leak, reported by a phone."""
        draft = Draft(
            channel=Channel.RESIDENT, category=self.cast.categories["leak"], area=self.cast.areas[area],
            words="楼道水管爆了", answer_way=AnswerWay.HERE,
        )  # fmt: skip
        return report_workorder(draft=draft, actor=by or self.cast.device, at=self.at(hours)).order

    def on_spot(self, person: str, hours: float = 1, area: str = "stairwell", by: Actor | None = None) -> WorkOrder:
        """Settled at once by somebody who keeps the place."""
        order, at = self.report(hours - 0.5, area, by), self.at(hours)
        return settle_on_spot_workorder(order_id=order.pk, note="关了阀门", actor=self.cast.actor(person, at), at=at)

    def taken(self, person: str, hours: float, area: str = "stairwell", key: str = "") -> WorkOrder:
        """Given to the seat of a post and signed for, by its holder or `person` standing in."""
        order, at = self.report(hours, area), self.at(hours)
        desk, post = self.cast.actor("desk", at), self.cast.posts[key or person]
        office = self.cast.units["community_office"]
        accept_workorder(order_id=order.pk, actor=desk, at=at)
        dispatch_workorder(order_id=order.pk, unit=office, seat=post, actor=desk, at=at)
        return take_workorder(order_id=order.pk, actor=self.cast.actor(person, at), at=at)

    def settled(self, order: WorkOrder, person: str, hours: float) -> WorkOrder:
        """Settled by its holder."""
        at = self.at(hours)
        return settle_workorder(order_id=order.pk, note="换了管子", actor=self.cast.actor(person, at), at=at)

    def at(self, hours: float) -> datetime:
        """So many hours after the cast's morning."""
        return self.cast.at + timedelta(hours=hours)

    def compute(self, actor: str = "desk", at: datetime | None = None) -> dict[str, Standing]:
        """The month computed by the office; everybody's row by their key."""
        at = at or self.cast.at + AFTER
        self.month = compute_month(month_id=self.month.pk, actor=self.cast.actor(actor, at), at=at)
        return self.rows()

    def rows(self) -> dict[str, Standing]:
        """Everybody's row by their key."""
        keys = {user.pk: key for key, user in self.cast.people.items()}
        return {keys[row.user_id]: row for row in Standing.objects.filter(month=self.month).order_by("user_id")}

    def counted(self, kind: str = "orders_in_time") -> Mapping[str, tuple[int, int]]:
        """Cases and good ones of a computed month by person."""
        return {
            key: (row.figures[kind]["cases"], row.figures[kind]["good"] // 100) for key, row in self.compute().items()
        }


def begun(cast: Cast, draft: SchemeDraft = WORK, month: date = MARCH) -> Course:
    """A scheme of the community, and its month."""
    desk = cast.actor("desk")
    scheme = adopt_scheme(draft=draft, area=cast.areas["community"], actor=desk, at=cast.at)
    opened = open_month(scheme=scheme, area=cast.areas["community"], month=month, actor=desk, at=cast.at)
    return Course(cast, scheme, opened)


def monthly_rhythm(cast: Cast, **changes: Any) -> None:
    """Every home below the community once a month by the chief, from before the month on."""
    draft = {"name": "走访每一户", "whom": Whom.EACH, "role": "chief", "span": Beat.MONTH} | changes
    begin = cast.at - timedelta(days=60)
    day = clock.local_date(begin)
    set_rhythm(draft=RhythmDraft(**draft), area=cast.areas["community"], starts_on=day, actor=SYSTEM, at=begin)
