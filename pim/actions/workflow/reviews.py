"""Reviews: slices of a draft are asked for, approved or sent back one by one, then published."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pim.actions.approval import changed_slices
from pim.actions.publishing import publish_products
from pim.content.actor import Actor
from pim.content.refusals import Conflict, InvalidValue, Refused, _
from pim.content.rights import Holding, Level, NotAllowed
from pim.content.snapshot import unpack
from pim.models import Product, Review
from pim.queries.drafts import read_drafts
from pim.queries.rights import rights_of, rights_on
from pim.queries.structure import load_structure

from .notices import tell

Slice = Sequence[str]  # (attribute group or "@structure", locale or "")
APPROVED, REJECTED = "approved", "rejected"


def ask_review(
    product: Product,
    slices: Sequence[Slice],
    *,
    user,
    at: datetime,
    reviewer=None,
    note: str = "",
) -> Review:
    """Ask that slices of the draft be published; what is asked for already is not asked twice."""
    wanted = [list(s) for s in dict.fromkeys(tuple(s) for s in slices)]
    if not wanted:
        raise InvalidValue(_("Say what is to be reviewed."), code="nothing_chosen", field="slices")
    held = rights_on([product.pk], rights_of(user))[product.pk]
    if any(held.slice(group, locale) < Level.VIEW for group, locale in wanted):
        raise NotAllowed
    _refuse_unchanged(product, wanted)
    _refuse_powerless(product, wanted, reviewer)
    asked = Review.objects.filter(product=product, state=Review.OPEN)
    already = {tuple(s) for review in asked for s in review.waiting}
    wanted = [s for s in wanted if tuple(s) not in already]
    if not wanted:
        raise Refused(_("A review of this is open already."), code="already_asked")
    with transaction.atomic():
        review = Review.objects.create(
            product=product, slices=wanted, note=note.strip(), asked_by=user, reviewer=reviewer,
            asked_at=at,
        )  # fmt: skip
        text = f"{product.identifier}: {note.strip() or words(wanted)}"
        tell([reviewer], "review", text, product=product, sender=user, at=at)
    return review


def _refuse_unchanged(product: Product, wanted: list[list[str]]) -> None:
    """Raise for a slice in which the draft does not differ from what is published."""
    draft = read_drafts([product.pk])[product.pk]
    base = unpack(bytes(product.version.snapshot)) if product.version_id else None
    differing = changed_slices(base, draft, load_structure())
    for group, locale in wanted:
        if (group, locale) not in differing:
            raise InvalidValue(
                _("Nothing differs from what is published in %(slice)s."),
                code="nothing_differs",
                field="slices",
                slice=words([(group, locale)]),
            )


def _refuse_powerless(product: Product, wanted: list[list[str]], reviewer) -> None:
    """Raise for a reviewer who may decide none of it: it would wait for ever."""
    if reviewer is not None and not _may_decide(product.pk, wanted, reviewer):
        raise Refused(
            _("%(name)s may not publish any of this."),
            code="reviewer_powerless",
            field="reviewer",
            name=reviewer.get_username(),
        )


def _may_decide(product_id: int, slices: Sequence[Slice], user) -> bool:
    """Return whether somebody may publish any of the slices."""
    held = rights_on([product_id], rights_of(user))[product_id]
    may = any(held.slice(group, locale) >= Level.PUBLISH for group, locale in slices)
    return may and user.has_perm("pim.publish_product")


def decide_review(
    review: Review,
    decisions: dict[str, str],
    *,
    user,
    actor: Actor,
    at: datetime,
    answer: str = "",
    expected: int | None = None,
) -> Review:
    """Decide slices by {"group|locale": "approved" | "rejected"}; approved ones are published.

    Other slices and other locales stay as they are. Needs the right to publish each approved
    slice; whoever asked is told. `expected` is the row version of the draft that the reviewer
    has seen: one that was edited since raises `Conflict`, so that nothing unseen goes live.
    """
    if review.state != Review.OPEN:
        raise Refused(_("This review is over."), code="review_over")
    waiting = {"|".join(s): s for s in review.waiting}
    unknown = [key for key in decisions if key not in waiting]
    wrong = [d for d in decisions.values() if d not in (APPROVED, REJECTED)]
    if unknown or wrong or not decisions:
        raise InvalidValue(
            _("Approve or reject slices that wait."), code="bad_decision", field="decisions"
        )
    approved = [waiting[key] for key, word in decisions.items() if word == APPROVED]
    _refuse_foreign(review.product, [waiting[k] for k in decisions], actor)
    with transaction.atomic():
        _lock(review)
        _refuse_unseen(review.product_id, expected)
        if approved:
            publish_products(
                [review.product_id], slices=approved, actor=actor, at=at,
                reason=answer or review.note,
            )  # fmt: skip
        _close(review, decisions, user=user, at=at, answer=answer)
        what = ", ".join(f"{key.strip('|')} {word}" for key, word in decisions.items())
        text = f"{review.product.identifier}: {answer or what}"
        tell([review.asked_by], "decision", text, product=review.product, sender=user, at=at)
    return review


def _lock(review: Review) -> None:
    """Take the review for this transaction, as it is now: two people decide one after the other."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.state != Review.OPEN or held.decided != review.decided:
        raise Refused(_("Somebody else has decided meanwhile."), code="decided_meanwhile")


