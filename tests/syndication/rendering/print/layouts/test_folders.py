"""Layouts are found in folders; a broken one is left aside and says where, why and what helps."""

import json
import shutil

import pytest

from syndication.rendering.print.layouts import folders
from syndication.rendering.print.layouts.folders import BUILT_IN, Fault, read_layout, shelf
from syndication.rendering.print.layouts.settings import Settings

CODES = ["eight", "four", "one", "six", "spread", "three", "two", "variants"]


@pytest.fixture
def own(tmp_path, settings):
    """A directory of designers with one layout, a copy of a built-in one."""
    shutil.copytree(BUILT_IN / "six", tmp_path / "mine")
    settings.PRINT_LAYOUTS = str(tmp_path)
    return tmp_path


def change(folder, **manifest):
    path = folder / "manifest.json"
    told = json.loads(path.read_text()) | manifest
    path.write_text(json.dumps({k: v for k, v in told.items() if v is not ...}))


def test_product_brings_its_layouts_without_a_fault():
    assert (sorted(shelf().layouts), shelf().faults) == (CODES, ())


def test_built_in_layouts_have_labels_in_the_languages_of_the_demonstration():
    for layout in shelf().layouts.values():
        labels = [layout.manifest.label, *(o.label for o in layout.manifest.options)]
        assert {tuple(sorted(label)) for label in labels} == {("ar", "da", "de", "en", "fi", "pl")}


def test_folder_of_designers_is_found_and_read_anew_when_it_changes(own):
    first = shelf().layouts["mine"]
    (own / "mine/card.css").write_text(".photo { height: 30mm; }")
    again = shelf().layouts["mine"]
    assert (first.digest == again.digest, shelf().layouts["mine"] is again) == (False, True)


def test_package_brings_layouts_by_its_entry_point(tmp_path, monkeypatch):
    package = tmp_path / "house_layouts"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('layouts hold no code to be run')")
    shutil.copytree(BUILT_IN / "two", package / "house_two")
    monkeypatch.syspath_prepend(tmp_path)
    point = type("Point", (), {"name": "house", "value": "house_layouts"})
    gone = type("Point", (), {"name": "gone", "value": "no_such.package"})
    monkeypatch.setattr(folders, "entry_points", lambda group: [point, gone])
    monkeypatch.setattr(folders, "packages", folders.packages.__wrapped__)  # as if begun anew
    assert sorted(shelf().layouts) == sorted([*CODES, "house_two"])


def test_layout_of_the_product_cannot_be_replaced(own):
    (own / "mine").rename(own / "six")
    assert shelf().layouts["six"].folder == BUILT_IN / "six"
    assert [(f.code, "already" in f.message) for f in shelf().faults] == [("six", True)]


def test_directory_that_is_not_there_is_a_fault(settings, tmp_path):
    settings.PRINT_LAYOUTS = str(tmp_path / "gone")
    assert [f.place for f in shelf().faults] == [str(tmp_path / "gone")]
    assert sorted(shelf().layouts) == CODES


