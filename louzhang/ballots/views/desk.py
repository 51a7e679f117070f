"""Polls at the desk: the list, one with what may be done now, each verb, the sheet of its result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots import actions
from louzhang.ballots.forms.desk import form_of, moment_words
from louzhang.ballots.lifecycle import BEFORE, LOOP, PollState, Tie
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.candidates import candidates_of
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.queries.polls import (
    DESK,
    counters_of,
    find_poll,
    known_polls,
    typists_and_carriers,
    verbs_now,
    words_of,
)
from louzhang.ballots.rules import WHOLE, Rules, TieRule
from louzhang.ballots.views.acting import act, for_people
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.views.frame import page
from louzhang.shell.parts import Fact, Verb

LISTED = 100
# What has a page of its own, or is done by whoever objects or counts on another page.
ELSEWHERE = {"object", "settle", "register_proxy", "print_slips", "fail"}
MOVES: Mapping[str, Any] = {
    "show_roll": actions.show_roll,
    "fix_roll": actions.fix_roll,
    "open": actions.open_box,
    "close": actions.close_box,
    "confirm": actions.confirm_count,
    "count": actions.count_poll,
    "withdraw": actions.withdraw_poll,
    "draw": actions.draw_lot,
    "run_off": actions.run_off,
    "set_hours": actions.set_hours,
}


@for_people
@require_safe
def polls(request: HttpRequest) -> HttpResponse:
    """The polls one works on, or whose office one sits in."""
    actor = actor_of(request)
    context = {"polls": list(known_polls(actor)[:LISTED]), "may_draft": actor.has_role(*OFFICE_ROLES)}
    return page(request, "ballots/desk/list.html", context)


@for_people
@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One poll: its rules, roll, counters, what may be done now, what came out."""
    return _show(request, find_poll(actor_of(request), uid, *DESK))


def _show(request: HttpRequest, poll: Poll, *, status: int = 200, **more: Any) -> HttpResponse:
    ties, at = poll.relations_now, clock.now()
    counters = counters_of(poll)
    context = {
        "poll": poll,
        "items": list(poll.items.order_by("position")),
        "facts": _facts(poll),
        "verbs": [
            _verb(step, poll) for step in verbs_now(poll) if step.verb not in ELSEWHERE and _fits(step, poll, at)
        ],
        "counters": counters,
        "others": typists_and_carriers(poll),
        "is_missed": poll.status in BEFORE and poll.closes_at <= at,
        "is_counter": Tie.COUNTER in ties,
        "candidates": candidates_of(poll, actor_of(request)) if Tie.COUNTER in ties and not poll.has_ended else [],
        "types_paper": poll.has_paper and poll.status == PollState.CLOSED and bool(ties & {Tie.COUNTER, Tie.TYPIST}),
        "has_roll": poll.status in (PollState.ROLL, PollState.FIXED, PollState.OPEN, PollState.CLOSED),
        "gives_slips": poll.status in (PollState.FIXED, PollState.OPEN),
        "waiting": poll.objections.filter(is_upheld=None).count() if poll.status == PollState.ROLL else 0,
        "outcome": outcome_of(poll) if poll.has_ended else None,
        "withdrawn_because": words_of(poll, "withdraw", "reason"),
        "like_url": f"{reverse('ballots:draft')}?like={poll.uid}" if _is_own(poll) else "",
        "back_url": reverse("ballots:list"),
        **more,
    }
    return page(request, "ballots/desk/one.html", context, status=status)


def _is_own(poll: Poll) -> bool:
    """Whether it serves nothing but itself, and the actor's office may draft another like it."""
    return Tie.OFFICE in poll.relations_now and not poll.served_kind


def _fits(step: Transition, poll: Poll, at: datetime) -> bool:
    """Whether a verb fits the rule for ties and its hour has come."""
    is_run_off = poll.tie_rule == TieRule.RUN_OFF
    fitting = {
        "run_off": is_run_off,
        "draw": not is_run_off,
        "fix_roll": poll.roll_until is None or poll.roll_until <= at,
        "open": poll.opens_at <= at < poll.closes_at,
        "close": poll.closes_at <= at,
    }
    return fitting.get(step.verb, True)


def _verb(step: Transition, poll: Poll) -> Verb:
    url = reverse("ballots:move", args=[poll.uid, step.verb])
    return Verb(label=step.label, url=url, kind="main" if step.is_main else "danger" if step.is_grave else "plain")


