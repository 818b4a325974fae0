#include "core/kafka/consumer.h"

#include "core/base/diagnostic.h"
#include "core/base/log.h"
#include "core/kafka/client.h"
#include "core/kafka/group_metadata.h"
#include "core/kafka/partition_list.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace streamwright::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Millis kCloseSlice{10}; // how long one step of an orderly close waits

struct DestroyQueue {
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, DestroyQueue>;

struct DestroyEvent {
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
using Event = std::unique_ptr<rd_kafka_event_t, DestroyEvent>;

int milliseconds(Millis time)
{
    return static_cast<int>(std::max<Millis::rep>(time.count(), 0));
}

NullableBytes bytesOf(const void* data, std::size_t size)
{
    return data == nullptr ? NullableBytes() : NullableBytes(static_cast<const char*>(data), size);
}

} // namespace

struct Consumer::Impl {
    /// Where messages of one partition belong, found by librdkafka's topic handle so that no name is
    /// compared.
    struct Lane {
        const rd_kafka_topic_t* topic = nullptr;
        std::int32_t partition = -1;
        std::uint32_t assignmentIndex = 0;
        std::int64_t start = kOffsetNone;
        std::string_view name;
    };

    ConsumerSettings settings;
    std::unique_ptr<Client> client;
    Queue queue;
    RebalanceListener* listener = nullptr;
    std::optional<Error> listenerError;
    bool closing = false; ///< the listener is not asked any more
    bool closed = false;
    bool hung =
        false; ///< the library's close did not return: its threads use what is here until the process ends
    bool subscribed = false;
    std::vector<TopicPartition> assignment;
    std::vector<TopicPartition> paused;
    std::vector<std::int64_t> starts; ///< where assign() began, by assignment index
    std::vector<Lane> lanes;
    std::size_t lastLane = 0;

    [[nodiscard]] rd_kafka_t* handle() const { return client->handle(); }
    [[nodiscard]] Error map(rd_kafka_resp_err_t code, std::string_view reason, std::string_view topic = {},
                            std::string_view doing = "read") const
    {
        return mapError(code, reason, client->connection(),
                        {.topic = topic, .group = settings.groupId, .doing = doing});
    }

    static void rebalanceCallback(rd_kafka_t* /*handle*/, rd_kafka_resp_err_t code,
                                  rd_kafka_topic_partition_list_t* list, void* opaque)
    {
        static_cast<Impl*>(Client::of(opaque).owner())->onRebalance(code, *list);
    }