SPOILED = [
    (lambda f: (f / "card.html").unlink(), "", 0, "card.html"),
    (lambda f: (f / "card.html").write_text("\n{{ nothing }}"), "card.html", 2, "nothing"),
    (lambda f: (f / "card.html").write_bytes(b"\xff\xfe"), "card.html", 0, "cannot be read"),
    (lambda f: (f / "card.css").write_text("p{}\n@import 'x';"), "card.css", 2, "@import"),
    (lambda f: (f / "card.css").write_text("p { color: {{ price }} }"), "card.css", 1, "price"),
    (lambda f: (f / "manifest.json").write_text('{"label": {}\n,}'), "manifest.json", 2, "JSON"),
    (lambda f: (f / "manifest.json").write_text("[" * 100_000), "manifest.json", 0, "larger"),
    (lambda f: (f / "manifest.json").write_text("[" * 30_000), "manifest.json", 0, "JSON"),
    (lambda f: (f / "manifest.json").write_text("[]"), "manifest.json", 0, "object"),
    (lambda f: (f / "inner").mkdir(), "", 0, "plain file"),
    (lambda f: (f / "link").symlink_to("/etc/passwd"), "", 0, "plain file"),
    (lambda f: (f / "big.png").write_bytes(bytes(2_000_001)), "", 0, "larger"),
    (lambda f: change(f, code={"side": 3, "across": 0, "down": 0}), "manifest.json", 0, "“code”"),
    (lambda f: change(f, label={"de": "Nur"}), "manifest.json", 0, "“label”"),
    (lambda f: change(f, label=...), "manifest.json", 0, "“label”"),
    (lambda f: change(f, cells=[[13, 1]]), "manifest.json", 0, "“cells”"),
    (lambda f: change(f, cells=[[6, 4], [6, 3]]), "manifest.json", 0, "“cells”"),
    (lambda f: change(f, cells=[[6, 4], [12, 4]]), "manifest.json", 0, "“cells”"),
    (lambda f: change(f, cells=[[True, 4]]), "manifest.json", 0, "“cells”"),
    (lambda f: change(f, pages=2), "manifest.json", 0, "“cells”"),
    (lambda f: change(f, pages=3), "manifest.json", 0, "“pages”"),
    (lambda f: change(f, takes=["ghost"]), "manifest.json", 0, "“takes”"),
    (lambda f: change(f, type="huge"), "manifest.json", 0, "“type”"),
    (lambda f: change(f, picture={"width": 1}), "manifest.json", 0, "“picture”"),
    (lambda f: change(f, picture={"width": 9, "height": 9, "pixels": 9e9}),
     "manifest.json", 0, "“picture”"),
    (lambda f: change(f, amounts={"rows": 1}), "manifest.json", 0, "“amounts”"),
    (lambda f: change(f, measure={"line": 0}), "manifest.json", 0, "“measure”"),
    (lambda f: change(f, script="x"), "manifest.json", 0, "“script”"),
    (lambda f: change(f, options=[{"code": "A b"}]), "manifest.json", 0, "“options”"),
    (lambda f: change(f, options=[{"code": "a", "kind": "code", "label": {"en": "A"}}]),
     "manifest.json", 0, "options.a"),
    (lambda f: change(f, options=[{"code": "a", "kind": "number", "label": {"en": "A"},
     "default": 9, "most": 3}]), "manifest.json", 0, "options.a"),
    (lambda f: change(f, options=[{"code": "a", "kind": "choice", "label": {"en": "A"},
     "default": "x", "choices": {"y": {"en": "Y"}}}]), "manifest.json", 0, "options.a"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "file", "line", "said"), SPOILED)
def test_broken_layout_is_left_aside_with_place_and_cure(spoil, file, line, said, own):
    spoil(own / "mine")
    (fault,) = shelf().faults
    told = fault.message % fault.params if fault.params else fault.message
    assert (fault.file, fault.line, said in told, bool(fault.cure)) == (file, line, True, True)
    assert fault.place == str(own / "mine" / file) + (f":{line}" if line else "")
    assert sorted(shelf().layouts) == CODES


def test_name_of_a_folder_must_be_a_code(own):
    (own / "mine").rename(own / "My Layout")
    assert isinstance(read_layout(own / "My Layout"), Fault)


def test_settings_hold_to_what_the_manifest_allows():
    layout = shelf().layouts["variants"]
    for value, columns in ((3, 3), (99, 8), (-1, 2), ("x", 5), (True, 5), (None, 5)):
        found = Settings(layout, {"layout_variants_columns": value})
        assert (found.values, found.amount("columns")) == (
            {"columns": columns, "common": True},
            columns,
        )
    off = Settings(layout, {"layout_variants_common": False})
    assert (off.texts["option.common"], off.classes) == ("", "")
