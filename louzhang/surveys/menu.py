"""What surveys add to menus, to the picture of a building, to the notebook and the day of whoever asks at the door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area, LevelKind
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.fieldwork import day_lines, handing, sources
from louzhang.fieldwork.day_lines import Day, Told
from louzhang.fieldwork.models import ItemKind
from louzhang.fieldwork.sources import Draft, Field, Holder
from louzhang.journal.actor import Actor
from louzhang.register import agenda, beside
from louzhang.register.beside import Ground, Section
from louzhang.shell import navigation, offline, pocket
from louzhang.shell.offline import KeptPage
from louzhang.shell.parts import Item
from louzhang.shell.pocket import Several
from louzhang.surveys.actions.moving import MOVERS
from louzhang.surveys.models import Share, Survey
from louzhang.surveys.queries.doors import doors_to_choose, due_marks
from louzhang.surveys.queries.finding import surveys_in_field
from louzhang.surveys.queries.own import open_in_house
from louzhang.surveys.queries.pace import ASSUMED_SECONDS
from louzhang.surveys.queries.progress import own_roots, whole_of

ASKING = (Role.STAIRWELL_HEAD, Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)
HOUSES = (LevelKind.BUILDING, LevelKind.GROUP)
PAGES_OF_SURVEYS = ("surveys_desk", "survey_results", "survey_paper")


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    navigation.add_items("today", today_entry, order=3)
    navigation.add_items("desk", desk_entry, order=28)
    navigation.add_items("home", home_entry, order=40)
    offline.add_pages(kept_pages)
    pocket.add_part("surveys", doors_to_carry)
    beside.add_marks(due_marks)
    beside.add_sections(house_sections, order=20)
    beside.add_links(house_links)
    agenda.add_due(shares_due, order=12)
    for number, mover in enumerate(MOVERS):
        handing.add_mover(mover, order=21 + number)
    sources.add_source(shares_of_the_day, order=40)
    day_lines.add_lines(answers_taken, order=25)


def answers_taken(day: Day) -> Iterator[Told]:
    """How many households answered at the door, in the log of whoever asked them."""
    if count := len(day.of("survey_target", "answer")):
        yield Told(f"排查问卷登记 {count} 户", reverse("surveys_field:list"))


def _is_in_field(request: HttpRequest) -> bool:
    return hasattr(request, "visit") and actor_of(request).has_role(*FIELD_ROLES)


def today_entry(request: HttpRequest) -> list[Item]:
    """排查问卷 on the first page of whoever asks at the door."""
    if not _is_in_field(request):
        return []
    words = "要问的住户，一户一户登记，没有信号也能写"
    return [Item(label="排查问卷", url=reverse("surveys_field:list"), icon="clipboard-list", note=words)]


def desk_entry(request: HttpRequest) -> list[Item]:
    """排查问卷 in the navigation of offices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*OFFICE_ROLES):
        return []
    url = reverse("surveys_desk:list")
    return [Item(label="排查问卷", url=url, icon="checks", group="社区事务", current=_is_of_surveys(request))]


def _is_of_surveys(request: HttpRequest) -> bool:
    """Whether a page is one of a survey: it, its results, its papers, its rules."""
    match = request.resolver_match
    return match is not None and (match.namespace in PAGES_OF_SURVEYS or match.view_name == "follow_ups:rules")


