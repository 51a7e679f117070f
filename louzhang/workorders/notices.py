"""What the steps of an order tell whom: one row a verb and audience, read from the journal by the worker.

A further verb is one further row. A title names the kind of matter and the place, never what people
wrote; of complaints and guarded matters it names the number alone.
"""

from __future__ import annotations

from louzhang.journal.models import Audience
from louzhang.notices.rules import ALWAYS, URGENT, Rule, Rulebook
from louzhang.workorders.audiences import ASKER, DESK, HANDS, LOOKERS, NAMED, REPORTERS, Orders
from louzhang.workorders.lifecycle import State

PUBLIC = Audience.PUBLIC

RULES = (
    Rule("report", DESK, "new", "新反映等待受理：{what}", many="{count} 件新反映等待受理", red=URGENT),
    Rule("dispatch", HANDS, "given", "交给您办：{what}", many="{count} 件新交给您办的事", red=URGENT),
    Rule("assign", HANDS, "given", "指定由您办：{what}", many="{count} 件新交给您办的事", red=URGENT),
    Rule("send_back", DESK, "back", "被退回，请重新交办：{what}", many="{count} 件被退回，请重新交办", red=URGENT),
    Rule("settle", DESK, "settled", "办好了，请向反映人反馈：{what}", many="{count} 件办好了，请向反映人反馈"),
    Rule("settle_on_spot", DESK, "settled", "现场办好了，请反馈：{what}", led_to=State.SETTLED,
         many="{count} 件办好了，请向反映人反馈"),
    Rule("reopen", HANDS, "again", "要重新办理：{what}", many="{count} 件要重新办理", red=URGENT),
    Rule("withdraw", HANDS, "withdrawn", "反映人撤回了：{what}", many="{count} 件反映人撤回了"),
    Rule("comment", HANDS, "said", "反映人补充了说明：{what}", audience=PUBLIC),
    Rule("accept", REPORTERS, "step", "您反映的{what}已经受理，正在安排。"),
    Rule("decline", REPORTERS, "step", "您反映的{what}没有受理，请看说明。"),
    Rule("dispatch", REPORTERS, "step", "您反映的{what}已交给{unit}。"),
    Rule("take", REPORTERS, "step", "您反映的{what}正在办。"),
    Rule("settle", REPORTERS, "step", "您反映的{what}办好了，等待向您反馈。"),
    Rule("settle_on_spot", REPORTERS, "step", "您反映的{what}已经现场办好。"),
    Rule("report_back", REPORTERS, "step", "您反映的{what}有结果了，请您评价。"),
    Rule("reopen", REPORTERS, "step", "您反映的{what}重新办理了。"),
    # Several units at one order.
    Rule("dispatch", NAMED, "assist", "请您单位协办：{what}", many="{count} 件请您单位协办", red=URGENT),
    Rule("ask_assist", NAMED, "assist", "请您单位协办：{what}", many="{count} 件请您单位协办", red=URGENT),
    Rule("release_part", NAMED, "assist", "不用您单位协办了：{what}"),
    Rule("remind_part", NAMED, "soon", "协办快到时限：{what}", many="{count} 件协办快到时限", red=URGENT),
    Rule("overdue_part", NAMED, "overdue", "协办已经超期：{what}", many="{count} 件协办已经超期", red=URGENT),
    Rule("overdue_part", HANDS, "overdue", "协办单位超期：{what}", many="{count} 件协办单位超期"),
    Rule("reply_part", HANDS, "replied", "协办单位有了回复：{what}", many="{count} 件协办单位有了回复"),
    Rule("ask_contact", DESK, "asked", "协办单位申请联系方式：{what}"),
    Rule("transfer", HANDS, "given", "转给您办：{what}", many="{count} 件新交给您办的事", red=URGENT),
    Rule("arbitrate", HANDS, "given", "会商决定由您办：{what}", many="{count} 件新交给您办的事", red=URGENT),
    Rule("call_meeting", NAMED, "meeting", "请您单位到现场办公：{what}"),
    Rule("record_meeting", NAMED, "meeting", "现场办公的记录和承诺：{what}"),
    Rule("cancel_meeting", NAMED, "meeting", "现场办公取消了：{what}"),
    # Pressed from above and from below.
    Rule("urge", HANDS, "urged", "有人催办：{what}", many="{count} 件有人催办"),
    Rule("supervise", HANDS, "supervised", "上级督办，请签收：{what}", red=ALWAYS),
    Rule("supervise", DESK, "supervised", "上级督办：{what}"),
    Rule("reply_supervision", ASKER, "supervised", "督办有了回复：{what}"),
    Rule("lift_supervision", HANDS, "supervised", "督办解除了：{what}"),
    Rule("escalate", DESK, "new", "提级到您这里办理：{what}", many="{count} 件新反映等待受理", red=URGENT),
    Rule("settle", LOOKERS, "look", "办好了，请到现场核实：{what}", many="{count} 件办好了，请到现场核实"),
    Rule("verify", DESK, "looked", "现场核实过了：{what}", many="{count} 件现场核实过了"),
    Rule("verify", HANDS, "looked", "现场核实过了：{what}", many="{count} 件现场核实过了"),
    Rule("verify", REPORTERS, "step", "您反映的{what}已经到现场核实过。"),
    Rule("refute", DESK, "looked", "现场核实没有办好，重新办理：{what}"),
    Rule("refute", REPORTERS, "step", "您反映的{what}到现场核实还没有办好，正在重新办理。"),
    Rule("refute", HANDS, "again", "现场核实没有办好：{what}", many="{count} 件要重新办理", red=URGENT),
    Rule("settle_by_explanation", DESK, "asked", "请复核解释说明：{what}"),
    Rule("return_explanation", HANDS, "again", "解释说明没有通过复核：{what}"),
    Rule("shelve", REPORTERS, "step", "您反映的{what}暂时办不了，请看说明。"),
    Rule("unshelve", REPORTERS, "step", "您反映的{what}恢复办理了。"),
    Rule("confirm_explanation", REPORTERS, "step", "您反映的{what}有了说明，等待向您反馈。"),
    # The clocks.
    Rule("remind", HANDS, "soon", "快到时限：{what}", many="{count} 件快到时限", red=URGENT),
    Rule("overdue", HANDS, "overdue", "已经超期：{what}", many="{count} 件已经超期", red=URGENT),
    Rule("overdue", ASKER, "overdue", "下级超期，请过问：{what}", many="{count} 件下级超期，请过问", red=URGENT),
    Rule("ask_pause", DESK, "asked", "申请暂停计时，请答复：{what}"),
    Rule("grant_pause", HANDS, "time", "同意暂停计时：{what}"),
    Rule("refuse_pause", HANDS, "time", "没有同意暂停计时：{what}"),
    Rule("pause", HANDS, "time", "计时暂停了：{what}"),
    Rule("resume", HANDS, "time", "计时恢复了：{what}"),
    Rule("ask_extension", DESK, "asked", "申请延期，请答复：{what}"),
    Rule("grant_extension", HANDS, "time", "同意延期：{what}"),
    Rule("refuse_extension", HANDS, "time", "没有同意延期：{what}"),
)  # fmt: skip

BOOK = Rulebook(rules=RULES, open_batch=Orders)
