"""选任 at the desk: the list, one round with its places and people, its steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries import setting
from louzhang.areas.views.list_files import book_file
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock, paging
from louzhang.kit.books import book_of
from louzhang.kit.lifecycle import Transition
from louzhang.roster.actions.choosing import (
    Naming,
    appoint_round,
    break_off,
    close_nominations,
    drop_vacancy,
    end_notice,
    extend_round,
    go_on,
    name_person,
    renotice,
)
from louzhang.roster.forms.choosing import (
    AppointForm,
    DeskNamingForm,
    DropForm,
    ExtendForm,
    GoOnForm,
    Namesakes,
    ReasonForm,
    RenoticeForm,
)
from louzhang.roster.lifecycle.choosing import NAMING, ROUND_LABELS, ROUND_LOOP, RoundState, Tie
from louzhang.roster.models.choosing import Outcome, Round
from louzhang.roster.queries.choosing.electing import counters_for, polls_in, votes_end
from louzhang.roster.queries.choosing.known import namesakes_of, told_apart
from louzhang.roster.queries.choosing.notices import objections_to
from louzhang.roster.queries.choosing.rounds import (
    PAGE,
    Place,
    find_round,
    history_of,
    list_rounds,
    nominees_in,
    places_in,
    round_verbs,
    rounds_for_file,
    step_marks,
)
from louzhang.roster.views.choosing.frame import act, blank, bound, chip_of, for_offices, page, with_query
from louzhang.shell.parts import Item, Verb

WHICH = (("open", "正在选任"), ("over", "已经结束"))
HEAD = ("走到哪步", "选任", "性质", "位置", "人选", "公布", "推荐到", "公示到", "结束", "谁发起")
DESK = (Tie.DESK, Tie.ABOVE, Tie.REVIEWER)


@require_safe
@for_offices
def rounds(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    actor, url, which = actor_of(request), reverse("choosing:rounds"), _which(request)
    try:
        found: paging.Page[Round] = paging.page_of(
            list_rounds(actor, which), cursor=request.GET.get("cursor"), size=PAGE
        )
    except paging.BadCursor:
        found = paging.page_of(list_rounds(actor, which), cursor=None, size=PAGE)
    votes = votes_end(found.rows)
    context = {
        "rows": [(row, chip_of(row.status), votes.get(row.pk)) for row in found.rows],
        "filters": [Item(label=label, url=f"{url}?which={code}", current=code == which) for code, label in WHICH],
        "is_over": which == "over",
        "file_url": with_query(reverse("choosing:rounds_file"), which=which),
        "now": clock.now(),
        "previous": with_query(url, which=which, cursor=found.previous_cursor) if found.has_previous else "",
        "following": with_query(url, which=which, cursor=found.next_cursor) if found.has_next else "",
    }
    return page(request, "roster/choosing/rounds.html", context)


def _which(request: HttpRequest) -> str:
    asked = request.GET.get("which", "")
    return asked if asked in dict(WHICH) else WHICH[0][0]


@require_safe
@for_offices
def rounds_file(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook: places, steps and days, nobody who was named."""
    actor, which = actor_of(request), _which(request)
    lines = [
        [
            row.status_label, f"{row.area.name}{row.seat_name}", row.get_kind_display(), str(places),
            str(people), str(clock.local_date(row.announced_at)), str(row.nominate_until or ""),
            _day_words(row.notice_until), _day_words(row.ended_at), row.opener.name,
        ]
        for row, places, people in rounds_for_file(actor, which)
    ]  # fmt: skip
    title = dict(WHICH)[which]
    return book_file(f"{title}-{clock.local_date(clock.now())}", book_of({"选任": [list(HEAD), *lines]}))


