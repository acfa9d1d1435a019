"""Running an edition: claim, freeze, render, assemble, verify, promote."""

import json
import logging
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from syndication import store
from syndication.contract import said
from syndication.models import Edition, Pointer
from syndication.queries.listings_behind import listed_up_to

from . import record
from .ahead import end_preparation
from .assemble import AssemblyFailed, Leak
from .context import NotConfigured, Setting, setting_of
from .freeze import Frozen, freeze
from .guard import Cause, Figures, objections
from .lease import (
    CLAIMABLE,
    Held,
    LeaseLost,
    Stopping,
    claim,
    give_up,
    hand_back,
    is_leaving,
)
from .make import Making
from .nothing_new import note_nothing_new
from .promote import promote
from .refreeze import refreeze
from .render import StaleFreeze

log = logging.getLogger(__name__)
LOOK_SECONDS = 1  # how often a preparation looks for an edition that waits


class DeadlinePassed(Exception):
    """The edition took longer than any edition may."""


class Beat:
    """Keeps the lease while work goes on; raises when the work should stop.

    Who `yields` stops for any edition that waits.
    """

    def __init__(self, held: Held, *, yields: bool = False):
        self.held = held
        self.last, self.pids = time.monotonic(), []
        self.until = time.monotonic() + settings.EDITION_DEADLINE_SECONDS
        self.yields, self.looked = yields, self.last

    def __call__(self, pids: list[int] | None = None):
        now = time.monotonic()
        if is_leaving() or (self.yields and self._wanted(now)):
            raise Stopping
        if now > self.until:
            raise DeadlinePassed("The edition took too long.")
        pids = self.pids if pids is None else pids
        news = pids != self.pids and now - self.last > 0.2
        if news or now - self.last > settings.EDITION_RENEW_SECONDS:
            self.held.renew(at=timezone.now(), child_pids=pids)
            self.last, self.pids = now, pids

    def _wanted(self, now: float) -> bool:
        if now - self.looked < LOOK_SECONDS:
            return False
        self.looked = now
        waiting = Edition.objects.filter(state__in=CLAIMABLE)
        return any(_due(edition, timezone.now()) for edition in waiting.only("not_before"))


