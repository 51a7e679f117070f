"""Every address × every person: who gets a page, who is sent to sign in, who gets 403 or 404.

An address that is not in the table fails the test, so a new page cannot forget its row.
"""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.areas.models import Area
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel
from tests.cast import Cast, make_cast

OFFICES = {"desk", "secretary", "street", "commander", "stranger_desk", "stranger_street"}
UNITS = {"department", "department_lead", "property", "other_property", "owners", "enforcement"}
KEEPERS = {"stairwell_head", "chief", "next_chief", "grid_worker", "grid_lead", "stranger_chief"}
DEPARTMENT = {"department", "department_lead"}
HERE = {"desk", "secretary", "street", "commander"}
KEEPERS_HERE = {"stairwell_head", "chief", "grid_worker", "grid_lead"}
ADMINS = {"system_admin", "security_admin", "audit_admin"}
EVERYBODY = OFFICES | UNITS | KEEPERS | ADMINS | {"resident", "nobody"}
ANYBODY = EVERYBODY | {"passer_by"}
SETTINGS_IDS = ("area_id", "level_id", "unit_id", "served_id", "post_id", "title_id", "category_id", "policy_id")

# Address name → who gets 200 by GET. The rest of those signed in get 403 or 404; the passer-by is sent to sign in or
# gets 404.
OPEN: dict[str, set[str]] = {
    "healthz": ANYBODY,
    "choosing:gaps": OFFICES,
    "choosing:gaps_file": OFFICES,
    "choosing:start": OFFICES,
    "choosing:rounds": OFFICES,
    "choosing:rounds_file": OFFICES,
    "choosing:requests": OFFICES,
    "choosing:reviews": OFFICES | {"grid_worker", "grid_lead"},
    "choosing:home": ANYBODY,
    "choosing:own": ANYBODY,
    "choosing:open": ANYBODY,
    "choosing:objection_code": ANYBODY,
    "choosing:replace": ANYBODY,
    "api:openapi-json": ANYBODY,
    "places:outlines": ANYBODY,
    "shell:offline": ANYBODY,
    "shell:outbox": ANYBODY,
    "shell:pocket": ANYBODY,
    "shell:worker": ANYBODY,
    "shell:feedback": ANYBODY,
    "shell:privacy": ANYBODY,
    "phone:home": ANYBODY,
    "phone:report": ANYBODY,
    "phone:mine": ANYBODY,
    "phone:code": ANYBODY,
    "duty:week": OFFICES | UNITS,
    "duty:csv": OFFICES | UNITS,
    "duty:write": OFFICES | UNITS,
    "duty:import": OFFICES | {"department_lead"},
    "duty:import_example": OFFICES | {"department_lead"},
    "inquiries:ask": ANYBODY,
    "mediation:open": ANYBODY,
    "mediation:list": OFFICES | UNITS | KEEPERS,
    "mediation:start": OFFICES | KEEPERS,
    "inquiries:mine": ANYBODY,
    "inquiries:field": KEEPERS - {"stairwell_head"},
    "inquiries:desk": OFFICES,
    "accounts:account": EVERYBODY,
    "notices:inbox": ANYBODY,
    "notices:preferences": EVERYBODY,
    "notices:field_inbox": KEEPERS | UNITS | OFFICES,
    "notices:desk_inbox": OFFICES | UNITS,
    "notices:building": KEEPERS | OFFICES,
    "notices:write": KEEPERS,
    "channels:list": OFFICES | ADMINS,
    "phone:home_place": ANYBODY,
    "field:paste": KEEPERS | UNITS | OFFICES,
    "command:board": OFFICES,
    "command:numbers": OFFICES,
    "figures:page": OFFICES,
    "figures:file": OFFICES,
    "desk:inbox": OFFICES | UNITS,
    "desk:orders": OFFICES | UNITS,
    "desk:total": OFFICES | UNITS,
    "desk:map": OFFICES | UNITS,
    "desk:points": OFFICES | UNITS,
    "desk:supervised": OFFICES | UNITS,
    "desk:to_tell": OFFICES,
    "desk:parts": OFFICES | UNITS,
    "desk:disputes": OFFICES,
    "desk:meetings": OFFICES | UNITS,
    "desk:motions": OFFICES | UNITS,
    "desk:hotline": OFFICES,
    "desk:call": OFFICES,
    "desk:order": HERE,
    "desk:print": HERE,
    "desk:voices": HERE,
    "desk:same": {"desk", "secretary"},
    "field:one": KEEPERS_HERE | HERE,
    "register:houses": KEEPERS | OFFICES,
    "register:house": KEEPERS_HERE | {"desk", "secretary"},
    "register:kinds": OFFICES | ADMINS,
    "register:kind_add": {"system_admin"},
    "register:needs": KEEPERS | OFFICES,
    "register:house_need": KEEPERS_HERE | {"desk", "secretary"},
    "register:poster": KEEPERS_HERE | {"desk", "secretary"},
    "register:door": KEEPERS,
    "register:notebook": KEEPERS,
    "register:conflicts": OFFICES | KEEPERS,
    "register:cards": KEEPERS,
    "register:sites": KEEPERS | OFFICES,
    "register:site_points": KEEPERS | OFFICES,
    "register:site_add": KEEPERS | {"desk", "secretary", "stranger_desk"},
    "register:firms": KEEPERS | OFFICES,
    "register:firm_add": KEEPERS | {"desk", "secretary", "stranger_desk"},
    "register:visitor": OFFICES,
    "cards:house": ANYBODY,
    "me:mine": OFFICES | KEEPERS,
    "posted:teams": OFFICES | UNITS | KEEPERS,
    "posted:form_team": {"street", "commander", "stranger_street"},
    "posted:need": OFFICES,
    "surveys_desk:list": OFFICES,
    "surveys_desk:late": OFFICES,
    "surveys_desk:new": OFFICES,
    "surveys_field:list": KEEPERS | OFFICES,
    "follow_ups:list": KEEPERS | OFFICES,
    "surveys_own:mine": ANYBODY,
    "ballots:vote": ANYBODY,
    "ballots:mine": ANYBODY,
    "ballots:list": EVERYBODY,
    "ballots:draft": OFFICES,
    "surveys_own:house": ANYBODY,
    "register:found": KEEPERS_HERE | {"desk", "secretary"},
    "register:search": KEEPERS | OFFICES,
    "register:duplicates": KEEPERS | OFFICES,
    "register:quality": KEEPERS | OFFICES,
    "register:coverage": OFFICES,
    "register:statistics": OFFICES,
    "register:statistics_file": OFFICES,
    "register:imports": {"desk", "secretary", "stranger_desk"},
    "register:import_example": {"desk", "secretary", "stranger_desk"},
    "register:export": {"desk", "secretary", "stranger_desk"},
    "fieldwork_field:today": KEEPERS | OFFICES,
    "fieldwork_field:visits": KEEPERS,
    "fieldwork_field:unplanned": KEEPERS,
    "asking:admissions": OFFICES | DEPARTMENT,
    "asking:ask": {"street", "commander", "stranger_street"} | DEPARTMENT,
    "asking:bulletins": OFFICES | DEPARTMENT,
    "asking:keep": OFFICES | DEPARTMENT,
    "asking:burden": OFFICES | DEPARTMENT,
    "asking:burden_file": OFFICES | DEPARTMENT,
    "asking:burden_print": OFFICES | DEPARTMENT,
    "asking_own:burden": KEEPERS | OFFICES | UNITS,
    "fieldwork_desk:work": OFFICES,
    "fieldwork_desk:visits": KEEPERS | OFFICES,
    "fieldwork_desk:rhythms": OFFICES | ADMINS,
    "fieldwork_desk:rhythm_add": OFFICES | {"system_admin"},
    "own:home": ANYBODY,
    "own:bind": ANYBODY,
    "own:looks": ANYBODY,
    "own:rights": ANYBODY,
    "own:correct": set(),
    "care:due": KEEPERS | OFFICES,
    "care:bindings": KEEPERS | OFFICES,
    "rights:list": OFFICES,
    "protection:assessments": OFFICES | ADMINS,
    "protection:breach": OFFICES | {"security_admin"},
    "patrols:list": KEEPERS | OFFICES,
    "patrols:out": KEEPERS,
    "patrols:lay": {"grid_worker", "grid_lead", "desk", "secretary", "stranger_desk"},
    "patrols:scenes": OFFICES | ADMINS,
    "logs:mine": KEEPERS,
    "logs:sent": OFFICES,
    "logs:file": OFFICES,
    "errands:mine": ANYBODY,
    "errands:ask": ANYBODY,
    "errands:list": KEEPERS | OFFICES,
    "errands:write": KEEPERS | {"desk", "secretary", "stranger_desk"},
    "deeds:list": KEEPERS | OFFICES,
    "deeds:tell": KEEPERS | {"desk", "secretary", "stranger_desk"},
    "handing:list": KEEPERS | OFFICES,
    "honours:wall": ANYBODY,
    "honours:mine": KEEPERS,
    "honours:account": KEEPERS,
    "honours:propose_here": ANYBODY,
    "honours:board": OFFICES,
    "honours:new": OFFICES,
    "honours:flags": OFFICES,
    "honours:bonuses": OFFICES,
    "honours:letters": OFFICES,
    "honours:letter_new": OFFICES,
    "honours:people": OFFICES,
    "honours:kinds": OFFICES | ADMINS,
    "honours:kind_add": {"system_admin"},
    "membership:own": KEEPERS,
    "membership:entry": KEEPERS,
    "membership:join": KEEPERS,
    "post_duties:mine": KEEPERS | OFFICES,
    "post_duties:guides": KEEPERS | OFFICES,
    "post_duties:catalogue": OFFICES | ADMINS,
    "post_duties:guide_add": {"street", "commander", "stranger_street", "system_admin"},
    "training:mine": KEEPERS | OFFICES,
    "training:lessons": KEEPERS | OFFICES,
    "training:postings": KEEPERS | OFFICES,
    "training:studios": KEEPERS | OFFICES,
    "training:studio_sheet": KEEPERS | OFFICES,
    "training:studio_file": KEEPERS | OFFICES,
    "training:studio_found": OFFICES,
    "training:cases": KEEPERS | OFFICES,
    "training:case_write": KEEPERS | OFFICES,
    "training:asks": KEEPERS | OFFICES,
    "training:ask_new": KEEPERS | OFFICES,
    "training:desk": OFFICES,
    "training:courses": OFFICES,
    "training:course_add": OFFICES,
    "training:rule_add": OFFICES,
    "training:dues": OFFICES,
    "training:desk_postings": OFFICES,
    "appraisal:mine": KEEPERS,
    "appraisal:commended": ANYBODY,
    "appraisal:sheets": KEEPERS | OFFICES,
    "appraisal:months": OFFICES,
    "appraisal:objections": OFFICES,
    "appraisal:reviews": OFFICES,
    "appraisal:schemes": OFFICES | ADMINS,
    "appraisal:scheme_add": OFFICES,
    "appraisal:scenes": OFFICES | ADMINS,
    "settings:home": OFFICES | ADMINS,
    "settings:areas": OFFICES | ADMINS,
    "settings:areas_csv": OFFICES | ADMINS,
    "settings:areas_import": {"system_admin"},
    "settings:levels": OFFICES | ADMINS,
    "settings:units": OFFICES | ADMINS,
    "settings:units_csv": OFFICES | ADMINS,
    "settings:unit_add": {"system_admin"},
    "settings:units_import": {"system_admin"},
    "settings:units_import_example": {"system_admin"},
    "settings:posts_import": OFFICES | ADMINS,
    "settings:posts_import_example": OFFICES | ADMINS,
    "settings:titles_import": {"system_admin"},
    "settings:titles_import_example": {"system_admin"},
    "settings:titles_csv": OFFICES | ADMINS,
    "settings:registry_csv": OFFICES | ADMINS,
    "settings:posts": OFFICES | ADMINS,
    "settings:posts_csv": OFFICES | ADMINS,
    "settings:vacant": OFFICES | ADMINS,
    "settings:choose_seat": OFFICES | ADMINS,
    "settings:titles": OFFICES | ADMINS,
    "settings:title_add": {"system_admin"},
    "settings:registry": OFFICES | ADMINS,
    "calendar:year": OFFICES | ADMINS,
    "calendar:csv": OFFICES | ADMINS,
    "calendar:upload": {"system_admin"},
    "calendar:hours": OFFICES | ADMINS,
    "calendar:hours_district": {"system_admin"},
    "calendar:hours_district_end": {"system_admin"},
    "clocks:list": OFFICES | ADMINS,
    "clocks:csv": OFFICES | ADMINS,
    "clocks:add": {"system_admin"},
    "clocks:preset": {"system_admin"},
    "routing:list": OFFICES | ADMINS,
    "routing:csv": OFFICES | ADMINS,
    "routing:try": OFFICES | ADMINS,
    "routing:add": OFFICES | {"system_admin"},
    "routing:import": {"system_admin"},
    "routing:import_example": {"system_admin"},
    "replies:list": OFFICES | ADMINS,
    "replies:csv": OFFICES | ADMINS,
    "replies:add": {"system_admin"},
    "replies:import": {"system_admin"},
    "replies:import_example": {"system_admin"},
    "duties:list": OFFICES | ADMINS,
    "duties:csv": OFFICES | ADMINS,
    "duties:add": {"system_admin"},
    "duties:import": {"system_admin"},
    "duties:import_example": {"system_admin"},
    "categories:list": OFFICES | ADMINS,
    "categories:csv": OFFICES | ADMINS,
    "categories:add": {"system_admin"},
    "categories:import": {"system_admin"},
    "categories:import_example": {"system_admin"},
    "categories:add_group": {"system_admin"},
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def number(cast: Cast) -> str:
    draft = Draft(
        channel=Channel.CALL,
        category=cast.categories["leak"],
        area=cast.areas["stairwell"],
        words="楼道漏水",
        is_for_another=True,
    )
    return report_workorder(draft=draft, actor=cast.actor("desk"), at=cast.at).order.number


def browser_of(cast: Cast, key: str) -> Client:
    from louzhang.kit import clock

    client = Client()
    if key != "passer_by":
        signed = sign_in_device(user=cast.people[key], way="code", label="测试", at=clock.now())
        client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    return client


def address(name: str, number: str) -> str:
    of_one = {"desk:order", "desk:print", "desk:voices", "desk:same", "field:one"}
    if name in {"cards:house", "surveys_own:house", "honours:propose_here"}:
        return reverse(name, args=[Area.objects.get(code="B1").uid])
    if name in {"register:house", "register:found", "register:house_need", "register:poster"}:
        return reverse(name, args=[Area.objects.get(code="B1").pk])
    return reverse(name, args=[number]) if name in of_one else reverse(name)


def names(patterns, prefix=""):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names(entry.url_patterns, space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}"


@pytest.mark.parametrize("name", sorted(OPEN))
def test_who_gets_which_page(cast, number, name):
    given = set()
    for key in ["passer_by", *cast.people]:
        status = browser_of(cast, key).get(address(name, number)).status_code
        assert status in {200, 302, 403, 404, 503}, (key, status)
        if status == 200 or (name == "healthz" and status == 503):
            given.add(key)
    assert given == OPEN[name]


def test_whoever_has_another_post_is_led_from_the_desk_to_their_own_first_page(cast):
    led = {"system_admin": "settings:home", "audit_admin": "keepers:audit", "chief": "field:today"}
    for key, home in led.items():
        answer = browser_of(cast, key).get(reverse("desk:inbox"))
        assert (answer.status_code, answer["Location"]) == (302, reverse(home)), key
    for key in ("resident", "nobody"):
        assert browser_of(cast, key).get(reverse("desk:inbox")).status_code == 403
    assert browser_of(cast, "system_admin").get(reverse("desk:orders")).status_code == 403


@pytest.mark.parametrize("name", ["desk:order", "desk:print"])
def test_out_of_scope_looks_like_a_number_that_never_was(cast, number, name):
    client = browser_of(cast, "stranger_desk")
    there = client.get(reverse(name, args=[number]))
    never = client.get(reverse(name, args=["LZ2603020000010"]))
    assert (there.status_code, never.status_code) == (404, 404)


def test_nothing_but_the_listed_pages_opens_without_an_account(cast, number):
    """Every other address by GET: sent to sign in, refused, or not there."""
    sample: dict[str, object] = {"number": number, "verb": "accept", "size": "thumb", "hour": 1, "mark": "x"}
    sample |= {"kind": "dwelling", "kind_id": 1, "target": "care_kind", "code": "very_old"}
    sample |= dict.fromkeys(["rule_id", "clause_id", "reply_id", "motion_id"], 1)
    sample |= dict.fromkeys(["report_id", "party_id", "shift_id", "device_id", "token_id", *SETTINGS_IDS], 1)
    sample |= dict.fromkeys(["entry", "line", "member_id"], 1)
    sample |= {
        "key": "place_name",
        "face": "desk",
        "name": "units",
        "notice_id": 1,
        "delivery_id": 1,
        "year": 2026,
        "month": 3,
        "day": 2,
    }
    sample |= dict.fromkeys(["entry_id", "uid", "first", "second", "objection"], uuid.UUID(int=1))
    sample |= dict.fromkeys(["elector_uid", "objection_uid"], uuid.UUID(int=1))
    sample |= {"what": "entry"}
    open_to_all = {name for name, people in OPEN.items() if "passer_by" in people} | MAKES_NO_SECRET
    found = []
    for name in names(get_resolver().url_patterns):
        if name in open_to_all or name.startswith("api:"):
            continue
        url = any_address(name, sample)
        status = Client().get(url).status_code
        if status == 200:
            found.append(name)
    assert found == []


# Open to anybody and telling nothing of anybody: the sign-in page, choices of the report form.
MAKES_NO_SECRET = {"accounts:sign_in", "phone:suggest", "phone:about", "phone:kinds", "phone:places"}


def any_address(name: str, sample: dict[str, object]) -> str:
    from django.urls import get_resolver as resolver_of

    space, _, plain = name.rpartition(":")
    resolver = resolver_of()
    for part in space.split(":") if space else []:
        resolver = resolver.namespace_dict[part][1]
    wanted = resolver.reverse_dict.getlist(plain)[0][0][0][1]
    return reverse(name, kwargs={key: sample[key] for key in wanted})