def _day_words(at: datetime | None) -> str:
    return str(clock.local_date(at)) if at is not None else ""


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round: where it stands, each place with its people, what comes next."""
    return show(request, find_round(actor_of(request), uid, *DESK))


def show(request: HttpRequest, row: Round, *, status: int = 200, refused: str = "") -> HttpResponse:
    """The page of a round."""
    actor, at = actor_of(request), clock.now()
    places = places_in(row, nominees_in(row, actor))
    polls = polls_in([place.vacancy for place in places])
    is_desk_of = Tie.DESK in row.relations_now
    context = {
        "row": row,
        "chip": chip_of(row.status),
        "marks": step_marks(row),
        "places": [
            (place, [(each, chip_of(each.status)) for each in place.nominees], polls.get(place.vacancy.pk))
            for place in places
        ],
        "filled": sum(place.vacancy.outcome == Outcome.FILLED for place in places),
        "objections": list(objections_to(row, actor)) if is_desk_of else [],
        "history": history_of(row),
        "next_label": ROUND_LABELS[row.next_state()],
        "verbs": [_verb(step, row) for step in round_verbs(row)],
        "may_name": is_desk_of and row.status in NAMING,
        "shows_names": is_desk_of,
        "refused": refused,
        "now": at,
    }
    return page(request, "roster/choosing/round.html", context, status=status)


def _verb(step: Transition, row: Round) -> Verb:
    label = f"进入下一步：{ROUND_LABELS[row.next_state()]}" if step.verb == "go_on" else step.label
    url = reverse("choosing:move", args=[row.uid, step.verb])
    return Verb(label=label, url=url, kind="main" if step.is_main else "danger" if step.is_grave else "plain")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def name(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The community's own nomination, or one that came on paper."""
    actor = actor_of(request)
    row = find_round(actor, uid, Tie.DESK)
    form = DeskNamingForm(
        bound(request), places=_open_places(row), namesakes=_named_before(row, actor), initial=blank()
    )
    back = reverse("choosing:round", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        way = said.pop("way")
        entry_id = form.cleaned_data["entry_id"]
        naming = Naming(**said | {"vacancy": UUID(said["vacancy"])})
        made = name_person(round_uid=uid, naming=naming, way=way, actor=actor, at=at, entry_id=entry_id)
        return reverse("choosing:desk_nominee", args=[made.uid])

    return act(request, form, do, label="记一位人选", back=back, said="记下了。请把查询码告诉本人，由本人答复。")


def _named_before(row: Round, actor: Actor) -> Namesakes:
    """Those of one name who were named before, with door and year of birth where the office may know them."""

    def known(vacancy: UUID | None, name: str) -> list[tuple[str, str]]:
        found = namesakes_of(row.pk, vacancy, name)
        apart = told_apart(found, actor) if found else {}
        return [(str(each.number), f"就是{each.label}：{apart[each.pk] or '登记里没有对上'}") for each in found]

    return known


def _open_places(row: Round) -> list[Place]:
    return [place for place in places_in(row) if place.vacancy.outcome == Outcome.OPEN]


Made = Callable[[HttpRequest, Round, Actor, datetime], VerbForm]


def _plain(form: type[VerbForm]) -> Made:
    return lambda request, row, actor, at: form(bound(request), initial=blank())


def _drop(request: HttpRequest, row: Round, actor: Actor, at: datetime) -> VerbForm:
    return DropForm(bound(request), places=_open_places(row), initial=blank())


def _renotice(request: HttpRequest, row: Round, actor: Actor, at: datetime) -> VerbForm:
    places = places_in(row, [each for each in nominees_in(row, actor) if each.status == "not_chosen"])
    people = [(each, place.name) for place in places for each in place.nominees]
    return RenoticeForm(bound(request), people=people, initial=blank())


def _go_on(request: HttpRequest, row: Round, actor: Actor, at: datetime) -> VerbForm:
    places = [place for place in places_in(row, nominees_in(row, actor)) if place.vacancy.outcome == Outcome.OPEN]
    counters = counters_for(row, at) if row.next_state() == RoundState.ELECTING else []
    return GoOnForm(bound(request), row=row, places=places, counters=counters, at=at, initial=blank())


def _appoint(request: HttpRequest, row: Round, actor: Actor, at: datetime) -> VerbForm:
    today = clock.local_date(at)
    ending = [place.vacancy.outgoing.ends_on for place in places_in(row) if place.vacancy.outgoing is not None]
    starts = max([today, *(day for day in ending if day is not None)])
    ends = _months_later(starts, int(setting("choosing_term_months", at)))
    return AppointForm(bound(request), initial={**blank(), "starts_on": starts, "ends_on": ends})


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


FORMS: dict[str, tuple[Made, Callable[..., Round], str, str]] = {
    "extend": (_plain(ExtendForm), extend_round, "推荐延长了。", "没有人选，或想多听听大家的，可以再开几天。"),
    "close": (_plain(VerbForm), close_nominations, "推荐结束了。", "提前结束推荐。已经推荐的人还可以答复。"),
    "go_on": (_go_on, go_on, "进入下一步了。", "没有答复的人不再参加。进入下一步以后不能退回。"),
    "renotice": (_renotice, renotice, "换了人选，重新公示。", "从考察通过、没有选上的人里另选一位，公示重新开始。"),
    "end_notice": (_plain(VerbForm), end_notice, "公示结束，可以聘任了。", "公示期满、异议都答复了，才能结束。"),
    "drop": (_drop, drop_vacancy, "移出了。这个位置可以以后再选。", "这个位置这次不选了，别的位置继续。"),
    "appoint": (_appoint, appoint_round, "聘任好了，聘书可以打印。", "拟任人选同一天起任职，原来的人同一天卸任。"),
    "break_off": (_plain(ReasonForm), break_off, "选任中止了。", "所有位置都不再选，正在进行的投票作废。"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One step of a round: its form, or doing it."""
    if verb not in FORMS:
        raise NotThere("没有这一步，请回到选任的页面。")
    actor = actor_of(request)
    row = find_round(actor, uid, *DESK)
    made, action, said_done, about = FORMS[verb]
    try:
        refuse_unless_open(ROUND_LOOP, ROUND_LOOP[verb], row)
    except TransitionRefused as refusal:
        if request.method != "POST":
            return show(request, row, status=409, refused=refusal.message)
    form = made(request, row, actor, clock.now())
    back = reverse("choosing:round", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        given = {"choice": form.choice()} if isinstance(form, GoOnForm) else _given(said)
        action(uid=uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **given)
        return back

    label = _verb(ROUND_LOOP[verb], row).label
    return act(
        request, form, do, label=label, back=back, said=said_done, about=about, is_grave=ROUND_LOOP[verb].is_grave
    )


def _given(said: dict[str, Any]) -> dict[str, Any]:
    return {key: UUID(value) if key == "vacancy" else value for key, value in said.items()}
