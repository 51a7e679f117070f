"""The worker of the phone: at the root, its version, and what it leaves alone."""

import json
import re

from django.test import Client

from louzhang.shell import comfort, navigation, offline
from louzhang.shell.offline import KeptPage


def facts(client: Client) -> dict[str, object]:
    script = client.get("/sw.js").content.decode()
    found = re.search(r"= (\{.*\});", script)
    assert found
    return dict(json.loads(found[1]))


def test_the_worker_is_a_script_that_is_asked_for_again_and_not_sent_again(db):
    answer = Client().get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert Client().get("/sw.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_its_version_follows_the_visitor_and_their_eyes(db, monkeypatch):
    versions = {str(facts(Client())["version"])}
    large = Client()
    large.cookies[comfort.CARE_COOKIE] = "26"
    versions.add(str(facts(large)["version"]))
    monkeypatch.setitem(navigation._facts, "owner_mark", lambda request: "0123456789abcdef")
    versions.add(str(facts(Client())["version"]))
    monkeypatch.setattr(offline, "_providers", [lambda request: [KeptPage("写", "/write/", "/write/?blank=1")]])
    versions.add(str(facts(Client())["version"]))
    assert len(versions) == 4
    assert facts(Client())["pages"] == {"/write/": "/write/?blank=1"}


def test_desks_the_api_and_files_of_people_are_left_alone(db):
    left = facts(Client())["left"]
    assert isinstance(left, list)
    assert {"/desk/", "/command/", "/api/", "/attachments/"} <= set(left)


def test_the_page_without_a_signal_says_so_and_offers_what_can_be_written(db, monkeypatch):
    monkeypatch.setattr(offline, "_providers", [lambda request: [KeptPage("随手拍", "/write/", "/write/?blank=1")]])
    page = Client().get("/offline/").content.decode()
    assert "没有信号" in page
    assert "已写的内容都在，有信号时再发。" in page
    assert 'href="/write/"' in page
