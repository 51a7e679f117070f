"""The pages of admissions, sheets and the burden, as people open them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.fieldwork.actions.admitting import admit_admission
from louzhang.fieldwork.actions.bulletins import Upload, keep_bulletin
from louzhang.fieldwork.actions.campaigning import CampaignDraft, ask_campaign
from louzhang.fieldwork.actions.visiting import write_visit
from louzhang.fieldwork.models import Admission, Bulletin, Met
from louzhang.fieldwork.queries.burden import burden_of, own_burden, span_around
from louzhang.fieldwork.tests.test_bulletins import blank
from louzhang.journal.actions.reading import read_new_events
from louzhang.kit import clock
from louzhang.kit.tables import BadTable
from louzhang.kit.workbooks import Workbook
from louzhang.register.models import Household
from tests.cast import cast_of_now

MOST = 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def asked(cast, homes):
    day = clock.local_date(cast.at)

    def make(title="燃气入户", key="department_lead", unit="department_unit", **more):
        draft: dict[str, Any] = {
            "kind": "visit", "title": title, "purpose": "冬季用气安全", "starts_on": day,
            "ends_on": day + timedelta(days=6), "area_ids": [cast.areas["street"].pk],
            "asked": ["家里几口人", "要不要换软管"],
        }  # fmt: skip
        ask_campaign(draft=CampaignDraft(**(draft | more)), unit=cast.units[unit], actor=cast.actor(key), at=cast.at)
        return Admission.objects.get(title=title)

    return make


def counted(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked_of:
        response = client.get(url)
    assert response.status_code == 200, url
    assert len(asked_of) <= MOST, "\n".join(str(query["sql"])[:150] for query in asked_of)
    return response.content.decode()


def test_the_street_reads_the_cost_and_decides(cast, asked, sign_in):
    row = asked()
    street = sign_in("street")
    read_new_events(at=cast.at)
    listed = counted(street, reverse("asking:admissions"))
    assert "燃气入户" in listed
    url = reverse("asking:admission", args=[row.uid])
    page = counted(street, url)
    for words in ("彩虹社区", "登记里有：住几个人", "是估计，没有以前的记录", "同意开展"):
        assert words in page
    blank_no = street.post(reverse("asking:decide", args=[row.uid, "decline"]), {"reason": " "})
    assert blank_no.status_code == 400
    assert "请写明为什么不同意" in blank_no.content.decode()
    sent = {"q_a1": "prefilled", "q_a2": "kept", "reason": "周末做。"}
    done = street.post(reverse("asking:decide", args=[row.uid, "admit"]), sent)
    assert done.status_code == 302
    after = counted(street, url)
    assert "用登记里的" in after
    assert "周末做。" in after
    late = street.post(reverse("asking:decide", args=[row.uid, "decline"]), {"reason": "晚了"})
    assert late.status_code == 409
    assert "同意开展" in counted(sign_in("department"), url)
    assert street.post(reverse("asking:leave", args=[row.uid, "withdraw"])).status_code == 403
    assert sign_in("department").post(reverse("asking:leave", args=[row.uid, "withdraw"])).status_code == 302
    assert sign_in("stranger_street").get(url).status_code == 404


def test_a_department_asks_from_a_form_that_keeps_what_was_typed(cast, homes, sign_in):
    client = sign_in("department_lead")
    page = counted(client, reverse("asking:ask"))
    assert "东风街道" in page
    day = clock.local_date(clock.now())
    sent = {
        "unit": cast.units["department_unit"].pk, "kind": "visit", "title": "燃气入户", "purpose": "安全",
        "areas": [cast.areas["street"].pk], "starts_on": day, "ends_on": day - timedelta(days=1), "role": "chief",
        "minutes": 5, "asked": "几口人\n要不要换软管", "bulletin": "", "decision": "",
    }  # fmt: skip
    wrong = client.post(reverse("asking:ask"), sent)
    assert wrong.status_code == 400
    assert "最后一天不能早于开始" in wrong.content.decode()
    assert "要不要换软管" in wrong.content.decode()
    right = client.post(reverse("asking:ask"), sent | {"ends_on": day + timedelta(days=3)})
    assert right.status_code == 302
    assert "东风街道" in counted(client, right["Location"])


def test_a_sheet_is_uploaded_looked_at_mapped_and_taken(cast, homes, sign_in, tmp_path):
    client = sign_in("desk")
    counted(client, reverse("asking:bulletins"))
    file = SimpleUploadedFile("月报.xlsx", blank("3号网格"), content_type=XLSX)
    unit = cast.units["community_office"].pk
    broken = SimpleUploadedFile("月报.xlsx", b"no", content_type=XLSX)
    refused = client.post(reverse("asking:keep"), {"name": "月报", "span": "month", "unit": unit, "file": broken})
    assert refused.status_code == 400
    sent = client.post(reverse("asking:keep"), {"name": "月报", "span": "month", "unit": unit, "file": file})
    row = Bulletin.objects.get()
    assert sent["Location"] == reverse("asking:mapping", args=[row.uid])
    assert "人口 60岁以上" in counted(client, sent["Location"])
    stale = client.post(sent["Location"], {"number": 9, "c_0_4": "register.homes"})
    assert stale.status_code == 409
    assert "刚上传了新的空表" in stale.content.decode()
    mapped = client.post(sent["Location"], {"number": 1, "c_0_4": "register.homes", "r_0_5": "name"})
    assert mapped.status_code == 302
    url = reverse("asking:bulletin", args=[row.uid])
    page = counted(client, url)
    assert "还缺什么" in page
    given = {"area": cast.areas["community"].pk, "since": "2026-01-01", "until": "2026-01-31"}
    fill = reverse("asking:fill", args=[row.uid])
    assert client.post(fill, given).status_code == 400
    ahead = client.post(fill, given | {"until": "2199-01-31", "purpose": "报街道月报"})
    assert ahead.status_code == 400
    assert "统计的日子还没有到" in ahead.content.decode()
    taken = client.post(fill, given | {"purpose": "报街道月报"})
    assert taken["Content-Type"] == XLSX
    path = tmp_path / "taken.xlsx"
    path.write_bytes(taken.content)
    book = Workbook(path)
    assert dict(book.rows(book.sheets[0]))[5][3] == "3"
    assert "演示社区受理" in counted(client, url)
    assert sign_in("stranger_desk").get(url).status_code == 404
    assert sign_in("department").get(url).status_code == 404


def test_the_burden_names_who_asks_and_nobody_who_is_asked(cast, asked, sign_in):
    row = asked()
    admit_admission(uid=row.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    second = asked("再问一次", "street", "street_office")
    admit_admission(uid=second.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    home = Household.objects.filter(dwelling__area=cast.areas["stairwell"]).earliest("pk")
    write_visit(
        dwelling_id=home.dwelling_id, household_id=home.pk, outcome=Met.MET, minutes=6, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    read_new_events(at=cast.at)
    since, until = span_around("week", clock.local_date(cast.at))
    found = burden_of(cast.actor("street"), None, since, until)
    told = {line.title: (line.asker, line.entries, line.repeats) for line in found.lines}
    known = "家里几口人（登记里已有住几个人）"
    assert told["燃气入户"] == ("演示住建局", 1, (known,))
    assert found.whole.minutes == 6
    assert {each.asker for each in found.askers} == {"演示住建局", cast.units["street_office"].name}
    assert [line.title for line in burden_of(cast.actor("department"), None, since, until).lines] == ["燃气入户"]
    assert burden_of(cast.actor("stranger_street"), None, since, until).lines == ()
    page = counted(sign_in("street"), reverse("asking:burden"))
    assert "演示住建局" in page
    assert "演示楼长" not in page
    assert sign_in("street").get(reverse("asking:burden_file")).content.startswith(b"PK")
    assert "演示楼长" not in counted(sign_in("desk"), reverse("asking:burden_print"))


def test_my_burden_is_mine_alone(cast, asked, sign_in):
    row = asked()
    admit_admission(uid=row.uid, answers={}, actor=cast.actor("street"), at=cast.at)
    home = Household.objects.filter(dwelling__area=cast.areas["stairwell"]).earliest("pk")
    write_visit(
        dwelling_id=home.dwelling_id, household_id=home.pk, outcome=Met.MET, minutes=6, actor=cast.actor("chief"),
        at=cast.at,
    )  # fmt: skip
    since, until = span_around("month", clock.local_date(cast.at))
    mine = own_burden(cast.actor("chief"), since, until)
    assert [(line.title, line.entries) for line in mine.lines] == [("燃气入户", 1)]
    assert (mine.visits, mine.visit_minutes) == (1, 6)
    assert own_burden(cast.actor("next_chief"), since, until).lines == ()
    page = counted(sign_in("chief"), reverse("asking_own:burden"))
    assert "只有您自己看得到" in page
    assert "我的负担" in sign_in("chief").get(reverse("accounts:account")).content.decode()


def test_an_unreadable_workbook_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(io.BytesIO(b"PK\x03\x04").getvalue())
    with pytest.raises(BadTable):
        Workbook(path)


def test_a_sheet_of_another_office_is_not_kept_under_ones_own(cast, homes):
    upload = Upload("月报.xlsx", blank("3号网格"))
    row = keep_bulletin(
        name="月报", above="", span="week", unit=cast.units["community_office"], upload=upload,
        actor=cast.actor("desk"), at=cast.at,
    )  # fmt: skip
    assert row.owner == cast.units["community_office"]
