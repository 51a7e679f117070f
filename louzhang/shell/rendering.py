"""How Django forms are drawn: label, help, error by the field, what was typed kept."""

from django import forms
from django.core.validators import (
    BaseValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.forms.renderers import TemplatesSetting

PLAIN_WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "这一项还没有填。"},
    forms.ChoiceField: {"invalid_choice": "这个选项现在没有，请重新选一个。"},
    forms.MultipleChoiceField: {"invalid_choice": "有的选项现在没有，请重新选。"},
    forms.IntegerField: {"invalid": "请填一个整数，比如 3。"},
    forms.DateField: {"invalid": "请填一个日期，比如 2026-11-20。"},
    forms.UUIDField: {"invalid": "这个页面过期了，请刷新后再提交。"},
}
PLAIN_LIMITS: dict[type[BaseValidator], str] = {
    MaxLengthValidator: "最多写 %(limit_value)d 个字，现在有 %(show_value)d 个，请缩短。",
    MinLengthValidator: "至少写 %(limit_value)d 个字，现在只有 %(show_value)d 个。",
    MinValueValidator: "最小填 %(limit_value)s，请改一下。",
    MaxValueValidator: "最大填 %(limit_value)s，请改一下。",
}


class ShellRenderer(TemplatesSetting):
    """Set as FORM_RENDERER, so ``{{ form }}`` and ``{{ form.field.as_field_group }}`` look alike everywhere."""

    form_template_name = "shell/forms/form.html"
    field_template_name = "shell/forms/field.html"


def speak_plainly() -> None:
    """Put a whole plain sentence in place of Django's own words, for every form."""
    for field, words in PLAIN_WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}
    for limit, sentence in PLAIN_LIMITS.items():
        limit.message = sentence
