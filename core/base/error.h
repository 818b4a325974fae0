#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamwright {

/// What kind of failure an Error is. Callers decide by it; the message is for people.
enum class Errc : std::uint8_t {
    Internal,          ///< a bug or something that "cannot happen"
    InvalidArgument,   ///< a value handed in does not fit
    NotFound,          ///< a file, topic or group is not there
    AlreadyExists,     ///< the thing to make is there already
    UnknownNode,       ///< an edit or question names a node the pipeline does not have
    Io,                ///< the operating system refused a file or socket
    ParseError,        ///< text is not what its format asks for
    DocumentInvalid,   ///< the pipeline document has errors; they are in its diagnostics
    UnknownHost,       ///< a broker's name cannot be resolved
    ConnectionRefused, ///< nobody listens at the broker's port
    Transport,         ///< the connection broke or could not be made in time
    Authentication,    ///< user, password or mechanism refused
    Tls,               ///< certificate or TLS hand-shake refused
    UnknownTopic,      ///< topic or partition does not exist
    Authorization,     ///< logged in, but without the right
    Fenced,            ///< another instance has taken this one's place
    Conflict,          ///< the pipeline already runs elsewhere
    LostState,         ///< committed state (a counter) is missing
    OffsetLost,        ///< the committed offset was removed by retention
    TooLarge,          ///< a record is over a limit
    QueueFull,         ///< a bounded queue has no room now
    TimedOut,          ///< a deadline passed
    Cancelled,         ///< somebody asked to stop
    TransactionAbort,  ///< the transaction must be aborted and begun again
    RecordFailed,      ///< a record failed and the pipeline is set to stop at that
    Unsupported        ///< this build or broker cannot do that
};

/// Bounded name of a code, snake_case, fit for a metric label.
[[nodiscard]] std::string_view toString(Errc code);

/// A failure of a service or operation, as a value. `retriable`: the same call may succeed later.
/// `fatal`: the client object is of no further use.
struct Error {
    Errc code = Errc::Internal;
    std::string message;
    bool retriable = false;
    bool fatal = false;
};

} // namespace streamwright
