#include "core/preview/pipeline_test.h"

#include "core/base/base64.h"
#include "core/base/diagnostic.h"
#include "core/base/utf8.h"
#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/preview/json_difference.h"
#include "core/record/json_value.h"
#include "core/topology/compile.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace streamwright {
namespace {

/// Records that a source without an end would give a test.
constexpr std::size_t kMaxSourceRecords = 100'000;

// ---- reading

Error badTest(const std::string& where, const std::string& what)
{
    return {Errc::ParseError, where + ": " + what};
}

/// Refuses keys that nobody would look at.
Result<void> checkKeys(const Json& object, const std::vector<std::string>& known, const std::string& where)
{
    if (!object.is_object()) {
        return badTest(where, "it must be an object.");
    }
    for (const auto& [key, value] : object.items()) {
        if (key.rfind("x-", 0) == 0 || std::find(known.begin(), known.end(), key) != known.end()) {
            continue;
        }
        const std::string near = nearest(key, known);
        return badTest(where, "key " + quoted(key) + " is not known." +
                                  (near.empty() ? std::string() : " Did you mean " + quoted(near) + "?"));
    }
    return {};
}

/// The member as it stands in the text, so that a number keeps its form.
std::optional<std::string> textOf(const JsonNode& object, std::string_view name)
{
    const auto found = findIn(object, name);
    return found ? std::optional<std::string>(found->text) : std::nullopt;
}

Result<std::optional<std::string>> bytesOf(const Json& object, const JsonNode& node, const std::string& where)
{
    if (object.contains("raw")) {
        if (!object["raw"].is_string()) {
            return badTest(where, "\"raw\" must be a text.");
        }
        return std::optional<std::string>(object["raw"].get<std::string>());
    }
    if (object.contains("raw_base64")) {
        auto bytes = object["raw_base64"].is_string() ? decodeBase64(object["raw_base64"].get<std::string>())
                                                      : std::nullopt;
        if (!bytes) {
            return badTest(where, "\"raw_base64\" must be base64.");
        }
        return bytes;
    }
    if (!object.contains("value") || object["value"].is_null()) {
        return std::optional<std::string>();
    }
    return textOf(node, "value");
}

Result<std::int64_t> wholeNumber(const Json& value, const std::string& where)
{
    if (!value.is_number_integer()) {
        return badTest(where, "it must be a whole number.");
    }
    return value.get<std::int64_t>();
}

Result<InputRecord> readInput(const JsonNode& node, const std::string& where)
{
    const Json object = Json::parse(node.text);
    if (const auto known = checkKeys(object,
                                     {"topic", "node", "partition", "offset", "timestamp", "key", "value",
                                      "raw", "raw_base64", "headers", "advance_ms"},
                                     where);
        !known) {
        return known.error();
    }
    InputRecord record;
    record.topic = object.value("topic", "");
    record.node = object.value("node", "");
    if (record.topic.empty() && record.node.empty()) {
        return badTest(where, "name the \"topic\" or the \"node\" that the record comes from.");
    }
    for (const char* const key : {"partition", "offset", "timestamp", "advance_ms"}) {
        if (!object.contains(key)) {
            continue;
        }
        const auto number = wholeNumber(object[key], where + '.' + key);
        if (!number) {
            return number.error();
        }
        const std::string_view name = key;
        if (name == "partition") {
            record.partition = static_cast<std::int32_t>(*number);
        } else if (name == "offset") {
            record.offset = *number;
        } else if (name == "timestamp") {
            record.timestampMs = *number;
        } else {
            record.advanceMs = *number;
        }
    }
    if (object.contains("key") && !object["key"].is_null()) {
        record.key = object["key"].is_string() ? object["key"].get<std::string>() : *textOf(node, "key");
    }
    auto value = bytesOf(object, node, where);
    if (!value) {
        return value.error();
    }
    record.value = std::move(*value);
    for (const Json& header : object.value("headers", Json::array())) {
        if (!header.is_array() || header.size() != 2 || !header[0].is_string()) {
            return badTest(where + ".headers", "a header is a pair [\"name\", \"text\"].");
        }
        record.headers.emplace_back(header[0].get<std::string>(),
                                    header[1].is_string() ? std::optional(header[1].get<std::string>())
                                                          : std::nullopt);
    }
    return record;
}

Result<ExpectedRecord> readExpected(const Json& object, const std::string& where)
{
    if (const auto known = checkKeys(object,
                                     {"topic", "node", "partition", "offset", "timestamp", "key", "value",
                                      "raw", "raw_base64", "headers"},
                                     where);
        !known) {
        return known.error();
    }
    ExpectedRecord record;
    record.isNode = object.contains("node");
    record.where = object.value(record.isNode ? "node" : "topic", "");
    if (record.where.empty()) {
        return badTest(where, "name the \"topic\" or the \"node\" that the record goes to.");
    }
    record.fields = object;
    record.fields.erase("node");
    record.fields.erase("topic");
    return record;
}

Result<void> readExpect(const Json& expect, const std::string& where, PipelineTestCase& test)
{
    if (const auto known = checkKeys(expect, {"output", "dead_letters", "metrics"}, where); !known) {
        return known;
    }
    if (expect.contains("output")) {
        test.output.emplace();
        for (std::size_t i = 0; i < expect["output"].size(); ++i) {
            auto record = readExpected(expect["output"][i], where + ".output[" + std::to_string(i) + ']');
            if (!record) {
                return record.error();
            }
            test.output->push_back(std::move(*record));
        }
    }
    if (expect.contains("dead_letters")) {
        test.deadLetters.emplace();
        for (const Json& letter : expect["dead_letters"]) {
            const std::string place =
                where + ".dead_letters[" + std::to_string(test.deadLetters->size()) + ']';
            if (const auto known = checkKeys(letter,
                                             {"node", "stage", "code", "message", "detail", "field", "from",
                                              "to", "topic", "partition", "offset", "timestamp", "key",
                                              "value", "raw", "raw_base64", "headers"},
                                             place);
                !known) {
                return known;
            }
            test.deadLetters->push_back(letter);
        }
    }
    const Json metrics = expect.value("metrics", Json::object());
    for (const auto& [node, counts] : metrics.items()) {
        const std::string place = where + ".metrics." + node;
        if (const auto known = checkKeys(counts, {"in", "out", "dropped", "errors"}, place); !known) {
            return known;
        }
        for (const auto& [name, count] : counts.items()) {
            const auto number = wholeNumber(count, place + '.' + name);
            if (!number) {
                return number.error();
            }
            test.metrics[node][name] = static_cast<std::uint64_t>(*number);
        }
    }
    return {};
}

Result<PipelineTestCase> readCase(const JsonNode& node, const std::string& where)
{
    const Json object = Json::parse(node.text);
    if (const auto known = checkKeys(object, {"name", "input", "expect"}, where); !known) {
        return known.error();
    }
    PipelineTestCase test;
    test.name = object.value("name", "");
    if (const auto input = findIn(node, "input")) {
        for (JsonCursor records(*input); records.next();) {
            auto record =
                readInput(records.value(), where + ".input[" + std::to_string(test.input.size()) + ']');
            if (!record) {
                return record.error();
            }
            test.input.push_back(std::move(*record));
        }
    }
    if (!object.contains("expect")) {
        return badTest(where, "it expects nothing. Add \"expect\".");
    }
    if (const auto read = readExpect(object["expect"], where + ".expect", test); !read) {
        return read.error();
    }
    return test;
}

std::string diagnosticsText(const Diagnostics& diagnostics, std::string_view file)
{
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            text += (text.empty() ? "" : "\n") + format(diagnostic, file);
        }
    }
    return text;
}

