"""案例库 and 楼长交流: nobody is recognised, a second pair of eyes looks first, what is hidden is read no more."""

from __future__ import annotations

import pytest

from louzhang.journal.actions.reading import read_new_events
from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.notices.models import Notice
from louzhang.roster.actions.training.writings import (
    CaseDraft,
    answer_peer,
    ask_peers,
    close_ask,
    comment_case,
    hide_line,
    offer_case,
    publish_case,
    report_abuse,
    return_case,
    rewrite_case,
    take_back_ask,
    take_back_case,
    write_case,
)
from louzhang.roster.models.training import CaseStory, PeerAsk
from louzhang.roster.queries.training.writings import (
    asks_seen,
    cases_seen,
    find_ask,
    find_case,
    hints_for,
    lines_of,
    reported_asks,
    text_of,
)
from louzhang.roster.recognising import hints_in
from louzhang.roster.tests.training_scene import everybody
from tests.cast import cast_of_now

TITLE, TEXT = "敲不开的门", "连着三天没人应，先问对门，再请网格员一起去，原来是听不见门铃。"
POST_HOLDERS = {
    "stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "desk", "secretary", "street", "commander",
    "stranger_desk", "stranger_street", "stranger_chief",
}  # fmt: skip


@pytest.fixture
def cast(db):
    return cast_of_now()


def written(cast, key="chief", **changes):
    return write_case(draft=CaseDraft(**({"title": TITLE, "words": TEXT} | changes)), actor=cast.actor(key), at=cast.at)


def published(cast):
    case = written(cast)
    offer_case(uid=case.uid, is_confirmed=True, actor=cast.actor("chief"), at=cast.at)
    publish_case(uid=case.uid, actor=cast.actor("desk"), at=cast.at)
    return case


def seen_by(cast, table):
    return {key for key, actor in everybody(cast).items() if table.objects.visible_to(actor).exists()}


def test_a_draft_is_its_writers_alone_then_the_offices_then_everybodys_with_a_post(cast):
    case = written(cast)
    assert seen_by(cast, CaseStory) == {"chief"}
    offer_case(uid=case.uid, is_confirmed=True, actor=cast.actor("chief"), at=cast.at)
    assert seen_by(cast, CaseStory) == {"chief", "desk", "secretary", "street", "commander"}
    publish_case(uid=case.uid, actor=cast.actor("desk"), at=cast.at)
    assert seen_by(cast, CaseStory) == POST_HOLDERS
    assert prove_journal().chains


def test_nothing_is_offered_unless_the_writer_confirms_nor_published_by_the_writer(cast):
    case = written(cast, key="desk")
    with pytest.raises(InputRefused, match="认不出任何一个人"):
        offer_case(uid=case.uid, is_confirmed=False, actor=cast.actor("desk"), at=cast.at)
    offer_case(uid=case.uid, is_confirmed=True, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotYours):
        publish_case(uid=case.uid, actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotThere):
        publish_case(uid=case.uid, actor=cast.actor("stranger_desk"), at=cast.at)
    publish_case(uid=case.uid, actor=cast.actor("secretary"), at=cast.at)


def test_what_came_back_is_changed_and_confirmed_again(cast):
    case = written(cast)
    chief = cast.actor("chief")
    offer_case(uid=case.uid, is_confirmed=True, actor=chief, at=cast.at)
    with pytest.raises(TransitionRefused):
        rewrite_case(uid=case.uid, draft=CaseDraft(TITLE, "换了"), actor=chief, at=cast.at)
    return_case(uid=case.uid, reason="看得出是哪一家", actor=cast.actor("desk"), at=cast.at)
    rewrite_case(uid=case.uid, draft=CaseDraft(TITLE, "换了说法。"), actor=chief, at=cast.at)
    case.refresh_from_db()
    assert (case.status, case.is_confirmed, text_of(case).words) == ("draft", False, "换了说法。")


def test_a_case_is_found_by_two_characters_only_while_it_is_out(cast):
    case = written(cast)
    assert CaseStory.objects.get().terms == []
    offer_case(uid=case.uid, is_confirmed=True, actor=cast.actor("chief"), at=cast.at)
    publish_case(uid=case.uid, actor=cast.actor("desk"), at=cast.at)
    stranger = cast.actor("stranger_chief")
    assert [told.title for _, told in cases_seen(stranger, words="门铃")] == [TITLE]
    assert cases_seen(stranger, words="停车") == []
    assert cases_seen(stranger, subject="rescue") == []
    take_back_case(uid=case.uid, actor=cast.actor("chief"), at=cast.at)
    assert cases_seen(stranger, words="门铃") == []
    assert not Words.objects.filter(subject_kind="case_story", spoken__has_key="words").exists()
    assert prove_journal().chains


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话 139 1234 5678 打不通", "手机号"),
        ("证件11010519491231002X", "身份证号"),
        ("住12号楼的一家", "门牌"),
        ("他家3-2-201", "门牌"),
        ("车牌京A12345堵了门", "车牌"),
        ("那天王大妈在家", "姓名"),
        ("欧阳先生来劝", "姓名"),
        ("邻居李建国不同意", "姓名"),
    ],
)
def test_what_could_tell_who_somebody_is_is_pointed_out(text, kind):
    assert kind in {hint.kind for hint in hints_in(text)}


