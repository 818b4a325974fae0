#pragma once

#include "tests/architecture/source_tree.h"

#include <string>

namespace streamwright::architecture {

/// Why this include is not allowed, and what to do instead; empty where it is. The rules are those of
/// core/README.md and gui/README.md.
std::string objectionTo(const Include& include);

} // namespace streamwright::architecture
