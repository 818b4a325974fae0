#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace streamwright {
namespace {

/// One text, indexed by an indexer of its own.
struct Indexed {
    explicit Indexed(std::string_view json) : text(json) { value = JsonIndexer().index(text, arena, error); }

    std::string text;
    Arena arena;
    JsonError error;
    const JsonValue* value = nullptr;

    [[nodiscard]] std::string_view valueOf(std::string_view name) const
    {
        const JsonMember* const member = findMember(*value, name);
        return member == nullptr ? "(none)" : member->value.text;
    }
};

[[nodiscard]] std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

/// Every length around the 16 bytes of a block, so that each rule is tried in front of, across and behind it.
void expectRefusedAnywhere(const std::string& badString, std::string_view reason)
{
    for (std::size_t before = 0; before < 36; ++before) {
        for (const std::size_t after : {0U, 1U, 17U, 40U}) {
            const std::string prefix = "{\"a\":\"" + std::string(before, 'x');
            const Indexed json(prefix + badString + std::string(after, 'y') + "\"}");
            ASSERT_EQ(json.value, nullptr) << json.text;
            EXPECT_EQ(json.error.code, JsonError::Code::BadJson);
            EXPECT_EQ(json.error.reason, reason) << json.text;
            EXPECT_EQ(json.error.offset, prefix.size()) << json.text;
        }
    }
}

void expectTakenAnywhere(const std::string& goodString)
{
    for (std::size_t before = 0; before < 36; ++before) {
        for (const std::size_t after : {0U, 1U, 17U, 40U}) {
            const std::string content =
                "\"" + std::string(before, 'x') + goodString + std::string(after, 'y') + "\"";
            const Indexed json("{\"a\":" + content + "}");
            ASSERT_NE(json.value, nullptr) << json.text << ": " << json.error.reason;
            EXPECT_EQ(json.valueOf("a"), content);
        }
    }
}

TEST(JsonIndexer, FindsTheMembersOfAnObjectInTheirOrder)
{
    const Indexed json(
        R"( { "id" : 7 , "name":"Zo\u00eb", "ok":true,"no":false,"none":null,"list":[1,{"x":2}],"o":{}} )");

    ASSERT_NE(json.value, nullptr) << json.error.reason;
    ASSERT_EQ(json.value->members.size(), 7U);
    const std::vector<std::pair<std::string_view, JsonType>> expected{
        {"id", JsonType::Int},    {"name", JsonType::String}, {"ok", JsonType::True}, {"no", JsonType::False},
        {"none", JsonType::Null}, {"list", JsonType::Array},  {"o", JsonType::Object}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(json.value->members[i].key, expected[i].first);
        EXPECT_EQ(json.value->members[i].value.type, expected[i].second);
    }
    EXPECT_EQ(json.valueOf("list"), R"([1,{"x":2}])");
    EXPECT_TRUE(findMember(*json.value, "name")->value.escaped);
    EXPECT_FALSE(json.value->hasDuplicates);
    EXPECT_FALSE(json.value->edited);
    EXPECT_EQ(json.value->source, json.text);
    EXPECT_TRUE(json.value->root.text.starts_with('{') && json.value->root.text.ends_with('}'));
}

TEST(JsonIndexer, TakesAnyValueNotOnlyObjects)
{
    const std::vector<std::pair<std::string, JsonType>> values{
        {"0", JsonType::Int},           {" -12 ", JsonType::Int},   {"1.50", JsonType::Double},
        {"1e2", JsonType::Double},      {"\"\"", JsonType::String}, {"\"\\\"\"", JsonType::String},
        {"null", JsonType::Null},       {"true", JsonType::True},   {"false", JsonType::False},
        {"[[],{}]", JsonType::Array},   {"{}", JsonType::Object},   {"-0", JsonType::Int},
        {"[ 1 , 2 ]", JsonType::Array}, {"1E+2", JsonType::Double}, {"-0.0e-0", JsonType::Double}};
    for (const auto& [text, type] : values) {
        const Indexed json(text);
        ASSERT_NE(json.value, nullptr) << text << ": " << json.error.reason;
        EXPECT_EQ(json.value->root.type, type) << text;
        EXPECT_TRUE(json.value->members.empty());
    }
}

TEST(JsonIndexer, KeepsTheTextOfNumbers)
{
    const Indexed json(
        R"({"a":9007199254740993,"b":1.0,"c":1e2,"d":0.10,"e":123456789012345678901234567890})");

    ASSERT_NE(json.value, nullptr);
    EXPECT_EQ(json.valueOf("a"), "9007199254740993");
    EXPECT_EQ(json.valueOf("b"), "1.0");
    EXPECT_EQ(json.valueOf("c"), "1e2");
    EXPECT_EQ(json.valueOf("d"), "0.10");
    EXPECT_EQ(json.valueOf("e"), "123456789012345678901234567890");
}

TEST(JsonIndexer, SaysWhatIsWrongAndWhere)
{
    struct Case {
        std::string text;
        std::size_t offset;
        std::string reason;
    };
    const std::vector<Case> cases{
        {"", 0, "unexpected end"},
        {"   ", 3, "unexpected end"},
        {"{", 1, "unexpected end"},
        {R"({"a")", 4, "unexpected end"},
        {R"({"a":)", 5, "unexpected end"},
        {R"({"a":1)", 6, "unexpected end"},
        {R"({"a":1,)", 7, "unexpected end"},
        {R"({"a":1,})", 7, "unexpected '}'"},
        {R"({,"a":1})", 1, "unexpected ','"},
        {R"({"a":1,,"b":2})", 7, "unexpected ','"},
        {R"({"a" 1})", 5, "unexpected '1'"},
        {R"({"a":1 "b":2})", 7, "unexpected '\"'"},
        {"{a:1}", 1, "unexpected 'a'"},
        {"{'a':1}", 1, "unexpected '''"},
        {"{1:1}", 1, "unexpected '1'"},
        {"[1,]", 3, "unexpected ']'"},
        {"[,1]", 1, "unexpected ','"},
        {"[1 2]", 3, "unexpected '2'"},
        {"[1}", 2, "unexpected '}'"},
        {R"({"a":1])", 6, "unexpected ']'"},
        {R"([{"a":1,}])", 8, "unexpected '}'"},
        {R"([{"a"}])", 5, "unexpected '}'"},
        {"[", 1, "unexpected end"},
        {"[1", 2, "unexpected end"},
        {"[1,", 3, "unexpected end"},
        {R"([{"a":)", 6, "unexpected end"},
        {"NaN", 0, "unexpected 'N'"},
        {R"({"a":NaN})", 5, "unexpected 'N'"},
        {R"({"a":Infinity})", 5, "unexpected 'I'"},
        {R"({"a":-Infinity})", 5, "minus without a number"},
        {"nul", 0, "unexpected 'n'"},
        {"True", 0, "unexpected 'T'"},
        {"[tru]", 1, "unexpected 't'"},
        {"+1", 0, "unexpected '+'"},
        {"-", 0, "minus without a number"},
        {"[-]", 1, "minus without a number"},
        {"01", 0, "number with a leading zero"},
        {"-01", 0, "number with a leading zero"},
        {"[1.]", 1, "number without digits behind its point"},
        {"1.", 0, "number without digits behind its point"},
        {".5", 0, "unexpected '.'"},
        {"1e", 0, "number without digits in its exponent"},
        {"[1e+]", 1, "number without digits in its exponent"},
        {"0x10", 1, "more text after the value"},
        {"1_000", 1, "more text after the value"},
        {"{} {}", 3, "more text after the value"},
        {"{}x", 2, "more text after the value"},
        {"1 2", 2, "more text after the value"},
        {"// c\n1", 0, "unexpected '/'"},
        {"{}/**/", 2, "more text after the value"},
        {"\"a", 2, "string without an end"},
        {"\"a\\", 3, "string without an end"},
        {R"({"a)", 3, "string without an end"},
        {"\"\\u12", 1, "\\u without four hex digits"},
        {"\xEF\xBB\xBF{}", 0, "unexpected byte order mark"},
        {"\xC3\xA9", 0, "unexpected character outside of a string"},
        {std::string("[\0]", 3), 1, "unexpected control character"},
        {std::string("1\0", 2), 1, "more text after the value"},
        {"\x7F", 0, "unexpected control character"},
        {"\f1", 0, "unexpected control character"},
        {"[1\v]", 2, "unexpected control character"},
        {"{\"a\":1}\xC2\xA0", 7, "more text after the value"},
    };
    for (const Case& wrong : cases) {
        const Indexed json(wrong.text);
        ASSERT_EQ(json.value, nullptr) << wrong.text;
        EXPECT_EQ(json.error.code, JsonError::Code::BadJson) << wrong.text;
        EXPECT_EQ(json.error.reason, wrong.reason) << wrong.text;
        EXPECT_EQ(json.error.offset, wrong.offset) << wrong.text;
    }
}

TEST(JsonIndexer, RefusesControlCharactersInStrings)
{
    for (char c = 0; c < ' '; ++c) {
        expectRefusedAnywhere(std::string(1, c), "control character in a string");
    }
    expectTakenAnywhere("\x7F");
}

TEST(JsonIndexer, RefusesInvalidUtf8)
{
    for (const char* const bad : {"\x80",
                                  "\xBF",
                                  "\xC3",
                                  "\xC0\x80",
                                  "\xC1\xBF",
                                  "\xE0\x80\x80",
                                  "\xE0\x9F\xBF",
                                  "\xE2\x82",
                                  "\xE2",
                                  "\xED\xA0\x80",
                                  "\xED\xBF\xBF",
                                  "\xF0\x80\x80\x80",
                                  "\xF0\x8F\xBF\xBF",
                                  "\xF0\x9F\x98",
                                  "\xF0\x9F",
                                  "\xF0",
                                  "\xF4\x90\x80\x80",
                                  "\xF5\x80\x80\x80",
                                  "\xF8\x88\x80\x80\x80",
                                  "\xFE",
                                  "\xFF",
                                  "\xC3\xC3\xA9",
                                  "\xE2\xC3\xA9"}) {
        expectRefusedAnywhere(bad, "invalid UTF-8");
    }
}

TEST(JsonIndexer, TakesEveryLengthOfUtf8)
{
    for (const char* const good :
         {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
          "\xEF\xBB\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "Вопрос и ещё один вопрос",
          "😀😁😂🤣😃", "日本語テキスト", "aéб日😀"}) {
        expectTakenAnywhere(good);
    }
}

TEST(JsonIndexer, RefusesLoneSurrogatesAndUnknownEscapes)
{
    for (const char* const lone : {R"(\ud800)", R"(\uDBFF)", R"(\udc00)", R"(\uDFFF)", R"(\ud800\ud800)",
                                   R"(\ud83d\u0041)", R"(\ud83d\n)", R"(\ud83dx)", R"(\ud83d\uZZZZ)"}) {
        expectRefusedAnywhere(lone, "lone surrogate escape");
    }
    for (const char* const unknown : {R"(\x)", R"(\')", R"(\0)", R"(\U0041)", "\\\n", "\\\xC3\xA9"}) {
        expectRefusedAnywhere(unknown, "unknown escape in a string");
    }
    for (const char* const digits : {R"(\u)", R"(\u12)", R"(\u12G4)", R"(\u 123)", R"(\u+123)"}) {
        expectRefusedAnywhere(digits + std::string("~~~~"), "\\u without four hex digits");
    }
    for (const char* const good : {R"(\ud83d\ude80)", R"(\u0000)", R"(\"\\\/\b\f\n\r\t)",
                                   R"(\uD834\uDD1E\u00e9)", R"(\ufffe\uFFFF)", R"(\\u12)"}) {
        expectTakenAnywhere(good);
    }
}

TEST(JsonIndexer, TakesADepthOf128AndNoMore)
{
    EXPECT_NE(Indexed(nested(128)).value, nullptr);
    EXPECT_NE(Indexed("{\"a\":" + nested(127) + "}").value, nullptr);
    for (const std::string& text :
         {nested(129), "{\"a\":" + nested(128) + "}", nested(10'000), std::string(100'000, '[')}) {
        const Indexed json(text);
        EXPECT_EQ(json.value, nullptr);
        EXPECT_EQ(json.error.code, JsonError::Code::TooDeep);
        EXPECT_EQ(std::string_view(json.error.reason), "nested too deeply");
    }
}

TEST(JsonIndexer, CountsOpenContainersNotAllOfThem)
{
    std::string list = "[";
    for (int i = 0; i < 1000; ++i) {
        list += R"([],{},{"a":[{}]},)";
    }
    list += "1]";
    EXPECT_NE(Indexed(list).value, nullptr);
}

TEST(JsonIndexer, GivesADuplicateItsLastValueAtTheFirstPlace)
{
    const Indexed json(R"({"a":1,"b":2,"a":3,"c":4,"b":{"x":1},"a":"last"})");

    ASSERT_NE(json.value, nullptr);
    ASSERT_EQ(json.value->members.size(), 3U);
    EXPECT_TRUE(json.value->hasDuplicates);
    EXPECT_EQ(json.value->members[0].key, "a");
    EXPECT_EQ(json.value->members[0].value.text, "\"last\"");
    EXPECT_EQ(json.value->members[1].key, "b");
    EXPECT_EQ(json.value->members[1].value.text, R"({"x":1})");
    EXPECT_EQ(json.value->members[2].key, "c");
}

TEST(JsonIndexer, ComparesKeysAfterUnescaping)
{
    const Indexed json(
        R"({"a":1,"\u0061":2,"\ud83d\ude80":3,"🚀":4,"a\/b":5,"a/b":6,"\u00e9":7,"é":8,"e":9})");

    ASSERT_NE(json.value, nullptr);
    ASSERT_EQ(json.value->members.size(), 5U);
    EXPECT_TRUE(json.value->hasDuplicates);
    EXPECT_EQ(json.valueOf("a"), "2");
    EXPECT_EQ(json.valueOf("🚀"), "4");
    EXPECT_EQ(json.valueOf("a/b"), "6");
    EXPECT_EQ(json.valueOf("é"), "8");
    EXPECT_EQ(json.valueOf("e"), "9");
}

TEST(JsonIndexer, IsNotMisledByTheShapeOfEarlierRecords)
{
    JsonIndexer indexer;
    Arena arena;
    JsonError error;
    struct Case {
        std::string_view text;
        std::string_view a; ///< expected value of "a"
        std::size_t members;
        bool duplicates;
    };
    const std::vector<Case> cases{{R"({"a":1,"b":2,"c":3})", "1", 3, false},
                                  {R"({"a":4,"b":5,"c":6})", "4", 3, false},
                                  {R"({"a":1,"b":2,"a":3})", "3", 2, true},
                                  {R"({"b":1,"a":2,"c":3})", "2", 3, false},
                                  {R"({"a":1,"c":2})", "1", 2, false},
                                  {R"({"a":1,"c":2,"b":3})", "1", 3, false},
                                  {R"({"c":1,"a":2,"c":3})", "2", 2, true},
                                  {R"({"a":1,"a":2})", "2", 1, true},
                                  {R"({"\u0061":1,"b":2,"a":3})", "3", 2, true},
                                  {R"({"ab":1,"a":2})", "2", 2, false},
                                  {R"({"ab":1,"a":2,"ab":3,"b":0})", "2", 3, true},
                                  {R"({"a":1,"b":2,"c":3,"d":4,"d":5})", "1", 4, true},
                                  {R"({"d":1,"a":2,"a":3})", "3", 2, true},
                                  {R"({"a":7})", "7", 1, false},
                                  {R"({"a":7,"":1,"":2})", "7", 2, true},
                                  {R"({"":7,"a":1})", "1", 2, false}};
    for (int round = 0; round < 3; ++round) {
        for (const Case& sample : cases) {
            const JsonValue* const value = indexer.index(sample.text, arena, error);
            ASSERT_NE(value, nullptr) << sample.text;
            EXPECT_EQ(value->members.size(), sample.members) << sample.text;
            EXPECT_EQ(value->hasDuplicates, sample.duplicates) << sample.text;
            EXPECT_EQ(findMember(*value, "a")->value.text, sample.a) << sample.text;
        }
    }
}

TEST(JsonIndexer, FindsTheSameMembersWhateverItReadBefore)
{
    std::mt19937 random(42);
    const std::vector<std::string> keys{"a", "b", "c", "d", "e", "\\u0061", "a_key_longer_than_a_block"};
    JsonIndexer indexer;
    for (int round = 0; round < 20'000; ++round) {
        std::string text = "{";
        const std::size_t first = random() % 3; // mostly in one order, so that shapes are met again
        for (std::size_t i = 0, count = random() % 6; i < count; ++i) {
            const std::size_t key = random() % 8 == 0 ? random() % keys.size() : (first + i) % keys.size();
            text += (i == 0 ? "\"" : ",\"") + keys[key] + "\":" + std::to_string(i);
        }
        const Indexed fresh(text + "}");
        Arena arena;
        JsonError error;
        const JsonValue* const value = indexer.index(fresh.text, arena, error);
        ASSERT_TRUE(value != nullptr && fresh.value != nullptr) << fresh.text;
        ASSERT_EQ(value->hasDuplicates, fresh.value->hasDuplicates) << fresh.text;
        ASSERT_EQ(value->members.size(), fresh.value->members.size()) << fresh.text;
        for (std::size_t i = 0; i < value->members.size(); ++i) {
            ASSERT_EQ(value->members[i].key, fresh.value->members[i].key) << fresh.text;
            ASSERT_EQ(value->members[i].value.text, fresh.value->members[i].value.text) << fresh.text;
        }
    }
}

TEST(JsonIndexer, StaysUsableAfterARefusedRecord)
{
    JsonIndexer indexer;
    Arena arena;
    JsonError error;
    for (const std::string_view good : {R"({"a":1,"b":2})", R"({"a":1,"b":2,"c":[1]})"}) {
        EXPECT_NE(indexer.index(good, arena, error), nullptr);
        for (std::size_t length = 0; length < good.size(); ++length) {
            EXPECT_EQ(indexer.index(good.substr(0, length), arena, error), nullptr) << good.substr(0, length);
        }
        EXPECT_NE(indexer.index(good, arena, error), nullptr);
    }
}

TEST(JsonIndexer, FindsDuplicatesAmongThousandsOfMembers)
{
    std::string text = "{";
    constexpr int kMembers = 20'000;
    for (int i = 0; i < kMembers; ++i) {
        text += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    }
    text += "\"key17\":\"last\"}";
    const Indexed json(text);

    ASSERT_NE(json.value, nullptr);
    EXPECT_EQ(json.value->members.size(), static_cast<std::size_t>(kMembers));
    EXPECT_TRUE(json.value->hasDuplicates);
    EXPECT_EQ(json.valueOf("key17"), "\"last\"");
    EXPECT_EQ(json.value->members[17].key, "key17");
    EXPECT_EQ(json.valueOf("key19999"), "19999");
}

TEST(JsonIndexer, TakesTenMegabytesInOneString)
{
    std::string text = R"({"blob":")";
    while (text.size() < 10'000'000) {
        text += "Вопрос 😀 abcdefghijklmnop \\u0416 ";
    }
    text += R"(","after":1})";
    const Indexed json(text);

    ASSERT_NE(json.value, nullptr) << json.error.reason;
    EXPECT_EQ(json.valueOf("after"), "1");

    std::string broken = json.text;
    broken[broken.size() - 20] = '\xFF';
    EXPECT_EQ(Indexed(broken).value, nullptr);
}

TEST(JsonIndexer, TakesTenMegabytesInManySmallValues)
{
    std::string text = R"({"list":[)";
    while (text.size() < 10'000'000) {
        text += R"({"id":12,"tags":["a","б"],"x":-1.5e3},)";
    }
    text += R"(null],"after":1})";
    const Indexed json(text);

    ASSERT_NE(json.value, nullptr) << json.error.reason;
    EXPECT_EQ(json.valueOf("after"), "1");
}

} // namespace
} // namespace streamwright