def _refuse_unseen(product_id: int, expected: int | None) -> None:
    now = Product.objects.values_list("row_version", flat=True).get(pk=product_id)
    if expected is not None and expected != now:
        raise Conflict(_("The draft was edited since you opened it: look at it once more."))


def withdraw_review(review: Review, *, user, at: datetime) -> None:
    """Take a review back that is not decided; only who `may_withdraw` does."""
    if review.state != Review.OPEN:
        raise Refused(_("This review is over."), code="review_over")
    held = rights_on([review.product_id], rights_of(user))[review.product_id]
    if not may_withdraw(review, user, held):
        raise NotAllowed
    review.state, review.decided_at, review.decided_by = Review.WITHDRAWN, at, user
    review.save(update_fields=["state", "decided_at", "decided_by"])


def may_withdraw(review: Review, user, held: Holding) -> bool:
    """Return whether somebody asked for the review, or may decide all of it that waits."""
    if user == review.asked_by:
        return True
    levels = [held.slice(group, locale) for group, locale in review.waiting]
    return user.has_perm("pim.publish_product") and min(levels) >= Level.PUBLISH


def words(slices: Sequence[Slice]) -> str:
    """Return slices in one line."""
    return ", ".join(f"{group.lstrip('@')} {locale}".strip() for group, locale in slices)


def _refuse_foreign(product: Product, slices: Sequence[Slice], actor: Actor) -> None:
    held = rights_on([product.pk], actor.rights)[product.pk]
    for group, locale in slices:
        if held.slice(group, locale) < Level.PUBLISH:
            raise NotAllowed(
                _("Your roles do not let you decide on %(slice)s."),
                slice=f"{group.lstrip('@')} {locale}".strip(),
            )


def _close(review: Review, decisions: dict[str, str], *, user, at: datetime, answer: str) -> None:
    review.decided = {**review.decided, **decisions}
    review.decided_by, review.decided_at = user, at
    given = {"by": user.get_username(), "at": at.isoformat(), "answer": answer.strip()}
    review.rounds = [*review.rounds, {**given, "decided": decisions}]
    review.answer = "\n".join(part for part in (review.answer, answer.strip()) if part)
    if not review.waiting:
        review.state = Review.DONE
    elif review.reviewer and not _may_decide(review.product_id, review.waiting, review.reviewer):
        review.reviewer = None  # what is left waits for whoever may publish it
    review.save(
        update_fields=[
            "decided", "rounds", "decided_by", "decided_at", "answer", "state", "reviewer",
        ]
    )  # fmt: skip
