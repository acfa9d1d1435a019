"""What is to be written of a product to take a job's changes back, and what is left as it is."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from pim.actions.products import ProductWrite
from pim.content.address import Address, check_address
from pim.content.kinds import clean
from pim.content.refusals import Refused, _
from pim.content.spans import MEMBERS, TIES, ties_back
from pim.content.structure import Structure
from pim.queries.drafts import DraftState

_PLACES = ("identifier", "family", "family_variant", "parent", "enabled")
# These hang together: what stands in the way of one stands in the way of all.
_TOGETHER = ("family", "family_variant", "parent")
_LONGEST = 200
_NOTHING = (None, "", [], {})


@dataclass(slots=True)
class Back:
    """The wish for one product, whether it asks for anything, and what is left with its reason."""

    state: DraftState
    write: ProductWrite
    left: list[tuple[str, Refused]] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Return whether there is anything to write."""
        write = self.write
        wishes = (write.family, write.family_variant, write.parent, write.enabled)
        lists = (write.categories, write.groups, write.associations)
        renamed = write.identifier != self.state.identifier
        return bool(write.values or renamed) or any(w is not None for w in (*wishes, *lists))


def wish_back(state: DraftState, spans: dict, *, structure: Structure) -> Back:
    """Return the wish that takes the spans back, each only where nobody has changed it since."""
    back = Back(state, ProductWrite(state.identifier, uuid=state.uuid))
    for (key, part), span in spans.items():
        if key in MEMBERS:
            _member(back, key[1:], part, span)
        elif key == TIES:
            _ties(back, part, span)
        elif key.startswith("@"):
            _place(back, key[1:], span)
        else:
            _value(back, key, span, structure)
    return back


def forget_inherited(back: Back, above: list[dict]) -> None:
    """Keep a product that leaves its parent from taking along what it inherited.

    `above` are the values of its ancestors. It had none of them of its own before it came.
    """
    for values in above:
        for locale, held in values.items():
            for attribute, by_channel in held.items():
                for channel in by_channel:
                    if _at(back.state, Address(attribute, channel, locale)) is None:
                        back.write.values.setdefault(Address(attribute, channel, locale), None)


def lessen(back: Back, refusals: list[Refused]) -> bool:
    """Take out of the wish what refuses it and note that; return False where nothing helps."""
    for refusal in refusals:
        if not _take_out(back.write, refusal):
            return False
        back.left.append((refusal.params.get("address") or refusal.field, refusal))
    return True


def _take_out(write: ProductWrite, refusal: Refused) -> bool:
    name, about = refusal.params.get("name", ""), refusal.field
    if about in (write.associations or {}):
        ties = write.associations[about]
        ties["products"] = [t for t in ties["products"] if t[0] != name]
        ties["groups"] = [g for g in ties["groups"] if g != name]
        return True
    if about in ("categories", "groups") and name in (getattr(write, about) or ()):
        setattr(write, about, [code for code in getattr(write, about) if code != name])
        return True
    if about in _TOGETHER:
        write.family = write.family_variant = write.parent = None
        return True
    key = refusal.params.get("address", "")
    kept = {
        address: raw
        for address, raw in write.values.items()
        if (address.key() != key if key else address.attribute != about)
    }
    helps = len(kept) < len(write.values)
    write.values = kept
    return helps


def _value(back: Back, key: str, span: list, structure: Structure) -> None:
    address = Address(*key.split("|"))
    now = _at(back.state, address)
    if not _due(back, key, span, now):
        return
    before = span[0]
    try:
        attribute = check_address(address, structure)
        if before is not None and attribute.kind != "product":
            clean(attribute, before, structure)
    except Refused as refusal:
        back.left.append((key, refusal))
        return
    back.write.values[address] = before


def _place(back: Back, name: str, span: list) -> None:
    if name not in _PLACES or not _due(back, f"@{name}", span, getattr(back.state, name)):
        return
    before = span[0]
    setattr(back.write, name, ("" if before is None else before))


def _member(back: Back, name: str, code: str, span: list) -> None:
    held = getattr(back.write, name)
    held = getattr(back.state, name) if held is None else held
    if (code in held) == span[0]:
        return
    wanted = [*held, code] if span[0] else [c for c in held if c != code]
    setattr(back.write, name, wanted)


def _ties(back: Back, code: str, span: list) -> None:
    held = back.state.associations.get(code, {"products": [], "groups": []})
    ties, left = ties_back(held, span)
    for target in left:
        back.left.append((f"@associations {code}", _changed_since(code, target, "…")))
    if ties != held:
        ties = {name: list(items) for name, items in ties.items()}
        back.write.associations = {**(back.write.associations or {}), code: ties}


def _due(back: Back, key: str, span: list, now: Any) -> bool:
    """Return whether the place is still as the job left it; note it where it is neither."""
    if _same(now, span[0]):
        return False
    if _same(now, span[1]):
        return True
    back.left.append((key, _changed_since(key, _short(span[1]), _short(now))))
    return False


def _same(one: Any, other: Any) -> bool:
    """Return whether both are the same or nothing; no and zero are something."""
    return one == other or (one in _NOTHING and other in _NOTHING)


def _at(state: DraftState, address: Address) -> Any:
    held = state.values.get(address.locale, {}).get(address.attribute, {})
    return held.get(address.channel)


def _changed_since(key: str, wrote: str, now: str) -> Refused:
    return Refused(
        _("It was left as it is: the job wrote %(wrote)s, since then it has become %(now)s."),
        code="changed_since",
        field=key,
        wrote=wrote,
        now=now,
    )


def _short(data: Any) -> str:
    if data is None:
        return "–"
    text = data if isinstance(data, str) else orjson.dumps(data).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
