"""Addresses of a test only: every component on a phone page and on a desk page, and an endpoint for photos."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from louzhang.shell import refusals, toasts
from louzhang.shell.parts import Chip, Entry, Fact, Item, Photo, Step, Verb
from louzhang.shell.polling import answers_with_etag
from louzhang.shell.widgets import ChipRadio, Day, Phone, Stars, Words

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
LONG = "12号楼2单元三楼到四楼之间的楼道灯已经连续不亮一个多星期，老人晚上下楼看不清台阶，昨天差点摔倒。" * 2
PICTURE = "/gallery/picture.svg"
LOST: set[str] = set()


class GalleryForm(forms.Form):
    words = forms.CharField(label="什么事", widget=Words, help_text="一两句话就够。")
    kind = forms.ChoiceField(
        label="哪一类", choices=[(n, LONG[: n * 3 + 3]) for n in range(5)], widget=ChipRadio, required=False
    )
    phone = forms.CharField(label="电话", widget=Phone)
    street = forms.ChoiceField(label="街道", choices=[("", "请选择"), ("1", "东风街道")])
    day = forms.DateField(label="哪一天", widget=Day, required=False)
    agreed = forms.BooleanField(label="告诉我的楼长", required=False)
    stars = forms.TypedChoiceField(label="办得怎么样", coerce=int, choices=Stars.CHOICES, widget=Stars, required=False)


PHONE = """{% extends "shell/field.html" %}{% load shell %}
{% block title %}各种部件{% endblock %}
{% block heading %}<h1>各种部件</h1>{% endblock %}
{% block content %}
<span class="lz-chips">{% for kind in kinds %}{% chip kind "办理中" %}{% endfor %}</span>
{% filters items %}{% segments items "范围" %}{% tabs items "页" %}
<section class="lz-card lz-stack">{% steps steps %}{% left due %}</section>
{% photos photos %}<section class="lz-card">{% facts facts %}</section>
<section class="lz-card"><h2>经过</h2>{% timeline entries staff=True %}</section>
<div class="lz-tiles">{% tile "随手拍" "#" "camera" note=long tone="main" %}{% tile "我的事" "#" "home" count=2 %}</div>
{% cells items "清单" %}
{% include "shell/parts/card.html" with url="#" title=long note=long chips=chips tone="overdue" %}
{% notice "warning" long title="请先看看" %}
{% progress "正在导入" 42 99 left="大约还要 20 秒" %}{% copy "7K2M-9QXT-4D" %}
{% empty "还没有" "会出现在这里。" url="#" action="去反映" %}{% pager previous="#" following="#" %}
{% confirm "撤回" "#" "真的要撤回吗？" %}
<div class="lz-stats">{% stat "今天新收" 37 note="上周 41" %}{% stat "超期" 3 tone="overdue" %}</div>
<form class="lz-form" id="report" method="post" data-once data-draft="gallery">{% csrf_token %}{% entry_id %}
{% photo_picker "/gallery/photos/" %}{{ form }}{% place_button %}</form>
{% map_list "/gallery/points/" %}
<p id="live" hx-get="/gallery/live/" hx-trigger="load, every 300ms" data-poll></p>
<button class="lz-btn" id="clash" hx-get="/gallery/clash/" hx-target="#live">冲突</button>
{% endblock %}
{% block action %}{% verbs verbs %}{% endblock %}"""

DESK = """{% extends "shell/desk.html" %}{% load shell %}
{% block title %}待办{% endblock %}{% block heading %}<h1>待受理</h1>{% endblock %}
{% block tools %}{% verbs verbs %}<a class="lz-btn" href="#" data-opens="dispatch">打开交办</a>{% endblock %}
{% block alarm %}{% include "shell/parts/alarm.html" with urgent=1 url="#" %}{% endblock %}
{% block content %}{% filters items %}
<div class="lz-table-wrap" role="region" aria-label="待受理" tabindex="0"><table class="lz-table">
<thead><tr><th>时限</th><th>内容</th><th>办理</th></tr></thead><tbody>
{% for number in numbers %}<tr class="lz-row-overdue"><td>{% left due %}</td>
<td class="lz-what"><a href="/gallery/desk/?opened={{ number }}" data-row>第 {{ number }} 件：{{ long }}</a></td>
<td><a class="lz-btn" data-verb="a" href="/gallery/desk/?accepted={{ number }}">受理</a></td></tr>{% endfor %}
</tbody></table></div>
<div class="lz-columns"><div class="lz-column lz-card">{% steps steps %}</div>
<div class="lz-column lz-card">{% timeline entries %}</div>
<div class="lz-column lz-card">{% facts facts %}</div></div>
{% map_list "/gallery/points/" now=True %}{% endblock %}
{% block dialogs %}{% dialog "dispatch" "交办" %}
<form class="lz-form">{{ form.words.as_field_group }}</form>{% enddialog %}{% endblock %}"""

VERBS = [
    Verb(label="办结", url="#", kind="main", icon="check"),
    *[Verb(label=label, url="#") for label in ("退回", "转给别人", "加一句话")],
    Verb(label="撤回", url="#", kind="danger", method="post"),
]
ENTRIES = [
    Entry(
        what="已交办", at=NOW, who="彩虹社区", words=LONG, photos=[Photo(url=PICTURE), Photo(url=PICTURE)], note="备注"
    ),
    Entry(what="退回", at=NOW, kind="back"),
]
STEPS = [
    Step(label="受理", state="done", unit="彩虹社区", when="昨天 09:30"),
    Step(label="交办", state="done", unit="彩虹社区", when="昨天 10:02"),
    Step(label="办理", state="current", unit="市政设施维修养护中心", when="今天 18:00 前"),
    Step(label="反馈", state="todo"),
]
CONTEXT = {
    "now": NOW,
    "due": NOW - timedelta(days=1),
    "long": LONG,
    "kinds": ["urgent", "overdue", "supervised", "soon", "unit", "waiting", "closed", "ok", "plain", "demo"],
    "items": [
        Item(label="超期", url="?", count=3, current=True, icon="clock", note=LONG),
        Item(label="全部", url="?", icon="home"),
    ],
    "steps": STEPS,
    "photos": [Photo(url=PICTURE, words="处理前"), Photo(url=PICTURE), Photo(url="/", state="waiting")],
    "facts": [Fact(label="地点", value=LONG), Fact(label="电话", value="138****5678", url="#")],
    "entries": ENTRIES,
    "verbs": VERBS,
    "chips": [Chip(kind="urgent", words="紧急"), Chip(kind="overdue", words="超期 1 天")],
    "numbers": range(1, 6),
}


def phone(request: HttpRequest) -> HttpResponse:
    """Show every component of a phone page, with errors when asked."""
    form = GalleryForm({"phone": "139", "stars": "3"}) if "wrong" in request.GET else GalleryForm()
    return HttpResponse(engines["django"].from_string(PHONE).render(CONTEXT | {"form": form}, request))


def desk(request: HttpRequest) -> HttpResponse:
    """Show the components of a desk page."""
    return HttpResponse(engines["django"].from_string(DESK).render(CONTEXT | {"form": GalleryForm()}, request))


def picture(request: HttpRequest) -> HttpResponse:
    """Draw a grey square."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="#889"/></svg>'
    return HttpResponse(drawing, content_type="image/svg+xml")


