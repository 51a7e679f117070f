"""Two orders side by side at the desk, merged by dialog or one tap; photos made safe, a line for neighbours."""

import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from louzhang.journal.actions import receive_attachment, reencode_attachment
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment
from louzhang.journal.verifying import prove_journal
from louzhang.kit import media
from louzhang.workorders.models import PublicLine, WorkOrder

SWAP = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def neighbour():
    return Actor(kind=ActorKind.DEVICE, device="c" * 64)


@pytest.fixture
def photo(cast):
    def take():
        written = io.BytesIO()
        Image.linear_gradient("L").resize((400, 300)).save(written, "JPEG")
        content = written.getvalue()
        row = receive_attachment(
            stream=io.BytesIO(content), declared_type="", size=len(content), actor=cast.device, at=cast.at
        )
        reencode_attachment(attachment_id=row.pk, at=cast.at)
        return row

    return take


@pytest.fixture
def pair(report, neighbour, photo):
    return report(photos=[photo().uid]).order, report(neighbour, words="二楼也在漏。").order


def now(order):
    return WorkOrder.objects.get(pk=order.pk)


def text(answer):
    return answer.content.decode()


def test_the_order_page_fetches_what_is_perhaps_the_same(sign_in, pair):
    first, second = pair
    page = text(sign_in("desk").get(reverse("desk:order", args=[second.number])))
    assert reverse("desk:around", args=[second.number]) in page
    part = text(sign_in("desk").get(reverse("desk:around", args=[second.number]), **SWAP))
    assert "可能是同一件事（1）" in part
    assert "同类别，同一栋楼" in part
    assert first.summary in part


@pytest.mark.parametrize("person", ["property", "street", "stranger_desk", "nobody", "chief"])
def test_nobody_but_the_desk_compares(sign_in, pair, person):
    first, second = pair
    browser = sign_in(person)
    assert browser.get(reverse("desk:same", args=[second.number])).status_code in {403, 404}
    part = browser.get(reverse("desk:around", args=[second.number]), **SWAP)
    assert first.summary not in text(part)


def test_side_by_side_shows_both_texts_and_large_photos(sign_in, pair):
    first, second = pair
    browser, url = sign_in("desk"), reverse("desk:same", args=[second.number])
    with CaptureQueriesContext(connection) as asked:
        page = text(browser.get(url))
    assert len(asked) <= 12
    assert "楼道水管爆了，水流到一楼。" in page
    assert "二楼也在漏。" in page
    assert "lz-side-photo" in page
    assert f"{reverse('desk:act', args=[second.number, 'merge'])}?into={first.number}" in page


def test_a_stranger_order_named_in_the_address_is_not_shown(sign_in, pair, report, cast):
    elsewhere = report(area=cast.areas["other_building"], words="别街的事。").order
    url = reverse("desk:same", args=[pair[0].number])
    assert sign_in("desk").get(url, {"with": elsewhere.number}).status_code == 404


def test_merging_by_the_dialog_leads_on_and_can_be_undone(sign_in, pair):
    first, second = pair
    browser, url = sign_in("desk"), reverse("desk:act", args=[second.number, "merge"])
    dialog = text(browser.get(url, {"into": first.number}, **SWAP))
    assert f'value="{first.number}" checked' in dialog
    answer = browser.post(url, {"into": first.number, "entry_id": str(uuid.UUID(int=5))})
    assert answer.status_code == 302
    assert now(second).merged_into == first
    page = text(browser.get(reverse("desk:around", args=[second.number]), **SWAP))
    assert first.number in page
    target = text(browser.get(reverse("desk:order", args=[first.number])))
    assert "合并了相同的反映" in target
    assert "二楼也在漏。" in text(browser.get(reverse("desk:voices", args=[first.number]), **SWAP))
    browser.post(reverse("desk:act", args=[second.number, "unmerge"]), {"entry_id": str(uuid.UUID(int=6))})
    assert now(second).status == "reported"


def test_a_typed_number_wins_and_a_missing_one_is_asked_for(sign_in, pair):
    first, second = pair
    browser, url = sign_in("desk"), reverse("desk:act", args=[second.number, "merge"])
    refused = browser.post(url, {"into": "", "typed": ""})
    assert refused.status_code == 400
    assert "请选择并入哪一件，或写下它的单号。" in text(refused)
    browser.post(url, {"into": "", "typed": first.number.lower()})
    assert now(second).merged_into == first


