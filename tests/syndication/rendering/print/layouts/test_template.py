"""Templates of layouts say what they are handed, and nothing else."""

import pytest

from syndication.rendering.print.layouts.markup import check_css, check_html
from syndication.rendering.print.layouts.template import Ready, TemplateFault, read

KNOWN = {"name", "sku", "photo", "option.look"}


def filled(source, **values):
    return read(source, known=KNOWN).fill({k.replace("__", "."): v for k, v in values.items()})


def test_values_are_escaped_and_blocks_are_not():
    assert filled("<p>{{ name }}</p>{{ photo }}", name="<b>&", photo=Ready("<i>x</i>")) == (
        "<p>&lt;b&gt;&amp;</p><i>x</i>"
    )


def test_what_a_value_says_is_never_read_as_a_template():
    assert filled("{{ name }}", name="{{ sku }}{% if name %}") == "{{ sku }}{% if name %}"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"sku": "A1"}, "A1"),
        ({}, "none"),
        ({"sku": "", "option__look": "wide"}, "none wide"),
        ({"sku": "A1", "option__look": "wide"}, "A1 wide"),
    ],
)
def test_conditions_choose(values, shown):
    source = (
        "{% if sku %}{{ sku }}{% else %}none{% endif %}"
        '{% if option.look == "wide" %} wide{% endif %}'
        "{# a remark #}{% if not name %}{% else %}never{% endif %}"
    )
    assert filled(source, **values) == shown


HOSTILE = [
    ("\n\n{{ secret }}", 3, "secret"),
    ("{{ name.upper }}", 1, "name.upper"),
    ("{{ name|safe }}", 1, "name|safe"),
    ("{{ option.__class__ }}", 1, "__class__"),
    ("{% include 'x' %}", 1, "include"),
    ("{% load i18n %}", 1, "load"),
    ("{% for x in name %}{% endfor %}", 1, "for"),
    ("{% debug %}", 1, "debug"),
    ("{% if name %}", 1, "endif"),
    ("{% endif %}", 1, "endif"),
    ("{% if name %}{% else %}{% else %}{% endif %}", 1, "second"),
    ("{% if name %}" * 9 + "{% endif %}" * 9, 1, "deep"),
    ("{{ name", 1, "closed"),
]


@pytest.mark.parametrize(("source", "line", "said"), HOSTILE)
def test_anything_else_is_refused_with_its_line(source, line, said):
    with pytest.raises(TemplateFault) as fault:
        read(source, known=KNOWN)
    assert (fault.value.line, said in str(fault.value)) == (line, True)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<link rel=stylesheet href=x>", "<link>"),
        ('<p\nonclick="x">a</p>', "onclick"),
        ('<div style="background: url(file:///etc/passwd)"></div>', "style"),
        ('<img src="file:///etc/passwd" alt="">', "leads out"),
        ('<img src="asset:../../secret.png" alt="">', "leads out"),
        ('<img src="asset:gone.png" alt="">', "no picture"),
        ('<img src="asset:manifest.json" alt="">', "no picture"),
        ('<div src="asset:star.svg"></div>', "src"),
        ("<div><p></div></p>", "closes"),
        ("</div>", "closes"),
        ("<div>", "not closed"),
        ("{% if name %}<div>{% endif %}</div>", "clos"),
        ("<!-- remark -->", "remarks"),
        ("<!DOCTYPE html>", "declaration"),
        ("<?php x ?>", "declaration"),
        ('<p id="c1">x</p>', "id"),
    ],
)
def test_markup_that_leads_out_of_the_card_is_refused(html, said):
    with pytest.raises(TemplateFault) as fault:
        check_html(read(html, known=KNOWN), files={"star.svg", "manifest.json"})
    assert said in str(fault.value)


def test_plain_markup_is_taken():
    html = (
        '<div class="{{ sku }}"><img src="asset:star.svg" alt=""><br>{% if sku %}<p>{{ sku }}</p>'
        "{% else %}<p>–</p>{% endif %}</div>"
    )
    check_html(read(html, known=KNOWN), files={"star.svg"})


@pytest.mark.parametrize(
    ("css", "line", "said"),
    [
        ("@import 'x.css';", 1, "@import"),
        ("\n@page { size: A0 }", 2, "@page"),
        ("@font-face { src: url(http://evil.example/x) }", 1, "@font-face"),
        ("p { background: url(http://evil.example/x.png) }", 1, "leads out"),
        ("p {\n background: url('file:///etc/passwd') }", 2, "leads out"),
        ("@media print { p { background: URL(//evil.example) } }", 1, "leads out"),
        ("p { color: red", 0, ""),
        ("p { color: ) }", 1, "cannot be read"),
        ("} p { x: y }", 1, "cannot be read"),
    ],
)
def test_style_sheet_that_loads_or_sets_pages_is_refused(css, line, said):
    if not said:
        check_css(css, files=set())  # CSS closes what is open at the end
        return
    with pytest.raises(TemplateFault) as fault:
        check_css(css, files=set())
    assert (fault.value.line, said in str(fault.value)) == (line, True)


def test_style_sheet_may_show_a_picture_of_its_folder():
    check_css(
        "p { background: url(asset:star.svg) } @media print { b { color: red } }",
        files={"star.svg"},
    )
