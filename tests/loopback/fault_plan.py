"""What is planned to go wrong: where, when and how often."""

import threading
from dataclasses import dataclass

from .faults import Fault


@dataclass
class Planned:
    """A fault and when it strikes."""

    resource: str
    fault: Fault
    times: int | None = None
    after: int = 0
    where: str | None = None
    met: int = 0
    """How many requests it could have struck so far."""

    def strikes(self, request):
        """Whether it strikes now; each request that it could have struck counts."""
        if self.resource not in ("*", request.resource) or (self.where or "") not in request.path:
            return False
        self.met += 1
        return self.met > self.after and (self.times is None or self.met <= self.after + self.times)


class Faults:
    """What is planned to go wrong."""

    def __init__(self, resources):
        self.resources = resources
        """What a fault can strike."""
        self._lock = threading.Lock()
        self._planned = []

    def add(self, resource, fault, times=None, after=0, where=None):
        """From the request number `after` on, so many times or for ever, where the path holds `where`."""
        if resource not in self.resources | {"*"}:
            raise ValueError(f"no such resource: {resource}; there are {', '.join(sorted(self.resources))}")
        planned = Planned(resource, fault, times, after, where)
        with self._lock:
            self._planned.append(planned)
        return planned

    def striking(self, request):
        """The faults that strike a request."""
        with self._lock:
            return [planned.fault for planned in self._planned if planned.strikes(request)]

    def clear(self):
        """Nothing goes wrong any more."""
        with self._lock:
            self._planned.clear()
