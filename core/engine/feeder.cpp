#include "core/engine/feeder.h"

#include "core/base/diagnostic.h"
#include "core/kafka/producer.h"
#include "core/record/record_line.h"

#include <algorithm>
#include <fstream>

namespace streamwright {
namespace {

constexpr Millis kTopicTimeout{10'000};
constexpr Millis kQueueWait{60'000};
constexpr Millis kFlushWait{30'000};
constexpr Millis kTurn{5};

} // namespace

void Feeder::main()
{
    if (auto fed = feed(); !fed && fed.error().code != Errc::Cancelled) {
        m_error = std::move(fed).error();
    }
    m_done = true;
    m_run.notify();
}

/// The connection of whoever reads the topic, else the first one.
std::optional<std::string> Feeder::connectionName() const
{
    for (const std::optional<KafkaSourceBinding>& source : m_run.sources) {
        if (source &&
            std::find(source->topics.begin(), source->topics.end(), m_feed.topic) != source->topics.end()) {
            return source->connection;
        }
    }
    return m_run.connections.empty() ? std::nullopt : std::optional(m_run.connections.begin()->first);
}

Result<void> Feeder::feed()
{
    const std::optional<std::string> name = connectionName();
    if (!name) {
        return Error{Errc::InvalidArgument, "--feed needs a connection in the document."};
    }
    const kafka::ConnectionConfig& connection = m_run.connections.at(*name);
    if (!connection.embedded && !m_run.options.feedReal) {
        return Error{Errc::InvalidArgument,
                     "--feed would write to topic " + streamwright::quoted(m_feed.topic) +
                         " of a real broker. Add --feed-real if that is what you want."};
    }
    std::ifstream in(m_feed.file, std::ios::binary);
    if (!in) {
        return Error{Errc::NotFound,
                     "Cannot read the file to feed, " + streamwright::quoted(m_feed.file.string()) + '.'};
    }
    auto producer = kafka::Producer::create(connection, {});
    if (!producer) {
        return producer.error();
    }
    auto topic = (*producer)->topic(m_feed.topic, {}, kTopicTimeout);
    if (!topic) {
        return topic.error();
    }
    EmbeddedTopic* const embedded = connection.embedded ? m_run.embeddedTopic(m_feed.topic) : nullptr;
    const std::stop_token stop = m_run.stop.get_token();
    const std::int64_t begin = m_run.clock.monotonicNs();
    constexpr double kNsPerSecond = 1e9;

    std::string text;
    std::vector<Header> headers;
    std::size_t sent = 0;
    for (std::size_t number = 1; std::getline(in, text); ++number) {
        if (!text.empty() && text.back() == '\r') {
            text.pop_back();
        }
        if (text.empty() && in.eof()) {
            break;
        }
        RecordLine line;
        if (m_feed.records) {
            auto parsed = parseRecordLine(text);
            if (!parsed) {
                return Error{Errc::ParseError, "Line " + std::to_string(number) + " of " +
                                                   streamwright::quoted(m_feed.file.string()) + ": " +
                                                   parsed.error().message};
            }
            line = std::move(*parsed);
        } else {
            line.value = text;
        }
        const auto due = [&] {
            return m_feed.perSecond <= 0 ||
                   static_cast<double>(m_run.clock.monotonicNs() - begin) / kNsPerSecond * m_feed.perSecond >=
                       static_cast<double>(sent);
        };
        while (!due() || (embedded != nullptr && embedded->full())) {
            if (stop.stop_requested()) {
                return Error{Errc::Cancelled, "Stopped."};
            }
            (*producer)->poll(kTurn);
        }
        headers.clear();
        for (const auto& [headerName, value] : line.headers) {
            headers.push_back({headerName, value ? NullableBytes(*value) : NullableBytes()});
        }
        kafka::OutgoingRecord record;
        record.topic = *topic;
        record.key = line.key ? NullableBytes(*line.key) : NullableBytes();
        record.value = line.value ? NullableBytes(*line.value) : NullableBytes();
        record.headers = headers;
        record.timestampMs = std::max(line.timestampMs, kafka::kTimestampNow);
        if (auto done = (*producer)->produce(record, kQueueWait, stop); !done) {
            return done;
        }
        ++sent;
        const auto bytes = static_cast<std::int64_t>(record.key.size() + record.value.size());
        if (embedded != nullptr) {
            embedded->producedBytes += bytes;
        }
        if (connection.embedded && m_run.embedded != nullptr) {
            m_run.embedded->noteProduced(m_feed.topic, 1, static_cast<std::uint64_t>(bytes));
        }
    }
    if (auto flushed = (*producer)->flush(kFlushWait, stop); !flushed) {
        return flushed;
    }
    const std::vector<kafka::DeliveryReport> failures = (*producer)->takeFailures();
    if (!failures.empty() && failures.front().error) {
        return *failures.front().error;
    }
    return {};
}

} // namespace streamwright
