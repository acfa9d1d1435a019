"""Work that the service does while somebody waits: handed over, and how it ended in words."""

from functools import partial
from pathlib import Path

import orjson
from django.conf import settings
from django.utils.translation import gettext_noop as _

from syndication.registry import output_kind, targets
from syndication.supervise.ask import ServiceGone, ask, wake
from syndication.supervise.bringing import bring_file

REASONS = {
    "busy": _("Too much is drawn at once. Try again in a moment."),
    "passed": _("A newer one was asked for."),
    "timeout": _("It took too long."),
    "oom": _("It needed too much memory."),
    "render_crash": _("It crashed."),
}
GONE = _("The service that draws previews does not answer.")
FAILED = _("It failed.")


def serve(spec: dict, folder: Path, *, who: str = "", patient: bool = False) -> tuple[str, str]:
    """Have a child of the service do a job in a folder; return ("", "") when it is done.

    Else (code, reason): one of `REASONS`, "gone" or "error", and a sentence to be translated.
    `patient` work waits for what somebody sees change under their hands.
    """
    path = folder / "spec.json"
    path.write_bytes(orjson.dumps({"folder": str(folder), **spec}))
    order = {
        "spec": str(path),
        "target": spec.get("target", ""),
        "locales": spec.get("locales", []),
        "who": who,
        "patient": patient,
    }
    try:
        ended = ask(
            order, modules=modules(), seconds=spec["seconds"], bring=partial(bring_file, folder)
        )
    except TimeoutError:
        return "busy", REASONS["busy"]
    except (ServiceGone, OSError):
        return "gone", GONE
    outcome = ended["outcome"]
    if outcome == "error":
        return outcome, _last_line(folder / "log")
    return outcome, REASONS.get(outcome, outcome)


def wake_for(kind: str, locale: str) -> None:
    """Have the service ready for a preview that will be asked for soon."""
    if settings.PREVIEW_AHEAD:
        wake(targets()[kind], [locale], modules=modules)


def _last_line(log: Path) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return (text.strip().splitlines() or [FAILED])[-1][:300]


def modules() -> tuple[str, ...]:
    """Return what the service holds ready: what the kinds that can be seen load."""
    kinds = [kind for code in sorted(targets()) if (kind := _kind(code)) and kind.preview]
    return tuple(dict.fromkeys(name for kind in kinds for name in kind.preload))


def _kind(code: str):
    try:
        return output_kind(code)
    except (ImportError, AttributeError):
        return None
