"""What somebody could try in order to learn of a matter that is not theirs, or of who reported it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from louzhang.accounts import cookies
from louzhang.areas.actions import appoint_post, end_post, end_unit, name_stand_in
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Reveal
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.kit import clock
from louzhang.kit.handles import handle_of
from louzhang.workorders import actions
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.models import AnswerWay, WorkOrder
from louzhang.workorders.queries import Filters, find_order, list_orders, phone_handle
from louzhang.workorders.queries.addressees import addressees
from louzhang.workorders.views.filtering import PURPOSE

PHONE = "13911112222"


@pytest.fixture
def about_the_desk(cast, report):
    """A complaint about somebody at the community's desk: it lies with the street."""
    target = Target(user_id=cast.people["desk"].pk, area=cast.areas["community"], role="office_staff")
    return report(category=cast.categories["complaint"], target=target, phone=PHONE, name="王小芳").order


@pytest.fixture
def about_the_chief(cast, report):
    target = Target(user_id=cast.people["chief"].pk, area=cast.areas["building"], role="chief")
    return report(category=cast.categories["complaint"], target=target, phone=PHONE, name="王小芳").order


def sees(cast, person, order, at=None):
    return WorkOrder.objects.visible_to(cast.actor(person, at)).filter(pk=order.pk).exists()


def of_number(cast, person):
    actor = cast.actor(person)
    return [order.number for order in list_orders(actor, Filters(phone=phone_handle(PHONE, actor)))]


def test_a_search_by_number_finds_only_orders_whose_contact_one_may_know(cast, report, do):
    order = report(phone=PHONE).order
    assert of_number(cast, "desk") == of_number(cast, "street") == [order.number]
    for keeper in ("chief", "stairwell_head", "grid_worker", "grid_lead"):
        assert sees(cast, keeper, order)
        assert of_number(cast, keeper) == []
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    assert of_number(cast, "property") == [order.number]
    do(order, "send_back", "property", reason="不归我们")
    assert sees(cast, "property", order)
    assert of_number(cast, "property") == []


def test_a_number_typed_among_words_does_not_reach_the_address(cast, sign_in):
    answer = sign_in("desk").post(reverse("desk:find"), {"q": f"王小芳 {PHONE} 漏水"})
    assert PHONE not in answer["Location"]
    assert "phone=" in answer["Location"]


def test_a_complaint_about_the_desk_is_not_given_back_to_the_desk(cast, about_the_desk, do):
    do(about_the_desk, "accept", "street")
    with pytest.raises(InputRefused, match="上一级"):
        do(about_the_desk, "dispatch", "street", unit=cast.units["community_office"])
    found = {found.unit for found in addressees(WorkOrder.objects.get(pk=about_the_desk.pk), "", cast.at)}
    assert cast.units["street_office"] in found
    assert cast.units["community_office"] not in found


def test_a_complaint_is_given_neither_to_the_accused_nor_to_the_accused_unit(cast, about_the_chief, report, do):
    do(about_the_chief, "accept", "desk")
    with pytest.raises(InputRefused, match="投诉的就是这位"):
        do(about_the_chief, "dispatch", "desk", unit=cast.units["community_office"], seat=cast.posts["chief"])
    firm = report(category=cast.categories["complaint"], target=Target(unit=cast.units["property_unit"])).order
    do(firm, "accept", "desk")
    with pytest.raises(InputRefused, match="投诉的就是这个单位"):
        do(firm, "dispatch", "desk", unit=cast.units["property_unit"])


def test_a_complaint_about_a_member_is_not_given_to_the_members_unit(cast, report, do, sign_in):
    target = Target(user_id=cast.people["property"].pk, works_in=cast.units["property_unit"])
    order = report(category=cast.categories["complaint"], target=target).order
    do(order, "accept", "desk")
    with pytest.raises(InputRefused, match=r"在“演示安居物业”任职.*请交给彩虹社区") as refused:
        do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    assert refused.value.field == "unit"
    order.refresh_from_db()
    assert (order.status, order.involved_unit_ids) == ("accepted", [])
    for words in ("", "安居物业"):
        found = {found.unit for found in addressees(order, words, cast.at)}
        assert cast.units["property_unit"] not in found
    sent = {"unit": str(cast.units["property_unit"].pk), "entry_id": str(uuid.uuid4())}
    page = sign_in("desk").post(reverse("desk:act", args=[order.number, "dispatch"]), sent)
    assert page.status_code == 400
    assert "不能交给他的同事办理" in page.content.decode()
    do(order, "dispatch", "desk", unit=cast.units["department_unit"])


