"""Supplied PDF pages fit the sheet; what could act, hide or swell up is refused with its cause."""

import hashlib
import io
import re
import subprocess
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print import fixed_check
from syndication.rendering.print.fixed import FixedRefused, fixed_pages
from syndication.rendering.print.inserts import inserts_of
from syndication.rendering.print.parts import Pack
from syndication.rendering.print.sheet import MM
from tests.factories import listings as samples
from tests.factories.adverts import advert

KIND = Catalogue()


def stored(payload: bytes, folder, **about) -> dict:
    """Return the asset with these bytes as an option gets it."""
    sha = hashlib.sha256(payload).hexdigest()
    place = folder / "assets" / sha[:2] / sha[2:4] / sha
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(payload)
    told = {"code": "advert", "kind": "document", "media_type": "application/pdf"}
    return {**told, "sha256": sha, **about}


def placed(payload: bytes, folder, *, fit="exact") -> Pack:
    context = samples.context(KIND, "en", folder)
    asset = stored(payload, folder)
    return Pack.from_bytes(fixed_pages(asset, context, fit=fit))


def refusal(payload: bytes, folder, **more) -> str:
    with pytest.raises(FixedRefused) as refused:
        placed(payload, folder, **more)
    return refused.value.message % refused.value.params


def spoiled(change) -> bytes:
    """Return an advert that `change` was done to."""
    with pikepdf.open(io.BytesIO(advert())) as pdf:
        change(pdf)
        out = io.BytesIO()
        plain = pikepdf.StreamDecodeLevel.none
        pdf.save(out, stream_decode_level=plain, compress_streams=False)
    return out.getvalue()


def matrix(pack: Pack, n: int = 0) -> list[float]:
    (numbers,) = re.findall(rb"q ([\d. -]+) cm", pack.parts[pack.forms[n]].stream)
    return [float(x) for x in numbers.split()]


def test_page_of_the_right_size_is_taken_as_it_is(tmp_path):
    pack = placed(advert(pages=2), tmp_path)
    assert len(pack.forms) == 2
    assert matrix(pack) == [1, 0, 0, 1, 0, 0]


def test_trim_is_what_counts_and_the_bleed_stays(tmp_path):
    pack = placed(advert(bleed=3 * MM), tmp_path)
    assert matrix(pack) == pytest.approx([1, 0, 0, 1, -3 * MM, -3 * MM], abs=0.01)
    shown = next(p for p in pack.parts if b"/BBox" in p.text and b"/D %d" not in p.text)
    box = [float(n) for n in re.search(rb"/BBox ?\[ ?([\d. -]+)\]", shown.text)[1].split()]
    assert box[2] - box[0] == pytest.approx(216 * MM, abs=0.1)


def test_page_of_another_size_is_refused_scaled_or_cut(tmp_path):
    small = advert(width=200 * MM, height=280 * MM)
    said = refusal(small, tmp_path)
    assert said == "Page 1 is 200 × 280 mm after trimming, not 210 × 297 mm: scale or crop it."
    assert matrix(placed(small, tmp_path, fit="scale"))[0] == pytest.approx(297 / 280, abs=1e-4)
    assert "smaller than 210 × 297 mm" in refusal(small, tmp_path, fit="crop")
    large = advert(width=230 * MM, height=317 * MM)
    found = matrix(placed(large, tmp_path, fit="crop"))
    assert found == pytest.approx([1, 0, 0, 1, -10 * MM, -10 * MM], abs=0.01)
    assert "scaled to" in refusal(advert(width=40, height=60), tmp_path, fit="scale")


def test_turned_page_stands_upright(tmp_path):
    turned = spoiled(lambda pdf: pdf.pages[0].rotate(90, relative=False))
    assert "297 × 210 mm" in refusal(turned, tmp_path)
    lying = advert(width=297 * MM, height=210 * MM, turn=90)
    assert matrix(placed(lying, tmp_path))[0] == 1


