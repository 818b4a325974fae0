#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <QString>

#include <string>
#include <vector>

namespace streamwright {

/// What is searched for: words that must all be found in name, type or field values, and conditions
/// (`is:invalid`, `is:modified`, `is:bypassed`, `is:disabled`, `type:filter`, `topic:orders`, `uses:NAME`).
struct SearchQuery {
    struct Condition {
        QString key;
        QString value;
    };
    std::vector<QString> words;
    std::vector<Condition> conditions;
};
[[nodiscard]] SearchQuery parseQuery(const QString& text);

struct SearchSubject {
    const Node* node = nullptr;
    const NodeType* type = nullptr;
    int errors = 0;
    bool changed = false;
};
[[nodiscard]] bool matches(const SearchQuery& query, const SearchSubject& subject);

} // namespace streamwright
