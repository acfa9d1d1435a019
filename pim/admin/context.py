"""The working context: the channel and locale a person works in, remembered in the session."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as translate

from pim.content.refusals import Refused, say_sentence
from pim.content.rights import EVERYTHING, Level, Rights
from pim.content.structure import Structure
from pim.queries.structure import load_structure

from .limits import rights_of_request, seen_channels, seen_locales

SESSION_KEY = "pim_context"


@dataclass(frozen=True, slots=True)
class WorkingContext:
    """`reference` is the locale shown beside the one being edited, "" for none.

    `rights` are those of the person who works in it.
    """

    channel: str
    locale: str
    reference: str = ""
    rights: Rights = EVERYTHING


def working_context(request, structure: Structure | None = None) -> WorkingContext:
    """Return the context asked for by ?channel= &locale= &reference=, else the remembered one.

    Only channels and locales that the person may see are ever chosen.
    """
    structure, rights = structure or load_structure(), rights_of_request(request)
    held = dict(request.session.get(SESSION_KEY) or {})
    asked = {k: request.GET[k] for k in ("channel", "locale", "reference") if k in request.GET}
    wanted = held | asked
    channels = seen_channels(structure, rights)
    channel = wanted.get("channel") if wanted.get("channel") in channels else ""
    channel = channel or next(iter(channels), "")
    if "locale" in asked and "channel" not in asked:  # a link to a text: go where it is read
        reading = (c for c in (channel, *channels) if asked["locale"] in
                   context_locales(structure, c, rights))  # fmt: skip
        channel = next(reading, channel)
    locales = context_locales(structure, channel, rights)
    locale = wanted.get("locale") if wanted.get("locale") in locales else ""
    # Who may write in some languages only begins in one of those.
    own = [code for code in locales if rights.locale(code) >= Level.EDIT]
    locale = locale or _nearest(own or locales, getattr(request, "LANGUAGE_CODE", "en"))
    reference = wanted.get("reference", "")
    reference = reference if reference in locales and reference != locale else ""
    chosen = {"channel": channel, "locale": locale, "reference": reference}
    if chosen != held:
        request.session[SESSION_KEY] = chosen
    return WorkingContext(**chosen, rights=rights)


def _nearest(locales: list[str], language: str) -> str:
    """Return the locale of the person's own language, else English, else the first."""
    for wanted in (language, language.split("-")[0], "en"):
        found = [code for code in locales if code == wanted or code.split("-")[0] == wanted]
        if found:
            return found[0]
    return next(iter(locales), "")


def context_locales(structure: Structure, channel: str, rights: Rights) -> list[str]:
    """Return the visible locales of a channel, or all enabled ones where there is no channel."""
    found = structure.channels.get(channel)
    if found and found.locales:
        return seen_locales(found.locales, rights)
    enabled = [code for code, locale in structure.locales.items() if locale.enabled]
    return seen_locales(enabled, rights)


def told_apart(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (code, label) in the order of the labels; where two are alike the code is added."""
    twice = {label for label, number in Counter(labels.values()).items() if number > 1}
    shown = [(c, f"{label} ({c})" if label in twice else label) for c, label in labels.items()]
    return sorted(shown, key=lambda pair: pair[1].casefold())


def say_named(refusal: Refused, structure: Structure, locale: str) -> str:
    """Return a refusal in the reader's language that calls its attribute as the form does."""
    known = structure.attributes.get(refusal.params.get("attribute") or "")
    named = {"attribute": label_of(known, locale)} if known else {}
    return say_sentence(refusal.sentence, {**refusal.params, **named}, translate)


def label_of(definition, locale: str) -> str:
    """Return a definition's label in the locale, else in English, else any, else its code."""
    labels = definition.labels
    wanted = [locale, locale.split("-")[0], "en", *labels]
    return next((labels[code] for code in wanted if labels.get(code)), f"[{definition.code}]")
