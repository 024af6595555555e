"""GitHub Actions: the output for the log of a workflow, and the hidden commands of its steps.

Nothing else imports this package; `build-site` finds it by its name and works without it.
"""

from generator.actions.runner import WorkflowOutput
from generator.actions.steps import COMMANDS

__all__ = ["COMMANDS", "WorkflowOutput"]