def _facts(poll: Poll) -> list[Fact]:
    """What the rules say, in words."""
    hours = f"{_moment(poll.opens_at)} 到 {_moment(poll.closes_at)}"
    on_roll = f"，名册上 {poll.entitled} 票" if poll.entitled else ""
    facts = [
        Fact(label="地点", value=poll.area.name),
        Fact(label="谁来投", value=f"{poll.get_electorate_display()}{on_roll}"),
        Fact(label="时间", value=hours),
        Fact(label="规则", value="；".join(rule_words(poll.rules, is_of_stars=poll.is_of_stars))),
    ]
    if poll.objection_days and poll.roll_until:
        facts.append(Fact(label="名册公示到", value=_moment(poll.roll_until)))
    return facts


def rule_words(rules: Rules, *, is_of_stars: bool) -> list[str]:
    """The rules of a round as sentences without ends."""
    words = [] if is_of_stars else [f"选出 {rules.seats} 个，每票最多选 {rules.picks} 个"]
    if rules.quorum_percent:
        words.append(f"至少百分之 {rules.quorum_percent} 参加才有效")
    if rules.least_percent:
        words.append(
            f"得票要超过实投的百分之 {rules.least_percent}" + ("（过半）" if 2 * rules.least_percent == WHOLE else "")
        )
    if not is_of_stars:
        words.append("得票相同时" + {"run_off": "再投一轮", "lot": "当众抽签"}.get(rules.tie_rule, "按事先定的先后"))
    words.append(f"一人最多替别人投 {rules.proxies_at_most} 票" if rules.proxies_at_most else "不能委托")
    words += ["可以用纸票"] if rules.has_paper else []
    words += ["可以送票箱上门"] if rules.has_door_box else []
    return words


def _moment(at: datetime) -> str:
    local = clock.local(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb: its form, or doing it."""
    if verb not in MOVES:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    poll = find_poll(actor, uid, *DESK)
    if request.method != "POST":
        try:
            refuse_unless_open(LOOP, LOOP[verb], poll)
        except TransitionRefused as refusal:
            return _show(request, poll, status=409, refused=refusal.message)
    hours = (
        (moment_words(poll.opens_at), moment_words(poll.closes_at)) if verb == "set_hours" else (moment_words(at), "")
    )
    first = {"entry_id": uuid4(), "opens_at": hours[0], "closes_at": hours[1]}
    form = form_of(verb)(request.POST if request.method == "POST" else None, poll=poll, at=at, initial=first)

    def do(given: dict[str, Any], moment: datetime) -> str:
        done = MOVES[verb](poll_id=poll.pk, actor=actor, at=moment, **given)
        return reverse("ballots:one", args=[done.uid])

    return act(
        request, form, do, label=LOOP[verb].label, back=reverse("ballots:one", args=[uid]),
        said=f"{LOOP[verb].said}。", poll=poll, is_grave=LOOP[verb].is_grave, about=ABOUT.get(verb, ""),
    )  # fmt: skip


ABOUT = {
    "show_roll": "名册按现在的登记做。公示期里每个人可以查自己家在不在名册上，不对的可以提出来。",
    "fix_roll": "名册按抽签的次序重排，每一票有一个信封。以后不能再改。",
    "open": "从现在起可以投票，到公布的时间自动结束。",
    "close": "不再收票。两位计票人都确认以后计票。",
    "confirm": "请先核对：纸票都录入了，两遍的数一样，没有人还在投。两位都确认以后才能计票。",
    "count": "打开信封，加起来，只留合计的数；名册、信封和钥匙随即销毁，不能重来。",
}


@require_safe
def result(request: HttpRequest, uid: UUID) -> HttpResponse:
    """结果公告 on one A4: what may be shown, and the rules it came by. Open to whoever lives there, too."""
    poll = find_poll(actor_of(request), uid)
    works_on_it = bool(poll.relations_now & set(DESK))
    if poll.status not in (PollState.COUNTED, PollState.TIED, PollState.FAILED) or not (
        works_on_it or poll.tells_residents
    ):
        raise NotThere("这次投票还没有结果。")
    context = {
        "poll": poll,
        "outcome": outcome_of(poll),
        "rules": rule_words(poll.rules, is_of_stars=poll.is_of_stars),
        "counters": counters_of(poll),
        "drawn": words_of(poll, "draw", "words"),
        "back_url": reverse("ballots:one" if works_on_it else "ballots:own", args=[uid]),
        "now": clock.now(),
    }
    return render(request, "ballots/print/result.html", context)
