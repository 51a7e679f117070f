"""Pages of care and rights: who opens them, what stays closed, and what a tap does."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.accounts.actions import make_api_token
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.kit import clock
from louzhang.register.actions.binding import ask_binding
from louzhang.register.actions.consenting import record_consent
from louzhang.register.actions.exporting import export_residents
from louzhang.register.actions.rights import ask_right
from louzhang.register.models import (
    Binding,
    CareKind,
    CareTag,
    Consent,
    EmergencyUse,
    ImpactAssessment,
    Resident,
    Right,
    RightsRequest,
    Way,
)
from louzhang.register.tests.conftest import Homes
from louzhang.register.tests.lawful import ANSWERS, bind, put_in_use, tag_now
from tests.cast import Cast, browser_as

SECRETS = ("13911110001", "13911110002", "440524198001010015")
KEEPING = ("stairwell_head", "chief", "grid_worker", "grid_lead", "desk", "secretary")


@pytest.fixture
def mother(cast: Cast, homes: Homes) -> Resident:
    """Looked after for living alone, bound to the account of the cast's resident."""
    kinds = put_in_use(cast, "living_alone", "disabled_care")
    bind(cast, homes.residents["mother"], cast.actor("resident"))
    tag_now(homes.residents["mother"], kinds["living_alone"], cast.actor("chief"))
    return homes.residents["mother"]


def body(answer: Any) -> str:
    return str(answer.content.decode())


def statuses(cast: Cast, url: str) -> dict[str, int]:
    return {key: browser_as(cast, key).get(url).status_code for key in cast.people}


def test_the_mark_opens_for_who_keeps_the_place_and_nobody_else(cast: Cast, mother: Resident) -> None:
    seen = statuses(cast, reverse("care:of", args=[mother.uid]))
    assert {key for key, status in seen.items() if status == 200} == set(KEEPING)
    assert {seen[key] for key in ("next_chief", "street", "commander", "stranger_desk")} == {404}
    assert {seen[key] for key in ("property", "system_admin", "security_admin", "audit_admin", "resident")} == {403}


@pytest.mark.parametrize("key", ["chief", "desk"])
def test_no_page_says_which_mark_before_a_logged_tap(cast: Cast, homes: Homes, mother: Resident, key: str) -> None:
    browser = browser_as(cast, key)
    pages = [
        reverse("register:house", args=[cast.areas["building"].pk]),
        reverse("register:dwelling", args=[homes.dwellings["own"].uid]),
        reverse("register:household", args=[homes.households["own"].uid]),
        reverse("register:resident", args=[mother.uid]),
        reverse("care:of", args=[mother.uid]),
        reverse("care:due"),
    ]
    for url in pages:
        page = body(browser.get(url))
        assert "独居" not in page, url
        assert "每周探访一次" not in page, url
    assert "关" in body(browser.get(pages[0]))
    assert not Reveal.objects.exists()
    opened = browser.post(reverse("care:look", args=[mother.uid]), {"reason": "上门探访"})
    assert "独居" in body(opened)
    assert Reveal.objects.get().what == "care"
    assert browser.post(reverse("care:look", args=[mother.uid]), {}).status_code == 400


