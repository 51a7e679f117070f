"""What the journal itself does to a subject, in words for timelines: these verbs are in no lifecycle."""

from typing import Final

SAID: Final = {
    "keep_attachment": "照片已处理好",
    "fail_attachment": "有照片无法处理",
    "erase": "到期的个人信息已删除",
}
