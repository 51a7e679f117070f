"""Reading cases and talks among chiefs: lists, one with what was said, what could tell who somebody is."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit.bigrams import query_terms
from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.roster.lifecycle.training.writings import ASKS, CASES, AskTie, CaseTie
from louzhang.roster.models.training import Byline, CaseStory, CaseStoryQuerySet, PeerAsk, PeerAskQuerySet
from louzhang.roster.models.training.reach import READER_ROLES
from louzhang.roster.recognising import Hint, hints_in

NO_CASE = "没有找到这个案例，它可能已经撤下。"
NO_ASK = "没有找到这个问题，它可能已经删掉。"
LISTED = 60
SOMEBODY = "一位同行"
LOOKED_BACK = timedelta(days=31)
SAID = frozenset({"ask", "answer", "comment"})


@dataclass(frozen=True, slots=True)
class Told:
    """A text of a row as it reads now: title and words."""

    title: str
    words: str
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody said, under what they wanted to be read; `number` names it for a report."""

    number: int
    verb: str
    at: datetime
    who: str
    words: str
    is_own: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Abuse:
    """A report that something should not stand there: which, why, when."""

    number: int
    reason: str
    at: datetime


def home_of(actor: Actor) -> tuple[Area, str] | None:
    """Where somebody writes from: the nearest place of a post and what they are there (one query)."""
    ids = [seat.post_id for seat in actor.seats_with(*READER_ROLES)]
    posts = Post.objects.filter(pk__in=ids, area__isnull=False).select_related("area__level", "title")
    post = max(posts, key=lambda row: (row.area.depth if row.area else 0, -row.pk), default=None)
    if post is None or post.area is None:
        return None
    community = next((node for node in line_of(post.area) if node.rank == COMMUNITY_RANK), post.area)
    return post.area, f"{community.name} {post.title or post.get_role_display()}"


def cases_seen(actor: Actor, *, words: str = "", subject: str = "") -> list[tuple[CaseStory, Told]]:
    """Published cases, the newest first, each with its title and words (two queries)."""
    rows = CaseStory.objects.tied(actor, CaseTie.READER, CaseTie.AUTHOR, CaseTie.REVIEWER).filter(status="published")
    rows = rows.filter(subject=subject) if subject else rows
    rows = found(rows, words)
    return _with_texts(list(rows.select_related("author").order_by("-published_at", "-pk")[:LISTED]))


def found(rows: CaseStoryQuerySet, words: str) -> CaseStoryQuerySet:
    """Those whose words hold what was typed; fewer than two characters narrow nothing."""
    terms = query_terms(words)
    return rows.saying_all(terms) if terms else rows


def own_cases(actor: Actor) -> list[tuple[CaseStory, Told]]:
    """What one has written, whatever its state (two queries)."""
    rows = CaseStory.objects.tied(actor, CaseTie.AUTHOR).exclude(status="taken_back")
    return _with_texts(list(rows.order_by("-written_at", "-pk")[:LISTED]))


def cases_to_review(actor: Actor) -> list[tuple[CaseStory, Told]]:
    """What waits for another pair of eyes below one's offices, the oldest first (two queries)."""
    rows = CaseStory.objects.tied(actor, CaseTie.REVIEWER).filter(status="offered")
    return _with_texts(list(rows.select_related("author").order_by("written_at", "pk")[:LISTED]))


def _with_texts(rows: Sequence[CaseStory]) -> list[tuple[CaseStory, Told]]:
    texts = _texts({row.pk: row.words_seq for row in rows})
    return [(row, texts.get(row.pk, Told("", "", is_erased=True))) for row in rows]


def _texts(wanted: Mapping[int, int]) -> dict[int, Told]:
    if not wanted:
        return {}
    kind = CaseStory.subject_kind
    rows = Words.objects.filter(subject_kind=kind, subject_id__in=wanted, seq__in=set(wanted.values()))
    return {row.subject_id: _told(row) for row in rows if wanted[row.subject_id] == row.seq}


def _told(row: Words) -> Told:
    return Told(str(row.spoken.get("title", "")), str(row.spoken.get("words", "")), row.erased_at is not None)


def find_case(actor: Actor, uid: uuid.UUID, *ties: CaseTie) -> CaseStory:
    """One with the reader's ties; raises `NotThere`."""
    rows = CaseStory.objects.tied(actor, *(ties or CaseTie)).with_ties(actor).filter(uid=uid)
    case = rows.exclude(status="taken_back").select_related("author", "area__level").first()
    if case is None:
        raise NotThere(NO_CASE)
    return case


def text_of(case: CaseStory) -> Told:
    """What it says now (one query)."""
    return _texts({case.pk: case.words_seq}).get(case.pk, Told("", "", is_erased=True))


def signed(case: CaseStory, actor: Actor) -> str:
    """Under what its writer wants to be read."""
    first = Event.objects.filter(subject_kind=CaseStory.subject_kind, subject_id=case.pk, seq=1).first()
    return signature(case.byline, case.author.name, str(first.payload.get("as", "")) if first else "")


def signature(byline: str, name: str, place: str) -> str:
    """A name, a place and post, or nobody."""
    if byline == Byline.NOBODY:
        return SOMEBODY
    return place or SOMEBODY if byline == Byline.PLACE else f"{name}（{place}）" if place else name


