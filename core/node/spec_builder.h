#pragma once

#include "core/node/field_codec.h"
#include "core/node/node_type.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwright {

/// A value of an enum field with its name in the document and its label.
template <typename E>
struct Option {
    E value;
    std::string text;
    std::string label = {};
    std::string doc = {};
};

/// The element that columns() describe: of a list, of an optional object, or the object itself.
template <typename T>
struct ElementOf {
    using Type = T;
    static constexpr FieldType kType = FieldType::Object;
};
template <typename T>
struct ElementOf<std::vector<T>> {
    using Type = T;
    static constexpr FieldType kType = FieldType::ObjectList;
};
template <typename T>
struct ElementOf<std::optional<T>> {
    using Type = T;
    static constexpr FieldType kType = FieldType::Object;
};

template <typename T>
concept DirectlyCoded = requires(const Json& json, T& value, Decoding& decoding)
{
    decodeValue(json, value, decoding);
    encodeValue(value);
}
&&!std::is_enum_v<T>;

template <typename T>
constexpr FieldType fieldTypeOf()
{
    if constexpr (std::is_same_v<T, std::string>) {
        return FieldType::String;
    } else if constexpr (std::is_same_v<T, bool>) {
        return FieldType::Bool;
    } else if constexpr (std::is_integral_v<T>) {
        return FieldType::Int;
    } else if constexpr (std::is_same_v<T, double>) {
        return FieldType::Double;
    } else if constexpr (std::is_enum_v<T>) {
        return FieldType::Enum;
    } else if constexpr (std::is_same_v<T, Json>) {
        return FieldType::Any;
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
        return FieldType::StringList;
    } else if constexpr (std::is_same_v<T, std::vector<FieldMapping>>) {
        return FieldType::FieldList;
    } else if constexpr (std::is_same_v<T, std::vector<std::pair<std::string, std::string>>>) {
        return FieldType::Map;
    } else {
        return ElementOf<T>::kType;
    }
}

template <typename T>
constexpr bool kIsOptional = false;
template <typename T>
constexpr bool kIsOptional<std::optional<T>> = true;

/// One field while it is being described; `field()` begins it. Setters return the field, so that they chain.
template <typename Object, typename T>
class Field {
public:
    Field(T Object::*member, std::string key, std::string label) : m_member(member)
    {
        m_binding.spec.key = std::move(key);
        m_binding.spec.label = std::move(label);
        if constexpr (kIsOptional<T>) {
            using Inner = typename T::value_type;
            m_binding.spec.type = fieldTypeOf<Inner>();
            if constexpr (DirectlyCoded<Inner>) {
                m_binding.decode = [member](const Json& value, void* object, Decoding& decoding) {
                    if (!value.is_null()) {
                        decodeValue(value, (static_cast<Object*>(object)->*member).emplace(), decoding);
                    }
                };
                m_binding.encode = [member](const void* object) {
                    const T& value = static_cast<const Object*>(object)->*member;
                    return value ? encodeValue(*value) : Json();
                };
            }
        } else {
            m_binding.spec.type = fieldTypeOf<T>();
            if constexpr (DirectlyCoded<T>) {
                m_binding.decode = [member](const Json& value, void* object, Decoding& decoding) {
                    decodeValue(value, static_cast<Object*>(object)->*member, decoding);
                };
                m_binding.encode = [member](const void* object) {
                    return encodeValue(static_cast<const Object*>(object)->*member);
                };
            }
        }
    }

