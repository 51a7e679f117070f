"""派驻干部: teams and postings at the desk, one's own posting on the phone, every verb on a page of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.rights import areas_visible_to, offices_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.areas.views.list_files import book_file
from louzhang.fieldwork.views.acts import act, bound, tapped
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.journal.ties import Tied
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.views.frame import page
from louzhang.roster.actions import posted as actions
from louzhang.roster.forms.posted import (
    DrawForm,
    MeetingForm,
    MoveForm,
    NeedForm,
    PaperForm,
    PostedLeaveForm,
    ProposeForm,
    TeamForm,
)
from louzhang.roster.lifecycle.posted import STANDING, Tie
from louzhang.roster.models.posted import HomePaper, Posting, SampleCheck, Strength, TeamMeeting
from louzhang.roster.queries.posted import reading, records
from louzhang.roster.queries.training.dues import due_for
from louzhang.shell.parts import Verb

for_posted = for_roles(*FIELD_ROLES, *OFFICE_ROLES, Role.UNIT_LEAD, Role.UNIT_MEMBER)
STREET_RANK = RANKS[LevelKind.STREET]
RECORD_DAYS = 60
SEEDS = 1_000_000
LABELS = dict(Strength.choices)
Finder = Callable[[Actor, UUID], Any]
# Kind in the address: how one is found, the row's name in the action, where its page is.
KINDS: Mapping[str, tuple[Finder, str, Mapping[str, Callable[..., Any]]]] = {
    "posting": (
        reading.find_posting,
        "posting_id",
        {
            "confirm_home": actions.confirm_home,
            "confirm_site": actions.confirm_site,
            "decline": actions.decline_posting,
            "take_up": actions.take_up,
            "question": actions.question_posting,
            "be_heard": actions.be_heard,
            "note_silence": actions.note_silence,
            "keep": actions.keep_posting,
            "call_back": actions.call_back,
            "expire": actions.expire_posting,
        },
    ),
    "leave": (
        reading.find_leave,
        "leave_id",
        {
            "approve": actions.approve_leave,
            "refuse": actions.refuse_leave,
            "take_back": actions.take_back_leave,
        },
    ),
    "meeting": (
        reading.find_meeting,
        "meeting_id",
        {"hold": actions.hold_meeting, "give_task": actions.give_task, "cancel": actions.cancel_meeting},
    ),
    "check": (
        reading.find_check,
        "check_id",
        {
            "confirm": actions.confirm_check,
            "fault": actions.fault_check,
            "answer": actions.answer_check,
            "close": actions.close_check,
        },
    ),
    "paper": (
        reading.find_paper,
        "paper_id",
        {
            "write": actions.write_paper,
            "show": actions.show_paper,
            "see": actions.see_paper,
            "send": actions.send_paper,
            "assess": actions.assess_paper,
        },
    ),
}


# ---- Teams ---------------------------------------------------------------------------------------


@require_safe
@for_posted
def teams(request: HttpRequest) -> HttpResponse:
    """The teams one has to do with, what places ask for, and who could meet it."""
    actor, at = actor_of(request), clock.now()
    found, needs = reading.teams_seen(actor), reading.needs_seen(actor)
    mine = [each for each in reading.postings_seen(actor) if each.status in STANDING or each.ended_at is None]
    fits = reading.fits_for(needs, [each for each in mine if Tie.ABOVE in each.relations_now])
    context = {
        "teams": found,
        "own": [each for each in mine if Tie.PERSON in each.relations_now],
        "to_confirm": [each for each in mine if _waits_for(each)],
        "needs": [(need, LABELS[need.strength], fits.get(need.area_id, [])) for need in needs],
        "may_form": bool(_street_offices(actor)),
        "may_ask": bool(offices_of(actor)),
        "today": clock.local_date(at),
    }
    return page(request, "roster/posted/teams.html", context)


def _waits_for(posting: Posting) -> bool:
    """Whether the next step of a posting is the reader's own, as a manager."""
    return any(step.is_main for step in reading.verbs_of(posting)) and Tie.PERSON not in posting.relations_now


