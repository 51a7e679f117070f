"""Importing a list of areas: all of it or nothing, and twice is once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.areas.actions.bulk import NewArea, add_areas
from louzhang.areas.actions.tree import found_root, lock_tree
from louzhang.areas.imports import AreaRow, Listing, Plan, Standing, plan_import
from louzhang.areas.models import Area
from louzhang.areas.rights import refuse_keeping
from louzhang.journal.actor import Actor


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    added: Sequence[AreaRow]
    plan: Plan


def import_areas(
    *,
    listing: Listing,
    root_code: str,
    actor: Actor,
    at: datetime,
    expect: Callable[[int], object] = lambda total: None,
    advance: Callable[[int], object] = lambda count: None,
) -> Imported:
    """Import the subtree under a root code; found the district where none stands yet.

    Codes that stand already are skipped and never changed; the plan says where the file differs.
    `expect` is told how many areas will be stored, `advance` how many more are.

    Raises `imports.FileRefused` with every problem and its line; then nothing is stored.
    """
    refuse_keeping(actor)
    with transaction.atomic():
        lock_tree()
        did = _planned(listing, root_code)
        plan = did.plan
        expect(len(did.added))
        if plan.root is not None:
            found_root(name=plan.root.name, code=plan.root.code, actor=actor, at=at)
            advance(1)
        new = [NewArea(code=row.code, name=row.name, kind=row.kind, parent_code=row.parent_code) for row in plan.new]
        if new:
            add_areas(areas=new, actor=actor, at=at, advance=advance)
    return did


def look_at_areas(*, listing: Listing, root_code: str, actor: Actor) -> Imported:
    """What `import_areas` would do now; raises what it raises, stores nothing."""
    refuse_keeping(actor)
    return _planned(listing, root_code)


def _planned(listing: Listing, root_code: str) -> Imported:
    plan = plan_import(listing, root_code=root_code, standing=_standing())
    return Imported(added=[*([plan.root] if plan.root else []), *plan.new], plan=plan)


def _standing() -> dict[str, Standing]:
    rows = list(Area.objects.current().values_list("path", "code", "name", "level__kind"))
    code_at = {path: code for path, code, _, _ in rows}
    return {
        code: Standing(name=name, kind=kind, parent_code=code_at.get(path[: -Area.steplen], ""))
        for path, code, name, kind in rows
    }