Result<Pipeline> readPipeline(const JsonNode& node, const std::filesystem::path& folder,
                              std::filesystem::path& home)
{
    LoadedDocument document;
    std::string name = "pipeline";
    if (node.type == JsonType::String) {
        Arena arena;
        const std::filesystem::path file = folder / std::string(decodeString(node, arena));
        name = file.string();
        home = file.parent_path();
        auto loaded = loadDocument(file);
        if (!loaded) {
            return loaded.error();
        }
        document = std::move(*loaded);
    } else {
        document = parseDocument(node.text);
    }
    if (hasErrors(document.diagnostics)) {
        return Error{Errc::DocumentInvalid, diagnosticsText(document.diagnostics, name)};
    }
    return std::move(document.pipeline);
}

// ---- comparing

/// The value as JSON where it is that, else as text.
Json jsonOf(const std::optional<std::string>& value)
{
    if (!value) {
        return nullptr;
    }
    Json parsed = Json::parse(*value, nullptr, false);
    if (!parsed.is_discarded()) {
        return parsed;
    }
    return isValidUtf8(*value) ? Json(*value) : Json("(not UTF-8)");
}

Json rawBase64(const std::optional<std::string>& bytes)
{
    std::string text;
    appendBase64(text, bytes.value_or(""));
    return text;
}

