"""Quality of content: what may be wrong with a product in a channel and a locale, and how much.

Plain Python: `score` weighs the findings of `checks`, one check per kind of rule.
"""

from .checks import CHECKS, Rule
from .score import Finding, Picture, Subject, Verdict, grade, judge

__all__ = ["CHECKS", "Finding", "Picture", "Rule", "Subject", "Verdict", "grade", "judge"]
