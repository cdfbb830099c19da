"""The desk: each request is routed, struck by faults, answered and written down."""

import contextlib
import sys
import time
import traceback
from datetime import timedelta

from . import blob_front, denials, errors, routes, sign_in, times
from .answers import Answer, Logged
from .arm_bucket import LEFT
from .connection import Gone
from .faults import Fault

_OPEN_RESOURCES = frozenset({"discovery", "token", "sign-in"})


class Desk:
    """Answers for a world."""

    def __init__(self, world):
        self._world = world

    def exchange(self, request, wire):
        """Answer one request and write it down."""
        began = time.monotonic()
        route, words = self._place(request)
        striking = self._world.faults.striking(request)
        if self._world.latency:
            self._world.closing.wait(self._world.latency)
        answer = self._answer(request, route, words, striking)
        entry = _logged(request, answer, time.monotonic() - began)
        if any(type(fault).deliver is not Fault.deliver for fault in striking):
            entry.status = None
        self._world.requests.append(entry)
        with contextlib.suppress(Gone):
            if not any(fault.deliver(answer, wire) for fault in striking):
                wire.answer(answer)
        entry.status = answer.status if wire.whole else None

    def _place(self, request):
        """Route the request, and set on it what is known from its address."""
        request.dialect = routes.dialect_of(request.host)
        if request.dialect == "blob":
            request.resource = blob_front.resource_of(request)
            request.workspace = self._world.of_account(request.host)
            return None, {}
        route, words = routes.find(request) or (None, {})
        if route:
            request.resource, request.dialect = route.resource, route.dialect
        name = words.pop("workspace", None)
        ids = (words.pop("subscription", None), words.pop("group", None))
        if name:
            request.workspace = self._workspace(name, *ids)
        if request.workspace:
            run = request.workspace.runs.get(words.get("run_id"))
            at = run.captured_at if run else request.workspace.now
            request.date = at + timedelta(seconds=self._world.clock_skew)
        return route, words | ({"_ids": (*ids, name)} if name else {})

    def _workspace(self, name, subscription, group):
        known = self._world.workspaces.get(name.lower()) or self._world.workspaces.get(name)
        if known is None or known.subscription_id.lower() != subscription.lower():
            return None
        return known if known.resource_group.lower() == group.lower() else None

    def _answer(self, request, route, words, striking):
        try:
            return self._struck(request, route, words, striking)
        except Exception:  # noqa: BLE001  # shown to the test and to whoever watches
            self._world.errors.append(traceback.format_exc())
            print(self._world.errors[-1], file=sys.stderr)  # noqa: T201
            return Answer(500, {}, b"the loopback workspace is broken")

    def _struck(self, request, route, words, striking):
        for fault in striking:
            fault.before(self._world, request)
        replies = (fault.reply(self._world, request) for fault in striking)
        answer = next((reply for reply in replies if reply), None) or self._true(request, route, words)
        if request.date:
            answer.headers["Date"] = times.header(request.date)
        for fault in striking:
            answer = fault.alter(answer, request)
        return answer

    def _true(self, request, route, words):
        world, ids = self._world, words.pop("_ids", None)
        if request.dialect == "blob":
            refused = blob_front.admit(world, request) or denials.denial(world, request)
            return refused or self._blob(request)
        if request.resource not in _OPEN_RESOURCES:
            own = sign_in.ANALYTICS if request.dialect == "analytics" else sign_in.MANAGEMENT
            why = world.tokens.trouble(request.headers.get("Authorization"), own)
            if why:
                return sign_in.refusal(request, why)
        if request.dialect == "arm" and world.arm_bucket:
            return self._counted(world.arm_bucket, request, route, words, ids)
        return self._known(request, route, words, ids)

    def _counted(self, bucket, request, route, words, ids):
        """As many questions as ARM lets through, each with what is left."""
        left = bucket.take()
        if left < 0:
            return bucket.refusal()
        told = self._known(request, route, words, ids)
        told.headers[LEFT] = str(left)
        return told

    def _known(self, request, route, words, ids):
        world = self._world
        if ids and request.workspace is None:
            return self._no_workspace(request, *ids)
        if route is None:
            return errors.worded(request, 404, "NotFound", f"Nobody answers at {request.path}")
        return denials.denial(world, request) or route.reply(world, request, **words)

    def _blob(self, request):
        seeder = self._world.seeder_for(request)
        answer = self._world.front.forward(request)
        if request.resource == "blob-list" and "uncommittedblobs" in request.query.get("include", ""):
            return blob_front.as_recorded(answer, seeder.never_committed)
        return answer

    def _no_workspace(self, request, subscription, group, name):
        known = list(self._world.workspaces.values())
        here = [other for other in known if other.subscription_id.lower() == subscription.lower()]
        if request.dialect != "arm":
            return errors.history(request, 404, f"Workspace {name} was not found")
        if not here:
            message = f"The subscription '{subscription}' could not be found."
            return errors.arm_plain(404, "SubscriptionNotFound", message)
        if not any(other.resource_group.lower() == group.lower() for other in here):
            return errors.arm_plain(
                404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found."
            )
        message = (
            f"The Resource 'Microsoft.MachineLearningServices/workspaces/{name}' under resource group '{group}' "
            "was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
        )
        return errors.arm_plain(404, "ResourceNotFound", message)


def _logged(request, answer, seconds):
    return Logged(
        request.method,
        request.host,
        request.path,
        request.query,
        answer.status,
        seconds,
        "Authorization" in request.headers,
        request.resource,
        request.body,
    )