Json textOrNull(const std::optional<std::string>& text)
{
    return text ? Json(*text) : Json();
}

/// A captured record by the keys of test files.
Json describe(const CapturedRecord& record)
{
    Json headers = Json::array();
    for (const auto& [name, value] : record.headers) {
        headers.push_back(Json::array({name, textOrNull(value)}));
    }
    Json described{{"topic", record.topic},           {"partition", record.partition},
                   {"offset", record.offset},         {"timestamp", record.timestampMs},
                   {"key", textOrNull(record.key)},   {"value", jsonOf(record.value)},
                   {"raw", textOrNull(record.value)}, {"raw_base64", rawBase64(record.value)},
                   {"headers", std::move(headers)}};
    if (record.failed) {
        described["node"] = record.error.node;
        described["stage"] = record.error.stage;
        described["code"] = record.error.code;
        described["message"] = record.error.message;
        described["detail"] = record.error.detail;
        described["field"] = record.error.field;
        described["from"] = record.error.from;
        described["to"] = record.error.to;
    }
    return described;
}

std::string brief(const CapturedRecord& record)
{
    std::string text = record.value.value_or("null");
    constexpr std::size_t kBriefBytes = 160;
    if (!isValidUtf8(text)) {
        text = "(not UTF-8)";
    }
    if (text.size() > kBriefBytes) {
        text = std::string(cutUtf8(text, kBriefBytes)) + "…";
    }
    if (record.failed) {
        text += " (" + record.error.code + " in node " + quoted(record.error.node) + ": " +
                record.error.message + ')';
    }
    return text;
}

/// Compares two lists position by position.
void compareLists(const std::string& what, const std::vector<const Json*>& expected,
                  const CapturedRecords& actual, std::vector<std::string>& differences)
{
    for (std::size_t i = 0; i < expected.size() && i < actual.size(); ++i) {
        const Json described = describe(actual[i]);
        for (const auto& [key, value] : expected[i]->items()) {
            if (key.rfind("x-", 0) != 0) {
                appendDifferences(what + '[' + std::to_string(i) + "] " + key, value,
                                  described.value(key, Json()), differences);
            }
        }
    }
    for (std::size_t i = actual.size(); i < expected.size(); ++i) {
        differences.push_back(what + '[' + std::to_string(i) + "] is missing: expected " +
                              expected[i]->dump());
    }
    for (std::size_t i = expected.size(); i < actual.size(); ++i) {
        differences.push_back(what + '[' + std::to_string(i) + "] was not expected: " + brief(actual[i]));
    }
}

