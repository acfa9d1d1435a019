"""The rich text editor of the desk: which mark-up it offers, and the scripts it needs."""

import json

from django_prose_editor.widgets import prose_editor_admin_media, prose_editor_media

PROSE = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Underline": True,
        "Subscript": True,
        "Superscript": True,
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Heading": {"levels": [2, 3, 4]},
        "Blockquote": True,
        "HorizontalRule": True,
        "HardBreak": True,
        "Link": {"enableTarget": False},
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
        "History": True,
    }
}


def prose_config() -> str:
    """Return what a textarea carries in `data-django-prose-editor-configurable`."""
    from django_prose_editor.config import expand_extensions, js_from_extensions

    return json.dumps(
        {
            "extensions": expand_extensions(PROSE["extensions"]),
            "js_modules": js_from_extensions(PROSE["extensions"]),
        }
    )


def prose_media(request):
    """Return the scripts and styles, with the nonce that the page's policy asks for."""
    media = prose_editor_media(base=prose_editor_admin_media, preset="configurable")
    return media.with_nonce(str(request.csp_nonce))
