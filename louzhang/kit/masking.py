"""How names, phone numbers and ID numbers look to people who may know of them but not read them."""

from louzhang.kit.phones import area_code_of
from louzhang.kit.surnames import surname_length

STAR = "*"

_SHORTEST_NAME = 2
_SHORTEST_PHONE = 11
_SHORTEST_ID = 8
_SEPARATORS = "·・• .-"
# Stands behind the names of made-up people and hides nobody.
_MADE_UP = "·演示"


def mask_name(name: str) -> str:
    """王小芳 → 王*芳, 王芳 → 王*, 欧阳小芳 → 欧阳*芳, 买买提·吐尔逊 → 买**·***, Ann Lee → A** ***.

    The mark of made-up people stays: 徐小芳·演示 → 徐*芳·演示.
    """
    name = name.strip()
    if name.endswith(_MADE_UP) and name != _MADE_UP:
        return mask_name(name.removesuffix(_MADE_UP)) + _MADE_UP
    if len(name) < _SHORTEST_NAME:
        return STAR * len(name)
    if any(sign in _SEPARATORS or sign.isascii() for sign in name):
        return name[:1] + "".join(sign if sign in _SEPARATORS else STAR for sign in name[1:])
    shown = surname_length(name)
    given = len(name) - shown
    if given == 1:
        return name[:shown] + STAR
    return name[:shown] + STAR * (given - 1) + name[-1]


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678, 057187654321 → 0571****4321; what is too short to hide shows nothing."""
    area = area_code_of(phone)
    if area:
        return f"{area}{STAR * 4}{phone[-4:]}"
    if len(phone) < _SHORTEST_PHONE:
        return STAR * len(phone)
    return f"{phone[:3]}{STAR * 4}{phone[-4:]}"


def mask_id(number: str) -> str:
    """Only the last 4 signs of an ID number; what is too short to hide shows nothing."""
    if len(number) < _SHORTEST_ID:
        return STAR * len(number)
    return STAR * (len(number) - 4) + number[-4:]
