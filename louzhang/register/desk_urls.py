"""Addresses of the register's pages at the desk: search, duplicates, quality, coverage, numbers."""

from django.urls import path

from louzhang.register.views import coverage, duplicates, quality, searching, statistics

desk_pages = [
    path("search/", searching.search, name="search"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:first>/<uuid:second>/", duplicates.compare, name="compare"),
    path("duplicates/<uuid:first>/<uuid:second>/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:first>/<uuid:second>/apart/", duplicates.apart, name="apart"),
    path("merges/<uuid:uid>/undo/", duplicates.unmerge, name="unmerge"),
    path("quality/", quality.quality, name="quality"),
    path("quality/<slug:key>/", quality.behind, name="quality_list"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/file/", statistics.as_file, name="statistics_file"),
]
