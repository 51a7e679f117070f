"""Honours for people without a post: a resident or a name on paper, who agrees to each step and takes it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from louzhang.journal.actions import read_new_events, reencode_attachment
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Attachment, Words
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.notices.models import Notice
from louzhang.register.actions.erasing import erase_resident
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.actions.merging import merge_residents, undo_merge
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.register.tests.lawful import bind
from louzhang.roster.actions.honours.awarding import award_honour, revoke_honour
from louzhang.roster.actions.honours.checking import check_honour, decline_honour
from louzhang.roster.actions.honours.consenting import (
    consent_to_stand,
    forget_honour,
    give_photo,
    join_wall,
    leave_wall,
    purge_ended,
    withdraw_photo,
)
from louzhang.roster.actions.honours.kinds import lay_down_honours
from louzhang.roster.actions.honours.proposing import Proposal, propose_honour
from louzhang.roster.models.honours import Bonus, Honour, HonourKind
from louzhang.roster.models.honours.honours import FORGOTTEN
from louzhang.roster.tests.pictures import upload
from tests.cast import Cast, browser_as, cast_of_now, make_cast

MARCH = date(2026, 3, 1)
LATER = timedelta(days=12)
WORDS = "半夜陪邻居去医院。"


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_kinds(actor=SYSTEM, at=made.at)
    lay_down_honours(actor=SYSTEM, at=made.at)
    return made


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return settle_in(cast)


def put_forward(cast: Cast, by: str = "desk", **changes: Any) -> Honour:
    facts: dict[str, Any] = {"kind": HonourKind.objects.get(code="good"), "area": cast.areas["community"]}
    facts |= {"words": WORDS, "month": MARCH} | changes
    return propose_honour(proposal=Proposal(**facts), actor=cast.actor(by), at=cast.at)


def awarded(cast: Cast, **changes: Any) -> Honour:
    honour = put_forward(cast, **{"has_consent": True} | changes)
    check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    return award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)


def on_wall(cast: Cast, **changes: Any) -> Honour:
    honour = awarded(cast, **changes)
    return join_wall(honour_id=honour.pk, has_paper=True, actor=cast.actor("desk"), at=cast.at + LATER)


def wall(cast: Cast) -> str:
    with time_machine.travel(cast.at + LATER, tick=False):
        return Client().get(reverse("honours:wall")).content.decode()


def test_a_resident_agrees_before_anybody_checks_and_is_masked_on_notice(cast: Cast, homes: Homes) -> None:
    honour = put_forward(cast, resident=homes.residents["mother"])
    with pytest.raises(Conflict, match="还没有同意"):
        check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(InputRefused, match="纸"):
        consent_to_stand(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at)
    consent_to_stand(honour_id=honour.pk, has_paper=True, actor=cast.actor("desk"), at=cast.at)
    check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    with time_machine.travel(cast.at, tick=False):
        shown = Client().get(reverse("honours:notice", args=[honour.uid])).content.decode()
    assert ("演示母亲" in shown, homes.residents["mother"].masked_name in shown) == (False, True)
    assert cast.areas["building"].name not in shown, "where somebody lives is told to nobody"
    prove_journal()


def test_nobody_is_named_on_the_wall_without_a_yes_of_their_own_and_no_bonus_is_owed(cast: Cast, homes: Homes) -> None:
    honour = awarded(cast, resident=homes.residents["mother"])
    assert ("演示母亲" in wall(cast), Bonus.objects.exists()) == (False, False)
    with pytest.raises(InputRefused, match="纸"):
        join_wall(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    join_wall(honour_id=honour.pk, has_paper=True, actor=cast.actor("desk"), at=cast.at + LATER)
    assert "居民 演示母亲" in wall(cast)
    leave_wall(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    assert "演示母亲" not in wall(cast)


def test_who_is_not_in_the_register_is_named_from_a_signed_paper_and_sealed(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="签字"):
        put_forward(cast, name="演示好心人")
    honour = on_wall(cast, name="演示 好心人", has_consent=True)
    assert "演示 好心人" in wall(cast)
    assert "好心人" not in Honour.objects.values_list("name_sealed", flat=True).get()
    forget_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    honour = Honour.objects.get()
    assert (honour.status, honour.name_sealed, honour.whole_name) == ("awarded", "", FORGOTTEN)
    assert not Words.objects.filter(subject_kind="honour", erased_at=None).exists()
    assert "好心人" not in wall(cast)
    prove_journal()


def test_only_who_keeps_the_register_there_puts_a_resident_forward(cast: Cast, homes: Homes) -> None:
    stranger = homes.residents["stranger"]
    with pytest.raises(NotThere):
        put_forward(cast, resident=stranger)
    for key in ("street", "commander"):
        with pytest.raises((NotThere, NotYours)):
            put_forward(cast, by=key, resident=homes.residents["mother"])
    with pytest.raises(NotYours):
        put_forward(cast, by="stranger_desk", resident=stranger)
    with pytest.raises(InputRefused, match="没有任职的居民"):
        put_forward(cast, kind=HonourKind.objects.get(code="month"), resident=homes.residents["mother"])
    put_forward(cast, resident=homes.residents["mother"])
    with pytest.raises(Conflict, match="已经推荐过"):
        put_forward(cast, by="secretary", resident=homes.residents["mother"])


def test_a_confirmed_resident_says_yes_and_takes_it_back_on_the_own_phone(cast: Cast, homes: Homes) -> None:
    father = homes.residents["father"]
    bind(cast, father, cast.actor("resident"))
    honour = put_forward(cast, resident=father)
    with time_machine.travel(cast.at, tick=False):
        phone, other = browser_as(cast, "resident", at=cast.at), browser_as(cast, "nobody", at=cast.at)
        assert "社区想推荐您" in phone.get(reverse("honours:mine")).content.decode()
        assert "我的荣誉" in phone.get(reverse("own:home")).content.decode()
        assert other.get(reverse("honours:mine")).status_code == 404
        tap = reverse("honours:tap_wall", args=[honour.uid, "consent"])
        assert other.post(tap).status_code == 404
        assert phone.post(tap).status_code == 302
    check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    with time_machine.travel(cast.at + LATER, tick=False):
        phone = browser_as(cast, "resident", at=cast.at + LATER)
        assert phone.get(reverse("honours:certificate", args=[honour.uid])).status_code == 200
        phone.post(reverse("honours:tap_wall", args=[honour.uid, "join"]))
        assert "演示父亲" in wall(cast)
        phone.post(reverse("honours:tap_wall", args=[honour.uid, "forget"]))
        assert "演示父亲" not in wall(cast)


def test_nobody_decides_about_themselves_as_a_resident_either(cast: Cast, homes: Homes) -> None:
    bind(cast, homes.residents["father"], cast.actor("secretary"))
    honour = put_forward(cast, resident=homes.residents["father"], has_consent=True)
    with pytest.raises(NotYours, match="给您自己"):
        check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(NotYours, match="不能推荐自己"):
        put_forward(cast, by="secretary", resident=homes.residents["father"])


def test_an_honour_follows_two_entries_that_are_one_person_and_comes_back(cast: Cast, homes: Homes) -> None:
    gone, kept = homes.residents["tenant"], homes.residents["mother"]
    honour = on_wall(cast, resident=gone)
    merge = merge_residents(resident_id=gone.pk, into_id=kept.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    assert Honour.objects.get().resident == kept
    assert "演示母亲" in wall(cast)
    undo_merge(merge_id=merge.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    honour.refresh_from_db()
    assert honour.resident == gone


def test_erasing_a_person_takes_the_name_away_and_ends_what_was_under_way(cast: Cast, homes: Homes) -> None:
    given = on_wall(cast, resident=homes.residents["mother"])
    waiting = put_forward(cast, resident=homes.residents["mother"], month=date(2026, 2, 1), has_consent=True)
    erase_resident(resident_id=homes.residents["mother"].pk, actor=cast.actor("desk"), at=cast.at + LATER)
    rows = {row.pk: row for row in Honour.objects.all()}
    assert [(rows[each.pk].status, rows[each.pk].resident_id) for each in (given, waiting)] == [
        ("awarded", None),
        ("withdrawn", None),
    ]
    assert "演示母亲" not in wall(cast)
    assert not Words.objects.filter(subject_kind="honour", erased_at=None).exists()
    with time_machine.travel(cast.at + LATER, tick=False):
        desk = browser_as(cast, "desk", at=cast.at + LATER)
        assert FORGOTTEN in desk.get(reverse("honours:one", args=[given.uid])).content.decode()
    prove_journal()


def test_who_was_not_given_anything_is_forgotten_half_a_year_later(cast: Cast, homes: Homes) -> None:
    honour = put_forward(cast, name="演示好心人", has_consent=True)
    decline_honour(honour_id=honour.pk, reason="材料不够。", actor=cast.actor("desk"), at=cast.at)
    after = cast.at + timedelta(days=181)
    assert purge_ended(before=cast.at - LATER, at=after) == 0
    assert [purge_ended(before=after, at=after) for _ in range(2)] == [1, 0]
    assert (Honour.objects.get().name_sealed, Honour.objects.get().whole_name) == ("", FORGOTTEN)


def test_a_photo_is_shown_by_consent_re_encoded_and_gone_with_one_tap(cast: Cast) -> None:
    desk, at = cast.actor("desk"), cast.at + LATER
    honour = awarded(cast, post=cast.posts["chief"], has_consent=False)
    photo = UUID(upload(cast.actor("chief"), at))
    with pytest.raises(Conflict, match="同意上光荣榜以后"):
        give_photo(honour_id=honour.pk, photos=[photo], actor=cast.actor("chief"), at=at)
    join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=at)
    give_photo(honour_id=honour.pk, photos=[photo], actor=cast.actor("chief"), at=at)
    assert "<img" not in wall(cast), "nothing is shown before it is re-encoded"
    reencode_attachment(attachment_id=Attachment.objects.get().pk, at=at)
    shown = wall(cast)
    assert 'alt="楼长 演示楼长的照片"' in shown
    link = shown.split('class="lz-portrait" src="')[1].split('"')[0]
    with time_machine.travel(at, tick=False):
        answer: Any = Client().get(link)
        assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"\xff\xd8")
        assert browser_as(cast, "nobody", at=at).get(link).status_code == 404, "the address is good for one reader"
        leave_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=at)
        assert Client().get(link).status_code == 410
    join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=at)
    assert "<img" not in wall(cast), "the yes to a photo went with the yes to the wall"
    with pytest.raises(InputRefused, match="纸"):
        give_photo(honour_id=honour.pk, photos=[UUID(upload(desk, at, "blue"))], actor=desk, at=at)
    prove_journal()


def test_a_second_photo_takes_the_place_of_the_first_which_is_erased(cast: Cast) -> None:
    at, honour = cast.at + LATER, on_wall(cast, name="演示好心人", has_consent=True)
    for colour in ("red", "blue"):
        uid = UUID(upload(cast.actor("desk"), at, colour))
        give_photo(honour_id=honour.pk, photos=[uid], has_paper=True, actor=cast.actor("desk"), at=at)
    assert list(Attachment.objects.order_by("pk").values_list("stage", flat=True)) == ["erased", "received"]
    withdraw_photo(honour_id=honour.pk, actor=cast.actor("desk"), at=at)
    assert set(Attachment.objects.values_list("stage", flat=True)) == {"erased"}
    revoke_honour(honour_id=honour.pk, reason="查实不是他。", actor=cast.actor("desk"), at=at)
    prove_journal()


def test_the_database_keeps_no_photo_of_somebody_who_is_not_on_the_wall(cast: Cast) -> None:
    honour = on_wall(cast, name="演示好心人", has_consent=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.filter(pk=honour.pk).update(photo_uid=honour.uid, on_wall_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.filter(pk=honour.pk).update(consented_on=None)


def test_the_office_does_it_on_its_pages_from_the_entry_to_the_photo(cast: Cast, homes: Homes) -> None:
    mother = homes.residents["mother"]
    with time_machine.travel(cast.at, tick=False):
        desk = browser_as(cast, "desk", at=cast.at)
        assert "推荐荣誉" in desk.get(reverse("register:resident", args=[mother.uid])).content.decode()
        url = reverse("honours:new_resident", args=[mother.uid])
        assert desk.get(url).status_code == 200
        assert browser_as(cast, "stranger_desk", at=cast.at).get(url).status_code == 404
        assert desk.post(url, {"words": WORDS, "month": "2026-03"}).status_code == 302
        honour = Honour.objects.get()
        page = desk.get(reverse("honours:one", args=[honour.uid])).content.decode()
        assert ("本人还没有同意" in page, "演示母亲" in page) == (True, True)
        assert desk.post(reverse("honours:move", args=[honour.uid, "consent"]), {"has_paper": "on"}).status_code == 302
        seat = f"{cast.areas['community'].pk}:{honour.kind.uid}"
        assert "按签了字的纸写名字" in desk.get(reverse("honours:new"), {"seat": seat}).content.decode()
        by_name = f"{reverse('honours:new_name')}?seat={seat}"
        assert desk.get(by_name).status_code == 200
        refused = desk.post(by_name, {"words": WORDS, "month": "2026-03", "name": "演示好心人"})
        assert (refused.status_code, "演示好心人" in refused.content.decode()) == (400, True)
    joined = on_wall(cast, name="演示好心人", has_consent=True)
    with time_machine.travel(cast.at + LATER, tick=False):
        desk = browser_as(cast, "desk", at=cast.at + LATER)
        picker = reverse("honours:photo", args=[joined.uid])
        assert desk.get(picker).status_code == 200
        chosen = upload(cast.actor("desk"), cast.at + LATER)
        assert desk.post(picker, {"photos": chosen}).status_code == 400, "the paper is asked for"
        assert desk.post(picker, {"photos": chosen, "has_paper": "on"}).status_code == 302


def test_a_resident_is_told_on_the_phone_and_asked_before_anything_is_shown(db: None) -> None:
    cast = cast_of_now()
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    lay_down_honours(actor=SYSTEM, at=cast.at)
    father = settle_in(cast).residents["father"]
    bind(cast, father, cast.actor("resident"))
    put_forward(cast, resident=father, month=clock.local_date(cast.at).replace(day=1))
    while read_new_events(at=clock.now()):
        pass
    told = Notice.objects.filter(user=cast.people["resident"]).values_list("title", flat=True)
    assert "社区想推荐您为“社区好人”，请看同不同意" in told
