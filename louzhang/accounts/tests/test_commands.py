"""Commands that ask for a person: the number is typed, never an argument, and never printed."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from louzhang.accounts.models import ApiToken
from louzhang.accounts.tokens import actor_of_token
from tests.cast import MORNING


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def test_a_token_is_made_for_the_number_typed_and_printed_once(cast, phone, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda _question: phone("desk"))
    call_command("api_token", "--read-only", "--label", "大屏")
    token = printed(capsys)
    actor = actor_of_token(token, MORNING)
    assert actor is not None
    assert (actor.user_id, actor.is_read_only) == (cast.people["desk"].pk, True)
    assert ApiToken.objects.get().label == "大屏"
    assert token not in ApiToken.objects.get().token_hash


def test_a_token_is_made_without_asking_for_a_person_s_id(cast, capsys):
    call_command("api_token", "--person", str(cast.people["desk"].pk))
    actor = actor_of_token(printed(capsys), MORNING)
    assert actor is not None
    assert not actor.is_read_only


@pytest.mark.parametrize("typed", ["13711112222", "abc", ""])
def test_nobody_gets_no_token(cast, monkeypatch, typed):
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    with pytest.raises(CommandError, match="没有这个人"):
        call_command("api_token")
    assert not ApiToken.objects.exists()


def test_a_prompt_that_nobody_answers_ends_with_a_sentence(cast, monkeypatch):
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="--person"):
        call_command("api_token")


def test_an_administrator_gets_a_code_from_the_machine(cast, phone, capsys):
    call_command("sign_in_code", "--person", str(cast.people["security_admin"].pk))
    answer = Client().post("/sign-in/", {"phone": phone("security_admin"), "code": printed(capsys)})
    assert answer["Location"] == "/desk/security/"
