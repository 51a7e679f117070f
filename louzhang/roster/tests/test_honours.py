"""Honours: put forward, checked by another, on notice, awarded, taken back; bonuses ticked off by two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from louzhang.areas.models import PostKind
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event, Reveal
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.roster.actions.honours.awarding import award_flags, award_honour, revoke_honour
from louzhang.roster.actions.honours.bonuses import keep_account, reveal_account, tick_bonus, untick_bonus
from louzhang.roster.actions.honours.checking import (
    answer_objection,
    check_honour,
    decline_honour,
    object_to_honour,
    withdraw_honour,
)
from louzhang.roster.actions.honours.consenting import join_wall, leave_wall
from louzhang.roster.actions.honours.kinds import KindDraft, add_kind, change_kind, end_kind, lay_down_honours
from louzhang.roster.actions.honours.letters import agree_to_letter, rewrite_letter, take_back_letter, write_letter
from louzhang.roster.actions.honours.proposing import (
    Proposal,
    propose_as_resident,
    propose_flags,
    propose_honour,
)
from louzhang.roster.models.honours import Bonus, Flag, Honour, HonourKind, Letter
from louzhang.roster.queries.honours import flag_history, flags_now, honours_of
from tests.cast import Cast, make_cast

MARCH = date(2026, 3, 1)
LATER = timedelta(days=12)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    lay_down_honours(actor=SYSTEM, at=made.at)
    return made


def kind(code: str) -> HonourKind:
    return HonourKind.objects.get(code=code)


def proposed(cast: Cast, code: str = "month", by: str = "desk", whom: str = "chief", **changes: Any) -> Honour:
    facts: dict[str, Any] = {"kind": kind(code), "area": cast.areas["community"], "words": "大雪天逐户敲门送菜。"}
    facts |= {"month": MARCH, "post": cast.posts[whom]} | changes
    return propose_honour(proposal=Proposal(**facts), actor=cast.actor(by), at=cast.at)


def checked(cast: Cast, honour: Honour, by: str = "secretary") -> Honour:
    return check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor(by), at=cast.at)


def awarded(cast: Cast, **changes: Any) -> Honour:
    honour = checked(cast, proposed(cast, **changes))
    return award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)


def test_an_honour_goes_from_proposal_over_check_and_notice_to_its_award(cast: Cast) -> None:
    honour = checked(cast, proposed(cast))
    assert (honour.status, honour.notice_from, honour.notice_until) == ("notice", date(2026, 3, 2), date(2026, 3, 5))
    with pytest.raises(Conflict, match="过了这一天"):
        award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at)
    award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    found = honours_of(cast.people["chief"])
    assert [(each.name, each.time, each.words) for each in found] == [
        ("月度优秀楼长", "2026年3月", "大雪天逐户敲门送菜。")
    ]
    verbs = Event.objects.filter(subject_kind="honour", subject_id=honour.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["propose", "check", "award"]


def test_nobody_checks_what_they_proposed_or_what_is_for_themselves(cast: Cast) -> None:
    honour = proposed(cast)
    with pytest.raises(NotYours, match="另一个人"):
        checked(cast, honour, by="desk")
    with pytest.raises(InputRefused, match="利害关系"):
        check_honour(honour_id=honour.pk, has_no_interest=False, actor=cast.actor("secretary"), at=cast.at)
    for stranger in ("stranger_desk", "property", "resident", "next_chief"):
        with pytest.raises(NotThere):
            checked(cast, honour, by=stranger)


def test_nobody_puts_themselves_forward(cast: Cast) -> None:
    facts = Proposal(kind("good"), cast.areas["community"], "我很好。", MARCH, post=cast.posts["chief"])
    with pytest.raises(NotYours, match="不能推荐自己"):
        propose_as_resident(proposal=facts, actor=cast.actor("chief"), at=cast.at)
    for stranger in ("stranger_desk", "property", "system_admin"):
        with pytest.raises(NotYours):
            propose_honour(proposal=facts, actor=cast.actor(stranger), at=cast.at)


def test_a_resident_without_an_account_puts_a_chief_forward_by_a_sentence(cast: Cast) -> None:
    facts = Proposal(kind("good"), cast.areas["community"], "半夜陪老人去医院。", MARCH, post=cast.posts["chief"])
    honour = propose_as_resident(proposal=facts, actor=cast.device, at=cast.at)
    assert (honour.proposer_id, honour.device_hash) == (None, cast.device.device)
    withdraw_honour(honour_id=honour.pk, actor=cast.device, at=cast.at)
    with pytest.raises(NotThere):
        withdraw_honour(honour_id=honour.pk, actor=cast.other_device, at=cast.at)


def test_the_same_person_is_put_forward_once_a_month(cast: Cast) -> None:
    proposed(cast)
    with pytest.raises(Conflict, match="已经推荐过"):
        proposed(cast, by="secretary")


def test_a_kind_is_for_the_posts_it_names_and_for_places_of_its_level(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="评的是楼长"):
        proposed(cast, whom="grid_worker")
    with pytest.raises(InputRefused, match="不评这种荣誉"):
        proposed(cast, code="gold", whom="grid_worker")
    with pytest.raises(InputRefused, match="名单"):
        proposed(cast, whom="stranger_chief")
    with pytest.raises(InputRefused, match="还没有到"):
        proposed(cast, month=date(2026, 4, 1))


def test_an_objection_is_read_by_the_office_answered_and_stops_the_award_until_then(cast: Cast) -> None:
    honour = checked(cast, proposed(cast))
    objection = object_to_honour(honour_id=honour.pk, words="那天不是他。", actor=cast.device, at=cast.at)
    with pytest.raises(Conflict, match="还没有答复"):
        object_to_honour(honour_id=honour.pk, words="再说一遍。", actor=cast.device, at=cast.at)
    with pytest.raises(Conflict, match="还有意见"):
        award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    answer: dict[str, Any] = {"honour_id": honour.pk, "objection": objection.uid, "answer": "查过照片，是他。"}
    with pytest.raises(NotYours):
        answer_objection(**answer, actor=cast.actor("chief"), at=cast.at)
    answer_objection(**answer, actor=cast.actor("secretary"), at=cast.at)
    with pytest.raises(Conflict, match="已经答复"):
        answer_objection(**answer, actor=cast.actor("secretary"), at=cast.at)
    assert award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER).status == "awarded"


def test_an_objection_that_is_right_ends_in_declining(cast: Cast) -> None:
    honour = checked(cast, proposed(cast))
    objection = object_to_honour(honour_id=honour.pk, words="那天不是他。", actor=cast.actor("resident"), at=cast.at)
    answer_objection(
        honour_id=honour.pk, objection=objection.uid, answer="属实。", is_upheld=True, actor=cast.actor("secretary"),
        at=cast.at,
    )  # fmt: skip
    with pytest.raises(InputRefused, match="属实"):
        award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)
    declined = decline_honour(honour_id=honour.pk, reason="事实有误。", actor=cast.actor("desk"), at=cast.at + LATER)
    assert declined.status == "declined"


def test_after_the_notice_nobody_objects_any_more(cast: Cast) -> None:
    honour = checked(cast, proposed(cast))
    with pytest.raises(Conflict, match="公示已经结束"):
        object_to_honour(honour_id=honour.pk, words="晚了。", actor=cast.device, at=cast.at + LATER)


def test_only_volunteers_are_owed_a_bonus(cast: Cast) -> None:
    awarded(cast)
    bonus = Bonus.objects.get()
    assert (bonus.user, bonus.yuan, bonus.status) == (cast.people["chief"], 1000, "owed")
    post = cast.posts["next_chief"]
    post.kind = PostKind.POSTED
    awarded(cast, whom="next_chief", post=post)
    assert Bonus.objects.count() == 1
    told = Event.objects.filter(subject_kind="honour", verb="award").order_by("pk").last()
    assert told is not None
    assert told.payload["bonus"] == "staff"


def test_two_people_tick_a_bonus_off_and_never_its_own(cast: Cast) -> None:
    awarded(cast)
    bonus = Bonus.objects.get()
    at = cast.at + LATER
    with pytest.raises(NotYours):
        tick_bonus(bonus_id=bonus.pk, actor=cast.actor("chief"), at=at)
    with pytest.raises(NotThere):
        tick_bonus(bonus_id=bonus.pk, actor=cast.actor("stranger_desk"), at=at)
    assert tick_bonus(bonus_id=bonus.pk, actor=cast.actor("desk"), at=at).status == "ticked"
    with pytest.raises(Conflict, match="另一个人"):
        tick_bonus(bonus_id=bonus.pk, actor=cast.actor("desk"), at=at)
    untick_bonus(bonus_id=bonus.pk, actor=cast.actor("desk"), at=at)
    tick_bonus(bonus_id=bonus.pk, actor=cast.actor("desk"), at=at)
    paid = tick_bonus(bonus_id=bonus.pk, actor=cast.actor("secretary"), at=at)
    assert (paid.status, paid.paid_on) == ("paid", date(2026, 3, 14))
    with pytest.raises(TransitionRefused):
        tick_bonus(bonus_id=bonus.pk, actor=cast.actor("street"), at=at)


def test_an_account_is_shown_by_its_last_digits_and_opened_with_a_logged_reason(cast: Cast) -> None:
    awarded(cast)
    account = keep_account(number="6222 0000 1111 2222", bank="工商银行", actor=cast.actor("chief"), at=cast.at)
    assert account.masked == "**** 2222"
    assert "6222000011112222" not in account.number_sealed
    bonus = Bonus.objects.get()
    for other in ("street", "stranger_desk", "chief"):
        with pytest.raises(NotThere):
            reveal_account(bonus_id=bonus.pk, reason="发奖金", actor=cast.actor(other), at=cast.at)
    opened = reveal_account(bonus_id=bonus.pk, reason="发奖金", actor=cast.actor("desk"), at=cast.at)
    assert opened == ("6222000011112222", "工商银行")
    assert Reveal.objects.filter(subject_kind="pay_account", reason="发奖金").count() == 1
    emptied = keep_account(number="", bank="", actor=cast.actor("chief"), at=cast.at)
    assert (emptied.masked, emptied.number_sealed, emptied.bank_sealed) == ("", "", "")


def test_a_bonus_not_paid_yet_goes_with_an_honour_that_is_taken_back(cast: Cast) -> None:
    honour = awarded(cast)
    join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at + LATER)
    revoke_honour(honour_id=honour.pk, reason="查明有误。", actor=cast.actor("desk"), at=cast.at + LATER)
    assert (Bonus.objects.get().status, honours_of(cast.people["chief"])) == ("cancelled", [])
    assert not Honour.objects.on_wall().exists()


def test_the_limit_of_a_kind_holds(cast: Cast) -> None:
    draft = KindDraft("楼栋之星", most=1, notice_days=0, whom_roles=(Role.CHIEF,))
    star = add_kind(draft=draft, actor=SYSTEM, at=cast.at)
    first, second = (checked(cast, proposed(cast, kind=star, whom=whom)) for whom in ("chief", "next_chief"))
    award_honour(honour_id=first.pk, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(Conflict, match="最多 1 个"):
        award_honour(honour_id=second.pk, actor=cast.actor("desk"), at=cast.at)


def test_only_the_person_joins_the_wall_and_leaves_it(cast: Cast) -> None:
    honour = awarded(cast)
    assert not Honour.objects.on_wall().exists()
    for other in ("desk", "secretary", "commander"):
        with pytest.raises(NotYours):
            join_wall(honour_id=honour.pk, actor=cast.actor(other), at=cast.at)
    join_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at)
    assert Honour.objects.on_wall().visible_to(cast.device).count() == 1
    leave_wall(honour_id=honour.pk, actor=cast.actor("chief"), at=cast.at)
    assert not Honour.objects.visible_to(cast.device).exists()


def flags(cast: Cast, month: date, at: Any, *places: str) -> list[Honour]:
    reasons = {cast.areas[place].pk: "本月办得最好。" for place in places}
    honours = propose_flags(
        kind=kind("flag"), area=cast.areas["community"], month=month, reasons=reasons, actor=cast.actor("desk"), at=at
    )
    for honour in honours:
        check_honour(honour_id=honour.pk, has_no_interest=True, actor=cast.actor("secretary"), at=at)
    return award_flags(
        kind=kind("flag"), area=cast.areas["community"], month=month, honour_ids=[honour.pk for honour in honours],
        actor=cast.actor("desk"), at=at + LATER,
    )  # fmt: skip


def test_a_flag_stays_while_the_building_wins_and_its_whole_history_is_kept(cast: Cast) -> None:
    community, month = cast.areas["community"], timedelta(days=30)
    flags(cast, MARCH, cast.at, "building", "next_building")
    assert [flag.building.name for flag in flags_now(community)] == ["12号楼", "13号楼"]
    flags(cast, date(2026, 4, 1), cast.at + month, "building")
    assert [(flag.building.name, flag.months) for flag in flags_now(community)] == [("12号楼", 2)]
    flags(cast, date(2026, 5, 1), cast.at + 2 * month, "next_building")
    assert [flag.building.name for flag in flags_now(community)] == ["13号楼"]
    hung = [(flag.starts_on, flag.ends_on) for flag in flag_history(cast.areas["next_building"])]
    assert hung == [(date(2026, 5, 13), None), (date(2026, 3, 14), date(2026, 4, 13))]


def test_a_community_gives_no_more_than_its_flags(cast: Cast) -> None:
    flags(cast, MARCH, cast.at, "building", "next_building")
    with pytest.raises(Conflict, match="已经推荐过"):
        flags(cast, MARCH, cast.at, "building")
    reasons = dict.fromkeys([1, 2, 3], "好。")
    with pytest.raises(InputRefused, match="最多 2 栋"):
        propose_flags(
            kind=kind("flag"), area=cast.areas["community"], month=MARCH, reasons=reasons, actor=cast.actor("desk"),
            at=cast.at,
        )  # fmt: skip


def test_flags_of_an_earlier_month_are_not_given_after_a_later_one(cast: Cast) -> None:
    flags(cast, MARCH, cast.at, "building")
    with pytest.raises(InputRefused, match="后一个月"):
        flags(cast, date(2026, 2, 1), cast.at, "next_building")
    assert Flag.objects.count() == 1


def test_a_flag_is_not_given_one_by_one(cast: Cast) -> None:
    building = cast.areas["building"]
    honour = checked(cast, proposed(cast, code="flag", post=None, building=building))
    with pytest.raises(InputRefused, match="一起授予"):
        award_honour(honour_id=honour.pk, actor=cast.actor("desk"), at=cast.at + LATER)


def test_who_looks_after_a_building_does_not_decide_about_its_flag(cast: Cast) -> None:
    from louzhang.areas.actions import appoint_post

    appoint_post(
        user=cast.people["secretary"], role=Role.GRID_WORKER, area=cast.areas["grid"], kind=PostKind.PAID,
        actor=SYSTEM, at=cast.at,
    )  # fmt: skip
    honour = proposed(cast, code="flag", post=None, building=cast.areas["building"])
    with pytest.raises(NotYours, match="由您负责"):
        checked(cast, honour, by="secretary")
    assert checked(cast, honour, by="street").status == "notice"


def test_a_letter_goes_out_only_while_its_person_agrees_to_this_very_text(cast: Cast) -> None:
    facts: dict[str, Any] = {"subject": cast.people["chief"], "area": cast.areas["community"], "kind": "praise"}
    facts |= {"addressee": "市第一中学", "text": "贵校张老师业余任楼长，邻居都说好。"}
    for other in ("stranger_desk", "street", "chief", "property"):
        with pytest.raises(NotYours):
            write_letter(**facts, actor=cast.actor(other), at=cast.at)
    letter = write_letter(**facts, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotYours):
        agree_to_letter(letter_id=letter.pk, actor=cast.actor("desk"), at=cast.at)
    assert agree_to_letter(letter_id=letter.pk, actor=cast.actor("chief"), at=cast.at).status == "agreed"
    changed = rewrite_letter(
        letter_id=letter.pk, addressee="市第一中学", text="另一段话。", actor=cast.actor("desk"), at=cast.at
    )
    assert (changed.status, changed.agreed_at, changed.text_seq) == ("shown", None, 3)
    agree_to_letter(letter_id=letter.pk, actor=cast.actor("chief"), at=cast.at)
    take_back_letter(letter_id=letter.pk, actor=cast.actor("chief"), at=cast.at)
    from louzhang.journal.models import Words

    assert not Words.objects.filter(subject_kind="honour_letter", erased_at=None).exists()
    assert not Letter.objects.visible_to(cast.actor("street")).exists()


def test_the_district_writes_its_kinds_and_says_why_it_changes_one(cast: Cast) -> None:
    assert lay_down_honours(actor=SYSTEM, at=cast.at) == []
    month, draft = kind("month"), KindDraft("月度优秀楼长", whom_roles=(Role.CHIEF,), most=2, bonus_yuan=500)
    for other in ("desk", "street", "chief"):
        with pytest.raises(NotYours):
            change_kind(uid=month.uid, draft=draft, reason="文件", actor=cast.actor(other), at=cast.at)
    with pytest.raises(InputRefused, match="为什么改"):
        change_kind(uid=month.uid, draft=draft, reason=" ", actor=cast.actor("system_admin"), at=cast.at)
    changed = change_kind(
        uid=month.uid, draft=draft, reason="区发〔2026〕3号", actor=cast.actor("system_admin"), at=cast.at
    )
    assert (changed.bonus_yuan, changed.code) == (500, "month")
    end_kind(uid=month.uid, actor=cast.actor("system_admin"), at=cast.at)
    with pytest.raises(InputRefused, match="不评这种荣誉"):
        proposed(cast, kind=HonourKind.objects.get(code="month"))


def test_a_chief_who_also_works_in_the_office_does_not_award_themselves(cast: Cast) -> None:
    from louzhang.areas.actions import appoint_post

    appoint_post(
        user=cast.people["next_chief"], role=Role.OFFICE_STAFF, area=cast.areas["community"], kind=PostKind.PAID,
        actor=SYSTEM, at=cast.at,
    )  # fmt: skip
    honour = checked(cast, proposed(cast, whom="next_chief"))
    both = actor_for(cast.people["next_chief"], cast.at)
    with pytest.raises(NotYours, match="您自己的荣誉"):
        award_honour(honour_id=honour.pk, actor=both, at=cast.at + LATER)
