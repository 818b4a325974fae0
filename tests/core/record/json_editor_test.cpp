#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace streamwright {
namespace {

using Edits = std::function<void(JsonEditor&, Arena&)>;

/// The text of `json` after `edits`.
[[nodiscard]] std::string edited(std::string_view json, const Edits& edits)
{
    Arena arena;
    JsonError error;
    const JsonValue* const value = JsonIndexer().index(json, arena, error);
    EXPECT_NE(value, nullptr) << json << ": " << error.reason;
    JsonEditor editor(*value, arena);
    edits(editor, arena);
    const JsonValue* const result = editor.finish();
    std::string out;
    appendJson(out, *result);
    EXPECT_NE(JsonIndexer().index(out, arena, error), nullptr) << out << ": " << error.reason;
    EXPECT_EQ(out.substr(out.find('{'), out.rfind('}') + 1 - out.find('{')), wholeNode(*result, arena).text);
    return out;
}

[[nodiscard]] JsonPath at(std::string_view path)
{
    return JsonPath::parse(path).value();
}

[[nodiscard]] std::string withSet(std::string_view json, std::string_view path, std::string_view value)
{
    return edited(json, [&](JsonEditor& editor, Arena&) {
        EXPECT_TRUE(editor.set(at(path), jsonNodeOf(value))) << path;
    });
}

[[nodiscard]] std::string without(std::string_view json, std::string_view path)
{
    return edited(json, [&](JsonEditor& editor, Arena&) { EXPECT_TRUE(editor.remove(at(path))) << path; });
}

TEST(JsonEditor, SetsAFieldInItsPlace)
{
    EXPECT_EQ(withSet(R"({"a":1,"b":2,"c":3})", "b", "\"x\""), R"({"a":1,"b":"x","c":3})");
    EXPECT_EQ(withSet(R"({ "a" : 1 , "b" : 2 })", "a", "[]"), R"({ "a" : [] , "b" : 2 })");
    EXPECT_EQ(withSet("\n{\"a\":1}\n", "a", "2"), "\n{\"a\":2}\n");
    EXPECT_EQ(withSet(R"({"\u0061":1})", "a", "2"), R"({"\u0061":2})");
}

TEST(JsonEditor, AppendsANewFieldLastInTheStyleOfTheSource)
{
    EXPECT_EQ(withSet(R"({"a":1,"b":2})", "c", "3"), R"({"a":1,"b":2,"c":3})");
    EXPECT_EQ(withSet(R"({"a": 1, "b": 2})", "c", "3"), R"({"a": 1, "b": 2, "c": 3})");
    EXPECT_EQ(withSet(R"({"a": 1})", "c", "3"), R"({"a": 1, "c": 3})");
    EXPECT_EQ(withSet(R"({"a":1})", "c", "3"), R"({"a":1,"c":3})");
    EXPECT_EQ(withSet("{}", "c", "3"), R"({"c":3})");
    EXPECT_EQ(withSet(" { } ", "c", "3"), R"( {"c":3} )");
    EXPECT_EQ(withSet("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "c", "3"),
              "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n");
    EXPECT_EQ(withSet(R"({"a":1})", R"(["q\"\n"])", "3"), R"({"a":1,"q\"\n":3})");
}

TEST(JsonEditor, RemovesFieldsWithTheirSeparator)
{
    constexpr std::string_view kJson = R"({"a": 1, "b": 2, "c": 3})";
    EXPECT_EQ(without(kJson, "a"), R"({"b": 2, "c": 3})");
    EXPECT_EQ(without(kJson, "b"), R"({"a": 1, "c": 3})");
    EXPECT_EQ(without(kJson, "c"), R"({"a": 1, "b": 2})");
    EXPECT_EQ(without(R"({ "a" : 1 })", "a"), "{}");
    EXPECT_EQ(without("{\n  \"a\": 1,\n  \"b\": 2\n}", "a"), "{\n  \"b\": 2\n}");
    EXPECT_EQ(without("{\n  \"a\": 1,\n  \"b\": 2\n}", "b"), "{\n  \"a\": 1\n}");
}

TEST(JsonEditor, AddsOneAndDropsTwo)
{
    const std::string out =
        edited(R"({"id": 7, "name": "Zo\u00eb", "content": "dock 3", "x": 1.0, "y": 1e2})",
               [](JsonEditor& editor, Arena& arena) {
                   EXPECT_TRUE(editor.remove(at("content")));
                   EXPECT_TRUE(editor.remove(at("y")));
                   EXPECT_TRUE(editor.set(at("app_number"), makeJsonInt(12, arena)));
               });
    EXPECT_EQ(out, R"({"id": 7, "name": "Zo\u00eb", "x": 1.0, "app_number": 12})");
}

TEST(JsonEditor, LeavesTheOriginalAsItWas)
{
    Arena arena;
    JsonError error;
    const JsonValue* const original = JsonIndexer().index(R"({"a":1,"b":2})", arena, error);
    JsonEditor first(*original, arena);
    EXPECT_TRUE(first.set(at("a"), jsonNodeOf("5")));
    EXPECT_TRUE(first.remove(at("b")));
    const JsonValue* const changed = first.finish();
    JsonEditor second(*changed, arena);
    EXPECT_TRUE(second.set(at("c"), jsonNodeOf("6")));
    const JsonValue* const changedAgain = second.finish();

    const auto text = [](const JsonValue& value) {
        std::string out;
        appendJson(out, value);
        return out;
    };
    EXPECT_EQ(text(*original), R"({"a":1,"b":2})");
    EXPECT_EQ(text(*changed), R"({"a":5})");
    EXPECT_EQ(text(*changedAgain), R"({"a":5,"c":6})");
    EXPECT_EQ(findMember(*changedAgain, "a")->value.text, "5");
    EXPECT_EQ(findMember(*changedAgain, "b"), nullptr);
}

TEST(JsonEditor, MayGoOnAfterFinish)
{
    Arena arena;
    JsonError error;
    const JsonValue* const original = JsonIndexer().index(R"({"a":1,"b":2})", arena, error);
    JsonEditor editor(*original, arena);
    EXPECT_TRUE(editor.set(at("a"), jsonNodeOf("5")));
    const JsonValue* const first = editor.finish();
    EXPECT_TRUE(editor.set(at("a"), jsonNodeOf("6")));
    EXPECT_EQ(findMember(*first, "a")->value.text, "5");
    EXPECT_EQ(findMember(*editor.finish(), "a")->value.text, "6");
}

TEST(JsonEditor, GivesTheOriginalWhereNothingChanged)
{
    Arena arena;
    JsonError error;
    const JsonValue* const original = JsonIndexer().index(R"({"a":1})", arena, error);
    JsonEditor editor(*original, arena);
    EXPECT_FALSE(editor.remove(at("x")));
    EXPECT_FALSE(editor.remove(at("a.b")));
    EXPECT_FALSE(editor.set(at("a.b"), jsonNodeOf("1")));
    EXPECT_EQ(editor.finish(), original);
}

TEST(JsonEditor, GoesIntoNestedObjectsAndLeavesTheRestOfThem)
{
    constexpr std::string_view kJson = R"({"a": {"b" : [ 1, {"c": 1.0, "d": 1e2} ] , "e":null}, "f": 1})";
    EXPECT_EQ(withSet(kJson, "a.b[1].c", "7"),
              R"({"a": {"b" : [ 1, {"c": 7, "d": 1e2} ] , "e":null}, "f": 1})");
    EXPECT_EQ(withSet(kJson, "a.b[0]", "7"),
              R"({"a": {"b" : [ 7, {"c": 1.0, "d": 1e2} ] , "e":null}, "f": 1})");
    EXPECT_EQ(withSet(kJson, "a.b[1].x", "7"),
              R"({"a": {"b" : [ 1, {"c": 1.0, "d": 1e2, "x": 7} ] , "e":null}, "f": 1})");
    EXPECT_EQ(withSet(kJson, "a.x.y", "7"),
              R"({"a": {"b" : [ 1, {"c": 1.0, "d": 1e2} ] , "e":null , "x":{"y":7}}, "f": 1})");
    EXPECT_EQ(without(kJson, "a.b[1].c"), R"({"a": {"b" : [ 1, {"d": 1e2} ] , "e":null}, "f": 1})");
    EXPECT_EQ(without(kJson, "a.b"), R"({"a": {"e":null}, "f": 1})");
    EXPECT_EQ(without(kJson, "a.b[0]"), R"({"a": {"b" : [ {"c": 1.0, "d": 1e2} ] , "e":null}, "f": 1})");
    EXPECT_EQ(without(kJson, "a.b[1]"), R"({"a": {"b" : [ 1 ] , "e":null}, "f": 1})");
    EXPECT_EQ(without(R"({"a":[1]})", "a[0]"), R"({"a":[]})");
    EXPECT_EQ(withSet(R"({"a":1})", "x.y.z", "true"), R"({"a":1,"x":{"y":{"z":true}}})");
}

TEST(JsonEditor, RefusesPathsThroughScalars)
{
    (void)edited(R"({"a":1,"n":null,"l":[1,2],"o":{}})", [](JsonEditor& editor, Arena&) {
        for (const char* const path :
             {"a.b", "n.x", "l[2]", "l.x", "o[0]", "a[0]", "x[0]", "x.y[0]", "l[0].x", "[0]"}) {
            EXPECT_FALSE(editor.set(at(path), jsonNodeOf("1"))) << path;
            EXPECT_FALSE(editor.remove(at(path))) << path;
        }
    });
}

TEST(JsonEditor, WritesEachDuplicateOnceInObjectsItChanges)
{
    constexpr std::string_view kJson =
        R"({"a": 1, "b": {"x":1,"x":2}, "a": 3, "c": {"y":1,"y":2}, "\u0062": {"x":4,"x":5}})";
    EXPECT_EQ(withSet(kJson, "n", "0"), R"({"a": 3, "b": {"x":4,"x":5}, "c": {"y":1,"y":2}, "n": 0})");
    EXPECT_EQ(withSet(kJson, "c.z", "0"), R"({"a": 3, "b": {"x":4,"x":5}, "c": {"y":2,"z":0}})");
    EXPECT_EQ(without(kJson, "a"), R"({"b": {"x":4,"x":5}, "c": {"y":1,"y":2}})");
    EXPECT_EQ(withSet(kJson, "a", "0"), R"({"a": 0, "b": {"x":4,"x":5}, "c": {"y":1,"y":2}})");
    EXPECT_EQ(edited(kJson, [](JsonEditor&, Arena&) {}), kJson);
}

TEST(JsonEditor, BuildsAProjection)
{
    const std::string out = edited(R"({"a": 1, "b": {"c": "x"}, "d": 3})", [](JsonEditor& editor, Arena&) {
        editor.clear();
        editor.append("d", false, jsonNodeOf("3"));
        editor.append("new\\n", true, jsonNodeOf("\"x\""));
    });
    EXPECT_EQ(out, R"({"d": 3, "new\n": "x"})");
    EXPECT_EQ(edited(R"({"a": 1})", [](JsonEditor& editor, Arena&) { editor.clear(); }), "{}");
}

TEST(JsonEditor, FindsWhatItAppended)
{
    const std::string out = edited("{}", [](JsonEditor& editor, Arena&) {
        EXPECT_TRUE(editor.set(at("a.b"), jsonNodeOf("1")));
        EXPECT_TRUE(editor.set(at("a.c"), jsonNodeOf("2")));
        EXPECT_TRUE(editor.set(at("d"), jsonNodeOf("3")));
        EXPECT_TRUE(editor.remove(at("a.b")));
        EXPECT_TRUE(editor.set(at("d"), jsonNodeOf("4")));
    });
    EXPECT_EQ(out, R"({"a":{"c":2},"d":4})");
}

} // namespace
} // namespace streamwright
