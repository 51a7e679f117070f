"""Land and places: sites with keeper and check days, firms with a sealed contact, the map."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from louzhang.journal.models import Reveal
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions.sites import (
    check_site,
    correct_firm,
    correct_site,
    end_firm,
    end_site,
    enter_firm,
    enter_site,
    reveal_firm,
)
from louzhang.register.models import Firm, Site
from tests.cast import Cast, browser_as

PHONE = "13911110077"


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return enter_firm(
        area=cast.areas["building"], name="演示药店", trade="药店", contact="演示店主", phone=PHONE,
        actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip


@pytest.fixture
def hydrant(cast: Cast, firm: Firm) -> Site:
    return enter_site(
        area=cast.areas["building"], kind="hydrant", name="东侧消火栓", keeper_firm_id=firm.pk, check_days=30,
        longitude=123.77, latitude=41.3, actor=cast.actor("chief"), at=cast.at,
    )  # fmt: skip


def seen(rows: object, cast: Cast) -> set[str]:
    return {key for key, actor in cast.everyone().items() if rows.visible_to(actor).exists()}  # type: ignore[attr-defined]


def test_sites_are_seen_by_field_and_offices_of_the_line_firms_only_by_those_who_keep_the_place(
    cast: Cast, hydrant: Site
) -> None:
    field = {"chief", "grid_worker", "grid_lead", "desk", "secretary", "system"}
    assert seen(Site.objects, cast) == field | {"street", "commander"}
    assert seen(Firm.objects, cast) == field
    for table in (Site, Firm):
        with pytest.raises(TypeError):
            table.objects.visible_to(None)  # type: ignore[arg-type]


def test_a_check_sets_the_next_day_by_its_round(cast: Cast, hydrant: Site) -> None:
    assert (hydrant.keeper, hydrant.check_due_on) == ("演示药店", clock.local_date(cast.at))
    checked = check_site(site_id=hydrant.pk, words="盖子松", actor=cast.actor("grid_worker"), at=cast.at)
    assert checked.check_due_on == clock.local_date(cast.at) + timedelta(days=30)
    corrected = correct_site(site_id=hydrant.pk, check_days=7, actor=cast.actor("chief"), at=cast.at)
    assert corrected.check_due_on == clock.local_date(cast.at) + timedelta(days=7)
    assert correct_site(site_id=hydrant.pk, check_days=7, actor=cast.actor("chief"), at=cast.at).chain_seq == 3
    end_site(site_id=hydrant.pk, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict):
        check_site(site_id=hydrant.pk, actor=cast.actor("desk"), at=cast.at)
    prove_journal()


def test_who_looks_only_and_who_is_elsewhere_changes_nothing(cast: Cast, hydrant: Site, firm: Firm) -> None:
    with pytest.raises(NotYours):
        check_site(site_id=hydrant.pk, actor=cast.actor("street"), at=cast.at)
    for key in ("next_chief", "stranger_desk", "property"):
        with pytest.raises(NotThere):
            check_site(site_id=hydrant.pk, actor=cast.actor(key), at=cast.at)
        with pytest.raises(NotYours):
            enter_site(area=cast.areas["building"], kind="lift", name="电梯", actor=cast.actor(key), at=cast.at)
        with pytest.raises(NotThere):
            reveal_firm(firm_id=firm.pk, reason="上门前联系", actor=cast.actor(key), at=cast.at)
    with pytest.raises(NotThere):
        enter_site(
            area=cast.areas["next_building"], kind="lift", name="电梯", keeper_firm_id=firm.pk,
            actor=cast.actor("next_chief"), at=cast.at,
        )  # fmt: skip
    with pytest.raises(InputRefused):
        enter_site(area=cast.areas["building"], kind="lift", name=" ", actor=cast.actor("chief"), at=cast.at)


def test_the_contact_of_a_firm_is_sealed_opens_with_a_reason_and_goes_with_it(cast: Cast, firm: Firm) -> None:
    assert PHONE not in firm.phone_sealed
    with pytest.raises(InputRefused):
        reveal_firm(firm_id=firm.pk, reason="", actor=cast.actor("chief"), at=cast.at)
    assert reveal_firm(firm_id=firm.pk, reason="上门前联系", actor=cast.actor("chief"), at=cast.at) == PHONE
    assert Reveal.objects.get(subject_kind="firm").what == "phone"
    renamed = correct_firm(firm_id=firm.pk, name="演示大药房", actor=cast.actor("chief"), at=cast.at)
    assert renamed.open_field("phone") == PHONE
    with pytest.raises(Conflict):
        enter_firm(area=cast.areas["building"], name="演示大药房", actor=cast.actor("chief"), at=cast.at)
    gone = end_firm(firm_id=firm.pk, actor=cast.actor("chief"), at=cast.at)
    assert (gone.contact_sealed, gone.phone_sealed) == ("", "")
    with pytest.raises(InputRefused, match="不能作为"):
        enter_firm(area=cast.areas["building"], name="某店", trade="信访接待", actor=cast.actor("chief"), at=cast.at)


@pytest.mark.parametrize("key", ["chief", "desk"])
def test_the_pages_are_walked_by_phone_and_desk(cast: Cast, hydrant: Site, firm: Firm, key: str) -> None:
    browser = browser_as(cast, key)
    listed = browser.get(reverse("register:sites") + "?kind=hydrant&due=1").content.decode()
    assert "东侧消火栓" in listed
    assert "东侧消火栓" not in browser.get(reverse("register:sites") + "?kind=lift").content.decode()
    points = browser.get(reverse("register:site_points")).json()["features"]
    assert [point["geometry"]["coordinates"] for point in points] == [[123.77, 41.3]]
    assert "演示药店" in browser.get(reverse("register:site", args=[hydrant.uid])).content.decode()
    firms = browser.get(reverse("register:firms")).content.decode()
    assert ("演示药店" in firms, PHONE in firms) == (True, False)
    shown = browser.post(reverse("register:firm_reveal", args=[firm.uid]), {"reason": "检查设施"}).content.decode()
    assert PHONE in shown
    for name, uid in (("site_change", hydrant.uid), ("site_check", hydrant.uid), ("firm_change", firm.uid)):
        assert browser.get(reverse(f"register:{name}", args=[uid])).status_code == 200, name


def test_a_site_is_entered_with_a_position_of_any_datum_and_checked_on_its_pages(cast: Cast, firm: Firm) -> None:
    browser = browser_as(cast, "chief")
    form = {
        "entry_id": str(uuid.uuid4()), "area": str(cast.areas["building"].pk), "kind": "lift", "name": "2单元电梯",
        "keeper_unit": str(cast.units["property_unit"].pk), "keeper_firm": "", "check_days": "15",
        "lat": "41.302", "lon": "123.776", "datum": "gcj02",
    }  # fmt: skip
    assert [browser.post(reverse("register:site_add"), form).status_code for _ in range(2)] == [302, 302]
    site = Site.objects.get()
    assert (site.keeper, site.check_days) == ("演示安居物业", 15)
    assert site.latitude is not None
    assert 0 < abs(site.latitude - 41.302) < 0.01
    both = {**form, "entry_id": str(uuid.uuid4()), "keeper_firm": str(firm.pk)}
    refused = browser.post(reverse("register:site_add"), both)
    assert (refused.status_code, "只选一个" in refused.content.decode()) == (400, True)
    strange = {**form, "entry_id": str(uuid.uuid4()), "area": str(cast.areas["next_building"].pk)}
    assert browser.post(reverse("register:site_add"), strange).status_code == 400
    check = {"entry_id": str(uuid.uuid4()), "words": "正常"}
    assert browser.post(reverse("register:site_check", args=[site.uid]), check).status_code == 302
    site.refresh_from_db()
    assert site.checked_on == clock.local_date(clock.now())
    change = {**form, "entry_id": str(uuid.uuid4()), "name": "2单元客梯", "lat": "", "lon": ""}
    assert browser.post(reverse("register:site_change", args=[site.uid]), change).status_code == 302
    assert browser.post(reverse("register:site_end", args=[site.uid])).status_code == 302
    firm_form = {"entry_id": str(uuid.uuid4()), "area": form["area"], "name": "演示理发", "phone": PHONE}
    assert browser.post(reverse("register:firm_add"), firm_form).status_code == 302
    assert browser.post(reverse("register:firm_end", args=[firm.uid])).status_code == 302


def test_what_is_due_stands_in_the_notebook(cast: Cast, hydrant: Site) -> None:
    Site.objects.update(check_due_on=date(2026, 3, 1))
    page = browser_as(cast, "chief").get(reverse("register:notebook")).content.decode()
    assert ("检查 东侧消火栓" in page, "应在3月1日检查" in page) == (True, True)
