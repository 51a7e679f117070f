"""The settings page of the limits: list, add, change, end, examples, and what a made-up order would get."""

from __future__ import annotations

import pytest
import time_machine

from louzhang.workorders.models import ClockPolicy
from tests.cast import MORNING, PEOPLE, browser_as

HOME = "/desk/settings/clocks/"
READERS = {
    "desk", "secretary", "street", "commander", "stranger_desk", "stranger_street",
    "system_admin", "security_admin", "audit_admin",
}  # fmt: skip


@pytest.fixture
def browser_of(cast):
    with time_machine.travel(MORNING, tick=False):

        def sign_in(key):
            return browser_as(cast, key, at=MORNING)

        yield sign_in


@pytest.fixture
def keeper(browser_of):
    return browser_of("system_admin")


def text(answer):
    return answer.content.decode()


def typed(**more):
    said = {
        "kind": "settle", "category": "", "urgency": "", "amount": "5", "measure": "working_days", "cap": "10",
        "warn_share": "20", "source": "区政办〔2026〕1 号",
    }  # fmt: skip
    return said | more


def test_a_limit_is_added_and_shows_what_it_means_for_an_order(cast, keeper):
    leak = cast.categories["leak"]
    assert "还没有时限" in text(keeper.get(HOME))
    assert keeper.post(f"{HOME}add/", typed()).status_code == 302
    assert (
        keeper.post(
            f"{HOME}add/", typed(category=leak.pk, urgency="1", amount="90", measure="working_minutes")
        ).status_code
        == 302
    )
    shown = text(keeper.get(HOME))
    for words in ("所有类别", "设施 › 漏水", "5 个工作日", "90 分钟（工作时间）", "区政办〔2026〕1 号"):
        assert words in shown
    tried = text(keeper.get(f"{HOME}?category={leak.pk}&urgent=on"))
    assert "今天 11:30" in tried
    assert "没有时限，不计时" in tried
    assert "3月9日 17:30" in text(keeper.get(f"{HOME}?category={leak.pk}"))
    assert keeper.get(f"{HOME}?category=x").status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({"amount": "0"}, 400, "时限"),
        ({"amount": "9999"}, 400, "时限要在 1 到 260 之间"),
        ({"kind": ""}, 400, "哪个时钟"),
        ({"measure": "x"}, 400, "单位"),
        ({"warn_share": "100"}, 400, "提醒"),
        ({"category": "99999"}, 400, "类别"),
        ({"urgency": "2"}, 400, "紧急程度"),
        ({}, 409, "已经有时限了"),
    ],
)
def test_wrong_input_gets_its_sentence_and_keeps_what_was_typed(cast, keeper, more, status, sentence):
    keeper.post(f"{HOME}add/", typed())
    answer = keeper.post(f"{HOME}add/", typed(source="我写的依据") | more)
    assert answer.status_code == status
    assert sentence in text(answer)
    assert "我写的依据" in text(answer)
    assert ClockPolicy.objects.count() == 1


def test_a_limit_is_changed_and_ended_with_its_history(cast, keeper):
    keeper.post(f"{HOME}add/", typed())
    url = f"{HOME}{ClockPolicy.objects.get().pk}/"
    assert keeper.post(url, typed(amount="7")).status_code == 302
    shown = text(keeper.get(url))
    assert "时限，现在 7 个工作日" in shown
    assert "5 个工作日，区政办〔2026〕1 号" in shown
    assert keeper.post(f"{url}end/", {"reason": ""}).status_code == 400
    assert keeper.post(f"{url}end/", {"reason": "改为分类规定"}).status_code == 302
    assert keeper.post(f"{url}end/", {"reason": "再来"}).status_code == 409
    assert keeper.post(url, typed(amount="9")).status_code == 409
    assert "改为分类规定" in text(keeper.get(url))
    assert "7 个工作日" not in text(keeper.get(HOME))
    assert "7 个工作日" in text(keeper.get(f"{HOME}?ended=1"))
    assert keeper.get(f"{HOME}99999/").status_code == 404


def test_an_example_is_loaded_and_marked(cast, keeper):
    assert keeper.post(f"{HOME}examples/", {}).status_code == 400
    assert keeper.post(f"{HOME}examples/", {"key": "shandong"}).status_code == 302
    shown = text(keeper.get(HOME))
    assert "示例</span> 山东" in shown
    assert "10 个工作日" in shown
    rows = b"".join(keeper.get(f"{HOME}csv/").streaming_content).decode("utf-8-sig")
    assert "所有类别,不论,办结,5 个工作日,10 个工作日,20,山东,是," in rows


def test_offices_and_administrators_read_and_only_one_changes(cast, keeper, browser_of):
    keeper.post(f"{HOME}add/", typed())
    url = f"{HOME}{ClockPolicy.objects.get().pk}/"
    for key, *_ in PEOPLE:
        client = browser_of(key)
        for page in (HOME, url, f"{HOME}csv/"):
            assert client.get(page).status_code == (200 if key in READERS else 403), (key, page)
        if key == "system_admin":
            continue
        for page in (f"{HOME}add/", f"{HOME}examples/", url, f"{url}end/"):
            assert client.post(page, typed(key="plain", reason="x")).status_code == 403, (key, page)
    assert ClockPolicy.objects.get().amount == 5


def test_the_pages_cost_at_most_twelve_queries(cast, keeper, django_assert_max_num_queries):
    keeper.post(f"{HOME}examples/", {"key": "plain"})
    pk = ClockPolicy.objects.order_by("pk").values_list("pk", flat=True)[0]
    for url in (
        HOME,
        f"{HOME}?category={cast.categories['leak'].pk}",
        f"{HOME}{pk}/",
        f"{HOME}add/",
        f"{HOME}examples/",
    ):
        with django_assert_max_num_queries(12):
            assert keeper.get(url).status_code == 200
