"""The embedded broker: Celery's folder transport with whole messages only.

The stock transport creates a message under its final name and fills it afterwards; a worker that
looks in between takes an empty file, and stops for good with a JSON error. Here a message is
written aside and renamed, and a control file that is being written is read again.
"""

import os
import time
import uuid

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

_TRIES, _PAUSE = 100, 0.01


class Channel(filesystem.Channel):
    """A channel whose messages appear whole or not at all."""

    def _put(self, queue, payload, **kwargs):
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        aside = os.path.join(self.data_folder_out, f"{name}.partial")
        with open(aside, "wb") as file:
            file.write(dumps(payload).encode())
        os.replace(aside, os.path.join(self.data_folder_out, name))

    def _queue_bind(self, *args):
        return _patiently(super()._queue_bind, *args)

    def get_table(self, exchange):
        return _patiently(super().get_table, exchange)


class Transport(filesystem.Transport):
    """The folder transport with that channel."""

    Channel = Channel


def _patiently(read, *args):
    """Call `read` again while a control file is half-written by somebody else."""
    for _try in range(_TRIES):
        try:
            return read(*args)
        except ValueError:
            time.sleep(_PAUSE)
    return read(*args)


def install() -> None:
    """Make `filesystem://` mean this transport, in this process."""
    TRANSPORT_ALIASES["filesystem"] = "pim.project.broker:Transport"
