"""The checker of lengths and names finds what it is there for."""

from pathlib import Path

import pytest

from tools import house_rules


@pytest.fixture
def file_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(house_rules, "ROOT", tmp_path)

    def write(text: str, name: str = "walking.py") -> list[str]:
        path = tmp_path / name
        path.write_text(text)
        return list(house_rules.breaches(path))

    return write


def test_sixty_lines_are_allowed_and_one_more_is_not(file_of):
    body = "    pass\n"
    assert file_of("def walk():\n" + body * 59) == []
    assert file_of("def walk():\n" + body * 60) == ["walking.py:1: walk has 61 lines, at most 60"]


def test_a_file_of_more_than_five_hundred_lines_is_found(file_of):
    assert file_of("x = 1\n" * 500) == []
    assert file_of("x = 1\n" * 501) == ["walking.py: 501 lines, at most 500"]


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "service"])
def test_a_name_that_says_nothing_is_found(file_of, name: str):
    assert len(file_of("", f"{name}.py")) == 1
    assert len(file_of(f"class {name.title()}: ...\n")) == 1


def test_the_app_of_services_may_keep_its_name(file_of):
    assert file_of("", "services.py") == []
