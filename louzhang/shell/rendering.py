"""How Django forms are drawn: label, help, error by the field, what was typed kept."""

from django.forms.renderers import TemplatesSetting


class ShellRenderer(TemplatesSetting):
    """Set as FORM_RENDERER, so ``{{ form }}`` and ``{{ form.field.as_field_group }}`` look alike everywhere."""

    form_template_name = "shell/forms/form.html"
    field_template_name = "shell/forms/field.html"
