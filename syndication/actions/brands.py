"""Brands: edited as a draft, put into use on purpose, with everything that happened kept."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from pim import files
from pim.cadence import ON_CHANGE
from pim.published import assets, structure
from syndication.models import Brand, BrandChange, Output
from syndication.models.brands import CREATED, DEFAULT, DISCARDED, EDITED, USED
from syndication.queries.brands import touched_by
from syndication.refusals import (
    BrandRefused,
    CodeTaken,
    Conflict,
    Misshapen,
    NotAFont,
    NotAPicture,
    NotFound,
    NothingToUse,
    Refused,
    StillUsed,
)
from syndication.rendering.brand_rules import LOGOS, objections, whole
from syndication.rendering.faces import aliased, face_of, lay_ready

from .editions.issue import issue_edition

FONTS = ("font/ttf", "font/otf", "font/woff2")
PICTURES = ("image/png", "image/jpeg", "image/webp")


def create_brand(
    code: str, *, name: str, actor: str, at: datetime, document: dict[str, Any] | None = None
) -> Brand:
    """Make a brand that is in use as it stands; the first one is the default."""
    tokens = checked_document(document or {})
    try:
        with transaction.atomic():
            first = not Brand.objects.filter(is_default=True).exists()
            brand = Brand.objects.create(
                code=code,
                name=name,
                tokens=tokens,
                number=1,
                is_default=first,
                changed_at=at,
                used_at=at,
            )
            _note(brand, CREATED, actor=actor, at=at)
    except IntegrityError:
        raise CodeTaken(field="code", name=code) from None
    return brand


def edit_brand(
    brand: Brand,
    document: dict[str, Any],
    *,
    actor: str,
    at: datetime,
    row_version: int | None = None,
    name: str | None = None,
) -> bool:
    """Write the document as the brand's draft; nothing that is served changes.

    `row_version` is that of what the person had opened: an older one is a `Conflict`. Returns
    whether there was anything to write.
    """
    draft = checked_document(document)
    with transaction.atomic():
        held = _locked(brand, row_version)
        detail = differences(whole(held.edited), draft)
        if name and name != held.name:
            detail["name"] = [held.name, name]
            held.name = name
        if not detail:
            return False
        held.draft = {} if draft == whole(held.tokens) else draft
        _write(held, at=at)
        _note(held, EDITED, actor=actor, at=at, detail=detail)
    brand.refresh_from_db()
    return True


def use_brand(
    brand: Brand, *, actor: str, at: datetime, row_version: int | None = None
) -> list[Output]:
    """Put the draft into use; return the outputs that are issued anew at once.

    Those are the ones that follow changes; the others show it with their next edition. Pages
    that are served live show it from now on.
    """
    with transaction.atomic():
        held = _locked(brand, row_version)
        if not held.draft:
            raise NothingToUse(brand=held.name)
        # Fonts and pictures may have gone since the draft was saved.
        draft = checked_document(held.draft)
        detail = differences(whole(held.tokens), draft)
        held.tokens, held.draft = draft, {}
        held.number, held.used_at = held.number + 1, at
        _write(held, at=at)
        _note(held, USED, actor=actor, at=at, detail=detail)
        issued = _issue_followers(held, detail, actor=actor, at=at)
    brand.refresh_from_db()
    return issued


def discard_draft(
    brand: Brand, *, actor: str, at: datetime, row_version: int | None = None
) -> bool:
    """Drop the draft; return whether there was one."""
    with transaction.atomic():
        held = _locked(brand, row_version)
        if not held.draft:
            return False
        detail = differences(held.draft, held.tokens)
        held.draft = {}
        _write(held, at=at)
        _note(held, DISCARDED, actor=actor, at=at, detail=detail)
    brand.refresh_from_db()
    return True


def restore_brand(
    brand: Brand, change: BrandChange, *, actor: str, at: datetime, row_version: int | None = None
) -> bool:
    """Make an earlier document the draft; it is put into use like any other draft."""
    return edit_brand(brand, change.tokens, actor=actor, at=at, row_version=row_version)


def make_default(brand: Brand, *, actor: str, at: datetime) -> bool:
    """Make this the brand of outputs that name none; return whether it was another."""
    with transaction.atomic():
        list(Brand.objects.select_for_update().filter(Q(is_default=True) | Q(pk=brand.pk)))
        if Brand.objects.filter(pk=brand.pk, is_default=True).exists():
            return False
        Brand.objects.filter(is_default=True).update(is_default=False)
        Brand.objects.filter(pk=brand.pk).update(is_default=True)
        brand.refresh_from_db()
        _note(brand, DEFAULT, actor=actor, at=at)
    return True


def delete_brand(brand: Brand) -> None:
    """Remove a brand that no output uses and that is not the default."""
    names = list(brand.outputs.order_by("code").values_list("code", flat=True)[:5])
    if brand.is_default or names:
        raise StillUsed(brand=brand.name, users=", ".join(names) or "default")
    brand.delete()


def checked_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return the whole document as it is stored; raise `BrandRefused` with every objection."""
    if not isinstance(document, dict):
        raise BrandRefused([Misshapen()])
    try:
        full = whole(document)
    except (AttributeError, TypeError, ValueError):
        raise BrandRefused([Misshapen()]) from None
    full = _spoken(full)
    full, found = _with_faces(full)
    found += _unknown_locales(full)
    locales = [code for code, locale in structure().locales.items() if locale.enabled]
    found += [
        Refused(o.message, code="brand_refused", field=o.field, **o.params)
        for o in objections(aliased(full), locales=locales)
    ]
    if not found:
        full, found = _with_logos(full)
    if found:
        raise BrandRefused(found)
    return full


