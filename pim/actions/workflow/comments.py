"""Comments on products and values; @name tells a person of it."""

import re
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from pim.content.address import Address, check_address
from pim.content.refusals import InvalidValue, _
from pim.content.rights import Level, NotAllowed
from pim.models import Comment, Product
from pim.queries.rights import rights_of, rights_on
from pim.queries.structure import load_structure

from .notices import may_see, tell

LONGEST = 5000
MENTION = re.compile(r"(?<![\w@.])@([\w.@+-]{1,150})")


def comment(product: Product, text: str, *, user, at: datetime, key: str = "") -> Comment:
    """Add a comment; people it mentions by @name are told, if they may see the product."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidValue(
            _("A comment has 1 to %(limit)s characters."),
            code="bad_comment",
            field="text",
            limit=LONGEST,
        )
    _check(product, user, key)
    with transaction.atomic():
        made = Comment.objects.create(product=product, key=key, author=user, text=text, at=at)
        named = mentioned(text)
        made.mentions.set(named)
        tell(
            [u for u in named if _sees(u, product, key)],
            "mention",
            f"{product.identifier}: {text}",
            product=product,
            sender=user,
            at=at,
        )
    return made


def resolve_comment(made: Comment, *, user, at: datetime) -> None:
    """Mark a comment as settled, or open it again."""
    _check(made.product, user, made.key)
    done = made.resolved_at is None
    made.resolved_at, made.resolved_by = (at, user) if done else (None, None)
    made.save(update_fields=["resolved_at", "resolved_by"])


def mentioned(text: str) -> list:
    """Return the users named behind an @; a full stop at the end is no part of a name."""
    names = {name for found in MENTION.findall(text) for name in (found, found.rstrip(".,;:"))}
    return list(get_user_model().objects.filter(username__in=names, is_active=True))


def _check(product: Product, user, key: str) -> None:
    """Raise unless the person may see the product, and the value that the comment is about."""
    parts = key.split("|")
    if key and len(parts) != 3:
        raise InvalidValue(_("A value is named attribute|channel|locale."), code="bad_key")
    if key:
        check_address(Address(*parts), load_structure())
    if not _sees(user, product, key):
        raise NotAllowed


def _sees(user, product: Product, key: str) -> bool:
    """Return whether the person may see the product and, where one is named, the value."""
    if not may_see(user, product):
        return False
    held = rights_on([product.pk], rights_of(user))[product.pk]
    return not key or held.key(key, load_structure()) >= Level.VIEW
