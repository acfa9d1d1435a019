"""Taking media in, never twice: what they say, who may show them, and when."""

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q

from pim.actions.asset_bytes import MEDIUM, digest_of, keep_medium
from pim.actions.structure import record_structure_change
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.rights import COMMON, NOTHING, Level, Rights, refuse_below
from pim.models import Asset, Change, Upload
from pim.queries.asset_media import media_code
from pim.queries.media_rights import is_hidden, rights_over, visible_media

UPLOAD_DAYS = 30
RIGHTS = ("alt", "caption", "licence", "author", "valid_from", "valid_to")


def ingest_asset(
    file,
    *,
    filename: str,
    actor: Actor,
    at: datetime,
    code: str | None = None,
    alt: dict | None = None,
    caption: dict | None = None,
    licence: str = "",
    author: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    store: bool = True,
) -> Asset:
    """Take a file in and return its asset; the same upload gives the same asset again.

    An asset that the actor does not see is not there: its equal becomes one of its own.

    `file` is a path or a seekable binary stream. Without `code` one is made from the name.
    With a `code` that exists, that asset gets the new bytes. Texts and rights given replace
    those stored. `store=False` checks everything and writes no file (for a dry run inside a
    transaction that is rolled back). Raises MediaRefused.
    """
    if code:
        refuse_hidden_asset(code, actor.rights)
    stream, close = _stream(file)
    try:
        digest, size = digest_of(stream)
        rights = {"alt": alt, "caption": caption, "licence": licence, "author": author}
        rights |= {"valid_from": valid_from, "valid_to": valid_to}
        given = {name: value for name, value in rights.items() if value}
        known = _known(digest, code, actor.rights)
        if known is not None:
            return _describe(known, given, actor=actor, at=at)
        return _take_in(
            stream, digest, size, filename, code, given, actor=actor, at=at, store=store
        )
    finally:
        if close:
            stream.close()


def describe_asset(asset: Asset, *, actor: Actor, at: datetime, **given) -> Asset:
    """Set what is given of RIGHTS: texts, licence, author, and when it may be shown."""
    return _describe(asset, {k: v for k, v in given.items() if k in RIGHTS}, actor=actor, at=at)


def _stream(file):
    if isinstance(file, str | Path):
        return Path(file).open("rb"), True
    return file, False


def _known(digest: str, code: str | None, rights: Rights) -> Asset | None:
    """Return the asset of a file as it was sent, or as it is kept and exported."""
    same = Asset.objects.filter(Q(original_sha256=digest) | Q(sha256=digest))
    if code:
        return same.filter(code=code).first()
    return visible_media(same, rights).order_by("id").first()


def _describe(asset: Asset, given: dict, *, actor: Actor, at: datetime) -> Asset:
    before = {name: getattr(asset, name) for name in given}
    after = {
        name: _merged(before[name], value) if isinstance(value, dict) else value
        for name, value in given.items()
    }
    if before == after:
        return asset
    _refuse_texts(before, after, rights_over(asset, actor.rights))
    _refuse_backward({**{n: getattr(asset, n) for n in ("valid_from", "valid_to")}, **after})
    with transaction.atomic():
        for name, value in after.items():
            setattr(asset, name, value)
        asset.row_version += 1
        asset.save(update_fields=[*after, "row_version"])
        log_asset(asset, "describe", before, after, actor=actor, at=at)
    return asset


def _refuse_backward(rights: dict) -> None:
    """Refuse a time that ends before it begins."""
    begins, ends = rights["valid_from"], rights["valid_to"]
    if begins and ends and ends <= begins:
        raise InvalidValue(
            _("The time in which it may be shown ends before it begins."),
            code="bad_valid_to",
            field="valid_to",
        )


def _refuse_texts(before: dict, after: dict, rights: Rights) -> None:
    """Raise unless the actor may edit every locale whose text changes, and what is common."""
    locales = set()
    for name, value in after.items():
        if isinstance(value, dict):
            held = before[name]
            changed = {k for k in {*held, *value} if held.get(k) != value.get(k)}
            locales |= changed
        elif value != before[name]:
            locales.add(COMMON)
    for locale in sorted(locales):
        refuse_locale(locale, rights)


def refuse_locale(locale: str, rights: Rights) -> None:
    """Raise unless the actor may edit what media say in a locale, "" for what is common."""
    refuse_below(
        rights.locale(locale),
        Level.EDIT,
        _("Your roles do not let you change media %(locale)s."),
        locale=f"({locale})" if locale else "",
    )


def refuse_hidden_asset(code: str, rights: Rights) -> None:
    """Raise if an asset has the code that the rights do not show."""
    if is_hidden(code, rights):
        refuse_locale(COMMON, NOTHING)


