#include "core/preview/json_difference.h"

#include "core/base/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>

namespace streamwright {
namespace {

constexpr std::size_t kShownBytes = 200;

std::string shown(const Json& value)
{
    const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > kShownBytes ? std::string(cutUtf8(text, kShownBytes)) + "…" : text;
}

} // namespace

void appendDifferences(const std::string& path, const Json& expected, const Json& actual,
                       std::vector<std::string>& differences)
{
    if (expected.is_object() && actual.is_object()) {
        for (const auto& [key, value] : expected.items()) {
            const std::string where = path + '.' + key;
            if (!actual.contains(key)) {
                differences.push_back(where + ": expected " + shown(value) + ", it is not there");
            } else {
                appendDifferences(where, value, actual[key], differences);
            }
        }
        for (const auto& [key, value] : actual.items()) {
            if (!expected.contains(key)) {
                differences.push_back(path + '.' + key + ": not expected, got " + shown(value));
            }
        }
        return;
    }
    if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            appendDifferences(path + '[' + std::to_string(i) + ']', expected[i], actual[i], differences);
        }
        return;
    }
    const bool same = expected.is_number() && actual.is_number()
                          ? expected == actual
                          : expected.type() == actual.type() && expected == actual;
    if (!same) {
        differences.push_back(path + ": expected " + shown(expected) + ", got " + shown(actual));
    }
}

} // namespace streamwright
