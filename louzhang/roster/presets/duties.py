"""Words to begin with: 3 classes with 19 duties (R3: 三大员), and what to do when something happens. All of it is the
district's to change.
"""

from __future__ import annotations

from dataclasses import dataclass

from louzhang.areas.roles import Role

CHIEFS = (Role.CHIEF, Role.STAIRWELL_HEAD)
CHIEF = (Role.CHIEF,)
EVERYBODY = (Role.CHIEF, Role.STAIRWELL_HEAD, Role.GRID_WORKER)


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """One duty: name, what is done, whose it is, where it shows."""

    name: str
    words: str
    proof: str
    roles: tuple[str, ...] = CHIEFS


@dataclass(frozen=True, slots=True)
class GuideDraft:
    """What to do when something happens: the steps, what never to do, whom to call."""

    key: str
    title: str
    steps: tuple[str, ...]
    callees: tuple[str, ...]
    never: str = ""


DUTIES: tuple[tuple[str, tuple[DutyDraft, ...]], ...] = (
    (
        "政策宣讲带头人",
        (
            DutyDraft("把政策讲明白", "医保、养老、住房等政策有了变化，用大白话讲给本楼的人听。", "notices"),
            DutyDraft("把通知送到户", "停水停电、接种、登记这些通知，当天送到每一户。", "notices"),
            DutyDraft("自己先学", "按时参加岗前培训和轮训，学了再讲给大家。", "training", EVERYBODY),
            DutyDraft("讲安全、防诈骗", "常说用火用电用气，见到可疑的电话短信就提醒一句。", "guides"),
            DutyDraft("讲邻里公约", "大家商量好的约定，新搬来的住户也让他知道。", "visits"),
            DutyDraft("把政策的疑问带回来", "居民问住了的，记下来问社区，再回去答。", "inquiries", CHIEF),
        ),
    ),
    (
        "睦邻友好守护人",
        (
            DutyDraft("认门认人", "走遍本楼每一户，认得人，留得住联系的办法。", "visits"),
            DutyDraft("劝和邻里", "漏水、噪音、占道起了争执，先两头听，再坐下来谈。", "mediation"),
            DutyDraft("常看老人孩子", "独居的老人、放学没人接的孩子，隔几天看一眼。", "visits"),
            DutyDraft("看着楼道和消防通道", "堆物、坏灯、堵住的通道，看到就拍下来报。", "orders"),
            DutyDraft("走一走重点地方", "配电箱、消火栓、地下室，按路线走一圈。", "patrols", EVERYBODY),
            DutyDraft("记下好人好事", "谁帮了谁一把，记一句，本人愿意的写上名字。", "deeds"),
            DutyDraft("有急事先到", "着火、漏气、有人摔倒，先叫人、先护人，再处理。", "guides", EVERYBODY),
        ),
    ),
    (
        "服务民生贴心人",
        (
            DutyDraft("听需求", "上门、在线、开会都问一句需要什么，记进清单。", "notebook"),
            DutyDraft("报问题、跟到底", "居民反映的事替他报上来，办到哪一步告诉他。", "orders"),
            DutyDraft("跑腿代办", "走不开、走不动的人，替他交材料、取药、缴费。", "errands"),
            DutyDraft("把登记弄准", "搬来搬走、出生去世，记准一次，处处都准。", "notebook"),
            DutyDraft("帮着排查和问卷", "社区要了解情况的时候，帮着问到每一户。", "surveys"),
            DutyDraft("写一句今天做的", "系统已经列好今天的事，补一句就行，不用另外填表。", "logs", EVERYBODY),
        ),
    ),
)

GUIDES: tuple[GuideDraft, ...] = (
    GuideDraft(
        "burst-pipe", "水管爆了",
        ("先关总阀：户内的在水表旁，楼里的在管道井。", "关掉泡水那一片的电闸，人离开积水。",
         "敲楼下的门，让他们接水、搬开怕湿的东西。", "打物业，讲清几号楼几单元几层。",
         "拍下漏水的地方，报上来，等修的人到。"),
        ("property", "on_duty", "community"), "千万不要站在水里摸插座和电器。",
    ),
    GuideDraft(
        "gas", "闻到煤气味",
        ("不开灯、不按门铃、不打手机，先走出去。", "能关就关燃气总阀，开门开窗。",
         "到楼外再打电话：119，还有燃气公司。", "挨户敲门（用手敲），叫人从楼梯下楼。",
         "守住单元门，修好前不让人进。"),
        ("fire", "property", "community"), "千万不要点火、开关电器、坐电梯。",
    ),
    GuideDraft(
        "fire", "着火了",
        ("马上打 119：几号楼几层，什么在烧，有没有人困住。", "大声喊，按消防警铃，叫人走楼梯。",
         "能关就关电闸和燃气。", "小火用灭火器对着根部喷，烟大就撤。",
         "到楼下点人数，派人到小区门口接消防车。"),
        ("fire", "medical", "on_duty", "property"), "千万不要坐电梯，不要回去拿东西。",
    ),
    GuideDraft(
        "fallen", "有人摔倒、昏倒",
        ("先看能不能答话、有没有呼吸。", "打 120，讲清地点，别挂电话，听他指挥。",
         "没有呼吸就按压胸口，旁边有 AED 就去取。", "不要急着扶起来，给他盖上衣服。",
         "派人到单元门口接救护车，叫家里人来。"),
        ("medical", "community", "grid_worker"), "千万不要喂水喂药，不要硬拉起来。",
    ),
    GuideDraft(
        "lift", "电梯困了人",
        ("隔着门告诉里面的人：别扒门、别跳，救援在路上。", "打电梯里贴的救援电话和物业，报电梯编号。",
         "二十分钟没人来，打 119。", "陪着里面的人说话，问有没有人不舒服。", "救出来以前，别让人再用这部电梯。"),
        ("property", "fire", "medical"), "千万不要自己撬门往外拉人。",
    ),
    GuideDraft(
        "no-answer", "敲门没人应",
        ("换个时间再去一次，打登记的电话。", "问问对门和楼下，这几天见过没有。",
         "看看信箱、奶箱、灯、水表有没有动。", "老人独居、几天没见的，马上告诉网格员和社区。",
         "听见里面有声音、闻到异味，打 110 和 120。"),
        ("grid_worker", "community", "police", "medical"), "千万不要自己撬锁进门。",
    ),
    GuideDraft(
        "dispute", "邻居吵起来了",
        ("先把人分开，各站一边，都先喝口水。", "一个一个听，不插嘴，不说谁对谁错。",
         "说得清的当场说好，记下来。", "说不清的约个时间，请网格员和社区一起坐下来谈。",
         "动手了、拿东西了，马上打 110。"),
        ("grid_worker", "community", "police"), "千万不要在群里评理，不要替人出头。",
    ),
    GuideDraft(
        "fraud", "有人接到诈骗电话",
        ("让他先挂断，什么都别点，什么都别说。", "问清：有没有转账、给过验证码、装过软件。",
         "转了钱的，马上打 110，越快越可能拦住。", "没转钱的，打 96110 问一问真假。",
         "陪他给子女打个电话，在楼里提醒一声，不说是谁。"),
        ("police", "fraud", "community"), "千万不要替他点链接、下软件、共享屏幕。",
    ),
)  # fmt: skip
