"""The types of problems (RFC 9457): one table, and each has a page."""

from typing import NamedTuple


class ProblemType(NamedTuple):
    """What a problem type means, and what a client can do about it."""

    status: int
    title: str
    remedy: str


TYPES = {
    "unknown-parameter": ProblemType(
        422, "A parameter is not known here", "Take it out, or use the name that is suggested; none is ever ignored."
    ),
    "invalid-parameter": ProblemType(
        422, "A parameter has a value that it cannot have", "Change the value as the message says."
    ),
    "unsupported-date": ProblemType(
        422, "A date is in a form that is not read", "Write dates as the message shows (EDTF, ISO 8601-2)."
    ),
    "unknown-revision": ProblemType(
        422, "The registry has no such revision", "Ask for a revision or a time from the first one until now."
    ),
    "invalid-cursor": ProblemType(
        422, "The cursor is not one of this list", "Start again without a cursor and follow links.next."
    ),
    "incompatible-claims": ProblemType(
        422, "Claims that are not alike cannot be added up", "Group or filter the claims so that like stands with like."
    ),
    "rule-broken": ProblemType(422, "The documents break a rule", "Mend what the errors name; nothing was written."),
    "idempotency-key-reused": ProblemType(
        422, "The idempotency key was used for another request", "Use a new key for each request that is not a retry."
    ),
    "unauthenticated": ProblemType(
        401,
        "A key is needed",
        "Send `Authorization: Bearer` with a key of this register, or a token that it takes.",
    ),
    "not-allowed": ProblemType(403, "The key does not allow this", "Ask who runs the register for a key that does."),
    "conflict": ProblemType(
        409, "The request contradicts what is recorded", "Read what the errors name, and ask for something else."
    ),
    "precondition-failed": ProblemType(
        412, "The record was changed since it was read", "Read it again, see what others changed, and send it anew."
    ),
    "precondition-required": ProblemType(
        428, "It is not said which revision is to be changed", "Send If-Match with the revision or the ETag of a read."
    ),
    "too-many-requests": ProblemType(429, "Too many requests", "Wait as long as Retry-After says."),
    "not-found": ProblemType(404, "There is no such thing here", "Check the address; lists show what there is."),
    "gone": ProblemType(
        410, "The record was withdrawn", "Read the tombstone, or ask with known_at for what was recorded before."
    ),
    "redacted": ProblemType(
        410,
        "What the record said then is redacted",
        "The redaction says when and why, for good: nobody has it any more. Ask for the record as it is now, or at "
        "another revision.",
    ),
    "history-forked": ProblemType(
        410,
        "The registry has another history than the cursor",
        "Try again in a minute. If it is the same then, the registry was restored: drop what you have from later "
        "revisions than it has, or read everything anew, and follow from there.",
    ),
    "merged": ProblemType(308, "The record was a duplicate", "Follow the Location header to the record that stays."),
    "method-not-allowed": ProblemType(
        405, "The method is not allowed here", "Use one of the methods in the Allow header."
    ),
    "uri-too-long": ProblemType(414, "The query is too long", "Ask with fewer values, or page through the list."),
    "content-too-large": ProblemType(413, "The request is too large", "Ask for less at a time, as the message says."),
    "unsupported-media-type": ProblemType(
        415, "The body is of another media type than is taken here", "Send what the message names, as Content-Type too."
    ),
    "bad-request": ProblemType(400, "The request cannot be read", "Send a request that follows HTTP."),
    "internal-error": ProblemType(
        500, "The registry failed", "It is a defect; report it with the request_id. Nothing was changed."
    ),
    "log-broken": ProblemType(
        503, "The log is not what was written", "Tell whoever runs the register: something was changed in its database."
    ),
    "log-forked": ProblemType(
        503,
        "The database is not the one that was published",
        "Tell whoever runs the register: reads go on, nothing is written or signed until the right one is back.",
    ),
    "unavailable": ProblemType(503, "The registry cannot answer now", "Try again in a few seconds."),
}
