from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


def test_care_mode_is_one_tap_and_remembered(client: Client) -> None:
    answer = client.post("/comfort/care/", {"size": "22", "next": "/feedback/"})
    assert answer.headers["Location"] == "/feedback/"
    assert client.cookies["lz_care"].value == "22"
    assert 'data-care="22"' in client.get("/feedback/").content.decode()


def test_care_mode_is_left_with_one_tap(client: Client) -> None:
    client.post("/comfort/care/", {"size": "30"})
    client.post("/comfort/care/", {"size": "0"})
    assert "data-care" not in client.get("/feedback/").content.decode()


def test_a_print_size_nobody_offers_is_not_taken(client: Client) -> None:
    client.post("/comfort/care/", {"size": "900"})
    assert "data-care" not in client.get("/feedback/").content.decode()


def test_colours_are_remembered(client: Client) -> None:
    client.post("/comfort/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/feedback/").content.decode()
    client.post("/comfort/theme/", {"theme": "auto"})
    assert 'data-theme="auto"' in client.get("/feedback/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_place(client: Client, target: str) -> None:
    assert client.post("/comfort/care/", {"size": "22", "next": target}).headers["Location"] == "/"


def test_looking_does_not_switch(client: Client) -> None:
    assert client.get("/comfort/care/?size=22").status_code == 405


def test_a_page_with_care_mode_offers_larger_print(request_of: Any) -> None:
    page = render_to_string("shell/feedback.html", {}, request=request_of(cookies={"lz_care": "26"}))
    assert 'value="30"' in page
    assert "标准版" in page
