"""Which runs of a workspace may be stuck or lying: found by the cheapest complete way that the service answers."""

from diagnose.collect.azureml.finding.choice import find
from diagnose.collect.azureml.finding.found import Finding
from diagnose.collect.azureml.finding.sought import Sought, passes

__all__ = ["Finding", "Sought", "find", "passes"]
