#include "core/state/small_state.h"

#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kVersion = 1;

} // namespace

Result<std::string> encodeSmallState(const SmallState& state)
{
    if (state.empty()) {
        return std::string();
    }
    std::string text = R"({"v":)" + std::to_string(kVersion) + R"(,"nodes":{)";
    bool first = true;
    for (const auto& [node, value] : state) { // node ids need no escapes (document.md part 1)
        text += first ? "\"" : ",\"";
        text += node;
        text += "\":";
        text += value;
        first = false;
    }
    text += "}}";
    if (text.size() > kMaxMetadataBytes) {
        return Error{Errc::TooLarge,
                     "The small state of the pipeline's nodes is " + std::to_string(text.size()) +
                         " bytes, more than Kafka takes beside an offset (" +
                         std::to_string(kMaxMetadataBytes) + "). Use fewer numbering nodes per flow."};
    }
    return text;
}

Result<SmallState> decodeSmallState(std::string_view metadata)
{
    SmallState state;
    if (metadata.empty()) {
        return state;
    }
    const Json json = Json::parse(metadata, nullptr, false);
    if (!json.is_object() || json.value("v", 0) != kVersion || !json.contains("nodes") ||
        !json["nodes"].is_object()) {
        return Error{Errc::ParseError, "The metadata of the committed offset is not of this program."};
    }
    for (const auto& [node, value] : json["nodes"].items()) {
        state.emplace(node, value.dump());
    }
    return state;
}

std::optional<std::uint64_t> countOf(std::string_view nodeState)
{
    const Json json = Json::parse(nodeState, nullptr, false);
    if (!json.is_object() || !json.contains("count") || !json["count"].is_number_integer()) {
        return std::nullopt;
    }
    return json["count"].get<std::uint64_t>();
}

SmallState newest(SmallState a, const SmallState& b)
{
    for (const auto& [node, text] : b) {
        const auto [known, added] = a.emplace(node, text);
        if (!added && countOf(text) > countOf(known->second)) {
            known->second = text;
        }
    }
    return a;
}

} // namespace streamwright
