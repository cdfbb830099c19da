"""What can go wrong, on any resource and as often as wanted."""

import re
import time
from dataclasses import dataclass, field
from datetime import timedelta

from . import blob_front, errors, sign_in, times
from .answers import Answer
from .endless import with_marker
from .workspace import SERVICE

_ACTIONS = {
    "workspace": "read",
    "job": "jobs/read",
    "jobs": "jobs/read",
    "datastores": "datastores/read",
    "secrets": "datastores/listsecrets/action",
    "code": "codes/versions/read",
}


class Fault:
    """Nothing goes wrong. Each kind of trouble overrides the moment at which it strikes."""

    def before(self, world, request):
        """The request has come; it may be changed, or the world."""

    def reply(self, world, request):
        """An answer in place of the true one; None leaves that one."""

    def alter(self, answer, request):
        """The answer on its way out."""
        return answer

    def deliver(self, answer, wire):
        """Send the answer in another way; whether it was sent, or meant not to be."""
        return False


@dataclass(frozen=True)
class Latency(Fault):
    """The answer takes a while."""

    seconds: float = 1.0

    def before(self, world, request):
        world.closing.wait(self.seconds)


@dataclass(frozen=True)
class Unauthorized(Fault):
    """401, as for an expired token; without a challenge clients give up."""

    challenge: bool = True

    def reply(self, world, request):
        if request.dialect == "aad":
            return errors.sign_in(401, "invalid_client", "The client secret has expired.", 7000222)
        return sign_in.refusal(request, "The access token has expired.", challenge=self.challenge)


@dataclass(frozen=True)
class Forbidden(Fault):
    """403: no role ("role"), a closed network ("network"), or on a blob a bad signature ("signature")."""

    why: str = "role"

    def reply(self, world, request):
        if request.dialect == "blob":
            return self._storage()
        if request.dialect == "arm" and self.why == "role":
            return _authorization_failed(request)
        if self.why == "network":
            message = "Public network access is disabled. Use the workspace's private endpoint."
            return errors.worded(request, 403, "Forbidden", message)
        action = "Microsoft.MachineLearningServices/workspaces/experiments/runs/read"
        message = f"The user {SERVICE} is not authorized for action {action} on this workspace."
        return errors.worded(request, 403, "Forbidden", message)

    def _storage(self):
        refused = "This request is not authorized to perform this operation"
        code, message = {
            "role": ("AuthorizationPermissionMismatch", f"{refused} using this permission."),
            "network": ("AuthorizationFailure", f"{refused}."),
            "signature": ("AuthenticationFailed", "Server failed to authenticate the request."),
        }[self.why]
        return errors.storage(403, code, message)


@dataclass(frozen=True)
class NotFound(Fault):
    """404."""

    def reply(self, world, request):
        if request.dialect == "blob":
            return blob_front.gone(request)
        if request.dialect in ("arm", "aad"):
            return errors.worded(request, 404, "ResourceNotFound", "The resource was not found.")
        return errors.run_not_found(request, request.path.rpartition("/runs/")[2].partition("/")[0])


@dataclass(frozen=True)
class Conflict(Fault):
    """409; on a blob, that it is archived, or of another type than asked."""

    def reply(self, world, request):
        if request.resource == "block-list":
            message = "The blob type is invalid for this operation."
            return errors.storage(409, "InvalidBlobType", message)
        if request.dialect == "blob":
            message = "This operation is not permitted on an archived blob."
            return errors.storage(409, "BlobArchived", message)
        return errors.worded(request, 409, "Conflict", "The resource is being changed.")


@dataclass(frozen=True)
class TooManyRequests(Fault):
    """429 with `Retry-After`: seconds, "date", any other text as it is, or None for no header."""

    retry_after: int | str | None = 1

    def reply(self, world, request):
        told = errors.worded(request, 429, "TooManyRequests", "The request is being throttled.")
        if self.retry_after == "date":
            told.headers["Retry-After"] = times.header(times.now() + timedelta(seconds=2))
        elif self.retry_after is not None:
            told.headers["Retry-After"] = str(self.retry_after)
        return told


@dataclass(frozen=True)
class ServerError(Fault):
    """500, 502, 503 or 504."""

    status: int = 503

    def reply(self, world, request):
        codes = {500: "InternalError", 502: "BadGateway", 503: "ServerBusy", 504: "GatewayTimeout"}
        return errors.worded(request, self.status, codes[self.status], "The server is not well.")


@dataclass(frozen=True)
class ResetBefore(Fault):
    """The connection is reset before any answer."""

    def deliver(self, answer, wire):
        wire.reset()
        return True


