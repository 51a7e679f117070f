"""The three invariants, read from the source: scope once, one walker, an appended journal."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Chained
from louzhang.journal.subjects import registered
from louzhang.workorders.actions import VERBS
from louzhang.workorders.forms import VERB_FORMS
from louzhang.workorders.lifecycle import LABELS, LOOP, MISSING, RESIDENT_LABELS, STEP_OF, Relation, State
from louzhang.workorders.models import WorkOrder

ROOT = Path(__file__).resolve().parents[2]
# Who may write a status: the walker moves it; the two makers of new rows give the first one.
WRITERS = {
    "louzhang/journal/walker.py",
    "louzhang/workorders/actions/reporting.py",
    "louzhang/workorders/actions/importing.py",
}
APPENDED = {"Event", "Reveal", "Seal"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "louzhang").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "/tests/" not in name and "/migrations/" not in name:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def assigns_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        is_writer = name in {"update", "create", "bulk_create", "set", "WorkOrder", "get_or_create", "update_or_create"}
        return is_writer and any(keyword.arg == "status" for keyword in node.keywords)
    return False


def test_only_the_walker_and_the_makers_of_new_orders_write_a_status():
    # `lead_to` and the transition's table are the other half: a step cannot name a state that is no target.
    found = {name for name, tree in sources() if "workorders" in name or "journal" in name
             for node in ast.walk(tree) if assigns_status(node)}  # fmt: skip
    assert found - WRITERS == set()
    assert "louzhang/journal/walker.py" in found, "the test no longer recognises the walker's own assignment"


def queried_model(node: ast.Call) -> str:
    """The model of `Model.objects.….verb(…)`, or an empty string."""
    value: ast.AST = node.func
    while isinstance(value, ast.Attribute | ast.Call):
        if isinstance(value, ast.Attribute) and value.attr in {"objects", "_base_manager", "_default_manager"}:
            return value.value.id if isinstance(value.value, ast.Name) else ""
        value = value.func if isinstance(value, ast.Call) else value.value
    return ""


def test_nothing_changes_or_removes_what_the_journal_has():
    found = [
        (name, node.lineno)
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "delete", "bulk_update", "update_or_create"}
        and queried_model(node) in APPENDED
    ]
    assert found == []


def test_pages_and_programs_reach_orders_only_through_scope():
    found = [
        (name, node.lineno)
        for name, tree in sources()
        if "/views" in name or "/api" in name
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id in {"WorkOrder", "Report", "Event", "Words", "Attachment", "Reveal"}
    ]
    assert found == []


@pytest.mark.django_db
def test_scope_refuses_none_and_shows_nobody_nothing():
    with pytest.raises(TypeError):
        WorkOrder.objects.visible_to(None)  # type: ignore[arg-type]
    assert not WorkOrder.objects.visible_to(Actor(kind=ActorKind.PERSON, user_id=1)).exists()


def test_every_verb_of_the_table_has_an_action_a_form_and_its_words():
    verbs = {transition.verb for transition in LOOP}
    assert verbs == set(VERBS) == set(VERB_FORMS)
    for transition in LOOP:
        assert transition.sources <= set(State)
        assert set(transition.targets) <= set(State)
        assert transition.relations <= set(Relation)
        assert set(transition.needs) <= set(MISSING), transition.verb
        fields = set(VERB_FORMS[transition.verb]().fields)
        assert set(transition.needs) | set(transition.takes) <= fields | {"assignee"}, transition.verb


def test_every_state_can_be_spoken_and_reached():
    assert set(LABELS) == set(RESIDENT_LABELS) == set(STEP_OF) == set(State)
    reached = {State.REPORTED} | {target for transition in LOOP for target in transition.targets}
    assert reached == set(State)


def test_the_diagram_in_the_docs_draws_the_table():
    drawn = {
        tuple(part.strip() for part in line.strip().replace(":", "-->").split("-->"))
        for line in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
        if "-->" in line and "[*]" not in line
    }
    arrows = {(source, target, label.split(" ")[0]) for source, target, label in drawn}
    table = {
        (source, target, transition.verb)
        for transition in LOOP
        for source in transition.sources
        for target in transition.targets
        if source != target
    }
    alternative = {arrow for arrow in table if arrow[2] in {"reopen", "rate", "settle_on_spot"}}
    assert arrows <= table
    assert table - arrows <= alternative


def test_every_chained_table_is_known_to_the_proof():
    def below(model):
        for child in model.__subclasses__():
            yield child
            yield from below(child)

    tables = {model for model in below(Chained) if not model._meta.abstract}
    assert tables == set(registered().values())