    /// One line of help.
    Field&& doc(std::string text) && { return set(m_binding.spec.doc, std::move(text)); }
    Field&& unit(std::string text) && { return set(m_binding.spec.unit, std::move(text)); }
    Field&& editor(Editor editor) && { return set(m_binding.spec.editor, editor); }
    Field&& required() && { return set(m_binding.spec.required, true); }
    Field&& advanced() && { return set(m_binding.spec.advanced, true); }
    /// "topics", "connections", "fields" or "files": what a form proposes.
    Field&& recommend(std::string kind) && { return set(m_binding.spec.recommend, std::move(kind)); }
    Field&& minimum(double least) && { return set(m_binding.spec.minimum, least); }
    Field&& range(double least, double most) &&
    {
        m_binding.spec.minimum = least;
        return set(m_binding.spec.maximum, most);
    }
    Field&& secret() &&
    {
        m_binding.spec.editor = Editor::Secret;
        return set(m_binding.spec.secret, true);
    }
    /// Shown, and required if at all, only where field `key` has one of `values`.
    Field&& visibleWhen(std::string key, std::vector<std::string> values) &&
    {
        m_binding.spec.visibleWhenKey = std::move(key);
        return set(m_binding.spec.visibleWhenValues, std::move(values));
    }

    /// The values of an enum field; a text field with options takes nothing else.
    Field&& options(std::initializer_list<Option<T>> options) &&
        requires(std::is_enum_v<T> || std::is_same_v<T, std::string>)
    {
        std::vector<T> values;
        for (const Option<T>& option : options) {
            values.push_back(option.value);
            m_binding.spec.options.push_back({option.text, option.label, option.doc});
        }
        m_binding.spec.type = FieldType::Enum;
        m_binding.decode = [member = m_member, values, names = m_binding.spec.options](
                               const Json& value, void* object, Decoding& decoding) {
            if (const int index = decodeOption(value, names, decoding); index >= 0) {
                static_cast<Object*>(object)->*member = values[static_cast<std::size_t>(index)];
            }
        };
        m_binding.encode = [member = m_member, values, names = m_binding.spec.options](const void* object) {
            for (std::size_t i = 0; i < values.size(); ++i) {
                if (values[i] == static_cast<const Object*>(object)->*member) {
                    return Json(names[i].value);
                }
            }
            return Json();
        };
        return std::move(*this);
    }

    /// The keys of the object, or of each object of the list.
    template <typename... Columns>
    Field&& columns(Columns&&... columns) &&
    {
        using Element = typename ElementOf<T>::Type;
        std::vector<FieldBinding> bindings;
        (bindings.push_back(std::forward<Columns>(columns).take()), ...);
        const Element defaults{};
        exportDefaults(bindings, &defaults);
        m_binding.spec.columns = specsOf(bindings);
        const auto shared = std::make_shared<const std::vector<FieldBinding>>(std::move(bindings));
        m_binding.decode = [member = m_member, shared](const Json& value, void* object, Decoding& decoding) {
            T& target = static_cast<Object*>(object)->*member;
            if constexpr (ElementOf<T>::kType == FieldType::ObjectList) {
                target.clear();
                decodeRows(
                    value, *shared, [&target]() -> void* { return &target.emplace_back(); }, decoding);
            } else if constexpr (kIsOptional<T>) {
                if (!value.is_null()) {
                    decodeObject(value, *shared, &target.emplace(), decoding);
                }
            } else {
                decodeObject(value, *shared, &target, decoding);
            }
        };
        m_binding.encode = [member = m_member, shared](const void* object) {
            const T& source = static_cast<const Object*>(object)->*member;
            if constexpr (ElementOf<T>::kType == FieldType::ObjectList) {
                Json list = Json::array();
                for (const Element& element : source) {
                    list.push_back(encodeObject(*shared, &element));
                }
                return list;
            } else if constexpr (kIsOptional<T>) {
                return source ? encodeObject(*shared, &*source) : Json();
            } else {
                return encodeObject(*shared, &source);
            }
        };
        return std::move(*this);
    }

    /// A way from and to JSON of its own, for what no declaration above describes.
    Field&& codec(FieldType type, void (*decode)(const Json&, T&, Decoding&), Json (*encode)(const T&)) &&
    {
        m_binding.spec.type = type;
        m_binding.decode = [member = m_member, decode](const Json& value, void* object, Decoding& decoding) {
            decode(value, static_cast<Object*>(object)->*member, decoding);
        };
        m_binding.encode = [member = m_member, encode](const void* object) {
            return encode(static_cast<const Object*>(object)->*member);
        };
        return std::move(*this);
    }

