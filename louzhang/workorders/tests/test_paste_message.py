"""A message copied from a chat group becomes a report by the same form as any other."""

from __future__ import annotations

import pytest
from django.urls import reverse

from louzhang.workorders.forms.pasting import read_message, take_phone
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries.choices import Choice, Group

PLACES = [Group("3号网格", [Choice(1, "2号楼"), Choice(2, "12号楼"), Choice(3, "12号楼 2单元"), Choice(4, "13号楼")])]


@pytest.mark.parametrize(
    ("text", "sender", "words", "area"),
    [
        ("李阿姨：12号楼2单元灯不亮", "李阿姨", "12号楼2单元灯不亮", 3),
        ("李阿姨 2026/3/2 10:05\n12号楼门口有积水\n[图片]", "李阿姨", "12号楼门口有积水", 2),
        ("李阿姨 10:05:33\n@所有人 2号楼停水了吗", "李阿姨", "2号楼停水了吗", 1),
        ("楼道里有人抽烟", "", "楼道里有人抽烟", None),
        ("2号楼和13号楼都停电", "", "2号楼和13号楼都停电", 4),
        ("12号楼-301：漏水", "12号楼-301", "漏水", 2),
        ("", "", "", None),
    ],
)
def test_sender_words_and_place_are_found(text, sender, words, area):
    message = read_message(text, PLACES)
    assert (message.sender, message.words, message.area_id) == (sender, words, area)


def test_two_places_meant_alike_are_left_to_the_reader():
    assert read_message("12号楼和13号楼之间积水", PLACES).area_id is None


def test_pasting_opens_the_form_filled_in_and_files_nothing(cast, sign_in):
    chief = sign_in("chief")
    assert chief.get(reverse("field:paste")).status_code == 200
    text = "李阿姨：12号楼2单元三楼漏水"
    page = chief.post(reverse("field:report"), {"words": text, "go": "paste"}).content.decode()
    assert "12号楼2单元三楼漏水</textarea>" in page
    assert 'name="name" value="李阿姨"' in page
    assert 'name="group" value="on"' in page
    assert f'value="{cast.areas["stairwell"].pk}" selected' in page
    assert not WorkOrder.objects.exists()


def test_what_was_pasted_is_filed_with_where_it_came_from(cast, sign_in):
    given = {
        "words": "三楼漏水", "category": "leak", "area": cast.areas["stairwell"].pk, "speaks": "neighbour",
        "name": "李阿姨", "answer_way": "here", "group": "on",
    }  # fmt: skip
    assert sign_in("chief").post(reverse("field:report"), given).status_code == 302
    report = Report.objects.get()
    assert (report.channel, report.get_channel_display()) == ("group", "群消息转来")
    assert report.entered_by_id == cast.people["chief"].pk


def test_a_place_of_others_in_the_message_is_not_taken(cast, sign_in):
    page = sign_in("chief").post(reverse("field:report"), {"words": "13号楼漏水", "go": "paste"}).content.decode()
    assert f'value="{cast.areas["next_building"].pk}"' not in page


def test_nothing_pasted_is_said_in_a_sentence_on_the_same_page(cast, sign_in):
    answer = sign_in("chief").post(reverse("field:report"), {"words": "  ", "go": "paste"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请先把群里的消息粘贴到这里" in page
    assert 'aria-describedby="help_words words_error" aria-invalid="true"' in page
    assert "novalidate" in page


@pytest.mark.parametrize(
    ("words", "left", "phone"),
    [
        ("三楼漏水，电话13900001111", "三楼漏水，电话", "13900001111"),
        ("找 13900001111 王姨\n三楼漏水", "找 王姨\n三楼漏水", "13900001111"),
        ("单号 139000011112", "单号 139000011112", ""),
        ("三楼漏水", "三楼漏水", ""),
    ],
)
def test_a_number_is_taken_out_of_the_words(words, left, phone):
    assert take_phone(words) == (left, phone)


def test_a_number_in_the_message_is_offered_and_moves_only_when_asked(cast, sign_in):
    chief, text = sign_in("chief"), "李阿姨：三楼漏水，打13900001111"
    page = chief.post(reverse("field:report"), {"words": text, "go": "paste"}).content.decode()
    assert "消息里的 13900001111 填到这里" in page
    assert 'name="phone" value=""' in page
    given = {"words": "三楼漏水，打13900001111", "group": "on", "speaks": "neighbour", "go": "phone"}
    page = chief.post(reverse("field:report"), given).content.decode()
    assert 'name="phone" value="13900001111"' in page
    assert "三楼漏水，打</textarea>" in page
    assert "填到这里" not in page
