"""Chinese surnames that a program gets wrong by itself: the compound ones and those read unlike the common word."""

_COMPOUND_IN_A_ROW = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘令狐淳于单于轩辕拓跋百里呼延东郭"
    "南门西门羊舌左丘第五纳兰完颜叶赫耶律即墨谷梁段干漆雕乐正壤驷公西巫马颛孙子车司寇"
    "梁丘东门微生歐陽東方南宮聞人諸葛尉遲赫連澹臺濮陽公孫鍾離長孫鮮于單于軒轅"
)
COMPOUND: frozenset[str] = frozenset(
    _COMPOUND_IN_A_ROW[start : start + 2] for start in range(0, len(_COMPOUND_IN_A_ROW), 2)
)

READINGS: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "單": ("shan",),
    "解": ("xie",),
    "仇": ("qiu",),
    "查": ("zha",),
    "区": ("ou",),
    "區": ("ou",),
    "曾": ("zeng",),
    "盖": ("ge",),
    "蓋": ("ge",),
    "繁": ("po",),
    "朴": ("piao",),
    "秘": ("bi",),
    "员": ("yun",),
    "員": ("yun",),
    "乐": ("yue",),
    "樂": ("yue",),
    "翟": ("zhai",),
    "折": ("she",),
    "黑": ("he",),
    "召": ("shao",),
    "种": ("chong",),
    "缪": ("miao",),
    "繆": ("miao",),
    "卜": ("bu",),
    "隗": ("wei",),
    "祭": ("zhai",),
    "覃": ("qin",),
    "洗": ("xian",),
    "郇": ("xun",),
    "薄": ("bo",),
    "都": ("du",),
    "能": ("nai",),
    "乜": ("nie",),
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "尉遲": ("yu", "chi"),
    "单于": ("chan", "yu"),
    "單于": ("chan", "yu"),
    "长孙": ("zhang", "sun"),
    "長孫": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "澹臺": ("tan", "tai"),
    "乐正": ("yue", "zheng"),
    "子车": ("zi", "ju"),
}


def surname_length(name: str) -> int:
    """Count the signs of the surname in a Chinese name: 2 for a compound one, else 1."""
    return 2 if name[:2] in COMPOUND and name[2:] else min(1, len(name))