def hints_for(actor: Actor, told: Told) -> list[Hint]:
    """What could tell who somebody is: patterns, and names of people with posts in the own community (one query)."""
    return hints_in(f"{told.title}\n{told.words}", _names_near(actor))


def _names_near(actor: Actor) -> list[str]:
    home = home_of(actor)
    if home is None:
        return []
    community = next((node for node in line_of(home[0]) if node.rank == COMMUNITY_RANK), home[0])
    names = Post.objects.filter(area__path__startswith=community.path).values_list("user__name", flat=True)
    return sorted(set(names))


def asks_seen(actor: Actor, *, words: str = "", own: bool = False) -> list[tuple[PeerAsk, str]]:
    """Questions, those last spoken in first, each with its first words (two queries)."""
    rows: PeerAskQuerySet = PeerAsk.objects.visible_to(actor).exclude(status="hidden")
    rows = rows.filter(asker_id=actor.user_id or 0) if own else rows
    terms = query_terms(words)
    rows = rows.saying_all(terms) if terms else rows
    asks = list(rows.order_by("-last_at", "-pk")[:LISTED])
    texts = Words.objects.filter(subject_kind=PeerAsk.subject_kind, subject_id__in=[row.pk for row in asks], seq=1)
    said = {row.subject_id: str(row.spoken.get("words", "")) for row in texts}
    return [(row, said.get(row.pk, "")) for row in asks]


def find_ask(actor: Actor, uid: uuid.UUID, *ties: AskTie) -> PeerAsk:
    """One with the reader's ties; what is hidden only offices still see. Raises `NotThere`."""
    rows = PeerAsk.objects.tied(actor, *(ties or AskTie)).with_ties(actor).filter(uid=uid)
    rows = rows.exclude(Q(status="hidden") & ~Q(pk__in=PeerAsk.objects.tied(actor, AskTie.KEEPER).values("pk")))
    ask = rows.select_related("asker", "area__level").first()
    if ask is None:
        raise NotThere(NO_ASK)
    return ask


def lines_of(row: PeerAsk | CaseStory, actor: Actor) -> list[Line]:
    """What was said in it, oldest first; what is hidden only for who may hide (three queries)."""
    of_it = {"subject_kind": row.subject_kind, "subject_id": row.pk}
    events = list(Event.objects.filter(**of_it, verb__in=SAID).order_by("seq"))
    words = {each.seq: str(each.spoken.get("words", "")) for each in Words.objects.filter(**of_it)}
    people = User.objects.in_bulk({event.user_id for event in events if event.user_id is not None})
    keeps = bool(row.relations_now & {AskTie.KEEPER, CaseTie.REVIEWER})
    return [
        _line(event, words.get(event.seq, ""), people, row.hidden, actor)
        for event in events
        if keeps or event.seq not in row.hidden
    ]


def _line(event: Event, words: str, people: Mapping[int, User], hidden: Collection[int], actor: Actor) -> Line:
    person = people.get(event.user_id or 0)
    byline, place = str(event.payload.get("byline", Byline.NOBODY)), str(event.payload.get("as", ""))
    return Line(
        number=event.seq,
        verb=event.verb,
        at=event.happened_at,
        who=signature(byline, person.name if person is not None else "", place),
        words=words,
        is_own=actor.user_id is not None and event.user_id == actor.user_id,
        is_hidden=event.seq in hidden,
    )


def abuses_of(row: PeerAsk | CaseStory) -> list[Abuse]:
    """Reports on it, the newest first; for who keeps order alone (two queries)."""
    if not row.relations_now & {AskTie.KEEPER, CaseTie.REVIEWER}:
        return []
    of_it = {"subject_kind": row.subject_kind, "subject_id": row.pk}
    events = Event.objects.filter(**of_it, verb="report_abuse").order_by("-seq")
    words = {each.seq: str(each.spoken.get("reason", "")) for each in Words.objects.filter(**of_it)}
    return [Abuse(int(event.payload["number"]), words.get(event.seq, ""), event.happened_at) for event in events]


def verbs_of(table: Lifecycle, row: PeerAsk | CaseStory) -> list[Transition]:
    """What may be done now, the main one first; answering, reporting and hiding stand beside their line."""
    beside = {"answer", "comment", "report_abuse", "hide"}
    allowed = [step for step in table.allowed(row.status, row.relations_now) if step.verb not in beside]
    return sorted(allowed, key=lambda step: not step.is_main)


def case_verbs(case: CaseStory) -> list[Transition]:
    """Of a case."""
    return verbs_of(CASES, case)


def ask_verbs(ask: PeerAsk) -> list[Transition]:
    """Of a question."""
    return verbs_of(ASKS, ask)


def reported_asks(actor: Actor, at: datetime) -> list[PeerAsk]:
    """Questions below one's offices with a report of the last month on something still shown (two queries)."""
    told = Event.objects.filter(
        subject_kind=PeerAsk.subject_kind, verb="report_abuse", happened_at__gt=at - LOOKED_BACK
    )
    numbers: dict[int, set[int]] = {}
    for event in told:
        numbers.setdefault(event.subject_id, set()).add(int(event.payload["number"]))
    rows = PeerAsk.objects.tied(actor, AskTie.KEEPER).filter(pk__in=numbers).exclude(status="hidden")
    return [row for row in rows.order_by("-last_at") if numbers[row.pk] - set(row.hidden)]