def test_a_complaint_about_a_chief_is_not_given_to_the_company_the_chief_works_for(cast, about_the_chief, do):
    member: dict[str, Any] = {"role": cast.posts["property"].role, "unit": cast.units["property_unit"]}
    appoint_post(user=cast.people["chief"], kind="paid", actor=SYSTEM, at=cast.at, **member)
    do(about_the_chief, "accept", "desk")
    with pytest.raises(InputRefused, match="任职"):
        do(about_the_chief, "dispatch", "desk", unit=cast.units["property_unit"])
    do(about_the_chief, "dispatch", "desk", unit=cast.units["community_office"])


def test_a_complaint_about_a_seat_follows_whoever_sits_there_now(cast, about_the_chief, do, later):
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=later(1))
    seat: dict[str, Any] = {"role": cast.posts["chief"].role, "area": cast.areas["building"]}
    appoint_post(user=cast.people["street"], kind="posted", actor=SYSTEM, at=later(1), **seat)
    do(about_the_chief, "accept", "desk", hours=25)
    with pytest.raises(InputRefused, match="请交给彩虹社区"):
        do(about_the_chief, "dispatch", "desk", hours=25, unit=cast.units["street_office"])


def test_a_complaint_moved_to_another_place_stays_with_its_desk_and_hidden(cast, about_the_desk, do):
    for place in ("stairwell", "community", "next_community", "other_building"):
        do(about_the_desk, "relocate", "street", area=cast.areas[place])
        moved = WorkOrder.objects.get(pk=about_the_desk.pk)
        assert moved.desk_area == cast.areas["street"]
        assert not any(sees(cast, person, moved) for person in ("desk", "secretary", "chief", "stranger_desk"))


def test_complaints_and_other_matters_do_not_become_each_other(cast, about_the_chief, report, do):
    with pytest.raises(InputRefused, match="不能互改"):
        do(about_the_chief, "recategorise", "desk", category=cast.categories["leak"])
    with pytest.raises(InputRefused, match="不能互改"):
        do(report().order, "recategorise", "desk", category=cast.categories["complaint"])


def test_a_guarded_matter_stays_guarded_whatever_it_is_called(cast, report, do):
    order = report(category=cast.categories["guarded"]).order
    do(order, "recategorise", "desk", category=cast.categories["leak"])
    assert not sees(cast, "chief", order)
    assert not sees(cast, "grid_worker", order)


def test_what_becomes_guarded_is_taken_from_the_chief_who_held_it(cast, report, do):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["community_office"], seat=cast.posts["chief"])
    do(order, "take", "chief")
    do(order, "recategorise", "desk", category=cast.categories["guarded"])
    assert not sees(cast, "chief", order)
    with pytest.raises(NotThere):
        do(order, "settle", "chief", note="办好了")
    do(order, "settle", "desk", note="已联系派出所")


def test_nobody_in_the_field_settles_a_complaint_or_a_guarded_matter(cast, about_the_chief, report, do):
    guarded = report(category=cast.categories["guarded"]).order
    for person in ("chief", "next_chief", "stairwell_head", "grid_worker", "grid_lead"):
        for order in (about_the_chief, guarded):
            with pytest.raises(NotThere):
                do(order, "settle_on_spot", person, note="办好了")


def test_whoever_left_the_unit_holds_nothing_of_it(cast, report, do, later):
    order = report(phone=PHONE).order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"], seat=cast.posts["property"])
    do(order, "take", "property")
    end_post(post=cast.posts["property"], actor=SYSTEM, at=cast.at)
    assert not sees(cast, "property", order, later(2))
    with pytest.raises(NotThere):
        do(order, "settle", "property", hours=2, note="办好了")
    voice = order.reports.get()
    with pytest.raises(NotThere):
        actions.reveal_contact(
            report_id=voice.pk, what="phone", reason="核实", actor=cast.actor("property", later(2)), at=later(2)
        )
    assert not Reveal.objects.exists()