def _street_offices(actor: Actor) -> list[Area]:
    ids = [seat.area_id for seat in offices_of(actor) if seat.rank <= STREET_RANK and not actor.is_read_only]
    return list(Area.objects.filter(pk__in=ids).select_related("level").order_by("path"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def form_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    actor, at = actor_of(request), clock.now()
    offices = _street_offices(actor)
    if not offices:
        raise NotYours("队伍由街道或区里组建和管理。")
    form = TeamForm(bound(request), offices=offices, at=at, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        team = actions.form_team(actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("posted:team", args=[team.uid])

    about = "一支队伍有任期、有文件，人从各单位来。"
    return act(
        request, form, do, label="组建队伍", back=reverse("posted:teams"), said="组建好了，可以派人了。", about=about
    )


@require_safe
@for_posted
def team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One team: who is posted where, the next meeting, what was drawn."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    checks = reading.checks_drawn(actor, row)
    context = {
        "team": row,
        "runs": reading.runs(actor, row),
        "postings": reading.postings_seen(actor, row),
        "meetings": reading.meetings_of(actor, row),
        "checks": _checks(checks),
        "now": clock.now(),
        "back_url": reverse("posted:teams"),
    }
    return page(request, "roster/posted/team.html", context)


@require_safe
@for_posted
def team_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The team's list as a workbook."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    if not reading.runs(actor, row):
        raise NotYours("名单由管理这支队伍的街道或区里导出。")
    head = ("姓名", "派出单位", "派到", "做什么", "从", "到", "现在", "长处")
    lines = [
        (
            each.user.name, each.home_unit.name, f"{each.site.name} {each.area.name}" if each.site_id != each.area_id
            else each.area.name, Role(each.role).label, f"{each.starts_on:%Y-%m-%d}", f"{each.ends_on:%Y-%m-%d}",
            each.status_label, "、".join(LABELS[one] for one in each.strengths),
        )
        for each in reading.postings_seen(actor, row)
    ]  # fmt: skip
    today = clock.local_date(clock.now())
    return book_file(f"{row.name}-{today:%Y-%m-%d}", book_of({"派驻名单": [head, *lines]}))


@require_POST
@for_posted
def end_team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A team whose term is over."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    back = reverse("posted:team", args=[uid])
    return tapped(
        request, back, lambda: actions.end_team(team_id=row.pk, actor=actor, at=clock.now()), "这支队伍结束了。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody more for a team."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = ProposeForm(bound(request), team=row, at=at, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        posting = actions.propose_posting(team_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return reverse("posted:one", args=[posting.uid])

    said = "提出来了，等派出单位和接收地两边确认。"
    about = f"{row.name}，任期 {row.starts_on:%Y-%m-%d} 到 {row.ends_on:%Y-%m-%d}"
    return act(request, form, do, label="派一个人", back=reverse("posted:team", args=[uid]), said=said, about=about)


def _refuse_running(actor: Actor, team_row: Any) -> None:
    if not reading.runs(actor, team_row) or team_row.ended_at is not None:
        raise NotYours("这一步由管理这支队伍的街道或区里来办。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def need(request: HttpRequest) -> HttpResponse:
    """A place asks for a strength."""
    actor = actor_of(request)
    places = list(areas_visible_to(actor).filter(level__kind=LevelKind.COMMUNITY, ended_at=None).order_by("path")[:500])
    if not offices_of(actor) or not places:
        raise NotYours("用人需求由所在社区或上级办公室来提。")
    form = NeedForm(bound(request), places=places, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        actions.raise_need(actor=actor, at=moment, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("posted:teams")

    return act(request, form, do, label="提用人需求", back=reverse("posted:teams"), said="提上去了。")


@require_POST
@for_posted
def close_need(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is met."""
    actor = actor_of(request)
    row = next((each for each in reading.needs_seen(actor) if each.uid == uid), None)
    if row is None:
        raise NotThere(reading.GONE)
    back = reverse("posted:teams")
    return tapped(
        request, back, lambda: actions.close_need(need_id=row.pk, actor=actor, at=clock.now()), "这条需求了结了。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def call_meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call a team together."""
    actor = actor_of(request)
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = MeetingForm(bound(request), initial={"entry_id": uuid4()})
    back = reverse("posted:team", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        actions.call_meeting(team_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return back

    return act(request, form, do, label="通知开会", back=back, said="通知了，队里每个人都看得到。", about=row.name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def draw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw some records to hold against what people on the spot say."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_team(actor, uid)
    _refuse_running(actor, row)
    form = DrawForm(bound(request), at=at, initial={"entry_id": uuid4()})
    back = reverse("posted:team", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        actions.draw_checks(team_id=row.pk, seed=secrets.randbelow(SEEDS), actor=actor, at=moment, **said)
        return back

    about = "从系统记下的工作里随机抽，每一条被抽到的机会一样。抽签的数字会留下来，谁都可以重抽一遍核对。"
    return act(request, form, do, label="抽查", back=back, said="抽好了，请逐条核对。", about=about)


# ---- One posting ---------------------------------------------------------------------------------


@require_safe
@for_posted
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One posting, as much of it as the reader's tie allows: the home unit reads no record of the work."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    today = clock.local_date(at)
    at_work = bool(row.relations_now & {Tie.PERSON, Tie.SITE, Tie.ABOVE})
    done = records.records_of(row, today - timedelta(days=RECORD_DAYS), today + timedelta(days=1)) if at_work else []
    is_own = Tie.PERSON in row.relations_now
    context = {
        "posting": row,
        "strengths": [LABELS[each] for each in row.strengths] if at_work else [],
        "role": row.title.name if row.title else Role(row.role).label,
        "is_own": is_own,
        "at_work": at_work,
        "counted": records.counted(done),
        "days": _by_day(done)[:14],
        "presence": records.presence_of(row, done, today) if at_work else [],
        "leaves": [(each, _verbs("leave", each)) for each in reading.leaves_of(actor, row)],
        "checks": _checks(reading.checks_of(actor, row)),
        "papers": reading.papers_of(actor, row),
        "meetings": reading.meetings_of(actor, row.team)[:5] if at_work else [],
        "dues": due_for(row.user, at) if at_work and row.status in STANDING else [],
        "said": reading.said_in(row) if at_work or Tie.HOME in row.relations_now else [],
        "verbs": _verbs("posting", row),
        "may_leave": is_own and row.status == "serving",
        "may_write": not is_own and bool(row.relations_now & {Tie.SITE, Tie.ABOVE}) and row.post_id is not None,
        "year": reading.year_of(today),
        "now": at,
        "today": today,
        "back_url": reverse("posted:teams"),
    }
    return page(request, "roster/posted/one.html", context)


def _by_day(done: list[records.Record]) -> list[tuple[date, list[tuple[str, int]]]]:
    days: dict[date, list[records.Record]] = {}
    for each in done:
        days.setdefault(each.day, []).append(each)
    return [(day, records.counted(each)) for day, each in days.items()]


def _verbs(kind: str, row: Tied) -> list[Verb]:
    return [
        Verb(
            label=step.label,
            url=reverse("posted:move", args=[kind, row.uid, step.verb]),  # type: ignore[attr-defined]
            kind="main" if step.is_main else "danger" if step.is_grave else "plain",
        )
        for step in reading.verbs_of(row)
    ]


def _checks(checks: list[SampleCheck]) -> list[tuple[SampleCheck, str, Any, list[Verb]]]:
    events = reading.events_drawn(checks)
    found = []
    for each in checks:
        event = events.get(each.event_id)
        label = records.COUNTED.get((event.subject_kind, event.verb), "") if event is not None else ""
        found.append((each, label, event.happened_at if event is not None else None, _verbs("check", each)))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def leave(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask for leave."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    if Tie.PERSON not in row.relations_now:
        raise NotYours("请假由本人来提。")
    initial = {"entry_id": uuid4(), "starts_on": clock.local_date(at)}
    form = PostedLeaveForm(bound(request), posting=row, at=at, initial=initial)
    back = reverse("posted:one", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        actions.ask_posted_leave(posting_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return back

    about = "不用写为什么。接收地的负责人批准以后，到那天起由替岗人来办。"
    return act(request, form, do, label="请假", back=back, said="交上去了，等批准。", about=about)


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin a text to the home unit, with what the records say laid down first."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    today = clock.local_date(at)
    year = reading.year_of(today)
    initial = {"entry_id": uuid4(), "year": year, "kind": "year", "words": _first_words(row, year)}
    form = PaperForm(bound(request), initial=initial)

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        paper = actions.draft_paper(posting_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return reverse("posted:paper", args=[paper.uid])

    about = f"{row.user.name}，派出单位 {row.home_unit.name}"
    back = reverse("posted:one", args=[uid])
    return act(request, form, do, label="写给派出单位", back=back, said="写好了，下一步请本人看。", about=about)


def _first_words(row: Posting, year: int) -> str:
    """What the journal says of a year, one line a kind of work: a beginning to write on."""
    done = records.records_of(row, date(year, 1, 1), date(year + 1, 1, 1))
    days = len({each.day for each in done})
    lines = [f"{label} {count} 次" for label, count in records.counted(done)]
    return "\n".join([f"{year} 年有工作记录的日子 {days} 天。", *lines]) if done else ""


# ---- Meetings and papers -------------------------------------------------------------------------


@require_safe
@for_posted
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One meeting with its minutes and tasks."""
    actor = actor_of(request)
    row: TeamMeeting = reading.find_meeting(actor, uid)
    context = {
        "meeting": row,
        "said": reading.said_in(row),
        "present": [each.user.name for each in _people(row)],
        "orders": list(row.orders.select_related("category", "area").order_by("pk")),
        "verbs": _verbs("meeting", row),
        "now": clock.now(),
        "back_url": reverse("posted:team", args=[row.team.uid]),
    }
    return page(request, "roster/posted/meeting.html", context)


def _people(row: TeamMeeting) -> list[Posting]:
    seen: dict[int, Posting] = {}
    for each in Posting.objects.filter(team=row.team, user_id__in=row.present_ids).select_related("user"):
        seen.setdefault(each.user_id, each)
    return list(seen.values())


@require_safe
@for_posted
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One text to the home unit, with its way so far."""
    row: HomePaper = reading.find_paper(actor_of(request), uid)
    context = {
        "paper": row,
        "words": reading.last_words(row, "write"),
        "remark": reading.last_words(row, "see"),
        "assessed": reading.last_words(row, "assess"),
        "said": reading.said_in(row),
        "verbs": _verbs("paper", row),
        "now": clock.now(),
        "back_url": reverse("posted:one", args=[row.posting.uid]),
    }
    return page(request, "roster/posted/paper.html", context)


@require_safe
@for_posted
def paper_print(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet for the cadre's file: only what the person has seen stands on it."""
    row: HomePaper = reading.find_paper(actor_of(request), uid)
    if row.status not in ("seen", "sent"):
        raise NotYours("本人看过以后才能打印和存档。")
    context = {
        "paper": row,
        "words": reading.last_words(row, "write"),
        "remark": reading.last_words(row, "see"),
        "assessed": reading.last_words(row, "assess"),
        "role": row.posting.title.name if row.posting.title else Role(row.posting.role).label,
        "now": clock.now(),
    }
    return render(request, "roster/posted/paper_print.html", context)


# ---- Every verb ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def move(request: HttpRequest, kind: str, uid: UUID, verb: str) -> HttpResponse:
    """One verb of one row: its form, or doing it."""
    found = KINDS.get(kind)
    if found is None or verb not in found[2]:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    find, name, verbs = found
    actor = actor_of(request)
    row = find(actor, uid)
    loop = reading.LOOPS[row.subject_kind]
    if request.method != "POST":
        refuse_unless_open(loop, loop[verb], row)
    initial: dict[str, Any] = {"entry_id": uuid4()}
    if verb == "write":
        initial["words"] = reading.last_words(row, "write")
    form = MoveForm(bound(request), step=loop[verb], row=row, initial=initial)
    back = _page_of(kind, row)

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        verbs[verb](actor=actor, at=moment, entry_id=entry, **{name: row.pk}, **said)
        return back

    step = loop[verb]
    more = {"is_grave": step.is_grave}
    return act(request, form, do, label=step.label, back=back, said=f"{step.said}，已记下。", about=_about(row), **more)


def _page_of(kind: str, row: Any) -> str:
    if kind == "posting":
        return reverse("posted:one", args=[row.uid])
    if kind in ("meeting", "paper"):
        return reverse(f"posted:{kind}", args=[row.uid])
    return reverse("posted:one", args=[row.posting.uid])


def _about(row: Any) -> str:
    if isinstance(row, TeamMeeting):
        return row.subject
    posting = row if isinstance(row, Posting) else row.posting
    return f"{posting.user.name}，{posting.area.name}"