HOSTILE = {
    "a script": (lambda pdf: pdf.Root.update({"/OpenAction": script()}), "when it is opened"),
    "a script by name": (
        lambda pdf: pdf.Root.update({"/Names": Dictionary(JavaScript=Dictionary(X=script()))}),
        "It holds a script.",
    ),
    "a program": (
        lambda pdf: pdf.Root.update({"/X": Dictionary(S=Name.Launch)}),
        "It starts a program.",
    ),
    "a form": (lambda pdf: pdf.Root.update({"/AcroForm": Dictionary()}), "It has a form"),
    "layers": (lambda pdf: pdf.Root.update({"/OCProperties": Dictionary()}), "It has layers"),
    "an attachment": (
        lambda pdf: pdf.Root.update({"/X": Dictionary(EF=Dictionary())}),
        "It has a file attached.",
    ),
    "a link": (
        lambda pdf: pdf.pages[0].obj.update({"/Annots": Array([Dictionary(Subtype=Name.Link)])}),
        "Page 1 has links",
    ),
    "another file": (
        lambda pdf: pdf.pages[0].Resources.update({"/X": Dictionary(Ref=Dictionary())}),
        "It shows another file.",
    ),
    "PostScript": (
        lambda pdf: pdf.pages[0].Resources.update({"/X": Dictionary(Subtype=Name.PS)}),
        "PostScript",
    ),
    "a font of the reader's": (
        lambda pdf: pdf.pages[0].Resources.update({"/Font": Dictionary(F=helvetica())}),
        "The font Helvetica is not embedded.",
    ),
    "a bomb": (
        lambda pdf: pdf.pages[0].obj.update({"/Contents": bomb(pdf)}),
        "too much detail",
    ),
    "an odd filter": (
        lambda pdf: pdf.pages[0].obj.update({"/Contents": odd(pdf)}),
        "packed in an unusual way",
    ),
}


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def bomb(pdf) -> Stream:
    stream = Stream(pdf, b"")
    stream.write(zlib.compress(b" " * (fixed_check.MOST_CONTENT + 9)), filter=Name.FlateDecode)
    return stream


def odd(pdf) -> Stream:
    stream = Stream(pdf, b"")
    stream.write(b"80>", filter=Name.ASCIIHexDecode)
    return stream


@pytest.mark.parametrize("what", HOSTILE)
def test_what_a_page_must_not_hold_is_refused_with_its_cause(what, tmp_path):
    change, cause = HOSTILE[what]
    assert cause in refusal(spoiled(change), tmp_path)


def test_protected_damaged_endless_and_other_files_are_refused(tmp_path):
    def locked(pdf):
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
        return out.getvalue()

    with pikepdf.open(io.BytesIO(advert())) as pdf:
        assert "password" in refusal(locked(pdf), tmp_path)
    assert "damaged" in refusal(advert()[:400], tmp_path)
    assert "damaged" in refusal(b"GIF89a", tmp_path)
    assert "65 pages" in refusal(advert(pages=65), tmp_path)


def test_asset_that_is_no_pdf_or_gone_is_refused(tmp_path):
    context = samples.context(KIND, "en", tmp_path)
    told = []
    for asset in ({"code": "x"}, {"sha256": "0" * 64, "media_type": "image/png"},
                  {"sha256": "0" * 64, "media_type": "application/pdf"}):  # fmt: skip
        with pytest.raises(FixedRefused) as refused:
            fixed_pages(asset, context, fit="exact")
        told.append(refused.value.message)
    assert told == ["There is no such asset.", "It is no PDF.", "Its file is not there."]


def test_rules_that_cannot_be_kept_are_reported_and_the_others_kept(tmp_path):
    good = stored(advert(), tmp_path)
    rows = [
        {"asset": good, "place": "before_chapter", "of": "light"},
        {"asset": {"code": "gone"}, "place": "filler"},
        {"asset": good, "place": "every"},
        "nonsense",
    ]
    context = samples.context(KIND, "en", tmp_path, inserts=rows)
    found = inserts_of(context)
    assert [(row.place, row.of, len(row.pages)) for row in found.rows] == [
        ("before_chapter", "light", 1)
    ]
    assert [(r.identifier, r.code, r.severity) for r in found.refusals] == [
        ("gone", "insert_refused", "warning"),
        ("advert", "insert_refused", "warning"),
    ]


def test_page_looks_as_it_was_supplied(tmp_path):
    from tests.syndication.outputs.test_catalogue import bound

    rows = [{"asset": stored(advert(), tmp_path), "place": "after_contents"}]
    path = bound(samples.units(3, "en"), "en", tmp_path, name="with", inserts=rows)
    command = ["pdftoppm", "-r", "20", "-f", "3", "-l", "3", str(path)]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    (tmp_path / "advert.pdf").write_bytes(advert())
    alone = ["pdftoppm", "-r", "20", str(tmp_path / "advert.pdf")]
    assert shown == subprocess.run(alone, capture_output=True, check=True).stdout
