#include "core/record/json_duplicates.h"

#include "core/record/json_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace streamwright {
namespace {

/// A key's unescaped text with a number that differs for most keys that differ.
struct SortedKey {
    std::uint64_t number;
    std::string_view text;
    std::uint32_t position;
};

/// Quick and good enough: equal numbers only cost a comparison of the texts, whoever chose the keys.
[[nodiscard]] std::uint64_t numberOf(std::string_view text)
{
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
    std::uint64_t number = text.size();
    while (!text.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(text.size(), sizeof(word));
        std::memcpy(&word, text.data(), size);
        number = (number ^ word) * kMix;
        number ^= number >> 29U;
        text.remove_prefix(size);
    }
    return number;
}

/// Few keys: one bit for each number in a set of 64; only keys that meet there are compared.
[[nodiscard]] bool allDiffer(const SortedKey* keys, std::size_t count)
{
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << (keys[i].number >> 58U);
        if ((seen & bit) != 0) {
            for (std::size_t j = 0; j < i; ++j) {
                if (keys[j].number == keys[i].number && keys[j].text == keys[i].text) {
                    return false;
                }
            }
        }
        seen |= bit;
    }
    return true;
}

[[nodiscard]] bool sortsBefore(const SortedKey& a, const SortedKey& b)
{
    if (a.number != b.number) {
        return a.number < b.number;
    }
    const int order = a.text.compare(b.text);
    return order != 0 ? order < 0 : a.position < b.position;
}

} // namespace

std::size_t removeDuplicates(JsonMember* members, std::size_t count, Arena& arena)
{
    constexpr std::size_t kFew = 32;
    SortedKey few[kFew];
    SortedKey* const keys =
        count <= kFew
            ? few
            : static_cast<SortedKey*>(arena.allocate(count * sizeof(SortedKey), alignof(SortedKey)));
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view text = decodeKey(members[i], arena);
        keys[i] = {numberOf(text), text, static_cast<std::uint32_t>(i)};
    }
    if (count <= kFew && allDiffer(keys, count)) {
        return count;
    }
    std::sort(keys, keys + count, sortsBefore);
    const std::span<bool> dropped = arena.makeArray<bool>(count);
    bool any = false;
    for (std::size_t first = 0; first < count;) {
        std::size_t next = first + 1;
        while (next < count && keys[next].number == keys[first].number &&
               keys[next].text == keys[first].text) {
            dropped[keys[next].position] = true;
            ++next;
        }
        if (next != first + 1) {
            any = true;
            JsonMember& kept = members[keys[first].position];
            kept.value = members[keys[next - 1].position].value;
            kept.valueInPlace = false;
        }
        first = next;
    }
    if (!any) {
        return count;
    }
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!dropped[i]) {
            members[left++] = members[i];
        }
    }
    return left;
}

} // namespace streamwright