/// Records that went to a topic, to a sink, or out of a port.
CapturedRecords recordsAt(const PipelineTestDriver& driver, const ExpectedRecord& place)
{
    const CaptureLog& log = driver.log();
    CapturedRecords found;
    if (!place.isNode) {
        for (std::size_t i = 0; i < log.written.size(); ++i) {
            const NodeSpec& spec = driver.topology().nodes[log.writtenBy[i]].spec();
            if (spec.type == "kafka_sink" && log.written[i].topic == place.where) {
                found.push_back(log.written[i]);
            }
        }
        return found;
    }
    const std::size_t dot = place.where.find('.');
    const std::string node = place.where.substr(0, dot);
    const PlannedNode* const planned = driver.topology().findNode(node);
    if (dot == std::string::npos && planned != nullptr && planned->spec().category == NodeCategory::Sink) {
        return driver.written(node);
    }
    return driver.out(node, dot == std::string::npos ? std::string_view()
                                                     : std::string_view(place.where).substr(dot + 1));
}

void compareOutput(const PipelineTestDriver& driver, const std::vector<ExpectedRecord>& expected,
                   std::vector<std::string>& differences)
{
    std::vector<const ExpectedRecord*> places; // the first that names each
    for (const ExpectedRecord& record : expected) {
        const bool known = std::any_of(places.begin(), places.end(), [&](const ExpectedRecord* place) {
            return place->where == record.where && place->isNode == record.isNode;
        });
        if (!known) {
            places.push_back(&record);
        }
    }
    for (const ExpectedRecord* const place : places) {
        const std::string node = place->where.substr(0, place->where.find('.'));
        if (place->isNode && driver.topology().findNode(node) == nullptr) {
            differences.push_back("there is no node " + quoted(node));
            continue;
        }
        std::vector<const Json*> wanted;
        for (const ExpectedRecord& record : expected) {
            if (record.where == place->where && record.isNode == place->isNode) {
                wanted.push_back(&record.fields);
            }
        }
        compareLists((place->isNode ? "node " : "topic ") + quoted(place->where) + ' ', wanted,
                     recordsAt(driver, *place), differences);
    }
    // What went anywhere else was not expected; dead letters have a list of their own.
    const CaptureLog& log = driver.log();
    for (std::size_t i = 0; i < log.written.size(); ++i) {
        const PlannedNode& sink = driver.topology().nodes[log.writtenBy[i]];
        const CapturedRecord& record = log.written[i];
        const bool named = std::any_of(places.begin(), places.end(), [&](const ExpectedRecord* place) {
            return place->isNode ? place->where == sink.id
                                 : sink.spec().type == "kafka_sink" && place->where == record.topic;
        });
        const bool feeds = driver.reads(record.topic) && sink.spec().type == "kafka_sink";
        const bool byPort = std::any_of(places.begin(), places.end(), [](const ExpectedRecord* place) {
            return place->isNode && place->where.find('.') != std::string::npos;
        });
        if (!named && !record.failed && !feeds && !byPort) {
            differences.push_back("sink " + quoted(sink.id) +
                                  ": a record was not expected: " + brief(record));
        }
    }
}

void compareMetrics(const PipelineTestDriver& driver, const PipelineTestCase& test,
                    std::vector<std::string>& differences)
{
    for (const auto& [node, counts] : test.metrics) {
        if (driver.topology().findNode(node) == nullptr) {
            differences.push_back("metrics: there is no node " + quoted(node));
            continue;
        }
        const NodeCounters counters = driver.counters(node);
        const std::map<std::string, std::uint64_t> actual{{"in", counters.recordsIn},
                                                          {"out", counters.recordsOut},
                                                          {"dropped", counters.dropped},
                                                          {"errors", counters.errors}};
        for (const auto& [name, expected] : counts) {
            if (actual.at(name) != expected) {
                differences.push_back("metrics of node " + quoted(node) + ": " + name + ": expected " +
                                      std::to_string(expected) + ", got " + std::to_string(actual.at(name)));
            }
        }
    }
}

