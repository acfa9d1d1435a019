"""Settings of the test run: embedded mode in a folder of its own, and fast passwords."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="pim-test-")
_owner = os.getpid()
os.environ["PIM_EMBEDDED"] = "1"
os.environ["PIM_DATA_DIR"] = _folder
os.mkdir(os.path.join(_folder, "static"))


@atexit.register
def _remove():
    # A forked child leaves through here too; only the run itself cleans up.
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)


from pim.project.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
PREVIEW_AHEAD = False  # a test that wants the service starts it
LOGGING = {"version": 1, "disable_existing_loggers": False}
