"""Addresses of the working calendar and the working hours, included at /desk/settings/."""

from django.urls import path

from louzhang.areas.views import calendar, hours

app_name = "calendar"
urlpatterns = [
    path("calendar/", calendar.year, name="year"),
    path("calendar/csv/", calendar.year_csv, name="csv"),
    path("calendar/fill/", calendar.fill, name="fill"),
    path("calendar/import/", calendar.upload, name="upload"),
    path("calendar/<int:year>/<int:month>/<int:day>/", calendar.day, name="day"),
    path("hours/", hours.hours, name="hours"),
    path("hours/district/", hours.of_district, name="hours_district"),
    path("hours/district/end/", hours.end_of_district, name="hours_district_end"),
    path("hours/units/<int:unit_id>/", hours.of_unit, name="hours_unit"),
    path("hours/units/<int:unit_id>/end/", hours.end_of_unit, name="hours_unit_end"),
]