    void onRebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t& list)
    {
        const std::vector<TopicPartition> partitions = partitionsOf(list);
        if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !closing) {
            auto offsets = listener->onAssigned(partitions);
            if (offsets) {
                if (auto done = assignNow(*offsets); !done) {
                    listenerError = done.error();
                }
                return;
            }
            listenerError = std::move(offsets).error();
        } else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS && !closing) {
            if (rd_kafka_assignment_lost(handle()) != 0) {
                listener->onLost(partitions);
            } else {
                listener->onRevoked(partitions);
            }
        }
        static_cast<void>(assignNow({}));
    }

    Result<void> assignNow(std::span<const PartitionOffset> offsets)
    {
        if (!paused.empty()) {
            // A pause outlives the assignment in the library, and whoever gets the partition again would
            // wait for ever.
            static_cast<void>(pauseOrResume(paused, false));
            paused.clear();
        }
        assignment.clear();
        starts.clear();
        lanes.clear();
        lastLane = 0;
        const PartitionList list = makePartitionList(offsets);
        const rd_kafka_resp_err_t code = rd_kafka_assign(handle(), offsets.empty() ? nullptr : list.get());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return map(code, "assign", {}, "assign partitions of");
        }
        for (const PartitionOffset& one : offsets) {
            assignment.push_back(one.where);
            starts.push_back(one.offset);
        }
        return {};
    }

    /// The lane of a message, nullptr where its partition is not assigned (any more).
    const Lane* laneOf(const rd_kafka_message_t& message)
    {
        const auto isIt = [&message](const Lane& lane) {
            return lane.topic == message.rkt && lane.partition == message.partition;
        };
        if (lastLane < lanes.size() && isIt(lanes[lastLane])) {
            return &lanes[lastLane];
        }
        auto found = std::find_if(lanes.begin(), lanes.end(), isIt);
        if (found == lanes.end()) {
            const std::string_view name = rd_kafka_topic_name(message.rkt);
            const auto assigned =
                std::find_if(assignment.begin(), assignment.end(), [&](const TopicPartition& where) {
                    return where.partition == message.partition && where.topic == name;
                });
            if (assigned == assignment.end()) {
                return nullptr;
            }
            const auto index = static_cast<std::size_t>(assigned - assignment.begin());
            lanes.push_back(
                {message.rkt, message.partition, static_cast<std::uint32_t>(index), starts[index], name});
            found = lanes.end() - 1;
        }
        lastLane = static_cast<std::size_t>(found - lanes.begin());
        return &*found;
    }

    void addError(MessageBatch& batch, const rd_kafka_message_t& message) const
    {
        if (settings.groupId.empty() && message.err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
            return; // the library looks for the coordinator of a group that nobody joins
        }
        const std::string topic = message.rkt != nullptr ? rd_kafka_topic_name(message.rkt) : "";
        const char* const reason = rd_kafka_message_errstr(&message);
        batch.m_errors.push_back({{topic, message.partition},
                                  message.offset,
                                  map(message.err, reason != nullptr ? reason : "", topic)});
    }

    void sort(MessageBatch& batch)
    {
        for (std::size_t i = 0; i < batch.m_handles.size(); ++i) {
            const rd_kafka_message_t& message = *batch.m_handles[i];
            if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                addError(batch, message);
                continue;
            }
            const Lane* const lane = laneOf(message);
            if (lane == nullptr || message.offset < lane->start) {
                continue; // of an assignment that is over
            }
            rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
            const std::int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
            batch.m_handleOf.push_back(static_cast<std::uint32_t>(i));
            batch.m_messages.push_back({
                .topic = lane->name,
                .partition = message.partition,
                .assignmentIndex = lane->assignmentIndex,
                .offset = message.offset,
                .key = bytesOf(message.key, message.key_len),
                .value = bytesOf(message.payload, message.len),
                .timestampMs = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp,
                .timestampType = type == RD_KAFKA_TIMESTAMP_CREATE_TIME       ? TimestampType::Create
                                 : type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? TimestampType::LogAppend
                                                                              : TimestampType::NotAvailable,
            });
            batch.m_bytes += message.key_len + message.len;
        }
    }

    Result<void> pauseOrResume(std::span<const TopicPartition> partitions, bool pause)
    {
        const PartitionList list = makePartitionList(partitions);
        const rd_kafka_resp_err_t code = pause ? rd_kafka_pause_partitions(handle(), list.get())
                                               : rd_kafka_resume_partitions(handle(), list.get());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return map(code, "", {}, pause ? "pause" : "resume");
        }
        return {};
    }
};

Consumer::Consumer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Result<std::unique_ptr<Consumer>> Consumer::create(const ConnectionConfig& connection,
                                                   const ConsumerSettings& settings, ClientListener* listener)
{
    auto config = ClientConfig::forConsumer(connection, settings);
    if (!config) {
        return config.error();
    }
    auto impl = std::make_unique<Impl>();
    impl->settings = settings;
    rd_kafka_conf_set_rebalance_cb(config->handle(), &Impl::rebalanceCallback);
    auto client =
        Client::create(Client::Kind::Consumer, std::move(*config), connection, listener, impl.get());
    if (!client) {
        return client.error();
    }
    impl->client = std::move(*client);
    rd_kafka_poll_set_consumer(impl->handle());
    impl->queue.reset(rd_kafka_queue_get_consumer(impl->handle()));
    return std::unique_ptr<Consumer>(new Consumer(std::move(impl)));
}

Consumer::~Consumer()
{
    if (m_impl->hung) {
        static_cast<void>(m_impl.release());
        return;
    }
    if (!m_impl->closed) {
        m_impl->closing = true;
        static_cast<void>(m_impl->assignNow({}));
    }
    m_impl->queue.reset();
}