def test_a_plain_story_is_not_pointed_at():
    assert hints_in(TEXT) == []


def test_names_of_people_with_posts_near_are_pointed_out_too(cast):
    case = written(cast, words="演示邻楼长一起去的。")
    assert [hint.words for hint in hints_for(cast.actor("chief"), text_of(case))] == ["演示邻楼长"]


def test_a_comment_is_read_under_the_name_its_writer_chose(cast):
    case = published(cast)
    comment_case(uid=case.uid, words="我们也这样", byline="nobody", actor=cast.actor("stranger_chief"), at=cast.at)
    comment_case(uid=case.uid, words="好办法", byline="place", actor=cast.actor("grid_worker"), at=cast.at)
    comment_case(uid=case.uid, words="学到了", byline="name", actor=cast.actor("next_chief"), at=cast.at)
    who = [line.who for line in lines_of(find_case(cast.actor("street"), case.uid), cast.actor("street"))]
    assert who == ["一位同行", "彩虹社区 网格员", "演示邻楼长（彩虹社区 楼长）"]


def asked(cast, words="楼道堆物劝不动怎么办", key="chief", byline="place"):
    return ask_peers(words=words, byline=byline, actor=cast.actor(key), at=cast.at)


def test_a_question_is_read_by_everybody_with_a_post_and_answered_by_them(cast):
    ask = asked(cast)
    assert seen_by(cast, PeerAsk) == POST_HOLDERS
    answer_peer(uid=ask.uid, words="一起定个搬走的日子", byline="name", actor=cast.actor("stranger_chief"), at=cast.at)
    read_new_events(at=cast.at)
    assert Notice.objects.filter(user_id=cast.people["chief"].pk, kind="peer_ask").count() == 1
    assert [row for row, _ in asks_seen(cast.actor("next_chief"), words="搬走")] == [ask]
    with pytest.raises(NotYours):
        close_ask(uid=ask.uid, actor=cast.actor("stranger_chief"), at=cast.at)
    close_ask(uid=ask.uid, actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(TransitionRefused):
        answer_peer(uid=ask.uid, words="晚了", byline="name", actor=cast.actor("next_chief"), at=cast.at)
    for key in ("resident", "department"):
        with pytest.raises((NotYours, NotThere)):
            ask_peers(words="问", byline="name", actor=cast.actor(key), at=cast.at)


def test_an_answer_that_was_reported_is_hidden_by_the_office_and_found_no_more(cast):
    ask = asked(cast)
    answer_peer(uid=ask.uid, words="去找那家的亲戚闹", byline="nobody", actor=cast.actor("grid_worker"), at=cast.at)
    number = 2
    report_abuse(
        what=PeerAsk, uid=ask.uid, number=number, reason="出馊主意", actor=cast.actor("next_chief"), at=cast.at
    )
    assert reported_asks(cast.actor("desk"), cast.at) == [ask]
    assert reported_asks(cast.actor("stranger_desk"), cast.at) == []
    with pytest.raises(NotYours):
        hide_line(what=PeerAsk, uid=ask.uid, number=number, reason="不行", actor=cast.actor("chief"), at=cast.at)
    with pytest.raises(InputRefused):
        hide_line(what=PeerAsk, uid=ask.uid, number=9, reason="没有", actor=cast.actor("desk"), at=cast.at)
    hide_line(what=PeerAsk, uid=ask.uid, number=number, reason="不行", actor=cast.actor("desk"), at=cast.at)
    read = lines_of(find_ask(cast.actor("chief"), ask.uid), cast.actor("chief"))
    assert [line.verb for line in read] == ["ask"]
    assert asks_seen(cast.actor("chief"), words="亲戚") == []
    assert len(asks_seen(cast.actor("chief"), words="堆物")) == 1
    assert reported_asks(cast.actor("desk"), cast.at) == []
    hide_line(what=PeerAsk, uid=ask.uid, number=1, reason="整个不行", actor=cast.actor("desk"), at=cast.at)
    with pytest.raises(NotThere):
        find_ask(cast.actor("next_chief"), ask.uid)
    assert find_ask(cast.actor("desk"), ask.uid).status == "hidden"
    assert prove_journal().chains


def test_a_question_taken_back_takes_its_words_along(cast):
    ask = asked(cast)
    take_back_ask(uid=ask.uid, actor=cast.actor("chief"), at=cast.at)
    assert asks_seen(cast.actor("chief")) == []
    assert not Words.objects.filter(subject_kind="peer_ask").exclude(spoken={}).exists()
    assert prove_journal().chains
