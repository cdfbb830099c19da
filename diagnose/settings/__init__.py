"""Which workspace and run a typed RUN means, and where each setting came from; nothing is asked of Azure."""

from diagnose.settings.order import Options, Where, where
from diagnose.settings.typed import Asked, asked
from diagnose.settings.values import Setting

__all__ = ["Asked", "Options", "Setting", "Where", "asked", "where"]