Result<void> Consumer::subscribe(std::span<const std::string> topics, RebalanceListener& listener)
{
    m_impl->listener = &listener;
    m_impl->subscribed = true;
    const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
    for (const std::string& topic : topics) {
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(m_impl->handle(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(code, "", {}, "subscribe");
    }
    return {};
}

Result<void> Consumer::assign(std::span<const PartitionOffset> offsets)
{
    // Unassign first: a plain assign of the same partitions keeps what was fetched (kafka.md C).
    if (auto done = m_impl->assignNow({}); !done) {
        return done;
    }
    return m_impl->assignNow(offsets);
}

Result<void> Consumer::unassign()
{
    return m_impl->assignNow({});
}

std::span<const TopicPartition> Consumer::assignment() const
{
    return m_impl->assignment;
}

Result<void> Consumer::consume(MessageBatch& batch, Millis timeout, std::size_t maxMessages)
{
    batch.clear();
    std::vector<rd_kafka_message_s*>& handles = batch.m_handles;
    handles.resize(std::max<std::size_t>(maxMessages, 1));
    // Two calls: a single one waits the whole timeout unless the array gets full (kafka.md, fact 1).
    std::size_t taken = 0;
    const ssize_t first =
        rd_kafka_consume_batch_queue(m_impl->queue.get(), milliseconds(timeout), handles.data(), 1);
    if (first > 0) {
        taken = static_cast<std::size_t>(first);
        if (taken < handles.size()) {
            const ssize_t more = rd_kafka_consume_batch_queue(m_impl->queue.get(), 0, handles.data() + taken,
                                                              handles.size() - taken);
            taken += more > 0 ? static_cast<std::size_t>(more) : 0;
        }
    }
    handles.resize(taken);
    m_impl->sort(batch);
    if (!batch.empty()) {
        m_impl->client->noteSuccess();
    }
    if (m_impl->listenerError) {
        return *std::exchange(m_impl->listenerError, std::nullopt);
    }
    if (auto fatal = m_impl->client->fatalError({.group = m_impl->settings.groupId})) {
        return std::move(*fatal);
    }
    return {};
}

void Consumer::wakeUp()
{
    rd_kafka_queue_yield(m_impl->queue.get());
}

Result<std::vector<PartitionOffset>> Consumer::committed(std::span<const TopicPartition> partitions,
                                                         Millis timeout)
{
    const PartitionList list = makePartitionList(partitions);
    const rd_kafka_resp_err_t code = rd_kafka_committed(m_impl->handle(), list.get(), milliseconds(timeout));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(code, "", {}, "read the committed offsets of");
    }
    std::vector<PartitionOffset> offsets;
    offsets.reserve(partitions.size());
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& entry = list->elems[i];
        if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return m_impl->map(entry.err, "", entry.topic, "read the committed offsets of");
        }
        offsets.push_back(
            {.where = {entry.topic, entry.partition},
             .offset = entry.offset < 0 ? kOffsetNone : entry.offset,
             .metadata = entry.metadata == nullptr
                             ? std::string()
                             : std::string(static_cast<const char*>(entry.metadata), entry.metadata_size)});
    }
    return offsets;
}

Result<void> Consumer::commit(std::span<const PartitionOffset> offsets, Millis timeout)
{
    if (offsets.empty()) {
        return {};
    }
    const PartitionList list = makePartitionList(offsets);
    // A queue of its own: rd_kafka_commit() would wait without a limit.
    const Queue answers(rd_kafka_queue_new(m_impl->handle()));
    constexpr std::string_view kDoing = "commit the offsets of";
    const rd_kafka_resp_err_t sent =
        rd_kafka_commit_queue(m_impl->handle(), list.get(), answers.get(), nullptr, nullptr);
    if (sent != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(sent, "", {}, kDoing);
    }
    const Event event(rd_kafka_queue_poll(answers.get(), milliseconds(timeout)));
    if (!event) {
        return m_impl->map(RD_KAFKA_RESP_ERR__TIMED_OUT, "", {}, kDoing);
    }
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()), {},
                           kDoing);
    }
    if (const auto* const answered = rd_kafka_event_topic_partition_list(event.get())) {
        for (int i = 0; i < answered->cnt; ++i) {
            if (answered->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return m_impl->map(answered->elems[i].err, "", answered->elems[i].topic, kDoing);
            }
        }
    }
    m_impl->client->noteSuccess();
    return {};
}