def run_due_editions(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Run every edition that waits and is due, oldest first, until none is left.

    What is only prepared comes last.
    """
    done = 0
    while not is_leaving():
        waiting = Edition.every.filter(state__in=CLAIMABLE).order_by("ahead", "id")
        due = [e.pk for e in waiting.only("pk", "not_before") if _due(e, clock())]
        ran = next((pk for pk in due if run_edition(pk, clock=clock)), None)
        if ran is None:
            return done
        done += 1
    return done


def _due(edition: Edition, at: datetime) -> bool:
    return edition.not_before is None or edition.not_before <= at


def run_edition(edition_id: int, *, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Run an edition to a state in which it waits or has ended; False if it was not to be had."""
    held = claim(edition_id, at=clock())
    if held is None:
        return False
    folder = store.scratch(f"edition-{edition_id}-{held.fence}")
    try:
        _run(held, folder, clock)
    except LeaseLost:
        log.info("edition %s was taken away", edition_id)
    except Stopping:
        hand_back(held)
    except (NotConfigured, Leak, DeadlinePassed) as error:
        give_up(held, cause=str(error), at=clock(), for_good=True)
    except StaleFreeze as error:
        held.rows().update(frozen="")
        give_up(held, cause=str(error), at=clock(), for_good=False)
    except MemoryError:
        give_up(held, cause="The worker ran out of memory.", at=clock(), for_good=False)
    except (AssemblyFailed, OSError, OperationalError) as error:
        give_up(held, cause=_say(error), at=clock(), for_good=False)
    except Exception as error:
        log.exception("edition %s", edition_id)
        give_up(held, cause=_say(error), at=clock(), for_good=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _say(error: Exception) -> str:
    return str(error) if isinstance(error, AssemblyFailed) else f"{type(error).__name__}: {error}"


def _run(held: Held, folder: Path, clock: Callable):
    edition = held.rows().select_related("output").get()
    beat = Beat(held, yields=edition.ahead)
    setting = setting_of(edition)
    edition.environment = setting.whole
    served = _served(edition)
    frozen = _frozen(held, setting, served, folder, beat, clock)
    if edition.ahead:
        Making(held, setting, frozen, served, folder, beat).prepare(at=clock())
        return end_preparation(held, counts=edition.counts, at=clock())
    if served and edition.settings.get("only_if_changed") and _same(served, edition):
        return _end_as_served(held, edition, served, at=clock())
    if served and not setting.kind.numbered and _same(served, edition):
        _link_again(held, edition, served, frozen)
    else:
        Making(held, setting, frozen, served, folder, beat).run(at=clock())
    _decide(held, edition, served, clock)


def _frozen(
    held: Held,
    setting: Setting,
    served: Edition | None,
    folder: Path,
    beat: Beat,
    clock: Callable,
) -> Frozen:
    """Freeze, or take up what an earlier attempt of this edition froze.

    A preparation freezes anew: an edition may have gone past it meanwhile.
    """
    edition = setting.edition
    if not edition.ahead and store.exists(edition.frozen):
        excluded = edition.counts.get("excluded_by", {})
        frozen = Frozen(edition.frozen, edition.data_version, edition.counts.get("items", 0))
        frozen.excluded.update(excluded)
    else:
        edition.shown_from = listed_up_to(at=clock())
        how = {"kind": setting.kind, "folder": folder, "beat": beat}
        frozen = served and refreeze(edition, served=served, **how)
        frozen = frozen or freeze(edition, **how)
        edition.products, edition.shown_to = frozen.products, clock()
    edition.frozen, edition.data_version = frozen.sha256, frozen.data_version
    edition.counts = {
        "items_in": frozen.items_in,
        "items": frozen.items,
        "excluded": sum(frozen.excluded.values()),
        "excluded_by": dict(frozen.excluded),
    }
    held.write(
        frozen=edition.frozen,
        data_version=edition.data_version,
        environment=edition.environment,
        products=edition.products,
        shown_from=edition.shown_from,
        shown_to=edition.shown_to,
        counts=edition.counts,
    )
    return frozen


def _served(edition: Edition) -> Edition | None:
    pointer = Pointer.objects.filter(output_id=edition.output_id, locale=edition.locale)
    found = pointer.select_related("edition").first()
    return found.edition if found else None


def _same(served: Edition, edition: Edition) -> bool:
    """Say whether the two editions would come out as the same files."""
    return served.frozen == edition.frozen and served.environment == edition.environment


def _link_again(held: Held, edition: Edition, served: Edition, frozen: Frozen):
    """Nothing has changed: the files of the edition being served are this edition's files."""
    kept = ("issued", "item_errors", "warnings", "warnings_by", "priced", "median_price")
    edition.counts.update({name: served.counts.get(name) for name in kept})
    edition.counts.update(
        rendered=0, reused=frozen.items, added=0, changed=0, removed=0, vanished=0
    )
    edition.counts["unchanged"] = frozen.items
    edition.counts["compared_with"] = served.number
    edition.counts["files_of"] = served.counts.get("files_of", served.number)
    with transaction.atomic():
        held.write(counts=edition.counts)
        record.copy_results(edition, served)


def _end_as_served(held: Held, edition: Edition, served: Edition, *, at: datetime):
    """Issue nothing: what is served is what this edition would show. Its data count as shown."""
    cause = Cause(_("Nothing is new since edition %(number)d."), {"number": served.number})
    edition.counts["unchanged"] = edition.counts["items"]
    with transaction.atomic():
        _release(held, "nothing_new", [cause], counts=edition.counts, finished_at=at)
        shown = Pointer.objects.filter(edition=served, data_version__lt=edition.data_version)
        shown.update(data_version=edition.data_version)
        note_nothing_new(edition.output, slot=edition.trigger_key, edition=edition, at=at)


def _decide(held: Held, edition: Edition, served: Edition | None, clock: Callable):
    """Verify the figures, then promote, or wait for a person."""
    held.write(state="verifying")
    counts = edition.counts
    if counts["items_in"] != counts["issued"] + counts["item_errors"] + counts["excluded"]:
        raise AssertionError(f"the items do not add up: {counts}")
    edition.output.refresh_from_db()
    if causes := _causes(edition, served):
        return _block(held, causes)
    if not promote(edition, held.rows("verifying"), at=clock()):
        raise LeaseLost(edition.pk)


def _causes(edition: Edition, served: Edition | None) -> list[Cause]:
    counts, output = edition.counts, edition.output
    figures = Figures(
        issued=counts["issued"],
        vanished=counts["vanished"],
        priced=counts["priced"],
        median_price=counts["median_price"],
        before=served.counts if served else None,
    )
    causes = objections(figures, rules=output.guard)
    if output.strict and counts["item_errors"]:
        message = _("%(errors)d items have errors, and the output is strict.")
        causes.append(Cause(message, {"errors": counts["item_errors"]}))
    if output.held:
        causes.append(Cause(_("The output is held."), {}))
    if output.needs_approval:
        causes.append(Cause(_("The output needs approval."), {}))
    return causes


def _block(held: Held, causes: list[Cause]):
    _release(held, "blocked", causes)


def _release(held: Held, state: str, causes: list[Cause], **fields):
    """Write a state in which nobody works on the edition, and why."""
    held.write(
        state=state,
        cause="\n".join(said(*cause) for cause in causes),
        causes=json.dumps(causes),
        lease_owner="",
        lease_pid=None,
        child_pids=[],
        lease_until=None,
        **fields,
    )
