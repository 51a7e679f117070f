"""Publishing of styles and scripts: what is left out, and what is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from louzhang.kit.publishing import LeanStorage, lean

STYLE = "/* why\n   so */\n.lz-card { color: red; } /* here */\n\n@media print {\n  .lz-card { color: black; }\n}\n"
SCRIPT = '// what it is for\n(() => {\n  // why\n  const url = "https://a.example//b";\n  call(url); // stays\n})();\n'


def test_a_style_goes_out_without_remarks():
    assert lean(STYLE, ".css") == ".lz-card { color: red; }\n@media print {\n.lz-card { color: black; }\n}\n"


def test_a_script_loses_whole_lines_of_remark_and_nothing_of_its_code():
    expected = '(() => {\nconst url = "https://a.example//b";\ncall(url); // stays\n})();\n'
    assert lean(SCRIPT, ".js") == expected


def test_a_script_with_a_text_over_several_lines_stays_as_it_is():
    script = "const words = `one\n  // two\n`;\n"
    assert lean(script, ".js") == script


@pytest.mark.parametrize(
    ("name", "is_lean"), [("shell/js/some.js", True), ("vendor/some.js", False), ("django_htmx/some.js", False)]
)
def test_only_our_own_files_are_changed(tmp_path: Path, name: str, is_lean: bool):
    storage = LeanStorage(location=tmp_path, base_url="/static/")
    storage.save(name, ContentFile(SCRIPT.encode()))
    assert ((tmp_path / name).read_text() != SCRIPT) is is_lean


def test_a_published_file_holds_its_code_under_the_name_that_pages_ask_for(tmp_path: Path):
    source = FileSystemStorage(location=tmp_path / "from")
    storage = LeanStorage(location=tmp_path / "to", base_url="/static/")
    written = {"shell/some.js": SCRIPT, "shell/some.css": STYLE, "shell/other.css": '@import url("some.css");\n/* a */'}
    for name, words in written.items():
        source.save(name, ContentFile(words.encode()))
        with source.open(name) as written_file:
            storage.save(name, written_file)
    done = list(storage.post_process({name: (source, name) for name in written}))
    assert not [fault for _, _, fault in done if isinstance(fault, Exception)]
    for name, words in written.items():
        published = (tmp_path / "to" / storage.stored_name(name)).read_text()
        assert storage.stored_name(name) != name
        assert "*/" not in published
        assert "// why" not in published
        assert len(published) > len(words) / 3
    assert (
        storage.stored_name("shell/some.css").split("/")[1]
        in (tmp_path / "to" / storage.stored_name("shell/other.css")).read_text()
    )


def test_what_was_made_lean_stays_the_same_when_published_again():
    assert lean(lean(SCRIPT, ".js"), ".js") == lean(SCRIPT, ".js")
    assert lean(lean(STYLE, ".css"), ".css") == lean(STYLE, ".css")
