#pragma once

#include "core/cel/program.h"
#include "core/record/json_value.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::cel {

/// Records of JSON texts, indexed as a source would. Owns everything they point to.
class SampleRecords {
public:
    SampleRecords() = default;
    explicit SampleRecords(const std::vector<std::string>& values);

    const Record& add(std::string_view json);
    [[nodiscard]] std::span<const Record> all() const { return m_records; }

private:
    Arena m_arena;
    JsonIndexer m_indexer;
    std::deque<std::string> m_texts;
    std::deque<Origin> m_origins;
    std::vector<Record> m_records;
};

/// What `expression` gives for a record with this value: JSON text, "refused: …" with the first diagnostic,
/// or "failed: …" with the message.
[[nodiscard]] std::string resultOf(std::string_view expression, std::string_view value = "{}",
                                   const CompileOptions& options = {});
/// The same in the typed form of `eval --typed`.
[[nodiscard]] std::string typedResultOf(std::string_view expression, const CompileOptions& options = {});

} // namespace streamwright::cel
