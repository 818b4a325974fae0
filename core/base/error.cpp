#include "core/base/error.h"

namespace streamwright {

std::string_view toString(Errc code)
{
    using enum Errc;
    switch (code) {
    case Internal: return "internal";
    case InvalidArgument: return "invalid_argument";
    case NotFound: return "not_found";
    case AlreadyExists: return "already_exists";
    case UnknownNode: return "unknown_node";
    case Io: return "io";
    case ParseError: return "parse_error";
    case DocumentInvalid: return "document_invalid";
    case UnknownHost: return "unknown_host";
    case ConnectionRefused: return "connection_refused";
    case Transport: return "transport";
    case Authentication: return "authentication";
    case Tls: return "tls";
    case UnknownTopic: return "unknown_topic";
    case Authorization: return "authorization";
    case Fenced: return "fenced";
    case Conflict: return "conflict";
    case LostState: return "lost_state";
    case OffsetLost: return "offset_lost";
    case TooLarge: return "too_large";
    case QueueFull: return "queue_full";
    case TimedOut: return "timed_out";
    case Cancelled: return "cancelled";
    case TransactionAbort: return "transaction_abort";
    case RecordFailed: return "record_failed";
    case Unsupported: return "unsupported";
    }
    return "internal";
}

} // namespace streamwright
