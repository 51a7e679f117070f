from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.html import strip_tags

from louzhang.shell.parts import Chip, Entry, Item, Photo, Step, Verb

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
STEPS = [
    Step(label="受理", state="done", unit="彩虹社区", when="昨天 09:30"),
    Step(label="交办", state="done"),
    Step(label="办理", state="current", unit="市政维修队"),
    Step(label="反馈", state="todo"),
]


def heard(html: str) -> str:
    return "".join(strip_tags(html).split())


def test_steps_say_which_of_how_many_and_how_far(draw: Any) -> None:
    said = heard(draw("{% steps steps %}", steps=STEPS))
    assert "第一步，共四步，受理，已完成彩虹社区昨天09:30" in said
    assert "第三步，共四步，办理中市政维修队" in said
    assert "第四步，共四步，反馈，还没开始" in said


def test_only_the_step_in_hand_is_current(draw: Any) -> None:
    html = draw("{% steps steps %}", steps=STEPS)
    assert html.count('aria-current="step"') == 1


def test_steps_also_take_plain_dicts(draw: Any) -> None:
    html = draw("{% steps steps %}", steps=[{"label": "受理", "state": "stopped"}])
    assert "到此为止" in html


def test_a_chip_always_has_its_word(draw: Any) -> None:
    assert "超期 1 天" in draw('{% chip "overdue" "超期 1 天" %}')
    assert "紧急" in draw("{% chip mark %}", mark=Chip(kind="urgent", words="紧急"))


def test_the_main_verb_is_filled_and_the_dangerous_one_waits_under_more(draw: Any) -> None:
    verbs = [
        Verb(label="撤回", url="/w/", kind="danger"),
        Verb(label="退回", url="/b/"),
        Verb(label="办结", url="/s/", kind="main"),
        Verb(label="转出", url="/t/"),
    ]
    before, after = draw("{% verbs verbs %}", verbs=verbs).split("<details", 1)
    assert "办结" in before
    assert "lz-btn-main" in before
    assert "撤回" not in before
    assert all(label in after for label in ("撤回", "退回", "转出"))


def test_a_posting_verb_carries_an_entry_id_and_sends_once(draw: Any) -> None:
    html = draw("{% verb verb %}", verb=Verb(label="受理", url="/a/", method="post", key="a"))
    assert 'name="entry_id"' in html
    assert "data-once" in html
    assert 'data-verb="a"' in html


def test_an_entry_id_is_new_until_it_is_given_back(draw: Any) -> None:
    assert draw("{% entry_id %}") != draw("{% entry_id %}")
    assert 'value="kept-one"' in draw("{% entry_id old %}", old="kept-one")


def test_notes_of_a_timeline_are_for_staff_only(draw: Any) -> None:
    entries = [Entry(what="已交办", at=NOW, who="彩虹社区", words="请今天处理。", note="签收用时 1 小时")]
    plain = draw("{% timeline entries %}", entries=entries, now=NOW)
    assert "签收用时" not in plain
    assert "今天 14:05" in plain
    assert "签收用时" in draw("{% timeline entries staff=True %}", entries=entries, now=NOW)


def test_words_of_people_are_escaped(draw: Any) -> None:
    html = draw("{% timeline entries %}", entries=[Entry(what="反映", words="<script>alert(1)</script>")])
    assert "<script>" not in html


def test_a_photo_that_is_not_ready_shows_that_it_is_coming(draw: Any) -> None:
    html = draw("{% photos photos %}", photos=[Photo(url="/p/1", state="waiting")])
    assert "正在处理" in html
    assert "<img" not in html


def test_time_left_speaks_and_keeps_the_exact_time_at_hand(draw: Any) -> None:
    late = draw("{% left due %}", due=NOW - timedelta(days=1), now=NOW)
    assert "超期 1 天" in late
    assert "昨天 14:05" in late
    assert "lz-chip-soon" in draw("{% left due %}", due=NOW + timedelta(hours=3), now=NOW)


def test_a_question_before_something_is_lost_works_without_scripts(draw: Any) -> None:
    html = draw('{% confirm "撤回" "/w/" "真的要撤回吗？" %}')
    assert "<details" in html
    assert 'method="post"' in html


def test_a_chosen_filter_says_that_a_tap_takes_it_away(draw: Any) -> None:
    html = draw("{% filters items %}", items=[Item(label="超期", url="?", current=True), Item(label="全部", url="?")])
    assert html.count("点一下取消") == 1


def test_pages_without_neighbours_have_no_pager(draw: Any) -> None:
    assert "nav" not in draw("{% pager %}")
    assert "下一页" in draw('{% pager following="?after=9" %}')


def test_a_dialog_holds_what_stands_between_its_tags(draw: Any) -> None:
    html = draw('{% dialog "dispatch" "交办" %}<p>{{ words }}</p>{% enddialog %}', words="给谁办？")
    assert 'id="dispatch"' in html
    assert "<p>给谁办？</p>" in html
    assert 'aria-labelledby="dispatch-title"' in html
