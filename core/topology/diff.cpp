#include "core/topology/diff.h"

#include "core/base/diagnostic.h"
#include "core/base/utf8.h"
#include "core/pipeline/secrets.h"

#include <algorithm>
#include <set>

namespace streamwright {
namespace {

using Kind = TopologyChange::Kind;

constexpr std::size_t kMaxShownBytes = 60;

/// A value as a change shows it: short, and not a secret.
std::string shown(const std::string& key, const Json& value)
{
    if (value.is_string() && (isSecretProperty(key) || key == "sasl_password" || key == "ssl_key_password") &&
        isLiteralSecret(key, value.get_ref<const std::string&>())) {
        return "a secret";
    }
    if (value.is_object()) {
        return "other values";
    }
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > kMaxShownBytes) {
        text = std::string(cutUtf8(text, kMaxShownBytes)) + "…";
    }
    return text;
}

class Comparison {
public:
    std::vector<TopologyChange> run(const Pipeline& before, const Pipeline& after)
    {
        if (before.name != after.name) {
            add(Kind::Changed, {}, "name",
                "The name " + quoted(before.name) + " becomes " + quoted(after.name) + '.');
        }
        compareKeys(before.settings, after.settings, {}, "settings.", "Setting ");
        compareConnections(before, after);
        compareNodes(before, after);
        compareEdges(before, after);
        return std::move(m_changes);
    }

private:
    void add(Kind kind, const NodeId& node, std::string field, std::string text)
    {
        m_changes.push_back({kind, node, std::move(field), std::move(text)});
    }

    /// `what` begins the sentence ("Setting "); `of` ends the name of the thing (" of node "Orders"").
    void compareKeys(const Json& before, const Json& after, const NodeId& node, const std::string& prefix,
                     const std::string& what, const std::string& of = {})
    {
        for (const auto& [key, value] : before.items()) {
            const std::string name = what + quoted(key) + of;
            if (!after.is_object() || !after.contains(key)) {
                add(Kind::Changed, node, prefix + key, name + " returns to its default.");
            } else if (after[key] != value) {
                add(Kind::Changed, node, prefix + key,
                    name + ": " + shown(key, value) + " becomes " + shown(key, after[key]) + '.');
            }
        }
        for (const auto& [key, value] : after.items()) {
            if (!before.is_object() || !before.contains(key)) {
                add(Kind::Changed, node, prefix + key,
                    what + quoted(key) + of + " is set to " + shown(key, value) + '.');
            }
        }
    }

    void compareConnections(const Pipeline& before, const Pipeline& after)
    {
        for (const Connection& former : before.connections) {
            const Connection* const now = after.findConnection(former.name);
            if (now == nullptr) {
                add(Kind::Removed, {}, "connections." + former.name,
                    "Connection " + quoted(former.name) + " is removed.");
            } else {
                compareKeys(former.config, now->config, {}, "connections." + former.name + '.', "Field ",
                            " of connection " + quoted(former.name));
            }
        }
        for (const Connection& now : after.connections) {
            if (before.findConnection(now.name) == nullptr) {
                add(Kind::Added, {}, "connections." + now.name,
                    "Connection " + quoted(now.name) + " is added.");
            }
        }
    }

    void compareNodes(const Pipeline& before, const Pipeline& after)
    {
        for (const Node& former : before.nodes) {
            const Node* const now = after.findNode(former.id);
            if (now == nullptr) {
                add(Kind::Removed, former.id, {}, "Node " + quoted(former.shownName()) + " is removed.");
                continue;
            }
            const std::string of = " of node " + quoted(now->shownName());
            if (former.type != now->type) {
                add(Kind::Changed, now->id, "type",
                    "Type" + of + ": " + quoted(former.type) + " becomes " + quoted(now->type) + '.');
            }
            if (former.mode != now->mode) {
                add(Kind::Changed, now->id, "mode",
                    "Mode" + of + ": " + std::string(toString(former.mode)) + " becomes " +
                        std::string(toString(now->mode)) + '.');
            }
            compareKeys(former.config, now->config, now->id, {}, "Field ", of);
        }
        for (const Node& now : after.nodes) {
            if (before.findNode(now.id) == nullptr) {
                add(Kind::Added, now.id, {}, "Node " + quoted(now.shownName()) + " is added.");
            }
        }
    }

    void compareEdges(const Pipeline& before, const Pipeline& after)
    {
        const auto ends = [](const Pipeline& pipeline) {
            std::multiset<std::pair<Endpoint, Endpoint>> all;
            for (const Edge& edge : pipeline.edges) {
                all.emplace(edge.from, edge.to);
            }
            return all;
        };
        addEdges(Kind::Removed, before, ends(after), " is removed.");
        addEdges(Kind::Added, after, ends(before), " is added.");
    }

    void addEdges(Kind kind, const Pipeline& pipeline, std::multiset<std::pair<Endpoint, Endpoint>> others,
                  const char* what)
    {
        for (const Edge& edge : pipeline.edges) {
            if (const auto same = others.find({edge.from, edge.to}); same != others.end()) {
                others.erase(same);
            } else {
                add(kind, {}, {},
                    "The edge from " + quoted(edge.from.text()) + " to " + quoted(edge.to.text()) + what);
            }
        }
    }

    std::vector<TopologyChange> m_changes;
};

} // namespace

std::vector<TopologyChange> diff(const Pipeline& before, const Pipeline& after)
{
    return Comparison().run(before, after);
}

} // namespace streamwright
