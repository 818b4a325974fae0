#pragma once

#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/topology/compile.h"

#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A document with these parts, each given as JSON text.
inline Pipeline documentOf(const std::string& nodes, const std::string& edges,
                           const std::string& settings = "{}")
{
    return parseDocument(R"({"streamwright": 1, "name": "test", "settings": )" + settings +
                         R"(, "connections": {"kafka": {"bootstrap_servers": "b:9092"},
                                              "other": {"bootstrap_servers": "c:9092"},
                                              "local": {"bootstrap_servers": "embedded"}},
                             "nodes": )" +
                         nodes + R"(, "edges": )" + edges + "}")
        .pipeline;
}

inline Compiled compiled(const std::string& nodes, const std::string& edges,
                         const std::string& settings = "{}", const CompileOptions& options = {})
{
    return compile(documentOf(nodes, edges, settings), builtinNodes(), options);
}

/// "severity node field code" of each diagnostic, without notes.
inline std::vector<std::string> problemsOf(const Compiled& result)
{
    std::vector<std::string> lines;
    for (const Diagnostic& diagnostic : result.diagnostics) {
        if (diagnostic.severity != Severity::Note) {
            lines.push_back(std::string(toString(diagnostic.severity)) + ' ' + diagnostic.node + ' ' +
                            diagnostic.field + ' ' + diagnostic.code);
        }
    }
    return lines;
}

constexpr const char* kSource =
    R"({"id": "in", "type": "kafka_source", "config": {"connection": "kafka", "topic": "a"}})";
constexpr const char* kNumber = R"({"id": "num", "type": "number", "config": {"field": "n"}})";
constexpr const char* kSink =
    R"({"id": "out", "type": "kafka_sink", "config": {"connection": "kafka", "topic": "b"}})";

} // namespace streamwright
