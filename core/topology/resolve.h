#pragma once

#include "core/topology/compile.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace streamwright {

/// A config with its references filled in.
struct ResolvedConfig {
    Json config;
    Diagnostics diagnostics;          ///< missing and malformed references, by field
    std::set<std::string> unresolved; ///< keys in which a reference stayed as it was written
};

/// Fills in the references of `config`. Text that fills a number or bool field is converted.
[[nodiscard]] ResolvedConfig resolveConfig(const Json& config, const std::vector<FieldSpec>& fields,
                                           const CompileOptions& options);

/// A connection ready for use. Keys that do not apply (security on the embedded broker, SASL without SASL)
/// are left out, so that their secrets need not be there. `diagnostics` gets what is wrong with it.
[[nodiscard]] PlannedConnection resolveConnection(const Connection& connection, const CompileOptions& options,
                                                  Diagnostics& diagnostics);

} // namespace streamwright