def receive_photo(request: HttpRequest) -> HttpResponse:
    """Take a photo; the first sending of one named lost fails, one named bad is refused."""
    sent, uid = request.FILES["file"], request.POST["uid"]
    assert isinstance(sent, UploadedFile)
    name = str(sent.name)
    if name.startswith("lost") and uid not in LOST:
        LOST.add(uid)
        return HttpResponse(status=502)
    if name.startswith("bad"):
        return JsonResponse({"code": "not_an_image", "message": "这张照片打不开，请换一张。"}, status=400)
    return JsonResponse({"id": f"{uid}:{sent.size}", "state": "waiting", "thumbnail": PICTURE})


def points(request: HttpRequest) -> HttpResponse:
    """Give two points of a list."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [123.77 + n / 50, 41.3]},
            "properties": {"title": f"第 {n} 件", "url": "#", "kind": "urgent"},
        }
        for n in (1, 2)
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@answers_with_etag
def live(request: HttpRequest) -> HttpResponse:
    """Answer the same every time."""
    return HttpResponse("12 件")


def clash(request: HttpRequest) -> HttpResponse:
    """Refuse as a stale page is refused."""
    return refusals.refuse(request, 409, "彩虹社区刚刚已经交办了。")


def done(request: HttpRequest) -> HttpResponse:
    """Do something that can be undone."""
    answer = HttpResponse(status=303, headers={"Location": "/gallery/phone/"})
    toasts.say(request, answer, "已撤回。", undo_url="/gallery/phone/")
    return answer


def finished(request: HttpRequest) -> HttpResponse:
    """Tell that the form was taken."""
    mark = '<i data-draft-done="{{ request.GET.entry }}" hidden></i>'
    text = f'{{% extends "shell/single.html" %}}{{% block content %}}{mark}{{% endblock %}}'
    return HttpResponse(engines["django"].from_string(text).render({}, request))


urlpatterns = [
    path("gallery/finished/", finished),
    path("gallery/phone/", phone),
    path("gallery/desk/", desk),
    path("gallery/picture.svg", picture),
    path("gallery/photos/", receive_photo),
    path("gallery/points/", points),
    path("gallery/live/", live),
    path("gallery/clash/", clash),
    path("gallery/done/", done),
    path("", include("louzhang.shell.urls")),
]
handler404 = "louzhang.shell.refusals.page_not_found"
