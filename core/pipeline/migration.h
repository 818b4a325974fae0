#pragma once

#include "core/base/diagnostic.h"
#include "core/node/json.h"

#include <span>

namespace streamwright {

/// Makes a document of format version `from` one of version `from + 1`.
struct MigrationStep {
    int from = 0;
    void (*apply)(Json& document) = nullptr;
};

/// The steps from the first format version to today's, in order. A document of version 1 needs none.
[[nodiscard]] std::span<const MigrationStep> migrationSteps();

/// Brings `document` from version `from` to version `to`; sets its `streamwright` key. False where a step is
/// missing (the document is then unchanged).
[[nodiscard]] bool migrate(Json& document, int from, int to, std::span<const MigrationStep> steps);

} // namespace streamwright
