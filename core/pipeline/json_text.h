#pragma once

#include "core/base/diagnostic.h"
#include "core/node/json.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace streamwright {

/// Where things stand in the text of a document: JSON pointer ("/nodes/1/config/field") -> line and column
/// from 1, of the value (and of the key with "#key" appended). Columns count characters, not bytes.
using SourceMap = std::map<std::string, std::pair<int, int>, std::less<>>;

/// JSON text as a tree with the place of every value. Of broken text: what stands before the fault.
struct JsonText {
    Json value;
    SourceMap positions;
    Diagnostics diagnostics; ///< syntax errors and duplicate keys, with line and column
    bool complete = false;   ///< the text is JSON to its end
};

/// Reads RFC 8259 text; a byte order mark is skipped. Of duplicate keys the last one counts, and is reported.
[[nodiscard]] JsonText parseJsonText(std::string_view text);

/// `key` as a step of a JSON pointer (RFC 6901).
[[nodiscard]] std::string pointerStep(std::string_view key);

} // namespace streamwright
