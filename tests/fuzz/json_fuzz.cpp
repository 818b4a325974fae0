// Bytes -> our indexer beside nlohmann's parser: the same texts are taken, members agree, and what an edit
// writes is again JSON that equals the same edit of the DOM.
#include "tests/fuzz/json_fuzz.h"

#include "core/base/assert.h"
#include "core/record/json_value.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {
namespace {

using Json = nlohmann::ordered_json;

/// What the oracle says about a text. Numbers stay text there too: one beyond a double's range, which the
/// parser refuses for its size alone, is taken.
class Oracle : public nlohmann::json_sax<nlohmann::json> {
public:
    [[nodiscard]] bool tooDeep() const { return m_deepest > kMaxJsonDepth; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool key(string_t&) override { return true; }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override
    {
        m_outOfRange = dynamic_cast<const nlohmann::detail::out_of_range*>(&problem) != nullptr;
        return false;
    }
    [[nodiscard]] bool outOfRange() const { return m_outOfRange; }

private:
    bool open()
    {
        m_deepest = std::max(m_deepest, ++m_depth);
        return true;
    }
    bool close()
    {
        --m_depth;
        return true;
    }

    int m_depth = 0;
    int m_deepest = 0;
    bool m_outOfRange = false;
};

/// What nlohmann takes and RFC 8259 does not: a byte order mark in front, a NUL, which it reads as the end.
[[nodiscard]] bool oracleIsLax(std::string_view text)
{
    return text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos;
}

void checkMembers(const JsonValue& value, const Json& dom, Arena& arena)
{
    SW_ASSERT(value.isObject() == dom.is_object(), "the oracle sees another type");
    SW_ASSERT(!value.isObject() || value.members.size() == dom.size(), "the oracle sees other members");
    auto expected = dom.begin();
    for (const JsonMember& member : value.members) {
        SW_ASSERT(decodeKey(member, arena) == expected.key(), "the oracle sees another key");
        SW_ASSERT(Json::parse(member.value.text) == *expected, "the oracle sees another value");
        SW_ASSERT(findMember(value, expected.key()) == &member, "a member is not found by its name");
        ++expected;
    }
}

/// Edits that the text itself chooses: sets and removals of its own fields and of new ones.
void checkEdits(const JsonValue& value, Json dom, std::string_view seed, Arena& arena)
{
    JsonEditor editor(value, arena);
    for (std::size_t i = 0; i < std::min<std::size_t>(seed.size(), 6); ++i) {
        const auto choice = static_cast<unsigned char>(seed[seed.size() - 1 - i]);
        const bool known = (choice & 1U) != 0 && !value.members.empty();
        const std::string name =
            known ? std::string(decodeKey(value.members[choice % value.members.size()], arena))
                  : std::string(1, static_cast<char>('a' + choice % 3));
        const JsonPath top = JsonPath::ofName(name);
        const JsonPath nested = JsonPath::parse(top.text() + ".n").value();
        switch (choice / 4 % 3) {
        case 0: SW_ASSERT(editor.remove(top) == (dom.erase(name) == 1), "a removal went otherwise"); break;
        case 1:
            SW_ASSERT(editor.set(top, makeJsonInt(choice, arena)), "a member can always be set");
            dom[name] = choice;
            break;
        default: {
            const bool possible = !dom.contains(name) || dom[name].is_object();
            SW_ASSERT(editor.set(nested, jsonNodeOf("\"x\"")) == possible, "a nested set went otherwise");
            if (possible) {
                dom[name]["n"] = "x";
            }
        }
        }
    }
    std::string written;
    appendJson(written, *editor.finish());
    SW_ASSERT(Json::parse(written) == dom, "the splice differs from the edited DOM");
    JsonError error;
    SW_ASSERT(JsonIndexer().index(written, arena, error) != nullptr, "what we wrote we must take");
}

void check(std::string_view text)
{
    static JsonIndexer seasoned; // knows the shape of the texts before
    Arena arena(4096);
    JsonError error;
    const JsonValue* const value = JsonIndexer().index(text, arena, error);
    const JsonValue* const again = seasoned.index(text, arena, error);
    SW_ASSERT((value == nullptr) == (again == nullptr), "what was read before changes what is taken");

    Oracle oracle;
    const bool valid = Json::sax_parse(text.begin(), text.end(), &oracle) && !oracleIsLax(text);
    if (value == nullptr) {
        SW_ASSERT(error.offset <= text.size(), "the fault lies within the text");
        SW_ASSERT(!valid || oracle.tooDeep(), "the oracle takes what we refuse");
        SW_ASSERT((error.code == JsonError::Code::TooDeep) <= oracle.tooDeep(),
                  "the oracle finds it less deep");
        return;
    }
    if (oracle.outOfRange()) {
        return; // the oracle stopped at a number of a size that we keep as text
    }
    SW_ASSERT(valid && !oracle.tooDeep(), "we take what the oracle refuses");

    std::string written;
    appendJson(written, *value);
    SW_ASSERT(written == text, "an untouched text goes out as it came");
    const Json dom = Json::parse(text);
    checkMembers(*value, dom, arena);
    checkMembers(*again, dom, arena);
    checkMembers(*valueOf(value->root, arena), dom, arena);
    if (value->isObject()) {
        checkEdits(*value, dom, text, arena);
    }
}

} // namespace
} // namespace streamwright

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    // A copy of the exact size: a read beyond it is seen.
    const std::vector<char> text(bytes, bytes + size);
    streamwright::check({text.data(), text.size()});
    return 0;
}
