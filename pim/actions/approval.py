"""Which slices an actor may publish: those that differ in nothing they may not publish."""

from collections.abc import Iterable, Sequence

from pim.content.diff import diff
from pim.content.refusals import _
from pim.content.rights import Holding, Level, NotAllowed, Rights
from pim.content.snapshot import STRUCTURE_SLICE
from pim.content.structure import Structure
from pim.queries.drafts import DraftState
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure

from .versions import Head

_STRUCTURE = (STRUCTURE_SLICE, "")


def approved_slices(
    heads: Sequence[Head],
    drafts: dict[int, DraftState],
    bases: dict[int, dict],
    *,
    slices: list | None,
    rights: Rights,
) -> dict[int, list | None]:
    """Return {product id: slices to publish} of the products that have any; None is all.

    `bases` is {version id: snapshot}. Where nothing is asked for by name, what the rights do
    not cover stays back; a slice asked for by name that they do not cover raises `NotAllowed`.
    """
    if rights.unlimited:
        return dict.fromkeys((head.id for head in heads), slices)
    structure = load_structure()
    held = rights_on([head.id for head in heads], rights)
    found: dict[int, list | None] = {}
    for head in heads:
        differing = changed_slices(bases.get(head.version_id), drafts[head.id], structure)
        barred = _barred(differing, held[head.id], structure, head)
        if slices is not None:
            refuse_barred(slices, barred, head)
            found[head.id] = slices
        elif free := _free(differing, barred, head):
            found[head.id] = free
    return found


def changed_slices(
    base: dict | None, draft: DraftState, structure: Structure
) -> dict[tuple[str, str], list[str]]:
    """Return {(attribute group | "@structure", locale): keys of what differs in it}."""
    found: dict[tuple[str, str], list[str]] = {}
    for key in diff(base, draft.snapshot()):
        found.setdefault(slice_of_key(key, structure), []).append(key)
    return found


def slice_of_key(key: str, structure: Structure) -> tuple[str, str]:
    """Return the slice that a key of a difference belongs to."""
    if key.startswith("@"):
        return _STRUCTURE
    code, _channel, locale = key.split("|")
    known = structure.attributes.get(code)
    return (known.group if known else "", locale)


def refuse_barred(slices: Iterable, barred: set[tuple[str, str]], head: Head) -> None:
    """Raise for the first slice asked for that may not be published."""
    asked = {tuple(one) for one in slices}
    if head.version_id is None:
        asked.add(_STRUCTURE)  # what was never published takes its structure along
    for group, locale in sorted(asked & barred):
        raise NotAllowed(
            _("Your roles do not let you publish “%(slice)s” of %(name)s."),
            slice=f"{group} {locale}".strip(),
            name=head.identifier,
        )


def refuse_withdrawal(heads: Iterable[Head], rights: Rights) -> None:
    """Raise unless the actor may publish the structure of every product."""
    if rights.unlimited:
        return
    heads = list(heads)
    held = rights_on([head.id for head in heads], rights)
    for head in heads:
        if held[head.id].structure < Level.PUBLISH:
            raise NotAllowed(
                _("Your roles do not let you withdraw %(name)s."), name=head.identifier
            )


def refuse_cancelling(slices: list | None, head: Head, rights: Rights) -> None:
    """Raise unless the actor may publish what was planned (None: everything)."""
    if rights.unlimited:
        return
    holding = rights_on([head.id], rights)[head.id]
    levels = [holding.structure] if slices is None else []
    for group, locale in slices or ():
        levels.append(
            holding.structure if group == STRUCTURE_SLICE else holding.slice(group, locale)
        )
    if min(levels, default=Level.PUBLISH) < Level.PUBLISH:
        raise NotAllowed(
            _("Your roles do not let you cancel this publication of %(name)s."),
            name=head.identifier,
        )


def _barred(differing: dict, holding: Holding, structure: Structure, head: Head) -> set:
    barred = {
        place
        for place, keys in differing.items()
        if any(holding.key(key, structure) < Level.PUBLISH for key in keys)
    }
    if (head.version_id is None or head.withdrawn) and holding.structure < Level.PUBLISH:
        barred.add(_STRUCTURE)
    return barred


def _free(differing: dict, barred: set, head: Head) -> list:
    """Return the slices to publish; nothing of a product whose structure must come first."""
    first = head.version_id is None or head.withdrawn
    if first and _STRUCTURE in barred:
        return []
    free = [list(place) for place in differing if place not in barred]
    return free or ([list(_STRUCTURE)] if first else [])
