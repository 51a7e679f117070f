from django import forms

from louzhang.shell.widgets import ChipRadio, Phone, Stars, Words


class ReportForm(forms.Form):
    words = forms.CharField(label="什么事", widget=Words, help_text="一两句话就够。")
    phone = forms.CharField(label="电话", widget=Phone, required=False)
    answer = forms.ChoiceField(label="怎样答复", choices=[("p", "打电话"), ("h", "在这里看")], widget=ChipRadio)
    stars = forms.TypedChoiceField(label="办得怎么样", coerce=int, choices=Stars.CHOICES, widget=Stars, required=False)


def test_an_error_stands_by_its_field_and_is_spoken() -> None:
    form = ReportForm({"words": "", "phone": "139", "answer": "p"})
    drawn = form["words"].as_field_group()
    assert 'role="alert"' in drawn
    assert 'id="id_words_error"' in drawn
    assert 'aria-describedby="id_words_helptext id_words_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "这一项还没有填。" in drawn


def test_what_was_typed_is_still_there_after_an_error() -> None:
    form = ReportForm({"words": "", "phone": "139", "answer": "p"})
    html = str(form)
    assert 'value="139"' in html
    assert 'value="p"' in html
    assert html.count("checked") == 1


def test_the_summary_names_every_field_that_needs_a_look() -> None:
    html = str(ReportForm({}))
    assert 'href="#id_words"' in html
    assert 'href="#id_answer"' in html
    assert "您填的内容都在" in html


def test_a_group_of_choices_has_a_legend() -> None:
    drawn = ReportForm()["answer"].as_field_group()
    assert "<fieldset" in drawn
    assert "怎样答复" in drawn.split("</legend>")[0]


def test_what_may_be_left_out_says_so() -> None:
    assert "选填" in ReportForm()["phone"].as_field_group()
    assert "选填" not in ReportForm()["words"].as_field_group()


def test_a_phone_number_is_never_kept_in_a_draft() -> None:
    assert "data-private" in str(ReportForm()["phone"])


def test_stars_are_five_radios_with_words() -> None:
    drawn = str(ReportForm({"stars": "4"})["stars"])
    assert drawn.count('type="radio"') == 5
    assert "4 星，满意" in drawn
    assert drawn.count("checked") == 1


class LimitedForm(forms.Form):
    words = forms.CharField(max_length=4)
    homes = forms.IntegerField(min_value=1, max_value=9)


def test_what_is_too_long_or_too_much_is_told_in_plain_words() -> None:
    long = LimitedForm({"words": "长长长长长", "homes": "0"})
    assert long.errors == {
        "words": ["最多写 4 个字，现在有 5 个，请缩短。"],
        "homes": ["最小填 1，请改一下。"],
    }
    assert LimitedForm({"words": "好", "homes": "10"}).errors == {"homes": ["最大填 9，请改一下。"]}