def home_entry(_request: HttpRequest) -> list[Item]:
    """问卷 on the first page of residents."""
    return [Item(label="问卷", url=reverse("surveys_own:mine"), icon="clipboard-list", note="自己填，不用等人上门")]


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The form of each open survey; its copy names no door: those come from the pocket."""
    if not _is_in_field(request):
        return []
    rows = surveys_in_field(actor_of(request))
    pages = [(row, reverse("surveys_field:write", args=[row.uid])) for row in rows]
    return [KeptPage(row.title, url, f"{url}?blank=1") for row, url in pages]


def house_links(house: Area, _at: datetime) -> list[Item]:
    """自己填 on the page whose code hangs at the door, while something is asked there."""
    titles = "、".join(row.title for row in open_in_house(house))
    url = reverse("surveys_own:house", args=[house.uid])
    return [Item(label="自己填排查问卷", url=url, icon="clipboard-list", note=titles)] if titles else []


def doors_to_carry(request: HttpRequest) -> Several | None:
    """The doors of each open survey that are still to be asked, for its form without a signal."""
    if not _is_in_field(request):
        return None
    actor = actor_of(request)
    return Several({f"survey-{row.uid}": doors_to_choose(row, actor) for row in surveys_in_field(actor)})


def house_sections(ground: Ground, actor: Actor, _at: datetime) -> Iterable[Section]:
    """Beside a building: the open surveys with homes left in it."""
    if ground.dwelling is not None or ground.area.level.kind not in HOUSES:
        return
    path = ground.area.path
    left = F("total") - F("answered") - F("declined")
    rows = Share.objects.leaves().filter(
        survey__in=Survey.objects.open().visible_to(actor).order_by().values("pk"), area__path__startswith=path
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for uid, title, count in rows.values_list("survey__uid", "survey__title").annotate(left=left):
        found[str(uid), title] += count
    items = [
        Item(label=title, url=reverse("surveys_field:one", args=[uid]), icon="clipboard-list", note=_left(count))
        for (uid, title), count in found.items()
        if count
    ]
    yield Section("正在问", tuple(items))


def _left(count: int) -> str:
    return f"还有 {count} 户"


def shares_due(actor: Actor, _at: datetime) -> list[Item]:
    """In the notebook: what of each open survey is left of one's own."""
    if not actor.has_role(*FIELD_ROLES):
        return []
    counted = [(row, whole_of(row, own_roots(row, actor))) for row in surveys_in_field(actor)]
    return [
        Item(
            label=f"排查：{row.title}", url=reverse("surveys_field:one", args=[row.uid]), icon="clipboard-list",
            note=_left(count.left),
        )
        for row, count in counted
        if count.left
    ]  # fmt: skip


def shares_of_the_day(ground: Field) -> Iterator[Draft]:
    """One line a survey and holder: how many homes are left of the share, and how long that takes."""
    rows = Share.objects.leaves().filter(
        survey__in=Survey.objects.open().values("pk"), area__path__gte=ground.low, area__path__lt=ground.high,
        total__gt=F("answered") + F("declined"),
    )  # fmt: skip
    helpers = _helpers(ground)
    falls: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    by_post: dict[int, Holder] = {}
    left = F("total") - F("answered") - F("declined")
    for survey_id, area_id, path, count in rows.order_by("area__path").values_list(
        "survey_id", "area_id", "area__path", left
    ):
        holder = next((row for at, row in helpers[survey_id] if path.startswith(at)), None) or _asks_at(ground, path)
        if holder is not None and ground.wants(holder):
            by_post[holder.post_id] = holder
            falls[holder.post_id, survey_id].append((area_id, count))
    surveys = Survey.objects.in_bulk({survey_id for _, survey_id in falls})
    for (post_id, survey_id), places in falls.items():
        yield _line(by_post[post_id], surveys[survey_id], places)


def _helpers(ground: Field) -> dict[int, list[tuple[str, Holder]]]:
    """By survey the places of parts passed on with the day of whoever has them, the lowest place first."""
    days = {holder.user_id: holder for holder in reversed(ground.holders)}
    rows = Share.objects.filter(survey__in=Survey.objects.open().values("pk"), passed_to__in=list(days))
    found: dict[int, list[tuple[str, Holder]]] = defaultdict(list)
    for survey_id, path, person in rows.order_by("-area__depth").values_list("survey_id", "area__path", "passed_to"):
        found[survey_id].append((path, days[person]))
    return found


def _asks_at(ground: Field, path: str) -> Holder | None:
    """The nearest of those who ask: a head at the stairwell before the chief of the building."""
    found = [holder for role in ASKING if (holder := ground.nearest(path, (role,), 0)) is not None]
    return max(found, key=lambda holder: len(holder.path), default=None)


def _line(holder: Holder, survey: Survey, places: list[tuple[int, int]]) -> Draft:
    count = sum(number for _, number in places)
    return Draft(
        post_id=holder.post_id,
        kind=ItemKind.SHARE,
        source=f"survey:{survey.pk}",
        title=f"{survey.title}：{_left(count)}",
        why=f"{survey.get_kind_display()}还没问完，到期以前每户问一次。",
        weight=sources.ASKED,
        minutes=-(-count * (survey.pace_seconds or ASSUMED_SECONDS) // 60),
        url=reverse("surveys_field:one", args=[survey.uid]),
        area_id=places[0][0],
        due_at=survey.ends_at,
    )
