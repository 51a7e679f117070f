"""The pages of honours as people use them: what each reads, what a refusal says, what leaves on paper and in files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.roster.actions.honours.awarding import award_flags, award_honour
from louzhang.roster.actions.honours.bonuses import keep_account
from louzhang.roster.actions.honours.checking import check_honour
from louzhang.roster.actions.honours.consenting import join_wall
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.letters import write_letter
from louzhang.roster.actions.honours.proposing import Proposal, propose_flags, propose_honour
from louzhang.roster.models.honours import Bonus, Honour, HonourKind, Letter
from louzhang.roster.models.membership import PartyMembership
from tests.cast import Cast, browser_as, make_cast

MARCH = date(2026, 3, 1)
LATER = timedelta(days=12)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_honours(actor=SYSTEM, at=made.at)
    return made


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    return lambda key: browser_as(cast, key, at=cast.at)


def on_notice(cast: Cast, code: str = "month", whom: str = "chief") -> Honour:
    kind = HonourKind.objects.get(code=code)
    facts: dict[str, Any] = {"post": cast.posts[whom]} if kind.is_for_people else {"building": cast.areas[whom]}
    proposal = Proposal(kind, cast.areas["community"], "雪天逐户送菜。", MARCH, **facts)
    honour = propose_honour(proposal=proposal, actor=cast.actor("desk"), at=cast.at)
    return check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)


def given(cast: Cast) -> Honour:
    return award_honour(honour_id=on_notice(cast).pk, actor=cast.actor("desk"), at=cast.at + LATER)


def test_on_notice_a_name_is_masked_and_on_the_wall_it_stands_only_by_consent(cast: Cast) -> None:
    with time_machine.travel(cast.at, tick=False):
        honour = on_notice(cast)
        shown = Client().get(reverse("honours:notice", args=[honour.uid])).content.decode()
        assert ("演示楼长" in shown, cast.people["chief"].masked_name in shown) == (False, True)
    with time_machine.travel(cast.at + LATER, tick=False):
        award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
        assert "雪天逐户送菜" not in Client().get(reverse("honours:wall")).content.decode()
        assert Client().get(reverse("honours:notice", args=[honour.uid])).status_code == 404
        join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at + LATER)
        wall = Client().get(reverse("honours:wall")).content.decode()
        assert "演示楼长" in wall
        assert "打印" in Client().get(reverse("honours:wall"), {"print": "1"}).content.decode()


def test_somebody_passing_by_objects_and_reads_the_answer_on_the_same_phone(cast: Cast) -> None:
    with time_machine.travel(cast.at, tick=False):
        honour, client = on_notice(cast), Client()
        url = reverse("honours:notice", args=[honour.uid])
        client.get(url)
        assert client.post(url, {"words": "那天不是他。"}).status_code == 302
        assert "那天不是他" in client.get(url).content.decode()
        assert "那天不是他" not in Client().get(url).content.decode()
        desk = browser_as(cast, "secretary", at=cast.at)
        page = desk.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert "那天不是他" in page
        answer = reverse("honours:answer", args=[honour.uid, honour.objections.get().uid])
        assert desk.post(answer, {"answer": "查过照片，是他。"}).status_code == 302
        assert "查过照片" in client.get(url).content.decode()


def test_a_resident_puts_a_chief_forward_from_the_page_of_the_building(cast: Cast) -> None:
    with time_machine.travel(cast.at, tick=False):
        client, house = Client(), cast.areas["building"]
        assert "推荐楼长" in client.get(reverse("cards:house", args=[house.uid])).content.decode()
        url = reverse("honours:propose_here", args=[house.uid])
        client.get(url)
        kind = HonourKind.objects.get(code="good")
        said = {"post": str(cast.posts["chief"].pk), "kind": str(kind.uid), "words": "半夜送老人去医院。"}
        assert client.post(url, said).status_code == 302
        assert Honour.objects.get().proposer_id is None
        wrong = client.post(url, said | {"kind": str(HonourKind.objects.get(code="armband").uid), "words": ""})
        assert wrong.status_code == 400


def test_the_checker_walks_it_on_the_desk_and_the_proposer_is_told_why_not(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        kind = HonourKind.objects.get(code="month")
        new = f"{reverse('honours:new')}?seat={cast.areas['community'].pk}:{kind.uid}"
        desk = sign_in("desk")
        assert "最美三长" in desk.get(reverse("honours:new")).content.decode()
        assert desk.get(new).status_code == 200
        said = {"month": "2026-03", "post": str(cast.posts["chief"].pk), "words": "雪天逐户送菜。"}
        assert desk.post(new, said).status_code == 302
        honour = Honour.objects.get()
        page = desk.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert "另一个人审核" in page
        move = reverse("honours:move", args=[honour.uid, "check"])
        assert desk.post(move, {"has_no_interest": "on"}).status_code == 403
        checker = sign_in("secretary")
        assert checker.post(move, {}).status_code == 400
        assert checker.post(move, {"has_no_interest": "on"}).status_code == 302
        assert "公示到" in checker.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert sign_in("stranger_desk").get(reverse("honours:one", args=[honour.uid])).status_code == 404


def test_flags_are_previewed_and_given_together(cast: Cast, sign_in: Any) -> None:
    community, kind = cast.areas["community"], HonourKind.objects.get(code="flag")
    query = f"?area={community.pk}&month=2026-02"
    with time_machine.travel(cast.at, tick=False):
        desk = sign_in("desk")
        names = {f"b_{cast.areas['building'].pk}": "楼道干净。", f"b_{cast.areas['next_building'].pk}": ""}
        assert desk.post(reverse("honours:flags_new") + query, names).status_code == 302
        honour = Honour.objects.get()
        checker = sign_in("secretary")
        checker.post(reverse("honours:move", args=[honour.uid, "check"]), {"has_no_interest": "on"})
        assert "按上面的授予" not in desk.get(reverse("honours:flags") + query).content.decode()
    with time_machine.travel(cast.at + LATER, tick=False):
        desk = browser_as(cast, "desk", at=cast.at + LATER)
        assert "新挂" in desk.get(reverse("honours:flags") + query).content.decode()
        desk.post(reverse("honours:flags_award") + query, {"honour": [str(honour.uid)]})
        assert "现在挂在" in desk.get(reverse("honours:flags") + query + "&print=1").content.decode()
        house = Client().get(reverse("cards:house", args=[cast.areas["building"].uid])).content.decode()
        assert f"本楼挂着{kind.name}" in house


def test_the_cashier_gets_a_list_with_masked_accounts_and_opens_one_with_a_reason(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at + LATER, tick=False):
        given(cast)
        keep_account(number="6222020200112233", bank="工商银行", actor=cast.actor("chief"), at=cast.at)
        desk = browser_as(cast, "desk", at=cast.at + LATER)
        page = desk.get(reverse("honours:bonuses")).content.decode()
        assert ("**** 2233" in page, "6222020200112233" in page) == (True, False)
        book = desk.get(reverse("honours:bonuses"), {"format": "xlsx"})
        assert book["Content-Type"].endswith("sheet")
        assert "发放人" in desk.get(reverse("honours:bonuses"), {"print": "1"}).content.decode()
        bonus = Bonus.objects.get()
        whole = reverse("honours:bonus_account", args=[bonus.uid])
        assert desk.post(whole, {"reason": ""}).status_code == 400
        assert "6222020200112233" in desk.post(whole, {"reason": "发奖金"}).content.decode()
        assert Reveal.objects.filter(subject_kind="pay_account").count() == 1
        assert browser_as(cast, "street", at=cast.at + LATER).get(whole).status_code == 404
        desk.post(reverse("honours:bonus_tick", args=[bonus.uid, "tick"]))
        other = browser_as(cast, "secretary", at=cast.at + LATER)
        other.post(reverse("honours:bonus_tick", args=[bonus.uid, "tick"]))
        assert "发放" in other.get(reverse("honours:bonuses"), {"which": "paid"}).content.decode()
        bonus.refresh_from_db()
        assert bonus.status == "paid"


def test_a_letter_prints_only_after_its_person_has_agreed(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        letter = write_letter(
            subject=cast.people["chief"], area=cast.areas["community"], kind="praise", addressee="第一中学",
            text="谢谢贵校的老师。", actor=cast.actor("desk"), at=cast.at,
        )  # fmt: skip
        desk, chief = sign_in("desk"), sign_in("chief")
        sheet = reverse("honours:letter", args=[letter.uid])
        assert desk.get(sheet, {"print": "1"}).status_code == 404
        assert "谢谢贵校的老师" in chief.get(reverse("honours:own_letter", args=[letter.uid])).content.decode()
        assert sign_in("next_chief").get(reverse("honours:own_letter", args=[letter.uid])).status_code == 404
        assert sign_in("street").get(sheet).status_code == 404
        chief.post(reverse("honours:tap_letter", args=[letter.uid, "agree"]))
        assert "本人已看过" in desk.get(sheet, {"print": "1"}).content.decode()
        chief.post(reverse("honours:tap_letter", args=[letter.uid, "take_back"]))
        assert desk.get(sheet, {"print": "1"}).status_code == 404
        assert Letter.objects.get().status == "taken_back"


def test_people_tell_of_themselves_and_delete_it_on_one_page(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        chief = sign_in("chief")
        said = {"education": "high", "skills": ["first_aid"], "has_agreed": "on"}
        assert chief.post(reverse("membership:entry"), said).status_code == 302
        assert chief.post(reverse("membership:join"), {"kind": "full", "branch": "一支部"}).status_code == 302
        own = chief.get(reverse("membership:own")).content.decode()
        assert ("高中" in own, "一支部" in own) == (True, True)
        people = sign_in("desk").get(reverse("honours:people")).content.decode()
        assert ("高中" in people, "一支部" in people, "正式" in people) == (True, False, False)
        assert "免得看出是谁" in sign_in("secretary").get(reverse("honours:people")).content.decode()
        chief.post(reverse("membership:take_back", args=["member"]))
        assert not PartyMembership.objects.exists()


def test_the_secretary_writes_down_papers_and_the_desk_cannot(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        secretary = sign_in("secretary")
        said = {"user": str(cast.people["chief"].pk), "kind": "full", "has_paper": "on"}
        assert secretary.post(reverse("membership:paper", args=["member"]), said).status_code == 302
        entry = {"user": str(cast.people["chief"].pk), "education": "college", "has_paper": "on"}
        assert secretary.post(reverse("membership:paper", args=["entry"]), entry).status_code == 302
        assert sign_in("desk").get(reverse("membership:paper", args=["member"])).status_code == 403


def test_a_list_of_people_is_taken_for_a_purpose(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        desk, url = sign_in("desk"), reverse("honours:people")
        area = str(cast.areas["community"].pk)
        assert desk.post(url, {"area": area, "purpose": ""}).status_code == 400
        taken = desk.post(url, {"area": area, "purpose": "安排急救培训"})
        assert taken["Content-Type"].endswith("sheet")
        assert Reveal.objects.filter(what="roster").count() == 6


def test_kinds_are_kept_by_the_system_administrator(cast: Cast, sign_in: Any) -> None:
    with time_machine.travel(cast.at, tick=False):
        admin, kind = sign_in("system_admin"), HonourKind.objects.get(code="month")
        said = {"name": "月度优秀楼长", "level": "community", "often": "month", "most": "2", "notice_days": "3"}
        said |= {"bonus_yuan": "500", "reason": "区发〔2026〕3号"}
        change = reverse("honours:kind_change", args=[kind.uid])
        assert admin.get(change).status_code == 200
        assert admin.post(change, said).status_code == 302
        kind.refresh_from_db()
        assert kind.bonus_yuan == 500
        new = said | {"name": "热心邻居", "whom": "person", "often": "any"}
        assert admin.post(reverse("honours:kind_add"), new).status_code == 302
        admin.post(reverse("honours:kind_end", args=[kind.uid]))
        assert not HonourKind.objects.current().filter(code="month").exists()
        admin.post(reverse("honours:kind_presets"))
        assert HonourKind.objects.current().filter(code="month").exists()


def test_the_certificate_is_for_the_office_and_for_whom_it_names(cast: Cast) -> None:
    with time_machine.travel(cast.at + LATER, tick=False):
        url = reverse("honours:certificate", args=[given(cast).uid])
        for key in ("desk", "chief", "street"):
            assert "荣誉证书" in browser_as(cast, key, at=cast.at + LATER).get(url).content.decode(), key
        for key in ("next_chief", "stranger_desk"):
            assert browser_as(cast, key, at=cast.at + LATER).get(url).status_code == 404, key


def test_a_flag_that_was_awarded_stands_on_the_wall_without_anybodys_consent(cast: Cast) -> None:
    kind, area = HonourKind.objects.get(code="flag"), cast.areas["community"]
    made = propose_flags(
        kind=kind, area=area, month=MARCH, reasons={cast.areas["building"].pk: "楼道干净。"},
        actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    check_honour(honour_id=made[0].pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    award_flags(
        kind=kind, area=area, month=MARCH, honour_ids=[made[0].pk], actor=cast.actor("desk"), at=cast.at + LATER
    )
    assert "楼道干净" in Client().get(reverse("honours:wall")).content.decode()