    [[nodiscard]] FieldBinding take() && { return std::move(m_binding); }

private:
    template <typename V, typename W>
    Field&& set(V& target, W value)
    {
        target = std::move(value);
        return std::move(*this);
    }

    T Object::*m_member;
    FieldBinding m_binding;
};

/// Begins the description of `member`, which stands in the document as `key`.
template <typename Object, typename T>
[[nodiscard]] Field<Object, T> field(T Object::*member, std::string key, std::string label)
{
    return Field<Object, T>(member, std::move(key), std::move(label));
}

/// The part of a builder that does not depend on the Config: collects and checks.
class SpecDraft {
public:
    SpecDraft(NodeCategory category, std::string type, std::string label);

    void addInput(std::string name);
    void addOutput(Port port, PortRole role, std::string doc);
    void addErrorOutput(std::string name, std::string doc);
    void addExample(std::string title, std::string_view json);
    /// The finished spec with defaults of `defaults`. A declaration that contradicts itself asserts.
    [[nodiscard]] NodeSpec finish(const void* defaults);

    NodeSpec spec;
    std::vector<FieldBinding> fields;
};

/// A node type's declaration with its Config type: what makeNodeType() takes.
template <typename Config>
struct TypedSpec {
    NodeSpec spec;
    std::shared_ptr<const std::vector<FieldBinding>> fields;
    std::function<std::vector<PortSpec>(const Config&)> dynamicOutputs;
    std::function<TaskScope(const Config&)> scope;
};

/// Describes a node type (style.md 4a): one fluent expression from which form, schema, reference, decoding
/// and ports come. Config is a plain struct; its initial values are the defaults.
template <typename Config>
class SpecBuilder {
public:
    [[nodiscard]] static SpecBuilder source(std::string type, std::string label)
    {
        return SpecBuilder(NodeCategory::Source, std::move(type), std::move(label));
    }
    [[nodiscard]] static SpecBuilder transform(std::string type, std::string label)
    {
        return SpecBuilder(NodeCategory::Transform, std::move(type), std::move(label));
    }
    [[nodiscard]] static SpecBuilder sink(std::string type, std::string label)
    {
        return SpecBuilder(NodeCategory::Sink, std::move(type), std::move(label));
    }

    SpecBuilder&& since(std::string version) && { return set(m_draft.spec.since, std::move(version)); }
    SpecBuilder&& summary(std::string text) && { return set(m_draft.spec.summary, std::move(text)); }
    SpecBuilder&& description(std::string text) && { return set(m_draft.spec.description, std::move(text)); }
    SpecBuilder&& input(std::string name) &&
    {
        m_draft.addInput(std::move(name));
        return std::move(*this);
    }
    /// Ports come in the order of their indices.
    SpecBuilder&& output(Port port, std::string doc) &&
    {
        m_draft.addOutput(port, PortRole::Main, std::move(doc));
        return std::move(*this);
    }
    SpecBuilder&& optionalOutput(Port port, std::string doc) &&
    {
        m_draft.addOutput(port, PortRole::Optional, std::move(doc));
        return std::move(*this);
    }
    SpecBuilder&& errorOutput(std::string name, std::string doc) &&
    {
        m_draft.addErrorOutput(std::move(name), std::move(doc));
        return std::move(*this);
    }
    /// Out ports that follow the config; they come before the static ones, the error port stays last.
    SpecBuilder&& dynamicOutputs(std::function<std::vector<PortSpec>(const Config&)> outputs) &&
    {
        return set(m_dynamicOutputs, std::move(outputs));
    }
    /// Has small state, and needs this task structure.
    SpecBuilder&& stateful(std::function<TaskScope(const Config&)> scope) &&
    {
        m_draft.spec.stateful = true;
        return set(m_scope, std::move(scope));
    }
    template <typename T>
    SpecBuilder&& add(Field<Config, T> described) &&
    {
        m_draft.fields.push_back(std::move(described).take());
        return std::move(*this);
    }
    SpecBuilder&& example(std::string title, std::string_view json) &&
    {
        m_draft.addExample(std::move(title), json);
        return std::move(*this);
    }
    [[nodiscard]] TypedSpec<Config> build() &&
    {
        const Config defaults{};
        TypedSpec<Config> typed;
        typed.spec = m_draft.finish(&defaults);
        typed.fields = std::make_shared<const std::vector<FieldBinding>>(std::move(m_draft.fields));
        typed.dynamicOutputs = std::move(m_dynamicOutputs);
        typed.scope = std::move(m_scope);
        return typed;
    }

private:
    SpecBuilder(NodeCategory category, std::string type, std::string label)
        : m_draft(category, std::move(type), std::move(label))
    {
    }
    template <typename V, typename W>
    SpecBuilder&& set(V& target, W value)
    {
        target = std::move(value);
        return std::move(*this);
    }

