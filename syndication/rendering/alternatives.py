"""What is read in place of a picture (PDF/UA-1, 7.3; WCAG 2.2, 1.1.1)."""

from collections.abc import Iterable
from typing import Any

from .tongues import in_line
from .view import View


def alternative(asset: dict[str, Any], shown: Iterable[View]) -> str:
    """Return the alternative text of a picture in the language of every view, each text once;
    its caption, else the product's name stands for one that is missing."""
    return in_line(_said(asset, view) for view in shown)


def _said(asset: dict[str, Any], view: View) -> str:
    holders = (view, *view.variants)  # a model without a picture shows one of theirs
    known = (own for holder in holders for own in holder.body.get("assets", {}).values())
    same = next((own for own in known if own.get("sha256") == asset["sha256"]), {})
    return same.get("alt") or same.get("caption") or view.name
