#include "core/record/json_value.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <vector>

namespace streamwright {
namespace {

using Json = nlohmann::ordered_json;

/// Random JSON texts and edits; the same for the same seed.
class RandomJson {
public:
    explicit RandomJson(std::uint32_t seed) : m_random(seed) {}

    [[nodiscard]] std::size_t below(std::size_t limit) { return m_random() % limit; }

    [[nodiscard]] std::string space()
    {
        static const std::vector<std::string> kSpaces{"", "", "", "", " ", " ", "\n  ", "\t", "\r\n", "  "};
        return kSpaces[below(kSpaces.size())];
    }

    [[nodiscard]] std::string scalar()
    {
        static const std::vector<std::string> kScalars{"0",
                                                       "-1",
                                                       "12345678901234567890123",
                                                       "1.50",
                                                       "1e2",
                                                       "true",
                                                       "false",
                                                       "null",
                                                       R"("")",
                                                       R"("a")",
                                                       R"("Вопрос")",
                                                       R"("\u0412\u043e 😀 \ud83d\ude80")",
                                                       R"("quote \" and \\ back")",
                                                       R"("a rather long text, longer than a block")",
                                                       R"("{\"not\": [\"json\"]}")",
                                                       "9007199254740993"};
        return kScalars[below(kScalars.size())];
    }

    [[nodiscard]] std::string name()
    {
        static const std::vector<std::string> kNames{"a",   "b", "c", "id",      "name",
                                                     "x.y", "",  "é", "quo\"te", "a_longer_field_name"};
        return kNames[below(kNames.size())];
    }

    /// A key as text: the same name now and then written with escapes.
    [[nodiscard]] std::string key()
    {
        const std::string text = name();
        if (text == "a" && below(3) == 0) {
            return R"("\u0061")";
        }
        std::string out;
        appendJsonString(out, text);
        return out;
    }

    [[nodiscard]] std::string object(int depth)
    {
        std::string out = "{" + space();
        for (std::size_t i = 0, count = below(7); i < count; ++i) {
            out +=
                (i == 0 ? "" : "," + space()) + key() + space() + ":" + space() + value(depth - 1) + space();
        }
        return out + "}";
    }

    [[nodiscard]] std::string value(int depth)
    {
        const std::size_t kind = depth == 0 ? 9 : below(10);
        if (kind == 0) {
            return object(depth);
        }
        if (kind == 1) {
            std::string out = "[" + space();
            for (std::size_t i = 0, count = below(4); i < count; ++i) {
                out += (i == 0 ? "" : "," + space()) + value(depth - 1) + space();
            }
            return out + "]";
        }
        return scalar();
    }

private:
    std::mt19937 m_random;
};

/// A path's steps on a DOM: the simple way, which the splice must agree with.
struct DomStep {
    std::string name;
    std::int64_t element = -1;
};
using DomSteps = std::vector<DomStep>;

[[nodiscard]] std::string pathText(const DomSteps& steps)
{
    std::string text;
    for (const DomStep& step : steps) {
        if (step.element >= 0) {
            text += "[" + std::to_string(step.element) + "]";
        } else {
            text += "[";
            appendJsonString(text, step.name);
            text += "]";
        }
    }
    return text;
}

[[nodiscard]] Json* domChild(Json& parent, const DomStep& step)
{
    if (step.element >= 0) {
        const auto position = static_cast<std::size_t>(step.element);
        return parent.is_array() && position < parent.size() ? &parent[position] : nullptr;
    }
    if (!parent.is_object()) {
        return nullptr;
    }
    const auto found = parent.find(step.name);
    return found == parent.end() ? nullptr : &*found;
}

bool domSet(Json& root, const DomSteps& steps, const Json& value)
{
    Json copy = root;
    Json* node = &copy;
    for (const DomStep& step : steps) {
        Json* child = domChild(*node, step);
        if (child == nullptr) {
            if (step.element >= 0 || !node->is_object()) {
                return false;
            }
            child = &((*node)[step.name] = Json::object());
        }
        node = child;
    }
    *node = value;
    root = copy;
    return true;
}

bool domRemove(Json& root, const DomSteps& steps)
{
    Json* node = &root;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        node = domChild(*node, steps[i]);
        if (node == nullptr) {
            return false;
        }
    }
    if (domChild(*node, steps.back()) == nullptr) {
        return false;
    }
    if (steps.back().element >= 0) {
        node->erase(static_cast<std::size_t>(steps.back().element));
    } else {
        node->erase(steps.back().name);
    }
    return true;
}

/// `text` as a DOM in which a duplicate has its last value at the first one's place, as we read it.
[[nodiscard]] Json domOf(const std::string& text)
{
    return Json::parse(text);
}