def test_somebody_of_an_office_below_holds_what_the_street_gave_them(cast, report, do):
    order = report().order
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["street_office"], seat=cast.posts["secretary"])
    do(order, "take", "secretary")
    held, seen = (find_order(cast.actor(person), order.number) for person in ("secretary", "desk"))
    assert held is not None
    assert seen is not None
    assert "holder" in held.relations_now
    assert "holder" not in seen.relations_now


def test_an_ended_unit_sees_nothing_and_gets_nothing(cast, report, do, later):
    held, new = report().order, report().order
    for order in (held, new):
        do(order, "accept", "desk")
    do(held, "dispatch", "desk", unit=cast.units["property_unit"])
    end_post(post=cast.posts["property"], actor=SYSTEM, at=cast.at)
    end_unit(unit=cast.units["property_unit"], reason="合同到期", actor=SYSTEM, at=later(1))
    assert not sees(cast, "property", held, later(2))
    cast.units["property_unit"].refresh_from_db()
    with pytest.raises(InputRefused, match="已经停用"):
        do(new, "dispatch", "desk", hours=2, unit=cast.units["property_unit"])


def test_a_stand_in_sees_as_long_as_the_post_lasts_and_never_a_complaint_about_it(cast, report, about_the_chief, later):
    name_stand_in(post=cast.posts["chief"], stand_in=cast.people["nobody"], actor=SYSTEM, at=cast.at)
    plain = report().order
    assert sees(cast, "nobody", plain)
    assert not sees(cast, "nobody", about_the_chief)
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=later(1))
    assert not sees(cast, "nobody", plain, later(2))


def test_the_accused_learns_nothing_from_a_new_post(cast, about_the_chief, later):
    end_post(post=cast.posts["chief"], actor=SYSTEM, at=later(1))
    desk: dict[str, Any] = {"role": cast.posts["desk"].role, "area": cast.areas["community"]}
    appoint_post(user=cast.people["chief"], kind="paid", actor=SYSTEM, at=later(1), **desk)
    assert "desk" not in {r for o in WorkOrder.objects.visible_to(cast.actor("chief", later(2))) for r in [o.status]}
    assert not sees(cast, "chief", about_the_chief, later(2))


def test_no_page_or_search_of_the_accused_tells_of_the_complaint(cast, about_the_desk, sign_in):
    number, browser = about_the_desk.number, sign_in("desk")
    words = f"?found={handle_of('水管', purpose=PURPOSE)}"
    pages = ["desk:inbox", "desk:orders", "desk:points", "desk:to_tell", "command:board", "command:numbers"]
    asked = [(name, f"{reverse(name)}{query}") for name in pages for query in ("", words, f"?number={number}")]
    for name, url in asked:
        answer = browser.get(url)
        assert answer.status_code in {200, 403}, name
        shown = answer.content.decode().replace(f"?number={number}", "").replace(f'value="{number}"', "")
        assert "水管" not in shown.replace("水管”", "").replace('value="水管"', ""), url
    listed = browser.get(f"{reverse('desk:orders')}?step=open").content.decode()
    assert number not in listed
    for name in ("desk:order", "desk:print"):
        assert browser.get(reverse(name, args=[number])).status_code == 404
    for name in ("desk:units", "desk:choice", "desk:preview"):
        assert browser.post(reverse(name, args=[number]), {}).status_code == 404
    assert number not in browser.post(reverse("desk:find"), {"q": PHONE}, follow=True).content.decode()
    sent = browser.post(reverse("desk:find"), {"q": number}, follow=True)
    assert "没有" in sent.content.decode()


def test_another_phone_can_neither_rate_nor_withdraw_nor_read(cast, report, later):
    order = report().order
    tries: dict[str, dict[str, Any]] = {
        "withdraw": {},
        "rate": {"stars": 5, "solved": True},
        "comment": {"words": "我也是"},
    }
    verbs: Any = actions.VERBS
    for verb, given in tries.items():
        with pytest.raises(NotThere):
            verbs[verb](order_id=order.pk, actor=cast.other_device, at=later(1), **given)


