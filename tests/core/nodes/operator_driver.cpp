#include "tests/core/nodes/operator_driver.h"

#include "core/record/json_value.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

std::string textOf(NullableBytes bytes)
{
    return isNull(bytes) ? "null" : std::string(bytes);
}

std::string textOf(const RecordValue& value)
{
    if (value.format != ValueFormat::Json) {
        return textOf(value.bytes);
    }
    std::string text;
    if (value.json == nullptr) {
        return "null";
    }
    appendJson(text, *value.json);
    return text;
}

} // namespace

OperatorDriver::OperatorDriver(const NodeType& type, const char* config, bool behindErrorPort)
    : m_behindErrorPort(behindErrorPort)
{
    const Json json = Json::parse(config);
    for (const Diagnostic& diagnostic : type.lint(json, {.behindErrorPort = behindErrorPort})) {
        EXPECT_NE(diagnostic.severity, Severity::Error) << format(diagnostic, "config");
    }
    MakeContext context{.nodeId = "node", .behindErrorPort = behindErrorPort};
    Result<NodeRuntime> made = type.make(json, context);
    if (!made) {
        ADD_FAILURE() << made.error().message;
        return;
    }
    m_operator = std::move(std::get<std::unique_ptr<Operator>>(*made));
    const Result<void> opened = m_operator->open(*this);
    EXPECT_TRUE(opened) << "open() failed";
    m_error = {.code = RecordErrorCode::NoMatch,
               .message = "It does not match.",
               .detail = "No match.",
               .node = "before"};
}

OperatorDriver::~OperatorDriver() = default;

void OperatorDriver::pipe(const std::vector<TestRecord>& records, bool shared)
{
    ASSERT_NE(m_operator, nullptr);
    m_records.clear();
    JsonIndexer indexer;
    std::int64_t offset = 0;
    for (const TestRecord& record : records) {
        Origin& origin = m_origins.emplace_back();
        origin.topic = "orders";
        origin.partition = 0;
        origin.offset = offset++;
        origin.format = record.format;
        origin.timestampMs = record.timestampMs;
        origin.timestampType = TimestampType::Create;
        if (record.key != nullptr) {
            origin.key = m_texts.emplace_back(record.key);
        }
        if (record.value != nullptr) {
            origin.value = m_texts.emplace_back(record.value);
        }
        if (record.value != nullptr && record.format == ValueFormat::Json) {
            JsonError error;
            origin.json = indexer.index(origin.value, m_arena, error);
            ASSERT_NE(origin.json, nullptr) << record.value << ": " << error.reason;
        }
        const std::span<Header> headers = m_arena.makeArray<Header>(record.headers.size());
        for (std::size_t i = 0; i < headers.size(); ++i) {
            headers[i] = {m_texts.emplace_back(record.headers[i].first),
                          m_texts.emplace_back(record.headers[i].second)};
        }
        origin.headers = headers;
        m_records.push_back(restoredFrom(origin, m_behindErrorPort ? &m_error : nullptr));
    }
    const Batch batch = Batch::all(m_arena, m_records);
    m_operator->process(shared ? batch.shared() : batch, *this);
}

void OperatorDriver::pipe(const std::vector<const char*>& values)
{
    std::vector<TestRecord> records;
    for (const char* const value : values) {
        records.push_back({.value = value});
    }
    pipe(records);
}

std::vector<std::string> OperatorDriver::values(const std::string& port) const
{
    std::vector<std::string> result;
    if (const auto found = m_emitted.find(port); found != m_emitted.end()) {
        for (const Emitted& emitted : found->second) {
            result.push_back(emitted.value);
        }
    }
    return result;
}

std::vector<std::string> OperatorDriver::keys(const std::string& port) const
{
    std::vector<std::string> result;
    if (const auto found = m_emitted.find(port); found != m_emitted.end()) {
        for (const Emitted& emitted : found->second) {
            result.push_back(emitted.key);
        }
    }
    return result;
}

std::vector<std::string> OperatorDriver::headers(const std::string& port) const
{
    std::vector<std::string> result;
    if (const auto found = m_emitted.find(port); found != m_emitted.end()) {
        for (const Emitted& emitted : found->second) {
            result.push_back(emitted.headers);
        }
    }
    return result;
}

std::vector<std::int64_t> OperatorDriver::timestamps(const std::string& port) const
{
    std::vector<std::int64_t> result;
    if (const auto found = m_emitted.find(port); found != m_emitted.end()) {
        for (const Emitted& emitted : found->second) {
            result.push_back(emitted.timestampMs);
        }
    }
    return result;
}

std::size_t OperatorDriver::dropped(const std::string& reason) const
{
    const auto found = m_dropped.find(reason);
    return found == m_dropped.end() ? 0 : found->second;
}

std::string OperatorDriver::inputValue(std::size_t index) const
{
    return textOf(m_records.at(index).value);
}

void OperatorDriver::emit(Port port, const Batch& batch)
{
    for (const RecordIndex index : batch.selection()) {
        const Record& record = batch.record(index);
        std::string headers;
        for (const Header& header : record.headers) {
            headers += std::string(header.name) + '=' + textOf(header.value) + ';';
        }
        m_emitted[std::string(port.name)].push_back(
            {textOf(record.value), textOf(record.key), std::move(headers), record.timestampMs});
    }
}

void OperatorDriver::fail(const Record& record, const RecordFailure& failure)
{
    EXPECT_NE(record.origin, nullptr);
    m_failures.push_back(std::string(toString(failure.code)) + ": " + std::string(failure.message));
}

void OperatorDriver::drop(std::size_t records, std::string_view reason)
{
    m_dropped[std::string(reason)] += records;
}

Result<std::optional<std::int64_t>> OperatorDriver::greatestInOutput(std::string_view)
{
    return std::optional<std::int64_t>();
}

} // namespace streamwright