@dataclass(frozen=True)
class ResetMidBody(Fault):
    """The connection is reset in the middle of the body."""

    def deliver(self, answer, wire):
        content = answer.whole().body
        wire.head(answer, len(content))
        wire.send(content[: len(content) // 2])
        # What was sent has to arrive before the reset overtakes it.
        time.sleep(0.05)
        wire.reset()
        return True


@dataclass(frozen=True)
class Hang(Fault):
    """The request is taken and never answered."""

    def deliver(self, answer, wire):
        wire.wait_for_goodbye()
        return True


@dataclass(frozen=True)
class Drip(Fault):
    """The body comes one byte at a time."""

    pause: float = 1.0

    def deliver(self, answer, wire):
        content = answer.whole().body
        wire.head(answer, len(content))
        for number in range(len(content)):
            wire.send(content[number : number + 1])
            if wire.closing.wait(self.pause):
                return True
        wire.whole = True
        return True


@dataclass(frozen=True)
class TruncatedDocument(Fault):
    """Half a document in a whole answer."""

    def alter(self, answer, request):
        content = answer.whole().body
        answer.body, answer.length = content[: len(content) // 2], None
        return answer


@dataclass(frozen=True)
class MalformedDocument(Fault):
    """A document that no parser takes."""

    def alter(self, answer, request):
        broken = (
            b"<?xml version='1.0'?><EnumerationResults><Blobs><Blob"
            if request.dialect == "blob"
            else b'{"value": [,'
        )
        answer.whole()
        answer.body, answer.length = broken, None
        return answer


@dataclass(frozen=True)
class CaptivePortal(Fault):
    """A web page in place of the answer, with 200."""

    def reply(self, world, request):
        page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the hotel.</body></html>"
        return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page)


@dataclass(frozen=True)
class RepeatedToken(Fault):
    """Each page names the same next page, for ever."""

    def alter(self, answer, request):
        return with_marker(answer, request, "again")


@dataclass
class EmptyPages(Fault):
    """Each page is empty and names another one, for ever."""

    _count: int = field(default=0, init=False)

    def alter(self, answer, request):
        self._count += 1
        return with_marker(answer, request, f"empty-{self._count}", empty=True)


@dataclass(frozen=True)
class DeletedBlob(Fault):
    """The blob is deleted just before it is read."""

    def before(self, world, request):
        world.seeder(request.workspace).delete(_place(request))


@dataclass(frozen=True)
class GrowingBlob(Fault):
    """The blob has more at its end each time it is read, and another etag."""

    more: bytes = b"another line\n"

    def before(self, world, request):
        world.seeder(request.workspace).grow(_place(request), self.more, request.workspace.now)


@dataclass(frozen=True)
class RangeIgnored(Fault):
    """The whole blob comes, with 200, whatever part was asked for."""

    def before(self, world, request):
        del request.headers["Range"], request.headers["x-ms-range"]


@dataclass(frozen=True)
class EndlessBody(Fault):
    """A range is ignored, and the blob is huge."""

    length: int = 50 << 30

    def reply(self, world, request):
        headers = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes", "ETag": '"0x8D0"'}
        headers |= {"x-ms-blob-type": "BlockBlob", "Last-Modified": times.header(request.workspace.now)}
        return Answer(200, headers, _zeros(self.length), self.length)


@dataclass(frozen=True)
class ShortRange(Fault):
    """Half of the range that the answer says it holds."""

    def alter(self, answer, request):
        content = answer.whole().body
        answer.body, answer.length = content[: len(content) // 2], None
        return answer


@dataclass(frozen=True)
class ClockSkew(Fault):
    """The `Date` of the answer is off by this much."""

    seconds: float = 300.0

    def alter(self, answer, request):
        answer.headers["Date"] = times.header((request.date or times.now()) + timedelta(seconds=self.seconds))
        return answer


KINDS = {
    re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower(): kind
    for kind in Fault.__subclasses__()
}  # fmt: skip
"""The faults by the name that the command line has for them, such as `too-many-requests`."""


def _authorization_failed(request):
    below = _ACTIONS.get(request.resource, "read")
    action = f"Microsoft.MachineLearningServices/workspaces/{below}"
    message = (
        f"The client '{SERVICE}' with object id '{SERVICE}' does not have authorization to perform action "
        f"'{action}' over scope '{request.path}' or the scope is invalid. If access was recently granted, "
        "please refresh your credentials."
    )
    return errors.arm_plain(403, "AuthorizationFailed", message)


def _place(request):
    return request.target.partition("?")[0].removeprefix("/")


def _zeros(length):
    chunk = bytes(1 << 16)
    for _ in range(length // len(chunk)):
        yield chunk
    yield bytes(length % len(chunk))
