"""设置: the overview, the registry of settings and switches, the district's titles."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms.units import SettingForm, TitleForm
from louzhang.areas.models import Setting
from louzhang.areas.queries import district, post_lists, settings_rows, tree_lists
from louzhang.areas.queries.histories import history_of, settings_said
from louzhang.areas.rights import refuse_keeping
from louzhang.areas.roles import Role
from louzhang.areas.sections import section_items
from louzhang.areas.settings_registry import REGISTRY, Entry
from louzhang.areas.sheets.titles import HEAD
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import ask, done, for_keeper, for_readers, posted, settings_page
from louzhang.journal.refusals import Conflict, NotThere
from louzhang.kit import clock

REGISTRY_HEAD = ("名称", "现在", "从", "到", "谁改的", "为什么", "说明")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def home(request: HttpRequest) -> HttpResponse:
    """Where the parts of the settings begin, and what is still missing."""
    actor, at = actor_of(request), clock.now()
    missing = [
        {"words": f"{count} 个地点还没有{role.label}", "url": f"{reverse('settings:vacant')}?role={role}"}
        for role, count in tree_lists.vacancies(actor, at).items()
        if count
    ]
    context = {"sections": section_items(actor, ""), "missing": missing, "root": district()}
    return settings_page(request, "areas/settings/home.html", context)


@require_safe
@for_readers
def registry(request: HttpRequest) -> HttpResponse:
    """Every setting with its value, who changed it last and why; with a search."""
    words = _words_of(request)
    context = {"rows": _entries(words), "words": words, "exports": export_items("settings:registry_csv", q=words)}
    return settings_page(request, "areas/settings/registry.html", context)


def _words_of(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:40]


def _entries(words: str) -> list[dict[str, Any]]:
    said = settings_rows(clock.now())
    return [
        {"entry": entry, "value": spoken(entry, said.get(key)), "said": said.get(key)}
        for key, entry in REGISTRY.items()
        if not entry.is_hidden and words in f"{entry.label} {entry.help}"
    ]


@require_safe
@for_readers
def registry_csv(request: HttpRequest) -> HttpResponseBase:
    """The searched list as a file: what holds now, since when, until when and why."""
    lines = (
        (row["entry"].label, row["value"], *_since(row["said"]), row["entry"].help)
        for row in _entries(_words_of(request))
    )
    return list_file(request, "参数和开关", REGISTRY_HEAD, lines)


def _since(said: Setting | None) -> tuple[str, str, str, str]:
    if said is None:
        return "", "", "", ""
    until = f"{clock.local(said.ends_at):%Y-%m-%d %H:%M}" if said.ends_at else ""
    who = said.author.name if said.author else "系统"
    return f"{clock.local(said.starts_at):%Y-%m-%d %H:%M}", until, who, said.reason


def spoken(entry: Entry, said: Setting | None) -> str:
    """A value in words."""
    value = entry.default if said is None else said.value
    if isinstance(value, bool):
        return "打开" if value else "关闭"
    return dict(entry.choices).get(str(value), str(value)) if value != "" else "没有填"


@form_page
@for_readers
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: change it, and what it was before."""
    entry = REGISTRY.get(key)
    if entry is None or entry.is_hidden:
        raise NotThere("没有这个设置。")
    actor, at = actor_of(request), clock.now()
    if request.method == "POST":
        refuse_keeping(actor)
    said = settings_rows(at).get(key)
    value = entry.default if said is None else said.value
    shown = {True: "1", False: "0"}[value] if isinstance(value, bool) else value
    form = SettingForm(posted(request), entry=entry, initial={"value": shown})

    def act(cleaned: dict[str, Any]) -> HttpResponse:
        actions.change_setting(
            key=key, value=cleaned["value"], actor=actor, at=at, reason=cleaned["reason"], ends_at=form.moment()
        )
        return done(request, f"“{entry.label}”已保存，现在起生效。", "settings:registry")

    past = [{"said": row, "value": spoken(entry, row)} for row in settings_said(key)]
    context = {"entry": entry, "value": spoken(entry, said), "past": past}
    return ask(request, form, act, context, template="areas/settings/setting.html")


@require_safe
@for_readers
def titles(request: HttpRequest) -> HttpResponse:
    """What the district calls its posts; with a search."""
    root, words = district(), _words_of(request)
    changes = [change for change in history_of(root) if "职务" in change.what] if root else []
    context = {
        "rows": post_lists.titles_with_use(clock.now(), words),
        "words": words,
        "history": changes,
        "exports": export_items("settings:titles_csv", q=words),
    }
    return settings_page(request, "areas/settings/titles.html", context)


@require_safe
@for_readers
def titles_csv(request: HttpRequest) -> HttpResponseBase:
    """The searched list as a file, in the columns an import reads."""
    lines = (
        (
            title.name,
            Role(title.role).label,
            post_lists.uses_of(title),
            clock.local(title.ended_at).date() if title.ended_at else "",
        )
        for title in post_lists.titles_with_use(clock.now(), _words_of(request))
    )
    return list_file(request, "职务名称", HEAD, lines)


@form_page
@for_keeper
def add_title(request: HttpRequest) -> HttpResponse:
    """A new title for a role."""

    def act(said: dict[str, Any]) -> HttpResponse:
        actions.add_title(actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已新增，任命时可以选它。", "settings:titles")

    about = {"heading": "新增职务名称", "button": "新增", "back_url": reverse("settings:titles")}
    return ask(request, TitleForm(posted(request)), act, about | {"back_label": "职务名称"})


@require_http_methods(["POST"])
@for_keeper
def end_title(request: HttpRequest, title_id: int) -> HttpResponse:
    """Nobody is appointed under it any more."""
    title = post_lists.find_title(title_id)
    if title.ended_at is not None:
        raise Conflict("这个职务名称已经停用了。")
    actions.end_title(title=title, actor=actor_of(request), at=clock.now())
    return done(request, "已停用。现在用这个名称的任职不变。", "settings:titles")
