"""What the text of a PDF is read as, where the layout puts in signs of its own."""

import io
import re
import shutil
import subprocess

import pikepdf
import pytest

from syndication.rendering import pdf

CUT = "text-overflow: ellipsis; overflow: hidden; white-space: nowrap; width: 40pt"
LONG = "Hochleistungsgeschirrspülmaschinenuntertischmodell " * 8
NARROW = "width: 46pt; hyphens: auto"
CSS = "@page { size: 300pt 300pt; margin: 9pt } body { font: 10pt Noto Sans; line-height: 2 }"


def sheet(body: str, *, lang: str = "de") -> bytes:
    html = f'<html lang="{lang}"><body>{body}</body></html>'
    return pdf.lay_out(html, css=CSS).pdf()


def readings(payload: bytes) -> list[str]:
    """Return the text of every entry of the ToUnicode maps of a file, as hexadecimal digits."""
    with pikepdf.open(io.BytesIO(payload)) as opened:
        fonts = (o for o in opened.objects if isinstance(o, pikepdf.Dictionary))
        maps = [f.ToUnicode.read_bytes().decode() for f in fonts if "/ToUnicode" in f]
    return [text for one in maps for text in re.findall(r"<[0-9a-f]{4}> <([^>]*)>", one)]


def read(payload: bytes) -> tuple[str, str]:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=payload, capture_output=True, check=True)
    return done.stdout.decode(), done.stderr.decode()


def test_ellipsis_is_read_as_itself():
    payload = sheet(f'<p style="{CUT}">{LONG}</p><p style="{CUT}">Zweite abgeschnittene Zeile</p>')
    assert max(len(text) for text in readings(payload)) == 4
    assert "2026" in readings(payload)
    text, complaints = read(payload)
    assert [line for line in text.split("\n") if line.strip("\f")] == ["Hochl…", "Zweite…"]
    assert complaints == ""


def test_hyphen_at_the_end_of_a_line_is_read_as_itself():
    payload = sheet(f'<p style="{NARROW}">Wasserkocher Pendelleuchten</p>')
    assert "2010" in readings(payload)
    text, complaints = read(payload)
    assert "Wasserkocher" in text.replace("\u2010\n", "").replace("-\n", "").replace("\n", "")
    assert complaints == ""


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("th", "โคมไฟตั้งโต๊ะสำหรับคืนที่ยาวนาน น้ำหนัก 3 กิโลกรัม"),
        ("hi", "लंबी शामों के लिए गर्म रोशनी वाला टेबल लैम्प, क्षमता"),
    ],
)
def test_scripts_with_signs_around_their_letters_are_read_as_they_are_written(locale, text, tagged):
    css = 'p { font: 12pt "Noto Sans", "Noto Sans Thai", "Noto Sans Devanagari"; }'
    html = f'<html lang="{locale}"><body><p>{text}</p><p>{text}</p></body></html>'
    found, said = read(pdf.lay_out(html, css=css).pdf(tagged=tagged))
    assert ([line for line in found.strip().split("\n") if line], said) == ([text, text], "")
