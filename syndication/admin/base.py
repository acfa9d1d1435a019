"""What the pages of outputs share: chips, ages, read-only rows, links into the content."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from unfold.admin import ModelAdmin

from pim.published import structure
from syndication.refusals import Refused
from syndication.registry import output_kind, targets

TONES = {
    "queued": "quiet",
    "running": "info",
    "verifying": "info",
    "retry_wait": "warn",
    "blocked": "warn",
    "issued": "good",
    "issued_with_warnings": "good",
    "superseded": "quiet",
    "nothing_new": "quiet",
    "rejected": "quiet",
    "failed": "bad",
    "cancelled": "quiet",
    "live": "good",
    "withheld": "warn",
    "removed": "quiet",
}


def chip(text, tone="quiet", *, title="") -> str:
    """Return a small coloured label."""
    return format_html('<span class="pm-chip pm-chip--{}" title="{}">{}</span>', tone, title, text)


def label_of(definition, locale: str = "") -> str:
    """Return a definition's label in the locale (that of the reader, unless one is named), else
    in English, else any, else its code."""
    labels, locale = definition.labels, locale or get_language() or "en"
    return next((labels[c] for c in (locale, "en", *labels) if labels.get(c)), definition.code)


def kind_choices() -> list[tuple[str, str]]:
    """Return the output kinds there are, by code."""
    return [(code, str(kind_label(code))) for code in sorted(targets())]


def kind_label(code: str):
    """Return a kind's label; a kind whose package is gone shows its code."""
    try:
        return output_kind(code).label
    except (KeyError, ImportError, AttributeError):
        return code


def channel_choices() -> list[tuple[str, str]]:
    """Return the channels by label."""
    return [(code, label_of(channel)) for code, channel in structure().channels.items()]


def perform(request, act, *, done: str, back: str):
    """Do one thing asked for by a button, say what came of it, and go back."""
    if request.method != "POST":
        raise PermissionDenied
    try:
        act()
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.say(translate))
    return HttpResponseRedirect(back)


class DeskAdmin(ModelAdmin):
    """Calm defaults."""

    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True

    def changelist_view(self, request, extra_context=None):
        """A list is named after what it lists."""
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, named | (extra_context or {}))


class ReadOnly:
    """Rows that only the system writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