std::int64_t Consumer::position(const TopicPartition& where) const
{
    const PartitionList list = makePartitionList(std::span(&where, 1));
    if (rd_kafka_position(m_impl->handle(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        list->elems[0].offset < 0) {
        return kOffsetNone;
    }
    return list->elems[0].offset;
}

Result<Watermarks> Consumer::watermarks(const TopicPartition& where, Millis timeout) const
{
    Watermarks marks;
    const rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(m_impl->handle(), where.topic.c_str(), where.partition, &marks.low,
                                         &marks.high, milliseconds(timeout));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(code, "", where.topic, "find the ends of");
    }
    return marks;
}

Watermarks Consumer::cachedWatermarks(const TopicPartition& where) const
{
    Watermarks marks;
    if (rd_kafka_get_watermark_offsets(m_impl->handle(), where.topic.c_str(), where.partition, &marks.low,
                                       &marks.high) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {};
    }
    marks.low = marks.low < 0 ? kOffsetNone : marks.low;
    marks.high = marks.high < 0 ? kOffsetNone : marks.high;
    return marks;
}

Result<std::vector<PartitionOffset>> Consumer::offsetsAt(std::span<const TopicPartition> partitions,
                                                         std::int64_t timestampMs, Millis timeout) const
{
    const PartitionList list = makePartitionList(partitions);
    for (int i = 0; i < list->cnt; ++i) {
        list->elems[i].offset = timestampMs;
    }
    const rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(m_impl->handle(), list.get(), milliseconds(timeout));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_impl->map(code, "", {}, "find offsets by time in");
    }
    std::vector<PartitionOffset> offsets;
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& entry = list->elems[i];
        if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return m_impl->map(entry.err, "", entry.topic, "find offsets by time in");
        }
        offsets.push_back({.where = {entry.topic, entry.partition}, .offset = entry.offset});
    }
    return offsets;
}

Result<void> Consumer::pause(std::span<const TopicPartition> partitions)
{
    auto done = m_impl->pauseOrResume(partitions, true);
    if (done) {
        m_impl->paused.insert(m_impl->paused.end(), partitions.begin(), partitions.end());
    }
    return done;
}

Result<void> Consumer::resume(std::span<const TopicPartition> partitions)
{
    std::erase_if(m_impl->paused, [&](const TopicPartition& one) {
        return std::find(partitions.begin(), partitions.end(), one) != partitions.end();
    });
    return m_impl->pauseOrResume(partitions, false);
}

Result<GroupMetadata> Consumer::groupMetadata() const
{
    rd_kafka_consumer_group_metadata_t* const metadata = rd_kafka_consumer_group_metadata(m_impl->handle());
    if (metadata == nullptr) {
        return Error{Errc::InvalidArgument,
                     "This consumer has no group, so that a transaction cannot commit for it."};
    }
    return GroupMetadata(metadata);
}

std::string Consumer::memberId() const
{
    char* const id = rd_kafka_memberid(m_impl->handle());
    if (id == nullptr) {
        return {};
    }
    std::string text(id);
    rd_kafka_mem_free(m_impl->handle(), id);
    return text;
}

bool Consumer::assignmentLost() const
{
    return rd_kafka_assignment_lost(m_impl->handle()) != 0;
}

Error Consumer::lastError() const
{
    return m_impl->client->lastError();
}

Result<void> Consumer::close(Millis timeout)
{
    if (m_impl->closed) {
        return {};
    }
    const SteadyClock::time_point deadline = SteadyClock::now() + timeout;
    m_impl->closed = true;

    // The last onRevoked() on this thread, before the library's close is left to another.
    if (m_impl->subscribed && !m_impl->assignment.empty() && !m_impl->client->fatalError()) {
        rd_kafka_unsubscribe(m_impl->handle());
        MessageBatch rest;
        while (!m_impl->assignment.empty() && SteadyClock::now() < deadline) {
            static_cast<void>(consume(rest, kCloseSlice));
        }
    }
    m_impl->closing = true;
    std::promise<rd_kafka_resp_err_t> promise;
    std::future<rd_kafka_resp_err_t> closed = promise.get_future();
    // A detached thread, because a close that hangs must not hang us (kafka.md C9).
    std::thread([promise = std::move(promise), handle = m_impl->handle()]() mutable {
        promise.set_value(rd_kafka_consumer_close(handle));
    }).detach();
    if (closed.wait_until(deadline) == std::future_status::timeout) {
        m_impl->hung = true;
        return Error{Errc::TimedOut,
                     "The consumer of group " + quoted(m_impl->settings.groupId) + " did not close in time.",
                     false, true};
    }
    return {};
}

} // namespace streamwright::kafka
