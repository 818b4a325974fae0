#include "core/node/node_type.h"

#include "core/node/field_codec.h"

#include <algorithm>

namespace streamwright {
namespace {

bool belongsTo(const Diagnostic& diagnostic, const std::string& key)
{
    return diagnostic.field == key || diagnostic.field.starts_with(key + '.') ||
           diagnostic.field.starts_with(key + '[');
}

} // namespace

NodeType::NodeType(NodeSpec spec, Functions functions)
    : m_spec(std::make_shared<const NodeSpec>(std::move(spec))),
      m_functions(std::make_shared<const Functions>(std::move(functions)))
{
}

NodeRegistry::NodeRegistry(std::vector<NodeType> types) : m_types(std::move(types)) {}

const NodeType* NodeRegistry::find(std::string_view type) const
{
    for (const NodeType& known : m_types) {
        if (known.spec().type == type) {
            return &known;
        }
    }
    return nullptr;
}

std::vector<std::string> NodeRegistry::names() const
{
    std::vector<std::string> names;
    for (const NodeType& type : m_types) {
        names.push_back(type.spec().type);
    }
    return names;
}

std::vector<FieldState> evaluateForm(const NodeType& type, const Json& config, const LintContext& context,
                                     const Recommender& recommend)
{
    const Diagnostics diagnostics = type.lint(config, context);
    std::vector<FieldState> states;
    for (const FieldSpec& field : type.spec().fields) {
        FieldState state;
        state.spec = &field;
        state.isDefault = !config.is_object() || !config.contains(field.key);
        state.value = state.isDefault ? field.defaultValue : config[field.key];
        state.visible = isVisible(field, type.spec().fields, config);
        if (recommend && !field.recommend.empty()) {
            state.recommended = recommend(field.recommend);
        }
        // What variables fill in is judged by compile(), when it is known.
        const bool isReference =
            state.value.is_string() && holdsReference(state.value.get_ref<const std::string&>());
        for (const Diagnostic& diagnostic : diagnostics) {
            if (!isReference && belongsTo(diagnostic, field.key)) {
                state.diagnostics.push_back(diagnostic);
            }
        }
        states.push_back(std::move(state));
    }
    return states;
}

} // namespace streamwright
