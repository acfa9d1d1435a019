"""The process that children are forked from: modules warm, no database, no way to the network.

It is started once by a worker (`python -m syndication.supervise.zygote MODULE…`) and obeys JSON
lines on its standard input: {"id", "spec", "target", "locales"} imports the output kind and
warms it for the locales, so that no child has to again, and forks one. It answers with
{"id", "pid"} and, when the child is gone, {"id", "status", "rss_kb", "cpu"}. When the worker dies
its input ends, and with it go this process and, by the kernel's parent-death signal, every child.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import sys
from functools import cache
from importlib import import_module

MOST_WARM = 12  # a locale takes up to 20 MB


def settle():
    """Set Django up for templates and translations only: no apps, so no models, no database."""
    import django
    from django.conf import settings

    settings.INSTALLED_APPS = []
    settings.DATABASES = {}
    settings.LOGGING_CONFIG = None
    django.setup()


def main(modules: list[str]):
    settle()
    from . import child

    for name in modules:
        import_module(name)
    gc.collect()
    gc.freeze()
    _serve(child.run)


def _serve(run):
    running: dict[int, str] = {}
    wake, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(wake, selectors.EVENT_READ)
    pending = b""
    _say({"ready": os.getpid()})
    while True:
        for key, _ in selector.select():
            data = os.read(key.fd, 65536)
            if key.fd == wake:
                _bury(running)
                continue
            if not data:
                _leave(running)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                _fork(json.loads(line), running, run)


def _say(event: dict):
    os.write(1, json.dumps(event).encode() + b"\n")


def _fork(order: dict, running: dict[int, str], run):
    warm_up(order["target"], order["locales"])
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        run(order["spec"], parent=parent)  # never returns
    running[pid] = order["id"]
    _say({"id": order["id"], "pid": pid})


def warm_up(target: str, locales: list[str]):
    """Import a kind and let it learn the locales, each once in this process's life."""
    for locale in locales or [""]:
        _warm(target, locale)


@cache
def _warm(target: str, locale: str):
    """Import a kind and let it learn a locale, once; what it learns is shared by all children."""
    if _warm.cache_info().currsize > MOST_WARM:
        return
    module, _, name = target.partition(":")
    with contextlib.suppress(Exception):  # the child will meet it again, and say so
        kind = getattr(import_module(module), name)()
        if locale:
            kind.warm(locale)
    gc.collect()
    gc.freeze()


def _bury(running: dict[int, str]):
    while running:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        job = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        cpu = round(usage.ru_utime + usage.ru_stime, 3)
        _say({"id": job, "status": code, "rss_kb": usage.ru_maxrss, "cpu": cpu})


def _leave(running: dict[int, str]):
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
