"""The pages of posted cadres: every step by its own page, what waits for whom, what nobody else reads."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from louzhang.kit import clock
from louzhang.roster.actions import posted as acts
from louzhang.roster.models.posted import HomePaper, Posting, SampleCheck, TeamMeeting
from louzhang.roster.queries.posted import reading
from louzhang.roster.tests.posted_stage import works
from louzhang.workorders.models import WorkOrder
from tests.cast import browser_as


def test_from_the_team_to_the_print_through_the_pages(cast):
    now = clock.now()
    street, lead = browser_as(cast, "street"), browser_as(cast, "department_lead")
    secretary, person = browser_as(cast, "secretary"), browser_as(cast, "department")
    day = clock.local_date(now)
    made = street.post(
        reverse("posted:form_team"),
        {"name": "第一书记", "area": cast.areas["street"].pk, "starts_on": day.isoformat(),
         "ends_on": date(day.year + 1, 1, 31).isoformat(), "days_a_week": 2},
    )  # fmt: skip
    assert made.status_code == 302, made.content.decode()[:2000]
    team_url = made["Location"]
    assert "还没有人" in street.get(team_url).content.decode()
    form = street.get(f"{team_url}propose/").content.decode()
    assert "演示住建局" in form
    who = f"{cast.units['department_unit'].pk}:{cast.people['department'].pk}"
    wrong = street.post(f"{team_url}propose/", {"who": who, "role": "chief", "area": cast.areas["community"].pk})
    assert wrong.status_code == 400
    assert "要选一个" in wrong.content.decode()
    sent = street.post(
        f"{team_url}propose/",
        {"who": who, "role": "office_staff", "area": cast.areas["community"].pk, "strengths": ["law"],
         "starts_on": day.isoformat(), "ends_on": date(day.year + 1, 1, 30).isoformat()},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()[:3000]
    url = sent["Location"]
    row = Posting.objects.get()
    for client, verb in ((lead, "confirm_home"), (secretary, "confirm_site"), (street, "take_up")):
        assert client.get(url).status_code == 200
        step = reverse("posted:move", args=["posting", row.uid, verb])
        assert client.get(step).status_code == 200
        assert client.post(step, {}).status_code == 302
    assert "在岗" in person.get(url).content.decode()
    assert person.get(reverse("posted:leave", args=[row.uid])).status_code == 200
    begun = secretary.post(
        reverse("posted:write", args=[row.uid]), {"kind": "year", "year": 2026, "words": "演示：走访"}
    )
    paper_url = begun["Location"]
    assert secretary.get(f"{paper_url}print/").status_code == 403
    paper = HomePaper.objects.get()
    assert secretary.post(reverse("posted:move", args=["paper", paper.uid, "show"])).status_code == 302
    assert person.post(reverse("posted:move", args=["paper", paper.uid, "see"]), {"remark": ""}).status_code == 302
    assert "已看过，没有意见" in secretary.get(f"{paper_url}print/").content.decode()
    assert lead.get(paper_url).status_code == 404
    assert street.post(reverse("posted:move", args=["paper", paper.uid, "send"])).status_code == 302
    assert lead.get(paper_url).status_code == 200


def test_meetings_checks_and_needs_go_through_the_pages(cast, team, posting):
    works(cast, clock.now() - timedelta(hours=1))
    street = browser_as(cast, "street")
    page = reverse("posted:team", args=[team.uid])
    said = {
        "subject": "月例会",
        "place": "三楼",
        "starts_at": (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert street.post(reverse("posted:call_meeting", args=[team.uid]), said).status_code == 302
    meeting = TeamMeeting.objects.get()
    assert "月例会" in street.get(reverse("posted:meeting", args=[meeting.uid])).content.decode()
    task = reverse("posted:move", args=["meeting", meeting.uid, "give_task"])
    asked = {"category": "lamp", "area": cast.areas["building"].pk, "words": "演示：换灯"}
    assert "哪类事" in street.get(task).content.decode()
    assert street.post(task, asked).status_code == 302
    assert meeting.orders.count() == 1
    today = clock.local_date(clock.now())
    days = {"since": (today - timedelta(days=3)).isoformat(), "last_day": today.isoformat(), "size": 5}
    assert street.post(reverse("posted:draw", args=[team.uid]), days).status_code == 302
    check = SampleCheck.objects.get()
    assert "记下好人好事" in street.get(page).content.decode()
    assert street.post(reverse("posted:move", args=["check", check.uid, "confirm"]), {}).status_code == 302
    need = {"area": cast.areas["community"].pk, "strength": "law", "note": "演示"}
    assert street.post(reverse("posted:need"), need).status_code == 302
    listed = street.get(reverse("posted:teams")).content.decode()
    assert "法律" in listed
    assert street.get(reverse("posted:team_file", args=[team.uid])).status_code == 200
    assert (
        "还有人在这支队伍里" in street.post(reverse("posted:end_team", args=[team.uid]), follow=True).content.decode()
    )


def test_the_home_unit_finds_no_record_of_the_work_on_the_page(cast, posting, later):
    works(cast, later(1))
    url = reverse("posted:one", args=[posting.uid])
    assert "工作记录" not in browser_as(cast, "department_lead", at=later(2)).get(url).content.decode()


def test_strangers_read_nothing_and_verbs_of_others_are_refused(cast, posting):
    url = reverse("posted:one", args=[posting.uid])
    for key in ("chief", "desk", "stranger_street", "property"):
        assert browser_as(cast, key).get(url).status_code == 404
    move = reverse("posted:move", args=["posting", posting.uid, "question"])
    assert browser_as(cast, "desk").get(move).status_code == 404
    assert (
        browser_as(cast, "street").get(reverse("posted:move", args=["posting", posting.uid, "fly"])).status_code == 404
    )
    assert browser_as(cast, "department").get(
        reverse("posted:move", args=["posting", posting.uid, "take_up"])
    ).status_code == 403  # fmt: skip


def test_what_waits_for_somebody_stands_on_the_first_page_and_for_nobody_else(cast, posting, ask):
    ask()
    paper = acts.draft_paper(posting_id=posting.pk, kind="letter", year=2026, words="演示：情况", at=cast.at,
                             actor=cast.actor("secretary"))  # fmt: skip
    acts.show_paper(paper_id=paper.pk, actor=cast.actor("secretary"), at=cast.at)
    waiting = {key: {each.label for each in reading.waiting_for(cast.actor(key))} for key in cast.people}
    assert {key: labels for key, labels in waiting.items() if labels} == {
        "secretary": {"请假"}, "department": {"给派出单位的材料"},
    }  # fmt: skip
    assert "等我办的 1 件" in browser_as(cast, "secretary").get(reverse("posted:teams")).content.decode()


def test_a_remark_belongs_to_the_words_it_was_made_on(cast, posting):
    secretary, person = cast.actor("secretary"), cast.actor("department")
    paper = acts.draft_paper(posting_id=posting.pk, kind="year", year=2026, words="演示：旧的", actor=secretary,
                             at=cast.at)  # fmt: skip
    acts.show_paper(paper_id=paper.pk, actor=secretary, at=cast.at)
    acts.see_paper(paper_id=paper.pk, remark="演示：不止这些", actor=person, at=cast.at)
    page, url = browser_as(cast, "secretary"), reverse("posted:paper", args=[paper.uid])
    assert "演示：不止这些" in page.get(url).content.decode()
    assert url in page.get(f"{url}print/").content.decode(), "the way back"
    acts.write_paper(paper_id=paper.pk, words="演示：新的", actor=secretary, at=cast.at)
    assert "演示：不止这些" not in page.get(url).content.decode()


def test_minutes_are_read_by_those_who_were_called_and_not_by_the_home_unit(cast, team, posting, later):
    street = cast.actor("street")
    meeting = acts.call_meeting(
        team_id=team.pk, subject="月例会", place="三楼", starts_at=later(1), actor=street, at=cast.at
    )
    order = acts.give_task(
        meeting_id=meeting.pk, category=cast.categories["lamp"], area=cast.areas["building"], words="演示：换灯",
        actor=street, at=later(2),
    )  # fmt: skip
    read = {key for key in cast.people if TeamMeeting.objects.visible_to(cast.actor(key)).exists()}
    assert read == {"street", "commander", "secretary", "department"}
    opens = {key for key in read for _, is_seen in reading.tasks_of(cast.actor(key), meeting) if is_seen}
    assert opens == {key for key in read if WorkOrder.objects.visible_to(cast.actor(key)).filter(pk=order.pk).exists()}
    assert browser_as(cast, "department").get(reverse("posted:meeting", args=[meeting.uid])).status_code == 200
