"""Working together: reviews before publishing, comments with mentions, tasks."""

from .comments import comment, resolve_comment
from .reviews import ask_review, decide_review, withdraw_review
from .tasks import add_task, finish_task

__all__ = [
    "add_task",
    "ask_review",
    "comment",
    "decide_review",
    "finish_task",
    "resolve_comment",
    "withdraw_review",
]
