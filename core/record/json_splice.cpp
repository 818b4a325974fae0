#include "core/record/json_splice.h"

#include "core/record/json_cursor.h"
#include "core/record/json_scanner.h"

#include <cstring>
#include <string_view>

namespace streamwright {
namespace {

[[nodiscard]] const char* endOf(std::string_view text)
{
    return text.data() + text.size();
}

[[nodiscard]] std::string_view between(const char* begin, const char* end)
{
    return {begin, static_cast<std::size_t>(end - begin)};
}

/// Before the white space that ends at `at`. A validated object has something else further in front.
[[nodiscard]] const char* beforeSpace(const char* at)
{
    while (isJsonSpace(at[-1])) {
        --at;
    }
    return at;
}

/// Where the comma that comes before the key at `quote`, with its white space, begins.
[[nodiscard]] const char* separatorBefore(const char* quote)
{
    return beforeSpace(beforeSpace(quote) - 1);
}

/// Behind the colon, and its white space, that follows `key`.
[[nodiscard]] const char* valueAfter(std::string_view key, const char* end)
{
    const char* const colon = skipJsonSpace(endOf(key) + 1, end);
    return skipJsonSpace(colon + 1, end);
}

/// How the source sets its members apart: members that are added look like its own.
struct Separators {
    std::string_view comma = ",";
    std::string_view colon = ":";
};

[[nodiscard]] Separators separatorsOf(std::string_view object)
{
    Separators found;
    JsonCursor cursor(JsonNode{object, JsonType::Object});
    if (!cursor.next()) {
        return found;
    }
    found.colon = between(endOf(cursor.key()) + 1, cursor.value().text.data());
    const char* const firstEnd = endOf(cursor.value().text);
    if (cursor.next()) {
        found.comma = between(firstEnd, cursor.key().data() - 1);
    } else if (found.colon != ":") {
        found.comma = ", ";
    }
    return found;
}

/// The same from members that stand where they stood, without going through the text.
[[nodiscard]] Separators separatorsOf(const JsonValue& value)
{
    for (const JsonMember& member : value.members) {
        if (member.place != JsonMember::kNoPlace && member.place != 0 && member.valueInPlace) {
            const char* const quote = member.key.data() - 1;
            return {between(separatorBefore(quote), quote),
                    between(endOf(member.key) + 1, member.value.text.data())};
        }
    }
    return separatorsOf(value.root.text);
}

/// Puts text at a place that has room for it; neighbouring pieces of the source become one copy.
class SpliceWriter {
public:
    explicit SpliceWriter(char* at, const char* sourceBegin)
        : m_at(at), m_runBegin(sourceBegin), m_runEnd(sourceBegin)
    {
    }

    /// The run of source bytes goes on up to `end`.
    void extendTo(const char* end) { m_runEnd = end; }
    [[nodiscard]] const char* runEnd() const { return m_runEnd; }
    /// Ends the run and begins another at `begin`.
    void jumpTo(const char* begin)
    {
        flush();
        m_runBegin = m_runEnd = begin;
    }
    void put(std::string_view text)
    {
        flush();
        std::memcpy(m_at, text.data(), text.size());
        m_at += text.size();
    }
    [[nodiscard]] char* finish()
    {
        flush();
        return m_at;
    }

private:
    void flush()
    {
        const auto size = static_cast<std::size_t>(m_runEnd - m_runBegin);
        std::memcpy(m_at, m_runBegin, size);
        m_at += size;
        m_runBegin = m_runEnd;
    }

    char* m_at;
    const char* m_runBegin;
    const char* m_runEnd;
};

/// An edited object with what is needed to write it. Lives for one call.
class Splice {
public:
    /// `outer`: with the white space around the source's object.
    Splice(const JsonValue& value, bool outer)
        : m_value(value), m_begin(outer ? value.source.data() : value.root.text.data()),
          m_end(outer ? endOf(value.source) : endOf(value.root.text))
    {
        bool known = false;
        m_bound = static_cast<std::size_t>(m_end - m_begin);
        for (const JsonMember& member : value.members) {
            if (member.place == JsonMember::kNoPlace) {
                if (!known) {
                    m_separators = separatorsOf(value);
                    known = true;
                }
                constexpr std::size_t kQuotes = 2;
                m_bound += m_separators.comma.size() + member.key.size() + kQuotes +
                           m_separators.colon.size() + member.value.text.size();
            } else if (!member.valueInPlace) {
                m_bound += member.value.text.size();
            }
        }
    }

    /// Never less than what write() writes.
    [[nodiscard]] std::size_t bound() const { return m_bound; }

    /// Writes to `to`; where the text ends.
    [[nodiscard]] char* write(char* to) const
    {
        const char* const brace = endOf(m_value.root.text) - 1;
        const char* const inside = m_value.root.text.data() + 1;
        SpliceWriter writer(to, m_begin);
        if (m_value.members.empty()) {
            writer.extendTo(inside);
            writer.jumpTo(brace);
            writer.extendTo(m_end);
            return writer.finish();
        }
        const char* const firstKey = skipJsonSpace(inside, brace);
        writer.extendTo(firstKey == brace ? inside : firstKey);
        std::uint32_t following = 0; // the member of the source that comes where the run ends
        bool first = true;
        for (const JsonMember& member : m_value.members) {
            if (member.place == JsonMember::kNoPlace) {
                writeAdded(writer, member, first);
                following = JsonMember::kNoPlace;
            } else {
                if (member.place != following) {
                    const char* const quote = member.key.data() - 1;
                    writer.jumpTo(first ? quote : separatorBefore(quote));
                }
                following = writeKept(writer, member, brace);
            }
            first = false;
        }
        const char* const tail = firstKey == brace ? brace : beforeSpace(brace);
        if (tail != writer.runEnd()) {
            writer.jumpTo(tail);
        }
        writer.extendTo(m_end);
        return writer.finish();
    }

private:
    void writeAdded(SpliceWriter& writer, const JsonMember& member, bool first) const
    {
        if (!first) {
            writer.put(m_separators.comma);
        }
        writer.put("\"");
        writer.put(member.key);
        writer.put("\"");
        writer.put(m_separators.colon);
        writer.put(member.value.text);
    }

    /// Gives the member of the source whose separator would go on with the run; kNoPlace where the run ended.
    [[nodiscard]] static std::uint32_t writeKept(SpliceWriter& writer, const JsonMember& member,
                                                 const char* brace)
    {
        if (member.valueInPlace) {
            writer.extendTo(endOf(member.value.text));
            return member.place + 1;
        }
        writer.extendTo(valueAfter(member.key, brace));
        writer.put(member.value.text);
        return JsonMember::kNoPlace;
    }

    const JsonValue& m_value;
    const char* m_begin;
    const char* m_end;
    Separators m_separators;
    std::size_t m_bound;
};

} // namespace

void appendJson(std::string& out, const JsonValue& value)
{
    if (!value.edited) {
        out.append(value.source);
        return;
    }
    const Splice splice(value, true);
    const std::size_t before = out.size();
    out.resize(before + splice.bound());
    const char* const end = splice.write(out.data() + before);
    out.resize(static_cast<std::size_t>(end - out.data()));
}

JsonNode wholeNode(const JsonValue& value, Arena& arena)
{
    if (!value.edited) {
        return value.root;
    }
    const Splice splice(value, false);
    char* const text = static_cast<char*>(arena.allocate(splice.bound(), 1));
    const char* const end = splice.write(text);
    return {between(text, end), JsonType::Object};
}

} // namespace streamwright
