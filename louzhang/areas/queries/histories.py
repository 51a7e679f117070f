"""Who changed what when: the chains of areas, units and posts in words, and who was the last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, DayKind, Post, Setting, Unit
from louzhang.areas.roles import Role
from louzhang.areas.working_days import spoken_hours
from louzhang.journal.actor import ActorKind
from louzhang.journal.models import Chained, Event

SHOWN = 50
NAMING_AREAS = {"move", "serve", "stop_serving", "appoint", "end", "set_hours", "end_hours"}
PROGRAM = "系统"
VERBS: dict[tuple[str, str], str] = {
    ("area", "add"): "新增",
    ("area", "rename"): "改名称或编码",
    ("area", "move"): "移动",
    ("area", "end"): "停用",
    ("area", "outline"): "改边界",
    ("area", "place"): "改位置",
    ("area", "join_estate"): "改所属小区",
    ("area", "rename_level"): "改层级名称",
    ("area", "add_title"): "新增职务名称",
    ("area", "end_title"): "停用职务名称",
    ("area", "fill_year"): "填入日历",
    ("area", "change_day"): "改一天",
    ("area", "import_days"): "导入日历",
    ("area", "set_hours"): "设定上班时间",
    ("area", "end_hours"): "结束上班时间",
    ("estate", "add"): "新增",
    ("unit", "add"): "新增",
    ("unit", "rename"): "改名称、电话或职责",
    ("unit", "end"): "停用",
    ("unit", "serve"): "增加服务范围",
    ("unit", "stop_serving"): "停止服务范围",
    ("post", "appoint"): "任命",
    ("post", "end"): "结束任职",
    ("post", "name_stand_in"): "指定替岗人",
    ("category", "add"): "新增",
    ("category", "change"): "修改",
    ("category", "end"): "停用",
    ("clock_policy", "add"): "新增",
    ("clock_policy", "change"): "修改",
    ("clock_policy", "end"): "停用",
    ("routing_rule", "add"): "新增",
    ("routing_rule", "change"): "修改",
    ("routing_rule", "move"): "调整顺序",
    ("routing_rule", "end"): "停用",
    ("routing_rule", "propose"): "提出",
    ("routing_rule", "accept"): "采用",
    ("routing_rule", "decline"): "不采用",
    ("duty_clause", "add"): "新增",
    ("duty_clause", "change"): "修改",
    ("duty_clause", "end"): "停用",
    ("reply_template", "add"): "新增",
    ("reply_template", "change"): "修改",
    ("reply_template", "end"): "停用",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, who, what, and more about it."""

    at: datetime
    who: str
    what: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of whatever the events of one page mention by id."""

    people: Mapping[int, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)


def history_of(subject: Chained, verbs: Collection[str] = ()) -> list[Change]:
    """The last fifty changes of one row, all or those of some verbs, the newest first; at most four queries."""
    rows = Event.objects.filter(subject_kind=subject.subject_kind, subject_id=subject.pk).order_by("-seq")
    return _told(list((rows.filter(verb__in=verbs) if verbs else rows)[:SHOWN]))


def changes_at_unit(unit: Unit) -> list[Change]:
    """The last fifty changes of a unit and of the posts in it, the newest first."""
    posts = Post.objects.filter(unit=unit).values("pk")
    own = Event.objects.filter(subject_kind=Unit.subject_kind, subject_id=unit.pk)
    rows = own | Event.objects.filter(subject_kind=Post.subject_kind, subject_id__in=posts)
    return _told(list(rows.order_by("-recorded_at", "-pk")[:SHOWN]))


def last_changes(rows: Sequence[Chained]) -> dict[int, Change]:
    """Who changed each row of a list last and when, by id; two queries however many rows."""
    return _ends_told(list(Event.objects.filter(_ends_of(rows))), rows) if rows else {}


def history_and_last(subject: Chained, rows: Sequence[Chained]) -> tuple[list[Change], dict[int, Change]]:
    """The history of a row and the last changes of those listed with it, in one go."""
    own = Q(subject_kind=subject.subject_kind, subject_id=subject.pk)
    events = list(Event.objects.filter(own | _ends_of(rows) if rows else own).order_by("-seq"))
    history = [event for event in events if event.subject_id == subject.pk][:SHOWN]
    ends = [event for event in events if event.subject_id != subject.pk]
    people = _names(User, {event.user_id for event in events})
    return _told(history, people), _ends_told(ends, rows, people)


def _ends_of(rows: Sequence[Chained]) -> Q:
    seqs = {row.chain_seq for row in rows}
    return Q(subject_kind=rows[0].subject_kind, subject_id__in=[row.pk for row in rows], seq__in=seqs)


def _ends_told(
    events: Iterable[Event], rows: Sequence[Chained], people: Mapping[int, str] | None = None
) -> dict[int, Change]:
    ends = {row.pk: row.chain_seq for row in rows}
    last = [event for event in events if ends.get(event.subject_id) == event.seq]
    names = Names(people=_names(User, {event.user_id for event in last}) if people is None else people)
    return {
        event.subject_id: Change(event.happened_at, _who(event, names), VERBS.get(_verb(event), event.verb))
        for event in last
    }


def settings_said(key: str) -> list[Setting]:
    """The last fifty values of a setting with who set them, the newest first."""
    return list(Setting.objects.filter(key=key).select_related("author").order_by("-starts_at", "-pk")[:SHOWN])


def _told(events: Sequence[Event], people: Mapping[int, str] | None = None) -> list[Change]:
    names = _names_in(events, people)
    return [
        Change(event.happened_at, _who(event, names), VERBS.get(_verb(event), event.verb), _more(event, names))
        for event in events
    ]


def _verb(event: Event) -> tuple[str, str]:
    return event.subject_kind, event.verb


def _who(event: Event, names: Names) -> str:
    if event.user_id is None:
        return PROGRAM
    name = names.people.get(event.user_id, "")
    return f"{name}（程序）" if event.actor_kind == ActorKind.TOKEN else name


def _names_in(events: Sequence[Event], known: Mapping[int, str] | None) -> Names:
    """Names of what the sentences of these events say, and of nothing else."""
    people: set[Any] = {event.user_id for event in events}
    for key in ("holder", "stand_in"):
        people |= _named(events, key)
    told = [event for event in events if event.verb in NAMING_AREAS]
    areas = _named(told, "area") | _named([event for event in told if event.verb == "move"], "parent")
    for event in told:
        areas |= set(event.payload.get("line_before", ())[-2:-1])
    return Names(
        people=_names(User, people) if known is None else known,
        areas=_names(Area, areas),
        units=_names(Unit, _named(told, "unit")),
    )


def _named(events: Iterable[Event], key: str) -> set[Any]:
    return {event.payload.get(key) for event in events}


def _names(model: Any, ids: set[Any]) -> dict[int, str]:
    wanted = {pk for pk in ids if isinstance(pk, int)}
    return dict(model.objects.filter(pk__in=wanted).order_by().values_list("pk", "name")) if wanted else {}


def _more(event: Event, names: Names) -> str:
    tell = MORE.get(_verb(event))
    return tell(event.payload, names) if tell else ""


Said = Mapping[str, Any]


def _renamed(said: Said, names: Names) -> str:
    parts = [
        f"{said[key]} → {said[key.removesuffix('_before')]}"
        for key in ("name_before", "code_before", "phone_before")
        if key in said and said[key] != said.get(key.removesuffix("_before"))
    ]
    return "，".join(parts)


def _moved(said: Said, names: Names) -> str:
    before = names.areas.get((said.get("line_before") or [0, 0])[-2], "")
    return f"{before} → {names.areas.get(said.get('parent', 0), '')}"


def _estate(said: Said, names: Names) -> str:
    return str(said.get("estate_name") or "不属于小区")


def _position(said: Said, names: Names) -> str:
    return "清除" if said.get("longitude") is None else f"{said['longitude']}，{said['latitude']}"


def _post(said: Said, names: Names) -> str:
    role = said.get("role", "")
    place = names.areas.get(said.get("area") or 0) or names.units.get(said.get("unit") or 0, "")
    until = f"，到 {said['ends_on']}" if said.get("ends_on") else ""
    label = Role(role).label if role in Role.values else ""
    return f"{names.people.get(said.get('holder', 0), '')} {label} {place}{until}".strip()


def _stand_in(said: Said, names: Names) -> str:
    return names.people.get(said.get("stand_in") or 0, "不再有替岗人")


def _day(said: Said, names: Names) -> str:
    before, after = (DayKind(said[key]).label for key in ("before", "after") if said.get(key) in DayKind.values)
    return f"{said.get('date')} {before} → {after} {said.get('label', '')}，{said.get('reason', '')}"


def _rule(said: Said, names: Names) -> str:
    return f"第 {said.get('number')} 条：{said.get('rule')}" if said.get("number") else str(said.get("rule", ""))


def _rule_changed(said: Said, names: Names) -> str:
    return f"{'、'.join(said.get('changed', ()))}，原来是{said.get('before')}"


def _reason(said: Said, names: Names) -> str:
    return str(said.get("reason", ""))


def _changed(said: Said, names: Names) -> str:
    return "、".join(said.get("changed", ()))


def _hours(said: Said, names: Names) -> str:
    whose = names.units.get(said.get("unit") or 0, "全区")
    if "spans" not in said:
        return f"{whose}，到 {said.get('ends_on')}，{said.get('reason', '')}"
    spans = tuple((start, stop) for start, stop in said["spans"])
    hours = spoken_hours(said["weekdays"], spans, works_on_holidays=said["works_on_holidays"])
    return f"{whose}，从 {said['starts_on']} 起 {hours}，{said.get('reason', '')}"


MORE: dict[tuple[str, str], Callable[[Said, Names], str]] = {
    ("area", "rename"): _renamed,
    ("area", "move"): _moved,
    ("area", "end"): lambda said, names: str(said.get("reason", "")),
    ("area", "outline"): lambda said, names: "画上边界" if said.get("has_outline") else "清除边界",
    ("area", "place"): _position,
    ("area", "join_estate"): _estate,
    ("area", "rename_level"): lambda said, names: f"{said.get('before')} → {said.get('after')}",
    ("area", "add_title"): lambda said, names: str(said.get("name", "")),
    ("area", "end_title"): lambda said, names: str(said.get("name", "")),
    ("area", "fill_year"): lambda said, names: f"{said.get('year')} 年，{said.get('days')} 天",
    ("area", "change_day"): _day,
    ("area", "import_days"): lambda said, names: f"{len(said.get('days', ()))} 天，{said.get('reason', '')}",
    ("area", "set_hours"): _hours,
    ("area", "end_hours"): _hours,
    ("unit", "rename"): _renamed,
    ("unit", "end"): lambda said, names: str(said.get("reason", "")),
    ("unit", "serve"): lambda said, names: names.areas.get(said.get("area", 0), ""),
    ("unit", "stop_serving"): lambda said, names: names.areas.get(said.get("area", 0), ""),
    ("post", "appoint"): _post,
    ("post", "end"): _post,
    ("post", "name_stand_in"): _stand_in,
    ("category", "change"): lambda said, names: "、".join(said.get("changed", ())),
    ("category", "end"): lambda said, names: str(said.get("reason", "")),
    ("clock_policy", "add"): lambda said, names: f"{said.get('limit')}，{said.get('source', '')}".rstrip("，"),
    ("clock_policy", "change"): lambda said, names: f"{'、'.join(said.get('changed', ()))}，现在 {said.get('limit')}",
    ("clock_policy", "end"): lambda said, names: str(said.get("reason", "")),
    ("routing_rule", "add"): _rule,
    ("routing_rule", "propose"): _rule,
    ("routing_rule", "accept"): _rule,
    ("routing_rule", "change"): _rule_changed,
    ("routing_rule", "move"): lambda said, names: f"第 {said.get('before')} 条 → 第 {said.get('number')} 条",
    ("routing_rule", "end"): _reason,
    ("routing_rule", "decline"): _reason,
    ("duty_clause", "change"): _changed,
    ("duty_clause", "end"): _reason,
    ("reply_template", "change"): _changed,
    ("reply_template", "end"): _reason,
}