def _spoken(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its tagline by locale: one for all is that of the locales that
    fall back to no other. What is empty is not kept."""
    said = document["tagline"]
    if isinstance(said, str):
        roots = [code for code, locale in structure().locales.items() if not locale.fallback]
        said = dict.fromkeys(roots, said)
    if not isinstance(said, dict):
        return document
    return {**document, "tagline": {code: text for code, text in said.items() if text}}


def _unknown_locales(document: dict[str, Any]) -> list[Refused]:
    known = structure().locales
    said = document["tagline"] if isinstance(document["tagline"], dict) else {}
    return [
        NotFound(what="locale", name=str(code)[:100], field=f"tagline.{code}")
        for code in said
        if code not in known
    ]


def _with_faces(document: dict[str, Any]) -> tuple[dict[str, Any], list[Refused]]:
    """Return the document with its fonts by code, digest and name, and what is wrong with them."""
    refused, faces = [], []
    listed = document["faces"] if isinstance(document["faces"], list) else []
    codes = [face.get("code") if isinstance(face, dict) else None for face in listed]
    known = assets([code for code in codes if isinstance(code, str)])
    for code in codes:
        asset = known.get(code) if isinstance(code, str) else None
        if asset is None:
            refused.append(NotFound(what="asset", name=str(code)[:100], field="faces"))
        elif asset.media_type not in FONTS or not _kept(asset.sha256):
            refused.append(NotAFont(name=code, field="faces"))
        else:
            family, style = face_of(files.assets().local(files.name_of(asset.sha256)))
            face = {"code": code, "sha256": asset.sha256, "family": family, "style": style}
            faces.append(face)
    if isinstance(document["faces"], list):
        document["faces"] = faces
    lay_ready(faces, lambda sha256: files.assets().local(files.name_of(sha256)))
    return document, refused


def _with_logos(document: dict[str, Any]) -> tuple[dict[str, Any], list[Refused]]:
    """Return the document with its logos by code and digest, and what is wrong with them."""
    refused = []
    for name in LOGOS:
        code = (document[name] or {}).get("code")
        if not code:
            document[name] = None
            continue
        asset = assets([code]).get(code) if isinstance(code, str) else None
        if asset is None:
            refused.append(NotFound(what="asset", name=str(code)[:100], field=name))
        elif asset.media_type not in PICTURES or not _kept(asset.sha256):
            refused.append(NotAPicture(name=code, field=name))
        else:
            document[name] = {"code": code, "sha256": asset.sha256}
    return document, refused


def _kept(sha256: str) -> bool:
    return files.assets().look(files.name_of(sha256)) is not None


def differences(before: dict[str, Any], after: dict[str, Any], path: str = "") -> dict[str, list]:
    """Return {path: [before, after]} of what differs between two documents."""
    found: dict[str, list] = {}
    for name in sorted(before.keys() | after.keys()):
        old, new, here = before.get(name), after.get(name), f"{path}{name}"
        if isinstance(old, dict) and isinstance(new, dict):
            found |= differences(old, new, f"{here}.")
        elif old != new:
            found[here] = [old, new]
    return found


def _locked(brand: Brand, row_version: int | None) -> Brand:
    held = Brand.objects.select_for_update().filter(pk=brand.pk).first()
    if held is None:
        raise NotFound(what="brand", name=brand.code)
    if row_version is not None and row_version != held.row_version:
        raise Conflict(theirs=held.row_version, yours=row_version)
    return held


def _write(held: Brand, *, at: datetime) -> None:
    held.row_version += 1
    held.changed_at = at
    held.save()


def _note(brand: Brand, action: str, *, actor: str, at: datetime, detail=None) -> None:
    BrandChange.objects.create(
        brand=brand,
        action=action,
        number=brand.number,
        actor=actor,
        at=at,
        detail=detail or {},
        tokens=brand.edited,
    )


def _issue_followers(brand: Brand, detail: dict, *, actor: str, at: datetime) -> list[Output]:
    """Issue the outputs on change whose files show something of what changed."""
    touched = touched_by(brand, {path.split(".")[0] for path in detail})
    ready = [o for o in touched if o.enabled and not o.held and o.cadence == ON_CHANGE]
    key = f"brand:{brand.code}:{brand.number}"
    for output in ready:
        issue_edition(output, actor=actor, at=at, trigger_key=key)
    return ready
