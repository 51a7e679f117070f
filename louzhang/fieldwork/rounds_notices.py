"""What errands, leaves and handovers tell: whose errand it is and who runs it, who stands in, who comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.fieldwork.models import Errand, Handover, Leave
from louzhang.fieldwork.queries.errands import TAKERS
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.register.scope import COMMUNITY_RANK

ASKER, AGENT, AROUND = "asker", "agent", "around"
ERRAND_RULES = (
    Rule("ask", AROUND, "errand", "有人请帮忙跑一趟：{what}", many="{count} 件代办等人接"),
    Rule("put_back", AROUND, "errand", "有一件代办等人接着办：{what}", many="{count} 件代办等人接"),
    Rule("take", ASKER, "own_errand", "您托办的事有人接下了。"),
    Rule("collect", ASKER, "own_errand", "您的材料收下了，收条在“代办帮办”里。"),
    Rule("hand_over", ASKER, "own_errand", "您托办的事办好交回了，请您看一下、点确认。"),
    Rule("pass_on", ASKER, "own_errand", "您托办的事换了人接着办。"),
    Rule("put_back", ASKER, "own_errand", "原来替您办事的人不在任了，正在找人接着办。"),
    Rule("decline", ASKER, "own_errand", "您托办的事这里办不了，请看原因和接下来怎么办。"),
    Rule("pass_on", AGENT, "errand", "有一件代办交给您：{what}"),
    Rule("confirm", AGENT, "errand", "代办已经确认办好：{what}"),
    Rule("not_yet", AGENT, "errand", "代办还没有办好，请再看一下：{what}"),
    Rule("withdraw", AGENT, "errand", "代办不用办了：{what}"),
)
HOLDER, STAND_IN, OFFICE, NEXT = "holder", "stand_in", "office", "next"
LEAVE_RULES = (
    Rule("ask", STAND_IN, "leave", "请您替岗：{what}，{days}"),
    Rule("ask", OFFICE, "leave", "有人请了替岗：{what}，{days}"),
    Rule("ask", HOLDER, "leave", "已经给您安排了替岗：{what}，{days}"),
    Rule("begin", STAND_IN, "leave", "替岗开始了：{what}，{days}，该办的在您的清单上"),
    Rule("begin", HOLDER, "leave", "替岗开始了：{what}，{days}"),
    Rule("end", STAND_IN, "leave", "替岗结束了：{what}，权限已经收回"),
    Rule("end", HOLDER, "leave", "替岗结束了：{what}，该办的回到您的清单上"),
    Rule("end", OFFICE, "leave", "替岗结束了：{what}"),
)
HANDOVER_RULES = (
    Rule("hand_over", NEXT, "post_handover", "{what}交接给您：{count}"),
    Rule("hand_over", OFFICE, "post_handover", "{what}的任职结束，{next}：{count}"),
)


def _people(posts: Q, event: Event) -> Iterator[Recipient]:
    for each in seated_in(posts, clock.local_date(event.happened_at)):
        yield Recipient(face=each.face, user_id=each.user_id)


def _office(area: Area, event: Event) -> Iterator[Recipient]:
    """The office of the community around a place."""
    ids = [node.pk for node in line_of(area) if node.rank == COMMUNITY_RANK]
    yield from _people(Q(area_id__in=ids, role__in=OFFICE_ROLES), event)


class Errands:
    """One batch of errands; what is asked is words of a person and stands in none of the lines."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Errand.objects.select_related("area__level").in_bulk(ids)
        self._audiences: Mapping[str, Callable[[Errand, Event], Iterable[Recipient]]] = {
            ASKER: self._asker,
            AGENT: self._agent,
            AROUND: self._around,
        }

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Whose errand it is, who runs it, or who could."""
        yield from self._audiences[to](self._rows[event.subject_id], event)

    def _asker(self, row: Errand, event: Event) -> Iterator[Recipient]:
        """Nobody where somebody else wrote it down: they are told at the door."""
        if not row.is_for_another:
            yield Recipient(face="phone", user_id=row.asker_id, device_hash=row.device_hash)

    def _agent(self, row: Errand, event: Event) -> Iterator[Recipient]:
        yield from _people(Q(pk=row.agent_id), event)

    def _around(self, row: Errand, event: Event) -> Iterator[Recipient]:
        """Those of the nearest place where somebody could take it, else the office of the community."""
        line = [node.pk for node in line_of(row.area) if node.rank > COMMUNITY_RANK]
        near = list(seated_in(Q(area_id__in=line, role__in=TAKERS), clock.local_date(event.happened_at)))
        for each in near:
            if each.area_id == near[0].area_id:
                yield Recipient(face=each.face, user_id=each.user_id)
        if not near:
            yield from _office(row.area, event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The sort of errand and the place without its door."""
        row = self._rows[event.subject_id]
        return {"what": f"{row.get_kind_display()}（{row.area.name}）"}

    def is_urgent(self, event: Event) -> bool:
        """Never: what is urgent is reported."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page on the recipient's face."""
        name = "errands:own" if recipient.face == "phone" else "errands:one"
        return reverse(name, args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """The own ones, or those one runs."""
        return reverse("errands:mine" if recipient.face == "phone" else "errands:list")


class Leaves:
    """One batch of leaves with their posts."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Leave.objects.select_related("post__area__level", "post__title").in_bulk(ids)
        self._places = spoken_places([row.post.area for row in self._rows.values() if row.post.area is not None])

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who stands in, whose post it is, or the office of the community."""
        row = self._rows[event.subject_id]
        if to == STAND_IN:
            yield Recipient(face="field", user_id=row.stand_in_id)
        elif to == HOLDER:
            yield Recipient(face="field", user_id=row.post.user_id)
        elif row.post.area is not None:
            yield from _office(row.post.area, event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The seat and the days; neither who is away nor why."""
        row = self._rows[event.subject_id]
        place = self._places.get(row.post.area_id or 0, "")
        days = f"{row.starts_on.month}月{row.starts_on.day}日到{row.ends_on.month}月{row.ends_on.day}日前"
        return {"what": f"{place}{row.post.title or row.post.get_role_display()}", "days": days}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of leaves and handovers."""
        return self.list_url(recipient)

    def list_url(self, recipient: Recipient) -> str:
        """The same."""
        return reverse("handing:list")


class Handovers:
    """One batch of handovers."""

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self._rows = Handover.objects.select_related("post__title", "area__level").in_bulk(ids)
        self._places = spoken_places([row.area for row in self._rows.values()])

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who comes next, or the office of the community."""
        row = self._rows[event.subject_id]
        if to == OFFICE:
            yield from _office(row.area, event)
        elif row.to_post_id is not None:
            yield from _people(Q(pk=row.to_post_id), event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The seat, how much moved, whether somebody has it."""
        row = self._rows[event.subject_id]
        count = int(event.payload.get("count", 0))
        return {
            "what": f"{self._places[row.area_id]}{row.post.title or row.post.get_role_display()}",
            "count": f"没办完的 {count} 件" if count else "没有没办完的事",
            "next": "已有人接手" if row.to_post_id is not None else "还没有人接手，请安排",
        }

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """What moved, thing by thing."""
        return reverse("handing:handover", args=[self._rows[event.subject_id].uid])

    def list_url(self, recipient: Recipient) -> str:
        """All of them."""
        return reverse("handing:list")


ERRANDS = Rulebook(rules=ERRAND_RULES, open_batch=Errands)
LEAVES = Rulebook(rules=LEAVE_RULES, open_batch=Leaves)
HANDOVERS = Rulebook(rules=HANDOVER_RULES, open_batch=Handovers)
