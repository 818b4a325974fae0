#pragma once

#include <string_view>

namespace streamwright {

/// Loads, compiles and saves `text` as a pipeline document. Ends the process where an invariant breaks: what
/// was saved must load without new errors and give the same text again.
void checkDocument(std::string_view text);

} // namespace streamwright
