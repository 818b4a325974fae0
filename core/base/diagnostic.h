#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

enum class Severity : std::uint8_t { Note, Warning, Error };

[[nodiscard]] std::string_view toString(Severity severity);

/// One thing that is wrong, or worth knowing, in a pipeline document. Plain value, any thread.
/// `code` is a bounded snake_case name ("unknown_field"); `message` says what, which thing, what to do;
/// `hint` is an extra proposal ("Did you mean \"topic\"?"). `line` and `column` count from 1, 0 = unknown.
struct Diagnostic {
    Severity severity = Severity::Error;
    std::string code;
    std::string message;
    std::string hint;
    std::string node; ///< node id, empty for the document itself
    std::string port; ///< port name, where a port is meant
    std::string
        field; ///< config path ("outputs[1].type"), "settings.threads", "connections.kafka.sasl_password"
    int line = 0;
    int column = 0;
    int fieldOffset = -1; ///< character offset inside the field's text (an expression), -1 = the whole field
    int fieldLength = 0;

    bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

[[nodiscard]] bool hasErrors(const Diagnostics& diagnostics);
void append(Diagnostics& to, Diagnostics more);

/// `FILE:LINE:COL: error: node "parse", field "outputs": message hint` (compilers' form, document.md part 2).
[[nodiscard]] std::string format(const Diagnostic& diagnostic, std::string_view file);

/// The text in double quotes, inner quotes and control characters escaped.
[[nodiscard]] std::string quoted(std::string_view text);
/// Better matches than std::quoted, which argument-dependent lookup finds where <iomanip> is included.
[[nodiscard]] inline std::string quoted(const std::string& text)
{
    return quoted(std::string_view(text));
}
[[nodiscard]] inline std::string quoted(std::string& text)
{
    return quoted(std::string_view(text));
}
[[nodiscard]] inline std::string quoted(const char* text)
{
    return quoted(std::string_view(text));
}

/// The entry of `candidates` nearest to `word` by edit distance, empty where none is near (typo hints).
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

} // namespace streamwright
