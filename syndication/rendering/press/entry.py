"""The way in: which stage the options of an output ask for."""

from syndication.contract import RenderContext

from .stage import ACCESSIBLE, PRESS, SCREEN, Stage


def stage_of(context: RenderContext) -> Stage:
    """Return the stage that the options of an output ask for."""
    form = context.options.get("form") or SCREEN
    if form == PRESS:
        from .press import Press

        return Press(context)
    if form == ACCESSIBLE:
        from .accessible import Accessible

        return Accessible()
    return Stage()
