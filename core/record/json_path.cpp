#include "core/record/json_path.h"

#include "core/record/json_cursor.h"
#include "core/record/json_indexer.h"
#include "core/record/json_text.h"

#include <charconv>
#include <utility>

namespace streamwright {
namespace {

/// Characters of a name that stands without brackets: all but those that mean something in a path.
[[nodiscard]] bool isNameCharacter(char c)
{
    return static_cast<unsigned char>(c) > ' ' && c != '\x7F' && c != '.' && c != '[' && c != ']' && c != '"';
}

[[nodiscard]] bool isPlainName(std::string_view name)
{
    for (const char c : name) {
        if (!isNameCharacter(c)) {
            return false;
        }
    }
    return !name.empty();
}

/// Reads a path front to back; the first problem ends it.
class PathReader {
public:
    explicit PathReader(std::string_view text) : m_text(text) {}

    [[nodiscard]] std::optional<std::vector<JsonStep>> read()
    {
        if (m_text.empty()) {
            m_problem = "The path is empty. Name a field, for example a.b[0].";
            return std::nullopt;
        }
        std::vector<JsonStep> steps;
        while (m_at != m_text.size()) {
            std::optional<JsonStep> step = m_text[m_at] == '[' ? bracket() : name(steps.empty());
            if (!step) {
                return std::nullopt;
            }
            steps.push_back(std::move(*step));
            if (steps.size() > kMaxJsonDepth) {
                m_problem = "The path has more than 128 steps, deeper than any value.";
                return std::nullopt;
            }
        }
        return steps;
    }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    [[nodiscard]] std::nullopt_t fail(std::string_view what)
    {
        m_problem = std::string(what) + " at character " + std::to_string(m_at + 1) + " of path \"" +
                    std::string(m_text) + "\".";
        return std::nullopt;
    }

    [[nodiscard]] std::optional<JsonStep> name(bool first)
    {
        if (!first) {
            if (m_text[m_at] != '.') {
                return fail(R"(A "." or "[" is missing)");
            }
            ++m_at;
        }
        const std::size_t start = m_at;
        while (m_at != m_text.size() && isNameCharacter(m_text[m_at])) {
            ++m_at;
        }
        if (m_at == start) {
            return fail(R"(A field's name is missing (one with other characters is written ["x.y"]))");
        }
        return JsonStep::ofName(std::string(m_text.substr(start, m_at - start)));
    }

    [[nodiscard]] std::optional<JsonStep> bracket()
    {
        ++m_at;
        const bool quoted = m_at != m_text.size() && m_text[m_at] == '"';
        std::optional<JsonStep> step = quoted ? quotedName() : element();
        if (step && (m_at == m_text.size() || m_text[m_at++] != ']')) {
            m_at = std::min(m_at, m_text.size());
            return fail("A \"]\" is missing");
        }
        return step;
    }

    [[nodiscard]] std::optional<JsonStep> element()
    {
        const char* const start = m_text.data() + m_at;
        std::int64_t element = -1;
        const std::from_chars_result read = std::from_chars(start, m_text.data() + m_text.size(), element);
        if (read.ec != std::errc() || *start == '-') {
            return fail("An element's number or a quoted name is missing");
        }
        m_at += static_cast<std::size_t>(read.ptr - start);
        return JsonStep{.name = {}, .element = element};
    }

    /// A JSON string with all its escapes; the indexer judges it.
    [[nodiscard]] std::optional<JsonStep> quotedName()
    {
        std::size_t end = m_at + 1;
        while (end < m_text.size() && m_text[end] != '"') {
            end += m_text[end] == '\\' ? 2 : 1;
        }
        if (end >= m_text.size()) {
            return fail("A name without its closing quote begins");
        }
        const std::string_view quoted = m_text.substr(m_at, end + 1 - m_at);
        Arena arena(quoted.size() + sizeof(JsonValue));
        JsonError error;
        const JsonValue* const value = JsonIndexer().index(quoted, arena, error);
        if (value == nullptr) {
            m_at += error.offset;
            return fail("Not a JSON string (" + std::string(error.reason) + ")");
        }
        m_at = end + 1;
        return JsonStep::ofName(std::string(decodeString(value->root, arena)));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_problem;
};

} // namespace

JsonStep JsonStep::ofName(std::string name)
{
    JsonStep step;
    appendJsonString(step.rawName, name);
    step.rawName.erase(0, 1).pop_back();
    step.nameEscaped = step.rawName.find('\\') != std::string::npos;
    step.name = std::move(name);
    return step;
}

std::optional<JsonPath> JsonPath::parse(std::string_view text, std::string* problem)
{
    PathReader reader(text);
    std::optional<std::vector<JsonStep>> steps = reader.read();
    if (!steps) {
        if (problem != nullptr) {
            *problem = reader.problem();
        }
        return std::nullopt;
    }
    JsonPath path;
    path.m_text = text;
    path.m_steps = std::move(*steps);
    return path;
}

JsonPath JsonPath::ofName(std::string name)
{
    JsonPath path;
    if (isPlainName(name)) {
        path.m_text = name;
    } else {
        path.m_text = "[";
        appendJsonString(path.m_text, name);
        path.m_text += "]";
    }
    path.m_steps.push_back(JsonStep::ofName(std::move(name)));
    return path;
}

std::optional<JsonNode> JsonPath::find(const JsonValue& value) const
{
    auto step = m_steps.begin();
    std::optional<JsonNode> node;
    if (step->element < 0) {
        const JsonMember* const member = findMember(value, step->name);
        node = member == nullptr ? std::nullopt : std::optional(member->value);
    } else {
        node = elementOf(value.root, step->element);
    }
    for (++step; node && step != m_steps.end(); ++step) {
        node = step->element < 0 ? findIn(*node, step->name) : elementOf(*node, step->element);
    }
    return node;
}

} // namespace streamwright
