#include "core/pipeline/migration.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace streamwright {

std::span<const MigrationStep> migrationSteps()
{
    return {};
}

bool migrate(Json& document, int from, int to, std::span<const MigrationStep> steps)
{
    Json migrated = document;
    for (int version = from; version < to; ++version) {
        const auto step = std::find_if(steps.begin(), steps.end(), [version](const MigrationStep& known) {
            return known.from == version;
        });
        if (step == steps.end()) {
            return false;
        }
        step->apply(migrated);
        migrated["streamwright"] = version + 1;
    }
    document = std::move(migrated);
    return true;
}

} // namespace streamwright
