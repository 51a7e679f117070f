"""Addresses of the people pages, included at /desk/people/."""

from django.urls import path

from louzhang.areas.views import people, people_codes

app_name = "people"
urlpatterns = [
    path("", people.people, name="list"),
    path("find/", people.find, name="find"),
    path("new/", people.register, name="register"),
    path("<uuid:uid>/", people.person, name="person"),
    path("<uuid:uid>/devices/end/", people.end_all_devices, name="end_devices"),
    path("<uuid:uid>/devices/<int:device_id>/end/", people.end_one_device, name="end_device"),
    path("<uuid:uid>/code/", people_codes.issue, name="issue_code"),
    path("<uuid:uid>/code/slip/", people_codes.slip, name="slip"),
    path("<uuid:uid>/password/clear/", people_codes.clear, name="clear_password"),
]
