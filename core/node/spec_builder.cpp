#include "core/node/spec_builder.h"

#include "core/base/assert.h"

#include <algorithm>
#include <iterator>

namespace streamwright {
namespace {

std::string rootKey(const std::string& field)
{
    return field.substr(0, field.find_first_of(".["));
}

} // namespace

SpecDraft::SpecDraft(NodeCategory category, std::string type, std::string label)
{
    spec.category = category;
    spec.type = std::move(type);
    spec.label = std::move(label);
}

void SpecDraft::addInput(std::string name)
{
    spec.inputs.push_back({std::move(name), PortRole::Main, {}});
}

void SpecDraft::addOutput(Port port, PortRole role, std::string doc)
{
    SW_ASSERT(port.index == spec.outputs.size(), "out ports are declared in the order of their indices");
    spec.outputs.push_back({std::string(port.name), role, std::move(doc)});
}

void SpecDraft::addErrorOutput(std::string name, std::string doc)
{
    spec.outputs.push_back({std::move(name), PortRole::Error, std::move(doc)});
}

void SpecDraft::addExample(std::string title, std::string_view json)
{
    Json config = Json::parse(json, nullptr, false);
    SW_ASSERT(!config.is_discarded(), "the example of a node type is JSON");
    spec.examples.push_back({std::move(title), std::move(config)});
}

NodeSpec SpecDraft::finish(const void* defaults)
{
    for (const FieldBinding& field : fields) {
        SW_ASSERT(field.decode && field.encode, "an enum field needs options(), an object field columns()");
    }
    exportDefaults(fields, defaults);
    spec.fields = specsOf(fields);
    for (std::size_t i = 0; i + 1 < spec.outputs.size(); ++i) {
        SW_ASSERT(spec.outputs[i].role != PortRole::Error, "the error port is declared last");
    }
    return std::move(spec);
}

void appendLint(Diagnostics& decoded, Diagnostics found)
{
    std::vector<std::string> refused;
    for (const Diagnostic& diagnostic : decoded) {
        if (diagnostic.severity == Severity::Error) {
            refused.push_back(rootKey(diagnostic.field));
        }
    }
    for (Diagnostic& diagnostic : found) {
        if (std::find(refused.begin(), refused.end(), rootKey(diagnostic.field)) == refused.end()) {
            decoded.push_back(std::move(diagnostic));
        }
    }
}

std::vector<PortSpec> joinOutputs(std::vector<PortSpec> dynamic, const std::vector<PortSpec>& fixed)
{
    dynamic.insert(dynamic.end(), fixed.begin(), fixed.end());
    return dynamic;
}

Error configError(const std::string& node, const Diagnostics& diagnostics)
{
    const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                    [](const Diagnostic& d) { return d.severity == Severity::Error; });
    return Error{Errc::DocumentInvalid,
                 "Node " + quoted(node) + ", field " + quoted(first->field) + ": " + first->message};
}

Diagnostics diagnose(const std::string& field, Diagnostics found)
{
    for (Diagnostic& diagnostic : found) {
        diagnostic.field = field;
        diagnostic.line = 0;
        diagnostic.column = 0;
    }
    return found;
}

} // namespace streamwright
