"""Founding a real district from the command line, unasked."""

import io

import pytest
from django.core.management import CommandError, call_command

from louzhang.accounts.actions import sign_in_with_code
from louzhang.accounts.models import SignInCode, User
from louzhang.areas.models import Area, AreaLevel, Post, Setting, Unit
from louzhang.areas.queries import setting
from louzhang.areas.roles import Role
from louzhang.kit import clock
from louzhang.workorders.models import Category

pytestmark = pytest.mark.django_db

PLACE = ["--name", "东岭区", "--code", "900001", "--prefix", "DL"]
KEEPERS = [
    *("--system-admin", "甲系统", "13900000001"),
    *("--security-admin", "乙安全", "139-0000-0002"),
    *("--audit-admin", "丙审计", "13900000003"),
]


def found(*arguments):
    said = io.StringIO()
    call_command("found_district", *arguments, stdout=said)
    return said.getvalue()


def test_a_district_stands_with_office_categories_and_three_administrators():
    said = found(*PLACE, *KEEPERS, "--hotline", "024-12345678")
    assert Area.objects.get().name == "东岭区"
    assert Unit.objects.get().name in said
    assert set(Post.objects.values_list("role", flat=True)) == {
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    }
    assert Post.objects.values("user").distinct().count() == 3
    assert Category.objects.filter(parent__isnull=False).count() >= 72
    settings = [setting(key) for key in ("order_prefix", "place_name", "hotline", "is_demo")]
    assert settings == ["DL", "东岭区", "024-12345678", False]


def test_each_printed_code_signs_its_person_in_and_none_is_stored_in_plain():
    said = found(*PLACE, *KEEPERS, "--desk", "丁受理", "13900000004")
    lines = [line.split() for line in said.splitlines() if line.startswith("  ")]
    assert [name for _, name, *_ in lines] == ["甲系统", "乙安全", "丙审计", "丁受理"]
    hashes = "".join(SignInCode.objects.values_list("code_hash", flat=True))
    for _, name, *halves in lines:
        code = "".join(halves)
        assert code not in hashes
        user = next(user for user in User.objects.all() if user.name == name)
        assert sign_in_with_code(user=user, code=code, label="", at=clock.now()).device.user == user


def test_levels_carry_the_districts_own_names():
    found(*PLACE, *KEEPERS, "--level", "community=村", "--level", "building=微网格")
    assert AreaLevel.objects.get(kind="community").name == "村"
    assert AreaLevel.objects.get(kind="building").name == "微网格"


def test_a_bare_root_from_an_import_is_taken_over(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("code,name,parent_code,level\n900001,东岭区,,district\n900001001,北坡街道,900001,street\n")
    call_command("import_areas", str(path), "--root", "900001", stdout=io.StringIO())
    found(*PLACE, *KEEPERS)
    assert Area.objects.count() == 2
    assert Post.objects.filter(area__code="900001").count() == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([*PLACE, *KEEPERS[:6]], "缺少“审计管理员的姓名”，请加上 --audit-admin"),
        ([*PLACE[:4], "--prefix", "D1", *KEEPERS], "两到四个大写字母"),
        ([*PLACE, *KEEPERS[:6], "--audit-admin", "甲系统", "13900000001"], "不同的人"),
        ([*PLACE, *KEEPERS[:6], "--audit-admin", "丙审计", "123"], "审计管理员：手机号码应为 11 位数字"),
        ([*PLACE, *KEEPERS, "--level", "block=块"], "不认识层级“block”"),
        ([*PLACE, *KEEPERS, "--level", "block"], "KIND=NAME"),
        ([*KEEPERS], "缺少“区县名称"),
    ],
)
def test_what_is_missing_or_wrong_is_a_sentence_and_founds_nothing(arguments, sentence):
    with pytest.raises(CommandError, match="没有建立") as error:
        found(*arguments)
    assert sentence in str(error.value)
    assert not any(model.objects.exists() for model in (Area, User, Category, Setting, AreaLevel))


def test_a_second_district_is_refused_and_the_first_stays_as_it_was():
    found(*PLACE, *KEEPERS)
    with pytest.raises(CommandError, match="已经建好了“东岭区”"):
        found("--name", "西岭区", "--code", "900002", "--prefix", "XL", *KEEPERS)
    assert Area.objects.get().name == "东岭区"
    assert User.objects.count() == 3
