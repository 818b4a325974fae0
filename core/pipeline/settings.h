#pragma once

#include "core/base/diagnostic.h"
#include "core/node/json.h"
#include "core/node/spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {

enum class ProcessingGuarantee : std::uint8_t { AtLeastOnce, ExactlyOnce };
enum class OnError : std::uint8_t { Fail, Drop, DeadLetter };

/// `settings` of a document, decoded; defaults live here (document.md part 1).
struct Settings {
    ProcessingGuarantee guarantee = ProcessingGuarantee::AtLeastOnce;
    std::optional<std::int64_t> commitIntervalMs; ///< unset: 1,000 at least once, 100 exactly once
    OnError onError = OnError::Fail;
    Json deadLetter; ///< {type, config}; null where there is none
    bool createTopics = false;
    int threads = 1;
    int maxMemoryMb = 384;
    bool keepRunning = false;

    [[nodiscard]] std::int64_t effectiveCommitIntervalMs() const
    {
        return commitIntervalMs.value_or(guarantee == ProcessingGuarantee::ExactlyOnce ? 100 : 1'000);
    }
};

/// The settings as fields, for the form, the schema and validation.
[[nodiscard]] const std::vector<FieldSpec>& settingsFields();
[[nodiscard]] Settings decodeSettings(const Json& settings, Diagnostics& diagnostics);

/// The typed keys of a connection as fields (document.md part 1).
[[nodiscard]] const std::vector<FieldSpec>& connectionFields();
[[nodiscard]] Diagnostics validateConnection(const std::string& name, const Json& config);

} // namespace streamwright
