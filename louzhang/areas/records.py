"""What the security and audit administrators read: locks, devices, reveals, account events."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model, Q, QuerySet

from louzhang.accounts import locking
from louzhang.accounts.models import Device, User
from louzhang.accounts.queries import people_of_indexes
from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.roles import Role
from louzhang.journal.actor import ActorKind
from louzhang.journal.models import Event, Reveal
from louzhang.kit import clock
from louzhang.kit.paging import Page, page_of

PAGE = 50
CSV_AT_MOST = 20_000
ACCOUNT_KINDS = (User.subject_kind, Post.subject_kind)

VERBS = {
    (User.subject_kind, "register"): "登记人员",
    (User.subject_kind, "take_up"): "重新登记人员",
    (User.subject_kind, "rename"): "改姓名",
    (User.subject_kind, "end"): "停用账号",
    (User.subject_kind, "issue_code"): "发登录码",
    (User.subject_kind, "sign_in"): "登录",
    (User.subject_kind, "end_device"): "退出设备",
    (User.subject_kind, "lock"): "连续失败，暂停登录",
    (User.subject_kind, "unlock"): "解除暂停",
    (User.subject_kind, "set_password"): "设置密码",
    (User.subject_kind, "clear_password"): "清除密码",
    (User.subject_kind, "make_token"): "做访问令牌",
    (User.subject_kind, "end_token"): "作废访问令牌",
    (Post.subject_kind, "appoint"): "任命",
    (Post.subject_kind, "end"): "结束任职",
    (Post.subject_kind, "name_stand_in"): "指定替岗人",
}
WAYS = {"code": "用登录码", "password": "用密码", "demo": "演示一键登录"}
SEALED = {
    "name": "姓名", "phone": "电话", "door": "门牌", "id_number": "证件号码", "birth_date": "出生日期",
    "care": "关爱标记", "emergency": "关爱标记（紧急）", "export": "（导出）",
    "search_id": "（按证件号查找）", "search_phone": "（按电话查找）", "health": "健康情况",
    "met_id": "（登记时输入了同一证件号）", "turnout": "谁投过（看不到投了谁）", "number": "收款账号",
    "roster": "（导出队伍名册）", "survey_follow_up": "要跟进的答卷",
}  # fmt: skip
SUBJECTS = {
    "report": "反映",
    "user": "账号",
    "workorder": "工单",
    "resident": "居民登记",
    "firm": "单位商户",
    "area": "社区",
    "inquiry": "居民提问",
    "errand": "代办",
    "survey": "问卷",
    "survey_target": "问卷的一户",
    "mediation_party": "调解的一方",
    "poll": "投票",
    "choosing_objection": "公示意见",
    "pay_account": "收款账户",
}
PROGRAM = "系统"


@dataclass(frozen=True, slots=True)
class Lock:
    """A locked sign-in; `person` is None for a number without an account."""

    person: User | None
    last_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Record:
    """One line of an audit list: when, who, what, about whom or what, more."""

    at: datetime
    who: str
    what: str
    about: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """One day, one person, a page."""

    day: date | None = None
    person: User | None = None
    cursor: str | None = None


def locked_sign_ins(at: datetime) -> list[Lock]:
    """Who cannot sign in now, found by the index, the newest first."""
    rows = list(locking.locked_numbers(at)[:200])
    people = people_of_indexes(row["username"] for row in rows)
    return [Lock(people.get(row["username"]), row["last_at"], row["failures"]) for row in rows]


def recent_devices(at: datetime, cursor: str | None) -> Page[Device]:
    """Devices signed in now, the latest first."""
    rows = Device.objects.filter(ended_at=None, expires_at__gt=at).select_related("user")
    return page_of(rows, cursor=cursor, size=PAGE)


def find_people(words: str) -> list[User]:
    """People of any state by part of the name, for the audit administrator."""
    return list(User.objects.filter(name__contains=words).order_by("name", "pk")[:PAGE])


def person_of_uid(uid: uuid.UUID | None) -> User | None:
    """The person a filter names."""
    return User.objects.filter(uid=uid).first() if uid else None


def reveals(wanted: RecordFilter) -> Page[Reveal]:
    """A page of the log of reveals, the newest first."""
    return page_of(_reveals(wanted), cursor=wanted.cursor, size=PAGE)


def account_events(wanted: RecordFilter) -> Page[Event]:
    """A page of what happened to accounts and posts, the newest first."""
    return page_of(_events(wanted), cursor=wanted.cursor, size=PAGE)


def all_records(kind: str, wanted: RecordFilter) -> Iterator[Record]:
    """Every line of a filtered list, at most 20,000, for the file."""
    rows: QuerySet[Reveal] | QuerySet[Event] = _reveals(wanted) if kind == "reveals" else _events(wanted)
    batch: list[Model] = []
    for row in rows.order_by("-id")[:CSV_AT_MOST].iterator(chunk_size=1000):
        batch.append(row)
        if len(batch) == 1000:
            yield from told(batch)
            batch = []
    yield from told(batch)


def told(rows: Iterable[Model]) -> list[Record]:
    """Rows of either log in words; three queries however many rows."""
    listed = list(rows)
    names = _names_in(listed)
    return [_told_reveal(row, names) if isinstance(row, Reveal) else _told_event(row, names) for row in listed]


def _reveals(wanted: RecordFilter) -> QuerySet[Reveal]:
    rows = Reveal.objects.filter(_on(wanted.day, "at"))
    return rows if wanted.person is None else rows.filter(user_id=wanted.person.pk)


def _events(wanted: RecordFilter) -> QuerySet[Event]:
    rows = Event.objects.filter(_on(wanted.day, "recorded_at"), subject_kind__in=ACCOUNT_KINDS)
    if wanted.person is None:
        return rows
    own = Q(subject_kind=User.subject_kind, subject_id=wanted.person.pk)
    posts = Q(subject_kind=Post.subject_kind, payload__holder=wanted.person.pk)
    return rows.filter(Q(user_id=wanted.person.pk) | own | posts)


def _on(day: date | None, column: str) -> Q:
    if day is None:
        return Q()
    start = clock.day_start(day)
    return Q(**{f"{column}__gte": start, f"{column}__lt": clock.day_start(day + timedelta(days=1))})


@dataclass(frozen=True, slots=True)
class _Names:
    people: dict[int, str]
    areas: dict[int, str]
    units: dict[int, str]


def _names_in(rows: list[Model]) -> _Names:
    people: set[int | None] = {row.user_id for row in rows if isinstance(row, Reveal | Event)}
    events = [row for row in rows if isinstance(row, Event)]
    people |= {_subject_person(event) for event in events}
    posts = [event.payload for event in events if event.subject_kind == Post.subject_kind]
    areas = {payload.get("area") for payload in posts} - {None}
    units = {payload.get("unit") for payload in posts} - {None}
    return _Names(
        dict(User.objects.filter(pk__in=[pk for pk in people if pk]).values_list("pk", "name")),
        dict(Area.objects.filter(pk__in=areas).order_by().values_list("pk", "name")) if areas else {},
        dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {},
    )


def _subject_person(event: Event) -> int | None:
    if event.subject_kind == User.subject_kind:
        return event.subject_id
    holder = event.payload.get("holder")
    return holder if isinstance(holder, int) else None


def _who(row: Reveal | Event, names: _Names) -> str:
    if row.user_id is None:
        return PROGRAM
    name = names.people.get(row.user_id, "")
    return f"{name}（程序）" if row.actor_kind == ActorKind.TOKEN else name


def _told_reveal(row: Reveal, names: _Names) -> Record:
    about = f"{SUBJECTS.get(row.subject_kind, row.subject_kind)} {row.subject_id}"
    return Record(row.at, _who(row, names), f"查看{SEALED.get(row.what, row.what)}", about, row.reason)


def _told_event(row: Model, names: _Names) -> Record:
    assert isinstance(row, Event)
    what = VERBS.get((row.subject_kind, row.verb), row.verb)
    about = names.people.get(_subject_person(row) or 0, "")
    return Record(row.recorded_at, _who(row, names), what, about, _more(row, names))


def _more(event: Event, names: _Names) -> str:
    if event.verb == "sign_in":
        return WAYS.get(event.payload.get("way", ""), "")
    role = event.payload.get("role", "")
    if event.subject_kind != Post.subject_kind or role not in Role.values:
        return ""
    area, unit = event.payload.get("area"), event.payload.get("unit")
    place = names.areas.get(area, "") if area else names.units.get(unit, "")
    return f"{Role(role).label} {place}".strip()
