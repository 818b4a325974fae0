#pragma once

#include "core/node/json.h"

#include <string>
#include <vector>

namespace streamwright {

/// What differs between two JSON values, a line for each place: `value.items[1].price: expected 2, got 3`.
/// Numbers are compared as numbers, members without regard to their order.
void appendDifferences(const std::string& path, const Json& expected, const Json& actual,
                       std::vector<std::string>& differences);

} // namespace streamwright
