#pragma once

#include "core/base/arena.h"
#include "core/base/byte_block.h"
#include "core/record/json_node.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// Why a text is not JSON.
struct JsonError {
    /// The indexer gives BadJson (also for invalid UTF-8: semantics.md, part 1) and TooDeep; BadUtf8 is for
    /// callers that check `text` values.
    enum class Code : std::uint8_t { BadJson, BadUtf8, TooDeep };
    Code code = Code::BadJson;
    std::size_t offset = 0;  ///< byte in the text
    const char* reason = ""; ///< literal, "unexpected '}'"; the caller adds the place
};

/// The keys of an earlier record, in their order: most records of a topic have the same members in the same
/// places, so one comparison of bytes both reads a key and shows that it is not a duplicate. Thread: its
/// indexer's.
class JsonShape {
public:
    static constexpr std::size_t kMaxKeys = 1024;

    [[nodiscard]] std::size_t size() const { return m_keys.size(); }
    /// Length of key `position` when it stands, with its quotes, at `text`; 0 when something else does.
    [[nodiscard]] std::size_t quotedKeyAt(std::size_t position, const char* text, const char* end) const
    {
        if (position >= m_keys.size()) {
            return 0;
        }
        const Key key = m_keys[position];
        const char* const known = m_text.data() + key.offset;
        const auto left = static_cast<std::size_t>(end - text);
        const bool equal = key.size <= ByteBlock::kBytes && left >= ByteBlock::kBytes
                               ? ByteBlock::same(text, known, key.size)
                               : left >= key.size && std::memcmp(text, known, key.size) == 0;
        return equal ? key.size : 0;
    }
    /// Place of `key` (without quotes) at or after `from`; size() when it is not there.
    [[nodiscard]] std::size_t find(std::string_view key, std::size_t from) const;
    /// Whether its first keys are those of `members`.
    [[nodiscard]] bool beginsWith(std::span<const JsonMember> members) const;
    /// Takes the keys of an object without duplicates; false for one with too many, or with escapes.
    [[nodiscard]] bool learn(std::span<const JsonMember> members);

private:
    struct Key {
        std::uint32_t offset; ///< in m_text, of the opening quote
        std::uint32_t size;   ///< with both quotes
    };
    std::vector<Key> m_keys;
    std::string m_text; ///< padded so that a block can be loaded at every key
};

/// Validates and indexes in one pass (semantics.md part 1: strict RFC 8259, UTF-8, depth 128). Keeps what it
/// learnt of the last records' shape (which key stands where) to find duplicates and fields quickly.
/// Thread: one at a time, one per source and task.
class JsonIndexer {
public:
    /// nullptr and `error` set where `text` is not JSON. The result lives in `arena`, its views in `text`.
    [[nodiscard]] const JsonValue* index(std::string_view text, Arena& arena, JsonError& error);

private:
    /// As many kinds of records as may take turns in a topic without being learnt again each time.
    static constexpr std::size_t kShapes = 4;

    void learn(std::span<const JsonMember> members);

    std::array<JsonShape, kShapes> m_shapes;
    std::size_t m_current = 0; ///< the shape of the last record
    std::size_t m_oldest = 0;  ///< the one that the next unknown shape replaces
    std::size_t m_expectedMembers = 8;
};

} // namespace streamwright