def _merged(before: dict, given: dict) -> dict:
    """Return the texts by locale with those given; an empty one takes the locale away."""
    return {locale: text for locale, text in {**before, **given}.items() if text}


def delete_asset(asset: Asset, *, actor: Actor, at: datetime) -> None:
    """Delete an asset; what names it shows nothing in its place, readers hear of it."""
    refuse_locale(COMMON, rights_over(asset, actor.rights))
    with transaction.atomic():
        code = asset.code
        asset.delete()
        detail = {code: {"@deleted": [False, True]}}
        record_structure_change("asset", [code], actor=actor, at=at, detail=detail)


def take_upload(file, *, filename: str, actor: Actor, at: datetime) -> str:
    """Take a file in that an asset is to be made of later; return the code that names it.

    What nobody names within `UPLOAD_DAYS` is forgotten. Raises MediaRefused.
    """
    Upload.objects.filter(created_at__lt=at - timedelta(days=UPLOAD_DAYS)).delete()
    refuse_locale(COMMON, actor.rights)
    digest, size = digest_of(file)
    seen = visible_media(Asset.objects.all(), actor.rights)
    known = any(rows.filter(original_sha256=digest).exists() for rows in (seen, Upload.objects))
    if not known:
        fields = keep_medium(file, digest, size, filename, store=True)
        Upload.objects.get_or_create(original_sha256=digest, defaults=fields | {"created_at": at})
    return media_code(digest, Path(filename).name[:255])


def asset_of_file(code: str, medium: Asset | Upload, *, filename: str, actor: Actor, at) -> Asset:
    """Make the asset of that code from a file that is here, or give it that file."""
    refuse_locale(COMMON, actor.rights)
    _refuse_code(code)
    fields = {name: getattr(medium, name) for name in MEDIUM}
    return _record(code, fields | {"filename": filename}, actor=actor, at=at)


def _take_in(stream, digest, size, filename, code, given, *, actor, at, store) -> Asset:
    refuse_locale(COMMON, actor.rights)
    if code:
        _refuse_code(code)
    fields = keep_medium(stream, digest, size, filename, store=store)
    return _record(code, fields | given, actor=actor, at=at)


def _refuse_code(code: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}", code):
        raise Refused(
            _("“%(name)s” is no code: use letters, digits, underscore, hyphen and full stop."),
            code="bad_code",
            field="code",
            name=code[:100],
        )


def _record(code: str | None, fields: dict, *, actor: Actor, at: datetime) -> Asset:
    with transaction.atomic():
        existing = Asset.objects.filter(code=code).first() if code else None
        if existing:
            return _replace(existing, fields, actor=actor, at=at)
        try:
            with transaction.atomic():
                asset = Asset.objects.create(code=code or code_for(fields, actor.rights), **fields)
        except IntegrityError:
            # Somebody else took the same file in at the same moment: theirs is as good.
            return Asset.objects.get(code=code or code_for(fields, actor.rights))
        log_asset(asset, "create", {}, {"sha256": asset.sha256}, actor=actor, at=at)
    return asset


def _replace(asset: Asset, fields: dict, *, actor: Actor, at: datetime) -> Asset:
    refuse_locale(COMMON, rights_over(asset, actor.rights))
    before = {"sha256": asset.sha256}
    for name, value in fields.items():
        setattr(asset, name, value)
    asset.row_version += 1
    asset.save()
    log_asset(asset, "replace", before, {"sha256": asset.sha256}, actor=actor, at=at)
    return asset


def code_for(fields: dict, rights: Rights) -> str:
    """Return a code that a person can read and that no other upload gets.

    It ends in ten digits of the file's digest, in the next ten where a hidden asset has those.
    """
    stem = Path(fields["filename"]).stem
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-")[:80] or fields["kind"]
    digest = fields["original_sha256"]
    codes = (f"{slug}-{digest[start : start + 10]}" for start in range(0, 60, 10))
    return next(code for code in codes if not is_hidden(code, rights))


def log_asset(asset: Asset, action: str, before: dict, after: dict, *, actor: Actor, at) -> None:
    """Log the change; all but a new asset may be in use, so readers hear of it too."""
    detail = {name: [_told(before.get(name)), _told(value)] for name, value in after.items()}
    if action != "create":
        how = {"detail": {asset.code: detail}, "action": action}
        record_structure_change("asset", [asset.code], actor=actor, at=at, **how)
        return
    Change.objects.create(
        subject=f"asset:{asset.code}"[:300],
        action=action,
        actor=actor.name,
        source=actor.source,
        at=at,
        detail=detail,
    )


def _told(value):
    return value.isoformat() if isinstance(value, datetime) else value
