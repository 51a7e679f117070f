"""Every address of the place; each app brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

from config import health
from config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("", include("louzhang.shell.urls")),
    path("", include("louzhang.journal.urls")),
    path("", include("louzhang.accounts.urls")),
    path("", include("louzhang.notices.urls.pages")),
    path("", include("louzhang.inquiries.urls")),
    path("", include("louzhang.mediation.urls")),
    path("mine/register/", include("louzhang.register.own_urls")),
    path("desk/rights/", include("louzhang.register.rights_urls")),
    path("desk/settings/protection/", include("louzhang.register.protection_urls")),
    path("register/care/", include("louzhang.register.care_urls")),
    path("", include("louzhang.register.public_urls")),
    path("", include("louzhang.surveys.public_urls")),
    path("", include("louzhang.ballots.urls")),
    path("", include("louzhang.roster.urls")),
    path("register/", include("louzhang.register.urls")),
    path("places/", include("louzhang.areas.urls.places")),
    path("command/", include("louzhang.command.urls")),
    path("desk/settings/categories/", include("louzhang.workorders.urls.categories")),
    path("desk/settings/clocks/", include("louzhang.workorders.urls.clocks")),
    path("desk/settings/duties/", include("louzhang.workorders.urls.duties")),
    path("desk/settings/routing/", include("louzhang.workorders.urls.routing")),
    path("desk/settings/replies/", include("louzhang.workorders.urls.replies")),
    path("desk/settings/channels/", include("louzhang.notices.urls.channels")),
    path("desk/settings/", include("louzhang.areas.urls.calendar")),
    path("desk/settings/", include("louzhang.areas.urls.settings")),
    path("desk/people/", include("louzhang.areas.urls.people")),
    path("desk/figures/", include("louzhang.figures.urls")),
    path("desk/", include("louzhang.areas.urls.keepers")),
    path("desk/duty/", include("louzhang.duty.urls")),
    path("desk/surveys/", include("louzhang.surveys.desk_urls")),
    path("field/surveys/", include("louzhang.surveys.field_urls")),
    path("survey-results/", include("louzhang.surveys.results_urls")),
    path("survey-paper/", include("louzhang.surveys.paper_urls")),
    path("follow-ups/", include("louzhang.surveys.follow_up_urls")),
    path("desk/asking/", include("louzhang.fieldwork.asking_urls")),
    path("field/burden/", include("louzhang.fieldwork.asking_own_urls")),
    path("desk/work/", include("louzhang.fieldwork.desk_urls")),
    path("field/today/", include("louzhang.fieldwork.field_urls")),
    path("patrols/", include("louzhang.fieldwork.urls.patrols")),
    path("logs/", include("louzhang.fieldwork.urls.logs")),
    path("errands/", include("louzhang.fieldwork.urls.errands")),
    path("deeds/", include("louzhang.fieldwork.urls.deeds")),
    path("handing/", include("louzhang.fieldwork.urls.handing")),
    path("desk/", include("louzhang.workorders.urls.desk")),
    path("", include("louzhang.workorders.urls.filing")),
    path("", include("louzhang.workorders.urls.phone")),
    path("field/", include("louzhang.workorders.urls.field")),
]

handler400 = "louzhang.shell.refusals.bad_request"
handler403 = "louzhang.shell.refusals.permission_denied"
handler404 = "louzhang.shell.refusals.page_not_found"
handler500 = "louzhang.shell.refusals.server_error"
