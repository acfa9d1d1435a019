"""The context of an edition: what its children know besides units, and the digest of it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.conf import settings

from pim import files
from pim.published import assets, assets_from
from syndication.contract import Labels, Option, OutputKind, RenderContext
from syndication.models import ContextDocument, Edition
from syndication.queries.brands import spoken, tokens_of, tokens_read
from syndication.registry import output_kind, targets

TOLD = {"intro", "image"}  # of a category; fragments do not show them
ENGINE = "1"  # raise it when the same fragments come out of other bytes


class NotConfigured(Exception):
    """The output cannot be rendered as it is set up; trying again will not help."""


@dataclass(frozen=True)
class Setting:
    """An edition with all that its children need to know.

    `environment` is the digest of what every fragment depends on, `whole` of what the edition
    does: options and texts that only its assembly reads are part of it.
    """

    edition: Edition
    kind: OutputKind
    target: str
    document: dict
    environment: str
    whole: str

    def write(self, folder: Path) -> Path:
        """Write the context for the children; label documents are pasted as stored."""
        path = folder / "context.json"
        path.write_bytes(orjson.dumps(self.document))
        return path


def setting_of(edition: Edition) -> Setting:
    """Gather the context of an edition; raise NotConfigured where it cannot be."""
    code = edition.settings["kind"]
    if code not in targets():
        raise NotConfigured(f"There is no output kind {code!r}.")
    if not edition.settings["locales"]:
        raise NotConfigured("The output has no locale.")
    kind = output_kind(code)
    labels = _labels(edition)
    document = _document(edition, kind, labels)
    context = RenderContext(
        **{name: document[name] for name in ("output", "kind", "channel", "audience")},
        locales=tuple(document["locales"]),
        labels={
            locale: Labels(row.digest, orjson.loads(row.body)) for locale, row in labels.items()
        },
        options=document["options"],
        tokens=document["tokens"],
        public_url=document["public_url"],
        assets=None,
        scratch=Path(),
    )
    parts = _environment(kind, context)
    late = {option.code for option in kind.options if option.scope == "assembly"}
    whole = [parts, {code: context.options.get(code) for code in sorted(late)}]
    whole.append({locale: held.digest for locale, held in context.labels.items()})
    whole.append(tokens_read(context.tokens, kind.assembly_tokens))
    environment = _prefixed(parts, _partly(kind, context))
    whole.append(environment)
    return Setting(edition, kind, targets()[code], document, environment, _digest(whole))


def _partly(kind: OutputKind, context: RenderContext) -> list:
    chosen = {o.code: context.options.get(o.code) for o in kind.options if o.scope == "unit"}
    return [kind.partly(context), chosen]


def _prefixed(parts, partly) -> str:
    """Return a digest of both whose first 16 characters are those of `parts` alone.

    They stand before what a fragment reads: where they are the same, it is compared, and a
    fragment that reads nothing of what changed is kept.
    """
    return _digest(parts)[:16] + _digest([parts, partly])[16:]


def _labels(edition: Edition) -> dict[str, ContextDocument]:
    wanted = edition.settings["locales"]
    rows = ContextDocument.objects.filter(channel=edition.settings["channel"], locale__in=wanted)
    found = {row.locale: row for row in rows}
    if missing := [locale for locale in wanted if locale not in found]:
        channel = edition.settings["channel"]
        raise NotConfigured(f"The channel {channel!r} has no listings in {', '.join(missing)}.")
    return {locale: found[locale] for locale in wanted}


def _document(edition: Edition, kind: OutputKind, labels: dict) -> dict:
    frozen = edition.settings
    defaults = {option.code: option.default for option in kind.options}
    options = {**defaults, **(frozen["options"] or {})}
    options |= _chosen_assets(kind, options)
    return {
        "output": edition.output.code,
        "kind": frozen["kind"],
        "channel": frozen["channel"],
        "audience": frozen["audience"],
        "locales": frozen["locales"],
        "labels": {
            locale: {"digest": row.digest, "body": orjson.Fragment(row.body)}
            for locale, row in labels.items()
        },
        "options": options,
        "tokens": spoken(
            tokens_of(edition.output, overrides=options.get("tokens")), frozen["locales"]
        ),
        "public_url": settings.PUBLIC_URL,
        "asset_root": str(settings.ASSET_ROOT),
        "assets_asked": files.in_bucket(),
        "memo_root": str(settings.DATA_DIR / "memo"),
    }


def _chosen_assets(kind: OutputKind, options: dict) -> dict:
    """Return the options that name assets, as what a child can open."""
    found = {}
    for option in kind.options:
        value = options.get(option.code)
        if option.kind == "asset":
            known = assets([value]) if isinstance(value, str) and value else {}
            found[option.code] = _asset(known[value]) if known else None
            # What was chosen and is gone is not the same as nothing chosen.
            found |= {f"missing_{option.code}": value} if value and not known else {}
        elif option.kind == "assets":
            known = assets_from(value) if value else {}
            found[option.code] = {c.removeprefix(value): _asset(a) for c, a in known.items()}
        elif option.kind == "rows" and isinstance(value, list):
            found[option.code] = [
                _chosen_row(option, row) for row in value if isinstance(row, dict)
            ]
    return found


def _chosen_row(option: Option, row: dict) -> dict:
    """Return a row with its assets as what a child can open, under their codes where unknown."""
    chosen = dict(row)
    for column in (c for c in option.columns if c.kind == "asset"):
        code = row.get(column.code)
        known = assets([code]) if isinstance(code, str) and code else {}
        chosen[column.code] = _asset(known[code]) if known else {"code": str(code or "")}
    return chosen


def _asset(asset) -> dict:
    names = ("code", "sha256", "kind", "media_type", "width", "height")
    return {name: getattr(asset, name) for name in names}


def _environment(kind: OutputKind, context: RenderContext) -> dict:
    late = {option.code for option in kind.options if option.scope != "fragment"}
    return {
        "engine": ENGINE,
        "kind": [kind.code, kind.version, type(kind).__module__],
        "own": kind.environment(context),
        "context": [context.output, context.channel, context.audience, context.locales],
        "options": {k: v for k, v in context.options.items() if k not in late | {"tokens"}},
        "tokens": tokens_read(context.tokens, kind.fragment_tokens),
        "labels": {locale: _labels_digest(held) for locale, held in context.labels.items()},
        "public_url": context.public_url,
    }


def _labels_digest(held: Labels) -> str:
    """Return the digest of the labels without what only assembly shows of categories."""
    categories = held.body.get("categories") or {}
    if not any(TOLD & category.keys() for category in categories.values()):
        return held.digest
    bare = {
        code: {name: value for name, value in category.items() if name not in TOLD}
        for code, category in categories.items()
    }
    # In the very form in which they are stored: a document without any has the same digest.
    body = orjson.dumps({**held.body, "categories": bare}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(body).hexdigest()


def _digest(parts) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
