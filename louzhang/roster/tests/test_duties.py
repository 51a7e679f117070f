"""职责 and 遇到…怎么办: the preset, another wording with its history, whom to call, the card, the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from louzhang.areas.models import Unit
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.cards import make_card
from louzhang.roster.actions.duties import DutyDraft, add_duty, change_duty, end_duty, lay_down_duties
from louzhang.roster.actions.guides import GuideDraft, change_guide, end_guide, lay_down_guides, write_guide
from louzhang.roster.models.duties import Callee, Duty, DutyClass, Guide, Proof
from louzhang.roster.queries.duties import SEEN_AT, duties_of, history_of, lines_on_card, own_duties
from louzhang.roster.queries.guides import contacts_for, found_in, guide_by_key, guides_for, places_of
from louzhang.roster.tests.training_scene import everybody
from tests.cast import browser_as, make_cast

KEEPER = "system_admin"


@pytest.fixture
def cast(db):
    made = make_cast()
    lay_down_duties(actor=SYSTEM, at=made.at)
    lay_down_guides(actor=SYSTEM, at=made.at)
    return made


def draft(**changes):
    said = {"title": "水管爆了", "steps": ["关总阀", "叫物业"], "callees": ["property"], "never": ""}
    return GuideDraft(**(said | changes))


def test_the_preset_has_three_classes_with_nineteen_duties_and_is_laid_down_once(cast):
    assert (DutyClass.objects.count(), Duty.objects.count(), Guide.objects.count()) == (3, 19, 8)
    assert lay_down_duties(actor=SYSTEM, at=cast.at) == 0
    assert lay_down_guides(actor=SYSTEM, at=cast.at) == 0
    names = {duty.duty_class.name for duty in duties_of(Role.CHIEF)}
    assert names == {"政策宣讲带头人", "睦邻友好守护人", "服务民生贴心人"}
    assert len(duties_of(Role.CHIEF)) == 19
    assert len(duties_of(Role.GRID_WORKER)) == 4
    assert prove_journal().chains


def test_every_duty_names_a_page_that_shows_it_by_itself(cast):
    assert set(SEEN_AT) == set(Proof.values)
    for name in SEEN_AT.values():
        try:
            reverse(name)
        except NoReverseMatch:
            pytest.fail(f"{name} is no page")
    urls = {shown.url for group in own_duties(cast.actor("chief")) for shown in group.shown}
    assert "" not in urls
    assert own_duties(cast.actor("desk")) == []


def test_each_page_that_a_duty_leads_to_opens_for_its_chief(cast):
    client = browser_as(cast, "chief")
    for group in own_duties(cast.actor("chief")):
        for shown in group.shown:
            assert client.get(shown.url).status_code == 200, shown.url


def test_the_catalogue_is_the_keepers_and_keeps_its_history(cast):
    duty = Duty.objects.get(name="认门认人")
    said = DutyDraft("认门认人", "一个月走完一遍。", ["chief"], "visits")
    for key in ("desk", "commander", "chief"):
        with pytest.raises(NotYours):
            change_duty(uid=duty.uid, draft=said, actor=cast.actor(key), at=cast.at)
    change_duty(uid=duty.uid, draft=said, actor=cast.actor(KEEPER), at=cast.at)
    change, _ = history_of("chief_duty", duty.pk)
    assert ("做什么", "走遍本楼每一户，认得人，留得住联系的办法。", "一个月走完一遍。") in change.differences
    with pytest.raises(Conflict, match="同名"):
        add_duty(class_uid=duty.duty_class.uid, draft=said, actor=cast.actor(KEEPER), at=cast.at)
    with pytest.raises(InputRefused):
        add_duty(
            class_uid=duty.duty_class.uid, draft=DutyDraft("盯重点人员", "盯住。", ["chief"], "visits"),
            actor=cast.actor(KEEPER), at=cast.at,
        )  # fmt: skip
    end_duty(uid=duty.uid, actor=cast.actor(KEEPER), at=cast.at)
    assert len(duties_of(Role.CHIEF)) == 18
    with pytest.raises(NotThere):
        end_duty(uid=duty.uid, actor=cast.actor(KEEPER), at=cast.at)


def test_the_duties_stand_on_the_contact_card_and_on_its_print(cast):
    card = make_card(post_id=cast.posts["chief"].pk, actor=cast.actor("chief"), at=cast.at)
    assert len(lines_on_card(Role.CHIEF)) == 3
    public = browser_as(cast).get(reverse("cards:card", args=[card.uid])).content.decode()
    printed = browser_as(cast, "chief").get(reverse("register:card_print", args=[card.post_id])).content.decode()
    for page in (public, printed):
        assert "睦邻友好守护人：认门认人" in page


def test_a_street_words_a_page_its_own_way_for_itself_alone(cast):
    street = cast.actor("street")
    own = write_guide(
        area=cast.areas["street"], key="burst-pipe", draft=draft(steps=["先关街边的阀"]), actor=street, at=cast.at
    )
    assert guide_by_key(cast.actor("chief"), "burst-pipe") == own
    assert guide_by_key(cast.actor("stranger_chief"), "burst-pipe").steps[0].startswith("先关总阀")
    assert len(guides_for(cast.actor("chief"))) == 8
    for key in ("desk", "chief", "stranger_street"):
        with pytest.raises((NotYours, NotThere)):
            change_guide(uid=own.uid, draft=draft(), actor=cast.actor(key), at=cast.at)
    with pytest.raises(NotYours):
        write_guide(area=cast.areas["community"], draft=draft(title="别的"), actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict):
        write_guide(area=cast.areas["street"], key="burst-pipe", draft=draft(), actor=street, at=cast.at)
    end_guide(uid=own.uid, actor=street, at=cast.at)
    assert guide_by_key(cast.actor("chief"), "burst-pipe").steps[0].startswith("先关总阀")


def test_pages_are_seen_by_those_with_posts_and_by_keepers(cast):
    seen = {key for key, actor in everybody(cast).items() if Guide.objects.visible_to(actor).exists()}
    assert seen == {
        "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "street", "commander",
        "stranger_desk", "stranger_street", "stranger_chief", "system_admin", "security_admin", "audit_admin",
    }  # fmt: skip
    with pytest.raises(TypeError):
        Guide.objects.visible_to(None)  # type: ignore[arg-type]  # None is what is tried


def test_a_page_stays_short_enough_to_be_read_in_a_hurry(cast):
    changes: list[dict[str, Any]] = [
        {"steps": []}, {"steps": ["一步"] * 9}, {"steps": ["长" * 81]}, {"callees": []}, {"title": " "},
    ]  # fmt: skip
    for wrong in changes:
        with pytest.raises(InputRefused):
            write_guide(area=cast.areas["street"], draft=draft(**wrong), actor=cast.actor("street"), at=cast.at)


def test_words_of_the_steps_find_a_page(cast):
    rows = guides_for(cast.actor("chief"))
    assert [guide.key for guide in found_in(rows, "煤气")] == ["gas"]
    assert {guide.key for guide in found_in(rows, "电梯")} >= {"lift"}
    assert found_in(rows, "外星人") == []


def phones(cast, key, *kinds):
    actor = cast.actor(key)
    return {(each.kind, each.phone) for each in contacts_for(kinds, places_of(actor), cast.at)}


def test_whom_to_call_are_those_of_the_own_place(cast):
    Unit.objects.filter(pk=cast.units["property_unit"].pk).update(phone="02885550001")
    Unit.objects.filter(pk=cast.units["other_property_unit"].pk).update(phone="02885550002")
    Unit.objects.filter(pk=cast.units["community_office"].pk).update(phone="02885550003")
    kinds = (Callee.FIRE, Callee.PROPERTY, Callee.COMMUNITY, Callee.GRID_WORKER)
    assert phones(cast, "chief", *kinds) == {
        ("fire", "119"), ("property", "02885550001"), ("community", "02885550003"), ("grid_worker", ""),
    }  # fmt: skip
    assert ("property", "02885550002") in phones(cast, "stranger_chief", *kinds)
    make_card(post_id=cast.posts["grid_worker"].pk, phone="13911112222", actor=cast.actor("grid_worker"), at=cast.at)
    assert ("grid_worker", "13911112222") in phones(cast, "chief", *kinds)


def test_who_works_in_several_places_reads_whom_to_call_in_each(cast):
    Unit.objects.filter(pk=cast.units["property_unit"].pk).update(phone="02885550001")
    Unit.objects.filter(pk=cast.units["other_property_unit"].pk).update(phone="02885550002")
    here, there = cast.areas["building"], cast.areas["other_building"]
    kinds = (Callee.FIRE, Callee.PROPERTY)
    found = [(each.phone, each.place) for each in contacts_for(kinds, [here, there], cast.at)]
    assert found == [("119", ""), ("02885550001", here.name), ("02885550002", there.name)]
    same = [(each.phone, each.place) for each in contacts_for(kinds, [here, cast.areas["stairwell"]], cast.at)]
    assert same == [("119", ""), ("02885550001", "")], "who is the same in both stands once"


def test_the_pages_open_and_a_blank_copy_names_nobody(cast):
    Unit.objects.filter(pk=cast.units["property_unit"].pk).update(phone="02885550001")
    client = browser_as(cast, "chief")
    listed = client.get(reverse("post_duties:guides"))
    assert "闻到煤气味" in listed.content.decode()
    url = reverse("post_duties:guide", args=["burst-pipe"])
    page = client.get(url).content.decode()
    assert "02885550001" in page
    blank = client.get(f"{url}?blank=1").content.decode()
    assert "关总阀" in blank
    for words in ("02885550001", "演示网格员", "演示安居物业"):
        assert words not in blank
    for size in ("a4", "a6"):
        assert client.get(reverse("post_duties:guide_print", args=["burst-pipe"]), {"size": size}).status_code == 200
    assert client.get(reverse("post_duties:guide", args=["none"])).status_code == 404
    worker = client.get(reverse("shell:worker")).content.decode()
    assert url in worker
    pocket = client.get(reverse("shell:pocket")).content.decode()
    assert "02885550001" in pocket


def test_the_pocket_carries_no_number_of_a_person(cast):
    make_card(post_id=cast.posts["grid_worker"].pk, phone="13911112222", actor=cast.actor("grid_worker"), at=cast.at)
    assert "13911112222" not in browser_as(cast, "chief").get(reverse("shell:pocket")).content.decode()
    printed = browser_as(cast, "chief").get(reverse("post_duties:guide_print", args=["no-answer"]))
    assert "13911112222" not in printed.content.decode()


def test_two_taps_from_the_first_page_lead_to_what_to_do(cast):
    client = browser_as(cast, "chief")
    first = client.get(reverse("field:today")).content.decode()
    listed = reverse("post_duties:guides")
    assert listed in first
    assert reverse("post_duties:guide", args=["fire"]) in client.get(listed).content.decode()


def test_the_street_and_the_keeper_change_pages_in_the_settings(cast):
    page = browser_as(cast, "street").get(reverse("post_duties:catalogue")).content.decode()
    assert "本街道另写一份" in page
    model = Guide.objects.get(key="fire")
    add = f"{reverse('post_duties:guide_add')}?instead={model.uid}"
    sent = {"title": "着火了", "steps": "打119\n走楼梯", "never": "", "callees": ["fire"], "area": ""}
    assert browser_as(cast, "street").post(add, sent).status_code == 302
    assert guide_by_key(cast.actor("chief"), "fire").steps == ["打119", "走楼梯"]
    keeper = browser_as(cast, KEEPER)
    duty = Duty.objects.get(name="听需求")
    url = reverse("post_duties:duty", args=[duty.uid])
    assert keeper.get(url).status_code == 200
    sent = {"name": "听需求", "words": "问一句。", "roles": ["chief"], "proof": "notebook"}
    assert keeper.post(url, sent).status_code == 302
    assert "原来" in keeper.get(url).content.decode()
    assert browser_as(cast, "desk").get(url).status_code == 403
