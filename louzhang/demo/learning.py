"""Duties, training, a studio, cases and talks of the demo: a few rows of one street, through the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from louzhang.accounts.models import User
from louzhang.demo.district import Building, Community, District
from louzhang.fieldwork.queries.handing import stand_ins_for
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.kit import clock
from louzhang.roster.actions.duties import lay_down_duties
from louzhang.roster.actions.guides import lay_down_guides
from louzhang.roster.actions.training.courses import CourseDraft, MaterialDraft, add_course, add_material, set_rule
from louzhang.roster.actions.training.enrolling import enrol
from louzhang.roster.actions.training.lessons import LessonDraft, hold_lesson, plan_lesson
from louzhang.roster.actions.training.postings import PostingDraft, arrange_posting, report_posting
from louzhang.roster.actions.training.studios import MeetingDraft, StudioDraft, call_meeting, found_studio, join_studio
from louzhang.roster.actions.training.writings import (
    CaseDraft,
    answer_peer,
    ask_peers,
    offer_case,
    publish_case,
    write_case,
)
from louzhang.roster.models.training import Course, Lesson

FIELD = ("chief", "stairwell_head", "grid_worker")
COURSES = (
    CourseDraft(
        "楼长上岗第一课", "before", "policy", FIELD, about="做什么、不做什么，怎么敲开第一扇门，怎么保护居民的信息。"
    ),
    CourseDraft("心肺复苏和止血包扎", "in_turn", "rescue", FIELD, about="市急救中心的老师带着做，每人都要按压一遍。"),
    CourseDraft(
        "民法典里的邻里事", "tiered", "civil_code", FIELD, tier=1, about="漏水、噪音、采光、养狗，法律怎么说。"
    ),
    CourseDraft("和孩子说话的家庭教育", "tiered", "family", FIELD, tier=1),
    CourseDraft("疑难案例会", "in_turn", "cases", FIELD),
)
# Which course, who, within how many days or every how many months.
RULES = ((0, "chief", 30, None), (1, "chief", None, 12), (1, "grid_worker", None, 6))
SIX_LINES = (
    "一、我是本楼楼长，这是联系卡，卡上的六位数可以核对。\n二、您家有没有要我帮着问、帮着跑的事？\n"
    "三、不方便现在说，可以随时打电话、发消息。\n四、我记下的您都能看到，谁看过也能查到。\n五、不愿意说的可以不说。"
)
PRESSING = "双手交叠放在胸口正中，手臂伸直，用力快压，每分钟一百到一百二十次，压下去五到六厘米，让胸口完全弹回来。"
TEXTS = ((0, "上门五句话", SIX_LINES), (1, "按压要领", PRESSING))
DOOR = (
    "连着三天没人应。先换了早中晚三个时间，再问对门，都说没看见。请网格员一起去，从窗外看见灯亮着，"
    "是助听器坏了。后来帮着配了闪光门铃，每周三固定去坐一会儿。"
)
HEAPS = (
    "劝了几次都说马上搬。换了办法：大家一起定一个周六上午，物业出车，楼长出人，先搬自己家的。"
    "一上午清了一层楼，后来每季度一次。"
)
NOISE = "楼上夜里有声音，楼下睡不着。先各听一遍，再请两家一起听录音，原来是水锤。物业换了阀，两家现在互相送菜。"
CASES = (("敲不开的门", DOOR, "service"), ("楼道堆物搬走了", HEAPS, "cases"))
WAITING = ("半夜的声音", NOISE, "cases")
ASKS = (
    (
        "楼里有几户常年不交物业费，影响修电梯，大家是怎么开口的？",
        (
            "先把电梯的账贴出来，一笔一笔，多数人是不知道钱去哪了。",
            "请业委会和物业一起开门听意见，别让楼长一个人去要。",
        ),
    ),
    ("年轻租客敲门不开、消息不回，怎么认识？", ("我们在快递柜旁边摆了个换灯泡的摊，两个晚上认识了一半。",)),
)
HOST = "成都市锦江区示范社区"


def learn(district: District, at: datetime) -> None:
    """The preset of duties and pages, then a season of training in the first street."""
    began = at - timedelta(days=100)
    lay_down_duties(actor=SYSTEM, at=began)
    lay_down_guides(actor=SYSTEM, at=began)
    community = max(district.built_up(), key=lambda each: len(_chiefs(each)))
    office = district.actor(district.desks[community.street.pk][0])
    chiefs = _chiefs(community)
    courses = [add_course(area=community.street, draft=draft, actor=office, at=began) for draft in COURSES]
    for number, role, days, months in RULES:
        set_rule(area=community.street, role=role, course_uid=courses[number].uid, within_days=days,
                 every_months=months, actor=office, at=began)  # fmt: skip
    for number, title, text in TEXTS:
        add_material(course_uid=courses[number].uid, draft=MaterialDraft(title, text), actor=office, at=began)
    _give_lessons(district, courses, office, chiefs, at)
    _go_and_learn(district, community, chiefs, at)
    _meet_in_studio(district, community, chiefs, at)
    _write_down(district, community, chiefs, at)


def _chiefs(community: Community) -> list[User]:
    """Each once, however many buildings they look after."""
    held = [building.chief.user for building in community.buildings if building.chief is not None]
    return list({person.pk: person for person in held}.values())


def _give_lessons(district: District, courses: list[Course], office: Actor, chiefs: list[User], at: datetime) -> None:
    """One given two months ago, a round with experts, one to come with more people than seats."""
    past = _plan(courses[0], office, at - timedelta(days=70), at - timedelta(days=60), 40, "街道礼堂", "街道党校")
    came = chiefs[:8]
    for person in came:
        enrol(uid=past.uid, actor=district.actor(person), at=at - timedelta(days=65))
    hold_lesson(uid=past.uid, came=[person.pk for person in came[:7]], actor=office, at=at - timedelta(days=59))
    rounds = _plan(
        courses[4], office, at - timedelta(days=30), at - timedelta(days=20), 30, "街道礼堂", "市委党校专家", 1
    )
    hold_lesson(uid=rounds.uid, came=[], others=[person.pk for person in came[:5]], actor=office,
                at=at - timedelta(days=19))  # fmt: skip
    _plan(courses[4], office, at, at + timedelta(days=25), 30, "街道礼堂", "省社会工作协会专家", 2)
    _plan(courses[2], office, at, at + timedelta(days=12), 30, "社区法律诊所", "驻点律师")
    soon = _plan(courses[1], office, at - timedelta(days=5), at + timedelta(days=4), 4, "社区会议室", "市急救中心")
    for person in chiefs[:7]:
        enrol(uid=soon.uid, actor=district.actor(person), at=at - timedelta(days=2))


def _plan(
    course: Course, office: Actor, planned: datetime, day: datetime, seats: int, place: str, who: str,
    round_number: int | None = None,
) -> Lesson:  # fmt: skip
    starts_at = clock.day_start(clock.local_date(day)) + timedelta(hours=9)
    draft = LessonDraft(place, starts_at, starts_at + timedelta(hours=3), seats, who, round_number=round_number)
    return plan_lesson(course_uid=course.uid, draft=draft, actor=office, at=planned)


def _go_and_learn(district: District, community: Community, chiefs: list[User], at: datetime) -> None:
    """One is back and has told what was learnt; another one goes next week."""
    desk = district.actor(district.desks[community.area.pk][0])
    held: list[Building] = [building for building in community.buildings if building.chief is not None][-2:]
    for building, days in zip(held, (-45, 7), strict=False):
        others = stand_ins_for(building.area, at, but=[building.chief.user_id]) if building.chief is not None else []
        if building.chief is None or not others:
            continue
        when = at if days > 0 else at + timedelta(days=days - 1)
        first = clock.local_date(at + timedelta(days=days))
        draft = PostingDraft(HOST, "province", first, first + timedelta(days=20), others[0].user)
        row = arrange_posting(post_id=building.chief.pk, draft=draft, actor=desk, at=when)
        if days < 0:
            report_posting(
                uid=row.uid, words="那边每周五晚上开楼栋茶会，大家带着问题来，能当场定的当场定。回来先在本楼试三次。",
                actor=district.actor(building.chief.user), at=at - timedelta(days=15),
            )  # fmt: skip


def _meet_in_studio(district: District, community: Community, chiefs: list[User], at: datetime) -> None:
    """An experienced one of the office with chiefs, one of whom leads two more."""
    began = at - timedelta(days=50)
    office = district.actor(district.desks[community.street.pk][0])
    lead = district.desks[community.area.pk][0]
    draft = StudioDraft(f"{community.area.name}老楼长工作室", lead, "手把手带新楼长")
    studio = found_studio(area=community.street, draft=draft, actor=office, at=began)
    for person in chiefs[:4]:
        join_studio(uid=studio.uid, user=person, actor=district.actor(lead), at=began)
    own = StudioDraft("一楼一策工作室", chiefs[0], "怎么问出真需求")
    below = found_studio(area=community.area, draft=own, actor=district.actor(lead), at=began)
    for person in chiefs[4:6]:
        join_studio(uid=below.uid, user=person, actor=district.actor(chiefs[0]), at=began)
    meeting = MeetingDraft("敲不开的门怎么办", "社区茶室", at + timedelta(days=3))
    call_meeting(uid=studio.uid, draft=meeting, actor=district.actor(lead), at=at - timedelta(days=1))


def _write_down(district: District, community: Community, chiefs: list[User], at: datetime) -> None:
    """Two cases that are out, one that waits for another pair of eyes, two questions with answers."""
    desk = district.actor(district.desks[community.area.pk][0])
    for number, (title, words, subject) in enumerate((*CASES, WAITING)):
        author, when = district.actor(chiefs[number % len(chiefs)]), at - timedelta(days=20 - 3 * number)
        byline = ("name", "place", "nobody")[number]
        case = write_case(draft=CaseDraft(title, words, subject, byline), actor=author, at=when)
        offer_case(uid=case.uid, is_confirmed=True, actor=author, at=when)
        if number < len(CASES):
            publish_case(uid=case.uid, actor=desk, at=when + timedelta(hours=5))
    for number, (words, answers) in enumerate(ASKS):
        when = at - timedelta(days=6 - 2 * number)
        ask = ask_peers(words=words, byline="place", actor=district.actor(chiefs[number % len(chiefs)]), at=when)
        for place, answer in enumerate(answers, start=2):
            person = district.actor(chiefs[(number + place) % len(chiefs)])
            answer_peer(uid=ask.uid, words=answer, byline="place", actor=person, at=when + timedelta(hours=3 * place))
