"""队伍名册 at the desk: who serves, since when, education, skills, honours; to a file with a purpose."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import places_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.areas.views.list_files import book_file
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.roster.actions.people import Taken, export_people
from louzhang.roster.forms.honours.keeping import ExportPeopleForm
from louzhang.roster.queries.people import count_members, people_below, schooling
from louzhang.roster.views.honours.frame import desk, for_offices

HEAD = (
    "地方",
    "职务",
    "姓名",
    "性质",
    "任职起",
    "任期到",
    "学历",
    "特长证书",
    "其他",
    "要参加的培训",
    "荣誉（次）",
)
LISTED = "党员（本人同意列出）"
ROLES = [("", "全部职务"), *((role.value, Role(role).label) for role in FIELD_ROLES)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def listed(request: HttpRequest) -> HttpResponse:
    """The list; a file of it for a purpose."""
    actor, day = actor_of(request), clock.local_date(clock.now())
    places = [area for area, _ in places_of(actor)]
    form = ExportPeopleForm(request.POST or None, initial={"area": str(places[0].pk)} if places else {})
    form.prepare(places)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            area = next(place for place in places if place.pk == form.cleaned_data["area"])
            return _file(area, export_people(area=area, purpose=form.cleaned_data["purpose"], actor=actor,
                                             at=clock.now(), role=_role(request)))  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = status_of(refusal)
    elif form.errors:
        status = 400
    place = next((each for each in places if str(each.pk) == request.GET.get("area", "")), None)
    rows = people_below(actor, day, area=place, role=_role(request))
    context = {
        "rows": rows,
        "form": form,
        "entry_id": uuid4(),
        "roles": ROLES,
        "role": _role(request),
        "places": [("", "全部地方"), *((str(area.pk), label) for area, label in places_of(actor))],
        "place": str(place.pk) if place is not None else "",
        "counts": count_members(actor, day),
        "schooling": schooling(actor, day),
        "is_secretary": actor.has_role(Role.SECRETARY),
    }
    return desk(request, "roster/honours/people.html", context, status=status)


def _role(request: HttpRequest) -> str:
    role = request.GET.get("role", "")
    return role if role in FIELD_ROLES else ""


def _file(area: Area, taken: Taken) -> HttpResponse:
    """The list; the column of members is there only where somebody agreed to stand in it."""
    has_listed = any(person.membership for person in taken.people)
    head = [*HEAD, LISTED] if has_listed else list(HEAD)
    lines = [
        [
            person.place, person.title, person.post.user.name, person.post.get_kind_display(),
            f"{person.post.starts_on}", f"{person.post.ends_on or ''}", person.education, person.skills, person.other,
            person.training, str(person.honours), *([person.membership] if has_listed else []),
        ]
        for person in taken.people
    ]  # fmt: skip
    name = f"{area.name}队伍名册-{clock.local_date(clock.now())}"
    return book_file(name, book_of({"队伍名册": [head, *lines]}, mark=taken.mark))
