#pragma once

#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/node/binding.h"
#include "core/node/operator.h"
#include "core/node/spec.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace streamwright {

/// What lint() may know of the document around the node. Pure: no I/O.
struct LintContext {
    std::vector<std::string> connections;
    bool behindErrorPort = false; ///< the variable `error` is known to expressions
    bool atLeastOnce = true;
};

/// What make() is given.
struct MakeContext {
    std::string nodeId;
    std::string pipelineName;
    std::filesystem::path dataDir; ///< relative paths of the document start here
    bool behindErrorPort = false;
    const Clock* clock = &SystemClock::instance();
};

/// A node ready to run: what the engine drives.
using NodeRuntime = std::variant<std::unique_ptr<Operator>, std::unique_ptr<Source>, std::unique_ptr<Sink>,
                                 KafkaSourceBinding, KafkaSinkBinding>;

/// Which task structure a node asks for.
enum class TaskScope : std::uint8_t { Partition, Pipeline };

/// One type of node, type-erased: its spec and what can be done with a config given as JSON. Immutable value,
/// shared; any thread. Made by makeNodeType() from a typed declaration.
class NodeType {
public:
    struct Functions {
        /// Types, ranges, required and unknown keys; nothing that needs the rest of the document.
        std::function<Diagnostics(const Json& config)> validate;
        /// validate() plus the type's own lint.
        std::function<Diagnostics(const Json& config, const LintContext&)> lint;
        /// Only with a config that has no errors.
        std::function<Result<NodeRuntime>(const Json& config, MakeContext&)> make;
        /// All out ports, those that follow the config (route) included.
        std::function<std::vector<PortSpec>(const Json& config)> outputs;
        std::function<TaskScope(const Json& config)> scope;
    };

    NodeType(NodeSpec spec, Functions functions);

    [[nodiscard]] const NodeSpec& spec() const { return *m_spec; }
    [[nodiscard]] Diagnostics validate(const Json& config) const { return m_functions->validate(config); }
    [[nodiscard]] Diagnostics lint(const Json& config, const LintContext& context) const
    {
        return m_functions->lint(config, context);
    }
    [[nodiscard]] Result<NodeRuntime> make(const Json& config, MakeContext& context) const
    {
        return m_functions->make(config, context);
    }
    [[nodiscard]] std::vector<PortSpec> outputs(const Json& config) const
    {
        return m_functions->outputs(config);
    }
    [[nodiscard]] TaskScope scope(const Json& config) const { return m_functions->scope(config); }

private:
    std::shared_ptr<const NodeSpec> m_spec;
    std::shared_ptr<const Functions> m_functions;
};

/// The node types that are known, in palette order. Built once from an explicit list, then immutable.
class NodeRegistry {
public:
    explicit NodeRegistry(std::vector<NodeType> types);
    [[nodiscard]] const NodeType* find(std::string_view type) const;
    [[nodiscard]] const std::vector<NodeType>& types() const { return m_types; }
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::vector<NodeType> m_types;
};

/// State of one field of a form, for whoever draws it (Kafka Connect's ConfigDef calls it a ConfigValue).
struct FieldState {
    const FieldSpec* spec = nullptr;
    Json value;            ///< the configured one, else the default
    bool isDefault = true; ///< nothing configured
    bool visible = true;
    std::vector<std::string> recommended;
    Diagnostics diagnostics;
};

/// Gives the names to recommend for a kind ("topics", "connections", …).
using Recommender = std::function<std::vector<std::string>(std::string_view kind)>;

/// All fields of `type` in their order, as they stand in `config`.
[[nodiscard]] std::vector<FieldState> evaluateForm(const NodeType& type, const Json& config,
                                                   const LintContext& context,
                                                   const Recommender& recommend = {});

/// JSON Schema (2020-12) of a config.
[[nodiscard]] Json configSchema(const NodeSpec& spec);
/// The node reference: one type or all of them, in Markdown.
[[nodiscard]] std::string referenceMarkdown(const NodeSpec& spec);
[[nodiscard]] std::string referenceText(const NodeSpec& spec);
[[nodiscard]] Json referenceJson(const NodeSpec& spec);

} // namespace streamwright
