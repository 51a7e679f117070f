"""Addresses of the pages of the security and audit administrators, included at /desk/."""

from django.urls import path

from louzhang.areas.views import keepers

app_name = "keepers"
urlpatterns = [
    path("security/", keepers.security, name="security"),
    path("security/unlock/", keepers.unlock_number, name="unlock"),
    path("audit/", keepers.audit, name="audit"),
    path("audit/find/", keepers.find_audited, name="audit_find"),
    path("audit/csv/", keepers.audit_csv, name="audit_csv"),
]
