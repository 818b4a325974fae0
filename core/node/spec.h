#pragma once

#include "core/base/diagnostic.h"
#include "core/node/json.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

enum class NodeCategory : std::uint8_t { Source, Transform, Sink };
[[nodiscard]] std::string_view toString(NodeCategory category); ///< "source", …

/// JSON type of a config field.
enum class FieldType : std::uint8_t {
    String,
    Int,
    Double,
    Bool,
    Enum,
    StringList,
    ObjectList,
    FieldList, ///< a list whose elements are a name or {"new": "old.path"}
    Map,       ///< name to text, ordered
    Object,
    Any
};
/// "text", "integer", "number", "bool", … as messages and the reference say it.
[[nodiscard]] std::string_view toString(FieldType type);

/// Which editor suits a field; the form draws an unknown pair of type and editor as raw JSON.
enum class Editor : std::uint8_t {
    Default,
    Line,
    MultiLine,
    Number,
    Duration,
    Toggle,
    Choice,
    List,
    Table,
    KeyValue,
    CelExpression,
    Regex,
    Topic,
    Connection,
    FieldPath,
    FilePath,
    Secret,
    JsonText
};

struct EnumOption {
    std::string value; ///< as in the document
    std::string label; ///< for people
    std::string doc;
};

/// One field of a node's config, a connection or the settings: everything that anybody needs to know of it,
/// but the pointer to its member, which the typed builder keeps. Immutable, any thread.
struct FieldSpec {
    std::string key;
    std::string label;
    std::string doc;  ///< one line of help
    std::string unit; ///< "ms", "records/s"; empty where there is none
    FieldType type = FieldType::String;
    Editor editor = Editor::Default;
    bool required = false;
    bool secret = false;
    bool advanced = false;
    std::optional<double> minimum;
    std::optional<double> maximum;
    std::vector<EnumOption> options; ///< Enum
    std::vector<FieldSpec> columns;  ///< ObjectList, Object: the keys of an element
    Json defaultValue;               ///< null: no default
    std::string visibleWhenKey;      ///< shown only where that field has one of the values; empty: always
    std::vector<std::string> visibleWhenValues;
    std::string recommend; ///< "topics", "connections", "fields", "files"; empty: nothing
};

enum class PortRole : std::uint8_t {
    Main,
    Optional, ///< may stay unwired: its records are dropped on purpose
    Error
};

struct PortSpec {
    std::string name;
    PortRole role = PortRole::Main;
    std::string doc;
};

struct NodeExample {
    std::string title;
    Json config;
};

/// The description of a node type (style.md 4a): palette, form, schema, reference and validation come from
/// it.
struct NodeSpec {
    std::string type;  ///< "kafka_source"
    std::string label; ///< palette name, "Input topic"
    NodeCategory category = NodeCategory::Transform;
    std::string summary;     ///< one sentence
    std::string description; ///< more, Markdown; may be empty
    std::string since = "0.1";
    std::vector<FieldSpec> fields;
    std::vector<PortSpec> inputs;
    std::vector<PortSpec>
        outputs; ///< the static ones; NodeType::outputs() knows those that follow the config
    std::vector<NodeExample> examples;
    bool stateful = false; ///< has small state (numbering)

    [[nodiscard]] const FieldSpec* findField(std::string_view key) const;
};

} // namespace streamwright
