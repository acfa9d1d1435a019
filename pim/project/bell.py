"""How Celery rings: a bell without results, retries or canvas, and the slots of its clock."""

from celery.schedules import crontab

CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"syndication.tasks.render_*": {"queue": "render"}}
# One static heartbeat; cadences are fields of outputs, and slots are unique in the database.
CELERY_BEAT_SCHEDULE = {
    "outputs": {"task": "syndication.tasks.heartbeat", "schedule": crontab()},
    "publications": {"task": "pim.tasks.publish_due", "schedule": crontab()},
    "jobs": {"task": "pim.tasks.start_jobs", "schedule": crontab()},
    "versions": {
        "task": "pim.tasks.drop_old_versions",
        "schedule": crontab(hour=3, minute=41),
    },
    "collection": {
        "task": "syndication.tasks.collect_artefacts",
        "schedule": crontab(minute=17),
    },
}