/// Drives a case; the reason where it could not be driven to its end.
Result<void> drive(PipelineTestDriver& driver, const PipelineTestCase& test)
{
    for (const std::string& source : driver.finiteSources()) {
        const bool given = std::any_of(test.input.begin(), test.input.end(),
                                       [&](const InputRecord& record) { return record.node == source; });
        if (!given) {
            if (const auto ran = driver.runSource(source, kMaxSourceRecords); !ran) {
                return ran;
            }
        }
    }
    return driver.pipe(test.input);
}

} // namespace

Result<PipelineTest> parsePipelineTest(std::string_view text, const std::filesystem::path& folder)
{
    Arena arena;
    JsonError problem;
    const JsonValue* const value = JsonIndexer().index(text, arena, problem);
    if (value == nullptr) {
        const auto line =
            std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(problem.offset), '\n') + 1;
        return badTest("line " + std::to_string(line),
                       "this is not JSON: " + std::string(problem.reason) + '.');
    }
    const Json whole = Json::parse(text, nullptr, false);
    if (const auto known = checkKeys(whole, {"pipeline", "cases", "description"}, "the file"); !known) {
        return known.error();
    }
    PipelineTest test;
    test.folder = folder;
    const auto pipeline = findIn(value->root, "pipeline");
    const auto cases = findIn(value->root, "cases");
    if (!pipeline || !cases || cases->type != JsonType::Array) {
        return badTest("the file", "it must have \"pipeline\" and \"cases\".");
    }
    auto read = readPipeline(*pipeline, folder, test.folder);
    if (!read) {
        return read.error();
    }
    test.pipeline = std::move(*read);
    for (JsonCursor list(*cases); list.next();) {
        auto one = readCase(list.value(), "cases[" + std::to_string(test.cases.size()) + ']');
        if (!one) {
            return one.error();
        }
        test.cases.push_back(std::move(*one));
    }
    if (test.cases.empty()) {
        return badTest("cases", "there is none.");
    }
    return test;
}

Result<PipelineTest> loadPipelineTest(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return Error{Errc::NotFound, "File " + quoted(file.string()) + " cannot be opened."};
    }
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto test =
        parsePipelineTest(text, file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
    if (!test) {
        Error error = test.error();
        error.message = file.string() + ": " + error.message;
        return error;
    }
    return test;
}

std::vector<std::string> compareWithExpectations(const PipelineTestDriver& driver,
                                                 const PipelineTestCase& test)
{
    std::vector<std::string> differences;
    if (test.output) {
        compareOutput(driver, *test.output, differences);
    }
    if (test.deadLetters) {
        std::vector<const Json*> expected;
        for (const Json& letter : *test.deadLetters) {
            expected.push_back(&letter);
        }
        compareLists("dead_letters", expected, driver.log().failures, differences);
    }
    compareMetrics(driver, test, differences);
    return differences;
}

Result<std::vector<PipelineTestResult>> runPipelineTest(const PipelineTest& test,
                                                        const VariableSource& variables)
{
    const Compiled compiled = compile(test.pipeline, builtinNodes(), {.variables = &variables});
    if (compiled.topology == nullptr) {
        return Error{Errc::DocumentInvalid, diagnosticsText(compiled.diagnostics, test.pipeline.name)};
    }
    std::vector<PipelineTestResult> results;
    for (const PipelineTestCase& one : test.cases) {
        PipelineTestResult& result = results.emplace_back(PipelineTestResult{one.name, {}});
        auto driver = PipelineTestDriver::create(compiled.topology, test.folder);
        if (!driver) {
            result.differences.push_back(driver.error().message);
            continue;
        }
        const auto driven = drive(*driver, one);
        // A record that stops the pipeline is what a case may want to see: it is among the dead letters then.
        if (!driven && (driven.error().code != Errc::RecordFailed || !one.deadLetters)) {
            result.differences.push_back(driven.error().message);
        }
        for (std::string& difference : compareWithExpectations(*driver, one)) {
            result.differences.push_back(std::move(difference));
        }
    }
    return results;
}

} // namespace streamwright