    SpecDraft m_draft;
    std::function<std::vector<PortSpec>(const Config&)> m_dynamicOutputs;
    std::function<TaskScope(const Config&)> m_scope;
};

/// `found` of a type's own lint, without those of fields that `decoded` has already refused.
void appendLint(Diagnostics& decoded, Diagnostics found);
/// Dynamic ports, then the spec's, the error port last.
[[nodiscard]] std::vector<PortSpec> joinOutputs(std::vector<PortSpec> dynamic,
                                                const std::vector<PortSpec>& fixed);
/// "Cannot make a node from a config with errors", with the first of them.
[[nodiscard]] Error configError(const std::string& node, const Diagnostics& diagnostics);

/// Makes the type-erased NodeType. `lint(config, LintContext)` gives Diagnostics and does no I/O;
/// `make(config, MakeContext)` gives a Result of a unique_ptr to an Operator, Source or Sink, or a binding.
template <typename Config, typename Lint, typename Make>
[[nodiscard]] NodeType makeNodeType(TypedSpec<Config> typed, Lint lint, Make make)
{
    NodeType::Functions functions;
    const auto fields = typed.fields;
    functions.validate = [fields](const Json& json) {
        Config config{};
        return decodeConfig(json, *fields, &config);
    };
    functions.lint = [fields, lint](const Json& json, const LintContext& context) {
        Config config{};
        Diagnostics diagnostics = decodeConfig(json, *fields, &config);
        appendLint(diagnostics, lint(static_cast<const Config&>(config), context));
        return diagnostics;
    };
    functions.make = [fields, make](const Json& json, MakeContext& context) -> Result<NodeRuntime> {
        Config config{};
        if (const Diagnostics diagnostics = decodeConfig(json, *fields, &config); hasErrors(diagnostics)) {
            return configError(context.nodeId, diagnostics);
        }
        auto made = make(static_cast<const Config&>(config), context);
        if (!made) {
            return std::move(made).error();
        }
        return NodeRuntime(std::move(*made));
    };
    functions.outputs = [fields, fixed = typed.spec.outputs,
                         dynamic = typed.dynamicOutputs](const Json& json) -> std::vector<PortSpec> {
        if (!dynamic) {
            return fixed;
        }
        Config config{};
        static_cast<void>(decodeConfig(json, *fields, &config));
        return joinOutputs(dynamic(config), fixed);
    };
    functions.scope = [fields, scope = typed.scope](const Json& json) {
        if (!scope) {
            return TaskScope::Partition;
        }
        Config config{};
        static_cast<void>(decodeConfig(json, *fields, &config));
        return scope(config);
    };
    return NodeType(std::move(typed.spec), std::move(functions));
}

/// The diagnostics of an expression or pattern in config field `field`, for lint().
[[nodiscard]] Diagnostics diagnose(const std::string& field, Diagnostics found);
/// The same of a compile step that gives the first error only.
template <typename T>
[[nodiscard]] Diagnostics diagnose(const std::string& field, const Result<T>& result)
{
    return result ? Diagnostics{} : Diagnostics{fieldProblem(field, "invalid_value", result.error().message)};
}

} // namespace streamwright
