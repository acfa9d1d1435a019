"""The pictures of a card at the sizes in which they are printed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext_noop as _

from syndication.contract import RenderContext

from ..alternatives import alternative
from ..images import PictureError
from ..press.stage import NO_ALT, is_tagged
from ..view import View
from .layouts.folders import Layout

CROP = 1 / 6  # of the width or height of a picture, at most
READ = ("sha256", "kind", "width", "height", "alt")


@dataclass(frozen=True)
class Picture:
    """A derivative ready to print; `cover` says that it may be cropped to the frame."""

    path: Path
    cover: bool
    alt: str


class Pictures:
    """The main picture and `most` further ones; `warn` hears of those that cannot be printed.

    `shown` is the product in each language of the edition.
    """

    def __init__(
        self,
        shown: list[View],
        context: RenderContext,
        layout: Layout,
        *,
        most: int,
        warn: Callable,
    ):
        self.main, self.shown = shown[0], shown
        self.context, self.most, self.warn = context, most, warn
        self.frame = layout.manifest.picture

    @cached_property
    def first(self) -> Picture | None:
        """The main picture at print size, or None with a warning that says why."""
        asset = next(iter(self.main.pictures), None)
        if not asset or asset.get("kind", "image") != "image":
            self.warn("picture_missing", _("There is no picture."), field="image")
            return None
        return self._picture(asset, pixels=self._pixels)

    @cached_property
    def more(self) -> list[Picture]:
        """The further pictures at print size."""
        pixels = max(420, self._pixels // 3)
        found = [self._picture(a, pixels=pixels) for a in self.main.pictures[1 : self.most + 1]]
        return [picture for picture in found if picture]

    @property
    def reads(self) -> list[list]:
        """What the pictures depend on, as it was published."""
        shown = self.main.pictures[: self.most + 1]
        return [[*(a.get(key) for key in READ), alternative(a, self.shown)] for a in shown]

    @property
    def _pixels(self) -> int:
        pixels = self.frame[2]
        # A tagged file is there to be sent, not printed.
        return pixels * 3 // 5 if is_tagged(self.context) else pixels

    def _picture(self, asset: dict, *, pixels: int) -> Picture | None:
        try:
            path = self.context.assets.derivative(
                asset["sha256"], width=pixels, media_type="image/jpeg"
            )
        except (PictureError, OSError) as error:
            message = _("The picture cannot be used: %(why)s")
            self.warn("picture_unusable", message, field="image", why=str(error))
            return None
        if not asset.get("alt") and is_tagged(self.context):
            self.warn("alt_missing", NO_ALT, field="image")
        return Picture(path, self._crops(asset), alternative(asset, self.shown))

    def _crops(self, asset: dict) -> bool:
        """A picture whose shape is near that of the frame fills it; others are shown whole."""
        width, height = asset.get("width") or 1, asset.get("height") or 1
        return 1 - CROP <= (width / height) / (self.frame[0] / self.frame[1]) <= 1 / (1 - CROP)
