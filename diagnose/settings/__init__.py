"""Which workspace, run and rules are meant, and where each setting came from; nothing is asked of Azure."""

from diagnose.settings.order import Options, Where, where
from diagnose.settings.rulefiles import RulesAsked, rules_asked
from diagnose.settings.scans import ScanSettings, scan_settings
from diagnose.settings.typed import Asked, asked
from diagnose.settings.values import Setting

__all__ = [
    "Asked",
    "Options",
    "RulesAsked",
    "ScanSettings",
    "Setting",
    "Where",
    "asked",
    "rules_asked",
    "scan_settings",
    "where",
]