def test_a_handler_is_no_reporter(cast, report, do):
    order = report().order
    for person in ("desk", "chief", "street"):
        with pytest.raises(NotYours):
            do(order, "withdraw", person)
        with pytest.raises((NotYours, TransitionRefused)):
            do(order, "rate", person, stars=1, solved=False)


def test_a_made_up_cookie_of_opened_codes_opens_nothing(cast, report, client):
    voice = report(cast.other_device).report
    url = reverse("phone:one", args=[voice.order.number])
    forged = [
        str(voice.pk),
        f"{voice.pk}:1:x",
        cookies.signed(cookies.VISITOR, str(voice.pk)),
        cookies.signed(cookies.DEVICE, str(voice.pk)),
    ]
    for value in forged:
        client.cookies[cookies.OPENED] = value
        assert client.get(url).status_code == 404
    client.cookies[cookies.OPENED] = cookies.signed(cookies.OPENED, str(voice.pk))
    assert client.get(url).status_code == 200


def test_whom_a_resident_may_complain_about_is_offered_with_masked_names(cast, client):
    place = {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk}
    shown = client.get(reverse("phone:about"), place | {"category": "complaint"}).content.decode()
    shown += client.post(reverse("phone:report"), place | {"category": "complaint", "step": "2"}).content.decode()
    names = [cast.people[key].name for key in ("chief", "grid_worker", "desk", "secretary")]
    assert not [name for name in names if name in shown]


def test_what_handlers_say_to_each_other_stays_among_them(cast, report, do, client):
    voice = report(cast.other_device).report
    do(voice.order, "comment", "desk", words="内部意见：先查合同")
    client.cookies[cookies.OPENED] = cookies.signed(cookies.OPENED, str(voice.pk))
    assert "内部意见" not in client.get(reverse("phone:one", args=[voice.order.number])).content.decode()


def test_a_keeper_reveals_for_a_visit_only_until_it_was_made(cast, report, do, later):
    filed = report(phone=PHONE, door="301", answer_way=AnswerWay.VISIT)
    order, voice = filed.order, filed.report

    def reveal(hours):
        at = later(hours)
        return actions.reveal_contact(
            report_id=voice.pk, what="phone", reason="约上门时间", actor=cast.actor("chief"), at=at
        )

    assert reveal(1) == PHONE
    do(order, "accept", "desk")
    do(order, "dispatch", "desk", unit=cast.units["property_unit"])
    do(order, "take", "property")
    do(order, "settle", "property", note="已修")
    do(order, "report_back", "chief", answer="当面说了")
    with pytest.raises(NotYours):
        reveal(3)


def test_a_link_to_a_photo_opens_for_nobody_else(cast, report, sign_in):
    from louzhang.journal.links import linked_attachment, signed_link
    from louzhang.journal.models import Attachment

    draft = Attachment.objects.create(
        owner_key=cast.device.owner_key, kind="photo", digest="d" * 64, suffix=".jpg", size=1, uploaded_at=cast.at
    )
    report(photos=[draft.uid])
    *_, size, hour, mark = [part for part in signed_link(draft, cast.actor("desk"), at=cast.at).split("/") if part]
    given: dict[str, Any] = {"uid": draft.uid, "size": size, "hour": int(hour), "mark": mark}
    assert linked_attachment(**given, actor=cast.actor("desk"), at=cast.at) == draft
    for actor in (cast.actor("chief"), cast.other_device, cast.actor("stranger_desk")):
        with pytest.raises(NotThere):
            linked_attachment(**given, actor=actor, at=cast.at)
    with pytest.raises(NotThere):
        linked_attachment(**given, actor=cast.actor("desk"), at=cast.at + timedelta(hours=2))


def test_a_draft_of_somebody_else_hangs_on_nothing(cast, report):
    from louzhang.journal.models import Attachment

    draft = Attachment.objects.create(
        owner_key=cast.device.owner_key, kind="photo", digest="d" * 64, suffix=".jpg", size=1, uploaded_at=clock.now()
    )
    before = WorkOrder.objects.count()
    for actor in (cast.other_device, cast.actor("resident"), cast.actor("desk")):
        with pytest.raises(InputRefused):
            report(actor, photos=[draft.uid])
    assert WorkOrder.objects.count() == before
