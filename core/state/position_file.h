#pragma once

#include "core/base/result.h"
#include "core/state/small_state.h"

#include <filesystem>
#include <map>
#include <string>

namespace streamwright {

/// Where a flow without Kafka sources stands: the positions of its sources and the small state of its nodes,
/// in one file, so that they cannot come apart.
struct LocalPosition {
    std::map<std::string, std::string, std::less<>> sources; ///< node id -> Source::position(), compact JSON
    SmallState nodes;
};

/// The file of one flow in the state directory, replaced atomically at each commit. Thread: the flow's.
class PositionFile {
public:
    explicit PositionFile(std::filesystem::path file) : m_file(std::move(file)) {}

    /// Empty where nothing was stored yet. Errors: Io, ParseError.
    [[nodiscard]] Result<std::optional<LocalPosition>> load() const;
    [[nodiscard]] Result<void> store(const LocalPosition& position) const;
    [[nodiscard]] const std::filesystem::path& path() const { return m_file; }

private:
    std::filesystem::path m_file;
};

} // namespace streamwright
