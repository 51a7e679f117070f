"""The components. docs/components.md shows each with one example; template authors read only that."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from uuid import uuid4

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from louzhang.kit import clock
from louzhang.kit.map_links import map_links
from louzhang.shell.due import due_kind
from louzhang.shell.parts import Chip, Entry, Fact, Item, Photo, Step, Verb

register = template.Library()

CHIP_SIGNS = {
    "urgent": "urgent",
    "overdue": "alert-triangle",
    "supervised": "flag",
    "soon": "clock",
    "unit": "tools",
    "waiting": "hourglass",
    "closed": "circle-check",
    "ok": "circle-check",
    "plain": "",
    "demo": "bulb",
}
STEP_STATES = {"done": "，已完成", "current": "中", "todo": "，还没开始", "stopped": "，到此为止"}
ORDINALS = "零一二三四五六七八九十"
SIGNS = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-circle", "info": "info-circle"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon; without a label it is decoration and hidden from screen readers."""
    return _icon(name, label)


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    place = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="lz-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, place)
    return format_html('<svg class="lz-icon" aria-hidden="true"><use href="{}"></use></svg>', place)


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> SafeString:
    """The options of a select: (value, label), or (heading, choices) for a group."""
    return mark_safe("".join(_option(value, label, str(chosen)) for value, label in choices))  # noqa: S308 - escaped below


def _option(value: object, label: object, wanted: str) -> str:
    text, mark = escape(str(value)), " selected" if str(value) == wanted else ""
    if isinstance(label, (list, tuple)):
        return f'<optgroup label="{text}">{options(label, wanted)}</optgroup>'
    return f'<option value="{text}"{mark}>{escape(str(label))}</option>'


@register.inclusion_tag("shell/parts/steps.html")
def steps(steps: Sequence[Step], label: str = "办理进度") -> dict[str, object]:
    """The progress line: 受理 → 交办 → 办理 → 反馈."""
    total = ORDINALS[len(steps)]
    rows = [
        {
            "step": step,
            "ordinal": f"第{ORDINALS[place]}步，共{total}步，",
            "after": STEP_STATES[str(_of(step, "state"))],
        }
        for place, step in enumerate(steps, start=1)
    ]
    return {"rows": rows, "label": label}


@register.simple_tag
def chip(kind: str | Chip, words: str = "") -> SafeString:
    """A mark with colour, sign and word; also takes a ``Chip``."""
    if not isinstance(kind, str):
        kind, words = str(_of(kind, "kind")), str(_of(kind, "words"))
    return _marked(kind, words)


def _marked(kind: str, words: str) -> SafeString:
    sign = CHIP_SIGNS[kind]
    return format_html('<span class="lz-chip lz-chip-{}">{}{}</span>', kind, icon(sign) if sign else "", words)


@register.inclusion_tag("shell/parts/timeline.html", takes_context=True)
def timeline(context: Context, entries: Sequence[Entry], *, staff: bool = False) -> dict[str, object]:
    """What happened, newest as given; the staff variant also shows notes."""
    return {"entries": entries, "staff": staff, "now": context.get("now") or clock.now()}


@register.inclusion_tag("shell/parts/photos.html")
def photos(photos: Sequence[Photo], label: str = "照片") -> dict[str, object]:
    """A strip of thumbnails, each a link to the large picture."""
    return {"photos": photos, "label": label}