def test_many_at_once_are_one_line_in_the_inbox_merged_with_one_tap(sign_in, report, cast):
    leak = cast.categories["leak"]
    leak.groups_bursts = True
    leak.save(update_fields=["groups_bursts"])
    filed = [report(Actor(kind=ActorKind.DEVICE, device=f"{number:064d}")).order for number in range(4)]
    browser = sign_in("desk")
    with CaptureQueriesContext(connection) as asked:
        page = text(browser.get(reverse("desk:inbox")))
    assert len(asked) <= 13
    assert "同一件事可能 4 件" in page
    others = ",".join(order.number for order in filed[1:])
    assert f'name="others" value="{others}"' in page
    browser.post(reverse("desk:act", args=[filed[0].number, "gather"]), {"others": others})
    assert now(filed[0]).report_count == 4
    assert "同一件事可能" not in text(browser.get(reverse("desk:inbox")))


def test_a_blurred_copy_hides_the_part_and_the_original_stays(sign_in, pair, photo):
    first, _ = pair
    original = Attachment.objects.get()
    browser = sign_in("desk")
    assert browser.get(reverse("desk:photo", args=[first.number, original.uid])).status_code == 200
    typed = {"photo": str(original.uid), "left1": "0", "top1": "0", "width1": "50", "height1": "100"}
    assert browser.post(reverse("desk:act", args=[first.number, "blur"]), typed).status_code == 302
    copy = Attachment.objects.exclude(pk=original.pk).get()
    assert (copy.stage, copy.blurred) == ("received", [[0.0, 0.0, 0.5, 1.0]])
    reencode_attachment(attachment_id=copy.pk, at=first.reported_at)
    copy.refresh_from_db()
    assert copy.stage == "ready"
    assert copy.digest != original.digest
    shades = {}
    for row in (original, copy):
        with media.open_stored(row.digest) as stored:
            seen = Image.open(io.BytesIO(stored.read())).convert("L")
        shades[row.pk] = [len({seen.getpixel((x, y)) for y in range(0, 300, 3)}) for x in (100, 300)]
    assert shades[original.pk] == shades[copy.pk][1:] * 2
    assert shades[copy.pk][0] < shades[original.pk][0]
    prove_journal()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"left1": "10"},
        {"left1": "0", "top1": "0", "width1": "0", "height1": "0"},
        {"left1": "90", "top1": "90", "width1": "nan", "height1": "5"},
        {"boxes": '[["a", 1, 2, 3]]'},
        {"boxes": "[[0, 0, 1]]"},
        {"boxes": "no"},
    ],
)
def test_parts_that_are_none_are_refused_with_a_sentence(sign_in, pair, typed):
    first, _ = pair
    original = Attachment.objects.get()
    answer = sign_in("desk").post(
        reverse("desk:act", args=[first.number, "blur"]), {"photo": str(original.uid), **typed}
    )
    assert answer.status_code == 400
    assert Attachment.objects.count() == 1


def test_only_public_space_is_told_to_neighbours_and_only_with_a_photo_of_the_order(sign_in, pair, cast):
    first, _ = pair
    browser, url = sign_in("desk"), reverse("desk:act", args=[first.number, "announce"])
    refused = browser.post(url, {"words": "2 单元漏水，已交物业。"})
    assert refused.status_code == 400
    assert "不是公共地方的事" in text(refused)
    leak = cast.categories["leak"]
    leak.is_public_space = True
    leak.save(update_fields=["is_public_space"])
    assert browser.post(url, {"words": "漏水", "photo": str(uuid.UUID(int=9))}).status_code == 400
    assert "遮挡" in text(browser.get(url, **SWAP))
    photo = Attachment.objects.get()
    assert browser.post(url, {"words": "2 单元漏水，已交物业。", "photo": str(photo.uid)}).status_code == 302
    line = PublicLine.objects.get()
    assert (line.words, line.photo, line.approved_by) == ("2 单元漏水，已交物业。", photo.uid, cast.people["desk"])
    browser.post(url, {"words": "2 单元漏水，今晚修好。"})
    assert PublicLine.objects.get(ended_at=None).words == "2 单元漏水，今晚修好。"
    browser.post(reverse("desk:act", args=[first.number, "unannounce"]), {})
    assert not PublicLine.objects.filter(ended_at=None).exists()


def test_the_page_of_a_shared_matter_stays_within_its_queries(sign_in, pair):
    first, second = pair
    browser = sign_in("desk")
    browser.post(reverse("desk:act", args=[second.number, "merge"]), {"into": first.number})
    for name in ("desk:order", "desk:voices", "desk:around"):
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse(name, args=[first.number]), **(SWAP if name == "desk:around" else {}))
        assert len(asked) <= 13, name