def test_a_chief_notes_keeps_and_ends_a_mark(cast: Cast, homes: Homes, mother: Resident) -> None:
    chief, kinds = browser_as(cast, "chief"), {row.kind_id for row in CareTag.objects.all()}
    father, url = homes.residents["father"], reverse("care:add", args=[homes.residents["father"].uid])
    today = clock.local_date(clock.now())
    given: dict[str, Any] = {"kind": kinds.pop(), "purpose": "停水时送水", "ends_on": today + timedelta(days=60)}
    assert "请写明要做什么" in body(chief.post(url, given | {"purpose": ""}))
    assert chief.post(url, given | {"entry_id": "11111111-1111-4111-8111-111111111111"}).status_code == 302
    assert chief.post(url, given | {"entry_id": "11111111-1111-4111-8111-111111111111"}).status_code == 302
    row = CareTag.objects.get(resident=father)
    assert chief.post(reverse("care:keep", args=[row.uid]), {"ends_on": today + timedelta(days=90)}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == today + timedelta(days=90)
    assert browser_as(cast, "next_chief").post(reverse("care:end", args=[row.uid])).status_code == 404
    assert chief.post(reverse("care:end", args=[row.uid])).status_code == 302
    assert not CareTag.objects.filter(resident=father, ended_at=None).exists()


def test_a_consent_is_noted_and_taken_back_by_word(cast: Cast, mother: Resident) -> None:
    chief = browser_as(cast, "chief")
    kind = ImpactAssessment.objects.get(code="disabled_care")
    page = body(chief.get(reverse("care:consent", args=[mother.uid])))
    assert "演示父亲" in page, "a grown person of the household may decide"

    given = {"kind": CareKind.objects.get(code=kind.code).pk, "way": "word", "guardian": ""}
    assert chief.post(reverse("care:consent", args=[mother.uid]), given).status_code == 302
    consent = Consent.objects.get()
    assert chief.post(reverse("care:withdraw", args=[consent.uid])).status_code == 302
    assert not Consent.objects.filter(ended_at=None).exists()


def test_an_emergency_stays_on_the_list_until_the_person_is_told(cast: Cast, homes: Homes, mother: Resident) -> None:
    chief, father = browser_as(cast, "chief"), homes.residents["father"]
    url = reverse("care:emergency", args=[father.uid])
    assert chief.post(url, {"reason": ""}).status_code == 400
    assert chief.post(url, {"reason": "楼道着火要接人下楼"}).status_code == 200
    use = EmergencyUse.objects.get()
    assert "演示父亲" in body(browser_as(cast, "desk").get(reverse("care:due")))
    assert browser_as(cast, "stranger_desk").post(reverse("care:told", args=[use.uid])).status_code == 404
    assert browser_as(cast, "desk").post(reverse("care:told", args=[use.uid])).status_code == 302
    assert "演示父亲" not in body(browser_as(cast, "desk").get(reverse("care:due")))


def test_a_resident_is_recognised_and_reads_the_own_entry(cast: Cast, homes: Homes) -> None:
    own, chief = browser_as(cast, "resident"), browser_as(cast, "chief")
    given = {"name": "演示母亲", "phone": "139 1111 0002"}
    assert own.post(reverse("own:bind"), {"name": "演示母亲"}).status_code == 400
    answer = own.post(reverse("own:bind"), given)
    assert (answer.status_code, "演示母亲" in body(own.get(reverse("own:home")))) == (302, False)
    waiting = body(chief.get(reverse("care:bindings")))
    assert "演示母亲" in waiting
    assert [secret for secret in SECRETS if secret in waiting] == []
    asked = Binding.objects.get()
    assert browser_as(cast, "next_chief").post(reverse("care:confirm", args=[asked.uid])).status_code == 404
    assert chief.post(reverse("care:confirm", args=[asked.uid])).status_code == 302
    page = body(own.get(reverse("own:home")))
    assert ("演示母亲" in page, "演示父亲" in page) == (True, False)
    assert [secret for secret in SECRETS if secret in page] == []
    assert "13911110002" in body(own.post(reverse("own:reveal"), {"what": "phone"}))
    assert "本人" in body(own.get(reverse("own:looks")))
    assert own.post(reverse("own:unbind")).status_code == 302
    assert "演示母亲" not in body(own.get(reverse("own:home")))


def test_a_phone_without_an_account_is_bound_too_and_answered_alike_when_unknown(cast: Cast, homes: Homes) -> None:
    phone = Client()
    phone.get(reverse("own:bind"))
    known = phone.post(reverse("own:bind"), {"name": "演示母亲", "phone": "13911110002"})
    stranger = Client()
    stranger.get(reverse("own:bind"))
    unknown = stranger.post(reverse("own:bind"), {"name": "没有的人", "phone": "13911110002"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert body(phone.get(reverse("own:home"))).count("演示母亲") == 0
    assert Binding.objects.get().device_hash


def test_who_looked_is_told_with_post_and_reason_and_the_name_masked(cast: Cast, mother: Resident) -> None:
    browser_as(cast, "chief").post(reverse("care:look", args=[mother.uid]), {"reason": "上门探访"})
    page = body(browser_as(cast, "resident").get(reverse("own:looks")))
    assert ("楼长 演**长" in page, "关爱标记" in page, "上门探访" in page) == (True, True, True)
    audit = browser_as(cast, "audit_admin").get(reverse("keepers:audit"), {"kind": "reveals"})
    assert ("查看关爱标记" in body(audit), "演示母亲" in body(audit)) == (True, False)


def test_rights_from_the_phone_to_the_desk(cast: Cast, mother: Resident) -> None:
    own, desk = browser_as(cast, "resident"), browser_as(cast, "desk")
    assert own.post(reverse("own:correct"), {"about": "phone", "wish": "12"}).status_code == 400
    assert own.post(reverse("own:correct"), {"about": "phone", "wish": "13922223333"}).status_code == 302
    row = RightsRequest.objects.get()
    seen = statuses(cast, reverse("rights:one", args=[row.uid]))
    assert {key for key, status in seen.items() if status == 200} == {"desk", "secretary"}
    page = body(desk.get(reverse("rights:one", args=[row.uid])))
    assert ("139****3333" in page, "13922223333" in page) == (True, False)
    assert "演示母亲" in body(desk.get(reverse("rights:list")))
    assert "演示母亲" not in body(browser_as(cast, "stranger_desk").get(reverse("rights:list")))
    assert browser_as(cast, "chief").post(reverse("rights:grant", args=[row.uid])).status_code == 403
    assert desk.post(reverse("rights:grant", args=[row.uid])).status_code == 302
    mother.refresh_from_db()
    assert mother.open_field("phone") == "13922223333"
    assert "已办好" in body(own.get(reverse("own:rights")))


def test_a_declined_request_shows_its_reason_to_who_asked(cast: Cast, mother: Resident) -> None:
    own, desk = browser_as(cast, "resident"), browser_as(cast, "desk")
    assert own.post(reverse("own:erase")).status_code == 302
    row = RightsRequest.objects.get()
    assert desk.post(reverse("rights:decline", args=[row.uid]), {"reason": ""}).status_code == 400
    assert desk.post(reverse("rights:decline", args=[row.uid]), {"reason": "户籍业务还要用。"}).status_code == 302
    assert "户籍业务还要用。" in body(own.get(reverse("own:rights")))
    assert "演示母亲" in body(desk.get(reverse("rights:list"), {"view": "answered"}))


def test_a_request_is_taken_back_by_who_asked_only(cast: Cast, homes: Homes, mother: Resident) -> None:
    row = ask_right(right=Right.DELETE, actor=cast.actor("resident"), at=cast.at)
    bind(cast, homes.residents["father"], cast.actor("nobody"))
    assert browser_as(cast, "nobody").post(reverse("own:retract", args=[row.uid])).status_code == 404
    assert browser_as(cast, "resident").post(reverse("own:retract", args=[row.uid])).status_code == 302


def test_a_copy_holds_the_own_data_for_people_and_programs_and_nobody_elses(cast: Cast, mother: Resident) -> None:
    answer = browser_as(cast, "resident").post(reverse("own:copy"))
    assert answer["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    content = json.loads(packed.read("my-entry.json"))
    assert content["本人"][0]["电话"] == "13911110002"
    assert content["关爱标记"][0]["标记"] == "独居"
    page = packed.read("my-entry.html").decode()
    assert ("13911110002" in page, "演示父亲" in page, "演示父亲" in str(content)) == (True, False, False)
    assert browser_as(cast, "nobody").post(reverse("own:copy")).status_code == 404


def test_a_consent_is_withdrawn_in_one_tap(cast: Cast, mother: Resident) -> None:

    kind = CareKind.objects.get(code="disabled_care")
    consent = record_consent(
        resident_id=mother.pk, kind_id=kind.pk, way=Way.WORD, actor=cast.actor("chief"), at=cast.at
    )
    tag_now(mother, kind, cast.actor("chief"))
    own = browser_as(cast, "resident")
    assert "失能" in body(own.get(reverse("own:home")))
    assert browser_as(cast, "nobody").post(reverse("own:withdraw", args=[consent.uid])).status_code == 404
    assert own.post(reverse("own:withdraw", args=[consent.uid])).status_code == 302
    assert "失能" not in body(own.get(reverse("own:home")))
    assert CareTag.objects.filter(purged_at=None).count() == 1


def test_the_system_administrator_assesses_and_switches_on(cast: Cast, mother: Resident) -> None:
    admin, url = browser_as(cast, "system_admin"), reverse("protection:assess", args=["care_kind", "very_old"])
    given = {name: getattr(ANSWERS, name) for name in ("purpose", "necessity", "risks", "measures")}
    assert browser_as(cast, "desk").get(url).status_code == 403
    assert admin.get(url).status_code == 200
    assert admin.get(reverse("protection:assess", args=["care_kind", "none"])).status_code == 404
    assert admin.post(url, given | {"risks": "无"}).status_code == 400
    assert admin.post(url, given).status_code == 302
    row = ImpactAssessment.objects.get(code="very_old")
    assert browser_as(cast, "desk").post(reverse("protection:turn_on", args=[row.uid])).status_code == 403
    assert admin.post(reverse("protection:turn_on", args=[row.uid])).status_code == 302
    assert admin.post(reverse("protection:turn_on", args=[row.uid])).status_code == 409
    assert admin.post(reverse("protection:turn_off", args=[row.uid])).status_code == 302
    assert "停用" in body(admin.get(reverse("protection:assessments")))


def test_the_notices_of_a_leak_are_drafted_and_not_stored(cast: Cast) -> None:
    desk, url = browser_as(cast, "desk"), reverse("protection:breach")
    given = {
        "happened_on": "2026-03-01", "what": "一份名单发到了业主群", "fields_leaked": "姓名、门牌", "people": "12",
        "cause": "选错了群", "done": "已撤回", "advice": "接到陌生电话不要转账", "contact": "0000-12345",
    }  # fmt: skip
    assert desk.post(url, given | {"what": ""}).status_code == 400
    page = body(desk.post(url, given))
    assert ("关于个人信息安全事件的告知" in page, "约 12 人" in page, "2026年3月1日" in page) == (True, True, True)


def test_asking_again_replaces_what_was_asked(cast: Cast, homes: Homes) -> None:
    for _ in range(2):
        ask_binding(name="演示母亲", phone="13911110002", actor=cast.device, at=cast.at)
    assert Binding.objects.filter(ended_at=None).count() == 1


def test_no_mark_and_no_kind_stands_on_a_public_page_a_print_an_export_or_the_api(
    cast: Cast, homes: Homes, mother: Resident
) -> None:
    building = cast.areas["building"]
    pages = [
        Client().get(reverse("cards:house", args=[building.uid])),
        browser_as(cast, "chief").get(reverse("register:poster", args=[building.pk])),
    ]
    assert [page.status_code for page in pages] == [200, 200]
    told = [body(page) for page in pages]
    area, desk = cast.areas["community"], cast.actor("desk")
    taken = export_residents(area=area, purpose="核对住户名单", is_whole=False, actor=desk, at=clock.now())
    assert any(mother.name in map(str, line) for line in taken.lines)
    token = make_api_token(user=cast.people["chief"], label="测试", is_read_only=True, actor=SYSTEM, at=clock.now())[1]
    listed = Client().get("/api/v1/residents", headers={"authorization": f"Bearer {token}"})
    assert mother.name in listed.content.decode()
    told += [str(taken.lines), listed.content.decode()]
    assert [words for text in told for words in ("独居", "每周探访一次", "关爱") if words in text] == []
    looks = body(browser_as(cast, "resident").get(reverse("own:looks")))
    assert ("导出名单" in looks, "核对住户名单" in looks) == (True, True)