@register.inclusion_tag("shell/parts/verbs.html", takes_context=True)
def verbs(context: Context, verbs: Sequence[Verb]) -> dict[str, object]:
    """What may be done now: the main one filled, one beside it, the others under 更多."""
    ordered = sorted(verbs, key=lambda verb: _of(verb, "kind") != "main")
    plain = [verb for verb in ordered if _of(verb, "kind") != "danger"]
    shown = plain[:1] if len(ordered) > 3 else plain[:2]
    more = [verb for verb in ordered if verb not in shown]
    return {"shown": shown, "more": more, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("shell/parts/verb.html", takes_context=True)
def verb(context: Context, verb: Verb) -> dict[str, object]:
    """One button or link for one thing that may be done."""
    return {"verb": verb, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("shell/parts/facts.html")
def facts(facts: Sequence[Fact]) -> dict[str, object]:
    """A list of facts, label and value."""
    return {"facts": facts}


@register.inclusion_tag("shell/parts/links.html")
def tabs(items: Sequence[Item], label: str) -> dict[str, object]:
    """Links between parts of one page, the current one underlined."""
    return {"items": items, "label": label, "look": "lz-tabs"}


@register.inclusion_tag("shell/parts/links.html")
def segments(items: Sequence[Item], label: str) -> dict[str, object]:
    """Two to four choices side by side, one of them current."""
    return {"items": items, "label": label, "look": "lz-segments"}


@register.inclusion_tag("shell/parts/links.html")
def filters(items: Sequence[Item], label: str = "筛选") -> dict[str, object]:
    """Filter chips in one line; a current one links to the list without it."""
    return {"items": items, "label": label, "look": "lz-filters"}


@register.inclusion_tag("shell/parts/tile.html")
def tile(
    label: str, url: str, icon: str, note: str = "", count: int | None = None, tone: str = ""
) -> dict[str, object]:
    """A large square to tap on a phone's first page."""
    return {"label": label, "url": url, "icon": icon, "note": note, "count": count, "tone": tone}


@register.inclusion_tag("shell/parts/cells.html")
def cells(items: Sequence[Item], label: str = "") -> dict[str, object]:
    """Lines to tap, each with icon, note, count and an arrow."""
    return {"items": items, "label": label}


@register.inclusion_tag("shell/parts/stat.html")
def stat(label: str, value: object, note: str = "", url: str = "", tone: str = "") -> dict[str, object]:
    """One figure with what it means and, as the note, what to compare it with."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone}


@register.inclusion_tag("shell/parts/empty.html")
def empty(title: str, words: str = "", url: str = "", action: str = "", icon: str = "inbox") -> dict[str, object]:
    """Says what will appear here and offers the first step."""
    return {"title": title, "words": words, "url": url, "action": action, "icon": icon}


@register.inclusion_tag("shell/parts/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, object]:
    """Grey lines while a part is fetched; shown only after 300 ms."""
    return {"lines": range(lines)}


@register.inclusion_tag("shell/parts/pager.html")
def pager(previous: str = "", following: str = "", words: str = "") -> dict[str, object]:
    """Previous and next page by cursor; empty addresses are left out."""
    return {"previous": previous, "following": following, "words": words}


@register.inclusion_tag("shell/parts/progress.html")
def progress(label: str, value: int, total: int, left: str = "") -> dict[str, object]:
    """A bar for long work with count and time left."""
    return {"label": label, "value": value, "total": total, "left": left}


@register.inclusion_tag("shell/parts/copy.html")
def copy(text: str, label: str = "复制") -> dict[str, object]:
    """A number or code with a button that copies it."""
    return {"text": text, "label": label}


@register.inclusion_tag("shell/parts/notice.html")
def notice(tone: str, words: str, title: str = "", url: str = "", action: str = "") -> dict[str, object]:
    """A quiet box inside the page: info, success, warning or error."""
    return {"tone": tone, "words": words, "title": title, "url": url, "action": action, "sign": SIGNS[tone]}


@register.inclusion_tag("shell/parts/confirm.html", takes_context=True)
def confirm(
    context: Context, label: str, url: str, question: str, *, yes: str = "", words: str = ""
) -> dict[str, object]:
    """A destructive action that asks once, also without JavaScript."""
    return {
        "label": label,
        "url": url,
        "question": question,
        "yes": yes or label,
        "words": words,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def entry_id(kept: object = None, name: str = "entry_id") -> SafeString:
    """A hidden id that makes sending a form twice the same as once; pass the old one after an error."""
    return format_html('<input type="hidden" name="{}" value="{}">', name, kept or uuid4())


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString | str:
    """今天 14:05, with the exact time in ``datetime`` and ``title``."""
    if at is None:
        return ""
    now = context.get("now") or clock.now()
    exact = clock.local(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.isoformat(),
        f"{exact:%Y-%m-%d %H:%M:%S}",
        clock.speak(at, now),
    )


@register.simple_tag(takes_context=True)
def left(context: Context, due_at: datetime | None, chip: Chip | None = None) -> SafeString | str:
    """还剩 3 小时 or 超期 1 天 as a chip-coloured clock, the exact time one tap away.

    With a chip it speaks in the chip's words and colour; without a moment it is only that.
    """
    if due_at is None:
        return _marked(chip.kind, chip.words) if chip else ""
    now = context.get("now") or clock.now()
    return format_html(
        '<details class="lz-left"><summary class="lz-chip lz-chip-{}">{}</summary><span>{}</span></details>',
        chip.kind if chip else due_kind(due_at, now),
        chip.words if chip else clock.speak_due(due_at, now),
        f"应在 {clock.speak(due_at, now)} 前",
    )


def _of(row: object, name: str) -> object:
    """A value of a row that is a dataclass or a dict."""
    return row[name] if isinstance(row, dict) else getattr(row, name)


@register.inclusion_tag("shell/parts/photo_picker.html")
def photo_picker(
    url: str, photos: Sequence[Photo] = (), *, name: str = "photos", most: int = 9, is_photos_only: bool = False
) -> dict[str, object]:
    """Up to nine photos, shrunk and sent one by one; without JavaScript a plain file input.

    Several may stand in one form, each with a `name` of its own; a survey takes no documents (`is_photos_only`).
    """
    return {"url": url, "photos": photos, "name": name, "most": most, "is_photos_only": is_photos_only}


@register.inclusion_tag("shell/parts/place_button.html")
def place_button(lat: object = "", lon: object = "", datum: str = "") -> dict[str, object]:
    """用我现在的位置: fills hidden ``lat``, ``lon`` and ``datum``."""
    return {"lat": lat, "lon": lon, "datum": datum}


@register.inclusion_tag("shell/parts/map_pin.html", takes_context=True)
def map_pin(context: Context, outlines: str = "", lat: object = "", lon: object = "") -> dict[str, object]:
    """A point chosen on a map that is loaded on tap; fills the fields of ``place_button``."""
    return _map(context, outlines=outlines, points="", lat=lat, lon=lon)


@register.inclusion_tag("shell/parts/map_list.html", takes_context=True)
def map_list(context: Context, points: str, outlines: str = "", *, now: bool = False) -> dict[str, object]:
    """A map of a filtered list with clusters; ``now`` loads it with the page, else on tap."""
    return _map(context, outlines=outlines, points=points, now=now)


@register.inclusion_tag("shell/parts/map_spot.html", takes_context=True)
def map_spot(context: Context, lat: float, lon: float, name: str, outlines: str = "") -> dict[str, object]:
    """One place (WGS 84) on a map that is loaded on tap, and links that other maps open; those need no JavaScript."""
    return _map(context, outlines=outlines, points="", lat=lat, lon=lon, name=name, links=map_links(lon, lat, name))


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, name: str, title: str, *, side: bool = False) -> SafeString:
    """A dialog, or with ``side`` a panel at the right, opened by ``data-opens=NAME``."""
    return render_to_string("shell/parts/dialog.html", {"content": content, "name": name, "title": title, "side": side})


def _map(context: Context, **more: object) -> dict[str, object]:
    tiles = {"tile_url": "", "tile_datum": "wgs84", "tile_credit": ""}
    return more | {name: context.get(name, default) for name, default in tiles.items()}
