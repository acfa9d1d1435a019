"""Quality of content: what may be wrong with a product in a channel and a locale, and how much.

Plain Python: `score` weighs the findings of `checks`, one check per kind of rule.
"""

from .checks import CHECKS
from .rule import Rule
from .score import Verdict, grade, judge
from .sight import WHOLE_SIGHT, Sight, sight_of
from .subject import Finding, Picture, Subject

__all__ = [
    "CHECKS",
    "WHOLE_SIGHT",
    "Finding",
    "Picture",
    "Rule",
    "Sight",
    "Subject",
    "Verdict",
    "grade",
    "judge",
    "sight_of",
]