TEST(JsonSplice, EqualsTheSameEditsOnADom)
{
    RandomJson random(20'261'123);
    JsonIndexer indexer;
    int edits = 0;
    for (int round = 0; round < 12'000; ++round) {
        Arena arena;
        JsonError error;
        const std::string text = random.space() + random.object(4) + random.space();
        const JsonValue* value = indexer.index(text, arena, error);
        ASSERT_NE(value, nullptr) << text << ": " << error.reason;
        Json dom = domOf(text);
        ASSERT_EQ(value->members.size(), dom.size()) << text;
        std::string trace = text;
        for (std::size_t editors = random.below(3) + 1; editors > 0; --editors) {
            JsonEditor editor(*value, arena);
            for (std::size_t count = random.below(4); count > 0; --count) {
                DomSteps steps;
                for (std::size_t depth = random.below(3) + 1; depth > 0; --depth) {
                    const bool element = !steps.empty() && random.below(4) == 0;
                    steps.push_back(element ? DomStep{"", static_cast<std::int64_t>(random.below(3))}
                                            : DomStep{random.name()});
                }
                const JsonPath path = JsonPath::parse(pathText(steps)).value();
                if (random.below(2) == 0) {
                    const std::string_view replacement = arena.copy(random.value(2));
                    trace += "\nset " + path.text() + " = " + std::string(replacement);
                    const bool done = editor.set(path, jsonNodeOf(replacement));
                    ASSERT_EQ(done, domSet(dom, steps, domOf(std::string(replacement)))) << trace;
                    edits += done ? 1 : 0;
                } else {
                    trace += "\nremove " + path.text();
                    const bool done = editor.remove(path);
                    ASSERT_EQ(done, domRemove(dom, steps)) << trace;
                    edits += done ? 1 : 0;
                }
            }
            value = editor.finish();
        }
        std::string written;
        appendJson(written, *value);
        ASSERT_EQ(domOf(written).dump(), dom.dump()) << trace << "\nwritten " << written;
        ASSERT_NE(indexer.index(written, arena, error), nullptr) << trace << "\nwritten " << written;
        ASSERT_EQ(domOf(std::string(wholeNode(*value, arena).text)).dump(), dom.dump()) << trace;
        if (!value->edited) {
            ASSERT_EQ(written, text);
        }
    }
    EXPECT_GT(edits, 12'000);
}

TEST(JsonSplice, KeepsEveryByteOfWhatItDidNotTouch)
{
    RandomJson random(5);
    for (int round = 0; round < 5'000; ++round) {
        Arena arena;
        JsonError error;
        const std::string text = random.object(3);
        const JsonValue* const value = JsonIndexer().index(text, arena, error);
        ASSERT_NE(value, nullptr);
        JsonEditor editor(*value, arena);
        ASSERT_TRUE(editor.set(JsonPath::ofName("marker"), jsonNodeOf("17")));
        const JsonValue* const changed = editor.finish();
        const std::string_view out = wholeNode(*changed, arena).text;
        const JsonValue* const again = JsonIndexer().index(out, arena, error);
        ASSERT_NE(again, nullptr) << out;
        ASSERT_EQ(again->members.size(), value->members.size() + 1) << out;
        for (std::size_t i = 0; i < value->members.size(); ++i) {
            ASSERT_EQ(again->members[i].key, value->members[i].key) << out;
            ASSERT_EQ(again->members[i].value.text, value->members[i].value.text) << out;
        }
    }
}

TEST(JsonSplice, AppendsToWhatIsAlreadyThere)
{
    Arena arena;
    JsonError error;
    const JsonValue* const value = JsonIndexer().index(R"({"a":1})", arena, error);
    std::string out = "before ";
    appendJson(out, *value);
    EXPECT_EQ(out, R"(before {"a":1})");
    JsonEditor editor(*value, arena);
    EXPECT_TRUE(editor.set(JsonPath::ofName("b"), jsonNodeOf("2")));
    appendJson(out, *editor.finish());
    EXPECT_EQ(out, R"(before {"a":1}{"a":1,"b":2})");
}

TEST(JsonSplice, WritesTenMegabytes)
{
    Arena arena;
    JsonError error;
    const std::string blob(10'000'000, 'x');
    const std::string text = R"({"a":1,"blob":")" + blob + R"(","z":2})";
    const JsonValue* const value = JsonIndexer().index(text, arena, error);
    ASSERT_NE(value, nullptr);
    JsonEditor editor(*value, arena);
    EXPECT_TRUE(editor.remove(JsonPath::ofName("a")));
    EXPECT_TRUE(editor.set(JsonPath::ofName("n"), jsonNodeOf("3")));
    std::string out;
    appendJson(out, *editor.finish());
    EXPECT_EQ(out, R"({"blob":")" + blob + R"(","z":2,"n":3})");
}

} // namespace
} // namespace streamwright
