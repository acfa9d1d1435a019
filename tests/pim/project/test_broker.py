"""The embedded broker hands over whole messages, whoever looks while they are written."""

import threading
from queue import Empty

from kombu import Connection

from pim.project.broker import Channel

MESSAGES = 300


def channel_of(folder):
    for name in ("queue", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
    }
    return Connection("filesystem://", transport_options=options).channel()


def test_filesystem_means_the_transport_with_whole_messages(tmp_path):
    assert type(channel_of(tmp_path)) is Channel


def test_a_reader_beside_writers_gets_every_message_once(tmp_path):
    reader, got = channel_of(tmp_path), []
    body = {"body": "x" * 20_000}

    def write(first):
        channel = channel_of(tmp_path)
        for number in range(first, MESSAGES, 2):
            channel._put("default", {**body, "number": number})

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 1)]
    for writer in writers:
        writer.start()
    while len(got) < MESSAGES:
        try:
            got.append(reader._get("default")["number"])
        except Empty:
            assert any(w.is_alive() for w in writers) or list((tmp_path / "queue").iterdir())
    assert sorted(got) == list(range(MESSAGES))
