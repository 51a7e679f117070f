"""Parsing what people and programs send: one form a verb, the same for pages and API."""

from louzhang.workorders.forms.fields import CategoryField, UuidListField, VerbForm
from louzhang.workorders.forms.reports import ReportForm, file_report
from louzhang.workorders.forms.verbs import VERB_FORMS, perform, verb_form

__all__ = [
    "VERB_FORMS",
    "CategoryField",
    "ReportForm",
    "UuidListField",
    "VerbForm",
    "file_report",
    "perform",
    "verb_form",
]
