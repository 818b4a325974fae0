#include "core/state/position_file.h"

#include "core/base/diagnostic.h"
#include "core/state/atomic_file.h"

#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kVersion = 1;

void appendMembers(std::string& text, const std::map<std::string, std::string, std::less<>>& members)
{
    text += '{';
    bool first = true;
    for (const auto& [node, value] : members) {
        text += first ? "\"" : ",\"";
        text += node;
        text += "\":";
        text += value.empty() ? "null" : value;
        first = false;
    }
    text += '}';
}

} // namespace

Result<std::optional<LocalPosition>> PositionFile::load() const
{
    auto text = readFile(m_file);
    if (!text) {
        return text.error();
    }
    if (!text->has_value()) {
        return std::optional<LocalPosition>();
    }
    const Json json = Json::parse(**text, nullptr, false);
    if (!json.is_object() || json.value("v", 0) != kVersion || !json.contains("sources") ||
        !json.contains("nodes")) {
        return Error{Errc::ParseError,
                     "The position file " + streamwright::quoted(m_file.string()) +
                         " is damaged. Move it away to begin anew; positions and numbers start over."};
    }
    LocalPosition position;
    for (const auto& [node, value] : json["sources"].items()) {
        position.sources.emplace(node, value.dump());
    }
    for (const auto& [node, value] : json["nodes"].items()) {
        position.nodes.emplace(node, value.dump());
    }
    return std::optional<LocalPosition>(std::move(position));
}

Result<void> PositionFile::store(const LocalPosition& position) const
{
    std::string text = R"({"v":)" + std::to_string(kVersion) + R"(,"sources":)";
    appendMembers(text, position.sources);
    text += R"(,"nodes":)";
    appendMembers(text, position.nodes);
    text += "}\n";
    return replaceFile(m_file, text);
}

} // namespace streamwright
