"""The options of a select: escaped, grouped, one chosen."""

from louzhang.shell.templatetags.shell import options


def test_the_chosen_option_is_marked_whatever_its_type() -> None:
    assert options([(1, "一"), (2, "二")], 2) == '<option value="1">一</option><option value="2" selected>二</option>'


def test_pairs_below_a_heading_are_a_group() -> None:
    made = options([("水", [("s1", "漏水"), ("s2", "停水")])], "s2")
    assert made == (
        '<optgroup label="水"><option value="s1">漏水</option><option value="s2" selected>停水</option></optgroup>'
    )


def test_nothing_chosen_marks_nothing() -> None:
    assert " selected" not in options([("", "全部"), ("a", "甲")], None)


def test_values_and_labels_are_escaped() -> None:
    made = options([('"><b>', "<i>甲</i>"), ("<p>", [("a", "&")])])
    assert made == (
        '<option value="&quot;&gt;&lt;b&gt;">&lt;i&gt;甲&lt;/i&gt;</option>'
        '<optgroup label="&lt;p&gt;"><option value="a">&amp;</option></optgroup>'
    )
