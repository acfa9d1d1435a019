"""The upkeep thread of a worker: bells, listings and sweeps, every second or so.

Several workers may run it at once; all it does is claimed row by row.
"""

import logging
import threading
import time

from celery.signals import worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from syndication.actions import hooks
from syndication.actions.editions import lease, sweep
from syndication.actions.editions.lease import waiting_since
from syndication.actions.events import collect_events
from syndication.actions.listings import upkeep as upkeep_listings
from syndication.actions.outbox import dispatch
from syndication.actions.schedule import ChangeWatch
from syndication.actions.statistics import refresh_statistics
from syndication.tasks import compress, deliver, render_due

STATISTICS_SECONDS = 5
log = logging.getLogger(__name__)


def ring_bell(entry) -> bool:
    """Send the bell of an edition; the sweep rings again should it get lost."""
    render_due.apply_async(args=[entry.payload["edition"]], retry=False)
    return True


def pass_on(task):
    """Return what asks for a slow effect; the entry is done only when the effect is."""

    def ask(entry) -> bool:
        task.apply_async(args=[entry.pk], retry=False)
        return False

    return ask


EFFECTS = {"bell": ring_bell, "delivery": pass_on(deliver), "compress": pass_on(compress)}


class Upkeep(threading.Thread):
    """Calls whatever has to be looked at often; one failure does not stop the others."""

    def __init__(self, *, everything: bool):
        super().__init__(name="upkeep", daemon=True)
        self.everything = everything
        self.stopped = threading.Event()
        self.watch = ChangeWatch()
        self.swept = self.analysed = float("-inf")

    def run(self):
        while not self.stopped.wait(settings.EDITION_UPKEEP_SECONDS):
            close_old_connections()
            self.turn()
        connection.close()

    def turn(self):
        """Do everything once."""
        self._try(self._sweep)
        if self.everything:
            self._try(lambda: upkeep_listings(at=timezone.now(), limit=1000))
            self._try(lambda: self.watch.issue_changed(at=timezone.now()))
            self._try(lambda: self.watch.prepare_changed(at=timezone.now()))
            self._try(self._dispatch)
            self._try(lambda: collect_events(at=timezone.now()))
            self._try(lambda: hooks.plan_deliveries(at=timezone.now()))
            self._try(self._analyse)

    def _try(self, action):
        try:
            action()
        except Exception:
            log.exception("upkeep")

    def _sweep(self):
        if time.monotonic() - self.swept < settings.EDITION_SWEEP_SECONDS:
            return
        self.swept = time.monotonic()
        sweep(at=timezone.now())
        if waiting_since(settings.EDITION_SWEEP_SECONDS, at=timezone.now()):
            render_due.apply_async(retry=False)

    def _analyse(self):
        if time.monotonic() - self.analysed >= STATISTICS_SECONDS:
            self.analysed = time.monotonic()
            refresh_statistics()

    def _dispatch(self):
        dispatch(EFFECTS, at=timezone.now())


class Sending(threading.Thread):
    """Sends to webhooks; slow receivers hold up nothing but themselves and their like."""

    def __init__(self):
        super().__init__(name="webhooks", daemon=True)
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(settings.EDITION_UPKEEP_SECONDS):
            close_old_connections()
            try:
                hooks.send_due(at=timezone.now())
            except Exception:
                log.exception("webhooks")
        connection.close()


_threads: list[Upkeep | Sending] = []


@worker_ready.connect
def start_upkeep(sender=None, **_):
    """Start the thread with the worker; the one that takes `default` does all of it."""
    lease.note_leaving(leaving=False)
    queues = sender.app.amqp.queues.consume_from
    everything = settings.CELERY_TASK_DEFAULT_QUEUE in queues
    for thread in (Upkeep(everything=everything), *([Sending()] if everything else [])):
        _threads.append(thread)
        thread.start()


@worker_shutdown.connect
def forget_leaving(**_):
    """Clear the note once the worker has left."""
    lease.note_leaving(leaving=False)


@worker_shutting_down.connect
def stop_upkeep(**_):
    """Ask running editions to be handed back, so that the worker can leave at once."""
    lease.note_leaving(leaving=True)
    for thread in _threads:
        thread.stopped.set()
